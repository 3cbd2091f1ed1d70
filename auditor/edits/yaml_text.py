"""Values in a YAML text, by where they stand.

PyYAML's nodes know the place of each scalar, so that a value is changed without writing the rest anew:
not a quote, a blank or a comment of it moves, which a round trip through a library does not promise.
"""

import json
import re
from typing import Any

from auditor.core.records import Value
from auditor.edits.spans import Span, as_text, by_hand

_PLAIN = re.compile(r"[A-Za-z_][\w.-]*")


def places(text: str, path: tuple[str, ...], origin: str) -> dict[str, Span]:
    """Return where the scalars of the mapping at a path stand, by key; also of lists, by place: ``key[0]``.

    A value that stands elsewhere (an alias, a merge) or carries an anchor or a tag is left out.
    """
    import yaml

    node: Any = yaml.compose(text, Loader=yaml.SafeLoader)
    for part in path:
        node = _step(node, part)
        if node is None:
            raise by_hand(origin, part, "comes from a YAML merge or alias")
    own = {key.value: _span(value) for key, value in node.value if _is_own(text, key, value)}
    parts = {
        f"{key.value}[{place}]": _span(part)
        for key, value in node.value
        if value.id == "sequence" and key.end_mark.index <= value.start_mark.index
        for place, part in enumerate(value.value)
        if _is_part(text, value, part)
    }
    return parts | own


def written(old: str, value: Value) -> str:
    """Return a value as YAML, in the quotes that the old one had.

    A float gets a dot: YAML 1.1 reads ``1e-05`` as text.
    """
    if isinstance(value, str) or old[:1] in ("'", '"'):
        return _text(old, as_text(value))
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return with_dot(value)


def with_dot(value: float) -> str:
    """Return a number as every YAML reads it.

    Examples
    --------
    >>> with_dot(1e-05), with_dot(0.1), with_dot(31)
    ('1.0e-05', '0.1', '31')
    """
    number, mark, exponent = repr(value).partition("e")
    return f"{number}.0e{exponent}" if mark and "." not in number else number + mark + exponent


def _text(old: str, value: str) -> str:
    import yaml

    if old.startswith("'"):
        return "'" + value.replace("'", "''") + "'"
    plain = _PLAIN.fullmatch(value) and yaml.safe_load(value) == value
    return value if plain and not old.startswith('"') else json.dumps(value)


def _step(node: Any, part: str) -> Any:
    if isinstance(node.value, list) and node.id == "sequence":
        return node.value[int(part)]
    return next((value for key, value in node.value if key.value == part), None)


def _is_own(text: str, key: Any, value: Any) -> bool:
    """Return whether a scalar stands right behind its key, in one line, without anchor and tag."""
    if value.id != "scalar" or value.style in ("|", ">"):
        return False
    between = text[key.end_mark.index : value.start_mark.index]
    return re.fullmatch(r"\s*:\s*", between) is not None and _is_bare(text, value)


def _is_part(text: str, whole: Any, part: Any) -> bool:
    """Return whether a scalar stands in the list itself: an alias is a node that stands elsewhere."""
    inside = whole.start_mark.index <= part.start_mark.index and part.end_mark.index <= whole.end_mark.index
    return part.id == "scalar" and part.style not in ("|", ">") and inside and _is_bare(text, part)


def _is_bare(text: str, value: Any) -> bool:
    return text[value.start_mark.index : value.end_mark.index][:1] not in ("&", "!", "*", "")


def _span(value: Any) -> Span:
    return Span(value.start_mark.index, value.end_mark.index)
