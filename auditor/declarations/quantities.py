"""Spans, sizes, margins and settings as people write them: ``90 days``, ``4 GB``, ``1%``.

Every function takes what TOML gave and returns a value, or raises ``ValueError`` with what is
wrong, what was given and what is allowed; the form that called it adds the key.
"""

import math
import re
from datetime import timedelta
from typing import Literal

from auditor.core.places import LONGEST
from auditor.core.records import Margin, Value

_QUANTITY = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([A-Za-z]+)\s*")

_SECONDS = {"s": 1, "min": 60, "h": 3_600, "day": 86_400, "week": 604_800}
_SPAN_WORDS = {
    "s": "s", "sec": "s", "second": "s", "min": "min", "minute": "min", "h": "h", "hour": "h",
    "d": "day", "day": "day", "w": "week", "week": "week",
}  # fmt: skip

# Binary, whatever the prefix: a limit of "4 GB" is set for memory, and memory comes in 1024s.
_BYTES = {"b": 1, "kb": 1024, "mb": 1024**2, "gb": 1024**3, "tb": 1024**4}


def parse_span(given: object) -> timedelta:
    """Return a span of time above zero.

    Raises
    ------
    ValueError
        If it is not a number with a unit, or not above zero. Months and years are no unit: they
        have no length.

    Examples
    --------
    >>> parse_span("90 days"), parse_span("12 h"), parse_span("1.5 min")
    (datetime.timedelta(days=90), datetime.timedelta(seconds=43200), datetime.timedelta(seconds=90))
    """
    found = _QUANTITY.fullmatch(given) if isinstance(given, str) else None
    unit = _span_unit(found.group(2)) if found else None
    if found is None or unit is None:
        raise ValueError(f"must be a span such as '90 days', '2 weeks', '12 h' or '30 min', got {given!r}")
    return _whole_span(float(found.group(1)) * _SECONDS[unit], given)


def parse_interval(given: object) -> timedelta | Literal["auto"]:
    """Return a span of time above zero, or the word ``auto``.

    Raises
    ------
    ValueError
        If it is neither.

    Examples
    --------
    >>> parse_interval("auto"), parse_interval("2 weeks")
    ('auto', datetime.timedelta(days=14))
    """
    return "auto" if given == "auto" else parse_span(given)


def parse_bytes(given: object) -> int:
    """Return a size of memory in bytes, above zero.

    Raises
    ------
    ValueError
        If it is not a number with a unit, or less than one byte.

    Examples
    --------
    >>> parse_bytes("4 GB"), parse_bytes("512 MiB")
    (4294967296, 536870912)
    """
    found = _QUANTITY.fullmatch(given) if isinstance(given, str) else None
    factor = _BYTES.get(found.group(2).lower().replace("ib", "b")) if found else None
    size = int(float(found.group(1)) * factor) if found and factor else 0
    if size < 1:
        raise ValueError(f"must be a size such as '4 GB' or '512 MB', got {given!r}")
    return size


def parse_margin(given: object) -> Margin:
    """Return a margin: ``"1%"`` of production's loss, or a number in units of loss.

    Raises
    ------
    ValueError
        If it is neither, or not above zero, or 100 % and more.

    Examples
    --------
    >>> parse_margin("1%")
    Margin(value=0.01, relative=True)
    >>> parse_margin(0.004)
    Margin(value=0.004, relative=False)
    """
    if isinstance(given, str) and (found := re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*%\s*", given)):
        share = float(found.group(1)) / 100
        if 0 < share < 1:
            return Margin(value=share, relative=True)
    elif isinstance(given, int | float) and not isinstance(given, bool) and 0 < given < math.inf:
        return Margin(value=float(given), relative=False)
    raise ValueError(f"must be a share of production's loss such as '1%', or a number above 0, got {given!r}")


def parse_setting(given: object) -> Value:
    """Return what a setting holds; the text ``"None"`` stands for None, for which TOML has no word.

    Raises
    ------
    ValueError
        If it is a list, a table, a date, or not a finite number.
    """
    if isinstance(given, float) and not math.isfinite(given):
        raise ValueError(f"must be a finite number, got {given!r}")
    if isinstance(given, bool | int | float | str):
        return None if given == "None" else given
    raise ValueError(f'must be a number, text, true, false or "None", got {given!r}')


def parse_settings(given: object) -> Value | tuple[Value, ...]:
    """Return what a setting holds, or the parts of a short list, each of which is a setting.

    Raises
    ------
    ValueError
        As `parse_setting`; for a list that is empty, longer than `LONGEST`, or holds other lists.

    Examples
    --------
    >>> parse_settings([100, 50])
    (100, 50)
    """
    if not isinstance(given, list):
        return parse_setting(given)
    if not 0 < len(given) <= LONGEST:
        raise ValueError(f"must be a list of 1 to {LONGEST} values, got {len(given)}")
    return tuple(parse_setting(part) for part in given)


def _span_unit(word: str) -> str | None:
    word = word.lower()
    return _SPAN_WORDS.get(word) or _SPAN_WORDS.get(word.removesuffix("s"))


def _whole_span(seconds: float, given: object) -> timedelta:
    # A century is far beyond any use, and keeps every date that is reckoned from a span on the calendar.
    if not 0 < seconds <= 36_525 * 86_400:
        raise ValueError(f"must be above 0 and at most 36525 days, got {given!r}")
    return timedelta(seconds=seconds)
