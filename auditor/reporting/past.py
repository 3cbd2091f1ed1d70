"""What earlier audits say: which call has held since when, and in what order to list models."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from auditor.core.records import Audit, AuditSummary, Call


@dataclass(frozen=True, slots=True, kw_only=True)
class Streak:
    """A call, and the audits in a row that ended in it.

    Attributes
    ----------
    before
        The newest audit with another call, or None if there never was one.
    """

    call: Call
    since: datetime
    audits: int
    before: AuditSummary | None


def with_audit(audit: Audit, past: Sequence[AuditSummary]) -> tuple[AuditSummary, ...]:
    """Return all audits newest first, this one among them whether or not the ledger has it yet."""
    others = [summary for summary in past if summary.id != audit.id]
    return tuple(sorted([audit.summary, *others], key=lambda one: (one.started_at, one.id), reverse=True))


def up_to(audit: Audit, past: Sequence[AuditSummary]) -> tuple[AuditSummary, ...]:
    """Return this model's audits newest first, from this one on back: an old page stays as it was."""
    mine = [summary for summary in with_audit(audit, past) if summary.model == audit.model]
    place = next(place for place, summary in enumerate(mine) if summary.id == audit.id)
    return tuple(mine[place:])


def streak_of(audits: Sequence[AuditSummary]) -> Streak | None:
    """Return since when the newest call has held; None if no audit ever came to one.

    Audits that failed or still run say nothing of the settings: they neither start nor end a streak.

    Parameters
    ----------
    audits
        Of one model, newest first.
    """
    called = [(summary.call, summary) for summary in audits if summary.call is not None]
    if not called:
        return None
    call = called[0][0]
    length = next((place for place, (other, _) in enumerate(called) if other is not call), len(called))
    before = called[length][1] if length < len(called) else None
    return Streak(call=call, since=called[length - 1][1].started_at, audits=length, before=before)
