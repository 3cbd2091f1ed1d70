"""How much more it would take to decide, for an audit that could not.

A rule of thumb for people, not a claim: it takes the estimate and its variance components for the
truth, and asks what would bring the standard error down to where a call would follow.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from auditor.core.boundaries import as_statistic
from auditor.core.records import Look
from auditor.core.skewness import as_skewed

_MOST_REPLICATES = 10.0
"""More than this many times the replicates at hand is no advice; more rows are."""

_MOST_ROWS = 1000.0
"""More than this many times the rows at hand is no advice at all."""

_HALVINGS = 40
"""Bisection steps in the logarithm of how many times the rows: to far less than one row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """What is missing: at most one of the two is given.

    Attributes
    ----------
    more_replicates
        Replicates on top of those at hand, on the same rows; None when these alone would not do.
    clusters
        Clusters of rows in all, with as many replicates as at hand, when replicates alone would not do;
        None when a thousand times the rows would not do either.
    """

    more_replicates: int | None = None
    clusters: int | None = None


def shortfall(seen: Look, *, margin: float, clusters: int, stale: float, fresh: float) -> Shortfall:
    """Return about how much more would decide an undecided finalist.

    Parameters
    ----------
    seen
        Its last look.
    margin
        In units of loss.
    clusters
        Clusters of rows at hand.
    stale, fresh
        Boundaries to reach, as normal deviates: those of the last look.
    """
    needed = _needed_standard_error(seen, margin=margin, stale=stale, fresh=fresh) ** 2
    lasting, shrinking = seen.example_variance, seen.replicate_variance
    if lasting < needed:
        growth = shrinking / (needed - lasting)
        if growth <= _MOST_REPLICATES:
            more = math.ceil(seen.replicates * (growth - 1.0))
            return Shortfall(more_replicates=max(1, more))

    def suffices(growth: float) -> bool:
        # Rows thin out the first part only; where the other leaves less than half, runs must do the rest.
        then = replace(seen, skewness=seen.skewness / math.sqrt(growth))
        allowed = _needed_standard_error(then, margin=margin, stale=stale, fresh=fresh) ** 2
        return lasting <= growth * max(allowed - shrinking, allowed / 2.0)

    times = _least_growth(suffices)
    return Shortfall(clusters=None if times is None else math.ceil(clusters * times))


def _least_growth(suffices: Callable[[float], bool]) -> float | None:
    """Return how many times the rows would do, or None if a thousand times would not."""
    if not suffices(_MOST_ROWS):
        return None
    low, high = 0.0, math.log(_MOST_ROWS)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2.0
        low, high = (low, middle) if suffices(math.exp(middle)) else (middle, high)
    return math.exp(high)


def _needed_standard_error(seen: Look, *, margin: float, stale: float, fresh: float) -> float:
    """Return the standard error at which a call would follow, should the estimate stay what it is.

    From the margin up, the claim is that there is a gain. Below the margin it is that the margin is
    excluded, which an estimate just below it would put out of reach; but once the interval is too short to
    hold both 0 and the margin, one of the claims can be made, so no more than that is asked for while 0 is
    still in the interval.
    """
    degrees = seen.degrees_of_freedom
    reach_stale = as_skewed(as_statistic(stale, degrees_of_freedom=degrees), skewness=seen.skewness)
    reach_fresh = as_skewed(as_statistic(fresh, degrees_of_freedom=degrees), skewness=-seen.skewness)
    gain = seen.gain.estimate
    if gain >= margin:
        return gain / reach_stale
    excluding = (margin - gain) / reach_fresh
    if seen.z_stale >= seen.boundary_stale:
        return excluding
    return max(excluding, margin / (reach_stale + reach_fresh))
