"""How a few named values went on over time, against a level."""

from collections.abc import Sequence
from dataclasses import dataclass

from auditor.reporting.charts.axes import category_axis, linear_axis
from auditor.reporting.charts.plot import Plot
from auditor.reporting.charts.svg import FONT, WIDTH, Svg, Words, drawing, label, path_of, spread, width_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """Values at each place of the axis, from the first on.

    Attributes
    ----------
    text
        The last value, as it is written under the name.
    css
        ``challenger`` for the one that matters, ``other`` for what it is compared with.
    """

    name: str
    text: str
    values: Sequence[float]
    css: str


_STROKES = {"challenger": "curve challenger", "other": "bar line-other"}


def trails(
    drawn: Sequence[Trail], *, places: Sequence[str], level: str, x_title: str, y_title: str, words: Words
) -> Svg:
    """Return trails with their names at their ends, and 0 drawn across.

    Parameters
    ----------
    places
        Names along the x axis, as many as there are values.
    level
        What 0 stands for.
    """
    every = [0.0, *(value for one in drawn for value in one.values)]
    air = 0.06 * (max(every) - min(every))
    y = linear_axis(min(every) - air, max(every) + air, most=5)
    left = max((width_of(tick.label) for tick in y.ticks), default=0) + 10
    names = [level, *(text for one in drawn for text in (one.name, one.text))]
    gutter = max(map(width_of, names)) + 8
    x = category_axis(places)
    plot = Plot(left=left, top=24, width=WIDTH - left - gutter, height=170, x=x, y=y)
    zero = round(plot.up(0.0))
    parts = [
        label(0, 11, y_title, css="axis"),
        plot.y_axis(),
        f'<path class="rule production" d="M{round(plot.left)} {zero}h{round(plot.width)}"/>',
        *(_path(one, plot) for one in drawn),
        _names(drawn, level, plot),
        plot.x_axis(x_title),
    ]
    return drawing(words, height=plot.bottom + 38, parts=parts)


def _path(trail: Trail, plot: Plot) -> str:
    points = [(plot.across(place), plot.up(value)) for place, value in enumerate(trail.values)]
    return f'<path class="{_STROKES[trail.css]}" fill="none" d="{path_of(points)}"/>'


def _names(drawn: Sequence[Trail], level: str, plot: Plot) -> str:
    lines: list[tuple[float, tuple[str, ...], str]] = [(plot.up(0.0), (level,), "production")]
    lines += [(plot.up(one.values[-1]), (one.name, one.text), one.css) for one in drawn]
    heights = spread([y for y, _, _ in lines], gap=2 * FONT + 8, low=plot.top, high=plot.bottom - FONT)
    return "".join(
        label(plot.right + 6, y + 2 + row * (FONT + 2), text, css=f"flag {css}")
        for y, (_, texts, css) in zip(heights, lines, strict=True)
        for row, text in enumerate(texts)
    )
