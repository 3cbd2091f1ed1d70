"""What a source holds, sorted into settings and what is none.

A short list of plain values is a setting for each of its parts (``core/places.py``); whatever else is no
plain value is left to the trainer, by name.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from auditor.core.places import LONGEST, spread, without_place
from auditor.core.records import CapturedSetting, Value
from auditor.sources.texts import is_plain, setting


@dataclass(frozen=True, slots=True)
class Found:
    """The settings of an object, and the names of those that are not plain values."""

    settings: tuple[CapturedSetting, ...]
    skipped: tuple[str, ...] = ()


def gathered(
    given: Mapping[Any, object], fixed: tuple[str, ...], *, origin: str, as_text: bool = False
) -> Found:
    """Return the settings among what a mapping holds.

    Parameters
    ----------
    fixed
        Names to leave out, those of lists included.
    as_text
        Whether a text is just that, rather than read as what it says.

    Raises
    ------
    CaptureError
        If a number is not finite.
    """
    held = {without_place(name) for name in fixed} | set(fixed)
    found: dict[str, object] = {}
    skipped: list[str] = []
    for name, value in given.items():
        value = unboxed(value)
        if str(name) in held:
            continue
        if is_plain(value):
            found[str(name)] = value
        elif (parts := parts_of(value)) is not None:
            found |= spread(str(name), parts)
        else:
            skipped.append(str(name))
    settings = tuple(
        setting(name, value, origin=origin, as_text=as_text)
        for name, value in found.items()
        if name not in held
    )
    return Found(settings, tuple(skipped))


def parts_of(value: object) -> list[Value] | None:
    """Return the parts of a list of few plain values, which is as many settings; None for anything else."""
    if not isinstance(value, list | tuple) or not 0 < len(value) <= LONGEST:
        return None
    parts: list[Value] = []
    for part in map(unboxed, value):
        if part is None or not is_plain(part) or (isinstance(part, float) and math.isnan(part)):
            return None
        parts.append(part)
    return parts


def unboxed(value: Any) -> object:
    """Return a NumPy scalar as Python's own number, and an array as a list; also of decimals."""
    import decimal

    import numpy as np

    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, decimal.Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.item() if isinstance(value, np.generic) else value
