"""Whether a challenger beats production by enough to matter: the evidence, and the call.

`look` turns what `variance.two_way` estimates into evidence for "there is a gain" and for "a gain of
the margin is excluded", and `standing` weighs the evidence on every finalist against boundaries that
allow for looking several times. The design, and the simulations it was chosen by, are in statistics,
section 2.

Left to others: where the boundaries come from (`boundaries`), how much more data an open question
would take (`sizing`), and which setting carries a gain (`attribution`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from auditor.core.boundaries import (
    FARTHEST,
    as_deviate,
    chi_squared,
    normal_above,
    smallest_level,
    spending_boundaries,
)
from auditor.core.records import Call, FloatArray, Look
from auditor.core.sizing import shortfall
from auditor.core.skewness import less_skewed
from auditor.core.variance import Replicate, TwoWay, two_way

PASSES = (3, 4, 6)
"""Confirming passes after which the evidence is looked at.

Statistics, section 2, also looks after pass 2. With as many degrees of freedom as four replicates have,
that look decides next to nothing, and what it does decide comes with an interval of twenty standard errors.
"""

UNLUCKY = 0.02
"""How unlikely it is that replicates agree by chance as well as is allowed for."""

FUTILE_POWER = 0.05
"""Confirming stops when no claim has at least this chance left of being reached."""


# ---------------------------------------------------------------- one look


@dataclass(frozen=True, slots=True, kw_only=True)
class LookPlan:
    """When the evidence is looked at, and how strong it must be then; fixed before confirming.

    Attributes
    ----------
    passes
        Ascending; the look after the last one is the last look.
    stale
        Boundary on ``z_stale`` per look, for an error of ``(1 - confidence) / finalists`` on each
        finalist: any of them may be found better, so the chances of a false find add up. With one finalist it
        is as with two, so that its interval, which may miss the truth on either side, holds it as often as it
        says, and a stale call never comes with an interval that holds 0.
    fresh
        Boundary on ``z_fresh`` per look, for an error of ``1 - confidence``: all finalists must be
        excluded, so one with a gain of the margin is overlooked no more often than if it were alone.
    to_the_end
        Whether *stale* may be called at the last look only. Evidence that stops at its first crossing is
        too weak to add up over audits (statistics, section 6).
    """

    passes: tuple[int, ...]
    stale: tuple[float, ...]
    fresh: tuple[float, ...]
    confidence: float
    finalists: int
    to_the_end: bool = False

    @property
    def fractions(self) -> tuple[float, ...]:
        """Information at each look, as a share of that at the last."""
        return tuple(number / self.passes[-1] for number in self.passes)


def plan_looks(
    confidence: float, finalists: int, passes: tuple[int, ...] = PASSES, *, to_the_end: bool = False
) -> LookPlan:
    """Return the looks and their boundaries for a verdict of the given confidence.

    Parameters
    ----------
    confidence
        In (0, 1), for the call on all finalists together.
    finalists
        How many are confirmed; at least 1.
    to_the_end
        Whether to call *stale* at the last look only. The boundaries stay as they are, which at the last
        look asks for a hair more than one look needs to (1.99 against 1.96).

    Examples
    --------
    >>> plan = plan_looks(0.95, finalists=2)
    >>> [round(bound, 2) for bound in plan.stale], [round(bound, 2) for bound in plan.fresh]
    ([2.96, 2.54, 1.99], [2.54, 2.18, 1.7])
    """
    if not 0.0 < confidence < 1.0 or finalists < 1:
        raise ValueError(f"confidence in (0, 1) and finalists >= 1, got {confidence!r} and {finalists!r}")
    level = 1.0 - confidence
    fractions = tuple(number / passes[-1] for number in passes)
    return LookPlan(
        passes=passes,
        stale=spending_boundaries(level / max(2, finalists), fractions),
        fresh=spending_boundaries(level, fractions),
        confidence=confidence,
        finalists=finalists,
        to_the_end=to_the_end,
    )


def least_variance(losses: Sequence[FloatArray], *, margin: float, rows: int) -> float:
    """Return how large the squared standard error is at least, where the gain is the margin.

    Parameters
    ----------
    losses
        Of production and of the challenger, a number per row.
    margin
        In units of loss.
    rows
        How many different rows were scored.

    Notes
    -----
    With s the smallest step from one loss to another, a difference D is 0 or at least s. So D^2 >= s |D|, and
    with a mean of the margin m the variance is at least s m - m^2. It matters where losses are counts, as
    errors are: where a gain of the margin means two rows of two hundred, one time in seven none of them is
    there, nothing differs, and a spread of nothing would pass for certainty. Where losses are fine-grained it
    is next to 0.
    """
    seen, step = np.empty(0), 0.0
    for values in losses:
        seen = np.union1d(seen, values)
        step = float(np.diff(seen).min(initial=np.inf))
        if step <= margin:
            return 0.0  # seen as a rule in the first of them
    return margin * (step - margin) / rows if np.isfinite(step) else 0.0


def look(
    replicates: Sequence[Replicate], *, number: int, plan: LookPlan, margin: float, least: float = 0.0
) -> Look:
    """Weigh the evidence on one finalist.

    Parameters
    ----------
    replicates
        All differences so far, loss of production minus loss of the finalist.
    number
        Which planned look this is, counted from 1.
    margin
        Smallest gain worth having, above 0, in units of loss.
    least
        What the squared standard error is at least (`least_variance`).

    Returns
    -------
    Look
        Its interval is a repeated confidence interval: over all looks, it holds the true gain of its
        finalist with ``plan.confidence``, counting misses on both sides. Without any spread the interval is
        a point and the evidence is as strong as can be, unless ``least`` says that there are too few rows for
        that: two configurations that never differ exclude a gain of the margin.
    """
    if not margin > 0.0:
        raise ValueError(f"a margin is above 0, got {margin!r}")
    summary = _cautious(_raised(two_way(replicates), least))
    stale, fresh = plan.stale[number - 1], plan.fresh[number - 1]
    return Look(
        number=number,
        replicates=summary.replicates,
        gain=summary.interval(max(stale, fresh)),
        standard_error=summary.standard_error,
        degrees_of_freedom=summary.degrees_of_freedom,
        z_stale=_evidence(summary.estimate, summary, skewness=summary.skewness),
        z_fresh=_evidence(margin - summary.estimate, summary, skewness=-summary.skewness),
        boundary_stale=stale,
        boundary_fresh=fresh,
        example_variance=summary.example_variance,
        replicate_variance=summary.replicate_variance,
        skewness=summary.skewness,
    )


def _raised(summary: TwoWay, least: float) -> TwoWay:
    """Return a mean whose squared standard error is at least this; what is added is the rows' luck."""
    missing = least - summary.standard_error**2
    if missing <= 0.0:
        return summary
    raised = float(np.sqrt(least))
    return replace(
        summary,
        standard_error=raised,
        skewness=summary.skewness * (summary.standard_error / raised) ** 3,
        degrees_of_freedom=max(summary.degrees_of_freedom, summary.clusters - 1.0),
        example_variance=summary.example_variance + missing,
    )


