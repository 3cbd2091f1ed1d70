"""What the walk needs from the world, as protocols.

Adapters in ``executors/``, ``trainers/``, ``storage/``, ``sources/`` and ``reporting/``
keep these promises; ``tests/contracts/`` checks them over every implementation. Only
``wiring.py`` knows which one was chosen.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

import numpy.typing as npt

from auditor.core.cells import Cells
from auditor.core.chunks import Chunk
from auditor.core.records import (
    Application,
    Audit,
    AuditSummary,
    Capture,
    CapturedSetting,
    CodeVersion,
    Column,
    Config,
    DataSpec,
    Environment,
    Job,
    Message,
    News,
    Notice,
    Occasion,
    OpenAudit,
    Plan,
    ProductionSpec,
    Result,
    Snapshot,
    TrainerFacts,
    TrainerSpec,
)

T = TypeVar("T")

Work = Callable[[Job], Result]
"""One job in, its result out. It travels to other processes: it carries names, not data."""

WorkTogether = Callable[[Sequence[Job]], Sequence[Result | None]]
"""Jobs of a lot in; out come the results of those that could be done in one pass, and None for the others."""


class Clock(Protocol):
    """The only place the time comes from."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC; any thread may ask."""


class Executor(Protocol):
    """Somewhere to run trials: in this process, in a pool, on a cluster."""

    def run(self, jobs: Sequence[Job]) -> Iterator[Result]:
        """Yield one result per job, in whatever order they finish.

        A job that raises makes a result with a failure in it; so does one that hangs past its limit, eats
        its memory or kills its process, wherever jobs have processes of their own (inline, they have
        none). Only an executor that is itself broken raises.
        """

    def call(self, function: Callable[..., T], *args: Any, timeout_seconds: float = 300.0) -> T:
        """Run one importable function where user code may run, and return what it returns.

        Raises
        ------
        AuditorError
            As raised by the function.
        TrainerError
            For anything else it raises; and where it has a process of its own, if it hangs or that dies.
        """

    def close(self) -> None:
        """Stop the workers at once; safe to call twice."""


class Vault(Protocol):
    """The store of snapshots: Parquet files, or lists of them, filed under the digest of their bytes."""

    @property
    def folder(self) -> str:
        """Where a worker finds the vault: a folder, or a URL."""

    def file(self, path: str, *, source: str, time: str | None, taken_at: datetime) -> Snapshot:
        """Take over the Parquet file or the list of chunks at ``path`` (moved, whole or not at all)."""

    def recall(self, name: str) -> bytes | None:
        """Return what was remembered under a name, or None; a hint, which may be out of date."""

    def holds(self, chunk: Chunk) -> bool:
        """Return whether a chunk is there; if so, it stays for a day at least, and may be filed unread."""

    def verify(self, digest: str) -> None:
        """Read a snapshot's bytes and raise SnapshotError unless they are what they were."""

    def read(self, digest: str, columns: Sequence[str]) -> Mapping[str, npt.NDArray[Any]]:
        """Return columns of a verified snapshot as arrays, in row order."""

    def path(self, digest: str) -> str:
        """Return where a snapshot's Parquet file, or a folder of them, lies: to be read, never written to."""

    def columns(self, digest: str) -> tuple[Column, ...]:
        """Return the columns of a verified snapshot, in their order."""

    def checkpoint_trouble(self, digest: str) -> str | None:
        """Return why a live model cannot be gone on with from a checkpoint, or None when it can."""

    def scan(self, digest: str, column: str) -> Cells:
        """Return one column of a verified snapshot, to be read in pieces that fit in any memory."""


class Ledger(Protocol):
    """The database of what was found. Rows are added; an audit's outcome is written once."""

    def add_capture(self, capture: Capture) -> Capture:
        """Record a capture and return it with its number."""

    def latest_capture(self, model: str) -> Capture | None:
        """Return the newest capture of a model, or None."""

    def captures(self, model: str) -> tuple[Capture, ...]:
        """Return all captures of a model, oldest first."""

    def add_application(self, application: Application) -> Application:
        """Record that production was changed as an audit recommends, or back, and return it numbered."""

    def applications(self, model: str) -> tuple[Application, ...]:
        """Return every change of a model's production that was applied, oldest first."""

    def reference(self, capture: Capture) -> str | None:
        """Return the digest of the rows that production was tuned on, as far as they are known.

        Those of the capture; else those of the earliest audit that was finished on this capture,
        the oldest rows on which production's settings are known to have been looked at.
        """

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

    def unfinished(self, model: str) -> OpenAudit | None:
        """Return the newest audit of a model that began and neither finished nor failed nor was abandoned."""

    def abandon(self, audit_id: int, reason: str, now: datetime) -> None:
        """Close an unfinished audit without an outcome."""

    def append(self, audit_id: int, results: Sequence[Result]) -> None:
        """Write a batch of results, whole or not at all."""

    def history(self, audit_id: int) -> tuple[Result, ...]:
        """Return every result of an audit in trial order, losses included."""

    def finish(self, audit: Audit) -> None:
        """Write the outcome of an audit, once; ``audit.error`` set makes it a failed one."""

    def audit(self, audit_id: int) -> Audit | None:
        """Return a finished or failed audit, or None."""

    def summaries(
        self,
        model: str | None = None,
        limit: int | None = None,
        *,
        up_to: int | None = None,
        within: tuple[datetime, datetime] | None = None,
    ) -> tuple[AuditSummary, ...]:
        """Return audits newest first, unfinished ones included.

        Parameters
        ----------
        up_to
            The number of the newest audit that is wanted.
        within
            The moments that they began in, the second excluded.
        """

    def latest(self, each: int = 1) -> tuple[AuditSummary, ...]:
        """Return the newest ``each`` audits of every model, by model name, a model's newest first."""

    def began(self, model: str) -> datetime | None:
        """Return when the first audit of a model began, or None."""


