"""How soon to look again: from how often this model's settings went stale, and what that costs.

An audit costs something; so does every month in which stale settings are in production and nobody
knows. If settings go stale at a rate of ``hazard`` a month, and are audited every ``t`` months, a
month costs ``audit / t`` for audits and ``hazard * t / 2 * loss`` for staleness that nobody has seen
yet: least at ``t = sqrt(2 audit / (hazard * loss))``, the inspection interval of [1]_.

The hazard is estimated from the model's own audits, beginning from one staleness in six months: a
Gamma(1, 6 months) prior, which a year of audits outweighs. A stretch of time that ended *fresh*
counts as time without staleness; one that ended *stale* counts half, because nobody knows when in
it the settings went; *undecided* says nothing and counts nothing (statistics, section 7).

References
----------
.. [1] Barlow and Proschan (1965), "Mathematical theory of reliability", chapter 4.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from auditor.core.records import Call, Look

PRIOR_TIMES, PRIOR_MONTHS = 1, 6.0
"""Before any audit: as if the settings had gone stale once in six months (statistics, section 7)."""

DAYS_PER_MONTH = 365.25 / 12.0

SHORTEST_DAYS, LONGEST_DAYS = 7.0, 365.25
"""An interval is never shorter than a week, nor longer than a year, whatever the estimate."""

LEAST_STRETCH_DAYS = 1.0
"""Settings audited within a day of their capture tell nothing of how fast they go stale: if they are
stale, they were so from the start, and nobody knows since when."""

_DECISIVE = 2.5
"""Standard errors that the margin must be for an audit to decide most of the time (statistics, section 7)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """One decided audit, as far as the hazard is concerned.

    Attributes
    ----------
    at
        When it was begun.
    settings
        Any text that is the same for the same production settings.
    since
        When these settings were first captured.
    """

    at: datetime
    call: Call
    settings: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Hazard:
    """How often a model's settings go stale.

    Attributes
    ----------
    times, months
        How often they were seen to have gone stale, in how many months of being watched.
    """

    times: int
    months: float

    @property
    def per_month(self) -> float:
        """Estimated times per month."""
        return (PRIOR_TIMES + self.times) / (PRIOR_MONTHS + self.months)


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """How long to wait, and what kept it from being what the hazard asks for (see `NextAudit.limit`)."""

    days: float
    limit: str | None = None


def hazard_of(past: Sequence[Past]) -> Hazard:
    """Return how often settings went stale, from a model's finished audits, oldest first.

    Parameters
    ----------
    past
        Undecided audits may be among them; they count for nothing. Settings that were found stale, and
        are still in production, are no longer watched: that they are stale again is no news.

    Examples
    --------
    >>> hazard_of([]).per_month
    0.16666666666666666
    """
    times, months = 0, 0.0
    watched: tuple[str, datetime] | None = None
    known_stale: str | None = None
    for audit in past:
        if audit.call is Call.UNDECIDED or audit.settings == known_stale:
            continue
        began = watched[1] if watched and watched[0] == audit.settings else audit.since
        stretch = max(0.0, (audit.at - began).total_seconds() / 86_400)
        told = stretch >= LEAST_STRETCH_DAYS
        if audit.call is Call.STALE:
            times += told
            months += 0.5 * stretch / DAYS_PER_MONTH
            known_stale, watched = audit.settings, None
        else:
            months += stretch / DAYS_PER_MONTH
            known_stale, watched = None, (audit.settings, audit.at)
    return Hazard(times=times, months=months)


def best_interval(hazard: Hazard, *, stale_cost: float, label_days: float | None = None) -> Interval:
    """Return the interval that costs least, within a week and a year, and not before there are new labels.

    Parameters
    ----------
    stale_cost
        What a month with stale settings costs, counted in audits; above 0.
    label_days
        Days until enough new labelled rows have come to decide an audit, or None where that is unknown.

    Examples
    --------
    >>> round(best_interval(Hazard(times=0, months=0.0), stale_cost=2.0).days)
    75
    >>> best_interval(Hazard(times=40, months=3.0), stale_cost=20.0)
    Interval(days=7.0, limit='shortest')
    """
    wished = DAYS_PER_MONTH * math.sqrt(2.0 / (hazard.per_month * stale_cost))
    floor = max(SHORTEST_DAYS, label_days or 0.0)
    if wished < floor:
        limit = "labels" if label_days is not None and label_days > SHORTEST_DAYS else "shortest"
        return Interval(days=min(floor, LONGEST_DAYS), limit=limit)
    if wished > LONGEST_DAYS:
        return Interval(days=LONGEST_DAYS, limit="longest")
    return Interval(days=wished)


def rows_to_decide(look: Look, *, margin: float, confirm_rows: int) -> int:
    """Return how many confirming rows would decide an audit like the last one.

    ``n (2.5 SE / margin)^2``, as if all of the standard error were luck of the rows; never more than
    that audit had, because a smaller sample was not tried.
    """
    needed = confirm_rows * (_DECISIVE * look.standard_error / margin) ** 2
    return min(confirm_rows, math.ceil(needed))


def days_of_labels(rows: int, *, first: datetime, last: datetime, in_all: int) -> float | None:
    """Return in how many days so many rows arrive, at the rate at which ``in_all`` came between two moments.

    None when the moments are the same: then there is no rate.
    """
    days = (last - first).total_seconds() / 86_400
    return rows * days / in_all if days > 0.0 and in_all > 0 else None
