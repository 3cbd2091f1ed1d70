"""A world whose truth is known: losses are noise around a surface that a test planted.

Nothing is trained. The loss of a row is that of `Planted.truth`, plus four kinds of luck: of the row
(the same for every configuration), of the row under this configuration, of the training, and the
rest. All of it follows from names and seeds, so a job gives the same result wherever it runs.
"""

import functools
import math
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import numpy as np

from auditor.audit import Outcome, run_audit
from auditor.core.records import (
    Budget,
    CodeVersion,
    Config,
    DataSpec,
    DimensionSpec,
    Environment,
    Failure,
    Job,
    Layout,
    Margin,
    Plan,
    Policy,
    ProductionSpec,
    Result,
    ScaleName,
    TrainerFacts,
    TrainerSpec,
    When,
    config_key,
    digest_of,
)
from auditor.core.splits import FoldRows, Partition, rows_of, set_aside
from auditor.ports import Assignment, Executor, Ledger, Tools
from auditor.replicates import Replicates
from auditor.runner import Runner
from auditor.stages.capture import current
from auditor.stages.snapshot import lay_out, take_snapshot
from tests.fakes import (
    FixedClock,
    FixedFacts,
    FixedSources,
    MemoryLedger,
    MemoryPublisher,
    MemoryVault,
    RecordingProgress,
    ShuffledExecutor,
)

ROWS = 400

RATE = DimensionSpec(scale=ScaleName.LOG, low=1e-4, high=1.0)
SHARE = DimensionSpec(scale=ScaleName.LINEAR, low=0.0, high=1.0)

MACHINE = Environment(
    python="3.11.9",
    platform="Linux",
    cpu="Xeon",
    cores=2,
    memory_bytes=2**33,
    gpu=None,
    driver=None,
    blas="openblas",
    packages={"numpy": "2.0"},
)
CODE = CodeVersion(trainer="shop:Model", digest="c" * 64, commit="a" * 40)


def bowl(**best: float) -> Callable[[Config], float]:
    """Return a surface with its bottom, 0, at the values given: ``rate`` on its log axis, others as they are.

    The loss grows as 0.4 times the squared distance in shares of an axis.
    """

    def truth(config: Config) -> float:
        return sum(
            0.4 * (_axis(name, config[name]) - _axis(name, value)) ** 2 for name, value in best.items()
        )

    return truth


def _axis(name: str, value: Any) -> float:
    return math.log10(value) / 4.0 if name == "rate" else float(value)


@dataclass(frozen=True, kw_only=True)
class Planted:
    """Work without training: one job in, its result out.

    Attributes
    ----------
    truth
        What a configuration adds to a base loss of 1.
    noise
        Standard deviation of each of the three kinds of luck that do not cancel in a paired difference:
        of a row under this configuration, of a training (a twentieth of it), of the rest.
    failing
        Why a job fails, or None.
    rows
        Rows of the world.
    draw
        Which rows these are: worlds of different draws hold different rows of one population.
    """

    truth: Callable[[Config], float]
    noise: float = 0.1
    failing: Callable[[Job], Failure | None] = lambda job: None
    rows: int = ROWS
    draw: int = 0

    def __call__(self, job: Job) -> Result:
        failure = self.failing(job)
        if failure is not None:
            return Result(trial=job.trial, failure=failure, seconds=0.01)
        proposal = job.trial.proposal
        scored = _fold_rows(job.layout, proposal.fold, self.rows).score
        config = zlib.crc32(config_key(proposal.config).encode())
        training = np.random.default_rng([job.trial.seed, config, proposal.fold.half])
        lasting = _luck(self.rows, self.draw) + self.noise * _luck(self.rows, self.draw, config)
        luck = self.noise * (training.standard_normal() / 20.0 + training.standard_normal(scored.size))
        unfinished = 0.5 * (1.0 - proposal.fidelity)
        losses = 1.0 + self.truth(proposal.config) + unfinished + lasting[scored] + luck
        return Result(
            trial=job.trial,
            loss=float(losses.mean()),
            losses=losses,
            seconds=0.01,
            iterations=round(100 * proposal.fidelity),
        )


