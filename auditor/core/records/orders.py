"""What the daemon keeps: audits that are wanted, and schedules with how far they have been kept."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from auditor.core.records.values import Value


class Why(enum.StrEnum):
    """What an audit is wanted for."""

    SLOT = "slot"  #: its schedule said so
    REQUEST = "request"  #: somebody asked for it
    DATA_DRIFT = "data_drift"  #: a column moved
    ENVIRONMENT = "environment"  #: interpreter, libraries or machine changed
    CODE = "code"  #: the trainer's code changed
    PRODUCTION = "production"  #: the production values changed


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """Why an audit is run, and which due slots it stands for.

    Attributes
    ----------
    said
        The reason in words.
    due
        When it was due, or asked for; aware.
    missed
        Older due slots that passed while nobody audited; this audit stands for them as well.
    first_missed
        The oldest of them, or None.
    """

    why: Why
    said: str
    due: datetime
    missed: int = 0
    first_missed: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked for on top of the schedule; None leaves it to the schedule."""

    trials: int | None = None
    minutes: float | None = None
    workers: int | None = None
    seed: int | None = None
    strategy: str | None = None


SILENT_TICKS = 4.0
"""A daemon that has missed so many ticks counts as gone."""

BY_HAND = "run "
"""How the key of an order begins that `auditor run` gave and carries out itself."""


class OrderState(enum.StrEnum):
    """How far a wanted audit is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"  #: it ended in a report that says why it failed
    CANCELLED = "cancelled"
    QUARANTINED = "quarantined"  #: its process died, or it could not begin, too many times
    SKIPPED = "skipped"  #: an older due slot, for which the audit of a newer one stands


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One audit that is wanted: a row of the queue.

    Attributes
    ----------
    key
        At most one order has it: the model and its slot, or the request's own id.
    attempts
        How many times it was begun and did not end.
    token
        Raised whenever somebody takes it; every write of an audit carries it, and is refused when
        somebody has taken the order since.
    audit_id
        The audit it became, once that has begun.
    reason
        Why it is in this state, in words; empty when that goes without saying.
    """

    id: int
    key: str
    schedule: str
    model: str
    occasion: Occasion
    asked: Asked
    state: OrderState
    attempts: int
    token: int
    ordered_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    audit_id: int | None = None
    reason: str = ""

    @property
    def by_hand(self) -> bool:
        """Whether `auditor run` gave it: it is not the daemon's, though a daemon goes on with it."""
        return self.key.startswith(BY_HAND)


@dataclass(frozen=True, slots=True)
class Fence:
    """What lets somebody write for an order: its number, and the token it was taken with."""

    order_id: int
    token: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptSchedule:
    """A schedule as the daemon keeps it.

    Attributes
    ----------
    cursor
        Due slots up to this moment are settled.
    last_slot
        The newest slot that was ordered, or None.
    next_due, next_reason
        When the next slot is due, and why; None when it is audited by hand or paused.
    paused
        No audit of it is begun.
    problem
        What is wrong with its file; empty while it can be read.
    """

    name: str
    model: str
    cursor: datetime
    last_slot: datetime | None
    next_due: datetime | None
    next_reason: str
    paused: bool
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened; never changed.

    Attributes
    ----------
    action
        A stable word one can search for.
    """

    id: int
    at: datetime
    action: str
    schedule: str
    order_id: int | None
    audit_id: int | None
    facts: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """A daemon that runs or ran.

    Attributes
    ----------
    id
        A fresh one at every start; no host name, no process number.
    silent_seconds
        Since its last tick, by the database's clock.
    """

    id: str
    started_at: datetime
    version: str
    tick_seconds: float
    silent_seconds: float
    stopped: bool

    @property
    def alive(self) -> bool:
        """Whether it ticks."""
        return not self.stopped and self.silent_seconds < SILENT_TICKS * max(self.tick_seconds, 5.0)
