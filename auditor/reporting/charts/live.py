"""One model that is carried on over the days: its loss, what was tried on the way, and how evidence grows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from auditor.reporting.charts.axes import linear_axis, log_axis, short
from auditor.reporting.charts.plot import Plot
from auditor.reporting.charts.svg import (
    FONT,
    WIDTH,
    Svg,
    Words,
    drawing,
    label,
    path_of,
    safe,
    spread,
    width_of,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One turn of the model.

    Attributes
    ----------
    number, parent
        Of the turn, and of the one that it went on from.
    day
        Since the model began.
    loss
        Of the model that the turn left.
    other
        Of its twin, which was given up; None if it did not train.
    beside
        Of a model that was carried on with production's settings.
    mark
        ``kept`` (a nudge that was kept), ``left`` (one that was not), ``back`` (a setting put back to be
        compared) or ``broken`` (a twin that did not train).
    text
        What was tried, for a pointer that rests on it.
    """

    number: int
    parent: int
    day: float
    loss: float
    other: float | None
    beside: float
    mark: str
    text: str


_SHAPES = {"kept": "M0-5 5 4H-5z", "left": "M-3 0a3 3 0 1 1 6 0a3 3 0 1 1-6 0z", "back": "M0-5 5 0 0 5-5 0z"}


def live_curve(
    steps: Sequence[Step], *, start: tuple[float, float], names: tuple[str, str], y_title: str, words: Words
) -> Svg:
    """Return the loss over the days: the model that lives on, and dead ends that were gone back from.

    Parameters
    ----------
    steps
        In their order; at least one.
    start
        Day and loss of turn 0.
    names
        Of the live model and of the one carried on with production's settings, each with its last loss.
    """
    seen = [start[1], *(value for step in steps for value in (step.loss, step.beside))]
    tried = [step.other for step in steps if step.other is not None and step.other <= max(seen) * 1.25]
    low, high = min([*seen, *tried]), max([*seen, *tried])
    y = linear_axis(low - 0.06 * (high - low), high + 0.06 * (high - low), most=5)
    left = max((width_of(tick.label) for tick in y.ticks), default=0) + 10
    gutter = max(width_of(text) for name in names for text in name.split("\n")) + 8
    x = linear_axis(start[0], max(step.day for step in steps), most=5)
    plot = Plot(left=left, top=24, width=WIDTH - left - gutter, height=190, x=x, y=y)
    places = {0: start} | {step.number: (step.day, step.loss) for step in steps}
    parts = [
        label(0, 11, y_title, css="axis"),
        plot.y_axis(),
        _ways(steps, places, plot),
        *_marks(steps, plot),
        _names(steps[-1], names, plot),
        plot.x_axis("days of fresh rows"),
    ]
    return drawing(words, height=plot.bottom + 38, parts=parts)


def lineage(steps: Sequence[Step]) -> frozenset[int]:
    """Return the turns that the live model has come through, turn 0 among them.

    Examples
    --------
    >>> at = dict(day=0.0, loss=1.0, other=None, beside=1.0, mark="left", text="")
    >>> sorted(lineage([Step(number=1, parent=0, **at), Step(number=2, parent=0, **at)]))
    [0, 2]
    """
    parents = {step.number: step.parent for step in steps}
    found, here = {0}, steps[-1].number
    while here in parents:
        found.add(here)
        here = parents[here]
    return frozenset(found)


def _ways(steps: Sequence[Step], places: Mapping[int, tuple[float, float]], plot: Plot) -> str:
    alive = lineage(steps)
    segments: dict[bool, list[str]] = {True: [], False: []}
    for step in steps:
        ends = [_at(places.get(step.parent, places[0]), plot), _at(places[step.number], plot)]
        segments[step.number in alive].append(path_of(ends))
    beside = path_of([_at(places[0], plot), *(_at((step.day, step.beside), plot) for step in steps)])
    dead = f'<path class="dead" d="{"".join(segments[False])}"/>' if segments[False] else ""
    return (
        f'<path class="curve production" fill="none" d="{beside}"/>{dead}'
        f'<path class="curve challenger" fill="none" d="{"".join(segments[True])}"/>'
    )


def _at(place: tuple[float, float], plot: Plot) -> tuple[float, float]:
    return plot.across(place[0]), min(max(plot.up(place[1]), plot.top - 4), plot.bottom)


