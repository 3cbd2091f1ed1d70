"""The parts that every chart is drawn with: text, marks, labels that keep clear of each other.

Charts are SVG, 360 units wide: at that width the type is legible on a phone, and two
charts stand side by side on a desk. Colours are the page's CSS custom properties, so
that one drawing serves light, dark, paper and forced colours. Coordinates are integers,
which is a third of a unit's error and a half of the bytes.
"""

import functools
import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby, pairwise

from auditor.core.records import Call

WIDTH = 360
"""Of every chart, in user units."""

FONT = 11.0
"""Type size in charts, in user units; ``style.css`` says the same."""

_NARROW, _BROAD = (
    frozenset("fijlrt.,:;'|!()[]- \N{NO-BREAK SPACE}"),
    frozenset("mwMW%@&\N{HORIZONTAL ELLIPSIS}"),
)

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

_OUTLINES = {
    Call.STALE: "M0-5 5 4H-5z",
    Call.FRESH: "M-4 0a4 4 0 1 1 8 0a4 4 0 1 1-8 0z",
    Call.UNDECIDED: "M0-5.2 5.2 0 0 5.2-5.2 0z",
    None: "M-4-2.6-2.6-4 0-1.4 2.6-4 4-2.6 1.4 0 4 2.6 2.6 4 0 1.4-2.6 4-4 2.6-1.4 0z",
}


