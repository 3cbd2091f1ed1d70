"""A line of gains the height of a line of type."""

from collections.abc import Sequence

from auditor.core.records import Call
from auditor.reporting.charts.axes import linear_axis
from auditor.reporting.charts.svg import Svg, Words, drawing, path_of, shape

_WIDTH, _HEIGHT, _SIDE = 96, 24, 6


def sparkline(values: Sequence[float], *, call: Call | None, words: Words) -> Svg:
    """Return values from oldest to newest over a line at zero, the newest marked by its call.

    Parameters
    ----------
    values
        At least one; evenly spaced.
    """
    y = linear_axis(min(0.0, *values), max(0.0, *values))
    step = (_WIDTH - 2 * _SIDE) / max(1, len(values) - 1)
    points = [
        (_WIDTH - _SIDE - (len(values) - 1 - place) * step, _down(y.share(value)))
        for place, value in enumerate(values)
    ]
    zero = round(_down(y.share(0.0)))
    parts = [
        f'<path class="grid" d="M0 {zero}h{_WIDTH}"/>',
        f'<path class="trail" d="{path_of(points)}"/>',
        shape(call, *points[-1]),
    ]
    return drawing(words, height=_HEIGHT, parts=parts, width=_WIDTH)


def _down(share: float) -> float:
    return _HEIGHT - 6 - share * (_HEIGHT - 12)
