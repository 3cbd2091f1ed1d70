"""The ledger on SQLite or PostgreSQL: the promises of ``ports.Ledger``, in transactions.

Each method is one transaction: what it writes is there whole or not at all. What is written by an
audit that is no longer running (abandoned by another process, say) is refused.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from auditor.core.document import audit_from_json, audit_to_json
from auditor.core.records import Application, Audit, AuditSummary, Capture, Fence, OpenAudit, Result, Snapshot
from auditor.storage import rows
from auditor.storage.database import explained, for_writing
from auditor.storage.fencing import keep_out
from auditor.storage.lines import summary_of_row
from auditor.storage.newest import newest_of_every_model
from auditor.storage.outbox import tell
from auditor.storage.schema import open_current
from auditor.storage.tables import ApplicationRow, AuditRow, CaptureRow, OutcomeRow, SnapshotRow
from auditor.storage.trials import add_trials, cells_of, state_of, trials_of


class SqlLedger:
    """A ledger in an SQL database, made or migrated when it is opened.

    Parameters
    ----------
    url
        ``sqlite:///file``, or ``postgresql://...``.
    channels
        Names of the channels that are told of verdicts.
    fence
        With it, every write is refused with `FencedError` once the order of the daemon that it was made for
        has been taken by somebody else, or was cancelled.

    Raises
    ------
    StorageError
        If the database cannot be opened, is none, or was written by a newer auditor; every method
        raises it when the database cannot be reached, read or written.
    """

    def __init__(self, url: str, *, channels: Sequence[str] = (), fence: Fence | None = None) -> None:
        self._channels, self._fence = tuple(channels), fence
        self._engine = open_current(url, self)
        self._writer = for_writing(self._engine)
        self._trial_writer = for_writing(self._engine, at_once=False)

    def close(self) -> None:
        """Close all connections; the ledger opens new ones when it is used again."""
        self._engine.dispose()

    def add_capture(self, capture: Capture) -> Capture:
        """Record a capture and return it with its number."""
        with self._writing() as session:
            keep_out(session.connection(), self._fence)
            row = rows.row_of_capture(capture)
            session.add(row)
            session.flush()
            return rows.capture_of_row(row)

    def latest_capture(self, model: str) -> Capture | None:
        """Return the newest capture of a model, or None."""
        newest = select(CaptureRow).where(CaptureRow.model == model).order_by(col(CaptureRow.id).desc())
        with self._reading() as session:
            row = session.exec(newest.limit(1)).first()
            return None if row is None else rows.capture_of_row(row)

    def captures(self, model: str) -> tuple[Capture, ...]:
        """Return all captures of a model, oldest first."""
        wanted = select(CaptureRow).where(CaptureRow.model == model).order_by(col(CaptureRow.id))
        with self._reading() as session:
            return tuple(rows.capture_of_row(row) for row in session.exec(wanted))

    def add_application(self, application: Application) -> Application:
        """Record that production was changed as an audit recommends, or back, and return it numbered."""
        with self._writing() as session:
            row = rows.row_of_application(application)
            session.add(row)
            session.flush()
            return rows.application_of_row(row)

    def applications(self, model: str) -> tuple[Application, ...]:
        """Return every change of a model's production that was applied, oldest first."""
        wanted = select(ApplicationRow).where(ApplicationRow.model == model).order_by(col(ApplicationRow.id))
        with self._reading() as session:
            return tuple(rows.application_of_row(row) for row in session.exec(wanted))

    def reference(self, capture: Capture) -> str | None:
        """Return the digest of the rows that production was tuned on, as far as they are known.

        Those of the capture; else those of the earliest audit that was finished on this capture.
        """
        if capture.snapshot is not None:
            return capture.snapshot
        earliest = (
            select(AuditRow.snapshot_digest)
            .where(AuditRow.capture_id == capture.id, AuditRow.state == "done")
            .order_by(col(AuditRow.id))
            .limit(1)
        )
        with self._reading() as session:
            return session.exec(earliest).first()

    def begin(
        self,
        *,
        model: str,
        plan_digest: str,
        capture: Capture,
        snapshot: Snapshot,
        seed: int | None,
        now: datetime,
    ) -> OpenAudit:
        """Record that an audit begins, in one transaction with its snapshot.

        With ``seed`` None, the audit's own number is its seed.
        """
        beginning = OpenAudit(
            id=0,
            model=model,
            plan_digest=plan_digest,
            capture=capture,
            snapshot=snapshot,
            seed=seed or 0,
            started_at=now,
        )
        with self._writing() as session:
            _add_snapshot(session, snapshot)
            row = rows.row_of_beginning(beginning)
            session.add(row)
            session.flush()
            if seed is None:
                row.seed = _number(row)
            keep_out(session.connection(), self._fence, audit_id=row.id)
            return _opened(session, row)

    def unfinished(self, model: str) -> OpenAudit | None:
        """Return the newest audit of a model that began and neither finished nor failed nor was abandoned."""
        newest = (
            select(AuditRow)
            .where(AuditRow.model == model, AuditRow.state == "running")
            .order_by(col(AuditRow.id).desc())
            .limit(1)
        )
        with self._reading() as session:
            row = session.exec(newest).first()
            return None if row is None else _opened(session, row)

    def abandon(self, audit_id: int, reason: str, now: datetime) -> None:
        """Close an unfinished audit without an outcome.

        Raises
        ------
        ValueError
            If the audit is not running.
        """
        with self._writing() as session:
            keep_out(session.connection(), self._fence)
            row = _running(session, audit_id)
            row.state, row.reason, row.finished_at = "abandoned", reason, now

    def append(self, audit_id: int, results: Sequence[Result]) -> None:
        """Write a batch of results, whole or not at all.

        On SQLite it does not wait for the disk: a power cut may lose the last batches, which are run again.

        Raises
        ------
        ValueError
            If a trial of that number was written before, or the audit is not running.
        """
        if not results:
            return
        lot = cells_of(audit_id, results)
        with explained(self._engine.url), self._trial_writer.begin() as connection:
            keep_out(connection, self._fence, audit_id=audit_id)
            state = state_of(connection, audit_id)
            if state != "running":
                raise _not_running(audit_id, state)
            add_trials(connection, lot)

    def history(self, audit_id: int) -> tuple[Result, ...]:
        """Return every result of an audit in trial order, losses included."""
        with explained(self._engine.url), self._engine.connect() as connection:
            return trials_of(connection, audit_id)

    def finish(self, audit: Audit) -> None:
        """Write the outcome of an audit, once; ``audit.error`` set makes it a failed one.

        What is to be told of it is written in the same transaction: there is no verdict without its
        notice, and no notice without its verdict.

        Raises
        ------
        ValueError
            If the audit is not running.
        """
        document = audit_to_json(audit)
        with self._writing() as session:
            keep_out(session.connection(), self._fence, audit_id=audit.id)
            rows.close_row(_running(session, audit.id), audit.summary)
            session.add(OutcomeRow(audit_id=audit.id, document=document))
            tell(session, audit, self._channels)

    def audit(self, audit_id: int) -> Audit | None:
        """Return a finished or failed audit, or None."""
        with self._reading() as session:
            row = session.get(OutcomeRow, audit_id)
            return None if row is None else audit_from_json(row.document)

    def summaries(
        self,
        model: str | None = None,
        limit: int | None = None,
        *,
        up_to: int | None = None,
        within: tuple[datetime, datetime] | None = None,
    ) -> tuple[AuditSummary, ...]:
        """Return audits newest first, unfinished ones included; abandoned ones are left out.

        Parameters
        ----------
        up_to
            The number of the newest audit that is wanted.
        within
            The moments that they began in, the second excluded.
        """
        wanted = select(AuditRow).where(AuditRow.state != "abandoned").order_by(col(AuditRow.id).desc())
        if model is not None:
            wanted = wanted.where(AuditRow.model == model)
        if up_to is not None:
            wanted = wanted.where(col(AuditRow.id) <= up_to)
        if within is not None:
            wanted = wanted.where(AuditRow.started_at >= within[0], AuditRow.started_at < within[1])
        with self._reading() as session:
            return tuple(summary_of_row(row) for row in session.exec(wanted.limit(limit)))

    def latest(self, each: int = 1) -> tuple[AuditSummary, ...]:
        """Return the newest ``each`` audits of every model, by model name, a model's newest first.

        Abandoned ones are left out. Takes as long with ten audits of a model as with ten thousand.
        """
        with self._reading() as session:
            found = [summary_of_row(row) for row in session.exec(newest_of_every_model(each))]
        # Sorted here: databases disagree about the order of letters.
        return tuple(sorted(found, key=lambda summary: (summary.model, -summary.id)))

    def began(self, model: str) -> datetime | None:
        """Return when the first audit of a model began, or None."""
        first = select(AuditRow.started_at).where(AuditRow.model == model).order_by(col(AuditRow.id))
        with self._reading() as session:
            return session.exec(first.limit(1)).first()

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        with explained(self._engine.url), Session(self._engine) as session:
            yield session

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        with (
            explained(self._engine.url),
            Session(self._writer, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session


def _add_snapshot(session: Session, snapshot: Snapshot) -> None:
    """Add a snapshot's row unless it is there; another process may be adding it at this moment."""
    if session.get(SnapshotRow, snapshot.digest) is None:
        with suppress(IntegrityError), session.begin_nested():
            session.add(rows.row_of_snapshot(snapshot))


def _running(session: Session, audit_id: int) -> AuditRow:
    """Return an audit's row, locked against being closed by another process until the commit."""
    row = session.get(AuditRow, audit_id, with_for_update=True)
    if row is None or row.state != "running":
        raise _not_running(audit_id, row.state if row else None)
    return row


def _not_running(audit_id: int, state: str | None) -> ValueError:
    return ValueError(f"audit {audit_id} is {state or 'not in the ledger'}, not running")


def _number(row: AuditRow) -> int:
    if row.id is None:
        raise ValueError("an audit has a number once it is written")
    return row.id


def _opened(session: Session, row: AuditRow) -> OpenAudit:
    capture = session.get_one(CaptureRow, row.capture_id)
    snapshot = session.get_one(SnapshotRow, row.snapshot_digest)
    return rows.open_audit_of_rows(row, capture, snapshot)
