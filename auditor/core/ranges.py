"""How far a recommended value may be moved: the flat range around it, from a scan along its own scale.

A few values of one setting are really run, all else at the recommended configuration, in the same paired
replicates as the recommended one. Two ranges follow, and they say different things (statistics, section 4):

- *plausible*: not shown to be worse than the recommended value. It keeps every value that is truly as good;
- *safe*: shown to lose less than the margin. A value outside it may well be fine.

With 4 replicates, 500 rows and 7 values, in 300 simulations with and without luck of the trainings, the
plausible range kept every value that was as good in 98 %, and the safe one held a value that lost just more
than the margin in 2 %, at a nominal 5 %.

What the trials of the search say of a range was measured to be valid and useless: it kept nine tenths of
all values. Only re-runs tell.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from auditor.core.boundaries import deviate_of
from auditor.core.dimensions import Dimension
from auditor.core.records import Estimate
from auditor.core.variance import Replicate, difference, two_way

OFFSETS = (0.05, 0.15, 0.4)
"""How far each way from the recommended value, in shares of the axis, the others lie: with it seven values
(statistics, section 4). Close by and far off, because it is not known how flat the optimum is: on the two
decades that a learning rate has by default, by factors of 1.26, 2 and 6.3."""


@dataclass(frozen=True, slots=True)
class FlatRange:
    """How far one setting may be moved from its recommended value, both ends included.

    Attributes
    ----------
    plausible
        Spans every scanned value that is not shown to be worse.
    safe
        Spans the values around the recommended one, without a gap, that are shown to lose less than the
        margin; None when no other value was.
    """

    plausible: tuple[float, float]
    safe: tuple[float, float] | None


def scan_values(dimension: Dimension, recommended: float) -> tuple[int | float, ...]:
    """Return the values to scan, ascending, the recommended one among them; all within the searched box.

    Fewer than seven where whole numbers, or an end that is near, leave no more.

    Examples
    --------
    >>> from auditor.core.scales import Log
    >>> scan_values(Dimension(0.01, 1.0, Log()), 0.1)
    (0.0158, 0.0501, 0.0794, 0.1, 0.126, 0.2, 0.631)
    """
    place = dimension.to_unit(recommended)
    shares = [min(max(place + sign * offset, 0.0), 1.0) for offset in OFFSETS for sign in (-1.0, 1.0)]
    return tuple(sorted({recommended, *map(dimension.from_unit, shares)}))


def flat_range(
    losses: Mapping[float, Sequence[Replicate]], *, recommended: float, confidence: float, margin: float
) -> FlatRange:
    """Return the two ranges around a recommended value.

    Parameters
    ----------
    losses
        Per scanned value its losses in each replicate, the same ones for all; empty for a value that does
        not train, which is in neither range. The recommended value must be among them.
    confidence
        In (0, 1), of all comparisons of one range together: each is at
        ``1 - (1 - confidence) / (values - 1)``.
    margin
        Smallest difference worth having, in units of loss.

    Raises
    ------
    ValueError
        If the recommended value was not run.

    Notes
    -----
    With g the loss of a value minus that of the recommended one, SE its two-way standard error and q the
    quantile of Student's t at the corrected level, a value is plausible where ``g - q SE <= 0`` and safe
    where ``g + q SE <= margin``.
    """
    ours = losses.get(recommended)
    if not ours:
        raise ValueError(f"the recommended value {recommended!r} was not run")
    deviate = deviate_of((1.0 - confidence) / max(1, len(losses) - 1))
    worse = {
        value: _worse(theirs, ours, deviate=deviate)
        for value, theirs in losses.items()
        if theirs and value != recommended
    }
    plausible = [recommended, *(value for value, found in worse.items() if found.low <= 0.0)]
    safe = {recommended, *(value for value, found in worse.items() if found.high <= margin)}
    run = _unbroken(sorted(losses), safe, around=recommended)
    return FlatRange(
        plausible=(float(min(plausible)), float(max(plausible))),
        safe=(float(run[0]), float(run[-1])) if len(run) > 1 else None,
    )


def _worse(theirs: Sequence[Replicate], ours: Sequence[Replicate], *, deviate: float) -> Estimate:
    """Return by how much a value is worse than the recommended one, with its interval."""
    pairs = zip(theirs, ours, strict=True)
    return two_way([difference(their, our) for their, our in pairs]).interval(deviate)


def _unbroken(values: Sequence[float], held: set[float], *, around: float) -> list[float]:
    """Return the run of held values around one of them, ascending."""
    start = stop = values.index(around)
    while start > 0 and values[start - 1] in held:
        start -= 1
    while stop + 1 < len(values) and values[stop + 1] in held:
        stop += 1
    return list(values[start : stop + 1])
