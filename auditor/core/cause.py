"""Why settings went stale, from the gain of one challenger on older rows and on fresh ones.

Two by two: production and the challenger, trained on a *reference* snapshot (then) and on the fresh rows
(now), at equal training size and on rows that the two do not share. The difference between the two gains,
a difference in differences, is what came with the fresh rows. A gain that goes away when the fresh
rows are cut to the older training size is due to their number. Rules of statistics, section 5; selection of
the challenger on fresh rows does not bias its gain on older ones.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from auditor.core.boundaries import deviate_of
from auditor.core.records import Canary, CanaryCall, Cause, CauseCall, Estimate, Reference
from auditor.core.variance import TwoWay
from auditor.core.wording import Ruler, listed

GREW = 1.25
"""Training sizes that differ by less than this factor count as equal: a gain hardly moves with them
(statistics, section 0.1: .055 at 1 000 rows, .051 at 1 200)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Square:
    """The two by two, as measured.

    Attributes
    ----------
    then, now
        Gain of the challenger over production on older and on fresh rows, each fitted on ``rows`` rows.
    whole
        The gain of the side that has more rows to train on, fitted on ``whole_rows`` of them; None when
        both have about as many.
    grown
        Whether that side is the fresh one.
    overstated
        Whether the challenger was chosen on rows that its gain then is measured on: then it is too large, if
        anything.
    """

    then: TwoWay
    now: TwoWay
    rows: int
    whole: TwoWay | None = None
    whole_rows: int | None = None
    grown: bool = True
    overstated: bool = False


def apart(first: TwoWay, second: TwoWay) -> TwoWay:
    """Return first minus second, of means that have nothing in common.

    Variances add; degrees of freedom by Satterthwaite.
    """
    parts = [(each.standard_error**2, each.degrees_of_freedom) for each in (first, second)]
    variance = math.fsum(part for part, _ in parts)
    spread = math.fsum(part**2 / degrees for part, degrees in parts)
    third = first.skewness * first.standard_error**3 - second.skewness * second.standard_error**3
    return TwoWay(
        estimate=first.estimate - second.estimate,
        standard_error=math.sqrt(variance),
        degrees_of_freedom=variance**2 / spread if spread > 0.0 else math.inf,
        clusters=first.clusters + second.clusters,
        replicates=first.replicates + second.replicates,
        example_variance=first.example_variance + second.example_variance,
        replicate_variance=first.replicate_variance + second.replicate_variance,
        skewness=third / variance**1.5 if variance > 0.0 else 0.0,
    )


def find_cause(square: Square, *, margin: float, reference: Reference, ruler: Ruler) -> Cause:
    """Return why a confirmed gain is there now.

    Parameters
    ----------
    margin
        Smallest gain worth having, above 0, in units of loss.
    ruler
        Its confidence is that of every interval and of every bound that a call rests on.

    Notes
    -----
    With L and U the lower and upper ends of an interval, g_old and g_new the gains at equal size, and
    DiD = g_new - g_old, in this order:

    - *data*: L(DiD) > 0 and U(g_old) < margin;
    - *both*: L(DiD) > 0 and L(g_old) > 0;
    - *data*, likely but not certain: L(DiD) > 0 and g_old < margin / 2;
    - *size*: the fresh rows train more than the older ones did, the gain at the older size is below the
      margin, U(g_new) < margin, and smaller than at full size, L(g_full - g_new) > 0; likewise the other
      way round where fewer rows are left than there were;
    - *never tuned*: L(g_old) > 0 and g_old >= margin / 2: a gain that was too small to be worth having
      is no fault of whoever tuned;
    - *undetermined* otherwise.

    Where g_old is overstated, that it is small still counts, and that it is large does not: *both* becomes
    *data*, not certain, and *never tuned* becomes *undetermined*.
    """
    deviate = deviate_of((1.0 - ruler.confidence) / 2.0)
    then, now = square.then.interval(deviate), square.now.interval(deviate)
    difference = apart(square.now, square.then).interval(deviate)
    call, certain = _call(square, then=then, difference=difference, margin=margin, deviate=deviate)
    whole = None if square.whole is None else square.whole.interval(deviate)
    return Cause(
        call=call,
        sentence=_sentence(call, certain, square, ruler=ruler, intervals=(then, now, difference, whole)),
        certain=certain,
        reference=reference,
        gain_then=then,
        gain_now=now,
        difference=difference,
        gain_full=whole,
        fitted_rows=square.rows,
        fitted_rows_full=square.whole_rows,
        next_step=_next_step(square, then=then) if call is CauseCall.UNDETERMINED else None,
    )


