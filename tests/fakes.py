"""Fakes that keep the promises of the ports, without a disk or a clock. Checked by tests/contracts."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from auditor.core.cells import Cells, cells_of
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
    OpenAudit,
    ProductionSpec,
    Result,
    Snapshot,
    TrainerFacts,
    TrainerSpec,
)
from auditor.errors import CaptureError, DataError, EarlyError, SnapshotError, StorageError, TrainerError
from auditor.executors.attempt import attempt, plainly
from auditor.ports import Ledger, Vault, Work

T = TypeVar("T")

NOON = datetime(2026, 3, 15, 12, tzinfo=UTC)


@dataclass
class FixedClock:
    """A clock that stands still until it is moved."""

    moment: datetime = NOON

    def now(self) -> datetime:
        return self.moment

    def advance(self, by: timedelta) -> None:
        self.moment += by


@dataclass
class _Kept:
    """An audit as the fake keeps it."""

    begun: OpenAudit
    summary: AuditSummary
    results: dict[int, Result] = field(default_factory=dict)
    outcome: Audit | None = None


class MemoryLedger:
    """A ledger in this process's memory."""

    def __init__(self) -> None:
        self._captures: list[Capture] = []
        self._applications: list[Application] = []
        self._audits: dict[int, _Kept] = {}

    def close(self) -> None:
        """There is nothing to close."""

    def add_capture(self, capture: Capture) -> Capture:
        kept = replace(capture, id=len(self._captures) + 1)
        self._captures.append(kept)
        return kept

    def latest_capture(self, model: str) -> Capture | None:
        return max(self.captures(model), key=lambda capture: capture.id, default=None)

    def captures(self, model: str) -> tuple[Capture, ...]:
        return tuple(capture for capture in self._captures if capture.model == model)

    def add_application(self, application: Application) -> Application:
        kept = replace(application, id=len(self._applications) + 1)
        self._applications.append(kept)
        return kept

    def applications(self, model: str) -> tuple[Application, ...]:
        return tuple(each for each in self._applications if each.model == model)

    def reference(self, capture: Capture) -> str | None:
        done = [
            kept.begun.snapshot.digest
            for kept in self._audits.values()
            if kept.begun.capture.id == capture.id and kept.summary.state == "done"
        ]
        return capture.snapshot or next(iter(done), None)

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
        if capture not in self._captures:
            raise ValueError(f"capture {capture.id} is not in the ledger")
        number = len(self._audits) + 1
        begun = OpenAudit(
            id=number,
            model=model,
            plan_digest=plan_digest,
            capture=capture,
            snapshot=snapshot,
            seed=number if seed is None else seed,
            started_at=now,
        )
        self._audits[number] = _Kept(begun, _running_summary(begun))
        return begun

    def unfinished(self, model: str) -> OpenAudit | None:
        running = [
            kept.begun
            for kept in self._audits.values()
            if kept.begun.model == model and kept.summary.state == "running"
        ]
        return running[-1] if running else None

    def abandon(self, audit_id: int, reason: str, now: datetime) -> None:
        kept = self._running(audit_id)
        kept.summary = replace(kept.summary, state="abandoned", finished_at=now)

    def append(self, audit_id: int, results: Sequence[Result]) -> None:
        if not results:
            return
        kept = self._running(audit_id)
        numbers = [result.trial.id for result in results]
        if len(set(numbers)) < len(numbers) or kept.results.keys() & numbers:
            raise ValueError(f"a trial is written once, got {numbers}")
        kept.results |= {result.trial.id: _copied(result) for result in results}

    def history(self, audit_id: int) -> tuple[Result, ...]:
        kept = self._audits.get(audit_id)
        return tuple(_copied(kept.results[number]) for number in sorted(kept.results)) if kept else ()

    def finish(self, audit: Audit) -> None:
        kept = self._running(audit.id)
        kept.outcome = audit
        kept.summary = replace(audit.summary, plan_digest=kept.begun.plan_digest)

    def audit(self, audit_id: int) -> Audit | None:
        kept = self._audits.get(audit_id)
        return kept.outcome if kept else None

    def summaries(
        self,
        model: str | None = None,
        limit: int | None = None,
        *,
        up_to: int | None = None,
        within: tuple[datetime, datetime] | None = None,
    ) -> tuple[AuditSummary, ...]:
        found = [
            kept.summary
            for kept in reversed(self._audits.values())
            if kept.summary.state != "abandoned"
            and model in (None, kept.begun.model)
            and (up_to is None or kept.summary.id <= up_to)
            and (within is None or within[0] <= kept.summary.started_at < within[1])
        ]
        return tuple(found[:limit])

    def latest(self, each: int = 1) -> tuple[AuditSummary, ...]:
        models = sorted({summary.model for summary in self.summaries()})
        return tuple(summary for model in models for summary in self.summaries(model, each))

    def began(self, model: str) -> datetime | None:
        every = [kept.begun for kept in self._audits.values() if kept.begun.model == model]
        return every[0].started_at if every else None

    def _running(self, audit_id: int) -> _Kept:
        kept = self._audits.get(audit_id)
        if kept is None or kept.summary.state != "running":
            raise ValueError(f"audit {audit_id} is not running")
        return kept