def _cautious(summary: TwoWay) -> TwoWay:
    """Return a mean with no more degrees of freedom than are safe.

    Six replicates now and then agree by chance; Satterthwaite's formula then takes the variance for well
    known. So when degrees are counted, the luck of the trainings is taken to be as large as it can be
    (`UNLUCKY`): they are those of the replicates where it is most of the noise, and more where the luck of
    the rows is, which hundreds of rows tell. Measured in tests/integration/test_calibration.py.
    """
    spare = summary.replicates - 1.0
    largest = summary.replicate_variance * spare / chi_squared(UNLUCKY, degrees_of_freedom=spare)
    whole = summary.example_variance + largest
    share = largest / whole if whole > 0.0 else 1.0
    degrees = spare / share**2 if share > 0.0 else summary.degrees_of_freedom
    return replace(summary, degrees_of_freedom=min(summary.degrees_of_freedom, degrees))


def _evidence(distance: float, summary: TwoWay, *, skewness: float) -> float:
    """Return the evidence, as a normal deviate, that a distance estimated as this is above 0."""
    if summary.standard_error == 0.0:
        return float(np.sign(distance)) * FARTHEST
    statistic = less_skewed(distance / summary.standard_error, skewness=skewness)
    return as_deviate(statistic, degrees_of_freedom=summary.degrees_of_freedom)


