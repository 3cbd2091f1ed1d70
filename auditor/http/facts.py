"""What the web side needs to know, and whom it asks: protocols and records of its own.

``storage`` answers from the database, the daemon answers for itself; ``wiring`` puts both together.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from auditor.core.records import AuditSummary, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a model stands.

    Attributes
    ----------
    newest
        Its newest audit, running or ended.
    ended
        Its newest audit that has ended, or None.
    last_success
        When its newest audit that did not fail ended, or None.
    """

    model: str
    newest: AuditSummary
    ended: AuditSummary | None
    last_success: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """A schedule, as far as it can be read.

    Attributes
    ----------
    problem
        What is wrong with its file; empty while it can be read.
    next_due
        When its next audit is due; None when it is run by hand, paused, or nobody knows yet.
    """

    name: str
    model: str
    paused: bool = False
    problem: str = ""
    next_due: datetime | None = None
    next_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An audit that is wanted: an entry of the queue."""

    id: int
    schedule: str
    model: str
    state: str
    because: str
    ordered_at: datetime
    attempts: int = 0
    audit_id: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What somebody asks for over the API.

    Attributes
    ----------
    key
        Of the request: asked twice with one key, it is queued once.
    """

    schedule: str
    key: str
    trials: int | None = None
    minutes: float | None = None
    workers: int | None = None
    seed: int | None = None
    strategy: str | None = None


@dataclass(frozen=True, slots=True)
class Queued:
    """What came of a request.

    Attributes
    ----------
    new
        False where the same request was known already.
    """

    order: Wanted
    new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What is counted in the database.

    Attributes
    ----------
    audits, queue, notices
        By state.
    oldest_queued
        When what has been waiting longest was ordered, or None.
    leases_expired, slots_missed
        Since the database was made.
    """

    audits: Mapping[str, int]
    queue: Mapping[str, int] = field(default_factory=dict)
    notices: Mapping[str, int] = field(default_factory=dict)
    oldest_queued: datetime | None = None
    leases_expired: int = 0
    slots_missed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """How the daemon of this process is; told without asking the database.

    Attributes
    ----------
    tick_age_seconds
        Since the last tick that went well; None before the first.
    trouble
        What kept the last tick from going well; empty if it did.
    problems
        By schedule, what is wrong with its file.
    running, workers
        Audits that run, and how many may at once.
    """

    tick_seconds: float
    tick_age_seconds: float | None
    trouble: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)
    running: int = 0
    workers: int = 1
    draining: bool = False


class Facts(Protocol):
    """What is read from the database and from ``schedules/``; any of it may raise StorageError."""

    def probe(self) -> None:
        """Ask the database the least that shows that it answers."""

    def standings(self) -> tuple[Standing, ...]:
        """Return how every model stands, by model."""

    def audits(self, *, model: str | None, before: int | None, limit: int) -> tuple[AuditSummary, ...]:
        """Return audits, newest first, those with numbers below ``before``."""

    def twin(self, audit_id: int) -> str | None:
        """Return the document of an audit that has ended, as JSON, or None."""

    def trials(self, audit_id: int) -> Iterator[Mapping[str, Value]] | None:
        """Return every trial of an audit in order, its configuration as JSON; None for no such audit."""

    def schedules(self) -> tuple[Declared, ...]:
        """Return every schedule, by name."""

    def queue(self, *, limit: int) -> tuple[Wanted, ...]:
        """Return the queue, newest first."""

    def counts(self) -> Counts:
        """Return what is counted."""


class Orders(Protocol):
    """Where audits are asked for."""

    def ask(self, request: Request) -> Queued:
        """Queue an audit, durably, unless the same request was queued before.

        Raises
        ------
        DeclarationError
            If there is no such schedule, or it cannot be read.
        ValueError
            If another request had the same key.
        """


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    Attributes
    ----------
    reason
        Why it is not well; empty if it is.
    """

    name: str
    reason: str = ""

    @property
    def ok(self) -> bool:
        """Whether it is well."""
        return not self.reason