def _next_step(square: Square, *, then: Estimate) -> str:
    if square.overstated and then.low > 0.0:
        return "take a window of newer rows (data.window), which the older ones are no part of"
    return "give it more rows, then and now: the intervals are too wide"


def undetermined(reason: str, *, reference: Reference | None = None, next_step: str | None = None) -> Cause:
    """Return that the cause cannot be told, and why.

    Parameters
    ----------
    reason
        A clause, without its full stop.
    """
    return Cause(
        call=CauseCall.UNDETERMINED,
        sentence=f"Why it went stale cannot be told: {reason}.",
        certain=False,
        reference=reference,
        next_step=next_step,
    )


def blame_environment(cause: Cause, canary: Canary, *, changes: Sequence[str]) -> Cause:
    """Return a cause as it stands when a canary was looked at: a changed one overrules the data.

    Parameters
    ----------
    changes
        Names of what differs in environment and code since the capture.
    """
    if canary.call is not CanaryCall.CHANGED:
        return cause
    since = f" Since the capture these changed: {listed(changes)}." if changes else _NOTHING_KNOWN
    return Cause(
        call=CauseCall.ENVIRONMENT,
        sentence=f"{canary.reason} Neither the data nor the settings can be blamed alone.{since}",
        certain=cause.certain,
        reference=cause.reference,
        gain_then=cause.gain_then,
        gain_now=cause.gain_now,
        difference=cause.difference,
        gain_full=cause.gain_full,
        fitted_rows=cause.fitted_rows,
        fitted_rows_full=cause.fitted_rows_full,
        next_step="find what changed, and audit again: the settings may be right for what was there before",
    )


_NOTHING_KNOWN = " Nothing that is recorded of environment and code differs since the capture."


def _call(
    square: Square, *, then: Estimate, difference: Estimate, margin: float, deviate: float
) -> tuple[CauseCall, bool]:
    if difference.low > 0.0 and then.high < margin:
        return CauseCall.DATA, True
    if difference.low > 0.0 and then.low > 0.0:
        return (CauseCall.DATA, False) if square.overstated else (CauseCall.BOTH, True)
    if difference.low > 0.0 and then.estimate < margin / 2.0:
        return CauseCall.DATA, False
    if _is_size(square, margin=margin, deviate=deviate):
        return CauseCall.SIZE, True
    if then.low > 0.0 and then.estimate >= margin / 2.0 and not square.overstated:
        return CauseCall.NEVER_TUNED, True
    return CauseCall.UNDETERMINED, False


def _is_size(square: Square, *, margin: float, deviate: float) -> bool:
    """Whether a gain depends on how many rows are trained on, and is none at the older number."""
    if square.whole is None:
        return False
    if square.grown:
        small = square.now
        return (
            small.interval(deviate).high < margin and apart(square.whole, small).interval(deviate).low > 0.0
        )
    small = square.then
    return (
        square.whole.interval(deviate).high < margin
        and apart(small, square.whole).interval(deviate).low > 0.0
    )


def _sentence(
    call: CauseCall,
    certain: bool,
    square: Square,
    *,
    ruler: Ruler,
    intervals: tuple[Estimate, Estimate, Estimate, Estimate | None],
) -> str:
    then, now, difference, whole = intervals
    measured = (
        f"Fitted on {square.rows:,} rows each, the same change gains {ruler.interval(then)} on the older "
        f"rows and {ruler.interval(now)} on the fresh ones"
    )
    if call is CauseCall.DATA:
        said = "The data moved" if certain else "The data probably moved"
        return f"{said}. {measured}: the difference is {ruler.interval(difference)}."
    if call is CauseCall.NEVER_TUNED:
        return (
            f"It was never tuned well. {measured}: a gain was there before, and is not shown to have grown."
        )
    if call is CauseCall.BOTH:
        return f"It was not tuned well, and the data moved as well. {measured}."
    if call is CauseCall.SIZE and whole is not None:
        return _size_sentence(square, small=now if square.grown else then, whole=whole, ruler=ruler)
    if square.overstated and then.low > 0.0:
        return (
            f"Why it went stale cannot be told. {measured}; but the change was chosen on some of these older "
            "rows, so that it may only seem to have gained then."
        )
    return f"Why it went stale cannot be told. {measured}; the intervals do not tell the two apart."


def _size_sentence(square: Square, *, small: Estimate, whole: Estimate, ruler: Ruler) -> str:
    gains = (
        f"fitted on {square.rows:,} rows the change gains {ruler.interval(small)}, "
        f"fitted on {square.whole_rows:,} rows {ruler.interval(whole)}"
    )
    if square.grown:
        return f"There is more data to train on than there was: on the fresh rows, {gains}."
    return f"There is less data to train on than there was: on the older rows, {gains}."
