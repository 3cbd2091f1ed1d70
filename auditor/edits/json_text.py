"""Values in a JSON text, by where they stand."""

import json
import re
from collections.abc import Iterator

from auditor.core.records import Value
from auditor.edits.spans import Span, as_text, by_hand

_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()


def members(text: str, start: int) -> Iterator[tuple[str, Span]]:
    """Yield the keys of the object that begins at a place of a valid JSON text, and where their values stand.

    Examples
    --------
    >>> text = '{"a": 1, "b": [2]}'
    >>> [(key, text[span.start:span.end]) for key, span in members(text, 0)]
    [('a', '1'), ('b', '[2]')]
    """
    place = _after_space(text, start + 1)
    while text[place] == '"':
        key, place = _DECODER.raw_decode(text, place)
        place = _after_space(text, _after_space(text, place) + 1)  # past the colon
        _, end = _DECODER.raw_decode(text, place)
        yield key, Span(place, end)
        place = _after_space(text, end)
        if text[place] == "}":
            return
        place = _after_space(text, place + 1)  # past the comma


def items(text: str, start: int) -> Iterator[Span]:
    """Yield where the items of the list stand that begins at a place of a valid JSON text."""
    place = _after_space(text, start + 1)
    while text[place] != "]":
        _, end = _DECODER.raw_decode(text, place)
        yield Span(place, end)
        place = _after_space(text, end)
        if text[place] == ",":
            place = _after_space(text, place + 1)


def places(text: str, path: tuple[str, ...], origin: str) -> dict[str, Span]:
    """Return where the values of the object at a path stand, by key; also of lists, by place: ``key[0]``."""
    span = Span(_after_space(text, 0), len(text))
    for part in path:
        span = _step(text, span, part)
    found = dict(members(text, span.start))
    if not found:
        raise by_hand(origin, "/".join(path), "holds nothing")
    for key, value in list(found.items()):
        if text[value.start] == "[":
            parts = enumerate(items(text, value.start))
            found |= {f"{key}[{place}]": part for place, part in parts if f"{key}[{place}]" not in found}
    return found


def written(old: str, value: Value) -> str:
    """Return a value as JSON; a number that stood in quotes stays in quotes."""
    if old.startswith('"') and not isinstance(value, str):
        return json.dumps(as_text(value))
    return json.dumps(value, ensure_ascii=False)


def _step(text: str, span: Span, part: str) -> Span:
    if text[span.start] == "[":
        return list(items(text, span.start))[int(part)]
    return dict(members(text, span.start))[part]


def _after_space(text: str, place: int) -> int:
    found = _SPACE.match(text, place)
    return found.end() if found else place
