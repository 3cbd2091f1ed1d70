"""When models are due, as far as the ledger and the daemon agree: what makes one overdue."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session, col, select

from auditor.core.records import AuditSummary
from auditor.storage.queue_tables import ScheduleRow


def planned(session: Session) -> Mapping[str, datetime | None]:
    """Return, by model, when the daemon means to audit it next; None where it does not, paused or by hand.

    Models that no daemon ever kept are left out.
    """
    wanted = select(ScheduleRow.model, ScheduleRow.next_due).where(col(ScheduleRow.problem) == "")
    found: dict[str, datetime | None] = {}
    for model, due in session.exec(wanted):
        earlier = found.get(model)
        found[model] = due if earlier is None else earlier if due is None else min(due, earlier)
    return found


def as_planned(summary: AuditSummary, plans: Mapping[str, datetime | None]) -> AuditSummary:
    """Return an audit with the later of the due dates that the ledger and the daemon name.

    The ledger's is of the schedule as it was then: it may have been paused or edited since. The daemon's is
    of the daemon that ran last, and goes stale where cron took over.
    """
    if summary.next_due is None or summary.model not in plans:
        return summary
    due = plans[summary.model]
    return replace(summary, next_due=None if due is None else max(due, summary.next_due))
