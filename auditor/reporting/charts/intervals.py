"""Charts of estimates with their intervals: across for many settings, upright over time."""

from collections.abc import Sequence
from dataclasses import dataclass

from auditor.core.records import Call, Estimate
from auditor.reporting.charts.axes import Axis, category_axis, linear_axis
from auditor.reporting.charts.plot import ROW, Plot, raise_flags, rows_of
from auditor.reporting.charts.svg import (
    FONT,
    WIDTH,
    Svg,
    Words,
    drawing,
    flags,
    label,
    shape,
    shortened,
    spread,
    width_of,
)

_SIDE = 10
"""Room left and right of a plot that has no labels beside it."""

_LINE = 38
"""Height of one row of a forest: a line of type, and its interval under it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One interval to draw.

    Attributes
    ----------
    text
        The estimate in words, as it is written beside the interval.
    call
        Gives the mark its shape and colour; None draws a plain grey square.
    """

    name: str
    estimate: Estimate
    text: str
    call: Call | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A value that intervals are read against."""

    value: float
    name: str
    css: str


def _span(bars: Sequence[Bar], lines: Sequence[Line]) -> tuple[float, float]:
    """Return the ends of an axis that shows every interval and every line, with a little air."""
    lows = [bar.estimate.low for bar in bars] + [line.value for line in lines]
    highs = [bar.estimate.high for bar in bars] + [line.value for line in lines]
    air = 0.05 * (max(highs) - min(lows))
    return min(lows) - air, max(highs) + air


def forest(bars: Sequence[Bar], *, lines: Sequence[Line], axis: str, words: Words) -> Svg:
    """Return intervals one under another on one axis, each with its name and its numbers above it.

    Parameters
    ----------
    lines
        Values named at the top and drawn through all rows: no gain, the margin.
    axis
        What is measured, and in what.
    """
    x = linear_axis(*_span(bars, lines))
    wide = WIDTH - 2 * _SIDE
    marked = [(_SIDE + x.share(line.value) * wide, line.name, line.css) for line in lines]
    raised = flags(marked, left=0, right=WIDTH)
    top = rows_of(raised) * ROW + 6
    plot = _plot(x=x, y=category_axis(["" for _ in bars]), top=top, height=_LINE * len(bars) + 4)
    rows = [_forest_row(bar, plot, place) for place, bar in enumerate(bars)]
    rules = [_broken_rule(plot.across(line.value), line.css, plot, len(bars)) for line in lines]
    parts = [raise_flags(raised, top=top, bottom=top + 2), *rules, *rows, plot.x_axis(axis)]
    return drawing(words, height=plot.bottom + 38, parts=parts)


def gauge(bar: Bar, *, lines: Sequence[Line], words: Words) -> Svg:
    """Return one interval against its lines: the verdict at a glance."""
    x = linear_axis(*_span([bar], lines))
    wide = WIDTH - 2 * _SIDE
    raised = flags(
        [(_SIDE + x.share(line.value) * wide, line.name, line.css) for line in lines], left=0, right=WIDTH
    )
    top = rows_of(raised) * ROW + 4
    plot = _plot(x=x, y=category_axis([""]), top=top, height=20)
    parts = [
        f'<path class="base" d="M{_SIDE} {round(plot.bottom)}h{wide}"/>',
        raise_flags(raised, top=top, bottom=plot.bottom),
        _across(bar, plot, y=top + 10),
    ]
    return drawing(words, height=plot.bottom + 3, parts=parts)


def _plot(*, x: Axis, y: Axis, top: float, height: float) -> Plot:
    return Plot(left=_SIDE, top=top, width=WIDTH - 2 * _SIDE, height=height, x=x, y=y)


def _forest_row(bar: Bar, plot: Plot, place: int) -> str:
    top = plot.top + place * _LINE
    room = int((WIDTH - width_of(bar.text) - 12) / (FONT * 0.72))
    name = label(0, top + 14, shortened(bar.name, room), css="name halo")
    text = label(WIDTH, top + 14, bar.text, css="number halo", anchor="e")
    return name + text + _across(bar, plot, y=top + 27)


def _broken_rule(x: float, css: str, plot: Plot, rows: int) -> str:
    """Return an upright line that leaves out the lines of type."""
    d = "".join(f"M{round(x)} {round(plot.top) + place * _LINE + 18}v18" for place in range(rows))
    return f'<path class="rule {css}" d="{d}"/>'


def _across(bar: Bar, plot: Plot, *, y: float) -> str:
    low, high = round(plot.across(bar.estimate.low)), round(plot.across(bar.estimate.high))
    css, middle = _css(bar), round(y)
    whisker = f'<path class="bar {css}" d="M{low} {middle - 4}v8m0-4H{high}m0-4v8"/>'
    return whisker + _mark(bar, plot.across(bar.estimate.estimate), y)


def _css(bar: Bar) -> str:
    return f"line-{bar.call.value}" if bar.call else "line-other"


def _mark(bar: Bar, x: float, y: float) -> str:
    if bar.call:
        return shape(bar.call, x, y, css="edge")
    return f'<path class="fill-other edge" d="M{round(x) - 4} {round(y) - 4}h8v8h-8z"/>'


def evidence(bars: Sequence[Bar], *, lines: Sequence[Line], x_title: str, y_title: str, words: Words) -> Svg:
    """Return intervals side by side in the order they were found, joined through their estimates.

    Parameters
    ----------
    bars
        Each named by its place on the x axis.
    lines
        Values drawn across and named at the right.
    """
    y = linear_axis(*_span(bars, lines), most=5)
    left = max((width_of(tick.label) for tick in y.ticks), default=0) + 10
    gutter = max(width_of(line.name) for line in lines) + 8
    x = category_axis([bar.name for bar in bars])
    plot = Plot(left=left, top=24, width=WIDTH - left - gutter, height=170, x=x, y=y)
    parts = [
        label(0, 11, y_title, css="axis"),
        plot.y_axis(),
        _levels(lines, plot),
        _trail(bars, plot),
        *(_upright(bar, plot, place) for place, bar in enumerate(bars)),
        plot.x_axis(x_title),
    ]
    return drawing(words, height=plot.bottom + 38, parts=parts)


def _levels(lines: Sequence[Line], plot: Plot) -> str:
    heights = [plot.up(line.value) for line in lines]
    names = spread(heights, gap=FONT + 2, low=plot.top, high=plot.bottom)
    return "".join(
        f'<path class="rule {line.css}" d="M{round(plot.left)} {round(y)}h{round(plot.width)}"/>'
        + label(plot.right + 6, name + 4, line.name, css=f"flag {line.css}")
        for line, y, name in zip(lines, heights, names, strict=True)
    )


def _trail(bars: Sequence[Bar], plot: Plot) -> str:
    points = [(plot.across(place), plot.up(bar.estimate.estimate)) for place, bar in enumerate(bars)]
    d = "L".join(f"{round(x)} {round(y)}" for x, y in points)
    return f'<path class="trail" d="M{d}"/>'


def _upright(bar: Bar, plot: Plot, place: int) -> str:
    x = round(plot.across(place))
    low, high = round(plot.up(bar.estimate.low)), round(plot.up(bar.estimate.high))
    whisker = f'<path class="bar {_css(bar)}" d="M{x - 4} {low}h8m-4 0V{high}m-4 0h8"/>'
    return whisker + _mark(bar, x, plot.up(bar.estimate.estimate))
