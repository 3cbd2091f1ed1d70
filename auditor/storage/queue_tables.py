"""The tables of the daemon: what is wanted, how far schedules have been kept, what happened.

Times that leases are reckoned by are seconds since 1970 by the clock of the database, which all daemons
share; times that people read are moments.
"""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Connection, Index, Table, Text, UniqueConstraint, event, text
from sqlmodel import Field, SQLModel

from auditor.storage.tables import Moment, Words

STATES = ("queued", "running", "done", "failed", "cancelled", "quarantined", "skipped")

_RUNNING = "state = 'running'"


class ScheduleRow(SQLModel, table=True):
    """A schedule, as far as it has been kept."""

    __tablename__ = "schedule"
    __table_args__: ClassVar[Any] = (
        Index("ix_schedule_next_due", "next_due"),
        {"comment": "How far each schedule has been kept; its cursor moves with the orders it gives."},
    )

    name: str = Field(primary_key=True, sa_type=Words)
    model: str = Field(sa_type=Words)
    when_digest: str = Field(sa_type=Text)
    cursor: datetime = Field(sa_type=Moment)
    last_slot: datetime | None = Field(default=None, sa_type=Moment)
    next_due: datetime | None = Field(default=None, sa_type=Moment)
    next_reason: str = Field(default="", sa_type=Words)
    paused: bool = False
    problem: str = Field(default="", sa_type=Words)
    watched: str = Field(default="{}", sa_type=Text)


class OrderRow(SQLModel, table=True):
    """An audit that is wanted."""

    __tablename__ = "queue"
    __table_args__: ClassVar[Any] = (
        UniqueConstraint("key", name="uq_queue_key"),
        CheckConstraint(f"state IN {STATES}", name="ck_queue_state"),
        CheckConstraint("attempts >= 0", name="ck_queue_attempts"),
        CheckConstraint("(state = 'running') = (lease_ends IS NOT NULL)", name="ck_queue_lease"),
        Index("ix_queue_state", "state", "not_before"),
        Index("ix_queue_model", "model", "id"),
        # Whatever daemons do at the same moment, one model is audited once at a time.
        Index(
            "ux_queue_running",
            "model",
            unique=True,
            sqlite_where=text(_RUNNING),
        ),
        {"comment": "Audits that are wanted: each is run until it has one verdict, and never by two."},
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(sa_type=Words)
    schedule: str = Field(sa_type=Words)
    model: str = Field(sa_type=Words)
    state: str = Field(sa_type=Text)
    why: str = Field(sa_type=Text)
    said: str = Field(sa_type=Words)
    due: datetime = Field(sa_type=Moment)
    missed: int = 0
    first_missed: datetime | None = Field(default=None, sa_type=Moment)
    asked: str = Field(default="{}", sa_type=Text)
    ordered_at: datetime = Field(sa_type=Moment)
    not_before: float = 0.0
    attempts: int = 0
    token: int = 0
    owner: str | None = Field(default=None, sa_type=Text)
    lease_ends: float | None = None
    started_at: datetime | None = Field(default=None, sa_type=Moment)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)
    audit_id: int | None = None
    reason: str = Field(default="", sa_type=Words)


@event.listens_for(SQLModel.metadata.tables["queue"], "before_create")
def _complete_for_postgresql(table: Table, connection: Connection, **_: object) -> None:
    """Give the index its condition on PostgreSQL; named where it is declared it costs an import (30 ms)."""
    if connection.dialect.name == "postgresql":
        index = next(each for each in table.indexes if each.name == "ux_queue_running")
        index.dialect_options["postgresql"]["where"] = text(_RUNNING)


class EventRow(SQLModel, table=True):
    """Something that happened."""

    __tablename__ = "event"
    __table_args__: ClassVar[Any] = (
        Index("ix_event_schedule", "schedule", "id"),
        {"comment": "What happened to orders and schedules; rows are added, never changed."},
    )

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=Moment)
    action: str = Field(sa_type=Text)
    schedule: str = Field(default="", sa_type=Words)
    order_id: int | None = None
    audit_id: int | None = None
    facts: str = Field(default="{}", sa_type=Words)


class InstanceRow(SQLModel, table=True):
    """A daemon that runs or ran."""

    __tablename__ = "instance"
    __table_args__: ClassVar[Any] = (
        {"comment": "Daemons, by an id that is new at every start; last_tick by the database's clock."},
    )

    id: str = Field(primary_key=True, sa_type=Text)
    started_at: datetime = Field(sa_type=Moment)
    version: str = Field(sa_type=Text)
    tick_seconds: float
    last_tick: float
    stopped: bool = False
