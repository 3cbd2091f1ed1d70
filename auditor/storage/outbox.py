"""The outbox: what is to be told, written with the verdict and sent afterwards.

A notice is claimed by one statement, which also moves its next attempt past the time that an attempt
may take; whoever dies while sending loses nothing, and the notice is sent again. A claim is known by its
number of attempts: what is written by somebody whose claim has passed to another changes nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Executable, Table, func, update
from sqlmodel import Session, SQLModel, col, select

from auditor.core.notices import RUNNING_FOR, news_of, pause_after, reason_to_tell, stuck_news
from auditor.core.records import Audit, AuditSummary, Call, News, Notice, Reason
from auditor.storage.database import explained, for_writing
from auditor.storage.lines import summary_of_row
from auditor.storage.orders import insert_of
from auditor.storage.planned import as_planned, planned
from auditor.storage.queue_tables import OrderRow
from auditor.storage.schema import open_current
from auditor.storage.tables import AuditRow, OutboxRow

MOST_AT_ONCE = 500
"""Notices in one message; what is left over is due in the next."""

STUCK_FOR = timedelta(days=3)
"""Orders that were put into quarantine longer ago are old news."""

_ENDED = ("done", "failed")
_TABLE: Table = SQLModel.metadata.tables["outbox"]


def tell(session: Session, audit: Audit, channels: Sequence[str]) -> None:
    """Add the notices of an audit that ends in this transaction, as far as there is something to tell."""
    if not channels:
        return
    before = (
        select(AuditRow)
        .where(AuditRow.model == audit.model, col(AuditRow.state).in_(_ENDED), AuditRow.id != audit.id)
        .order_by(col(AuditRow.id).desc())
        .limit(1)
    )
    decided = before.where(col(AuditRow.call).in_([Call.FRESH.value, Call.STALE.value]))
    previous, last = session.exec(before).first(), session.exec(decided).first()
    reason = reason_to_tell(
        audit.summary,
        previous=None if previous is None else summary_of_row(previous),
        decided=Call(last.call) if last is not None and last.call else None,
    )
    if reason is not None:
        news = news_of(audit, reason)
        session.add_all(
            OutboxRow(**_cells(news, channel=channel, now=audit.finished_at)) for channel in channels
        )


class SqlOutbox:
    """An outbox in the ledger's database.

    Parameters
    ----------
    url
        As the ledger's.

    Raises
    ------
    StorageError
        If the database cannot be opened; every method raises it when it cannot be reached.
    """

    def __init__(self, url: str) -> None:
        self._engine = open_current(url, self)
        self._writer = for_writing(self._engine)

    def close(self) -> None:
        """Close all connections; the outbox opens new ones when it is used again."""
        self._engine.dispose()

    def standings(self, now: datetime) -> tuple[AuditSummary, ...]:
        """Return the newest audit of every model that has ended, by model; one that runs now is left out.

        Each with the due date that the ledger and the daemon agree on.
        """
        newest = (
            select(func.max(AuditRow.id)).where(col(AuditRow.state).in_(_ENDED)).group_by(col(AuditRow.model))
        )
        running = select(AuditRow.model).where(
            AuditRow.state == "running", AuditRow.started_at > now - RUNNING_FOR
        )
        wanted = select(AuditRow).where(col(AuditRow.id).in_(newest), col(AuditRow.model).not_in(running))
        with explained(self._engine.url), Session(self._engine) as session:
            plans = planned(session)
            found = [as_planned(summary_of_row(row), plans) for row in session.exec(wanted)]
        return tuple(sorted(found, key=lambda summary: summary.model))

    def stuck(self, now: datetime) -> tuple[News, ...]:
        """Return the news of orders that were lately put into quarantine, the first of a row of them only.

        Of models that have an audit: a notice refers to one.
        """
        lately = select(OrderRow).where(
            OrderRow.state == "quarantined", col(OrderRow.ended_at) > now - STUCK_FOR
        )
        with explained(self._engine.url), Session(self._engine) as session:
            found = [_stuck_news(session, order) for order in session.exec(lately.order_by(col(OrderRow.id)))]
        return tuple(news for news in found if news is not None)

    def add(self, news: Sequence[News], *, channel: str, now: datetime) -> int:
        """Add news that is not there yet, for one channel, and return how much was new."""
        if not news:
            return 0
        adding = insert_of(self._engine.dialect.name)(_TABLE).on_conflict_do_nothing().returning(_TABLE.c.id)
        cells = [_cells(one, channel=channel, now=now) for one in news]
        return len(self._written(adding, cells))

    def last_told(self, channel: str) -> Mapping[str, Notice]:
        """Return the newest notice about every model on one channel."""
        newest = (
            select(func.max(OutboxRow.id)).where(OutboxRow.channel == channel).group_by(col(OutboxRow.model))
        )
        wanted = select(OutboxRow).where(col(OutboxRow.id).in_(newest))
        with explained(self._engine.url), Session(self._engine) as session:
            return {row.model: _notice(row.model_dump()) for row in session.exec(wanted)}

    def claim(self, channel: str, *, now: datetime, until: datetime) -> tuple[Notice, ...]:
        """Take what is due on a channel, oldest first, for nobody else to take before ``until``."""
        due = (_TABLE.c.channel == channel, _TABLE.c.state == "waiting", _TABLE.c.next_try <= now)
        first = (
            _TABLE.select()
            .with_only_columns(_TABLE.c.id)
            .where(*due)
            .order_by(_TABLE.c.id)
            .limit(MOST_AT_ONCE)
            .with_for_update(skip_locked=True)
            .cte("due")  # not a subquery: PostgreSQL may run that once per row, past its limit
        )
        claiming = (
            update(_TABLE)
            .where(_TABLE.c.id.in_(select(first.c.id)), *due)
            .values(attempts=_TABLE.c.attempts + 1, next_try=until)
            .returning(*_TABLE.c)
        )
        found = [_notice(dict(row)) for row in self._written(claiming)]
        return tuple(sorted(found, key=lambda notice: notice.id))

    def sent(self, notices: Sequence[Notice], *, now: datetime) -> None:
        """Record that claimed notices were sent."""
        with self._writing() as session:
            for notice in notices:
                session.exec(_claimed(notice).values(state="sent", sent_at=now, problem=""))

    def failed(self, notices: Sequence[Notice], *, problem: str, now: datetime) -> tuple[Notice, ...]:
        """Record that claimed notices could not be sent, and return those that are given up by that."""
        with self._writing() as session:
            for notice in notices:
                pause = pause_after(notice.attempts)
                fate = {"state": "given up"} if pause is None else {"next_try": now + pause}
                session.exec(_claimed(notice).values(problem=problem, **fate))
        given_up = (notice for notice in notices if pause_after(notice.attempts) is None)
        return tuple(replace(notice, state="given up", problem=problem) for notice in given_up)

    def newest(self, limit: int) -> tuple[Notice, ...]:
        """Return notices, newest first."""
        wanted = select(OutboxRow).order_by(col(OutboxRow.id).desc()).limit(limit)
        with explained(self._engine.url), Session(self._engine) as session:
            return tuple(_notice(row.model_dump()) for row in session.exec(wanted))

    def _written(self, statement: Executable, cells: Any = None) -> Sequence[Mapping[str, Any]]:
        with explained(self._engine.url), self._writer.begin() as connection:
            return [dict(row) for row in connection.execute(statement, cells).mappings()]

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        with explained(self._engine.url), Session(self._writer) as session, session.begin():
            yield session


def _stuck_news(session: Session, order: OrderRow) -> News | None:
    before = (
        select(OrderRow.state)
        .where(OrderRow.model == order.model, col(OrderRow.id) < (order.id or 0))
        .where(col(OrderRow.state).in_((*_ENDED, "quarantined")))
        .order_by(col(OrderRow.id).desc())
        .limit(1)
    )
    newest = (
        select(AuditRow)
        .where(AuditRow.model == order.model, col(AuditRow.state).in_(_ENDED))
        .order_by(col(AuditRow.id).desc())
        .limit(1)
    )
    if session.exec(before).first() == "quarantined":
        return None
    row = session.exec(newest).first()
    if row is None:
        return None
    return stuck_news(summary_of_row(row), order_id=order.id or 0, reason=order.reason)


def _claimed(notice: Notice) -> Any:
    """Return the start of an update that is void once another has claimed the notice."""
    return update(_TABLE).where(
        _TABLE.c.id == notice.id, _TABLE.c.state == "waiting", _TABLE.c.attempts == notice.attempts
    )


def _cells(news: News, *, channel: str, now: datetime) -> dict[str, Any]:
    return {
        "audit_id": news.audit_id,
        "channel": channel,
        "key": news.key,
        "reason": news.reason.value,
        "model": news.model,
        "started_at": news.started_at,
        "headline": news.headline,
        "sentence": news.sentence,
        "state": "waiting",
        "made_at": now,
        "attempts": 0,
        "next_try": now,
        "problem": "",
    }


def _notice(cells: Mapping[str, Any]) -> Notice:
    return Notice(
        id=cells["id"],
        channel=cells["channel"],
        news=News(
            audit_id=cells["audit_id"],
            key=cells["key"],
            reason=Reason(cells["reason"]),
            model=cells["model"],
            started_at=cells["started_at"],
            headline=cells["headline"],
            sentence=cells["sentence"],
        ),
        state=cells["state"],
        made_at=cells["made_at"],
        attempts=cells["attempts"],
        next_try=cells["next_try"],
        problem=cells["problem"],
    )
