"""Text to settings: ``"1e-4"`` is a number wherever it was found."""

import json
import math
import re
from typing import TypeGuard

from auditor.core.records import CapturedSetting, Value
from auditor.errors import CaptureError

_WORDS: dict[str, Value] = {
    "true": True,
    "True": True,
    "false": False,
    "False": False,
    "None": None,
    "null": None,
}
_INTEGER = re.compile(r"[+-]?(0|[1-9]\d*)")
_NUMBER = re.compile(r"[+-]?((\d+\.?\d*|\.\d+)(e[+-]?\d+)?|nan|inf(inity)?)", re.IGNORECASE)


def read_value(text: str) -> Value:
    """Return the number, truth value or None that a text reads as; otherwise the text itself.

    A number with leading zeros is text: it is an identifier. ``nan`` and ``inf`` are read as
    numbers, for the caller to refuse.

    Examples
    --------
    >>> read_value("1e-4"), read_value("31"), read_value("True"), read_value("None"), read_value("adam")
    (0.0001, 31, True, None, 'adam')
    """
    word = text.strip()
    if word in _WORDS:
        return _WORDS[word]
    if _INTEGER.fullmatch(word):
        return int(word)
    if re.match(r"[+-]?0\d", word) or not _NUMBER.fullmatch(word):
        return text
    return float(word)


def setting(name: str, given: object, *, origin: str, as_text: bool = False) -> CapturedSetting:
    """Return a captured setting.

    Parameters
    ----------
    given
        A bool, int, float, text or None.
    as_text
        Whether a text is just that, rather than read as what it says.

    Raises
    ------
    CaptureError
        If it is no such value, or not a finite number.
    """
    value = read_value(given) if isinstance(given, str) and not as_text else given
    if not is_plain(value):
        raise CaptureError(f"{origin}: setting {name!r} must be a number, text or truth value, got {given!r}")
    if isinstance(value, float) and not math.isfinite(value):
        raise CaptureError(f"{origin}: setting {name!r} must be a finite number, got {given!r}")
    raw = given if isinstance(given, str) else json.dumps(value)
    return CapturedSetting(name=name, raw=raw, value=value, origin=origin)


def is_plain(value: object) -> TypeGuard[Value]:
    """Return whether a value is one that a setting may hold."""
    return value is None or isinstance(value, bool | int | float | str)
