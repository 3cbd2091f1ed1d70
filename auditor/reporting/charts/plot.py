"""A plot: two axes on a stretch of the drawing, with its grid and its tick labels."""

from collections.abc import Sequence
from dataclasses import dataclass

from auditor.reporting.charts.axes import Axis, Tick
from auditor.reporting.charts.svg import FONT, Flag, label, shortened, width_of

ROW = 14
"""Height of a line of type above or below a plot, in user units."""


_FEW = 6
"""Ticks of which every one is to be named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """Where values fall on the drawing. ``y`` grows upwards in values, downwards in units."""

    left: float
    top: float
    width: float
    height: float
    x: Axis
    y: Axis

    @property
    def right(self) -> float:
        """The right edge, in user units."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """The lower edge, in user units."""
        return self.top + self.height

    def across(self, value: float) -> float:
        """Return where an x value lies, in user units."""
        return self.left + self.x.share(value) * self.width

    def up(self, value: float) -> float:
        """Return where a y value lies, in user units."""
        return self.bottom - self.y.share(value) * self.height

    def y_axis(self) -> str:
        """Return horizontal grid lines, each with its value at the left."""
        places = [(round(self.up(tick.value)), tick.label) for tick in self.y.ticks]
        grid = "".join(f"M{round(self.left)} {y}h{round(self.width)}" for y, _ in places)
        texts = [label(self.left - 6, y + 4, text, css="tick", anchor="e") for y, text in places]
        return f'<path class="grid" d="{grid}"/>' + "".join(texts)

    def x_axis(self, title: str = "") -> str:
        """Return the base line with short ticks, their values, and what is measured."""
        base = f"M{round(self.left)} {round(self.bottom)}h{round(self.width)}"
        shown = legible(self.x.ticks, self)
        marks = "".join(f"M{round(self.across(tick.value))} {round(self.bottom)}v4" for tick in shown)
        texts = "".join(_tick_label(tick, self) for tick in shown)
        named = label(self.left + self.width / 2, self.bottom + 32, title, css="axis", anchor="m")
        return f'<path class="base" d="{base}{marks}"/>' + texts + (named if title else "")


def _tick_label(tick: Tick, plot: Plot) -> str:
    room = int(plot.width / max(1, len(plot.x.ticks)) / (FONT * 0.72))
    text = tick.label if len(plot.x.ticks) > _FEW else shortened(tick.label, max(room, 6))
    half = width_of(text) / 2
    center = min(max(plot.across(tick.value), half), plot.right + 14 - half)
    return label(center, plot.bottom + 16, text, css="tick", anchor="m")


def legible(ticks: Sequence[Tick], plot: Plot) -> tuple[Tick, ...]:
    """Return the ticks whose labels stand clear of the one before; the others go unlabelled.

    Of few ticks, every label is cut to its share of the axis; of many, as dates are, the labels stay whole.
    """
    shown: list[Tick] = []
    free_from = -1e9
    for tick in ticks:
        whole = width_of(tick.label)
        half = (whole if len(ticks) > _FEW else min(whole, plot.width / max(1, len(ticks)))) / 2
        center = plot.across(tick.value)
        if center - half >= free_from:
            shown.append(tick)
            free_from = center + half + 4
    return tuple(shown)


def raise_flags(raised: Sequence[Flag], *, top: float, bottom: float) -> str:
    """Return upright lines from their names down to the foot of a plot.

    Parameters
    ----------
    top, bottom
        Of the plot: the names stand above ``top``, row over row.
    """
    rules, names = [], []
    for flag in raised:
        base = round(top) - 5 - flag.row * ROW
        # A line whose name stands beside it goes up to the height of the name.
        beside = abs(flag.center - flag.x) >= width_of(flag.text) / 2
        foot = base - 8 if beside else base + 3
        rules.append(f'<path class="rule {flag.css}" d="M{round(flag.x)} {foot}V{round(bottom)}"/>')
        names.append(label(flag.center, base, flag.text, css=f"flag halo {flag.css}", anchor="m"))
    return "".join([*rules, *names])


def rows_of(raised: Sequence[Flag]) -> int:
    """Return how many rows of names stand above a plot."""
    return max((flag.row + 1 for flag in raised), default=0)
