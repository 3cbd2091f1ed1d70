"""Learning curves of many trials, two of them named."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from auditor.core.records import CurvePoint
from auditor.reporting.charts.axes import linear_axis
from auditor.reporting.charts.plot import Plot
from auditor.reporting.charts.svg import (
    FONT,
    WIDTH,
    Svg,
    Words,
    drawing,
    label,
    path_of,
    spread,
    thinned,
    width_of,
)

Curve = Sequence[CurvePoint]
"""The points of one trial, in the order of their steps."""


_SLACK = 1.0
"""How far a curve of the crowd may be drawn from where it ran, in user units: the width of its line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A curve that is told apart from the crowd.

    Attributes
    ----------
    text
        Its last loss, as it is written under its name.
    css
        ``production`` or ``best``.
    """

    name: str
    text: str
    curve: Curve
    css: str


def ceiling(crowd: Sequence[Curve], named: Sequence[Named]) -> float:
    """Return the highest loss worth showing: all of the named curves, nine tenths of the others.

    A few trials that diverge would press all others flat against the foot of the chart.
    """
    losses = sorted(point.loss for curve in crowd for point in curve if math.isfinite(point.loss))
    most = losses[int(0.9 * (len(losses) - 1))] if losses else -math.inf
    return max([most, *(point.loss for one in named for point in one.curve if math.isfinite(point.loss))])


def curves(crowd: Sequence[Curve], *, named: Sequence[Named], y_title: str, words: Words) -> Svg:
    """Return every curve in grey, and the named ones in colour with their names at their ends.

    Parameters
    ----------
    crowd
        Curves of at least one point; what rises above ``ceiling`` leaves the chart at the top.
    """
    everything = [*crowd, *(one.curve for one in named)]
    low = min(point.loss for curve in everything for point in curve if math.isfinite(point.loss))
    high = ceiling(crowd, named)
    steps = [point.step for curve in everything for point in curve]
    y = linear_axis(low - 0.04 * (high - low), high, most=5)
    left = max(width_of(tick.label) for tick in y.ticks) + 10 if y.ticks else 10
    gutter = max((width_of(text) for one in named for text in (one.name, one.text)), default=0) + 8
    x = linear_axis(min(0, *steps), max(steps), most=5)
    plot = Plot(left=left, top=24, width=WIDTH - left - gutter, height=170, x=x, y=y)
    parts = [label(0, 11, y_title, css="axis"), plot.y_axis(), _inside(crowd, named, plot)]
    parts += [_names(named, plot), plot.x_axis("steps of training")]
    return drawing(words, height=plot.bottom + 38, parts=parts)


def _inside(crowd: Sequence[Curve], named: Sequence[Named], plot: Plot) -> str:
    """Return the curves in a drawing of their own, which cuts off what leaves the plot."""
    # One path for the crowd: a path a curve would cost 30 bytes each. Equal paths are drawn once.
    place = _placer(
        plot, {point.step for curve in (*crowd, *(one.curve for one in named)) for point in curve}
    )
    grey = "".join(dict.fromkeys(path_of(thinned(place(curve), slack=_SLACK)) for curve in crowd))
    strong = "".join(f'<path class="curve {one.css}" d="{path_of(place(one.curve))}"/>' for one in named)
    return (
        f'<svg x="{round(plot.left)}" y="{round(plot.top) - 2}" width="{round(plot.width) + 2}" '
        f'height="{round(plot.height) + 2}"><path class="crowd" d="{grey}"/>{strong}</svg>'
    )


def _placer(plot: Plot, steps: Iterable[int]) -> Callable[[Curve], list[tuple[float, float]]]:
    """Return what places the points of a curve; there are tens of thousands, so columns are looked up."""
    across = {step: plot.across(step) - round(plot.left) for step in steps}
    foot = plot.up(0.0) - round(plot.top) + 2
    rise = plot.up(1.0) - plot.up(0.0)

    def place(curve: Curve) -> list[tuple[float, float]]:
        # Far above the plot is far enough: a loss of 1e300 has no place on any drawing.
        return [
            (across[point.step], max(foot + rise * point.loss, -999.0))
            for point in curve
            if math.isfinite(point.loss)
        ]

    return place


def _names(named: Sequence[Named], plot: Plot) -> str:
    ends = [plot.up(one.curve[-1].loss) for one in named]
    places = spread(ends, gap=2 * FONT + 12, low=plot.top, high=plot.bottom - FONT)
    return "".join(
        label(plot.right + 6, y + 2, one.name, css=f"flag {one.css}")
        + label(plot.right + 6, y + 2 + FONT + 2, one.text, css=f"flag {one.css}")
        for one, y in zip(named, places, strict=True)
    )
