"""Values in a file of environment variables (``.env``), by where they stand."""

import re

from auditor.core.records import Value
from auditor.edits.spans import Span, as_text

_LINE = re.compile(
    r"""^[ \t]*(?:export[ \t]+)?(?P<name>[A-Za-z_]\w*)[ \t]*=[ \t]*"""
    r"""(?P<value>"[^"\n]*"|'[^'\n]*'|[^\s#'"]*)[ \t]*(?:\#.*)?$""",
    re.MULTILINE | re.VERBOSE,
)
_UNQUOTED = re.compile(r"[\w.+:/-]*")


def places(text: str) -> dict[str, Span]:
    """Return where the value of each variable stands; of one that is set twice, the last.

    Examples
    --------
    >>> text = "export MODEL_LR=0.1  # note"
    >>> span = places(text)["MODEL_LR"]
    >>> text[span.start:span.end]
    '0.1'
    """
    return {found["name"]: Span(*found.span("value")) for found in _LINE.finditer(text)}


def content(old: str) -> str:
    """Return what a value says, without its quotes."""
    return old[1:-1] if old[:1] in ("'", '"') and old[:1] == old[-1:] else old


def written(old: str, value: Value) -> str:
    """Return a value in the quotes that the old one had, or in double ones where it needs some."""
    text = as_text(value)
    if old[:1] in ("'", '"'):
        return old[0] + text + old[0]
    return text if _UNQUOTED.fullmatch(text) else f'"{text}"'
