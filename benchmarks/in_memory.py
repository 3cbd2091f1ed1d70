"""A whole audit of rows that are in memory: the product's own walk, without disk, clock or processes.

``run_audit`` is called as it is; only what surrounds it is held in memory, by the fakes that the
contract tests check. So what a benchmark measures is what a user gets.
"""

import warnings
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from time import process_time
from typing import Any

import numpy as np
import pandas as pd

from auditor.audit import run_audit
from auditor.core.metrics import metric_named
from auditor.core.records import (
    Audit,
    CapturedSetting,
    CodeVersion,
    Column,
    Config,
    DataSpec,
    Environment,
    FloatArray,
    Job,
    Plan,
    ProductionSpec,
    Result,
    Snapshot,
    TrainerSpec,
)
from auditor.executors.inline import InlineExecutor
from auditor.ports import Assignment, Tools
from auditor.trainers.scoring import Judge
from auditor.trainers.sklearn import build
from auditor.trainers.train import train
from auditor.worker import describe
from tests.fakes import FixedClock, MemoryLedger, MemoryPublisher, RecordingProgress

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)

_MACHINE = Environment(
    python="", platform="", cpu="", cores=1, memory_bytes=1, gpu=None, driver=None, blas=None, packages={}
)


@dataclass(frozen=True)
class _Rows:
    """One frame, as the sources that it comes from and the vault that it goes to."""

    frame: pd.DataFrame
    name: str

    @property
    def folder(self) -> str:
        return "memory"

    def production(self, spec: ProductionSpec, fixed: TrainerSpec) -> tuple[CapturedSetting, ...]:
        return tuple(
            CapturedSetting(name=name, raw=repr(value), value=value, origin="memory")
            for name, value in spec.inline.items()
        )

    def fetch(self, spec: DataSpec, into: str, *, held: object = None) -> str:
        return self.name

    def environment(self) -> Environment:
        return _MACHINE

    def code(self, trainer: TrainerSpec) -> CodeVersion:
        return CodeVersion(trainer=trainer.entry, digest=None, commit=None)

    def file(self, path: str, *, source: str, time: str | None, taken_at: datetime) -> Snapshot:
        return Snapshot(
            digest=self.name,
            rows=len(self.frame),
            bytes=int(self.frame.memory_usage().sum()),
            columns=tuple(Column(name, str(dtype)) for name, dtype in self.frame.dtypes.items()),
            source=source,
            taken_at=taken_at,
        )

    def verify(self, digest: str) -> None:
        if digest != self.name:
            raise ValueError(f"there is no snapshot {digest!r}")

    def read(self, digest: str, columns: Sequence[str]) -> dict[str, np.ndarray[Any, Any]]:
        return {name: self.frame[name].to_numpy() for name in columns}


@dataclass(frozen=True)
class Audited:
    """What an audit found, every training that it took, and the processor time of each, in seconds."""

    audit: Audit
    results: tuple[Result, ...]
    processor: tuple[float, ...] = ()


def audit_rows(frame: pd.DataFrame, plan: Plan, *, seed: int) -> Audited:
    """Audit the rows of a frame, in time order where the plan has a time column.

    Parameters
    ----------
    frame
        Features and target.
    plan
        Its production settings are inline.
    seed
        Of the audit: of its splits, its search and its trainings.
    """
    rows = _Rows(frame, name=f"{plan.name}-{seed}")

    processor: dict[int, float] = {}

    def perform(job: Job) -> Result:
        began = process_time()
        result = train(job, frame)
        processor[job.trial.id] = process_time() - began
        return result

    ledger = MemoryLedger()
    with closing(InlineExecutor(perform)) as executor:
        tools = Tools(
            clock=FixedClock(NOON),
            executor=executor,
            vault=rows,
            ledger=ledger,
            sources=rows,
            describe=describe,
            publisher=MemoryPublisher(),
            progress=RecordingProgress(),
        )
        outcome = run_audit(Assignment(plan=plan, command="benchmark", seed=seed), tools)
    results = ledger.history(outcome.audit.id)
    return Audited(outcome.audit, results, tuple(processor[result.trial.id] for result in results))


def train_once(
    plan: Plan, config: Config, *, fit: pd.DataFrame, score: pd.DataFrame, seed: int
) -> FloatArray:
    """Train outside any audit, and return the loss, or pseudo-value, of each scored row.

    Built, seeded and scored by the product's own trainer.
    """
    hidden = [plan.data.target, *([plan.data.time] if plan.data.time in fit else [])]
    model = build(plan.trainer, config, seed=seed)
    target = score[plan.data.target].to_numpy()
    judge = Judge(metric_named(plan.policy.metric), score.drop(columns=hidden), target, np.arange(len(score)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(fit.drop(columns=hidden), fit[plan.data.target].to_numpy())
        return judge.losses(model)
