"""When a model is due to be audited again."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from auditor.core.cadence import DAYS_PER_MONTH, PRIOR_MONTHS, Hazard, Interval, best_interval
from auditor.core.records import NextAudit, When

_NOBODY_YET = Hazard(times=0, months=0.0)


def next_audit(
    when: When, *, after: datetime, hazard: Hazard = _NOBODY_YET, label_days: float | None = None
) -> NextAudit:
    """Return the first due moment after another one, in UTC, and the reason for it.

    Parameters
    ----------
    after
        Aware; usually when the last audit finished.
    hazard
        How often this model's settings went stale; used only with ``when.auto``.
    label_days
        Days until enough new rows have come to decide an audit, or None; used only with ``when.auto``.
    """
    if when.auto:
        return _from_history(when, hazard, after=after, label_days=label_days)
    if when.every is not None:
        return NextAudit(due=after + when.every, reason=f"the schedule says every {_span(when)}")
    if when.cron is not None:
        return NextAudit(
            due=_next_slot(when.cron, when.timezone, after=after),
            reason=f"the schedule says cron {when.cron!r} in {when.timezone}",
        )
    return NextAudit(due=None, reason="the schedule names no time: audits are run by hand")


def _from_history(when: When, hazard: Hazard, *, after: datetime, label_days: float | None) -> NextAudit:
    interval = best_interval(hazard, stale_cost=when.stale_cost, label_days=label_days)
    return NextAudit(
        due=after + timedelta(days=interval.days),
        reason=f"{_pace(hazard)}; {_so(interval)}",
        hazard=hazard.per_month,
        times_stale=hazard.times,
        months=hazard.months,
        interval_days=interval.days,
        limit=interval.limit,
    )


def _pace(hazard: Hazard) -> str:
    """Return how often settings go stale, and what that is known from.

    Examples
    --------
    >>> _pace(Hazard(times=2, months=14.2))
    'stale 2 times in 14 months of watching, and once in 6 months assumed beforehand: about every 7 months'
    """
    about = f"about every {_months(1.0 / hazard.per_month)}"
    if hazard.times == 0 and round(hazard.months) < 1:
        return f"nothing is known yet of how fast these settings go stale, so {about} is assumed"
    times = {0: "never stale", 1: "stale once"}.get(hazard.times, f"stale {hazard.times} times")
    watched = _months(hazard.months) if hazard.months >= 0.95 else "less than a month"
    watched = "a month" if watched == "month" else watched
    return (
        f"{times} in {watched} of watching, and once in {PRIOR_MONTHS:g} months assumed beforehand: {about}"
    )


def _so(interval: Interval) -> str:
    days = f"every {interval.days:.0f} days"
    return {
        None: f"looking {days} costs least",
        "shortest": f"looking {days}, the shortest interval",
        "longest": f"looking {days}, the longest interval",
        "labels": f"looking {days}, because fewer new rows would not decide",
    }[interval.limit]


def _months(count: float) -> str:
    """Return months, or weeks where they are few.

    Examples
    --------
    >>> _months(6.7), _months(1.2), _months(0.5)
    ('7 months', 'month', '2 weeks')
    """
    if count < 0.95:
        weeks = max(1, round(count * DAYS_PER_MONTH / 7.0))
        return f"{weeks} weeks" if weeks > 1 else "week"
    return f"{round(count)} months" if round(count) > 1 else "month"


def _next_slot(cron: str, timezone: str, *, after: datetime) -> datetime:
    # cronsim, not APScheduler's trigger: that one loses slots at daylight-saving changes.
    from cronsim import CronSim

    slot: datetime = next(CronSim(cron, after.astimezone(ZoneInfo(timezone))))
    return slot.astimezone(UTC)


def _span(when: When) -> str:
    seconds = when.every.total_seconds() if when.every else 0.0
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds % size == 0:
            return _many(seconds / size, unit)
    return _many(seconds, "second")


def _many(count: float, unit: str) -> str:
    """Return what follows "every": ``30 days``, ``day``."""
    return unit if count == 1.0 else f"{count:g} {unit}s"