class ListedLedger(MemoryLedger):
    """A ledger with audits of which only the lines are known, before its own; counts the lines that are read.

    Attributes
    ----------
    read
        Lines given out so far.
    """

    def __init__(self, audits: Sequence[AuditSummary]) -> None:
        super().__init__()
        self._lines = sorted(audits, key=lambda one: -one.id)
        self.read = 0

    def summaries(
        self,
        model: str | None = None,
        limit: int | None = None,
        *,
        up_to: int | None = None,
        within: tuple[datetime, datetime] | None = None,
    ) -> tuple[AuditSummary, ...]:
        found = [
            *super().summaries(model, up_to=up_to, within=within),
            *(
                one
                for one in self._lines
                if model in (None, one.model)
                and (up_to is None or one.id <= up_to)
                and (within is None or within[0] <= one.started_at < within[1])
            ),
        ]
        self.read += len(found[:limit])
        return tuple(found[:limit])

    def latest(self, each: int = 1) -> tuple[AuditSummary, ...]:
        models = sorted({one.model for one in (*self._lines, *super().summaries())})
        return tuple(one for model in models for one in self.summaries(model, each))

    def began(self, model: str) -> datetime | None:
        listed = (one.started_at for one in reversed(self._lines) if one.model == model)
        return next(listed, None) or super().began(model)


def _running_summary(begun: OpenAudit) -> AuditSummary:
    return AuditSummary(
        id=begun.id,
        model=begun.model,
        state="running",
        started_at=begun.started_at,
        finished_at=None,
        call=None,
        headline="",
        gain=None,
        unit="",
        margin=None,
        production_loss=None,
        stale_settings=(),
        next_due=None,
        capture=begun.capture.id,
        seed=begun.seed,
        snapshot=begun.snapshot.digest,
        newest=begun.snapshot.last,
        plan_digest=begun.plan_digest,
    )


def _copied(result: Result) -> Result:
    """Return a result whose losses nobody else can change."""
    return result if result.losses is None else replace(result, losses=np.array(result.losses))


@dataclass
class RecordingProgress:
    """Remembers every step it was told."""

    steps: list[tuple[str, int, int | None]] = field(default_factory=list)

    def step(self, stage: str, done: int, total: int | None, note: str = "") -> None:
        self.steps.append((stage, done, total))


class ShuffledExecutor:
    """Runs jobs here, and hands their results over in a random order that a seed decides.

    Parameters
    ----------
    work
        One job in, its result out.
    seed
        Of the order; None for the order of the jobs.
    """

    def __init__(self, work: Work, seed: int | None = None) -> None:
        self._work = work
        self._order = None if seed is None else np.random.default_rng(seed)
        self.lots: list[tuple[Job, ...]] = []

    @property
    def jobs(self) -> tuple[Job, ...]:
        """Every job so far."""
        return tuple(job for lot in self.lots for job in lot)

    def run(self, jobs: Sequence[Job]) -> Iterator[Result]:
        self.lots.append(tuple(jobs))
        order = range(len(jobs)) if self._order is None else self._order.permutation(len(jobs))
        for place in order:
            yield attempt(self._work, jobs[place])

    def call(self, function: Callable[..., T], *args: Any, timeout_seconds: float = 300.0) -> T:
        return plainly(function, *args)

    def close(self) -> None:
        """There is nothing to stop."""


