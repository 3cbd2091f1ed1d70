"""Since when a model's newest call has held, and what was applied of it: statements for both drivers.

Light to import: a glance at a ledger does without SQLAlchemy.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from auditor.core.records import AuditSummary, Call

if TYPE_CHECKING:
    from auditor.storage.queue import SqlQueue

SINCE = """
SELECT audit.started_at AS started_at FROM audit
WHERE audit.model = :model AND audit.call = :call AND audit.id > coalesce((
    SELECT other.id FROM audit AS other
    WHERE other.model = :model AND other.call IS NOT NULL AND other.call != :call
    ORDER BY other.id DESC LIMIT 1
), 0)
ORDER BY audit.id LIMIT 1
"""
"""When the first audit began of those in a row that ended in the newest one's call.

Audits that failed or still run neither start nor end a row, as on the report's pages.
"""


APPLIED = """
SELECT application.applied_at AS applied_at FROM application
WHERE application.model = :model AND application.audit_id = :audit AND NOT application.back
AND application.id = (SELECT max(other.id) FROM application AS other WHERE other.model = :model)
"""
"""When what an audit recommends was put into production, if nothing was changed or taken back since."""


def ended_first(latest: Sequence[AuditSummary]) -> tuple[AuditSummary, ...]:
    """Return one audit of every model: the newest that has ended, or one that runs where none has.

    Parameters
    ----------
    latest
        The newest two of every model, by model, newest first.
    """
    found: dict[str, AuditSummary] = {}
    for summary in latest:
        kept = found.get(summary.model)
        if kept is None or (kept.state == "running" and summary.state != "running"):
            found[summary.model] = summary
    return tuple(found.values())


def asked_of(latest: Sequence[AuditSummary]) -> dict[str, dict[str, str]]:
    """Return, by model, what the statement is to be run with; nothing of a model without a call."""
    return {one.model: {"model": one.model, "call": one.call.value} for one in latest if one.call is not None}


def recommended_by(latest: Sequence[AuditSummary]) -> dict[str, dict[str, str | int]]:
    """Return, by model, what `APPLIED` is to be run with: only a stale audit recommends anything."""
    return {one.model: {"model": one.model, "audit": one.id} for one in latest if one.call is Call.STALE}


def applied(latest: Sequence[AuditSummary], queue: "SqlQueue") -> dict[str, datetime]:
    """Return, by model, when what its newest audit recommends was applied; a glance asks the same."""
    return _moments(APPLIED, "application", "applied_at", recommended_by(latest), queue)


def since(latest: Sequence[AuditSummary], queue: "SqlQueue") -> dict[str, datetime]:
    """Return, by model, since when its newest call has held; a glance asks the same by itself."""
    return _moments(SINCE, "audit", "started_at", asked_of(latest), queue)


def _moments(
    statement: str, table: str, column: str, given: Mapping[str, Mapping[str, object]], queue: "SqlQueue"
) -> dict[str, datetime]:
    """Return, by model, the moment of a column that the statement finds, where it finds one."""
    from sqlalchemy import text
    from sqlmodel import SQLModel

    asking = text(statement).columns(SQLModel.metadata.tables[table].c[column])
    with queue.reading() as connection:
        found = {model: connection.execute(asking, values).scalar() for model, values in given.items()}
    return {model: moment for model, moment in found.items() if moment is not None}
