"""The loss of trials against one setting, on the setting's own scale."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from auditor.reporting.charts.axes import Axis, linear_axis
from auditor.reporting.charts.plot import ROW, Plot, raise_flags, rows_of
from auditor.reporting.charts.svg import WIDTH, Svg, Words, drawing, flags, label, width_of

_ROOM = 0.05
"""Share of the axis left outside the box at either end, so that its edges are seen."""

_ABOVE = ("over", "lost")
"""Kinds of marks that stand in a band above the plot, having no height in it."""

_BAND = 16
"""Height of that band, in user units."""

_FEW = 8
"""With fewer losses than this, quartiles say nothing."""

_GOLDEN = 0.6180339887498949
"""Steps by the golden ratio spread a sequence evenly, however long it grows."""


@dataclass(frozen=True, slots=True)
class Dot:
    """A trial: the setting's value (a place, for categories), its loss, and the round it ran in.

    Attributes
    ----------
    loss
        None, or not finite, for a trial that failed.
    """

    value: float
    loss: float | None
    fine: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What the dots are drawn on.

    Attributes
    ----------
    axis
        Of the setting.
    box
        The ends of what was searched, within the axis; None for categories, whose dots are
        fanned out sideways.
    marked
        Values named by an upright line: name, CSS class, value.
    grown_from
        Ends at which the search began and which it left behind: a dotted line each.
    """

    axis: Axis
    box: tuple[float, float] | None
    marked: Sequence[tuple[str, str, float]]
    x_title: str
    y_title: str
    grown_from: Sequence[float] = ()


def ceiling(losses: Sequence[float]) -> float:
    """Return the highest loss worth showing: Tukey's far fence, three quartile ranges above the third.

    Trials above it are drawn as chevrons at the top of the plot.
    """
    ranked = sorted(losses)
    if len(ranked) < _FEW:
        return ranked[-1]
    first, third = ranked[len(ranked) // 4], ranked[3 * len(ranked) // 4]
    return min(ranked[-1], third + 3.0 * (third - first)) if third > first else ranked[-1]


def scatter(dots: Sequence[Dot], *, ground: Ground, words: Words) -> Svg:
    """Return discs for coarse trials, diamonds for fine ones, crosses for failures.

    Parameters
    ----------
    dots
        At least one with a finite loss.
    """
    losses = [dot.loss for dot in dots if dot.loss is not None and math.isfinite(dot.loss)]
    top_loss = ceiling(losses)
    air = 0.06 * (top_loss - min(losses))
    y = linear_axis(min(losses) - air, top_loss + air / 2, most=5)
    left = max((width_of(tick.label) for tick in y.ticks), default=0) + 10
    wide = WIDTH - left - 8
    inset = 0 if ground.box is None else _ROOM * wide
    where = Plot(left=left + inset, top=0, width=wide - 2 * inset, height=1, x=ground.axis, y=y)
    lines = [(where.across(value), name, css) for name, css, value in ground.marked]
    raised = flags(lines, left=0, right=WIDTH)
    band = _BAND if any(_kind(dot, top_loss) in _ABOVE for dot in dots) else 4
    top = 20 + ROW * rows_of(raised) + band
    plot = Plot(left=where.left, top=top, width=where.width, height=150, x=ground.axis, y=y)
    parts = [
        label(0, 11, ground.y_title, css="axis"),
        _box(ground.box, plot, inset, band=band),
        _left_behind(ground.grown_from, plot, band=band),
        raise_flags(raised, top=plot.top - band, bottom=plot.bottom),
        _marks(dots, plot, top_loss, fanned=ground.box is None),
        plot.x_axis(ground.x_title),
    ]
    return drawing(words, height=plot.bottom + 38, parts=parts)


def _box(box: tuple[float, float] | None, plot: Plot, inset: float, *, band: int) -> str:
    """Return the grid, with what lies outside the searched box shaded."""
    if box is None:
        return plot.y_axis()
    top, high = round(plot.top) - band, round(plot.height) + band
    left, right = round(plot.left - inset), round(plot.right + inset)
    low_edge, high_edge = (round(plot.across(end)) for end in box)
    sides = f"M{left} {top}H{low_edge}v{high}H{left}zM{right} {top}H{high_edge}v{high}H{right}z"
    return f'<path class="outside" d="{sides}"/>' + _wide_grid(plot, inset)


def _left_behind(ends: Sequence[float], plot: Plot, *, band: int) -> str:
    """Return a dotted line at every end that the box grew beyond."""
    top, high = round(plot.top) - band, round(plot.height) + band
    d = "".join(f"M{round(plot.across(end))} {top}v{high}" for end in ends)
    return f'<path class="declared" d="{d}"/>' if d else ""


def _wide_grid(plot: Plot, inset: float) -> str:
    wide = Plot(
        left=plot.left - inset,
        top=plot.top,
        width=plot.width + 2 * inset,
        height=plot.height,
        x=plot.x,
        y=plot.y,
    )
    return wide.y_axis()


def _marks(dots: Sequence[Dot], plot: Plot, top_loss: float, *, fanned: bool) -> str:
    places: dict[str, dict[tuple[int, int], None]] = {"coarse": {}, "fine": {}, "over": {}, "lost": {}}
    for number, dot in enumerate(dots):
        shift = ((number * _GOLDEN) % 1 - 0.5) * 0.6 if fanned else 0.0
        kind = _kind(dot, top_loss)
        y = plot.top - _BAND / 2 if kind in _ABOVE else plot.up(dot.loss or 0.0)
        places[kind][round(plot.across(dot.value + shift)), round(y)] = None
    return "".join(_DRAWN[kind](found) for kind, found in places.items() if found)


def _kind(dot: Dot, top_loss: float) -> str:
    if dot.loss is None or not math.isfinite(dot.loss):
        return "lost"
    if dot.loss > top_loss:
        return "over"
    return "fine" if dot.fine else "coarse"


def _discs(places: Iterable[tuple[int, int]]) -> str:
    # A line of no length with round ends is a disc, in a quarter of the bytes of a circle.
    d = "".join(f"M{x} {y}h0" for x, y in places)
    return f'<path class="disc" d="{d}"/>'


def _diamonds(places: Iterable[tuple[int, int]]) -> str:
    d = "".join(f"M{x} {y - 4}l4 4-4 4-4-4z" for x, y in places)
    return f'<path class="diamond" d="{d}"/>'


def _chevrons(places: Iterable[tuple[int, int]]) -> str:
    d = "".join(f"M{x - 4} {y + 2}l4-4 4 4" for x, y in places)
    return f'<path class="over" d="{d}"/>'


def _crosses(places: Iterable[tuple[int, int]]) -> str:
    d = "".join(f"M{x - 3} {y - 3}l6 6m0-6l-6 6" for x, y in places)
    return f'<path class="lost" d="{d}"/>'


_DRAWN = {"coarse": _discs, "fine": _diamonds, "over": _chevrons, "lost": _crosses}
