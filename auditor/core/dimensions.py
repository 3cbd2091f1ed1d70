"""One searched setting: a number walked on a scale, or a choice.

Both map the unit interval to the setting's values and back, so that everything that draws, measures
distances or looks for crowded edges works in the unit cube and never in raw units.
"""

import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from auditor.core.defaults import is_number, same
from auditor.core.records import DimensionRecord, ScaleName, Value
from auditor.core.scales import DIGITS, Linear, Log, OneMinusLog, Scale

GROWTH = 0.5
"""A range grows by this share of its axis at a time: from two decades to three."""

_COARSEST_STEP = 0.005  # of an axis: what tidying may move a value by
_LONGEST_TIDY = 15  # digits that every float can hold


@dataclass(frozen=True, slots=True)
class Dimension:
    """One searched number: an interval, and the scale it is walked on.

    Attributes
    ----------
    low, high
        Both ends included; ``low < high``.
    only_if
        The setting exists only where each named setting holds one of the given values.
    defaulted
        Whether the range was made around production's value rather than declared.
    walls
        Which of ``low`` and ``high`` are limits of the setting itself: there is nothing beyond.
    bounds
        The smallest and the largest number that the setting can hold, as far as it is known.
    declared
        The ends before the range grew, or None if it never did.
    grown
        Why it grew.

    Examples
    --------
    >>> from auditor.core.scales import OneMinusLog
    >>> Dimension(0.9, 0.999, OneMinusLog()).from_unit(0.5)  # a window of 100, midway from 10 to 1,000
    0.99
    """

    low: float
    high: float
    scale: Scale
    integer: bool = False
    only_if: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)
    defaulted: bool = False
    warning: str | None = None
    walls: frozenset[str] = frozenset()
    bounds: tuple[float, float] = (-math.inf, math.inf)
    declared: tuple[float, float] | None = None
    grown: str | None = None

    def towards(self, side: str, *, reason: str) -> "Dimension":
        """Return a range that is longer at one end, ``low`` or ``high``: by ``GROWTH`` of its axis.

        The same range where the bounds leave no room.
        """
        start, stop = self.scale.encode(self.low), self.scale.encode(self.high)
        step = GROWTH * (stop - start)
        low = self._end(start - step) if side == "low" else self.low
        high = self._end(stop + step) if side == "high" else self.high
        if (low, high) == (self.low, self.high):
            return self
        reached = {"low": low <= self.bounds[0], "high": high >= self.bounds[1]}
        return replace(
            self,
            low=low,
            high=high,
            walls=self.walls | {end for end, there in reached.items() if there},
            declared=self.declared or (self.low, self.high),
            grown=_again(self.grown, reason),
        )

    def beyond(self, before: "Dimension") -> "Dimension":
        """Return the part of this range that a shorter one did not have."""
        step = 1.0 if self.integer else 0.0
        if self.high > before.high:
            return replace(self, low=min(before.high + step, self.high))
        return replace(self, high=max(before.low - step, self.low))

    def _end(self, position: float) -> float:
        """Return the tidy value at a position on the axis, within the bounds."""
        nearest = max(position, 0.0) if isinstance(self.scale, OneMinusLog) else position
        value = self.scale.tidy(self.scale.decode(nearest))
        inside = min(max(value, self.bounds[0]), self.bounds[1])
        return float(round(inside)) if self.integer else inside

    def from_unit(self, share: float) -> int | float:
        """Return the tidy value a share of the way along; never outside the ends."""
        start, stop = self._ends()
        value = self.scale.decode(start + share * (stop - start))
        # Rounding must not leave the range.
        tidy = min(max(self.scale.tidy(value, digits=self._digits()), self.low), self.high)
        return self._whole(tidy) if self.integer else float(tidy)

    def to_unit(self, value: Value) -> float:
        """Return how far along a value lies, in [0, 1]; NaN when it is no number.

        A value outside the range lies at its nearer end.
        """
        if not is_number(value):
            return math.nan
        start, stop = self._ends()
        inside = min(max(value, self.low), self.high)
        return (self.scale.encode(inside) - start) / (stop - start)

    def record(self, name: str) -> DimensionRecord:
        """Return the setting as the document keeps it."""
        return DimensionRecord(
            name=name,
            scale=_scale_name(self.scale),
            low=self.low,
            high=self.high,
            integer=self.integer,
            choices=None,
            defaulted=self.defaulted,
            warning=self.warning,
            declared_low=self.declared[0] if self.declared else None,
            declared_high=self.declared[1] if self.declared else None,
            grown=self.grown,
        )

    def _whole(self, value: float) -> int:
        return min(max(round(value), math.ceil(self.low)), math.floor(self.high))

    def _ends(self) -> tuple[float, float]:
        # A whole number owns half a step to each side, at the ends too; else they were drawn half as often.
        room = 0.5 if self.integer else 0.0
        return self.scale.encode(self.low - room), self.scale.encode(self.high + room)

    def _digits(self) -> int:
        return (
            _LONGEST_TIDY
            if self.integer and self.high < 10**DIGITS
            else _digits(self.low, self.high, self.scale)
        )


@dataclass(frozen=True, slots=True)
class Choice:
    """One searched setting that takes one of a few values.

    Attributes
    ----------
    choices
        At least two, all different.
    only_if, defaulted, warning
        As in ``Dimension``.
    """

    choices: tuple[Value, ...]
    only_if: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)
    defaulted: bool = False
    warning: str | None = None

    def from_unit(self, share: float) -> Value:
        """Return the choice whose equal part of the unit interval the share falls into."""
        return self.choices[min(int(share * len(self.choices)), len(self.choices) - 1)]

    def to_unit(self, value: Value) -> float:
        """Return the middle of a choice's part of the unit interval; NaN for any other value."""
        found = [number for number, choice in enumerate(self.choices) if same(choice, value)]
        return (found[0] + 0.5) / len(self.choices) if found else math.nan

    def record(self, name: str) -> DimensionRecord:
        """Return the setting as the document keeps it."""
        return DimensionRecord(
            name=name,
            scale=ScaleName.CHOICE,
            low=None,
            high=None,
            integer=False,
            choices=self.choices,
            defaulted=self.defaulted,
            warning=self.warning,
        )


def _again(before: str | None, reason: str) -> str:
    """Return why a range grew, told with why it had grown before."""
    if before is None:
        return reason
    return f"{reason}, twice" if before == reason else f"{before}; then {reason}"


def _scale_name(scale: Scale) -> ScaleName:
    if isinstance(scale, Linear):
        return ScaleName.LINEAR
    return ScaleName.LOG if isinstance(scale, Log) else ScaleName.ONE_MINUS_LOG


@functools.lru_cache(maxsize=1024)
def _digits(low: float, high: float, scale: Scale) -> int:
    """Return the fewest digits, from three, at which tidying moves no value by more than a coarse step."""
    start, stop = scale.encode(low), scale.encode(high)
    values = [scale.decode(start + share * (stop - start)) for share in np.linspace(0.05, 0.95, 37)]
    for digits in range(DIGITS, _LONGEST_TIDY):
        tidy = [min(max(scale.tidy(value, digits=digits), low), high) for value in values]
        moved = (abs(scale.encode(new) - scale.encode(old)) for new, old in zip(tidy, values, strict=True))
        if max(moved) <= _COARSEST_STEP * (stop - start):
            return digits
    return _LONGEST_TIDY
