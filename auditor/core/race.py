"""Where the race of the finalists stands after a look: the call, from the evidence on every finalist.

Left to others: the evidence (`comparison`), how much more data an open question would take (`sizing`), and
which setting carries a gain (`attribution`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from auditor.core.boundaries import as_deviate, normal_above, smallest_level
from auditor.core.comparison import LookPlan
from auditor.core.records import Call, Look
from auditor.core.sizing import shortfall

FUTILE_POWER = 0.05
"""Confirming stops when no claim has at least this chance left of being reached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Race:
    """Where the finalists and production stand after a look.

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


def race(
    looks: Sequence[Sequence[Look]],
    *,
    plan: LookPlan,
    margin: float,
    clusters: int,
    correlated: str | None = None,
) -> Race:
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
        return Race(
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
        return Race(call=Call.STALE, live=live, winner=winner, reason=reason, p_value=p_value)
    if not remaining:
        winner = _largest_gain(looks, range(len(looks)))
        return Race(
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
        return Race(call=None, live=live, winner=winner, reason=reason, p_value=p_value)
    short = shortfall(last, margin=margin, clusters=clusters, stale=plan.stale[-1], fresh=plan.fresh[-1])
    return Race(
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