@functools.lru_cache(maxsize=4096)
def _luck(rows: int, draw: int, config: int = 0) -> np.ndarray:
    return np.random.default_rng([rows, draw, config]).standard_normal(rows)


@functools.lru_cache(maxsize=256)
def partition_of(layout: Layout, rows: int = ROWS) -> Partition:
    """Return how the rows of a planted world are set aside."""
    return set_aside(layout, rows=rows)


@functools.lru_cache(maxsize=4096)
def _fold_rows(layout: Layout, fold: Any, rows: int) -> FoldRows:
    return rows_of(partition_of(layout, rows), fold, layout)


def a_plan(**changes: Any) -> Plan:
    """Return a plan to search ``rate`` and ``share``, with fields changed."""
    text = f"model = 'churn'  # {sorted(changes.items())!r}"
    plan = Plan(
        name="churn",
        model="churn",
        production=ProductionSpec(origin="memory:"),
        data=DataSpec(source="memory", target="y"),
        trainer=TrainerSpec(kind="sklearn", entry="shop:Model"),
        search={"rate": RATE, "share": SHARE},
        policy=Policy(metric="squared_error", margin=Margin(0.01, relative=True)),
        budget=Budget(),
        when=When(every=timedelta(days=14)),
        path="schedules/churn.toml",
        text=text,
        digest=digest_of(text),
    )
    return replace(plan, **changes)


@dataclass
class World:
    """Everything an audit needs, made of fakes, for tests to look into."""

    executor: Any
    ledger: Any
    sources: FixedSources
    clock: FixedClock = field(default_factory=FixedClock)
    vault: MemoryVault = field(default_factory=MemoryVault)
    publisher: MemoryPublisher = field(default_factory=MemoryPublisher)
    progress: RecordingProgress = field(default_factory=RecordingProgress)
    facts: TrainerFacts = field(
        default_factory=lambda: TrainerFacts(classifier=False, curve=None, defaults={})
    )

    @property
    def tools(self) -> Tools:
        return Tools(
            clock=self.clock,
            executor=self.executor,
            vault=self.vault,
            ledger=self.ledger,
            sources=self.sources,
            describe=FixedFacts(self.facts),
            publisher=self.publisher,
            progress=self.progress,
        )

    def audit(self, plan: Plan | None = None, *, seed: int | None = None) -> Outcome:
        """Carry out one audit, or go on with it."""
        assignment = Assignment(plan=plan or a_plan(), command="auditor run churn", seed=seed)
        return run_audit(assignment, self.tools)


def a_world(
    work: Planted,
    production: Mapping[str, Any],
    *,
    executor: Executor | None = None,
    ledger: Ledger | None = None,
    **changes: Any,
) -> World:
    """Return a world in which this work is done and these settings are in production."""
    target = np.random.default_rng(0).standard_normal(work.rows)
    return World(
        executor=executor or ShuffledExecutor(work),
        ledger=ledger or MemoryLedger(),
        sources=FixedSources(dict(production), {"y": target}, MACHINE, CODE),
        **changes,
    )


def a_runner(world: World, plan: Plan | None = None, *, seed: int = 1) -> Runner:
    """Return the runner of an audit that has just begun in this world."""
    plan = plan or a_plan()
    opened = world.ledger.begin(
        model=plan.model,
        plan_digest=plan.digest,
        capture=current(plan, world.tools),
        snapshot=take_snapshot(plan, world.tools),
        seed=seed,
        now=world.clock.now(),
    )
    layout, _ = lay_out(plan, opened.snapshot, seed=seed, facts=world.facts, tools=world.tools)
    return Runner(audit_id=opened.id, plan=plan, layout=layout, tools=world.tools)


def the_replicates(runner: Runner, *, rows: int = ROWS) -> Replicates:
    """Return the confirming replicates of an audit that has begun."""
    return Replicates(
        runner=runner,
        layout=runner.layout,
        partition=partition_of(runner.layout, rows),
        metric=runner.plan.policy.metric,
        seed=runner.layout.seed,
    )