class Outbox(Protocol):
    """What is to be told, until it has been. Each piece of news is kept once per audit, channel and key."""

    def standings(self, now: datetime) -> tuple[AuditSummary, ...]:
        """Return the newest audit of every model that has ended, by model; one that runs now is left out."""

    def stuck(self, now: datetime) -> tuple[News, ...]:
        """Return the news of orders that were lately put into quarantine, the first of a row of them only."""

    def add(self, news: Sequence[News], *, channel: str, now: datetime) -> int:
        """Add news that is not there yet, for one channel, and return how much was new."""

    def last_told(self, channel: str) -> Mapping[str, Notice]:
        """Return the newest notice about every model on one channel."""

    def claim(self, channel: str, *, now: datetime, until: datetime) -> tuple[Notice, ...]:
        """Take what is due on a channel, oldest first, for nobody else to take before ``until``."""

    def sent(self, notices: Sequence[Notice], *, now: datetime) -> None:
        """Record that claimed notices were sent."""

    def failed(self, notices: Sequence[Notice], *, problem: str, now: datetime) -> tuple[Notice, ...]:
        """Record that claimed notices could not be sent, and return those that are given up by that."""

    def newest(self, limit: int) -> tuple[Notice, ...]:
        """Return notices, newest first."""


class Channel(Protocol):
    """Somewhere to send a message to."""

    @property
    def name(self) -> str:
        """What tells it apart from other channels; no secret, as ``repr`` holds none: both may be shown."""

    def send(self, message: Message) -> None:
        """Send a message, in a bounded time.

        Raises
        ------
        ChannelError
            If it was not taken, or nobody can say whether it was: in one line, without a secret.
        """


class Sources(Protocol):
    """Where production and fresh rows are read from. User code among them runs in a worker."""

    def production(self, spec: ProductionSpec, fixed: TrainerSpec) -> tuple[CapturedSetting, ...]:
        """Return every production setting with its raw text and its origin, by name.

        Raises
        ------
        CaptureError
            If the source is missing, unreadable or has no settings.
        """

    def fetch(self, spec: DataSpec, into: str, *, held: "Vault | None" = None) -> str:
        """Write the rows of the window to the folder ``into``, and return the path that the vault takes.

        Rows are in time order when the data has a time column. Nothing else is written.

        Parameters
        ----------
        held
            What the vault has already, and need not be written again.

        Raises
        ------
        DataError
            If the source is missing, empty, truncated, or lacks a declared column.
        """

    def environment(self) -> Environment:
        """Return the fingerprint of this machine."""

    def code(self, trainer: TrainerSpec) -> CodeVersion:
        """Return the fingerprint of the trainer's code."""


class Describe(Protocol):
    """Asks a trainer about itself, in a worker."""

    def __call__(self, trainer: TrainerSpec, config: Config, metric: str) -> TrainerFacts:
        """Build the trainer once with a configuration, and say what it is.

        Raises
        ------
        TrainerError
            If it does not exist, refuses a setting, or cannot give what the metric needs.
        """


class Publisher(Protocol):
    """Where finished audits are shown."""

    def publish(self, audit: Audit, ledger: Ledger) -> str:
        """Write the page and its twin, whole or not at all, refresh the listings, and return the page's path.

        The path is empty where audits are not shown. To publish an audit again changes nothing. Of
        ``ledger`` no more is read for the ten thousandth audit of a model than for the hundredth.
        """


class Progress(Protocol):
    """Who is told how far an audit is."""

    def step(self, stage: str, done: int, total: int | None, note: str = "") -> None:
        """Say that ``done`` of about ``total`` runs of a stage are done, but never on stdout.

        It raises nothing: an audit goes on when nobody can be told of it.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What ``wiring.py`` chose for one process."""

    clock: Clock
    executor: Executor
    vault: Vault
    ledger: Ledger
    sources: Sources
    describe: Describe
    publisher: Publisher
    progress: Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """One audit to carry out: what was declared, and what is asked for on top.

    Attributes
    ----------
    command
        The command line that gets the same audit again.
    occasion
        What the daemon runs it for; None when it is run by hand.
    """

    plan: Plan
    command: str
    seed: int | None = None
    occasion: Occasion | None = None