@dataclass(frozen=True, slots=True)
class Svg:
    """Finished markup: everything in it that came from a user has been escaped."""

    text: str

    def __html__(self) -> str:
        """Return the markup, for templates that escape everything else."""
        return self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a chart says to those who do not see it.

    Attributes
    ----------
    key
        Unique on the page; every id in the chart begins with it.
    description
        What the chart shows, as found, not how to read it.
    """

    key: str
    title: str
    description: str


def tidy(text: str) -> str:
    r"""Replace what no page may hold (control characters, lone surrogates) by U+FFFD.

    Examples
    --------
    >>> tidy("a\x00b") == "a\N{REPLACEMENT CHARACTER}b"
    True
    """
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


def safe(text: str) -> str:
    """Return a text as markup that shows that text.

    Examples
    --------
    >>> safe("<b>")
    '&lt;b&gt;'
    """
    return escape(tidy(text))


def shortened(text: str, most: int) -> str:
    """Cut a text to at most ``most`` characters, the last of them an ellipsis.

    Examples
    --------
    >>> shortened("learning_rate", 8)
    'learnin…'
    """
    return text if len(text) <= most else text[: most - 1] + "…"


def width_of(text: str, *, size: float = FONT) -> float:
    """Return about how wide a text is set, in user units; erring on the wide side.

    The widths are those of DejaVu Sans Bold, rounded up: the widest face a browser is likely to fall
    back to (Linux without other fonts), so that labels placed by it keep clear in any other.
    """
    return size * sum(map(_width_of_letter, text))


@functools.cache
def _width_of_letter(letter: str) -> float:
    """Return the width of a letter in parts of the type size."""
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.05
    return 0.5 if letter in _NARROW else 1.04 if letter in _BROAD else 0.72


def label(x: float, y: float, text: str, *, css: str = "", anchor: str = "") -> str:
    """Return a line of text with its baseline at ``y``; ``anchor`` is ``start``, ``m`` or ``e``."""
    names = " ".join(name for name in (css, anchor) if name)
    attribute = f' class="{names}"' if names else ""
    return f'<text x="{round(x)}" y="{round(y)}"{attribute}>{safe(text)}</text>'


def line(points: Iterable[tuple[float, float]], *, css: str, title: str = "") -> str:
    """Return an open path through points, in whole units."""
    inner = f"<title>{safe(title)}</title>" if title else ""
    return f'<path class="{css}" d="{path_of(points)}"' + (f">{inner}</path>" if inner else "/>")


def path_of(points: Iterable[tuple[float, float]]) -> str:
    """Return path data through points, relative after the first, runs along an axis merged.

    Examples
    --------
    >>> path_of([(0, 0), (4, 0), (8, 0), (9, 5)])
    'M0 0l8 0 1 5'
    """
    # groupby drops repetitions, which would hide a turn from the test for one.
    rounded = [point for point, _ in groupby((round(x), round(y)) for x, y in points)]
    corners = [
        here
        for before, here, after in zip([None, *rounded], rounded, [*rounded[1:], None], strict=False)
        if before is None or after is None or _turns(before, here, after)
    ]
    steps = [f"{after[0] - before[0]}{_joined(after[1] - before[1])}" for before, after in pairwise(corners)]
    start = f"M{corners[0][0]}{_joined(corners[0][1])}"
    return start + ("l" + "".join([steps[0], *map(_lead, steps[1:])]) if steps else "")


def thinned(points: Sequence[tuple[float, float]], *, slack: float) -> list[tuple[float, float]]:
    """Leave out points of a curve that a straight line passes within ``slack`` units above or below.

    The swing filter: one pass, keeping the range of slopes that still serve every point left out
    (Elmeleegy et al. 2009, "Online piece-wise linear approximation of numerical streams with
    precision guarantees", PVLDB 2(1)).

    Parameters
    ----------
    points
        From left to right.

    Examples
    --------
    >>> thinned([(0, 0), (1, 1.1), (2, 2), (3, 0)], slack=0.5)
    [(0, 0), (2, 2), (3, 0)]
    """
    if not points:
        return []
    kept = [points[0]]
    (x, y), low, high = points[0], -math.inf, math.inf
    for before, here in pairwise(points):
        across, down = max(here[0] - x, 1e-9), here[1] - y
        if not low <= down / across <= high:
            kept.append(before)
            (x, y), low, high = before, -math.inf, math.inf
            across, down = max(here[0] - x, 1e-9), here[1] - y
        least, most = (down - slack) / across, (down + slack) / across
        low, high = (least if least > low else low), (most if most < high else high)
    return kept if len(points) == 1 else [*kept, points[-1]]


def _turns(before: tuple[int, int], here: tuple[int, int], after: tuple[int, int]) -> bool:
    right, down = here[0] - before[0], here[1] - before[1]
    next_right, next_down = after[0] - here[0], after[1] - here[1]
    return right * next_down != down * next_right or right * next_right + down * next_down < 0


def _joined(value: int) -> str:
    return f"{value}" if value < 0 else f" {value}"


def _lead(step: str) -> str:
    return step if step.startswith("-") else f" {step}"


def shape(call: Call | None, x: float, y: float, *, css: str = "") -> str:
    """Return the shape of a call, about ten units wide, centred; ``None`` is a failure's cross."""
    name = call.value if call else "failed"
    place = f"translate({round(x)} {round(y)})"
    return f'<path class="fill-{name} {css}" transform="{place}" d="{_OUTLINES[call]}"/>'


def outline(call: Call | None) -> str:
    """Return the path data of a call's shape, within (-6, 6) both ways."""
    return _OUTLINES[call]


def badge(call: Call | None) -> Svg:
    """Return a call's shape as an inline icon; the word stands beside it, so it is silent."""
    name = call.value if call else "failed"
    return Svg(
        f'<svg class="icon" viewBox="-6 -6 12 12" aria-hidden="true">'
        f'<path class="fill-{name}" d="{_OUTLINES[call]}"/></svg>'
    )


@dataclass(frozen=True, slots=True)
class Flag:
    """A label above a chart that names an upright line.

    Attributes
    ----------
    row
        Counted from 0, the row next to the plot.
    """

    x: float
    text: str
    css: str
    center: float
    row: int


def flags(lines: Sequence[tuple[float, str, str]], *, left: float, right: float) -> tuple[Flag, ...]:
    """Place the names of upright lines above them so that no two overlap.

    A name stands over its line, or, where another line would cut through it, beside it; a name
    that has no room at all goes one row up.

    Parameters
    ----------
    lines
        Of each line: x, name, CSS class.
    left, right
        What the names may not cross.

    Returns
    -------
    tuple of Flag
        From left to right.
    """
    ordered = sorted(lines)
    placed: list[Flag] = []
    for x, text, css in ordered:
        half = width_of(text) / 2
        middle = min(max(x, left + half), max(right - half, left + half))
        others = [other for other, _, _ in ordered if other != x]
        spots = (middle, x - half - 4, x + half + 4)
        clear = [
            spot
            for spot in spots
            if _is_clear(spot, half, others=others, placed=placed, left=left, right=right)
        ]
        center, row = (clear[0], 0) if clear else (middle, _free_row(middle, half, placed))
        placed.append(Flag(x, text, css, center, row))
    return tuple(placed)


def _is_clear(
    center: float,
    half: float,
    *,
    others: Sequence[float],
    placed: Sequence[Flag],
    left: float,
    right: float,
) -> bool:
    within = left - 1 <= center - half and center + half <= right + 1
    cut = any(abs(other - center) < half + 3 for other in others)
    return within and not cut and not any(flag.row == 0 and _touch(center, half, flag) for flag in placed)


def _touch(center: float, half: float, flag: Flag) -> bool:
    return abs(center - flag.center) < half + width_of(flag.text) / 2 + 4


def _free_row(center: float, half: float, placed: Sequence[Flag]) -> int:
    taken = {flag.row for flag in placed if _touch(center, half, flag)}
    return next(row for row in range(len(placed) + 1) if row not in taken)


def spread(positions: Sequence[float], *, gap: float, low: float, high: float) -> tuple[float, ...]:
    """Move positions as little as needed to stand ``gap`` apart, in their order, within the ends.

    Examples
    --------
    >>> spread([10.0, 12.0, 50.0], gap=10, low=0, high=60)
    (6.0, 16.0, 50.0)
    """
    order = sorted(range(len(positions)), key=lambda index: positions[index])
    clusters: list[list[float]] = []  # of each: sum of wished starts, members
    for rank, index in enumerate(order):
        clusters.append([positions[index] - rank * gap, 1.0])
        while len(clusters) > 1 and clusters[-2][0] / clusters[-2][1] >= clusters[-1][0] / clusters[-1][1]:
            total, members = clusters.pop()
            clusters[-1] = [clusters[-1][0] + total, clusters[-1][1] + members]
    starts = [total / members for total, members in clusters for _ in range(int(members))]
    ceiling = high - (len(order) - 1) * gap
    moved = {
        index: max(min(start, ceiling), low) + rank * gap
        for rank, (index, start) in enumerate(zip(order, starts, strict=True))
    }
    return tuple(moved[index] for index in range(len(positions)))


def drawing(words: Words, *, height: float, parts: Iterable[str], width: int = WIDTH) -> Svg:
    """Return a whole chart: parts on a ground ``width`` by ``height``, with a title and a description."""
    return Svg(
        f'<svg class="chart" viewBox="0 0 {width} {round(height)}" role="img" '
        f'aria-labelledby="{words.key}-t {words.key}-d">'
        f'<title id="{words.key}-t">{safe(words.title)}</title>'
        f'<desc id="{words.key}-d">{safe(words.description)}</desc>{"".join(parts)}</svg>'
    )
