"""Which due slots have come since a schedule was last kept, and when the next one comes. Pure.

A slot is a moment at which a schedule wants an audit. Cron lines are read by cronsim in the
schedule's own zone, with Debian cron's rules for the two odd days of the year: a time that the clocks
jump over is kept as they land, a time that comes twice is kept the first time only. Of several slots that
have come, the newest is kept and the others are missed: ten audits of the same rows say no more than one.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from auditor.core.due import next_audit
from auditor.core.records import When

MOST_MISSED = 1000
"""Missed slots are listed one by one up to here; beyond, they are only said to be more."""

_WINDOWS = tuple(timedelta(days=days) for days in (1, 40, 400, 9 * 366))
"""How far to look back for the newest slot; the widest spans a 29 February that a century left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slots:
    """What has come, and what comes.

    Attributes
    ----------
    due
        The newest slot that has come, or None.
    missed
        Older ones since the cursor, oldest first, at most ``MOST_MISSED``.
    following
        The first slot after now, or None where audits are run by hand.
    reason
        Why the following slot is then.
    due_reason
        Why the one that has come was due, where that is another reason.
    """

    due: datetime | None = None
    missed: tuple[datetime, ...] = ()
    following: datetime | None = None
    reason: str = ""
    due_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """How far a schedule has been kept.

    Attributes
    ----------
    cursor
        Slots up to this moment are settled.
    last_slot
        The newest slot that was ordered, or None.
    last_audit
        When the model's last audit ended, whoever asked for it, or None.
    planned
        What that audit said of the next one; counts for ``every = "auto"`` only.
    planned_reason
        Why then.
    """

    cursor: datetime
    last_slot: datetime | None = None
    last_audit: datetime | None = None
    planned: datetime | None = field(default=None)
    planned_reason: str = ""


def due_slots(when: When, kept: Kept, *, now: datetime) -> Slots:
    """Return what a schedule wants now.

    A schedule with an interval and no audit yet is due at once; one with a cron line waits for its
    first slot. An interval counts from the end of the last audit, so that it says the same as that audit's
    report, and from the last slot where that led to none.

    Parameters
    ----------
    now
        Aware.

    Examples
    --------
    >>> noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    >>> found = due_slots(When(cron="0 3 * * *"), Kept(cursor=noon - timedelta(days=3)), now=noon)
    >>> f"{found.due:%d %H:%M}", [f"{slot:%d %H:%M}" for slot in found.missed], f"{found.following:%d %H:%M}"
    ('02 03:00', ['28 03:00', '01 03:00'], '03 03:00')
    """
    if when.cron is not None:
        return _by_cron(when, kept.cursor, now=now)
    if when.every is not None or when.auto:
        return _by_interval(when, kept, now=now)
    return Slots(reason=next_audit(when, after=now).reason)


def slots_after(cron: str, timezone: str, after: datetime) -> Iterator[datetime]:
    """Yield the slots of a cron line after a moment, in order and in UTC.

    Parameters
    ----------
    after
        Aware; a slot at this very moment is left out.
    """
    # cronsim, not APScheduler's trigger: that one loses slots at daylight-saving changes.
    from cronsim import CronSim

    newest = after
    for local in CronSim(cron, after.astimezone(ZoneInfo(timezone))):
        slot: datetime = local.astimezone(UTC)
        # Begun in an hour that comes twice, cronsim offers what was in its first pass once more; and two
        # times that the clocks jump over land on one moment.
        if slot > newest:
            newest = slot
            yield slot


def _by_cron(when: When, cursor: datetime, *, now: datetime) -> Slots:
    cron, zone = when.cron or "", when.timezone
    following = next(slots_after(cron, zone, now))
    reason = f"the schedule says cron {cron!r} in {zone}"
    come = list(
        itertools.islice(
            itertools.takewhile(lambda slot: slot <= now, slots_after(cron, zone, cursor)), MOST_MISSED + 1
        )
    )
    if not come:
        return Slots(following=following, reason=reason)
    newest = come.pop() if len(come) <= MOST_MISSED else _newest(cron, zone, now=now)
    return Slots(due=newest, missed=tuple(come[:MOST_MISSED]), following=following, reason=reason)


def _newest(cron: str, zone: str, *, now: datetime) -> datetime:
    """Return the newest slot up to now; there is one."""
    for window in _WINDOWS:
        *_, newest = (
            None,
            *itertools.takewhile(lambda slot: slot <= now, slots_after(cron, zone, now - window)),
        )
        if newest is not None:
            return newest
    raise ValueError(f"no slot of {cron!r} came before {now}")


def _by_interval(when: When, kept: Kept, *, now: datetime) -> Slots:
    # What lies ahead was recorded while the clock was wrong: it counts from where the cursor was set back to.
    known = [
        moment if moment <= now else kept.cursor
        for moment in (kept.last_slot, kept.last_audit)
        if moment is not None
    ]
    if not known:
        first = min(kept.cursor, now)
        return Slots(
            due=first,
            following=_after(when, first),
            reason=next_audit(when, after=first).reason,
            due_reason="it was never audited",
        )
    wanted, reason = _wanted(when, kept, base=max(known))
    first = max(wanted, kept.cursor)  # what came due while the schedule was paused is due as it goes on
    if first > now:
        return Slots(following=first, reason=reason)
    every = when.every
    if every is None:
        return Slots(due=first, following=_after(when, first), reason=reason)
    passed = int((now - first) / every)
    missed = tuple(first + number * every for number in range(min(passed, MOST_MISSED)))
    due = first + passed * every
    return Slots(due=due, missed=missed, following=due + every, reason=reason)


def _wanted(when: When, kept: Kept, *, base: datetime) -> tuple[datetime, str]:
    """Return when the next audit is due by the interval, and why; by the last audit's plan under ``auto``."""
    reason = next_audit(when, after=base).reason
    if when.auto and kept.planned is not None and base == kept.last_audit:
        return kept.planned, kept.planned_reason or reason
    return _after(when, base), reason


def _after(when: When, base: datetime) -> datetime:
    due = next_audit(when, after=base).due
    if due is None:
        raise ValueError("an interval always comes round")
    return due
