"""Two distributions of one column on one axis: what was there then, and what is there now."""

import math
from collections.abc import Sequence

from auditor.core.records import Overlay
from auditor.reporting.charts.axes import Axis, category_axis, linear_axis
from auditor.reporting.charts.plot import Plot
from auditor.reporting.charts.svg import FONT, WIDTH, Svg, Words, drawing, label, path_of, shortened, width_of

_ROW = 22
"""Height of one word's row."""

_LONGEST = 22
"""Characters of a word beside its row; the table has it whole."""

_SIDE = 8
"""Room at the right of a plot, for half a mark and half a tick label."""


def histogram(overlay: Overlay, *, axis: Axis, x_title: str, words: Words) -> Svg:
    """Return the rows of now as a filled outline, and those of then as a dashed line over it.

    Parameters
    ----------
    overlay
        With edges.
    axis
        Of the column, over the whole of the edges.
    """
    y = linear_axis(0.0, 100.0 * max(*overlay.then, *overlay.now, 1e-9) * 1.06, most=4)
    left = max(width_of(tick.label) for tick in y.ticks) + 10
    plot = Plot(left=left, top=20, width=WIDTH - left - _SIDE, height=130, x=axis, y=y)
    now, then = (path_of(_steps(overlay.edges, shares, plot)) for shares in (overlay.now, overlay.then))
    parts = [
        label(0, 11, "% of the rows", css="axis"),
        plot.y_axis(),
        f'<path class="now" d="{now}z"/><path class="then" d="{then}"/>',
        plot.x_axis(x_title),
    ]
    return drawing(words, height=plot.bottom + 38, parts=parts)


def _steps(edges: Sequence[float], shares: Sequence[float], plot: Plot) -> list[tuple[float, float]]:
    """Return the corners of a histogram's outline, from the foot at the left to the foot at the right."""
    corners = [(plot.across(edges[0]), plot.bottom)]
    for left, right, share in zip(edges, edges[1:], shares, strict=False):
        height = plot.up(100.0 * share)
        corners += [(plot.across(left), height), (plot.across(right), height)]
    return [*corners, (plot.across(edges[-1]), plot.bottom)]


def dumbbells(overlay: Overlay, *, words: Words) -> Svg:
    """Return a row for each word: a ring where its share was, a disc where it is, joined.

    Parameters
    ----------
    overlay
        With categories.
    """
    names = [shortened(name, _LONGEST) for name in overlay.categories]
    x = linear_axis(0.0, 100.0 * max(*overlay.then, *overlay.now, 1e-9) * 1.04, most=5)
    left = max(width_of(name) for name in names) + 12
    plot = Plot(
        left=left,
        top=4,
        width=WIDTH - left - _SIDE,
        height=_ROW * len(names),
        x=x,
        y=category_axis(["" for _ in names]),
    )
    rows = [
        _dumbbell(name, (then, now), plot, place)
        for place, (name, then, now) in enumerate(zip(names, overlay.then, overlay.now, strict=True))
    ]
    return drawing(words, height=plot.bottom + 38, parts=[*rows, plot.x_axis("% of the rows")])


def _dumbbell(name: str, shares: tuple[float, float], plot: Plot, place: int) -> str:
    middle = round(plot.top + (place + 0.5) * _ROW)
    then, now = (round(plot.across(100.0 * share)) for share in shares)
    start, end = round(plot.left), round(plot.right)
    # The bar ends where the ring begins, so that the ring stays hollow.
    bar = f"M{then + int(math.copysign(4, now - then))} {middle}H{now}" if abs(now - then) > 4 else ""
    return (
        f'<path class="grid" d="M{start} {middle}H{end}"/>'
        + label(plot.left - 8, middle + FONT / 3, name, css="name", anchor="e")
        + (f'<path class="shift" d="{bar}"/>' if bar else "")
        + f'<path class="now-disc" d="M{now} {middle}h0"/>'
        + f'<path class="then-ring" d="M{then - 4} {middle}a4 4 0 1 1 8 0a4 4 0 1 1-8 0z"/>'
    )
