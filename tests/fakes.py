"""Fakes that keep the promises of the ports, without a disk or a clock. Checked by tests/contracts."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from auditor.core.records import (
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
    OpenAudit,
    ProductionSpec,
    Result,
    Snapshot,
    TrainerFacts,
    TrainerSpec,
)
from auditor.errors import SnapshotError
from auditor.executors.attempt import attempt, plainly
from auditor.ports import Work

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
        self._audits: dict[int, _Kept] = {}

    def add_capture(self, capture: Capture) -> Capture:
        kept = replace(capture, id=len(self._captures) + 1)
        self._captures.append(kept)
        return kept

    def latest_capture(self, model: str) -> Capture | None:
        return max(self.captures(model), key=lambda capture: capture.id, default=None)

    def captures(self, model: str) -> tuple[Capture, ...]:
        return tuple(capture for capture in self._captures if capture.model == model)

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
        kept.summary = audit.summary

    def audit(self, audit_id: int) -> Audit | None:
        kept = self._audits.get(audit_id)
        return kept.outcome if kept else None

    def summaries(self, model: str | None = None, limit: int | None = None) -> tuple[AuditSummary, ...]:
        found = [
            kept.summary
            for kept in reversed(self._audits.values())
            if kept.summary.state != "abandoned" and model in (None, kept.begun.model)
        ]
        return tuple(found[:limit])

    def latest(self) -> tuple[AuditSummary, ...]:
        newest = {summary.model: summary for summary in reversed(self.summaries())}
        return tuple(newest[model] for model in sorted(newest))

    def _running(self, audit_id: int) -> _Kept:
        kept = self._audits.get(audit_id)
        if kept is None or kept.summary.state != "running":
            raise ValueError(f"audit {audit_id} is not running")
        return kept


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
        return Snapshot(
            digest=digest,
            rows=next(iter(columns.values())).size,
            bytes=sum(column.nbytes for column in columns.values()),
            columns=tuple(Column(name, str(column.dtype)) for name, column in columns.items()),
            source=source,
            taken_at=taken_at,
        )

    def forget(self, digest: str) -> None:
        """Lose a snapshot."""
        del self._kept[digest]

    def verify(self, digest: str) -> None:
        if digest not in self._kept:
            raise SnapshotError(f"no snapshot {digest} in memory")

    def read(self, digest: str, columns: Sequence[str]) -> Mapping[str, npt.NDArray[Any]]:
        self.verify(digest)
        return {name: self._kept[digest][name] for name in columns}


@dataclass
class FixedSources:
    """Production and rows that stay what they are until a test changes them."""

    settings: Config
    columns: Mapping[str, npt.NDArray[Any]]
    machine: Environment
    trainer_code: CodeVersion

    def production(self, spec: ProductionSpec, fixed: TrainerSpec) -> tuple[CapturedSetting, ...]:
        return tuple(
            CapturedSetting(name=name, raw=repr(value), value=value, origin="memory")
            for name, value in self.settings.items()
        )

    def fetch(self, spec: DataSpec, into: str) -> str:
        path = Path(into) / "rows.npz"
        np.savez(path, **self.columns)
        return str(path)

    def environment(self) -> Environment:
        return self.machine

    def code(self, trainer: TrainerSpec) -> CodeVersion:
        return self.trainer_code


@dataclass
class FixedFacts:
    """A trainer that says the same of itself, whatever it is asked with."""

    facts: TrainerFacts

    def __call__(self, trainer: TrainerSpec, config: Config, metric: str) -> TrainerFacts:
        return self.facts


@dataclass
class MemoryPublisher:
    """Keeps the audits that were published, and how many there were in all at the time."""

    pages: list[Audit] = field(default_factory=list)
    pasts: list[tuple[AuditSummary, ...]] = field(default_factory=list)

    def publish(self, audit: Audit, past: Sequence[AuditSummary]) -> str:
        self.pages.append(audit)
        self.pasts.append(tuple(past))
        return f"{audit.model}/{audit.id}.html"
