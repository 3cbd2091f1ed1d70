"""When a model is due to be audited again."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from auditor.core.records import NextAudit, When


def next_audit(when: When, *, after: datetime) -> NextAudit:
    """Return the first due moment after another one, in UTC, and the reason for it.

    Parameters
    ----------
    after
        Aware; usually when the last audit finished.
    """
    if when.every is not None:
        return NextAudit(due=after + when.every, reason=f"the schedule says every {_span(when)}")
    if when.cron is not None:
        return NextAudit(
            due=_next_slot(when.cron, when.timezone, after=after),
            reason=f"the schedule says cron {when.cron!r} in {when.timezone}",
        )
    return NextAudit(due=None, reason="the schedule names no time: audits are run by hand")


def _next_slot(cron: str, timezone: str, *, after: datetime) -> datetime:
    # cronsim, not APScheduler's trigger: that one loses slots at daylight-saving changes.
    from cronsim import CronSim

    slot: datetime = next(CronSim(cron, after.astimezone(ZoneInfo(timezone))))
    return slot.astimezone(UTC)


def _span(when: When) -> str:
    seconds = when.every.total_seconds() if when.every else 0.0
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds % size == 0:
            count = int(seconds // size)
            return f"{count} {unit}{'s' if count != 1 else ''}"
    return f"{seconds:g} seconds"