# ---------------------------------------------------------------- the call


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where an audit stands after a look.

    Attributes
    ----------
    call
        None to go on confirming the live finalists.
    live
        Per finalist, whether a gain of the margin is not yet excluded for it.
    winner
        Index of the finalist that the gain is quoted for. When stale, of those that crossed the one
        with the highest lower bound; otherwise the one with the largest estimate, among the live ones
        while there are any.
    reason
        One clause, in plain words.
    p_value
        Sequential p-value of "no finalist is better", in (0, 1]; 1 where it cannot be trusted.
    more_replicates
        When undecided: about how many more replicates would decide, or None.
    more_rows
        When undecided for want of rows: about how many **clusters** would decide, those at hand
        included; the caller turns them into rows. None otherwise.
    """

    call: Call | None
    live: tuple[bool, ...]
    winner: int
    reason: str
    p_value: float
    more_replicates: int | None = None
    more_rows: int | None = None


def standing(
    looks: Sequence[Sequence[Look]],
    *,
    plan: LookPlan,
    margin: float,
    clusters: int,
    correlated: str | None = None,
) -> Standing:
    """Say, from the evidence so far, whether to call the audit, and what.

    Parameters
    ----------
    looks
        Per finalist its looks so far, at least one; a finalist that is no longer live gets no more.
    margin
        As given to `look`.
    clusters
        Clusters of rows behind the evidence.
    correlated
        Why the rows are too correlated in time for any claim, or None. With a reason the audit is
        undecided at once: no evidence counts.

    Notes
    -----
    STALE: some live finalist reached its stale boundary with an estimate of at least the margin. FRESH:
    every finalist reached its fresh boundary. UNDECIDED: after the last look, or earlier when no claim on
    any live finalist has a chance of `FUTILE_POWER` left. Rules of statistics, section 2.
    """
    if not looks or not all(looks):
        raise ValueError("every finalist needs at least one look")
    if correlated is not None:
        return Standing(
            call=Call.UNDECIDED,
            live=(True,) * len(looks),
            winner=_largest_gain(looks, range(len(looks))),
            reason=correlated,
            p_value=1.0,
        )
    live = tuple(not any(_excluded(seen) for seen in series) for series in looks)
    crossed = [
        j for j, series in enumerate(looks) if live[j] and _is_stale(series[-1], plan=plan, margin=margin)
    ]
    remaining = [j for j, alive in enumerate(live) if alive]
    p_value = _sequential_p(looks, plan=plan)
    if crossed:
        winner = max(crossed, key=lambda j: looks[j][-1].gain.low)
        reason = f"the evidence for a gain passed its boundary at {_which(looks[winner][-1], plan=plan)}"
        return Standing(call=Call.STALE, live=live, winner=winner, reason=reason, p_value=p_value)
    if not remaining:
        winner = _largest_gain(looks, range(len(looks)))
        return Standing(
            call=Call.FRESH,
            live=live,
            winner=winner,
            reason=_why_fresh(looks[winner][-1], margin=margin),
            p_value=p_value,
        )
    winner = _largest_gain(looks, remaining)
    last = looks[winner][-1]
    stopped = _why_stop([looks[j][-1] for j in remaining], last=last, plan=plan, margin=margin)
    if stopped is None:
        reason = f"no boundary has been reached at {_which(last, plan=plan)}"
        return Standing(call=None, live=live, winner=winner, reason=reason, p_value=p_value)
    short = shortfall(last, margin=margin, clusters=clusters, stale=plan.stale[-1], fresh=plan.fresh[-1])
    return Standing(
        call=Call.UNDECIDED,
        live=live,
        winner=winner,
        reason=stopped,
        p_value=p_value,
        more_replicates=short.more_replicates,
        more_rows=short.clusters,
    )


def _excluded(seen: Look) -> bool:
    """Whether a gain of the margin is excluded at this look."""
    return seen.z_fresh >= seen.boundary_fresh


def _is_stale(seen: Look, *, plan: LookPlan, margin: float) -> bool:
    """Whether a gain is shown, and is estimated to be worth having, at a look that may say so."""
    if plan.to_the_end and seen.number < len(plan.passes):
        return False
    return seen.z_stale >= seen.boundary_stale and seen.gain.estimate >= margin


def _largest_gain(looks: Sequence[Sequence[Look]], among: Sequence[int]) -> int:
    """Return the index of the finalist whose latest estimate is the largest."""
    return max(among, key=lambda j: looks[j][-1].gain.estimate)


def _why_fresh(seen: Look, *, margin: float) -> str:
    """Return why nothing is worth the margin; where the interval seems to say otherwise, why it does not."""
    shown = "every challenger's gain is shown to be below the margin"
    if seen.gain.high < margin:
        return shown
    return f"{shown}: a bound on that side alone is; the interval is wider, for it guards both sides"


def _which(seen: Look, *, plan: LookPlan) -> str:
    """Return ``look 2 of 3``."""
    return f"look {seen.number} of {len(plan.passes)}"


def _why_stop(live: Sequence[Look], *, last: Look, plan: LookPlan, margin: float) -> str | None:
    """Return why there is nothing more to wait for, or None while there is."""
    if last.number >= len(plan.passes):
        if _lopsided(last, margin=margin):
            return (
                "the planned runs are used up, and so few rows hold most of the difference that other rows "
                "may well say otherwise"
            )
        if last.z_stale >= last.boundary_stale:
            return "the planned runs are used up: there is a gain, but whether it is worth the margin is open"
        return "the planned runs are used up and the interval still holds both 0 and the margin"
    if all(_power_left(seen, plan=plan) < FUTILE_POWER for seen in live):
        return f"more runs could hardly decide within this plan, as seen at {_which(last, plan=plan)}"
    return None


def _lopsided(seen: Look, *, margin: float) -> bool:
    """Whether a claim would stand if the luck of the rows were not lopsided."""
    if seen.standard_error == 0.0:
        return False
    gain, z, bound = seen.gain.estimate, seen.z_fresh, seen.boundary_fresh
    distance = margin - gain
    if gain >= margin:
        distance, z, bound = gain, seen.z_stale, seen.boundary_stale
    plain = as_deviate(distance / seen.standard_error, degrees_of_freedom=seen.degrees_of_freedom)
    return z < bound <= plain


def _power_left(seen: Look, *, plan: LookPlan) -> float:
    """Return the chance, if the trend goes on, that either claim is reached at the last look.

    Conditional power under the current trend, 1 - Phi((c - z / sqrt(t)) / sqrt(1 - t)). It is
    optimistic: it takes all of the variance to shrink with more runs.
    """
    fraction = plan.fractions[seen.number - 1]
    claims = ((seen.z_stale, plan.stale[-1]), (seen.z_fresh, plan.fresh[-1]))
    return max(normal_above((bound - z / fraction**0.5) / (1.0 - fraction) ** 0.5) for z, bound in claims)


def _sequential_p(looks: Sequence[Sequence[Look]], *, plan: LookPlan) -> float:
    """Return finalists times the smallest level at which any finalist crossed at any look.

    Never above the plan's own level once the plan's own boundary was crossed, whatever the grid
    of levels.
    """
    levels = [smallest_level(tuple(seen.z_stale for seen in series), plan.fractions) for series in looks]
    if any(seen.z_stale >= seen.boundary_stale for series in looks for seen in series):
        levels.append((1.0 - plan.confidence) / max(2, plan.finalists))
    return min(1.0, plan.finalists * min(levels))
