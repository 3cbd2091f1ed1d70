"""What is only read: how models stand, and what is counted. For listings, the API and figures.

Apart from the ledger, whose promises audits rest on: nothing here writes.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Connection, func, text
from sqlmodel import Session, SQLModel, col, select

from auditor.core.records import AuditSummary, Value
from auditor.storage.database import explained
from auditor.storage.lines import summary_of_row
from auditor.storage.planned import as_planned, planned
from auditor.storage.queue_tables import EventRow, OrderRow
from auditor.storage.schema import open_current
from auditor.storage.tables import AuditRow, OutboxRow, OutcomeRow

_ENDED = ("done", "failed")
_TRIALS = SQLModel.metadata.tables["trial"]
_COLUMNS = (
    "number", "round", "part", "index", "half", "fidelity", "seed", "loss", "seconds", "iterations",
    "failure_kind", "failure_message", "stands_on", "config",
)  # fmt: skip


class Reader:
    """Reads the ledger's database; safe in several threads.

    Raises
    ------
    StorageError
        If the database cannot be opened; every method raises it when it cannot be reached.
    """

    def __init__(self, url: str) -> None:
        self._engine = open_current(url, self)

    def close(self) -> None:
        """Close all connections; the reader opens new ones when it is used again."""
        self._engine.dispose()

    def probe(self) -> None:
        """Ask the database the least that shows that it answers and holds the ledger."""
        with self.connected() as connection:
            connection.execute(text("SELECT version_num FROM alembic_version")).one()

    def standings(self) -> tuple[tuple[AuditSummary, AuditSummary | None, datetime | None], ...]:
        """Return, by model, its newest audit, its newest that has ended, and when one last did not fail."""
        newest = self._newest("running", *_ENDED)
        # Of thousands of models few are audited now: of all others the newest is the newest that has ended.
        all_ended = all(one.state in _ENDED for one in newest)
        ended = {one.model: one for one in (newest if all_ended else self._newest(*_ENDED))}
        latest = select(AuditRow.model, func.max(AuditRow.finished_at)).where(AuditRow.state == "done")
        with explained(self._engine.url), Session(self._engine) as session:
            done = dict(session.exec(latest.group_by(col(AuditRow.model))).all())
        return tuple((one, ended.get(one.model), done.get(one.model)) for one in newest)

    def audits(self, *, model: str | None, before: int | None, limit: int) -> tuple[AuditSummary, ...]:
        """Return audits, newest first, those with numbers below ``before``; abandoned ones are left out."""
        wanted = select(AuditRow).where(AuditRow.state != "abandoned").order_by(col(AuditRow.id).desc())
        if model is not None:
            wanted = wanted.where(AuditRow.model == model)
        if before is not None:
            wanted = wanted.where(col(AuditRow.id) < before)
        with explained(self._engine.url), Session(self._engine) as session:
            return tuple(summary_of_row(row) for row in session.exec(wanted.limit(limit)))

    def twin(self, audit_id: int) -> str | None:
        """Return the document of an audit that has ended, as it was written, or None."""
        with explained(self._engine.url), Session(self._engine) as session:
            return session.exec(select(OutcomeRow.document).where(OutcomeRow.audit_id == audit_id)).first()

    def trials(self, audit_id: int) -> Iterator[Mapping[str, Value]] | None:
        """Return every trial of an audit in order, without its curve and losses; None for no such audit."""
        with self.connected() as connection:
            if connection.scalar(select(AuditRow.id).where(AuditRow.id == audit_id)) is None:
                return None
        return self._trials(audit_id)

    def audit_counts(self) -> dict[str, int]:
        """Return how many audits are in each state."""
        return self._counted(select(AuditRow.state, func.count()).group_by(AuditRow.state))

    def notice_counts(self) -> dict[str, int]:
        """Return how many notices are in each state."""
        return self._counted(select(OutboxRow.state, func.count()).group_by(OutboxRow.state))

    def oldest_queued(self) -> datetime | None:
        """Return when what has been waiting longest was ordered, or None."""
        with explained(self._engine.url), Session(self._engine) as session:
            return session.exec(select(func.min(OrderRow.ordered_at)).where(OrderRow.state == "queued")).one()

    def leases_expired(self) -> int:
        """Return how many times a process that held an order was not heard of."""
        with explained(self._engine.url), Session(self._engine) as session:
            return session.exec(select(func.count()).where(EventRow.action == "lease_ended")).one()

    def slots_missed(self) -> int:
        """Return how many due slots passed for which the audit of a newer one stands."""
        # Those of an order that was itself skipped are counted again by the one that stands for it.
        with explained(self._engine.url), Session(self._engine) as session:
            missed = select(func.sum(OrderRow.missed)).where(OrderRow.state != "skipped")
            return session.exec(missed).one() or 0

    @contextmanager
    def connected(self) -> Iterator[Connection]:
        """Read in one transaction."""
        with explained(self._engine.url), self._engine.connect() as connection:
            yield connection

    def _newest(self, *states: str) -> list[AuditSummary]:
        newest = (
            select(func.max(AuditRow.id)).where(col(AuditRow.state).in_(states)).group_by(col(AuditRow.model))
        )
        wanted = select(AuditRow).where(col(AuditRow.id).in_(newest))
        with explained(self._engine.url), Session(self._engine) as session:
            plans = planned(session)
            found = [as_planned(summary_of_row(row), plans) for row in session.exec(wanted)]
        return sorted(found, key=lambda summary: summary.model)

    def _trials(self, audit_id: int) -> Iterator[Mapping[str, Value]]:
        wanted = (
            _TRIALS.select()
            .with_only_columns(*(_TRIALS.c[name] for name in _COLUMNS))
            .where(_TRIALS.c.audit_id == audit_id)
            .order_by(_TRIALS.c.number)
            .execution_options(yield_per=1000)
        )
        with self.connected() as connection:
            for row in connection.execute(wanted).mappings():
                yield dict(row)

    def _counted(self, statement: object) -> dict[str, int]:
        with self.connected() as connection:
            return {state: count for state, count in connection.execute(statement)}  # type: ignore[call-overload]  # noqa: C416