class MemoryVault:
    """Snapshots in this process's memory: the arrays of an ``.npz`` file, under the digest of their bytes."""

    def __init__(self) -> None:
        self._kept: dict[str, dict[str, npt.NDArray[Any]]] = {}
        self.lost: set[str] = set()

    def checkpoint_trouble(self, digest: str) -> str | None:
        return f"checkpoint {digest[:12]} is lost" if digest in self.lost else None

    def recall(self, name: str) -> bytes | None:
        return None

    def holds(self, chunk: Chunk) -> bool:
        return False

    @property
    def folder(self) -> str:
        return "memory"

    @property
    def digests(self) -> tuple[str, ...]:
        """What was filed, oldest first."""
        return tuple(self._kept)

    def file(self, path: str, *, source: str, time: str | None, taken_at: datetime) -> Snapshot:
        with np.load(path) as file:
            columns = {name: file[name] for name in file.files}
        digest = hashlib.sha256(b"".join(column.tobytes() for column in columns.values())).hexdigest()
        self._kept[digest] = columns
        first, last = _ends(columns[time]) if time is not None else (None, None)
        return Snapshot(
            digest=digest,
            rows=next(iter(columns.values())).size,
            bytes=sum(column.nbytes for column in columns.values()),
            columns=_columns(columns),
            source=source,
            taken_at=taken_at,
            first=first,
            last=last,
        )

    def forget(self, digest: str) -> None:
        """Lose a snapshot."""
        del self._kept[digest]

    def path(self, digest: str) -> str:
        return digest

    def verify(self, digest: str) -> None:
        if digest not in self._kept:
            raise SnapshotError(f"snapshot {digest[:12]} is not in the vault 'memory'")

    def read(self, digest: str, columns: Sequence[str]) -> Mapping[str, npt.NDArray[Any]]:
        self.verify(digest)
        for name in columns:
            if name not in self._kept[digest]:
                raise SnapshotError(f"snapshot {digest[:12]} has no column {name!r}")
        return {name: self._kept[digest][name] for name in columns}

    def columns(self, digest: str) -> tuple[Column, ...]:
        self.verify(digest)
        return _columns(self._kept[digest])

    def scan(self, digest: str, column: str) -> Cells:
        return cells_of(self.read(digest, [column])[column])


def _ends(times: npt.NDArray[Any]) -> tuple[datetime | None, datetime | None]:
    """Return the oldest and the newest time, where these are times."""
    if times.dtype.kind != "M":
        return None, None
    first, last = (moment.astype("datetime64[us]").item() for moment in (times.min(), times.max()))
    return first.replace(tzinfo=UTC), last.replace(tzinfo=UTC)


def _columns(arrays: Mapping[str, npt.NDArray[Any]]) -> tuple[Column, ...]:
    return tuple(Column(name, str(array.dtype)) for name, array in arrays.items())


@dataclass
class FixedSources:
    """Production and rows that stay what they are until a test changes them."""

    settings: Config
    columns: Mapping[str, npt.NDArray[Any]]
    machine: Environment
    trainer_code: CodeVersion

    def production(self, spec: ProductionSpec, fixed: TrainerSpec) -> tuple[CapturedSetting, ...]:
        if not self.settings:
            raise CaptureError("memory: no settings found")
        return tuple(
            CapturedSetting(name=name, raw=repr(value), value=value, origin="memory")
            for name, value in sorted(self.settings.items())
        )

    def fetch(self, spec: DataSpec, into: str, *, held: Vault | None = None) -> str:
        for name in (spec.target, spec.time, spec.group):
            if name is not None and name not in self.columns:
                raise DataError(f"memory has no column {name!r}")
        if not self.columns[spec.target].size:
            raise DataError("memory has no rows")
        path = Path(into) / "rows.npz"
        np.savez(path, **_stretch(self.columns, spec))
        return str(path)

    def environment(self) -> Environment:
        return self.machine

    def code(self, trainer: TrainerSpec) -> CodeVersion:
        return self.trainer_code


