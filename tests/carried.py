"""A world in which one model is carried on, day after day, and whose truth is known.

Nothing is trained. A checkpoint is a digest; what a model is worth is what its settings are worth, plus the
damage of a bad day that it was trained on. Luck follows from rows, settings and seeds.
"""

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import numpy as np

from auditor.core.records import (
    Budget,
    Config,
    DataSpec,
    Failure,
    Job,
    Plan,
    Result,
    Round,
    TrainerFacts,
    config_key,
    digest_of,
)
from auditor.core.splits import rows_of, set_aside
from auditor.ports import Executor
from tests.fakes import MemoryVault, ShuffledExecutor
from tests.planted import Planted, World, a_plan, a_world

DAY_ROWS = 240
FIRST_DAY = np.datetime64("2026-01-01T00:00", "us")


def rows_until(day: int, *, more: int = 0) -> dict[str, Any]:
    """Return the columns of all rows of so many days, and of a few more of the next one."""
    count = day * DAY_ROWS + more
    step = np.timedelta64(86_400 // DAY_ROWS, "s")
    return {"y": np.random.default_rng(0).standard_normal(count), "at": FIRST_DAY + step * np.arange(count)}


@dataclass
class Babysat:
    """Work that carries models on without training them.

    Attributes
    ----------
    truth
        What a configuration adds to a base loss of 1.
    bad_day
        A day, counted from 0, that ruins a model which is trained on it.
    failing
        Why a job fails, or None.
    vault
        Where it finds the rows.
    worth
        By checkpoint: its damage, and its settings.
    """

    truth: Callable[[Config], float]
    noise: float = 0.05
    bad_day: int | None = None
    failing: Callable[[Job], Failure | None] = lambda job: None
    seconds: float = 0.01
    vault: MemoryVault | None = None
    worth: dict[str, tuple[float, Config]] = field(default_factory=dict)

    def __call__(self, job: Job) -> Result:
        failure = self.failing(job)
        if failure is not None:
            return Result(trial=job.trial, failure=failure, seconds=self.seconds)
        assert self.vault is not None
        proposal = job.trial.proposal
        times = self.vault.read(job.layout.digest, ["at"])["at"].astype("datetime64[us]")
        rows = rows_of(set_aside(job.layout, rows=times.size), proposal.fold, job.layout)
        checkpoint = None
        if proposal.round is Round.REVIEW:
            damage, config = self.worth[str(proposal.resume_from)]
        else:
            config, damage = proposal.config, self._damage(times[rows.fit])
            checkpoint = self._left(proposal.resume_from, config, times[rows.fit], damage, job)
        number = ((times - FIRST_DAY) / np.timedelta64(1, "s")).astype(int)[rows.score]
        luck = np.array([_luck(int(n), 0) for n in number])
        own = np.array([_luck(int(n), zlib.crc32(config_key(config).encode())) for n in number])
        losses = 1.0 + self.truth(config) + damage + 0.3 * luck + self.noise * own
        return Result(
            trial=job.trial,
            loss=float(losses.mean()),
            losses=losses,
            seconds=self.seconds,
            iterations=5,
            checkpoint=checkpoint,
        )

    def _damage(self, fitted: Any) -> float:
        if self.bad_day is None or fitted.size == 0:
            return 0.0
        days = ((fitted - FIRST_DAY) / np.timedelta64(1, "D")).astype(int)
        return 0.2 if days.max() == self.bad_day else 0.0

    def _left(self, parent: str | None, config: Config, fitted: Any, damage: float, job: Job) -> str:
        digest = digest_of(f"{parent} {config_key(config)} {fitted.tolist()} {job.trial.seed}")
        self.worth[digest] = (damage, config)
        return digest


def _luck(row: int, config: int) -> float:
    return float(np.random.default_rng([row, config]).standard_normal())


def panda_plan(**changes: Any) -> Plan:
    """Return a plan that carries one model on."""
    usual = {
        "budget": Budget(strategy="panda"),
        "data": DataSpec(source="memory", target="y", time="at"),
    }
    return a_plan(**{**usual, **changes})


def babysat(
    work: Babysat,
    production: Mapping[str, Any],
    *,
    days: int = 4,
    executor: Executor | None = None,
    **changes: Any,
) -> World:
    """Return a world with the rows of so many days."""
    facts = TrainerFacts(classifier=False, curve=None, defaults={}, continues=True)
    executor = executor or ShuffledExecutor(work)
    world = a_world(Planted(truth=work.truth), production, facts=facts, executor=executor, **changes)
    work.vault = world.vault
    world.sources.columns = rows_until(days)
    return world


def next_day(world: World, day: int) -> None:
    """Let the rows of another day come in."""
    world.sources.columns = rows_until(day)
    world.clock.advance(timedelta(days=1))


def same_but_for_times(audit: Any) -> Any:
    """Return an audit without what an interruption is allowed to change."""
    return replace(audit, spent=replace(audit.spent, wall_seconds=None))