def _marks(steps: Sequence[Step], plot: Plot) -> list[str]:
    """Return a mark a turn, with a thin line to the twin that was given up."""
    drawn = []
    for step in steps:
        x, y = (round(part) for part in _at((step.day, step.loss), plot))
        if step.other is not None:
            drawn.append(f'<path class="twin" d="M{x} {y}V{round(_at((step.day, step.other), plot)[1])}"/>')
        titled = f"<title>{safe(step.text)}</title>" if step.text else ""
        if step.mark == "broken":
            drawn.append(f'<path class="lost" d="M{x - 3} {y - 3}l6 6m0-6l-6 6">{titled}</path>')
        else:
            css, place = f"turn-{step.mark} edge", f"translate({x} {y})"
            drawn.append(f'<path class="{css}" transform="{place}" d="{_SHAPES[step.mark]}">{titled}</path>')
        if step.parent != step.number - 1:
            drawn.append(f'<path class="back-arrow" d="M{x - 12} {y - 9}h9m-9 0l3-3m-3 3l3 3"/>')
    return drawn


def _names(last: Step, names: tuple[str, str], plot: Plot) -> str:
    wished = [plot.up(last.loss), plot.up(last.beside)]
    places = spread(wished, gap=2 * FONT + 12, low=plot.top, high=plot.bottom - FONT)
    return "".join(
        label(plot.right + 6, y + 2 + row * (FONT + 2), text, css=f"flag {css}")
        for name, y, css in zip(names, places, ("challenger", "production"), strict=True)
        for row, text in enumerate(name.split("\n"))
    )


@dataclass(frozen=True, slots=True)
class Weight:
    """Evidence after a turn, and what it must reach."""

    turn: int
    evidence: float
    needed: float


_LEAST, _MOST = 1e-3, 1e9
"""Evidence is drawn between these: beyond them nobody would act otherwise."""


def growing(weights: Sequence[Weight], *, last: int, x_title: str, y_title: str, words: Words) -> Svg:
    """Return evidence on a log axis as it grows, under the line it must reach.

    Parameters
    ----------
    weights
        In order of their turns; at least one. Evidence that starts anew starts a new line.
    last
        The newest turn.
    """
    seen = [min(max(weight.evidence, _LEAST), _MOST) for weight in weights]
    needed = [min(weight.needed, _MOST) for weight in weights]
    y = log_axis(min(0.5, *seen), max(*needed, *seen) * 1.6)
    left = max((width_of(tick.label) for tick in y.ticks), default=0) + 10
    text = f"needed {short(float(f'{needed[-1]:.2g}'))}"
    gutter = width_of(text) + 8
    x = linear_axis(0, max(last, 1), most=5, integer=True)
    plot = Plot(left=left, top=24, width=WIDTH - left - gutter, height=120, x=x, y=y)
    points = [(plot.across(weight.turn), plot.up(value)) for weight, value in zip(weights, seen, strict=True)]
    bar = [(plot.across(weight.turn), plot.up(value)) for weight, value in zip(weights, needed, strict=True)]
    bar = [(plot.left, bar[0][1]), *bar, (plot.right, bar[-1][1])]
    heights = spread([bar[-1][1], points[-1][1]], gap=FONT + 2, low=plot.top, high=plot.bottom)
    parts = [
        label(0, 11, y_title, css="axis"),
        plot.y_axis(),
        f'<path class="rule margin" d="{path_of(bar)}"/>',
        f'<path class="curve challenger" fill="none" d="{_broken(weights, points)}"/>',
        *(f'<path class="now-disc small" d="M{round(px)} {round(py)}h0"/>' for px, py in points),
        label(plot.right + 6, heights[0] + 4, text, css="flag margin"),
        label(
            plot.right + 6, heights[1] + 4, short(float(f"{weights[-1].evidence:.2g}")), css="flag challenger"
        ),
        plot.x_axis(x_title),
    ]
    return drawing(words, height=plot.bottom + 38, parts=parts)


def _broken(weights: Sequence[Weight], points: Sequence[tuple[float, float]]) -> str:
    """Return the way through the points; what it must reach changes where a challenge begins anew."""
    runs: list[list[tuple[float, float]]] = [[]]
    for place, point in enumerate(points):
        if place and weights[place].needed != weights[place - 1].needed:
            runs.append([])
        runs[-1].append(point)
    return "".join(path_of(run) for run in runs)
