"""Axes: where a value lies between two ends, and which values deserve a tick.

An axis is a strictly increasing map from values to shares of its length. There are
four, after the scales a setting can be searched on: linear, log (decades, or 1-3-10, or
1-2-5), one-minus-log (0.9, 0.99, 0.999), and categories. Pixels are the plot's business.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

_FEWEST = 3
"""An axis with fewer ticks than this cannot be read; a finer set of ticks is tried."""

_MOST = 6
"""More ticks than this run into each other on a phone."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A value on an axis and how it is written."""

    value: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """A stretch of values, and the map that lays it out.

    Attributes
    ----------
    low, high
        The ends, ``low < high``, in values.
    transform
        Strictly increasing on [low, high].
    """

    low: float
    high: float
    ticks: tuple[Tick, ...]
    transform: Callable[[float], float]
    _start: float = field(init=False, repr=False)
    _length: float = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Lay out the ends once; every mark asks for them."""
        start = self.transform(self.low)
        object.__setattr__(self, "_start", start)
        object.__setattr__(self, "_length", self.transform(self.high) - start)

    def share(self, value: float) -> float:
        """Return where a value lies: 0 at the low end, 1 at the high end, beyond them outside.

        Examples
        --------
        >>> round(log_axis(1e-4, 1e-2).share(1e-3), 6)
        0.5
        """
        return (self.transform(value) - self._start) / self._length


_TINY = 1e-290
"""A length below which steps would lose their digits: doubles end at 5e-324."""


def _identity(value: float) -> float:
    return value


def _log(value: float) -> float:
    return math.log10(max(value, 5e-324))


def _one_minus_log(value: float) -> float:
    return -math.log10(max(1.0 - value, 1e-16))


def short(value: float) -> str:
    r"""Write a tick or a setting in as few characters as four digits need.

    Examples
    --------
    >>> [short(value) for value in (0.00003, 0.1, 30.0, 20000.0, 1e6)]
    ['3e-5', '0.1', '30', '20000', '1e6']
    """
    text = f"{float(f'{value:.4g}'):.6g}"
    mantissa, e, exponent = text.partition("e")
    text = f"{mantissa}e{int(exponent)}" if e else text
    return "\N{MINUS SIGN}" + text[1:] if text.startswith("-") else text


def linear_ticks(low: float, high: float, *, most: int = _MOST) -> tuple[Tick, ...]:
    """Return round values from ``low`` to ``high``: multiples of 1, 2 or 5 times a power of ten.

    Examples
    --------
    >>> [tick.label for tick in linear_ticks(0.0, 1.1)]
    ['0.0', '0.2', '0.4', '0.6', '0.8', '1.0']
    """
    step = _step((high - low) / most)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    return tuple(Tick(index * step, _fixed(index * step, decimals)) for index in range(first, last + 1))


def _step(least: float) -> float:
    power = 10.0 ** math.floor(math.log10(least))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least * (1 - 1e-9))


def _fixed(value: float, decimals: int) -> str:
    if decimals > 4 or abs(value) >= 1e5:
        return short(value)
    return f"{value + 0.0:.{decimals}f}".replace("-", "\N{MINUS SIGN}")


def linear_axis(low: float, high: float, *, most: int = _MOST, integer: bool = False) -> Axis:
    """Return an axis of equal steps; one that would have no length is widened around its value.

    Examples
    --------
    >>> [tick.label for tick in linear_axis(1, 3, integer=True).ticks]
    ['1', '2', '3']
    """
    low, high = _widened(low, high)
    ticks = linear_ticks(low, high, most=most)
    if integer:
        ticks = tuple(Tick(tick.value, short(tick.value)) for tick in ticks if tick.value % 1 == 0)
    return Axis(low=low, high=high, ticks=ticks, transform=_identity)


def _widened(low: float, high: float) -> tuple[float, float]:
    largest = max(abs(low), abs(high))
    if high - low > max(1e-12 * largest, _TINY):
        return low, high
    room = max(abs(low) * 0.05, _TINY) if largest > _TINY / 0.05 else 1.0
    return low - room, high + room


def log_axis(low: float, high: float) -> Axis:
    """Return an axis of equal ratios, ``0 < low``.

    Examples
    --------
    >>> [tick.label for tick in log_axis(1e-5, 1e-1).ticks]
    ['1e-5', '0.0001', '0.001', '0.01', '0.1']
    >>> [tick.label for tick in log_axis(0.01, 1.0).ticks]
    ['0.01', '0.1', '1']
    >>> [tick.label for tick in log_axis(3, 40).ticks]
    ['3', '10', '30']
    >>> [tick.label for tick in log_axis(4, 9).ticks]
    ['4', '5', '6', '7', '8', '9']
    """
    low, high = (low / 1.5, high * 1.5) if high <= low * (1 + 1e-9) else (low, high)
    values = _ratio_ticks(low, high, ((1,), (1, 3), (1, 2, 5)))
    ticks = tuple(Tick(value, short(value)) for value in values) or linear_ticks(low, high)
    return Axis(low=low, high=high, ticks=ticks, transform=_log)


def one_minus_log_axis(low: float, high: float) -> Axis:
    """Return an axis on which 0.9, 0.99 and 0.999 are equally far apart, ``high < 1``.

    Examples
    --------
    >>> [tick.label for tick in one_minus_log_axis(0.8, 0.9995).ticks]
    ['0.9', '0.99', '0.999']
    >>> [tick.label for tick in one_minus_log_axis(0.85, 0.99).ticks]
    ['0.9', '0.95', '0.98', '0.99']
    """
    low, high = (low - 0.5 * (1 - low), high + 0.3 * (1 - high)) if high - low <= 1e-12 else (low, high)
    rests = _ratio_ticks(1 - high, 1 - low, ((1,), (1, 2, 5)))
    ticks = tuple(Tick(1 - rest, _complement(rest)) for rest in reversed(rests))
    return Axis(low=low, high=high, ticks=ticks or linear_ticks(low, high), transform=_one_minus_log)


def _complement(rest: float) -> str:
    decimals = max(0, -math.floor(math.log10(rest) + 1e-9))
    return f"{1 - rest:.{decimals}f}"


def _ratio_ticks(low: float, high: float, choices: Sequence[Sequence[int]]) -> tuple[float, ...]:
    """Return ticks by the coarsest of several sets of mantissas that gives enough; none if none does."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for mantissas in choices:
        # A power of ten as text: 10.0 ** -5 is not the double that 1e-5 is.
        values = [float(f"{mantissa}e{power}") for power in powers for mantissa in mantissas]
        inside = [value for value in values if low * (1 - 1e-9) <= value <= high * (1 + 1e-9)]
        if len(inside) >= _FEWEST:
            return tuple(inside[:: -(-len(inside) // _MOST)])
    return ()


def category_axis(labels: Sequence[str]) -> Axis:
    """Return an axis with one place per label, at 0, 1, 2...

    Examples
    --------
    >>> category_axis(["adam", "sgd"]).share(0)
    0.25
    """
    ticks = tuple(Tick(float(place), label) for place, label in enumerate(labels))
    return Axis(low=-0.5, high=len(labels) - 0.5, ticks=ticks, transform=_identity)
