"""The tables of the ledger: rows, not thoughts.

A class with ``table=True`` does not validate what it is given, so these hold rows and make no
decisions; what no row may say is kept out by CHECK constraints. ``rows.py`` turns records into
rows and back. Nested records are JSON texts (see ``core.document``): they are read whole or not
at all, and no query looks inside. Rows are added, never changed, but for an audit's own row,
which is closed once.

``migrations/`` makes these tables; a test proves that it makes exactly them.
"""

from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    Dialect,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlmodel import Field, SQLModel


class Moment(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC and given back in UTC.

    SQLite forgets time zones, so it is given none; PostgreSQL answers in the zone of its session.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment as the database takes it.

        Raises
        ------
        ValueError
            If the datetime is naive: nobody can say when that was.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment needs a time zone, got {value!r}")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment as it was, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def acceptable(text: str) -> str:
    """Return a text that may come from anywhere as every database takes it.

    PostgreSQL refuses the character NUL and both databases refuse lone surrogates (bytes of a
    path that are no UTF-8): those become escapes, the rest stays as it is.
    """
    return text.encode("utf-8", "backslashreplace").decode("utf-8").replace("\0", "\\x00")


class Words(TypeDecorator[str]):
    """Text that may come from anywhere, such as the message of a user's exception."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Return the text as every database takes it."""
        return None if value is None else acceptable(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Return the text as it is kept."""
        return value


class CaptureRow(SQLModel, table=True):
    """What production ran at a moment."""

    __tablename__ = "capture"
    __table_args__: ClassVar[Any] = (
        Index("ix_capture_model", "model", "id"),
        {"comment": "What production ran at a moment; added by `capture`, never changed."},
    )

    id: int | None = Field(default=None, primary_key=True)
    model: str = Field(sa_type=Words)
    captured_at: datetime = Field(sa_type=Moment)
    snapshot: str | None = Field(default=None, sa_type=Words)
    settings: str = Field(sa_type=Text)
    environment: str = Field(sa_type=Text)
    code: str = Field(sa_type=Text)


class ApplicationRow(SQLModel, table=True):
    """A recommendation that was put into production, or taken back."""

    __tablename__ = "application"
    __table_args__: ClassVar[Any] = (
        ForeignKeyConstraint(["audit_id"], ["audit.id"], name="fk_application_audit"),
        ForeignKeyConstraint(["capture_id"], ["capture.id"], name="fk_application_capture"),
        Index("ix_application_model", "model", "id"),
        {"comment": "What an audit recommended, put into production or taken back; added by `apply`."},
    )

    id: int | None = Field(default=None, primary_key=True)
    audit_id: int
    model: str = Field(sa_type=Words)
    capture_id: int
    applied_at: datetime = Field(sa_type=Moment)
    back: bool
    changes: str = Field(sa_type=Text)


class SnapshotRow(SQLModel, table=True):
    """Rows in the vault."""

    __tablename__ = "snapshot"
    __table_args__: ClassVar[Any] = (
        CheckConstraint("length(digest) = 64", name="ck_snapshot_digest"),
        CheckConstraint("rows >= 0", name="ck_snapshot_rows"),
        CheckConstraint("bytes > 0", name="ck_snapshot_bytes"),
        {"comment": "A Parquet file in the vault, by the SHA-256 of its bytes."},
    )

    digest: str = Field(primary_key=True, sa_type=Text)
    rows: int = Field(sa_type=BigInteger)
    bytes: int = Field(sa_type=BigInteger)
    columns: str = Field(sa_type=Text)


class AuditRow(SQLModel, table=True):
    """An audit: how it began, and its outcome in one line."""

    __tablename__ = "audit"
    __table_args__: ClassVar[Any] = (
        ForeignKeyConstraint(["capture_id"], ["capture.id"], name="fk_audit_capture"),
        ForeignKeyConstraint(["snapshot_digest"], ["snapshot.digest"], name="fk_audit_snapshot"),
        CheckConstraint("state IN ('running', 'done', 'failed', 'abandoned')", name="ck_audit_state"),
        CheckConstraint("(state = 'running') = (finished_at IS NULL)", name="ck_audit_finished_at"),
        CheckConstraint("call IN ('fresh', 'stale', 'undecided')", name="ck_audit_call"),
        CheckConstraint("gain_low <= gain_high", name="ck_audit_gain"),
        CheckConstraint("seed >= 0", name="ck_audit_seed"),
        Index("ix_audit_model", "model", "id"),
        Index("ix_audit_started_at", "model", "started_at"),
        {
            "comment": (
                "One audit. The columns up to started_at are what must be the same when it is resumed; "
                "those after it repeat the outcome in one line, for listings."
            )
        },
    )

    id: int | None = Field(default=None, primary_key=True)
    model: str = Field(sa_type=Words)
    state: str = Field(sa_type=Text)
    plan_digest: str = Field(sa_type=Text)
    capture_id: int
    snapshot_digest: str = Field(sa_type=Text)
    source: str = Field(sa_type=Words)
    taken_at: datetime = Field(sa_type=Moment)
    first_time: datetime | None = Field(default=None, sa_type=Moment)
    last_time: datetime | None = Field(default=None, sa_type=Moment)
    seed: int = Field(sa_type=BigInteger)
    started_at: datetime = Field(sa_type=Moment)
    finished_at: datetime | None = Field(default=None, sa_type=Moment)
    reason: str | None = Field(default=None, sa_type=Words)
    call: str | None = Field(default=None, sa_type=Text)
    headline: str = Field(default="", sa_type=Words)
    gain_estimate: float | None = None
    gain_low: float | None = None
    gain_high: float | None = None
    unit: str = Field(default="", sa_type=Words)
    margin: float | None = None
    production_loss: float | None = None
    stale_settings: str = Field(default="[]", sa_type=Text)
    next_due: datetime | None = Field(default=None, sa_type=Moment)
    next_reason: str | None = Field(default=None, sa_type=Words)
    repeat: str | None = Field(default=None, sa_type=Text)
    p_value: float | None = None
    detector: float | None = None
    alarm: bool | None = None
    settings: str | None = Field(default=None, sa_type=Text)


class TrialRow(SQLModel, table=True):
    """A trial and what came of it."""

    __tablename__ = "trial"
    __table_args__: ClassVar[Any] = (
        ForeignKeyConstraint(["audit_id"], ["audit.id"], name="fk_trial_audit"),
        CheckConstraint("number >= 0", name="ck_trial_number"),
        CheckConstraint("part IN ('search', 'confirm')", name="ck_trial_part"),
        CheckConstraint("fidelity > 0 AND fidelity <= 1", name="ck_trial_fidelity"),
        CheckConstraint("seconds >= 0", name="ck_trial_seconds"),
        CheckConstraint("(failure_kind IS NULL) = (failure_message IS NULL)", name="ck_trial_failure"),
        CheckConstraint("failure_kind IS NULL OR loss IS NULL", name="ck_trial_loss"),
        {"comment": "One run of the trainer and what came of it; written in whole batches."},
    )

    audit_id: int = Field(primary_key=True)
    number: int = Field(primary_key=True)
    round: str = Field(sa_type=Text)
    config: str = Field(sa_type=Text)
    part: str = Field(sa_type=Text)
    index: int
    half: int
    fidelity: float
    seed: int = Field(sa_type=BigInteger)
    horizon: int | None = Field(default=None, sa_type=BigInteger)
    loss: float | None = None
    seconds: float
    iterations: int | None = Field(default=None, sa_type=BigInteger)
    curve: str = Field(sa_type=Text)
    failure_kind: str | None = Field(default=None, sa_type=Text)
    failure_message: str | None = Field(default=None, sa_type=Words)
    stands_on: str | None = Field(default=None, sa_type=Text)
    resume_from: str | None = Field(default=None, sa_type=Text)
    checkpoint: str | None = Field(default=None, sa_type=Text)
    peak_bytes: int | None = Field(default=None, sa_type=BigInteger)


class LossesRow(SQLModel, table=True):
    """The losses of a trial, row by row."""

    __tablename__ = "trial_losses"
    __table_args__: ClassVar[Any] = (
        ForeignKeyConstraint(
            ["audit_id", "number"], ["trial.audit_id", "trial.number"], name="fk_trial_losses_trial"
        ),
        {"comment": "A trial's loss on each scored row: float64, little-endian, zlib."},
    )

    audit_id: int = Field(primary_key=True)
    number: int = Field(primary_key=True)
    data: bytes = Field(sa_type=LargeBinary)


class OutcomeRow(SQLModel, table=True):
    """A finished or failed audit, whole."""

    __tablename__ = "outcome"
    __table_args__: ClassVar[Any] = (
        ForeignKeyConstraint(["audit_id"], ["audit.id"], name="fk_outcome_audit"),
        {"comment": "The document that an audit ended in, as JSON: at most one per audit."},
    )

    audit_id: int = Field(primary_key=True)
    document: str = Field(sa_type=Text)


class OutboxRow(SQLModel, table=True):
    """News on its way to one channel."""

    __tablename__ = "outbox"
    __table_args__: ClassVar[Any] = (
        ForeignKeyConstraint(["audit_id"], ["audit.id"], name="fk_outbox_audit"),
        UniqueConstraint("audit_id", "channel", "key", name="uq_outbox_news"),
        CheckConstraint("state IN ('waiting', 'sent', 'given up')", name="ck_outbox_state"),
        CheckConstraint("attempts >= 0", name="ck_outbox_attempts"),
        Index("ix_outbox_due", "channel", "state", "next_try"),
        Index("ix_outbox_model", "model", "channel", "id"),
        {"comment": "What is to be told, once per audit, channel and key; added with the verdict."},
    )

    id: int | None = Field(default=None, primary_key=True)
    audit_id: int
    channel: str = Field(sa_type=Words)
    key: str = Field(sa_type=Text)
    reason: str = Field(sa_type=Text)
    model: str = Field(sa_type=Words)
    started_at: datetime = Field(sa_type=Moment)
    headline: str = Field(sa_type=Words)
    sentence: str = Field(sa_type=Words)
    state: str = Field(sa_type=Text)
    made_at: datetime = Field(sa_type=Moment)
    attempts: int = 0
    next_try: datetime = Field(sa_type=Moment)
    sent_at: datetime | None = Field(default=None, sa_type=Moment)
    problem: str = Field(default="", sa_type=Words)
