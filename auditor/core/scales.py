"""The axes that settings are walked on: equal steps along an axis matter equally.

A learning rate is walked on a log scale, a momentum on ``OneMinusLog``: drawn evenly between 0.9 and
0.999 on a line, nine tenths of all draws would average over fewer than 100 steps. Never step, average or
draw in a setting's raw units; go through its scale.

What a scale refuses, it refuses with a ``ScaleError``, because its values come from declarations.
"""

import math
from collections.abc import Hashable
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from auditor.core.records import ScaleName
from auditor.errors import ScaleError

DIGITS = 3
"""Significant digits of a tidy value: finer than any search of a few dozen draws can tell apart."""


class Scale(Hashable, Protocol):
    """A strictly increasing map from a setting's values to an axis, with its inverse."""

    def encode(self, value: float) -> float:
        """Place a setting's value on the axis, or raise ScaleError where it has no place."""

    def decode(self, position: float) -> float:
        """Return the value at a position on the axis."""

    def tidy(self, value: float, *, digits: int = DIGITS) -> float:
        """Return a near value that a person would type: few digits, counted where the scale counts."""


@dataclass(frozen=True, slots=True)
class Linear:
    """Equal steps are equal differences."""

    def encode(self, value: float) -> float:
        """Return the value."""
        if not math.isfinite(value):
            raise ScaleError(f"a linear scale holds finite values, got {value!r}")
        return value

    def decode(self, position: float) -> float:
        """Return the position."""
        return position

    def tidy(self, value: float, *, digits: int = DIGITS) -> float:
        """Return the value rounded to so many significant digits."""
        return _rounded(value, digits)


@dataclass(frozen=True, slots=True)
class Log:
    """Equal steps are equal ratios.

    Examples
    --------
    >>> Log().tidy(0.0123456)
    0.0123
    """

    def encode(self, value: float) -> float:
        """Return ln(value)."""
        if not 0.0 < value < math.inf:
            raise ScaleError(f"a log scale holds values above 0, got {value!r}")
        return math.log(value)

    def decode(self, position: float) -> float:
        """Return exp(position)."""
        return math.exp(position)

    def tidy(self, value: float, *, digits: int = DIGITS) -> float:
        """Return the value rounded to so many significant digits."""
        return _rounded(value, digits)


@dataclass(frozen=True, slots=True)
class OneMinusLog:
    """Equal steps are equal ratios of an exponentially weighted average's window.

    Going from 0.9 to 0.9005 changes next to nothing (a window of 10 steps either way); going from
    0.999 to 0.9995 doubles the window, from 1,000 steps to 2,000. On this axis the second is by far
    the longer walk.

    Examples
    --------
    >>> OneMinusLog().tidy(0.99954321)
    0.999543
    """

    def encode(self, value: float) -> float:
        """Return -ln(1 - value)."""
        if not 0.0 <= value < 1.0:
            raise ScaleError(f"a one-minus-log scale holds values in [0, 1), got {value!r}")
        # log1p, not log(1 - x): near 0 the subtraction would eat the digits of x.
        return -math.log1p(-value)

    def decode(self, position: float) -> float:
        """Return 1 - exp(-position)."""
        return -math.expm1(-position)

    def tidy(self, value: float, *, digits: int = DIGITS) -> float:
        """Return the value with its distance from 1 rounded to so many significant digits."""
        # Subtracted as decimals: as floats, 1 - 9e-05 is not the nearest number to 0.99991.
        return float(1 - Decimal(f"{1.0 - value:.{digits}g}"))


def scale_named(name: ScaleName) -> Scale:
    """Return the scale of a name.

    Raises
    ------
    ValueError
        For ``choice``: choices have no order, and so no axis.
    """
    match name:
        case ScaleName.LINEAR:
            return Linear()
        case ScaleName.LOG:
            return Log()
        case ScaleName.ONE_MINUS_LOG:
            return OneMinusLog()
        case ScaleName.CHOICE:
            raise ValueError("choices have no axis")


def _rounded(value: float, digits: int) -> float:
    """Return the float nearest to the value written with so many significant digits."""
    return float(f"{value:.{digits}g}")