def _stretch(columns: Mapping[str, npt.NDArray[Any]], spec: DataSpec) -> dict[str, npt.NDArray[Any]]:
    """Return the rows of a stretch of time, in its order."""
    if spec.time is None:
        return dict(columns)
    order = np.argsort(columns[spec.time], kind="stable")
    columns = {name: column[order] for name, column in columns.items()}
    if spec.since is None and spec.until is None and spec.window is None:
        return columns
    times = columns[spec.time]
    since, until = (
        None if moment is None else np.datetime64(moment.replace(tzinfo=None))
        for moment in (spec.since, spec.until)
    )
    inside = (times >= (times.min() if since is None else since)) & (
        times < (times.max() + np.timedelta64(1, "us") if until is None else until)
    )
    if spec.fewest is not None and inside.sum() < spec.fewest:
        raise EarlyError(f"no rows for a turn: {inside.sum()}")
    if not inside.any():
        raise DataError("no rows in that stretch of time")
    if spec.window is not None:
        inside &= times > times[inside].max() - np.timedelta64(spec.window)
    return {name: column[inside] for name, column in columns.items()}


@dataclass
class FixedFacts:
    """A trainer that says the same of itself, whatever it is asked with, but for what it refuses.

    Attributes
    ----------
    refused
        Entries, settings and metrics that it refuses, each with the reason.
    """

    facts: TrainerFacts
    refused: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, trainer: TrainerSpec, config: Config, metric: str) -> TrainerFacts:
        for word in (trainer.entry, *config, metric):
            if word in self.refused:
                raise TrainerError(f"{trainer.entry}: {self.refused[word]}")
        return self.facts


@dataclass
class MemoryPublisher:
    """Keeps the audits that were published, and the newest of every model at the time.

    Attributes
    ----------
    shown
        By path, each audit once.
    """

    pages: list[Audit] = field(default_factory=list)
    pasts: list[tuple[AuditSummary, ...]] = field(default_factory=list)
    shown: dict[str, Audit] = field(default_factory=dict)

    def publish(self, audit: Audit, ledger: Ledger) -> str:
        path = f"{audit.model}/{audit.id}.html"
        self.pasts.append(ledger.latest())
        self.pages.append(audit)
        self.shown[path] = audit
        return path


@dataclass
class Receiver:
    """A channel that can be broken, before it takes a message or right after."""

    name: str
    broken: Exception | None = None
    takes_then_breaks: bool = False
    got: list[Message] = field(default_factory=list)

    def send(self, message: Message) -> None:
        if self.takes_then_breaks:
            self.got.append(message)
        if self.broken is not None:
            raise self.broken
        self.got.append(message)


@dataclass
class StoppedExecutor:
    """An executor that the user stops in the middle of a lot, once so many lots are done."""

    inner: ShuffledExecutor
    lots: int
    lots_run: int = field(default=0)

    def run(self, jobs: Sequence[Job]) -> Iterator[Result]:
        self.lots_run += 1
        for number, result in enumerate(self.inner.run(jobs)):
            if self.lots_run > self.lots and number == len(jobs) // 2:
                raise KeyboardInterrupt
            yield result

    def call(self, function: Callable[..., T], *args: Any, timeout_seconds: float = 300.0) -> T:
        return self.inner.call(function, *args)

    def close(self) -> None:
        self.inner.close()


class BreakingLedger(MemoryLedger):
    """A ledger that breaks once, before its k-th write of an open audit or right after it."""

    def __init__(self, writes: int, *, after: bool) -> None:
        super().__init__()
        self._left, self._after = writes, after

    def append(self, audit_id: int, results: Sequence[Result]) -> None:
        self._write(super().append, audit_id, results)

    def finish(self, audit: Audit) -> None:
        self._write(super().finish, audit)

    def _write(self, write: Callable[..., None], *args: Any) -> None:
        self._left -= 1
        if self._left == -1 and not self._after:
            raise StorageError("the disk is full")
        write(*args)
        if self._left == -1:
            raise KeyboardInterrupt
