"""Runs proposals once, and records them whole.

Every stage that trains anything asks a ``Runner``: it numbers and seeds proposals, leaves out
those the ledger already has, sends the rest to the executor, and writes each lot in one
transaction before the next one starts. So a crash loses at most the running lot, and an audit
that is resumed cannot tell that it was interrupted.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from auditor.core.records import (
    Config,
    Fold,
    Job,
    Layout,
    Part,
    Plan,
    Proposal,
    Result,
    TrainerSpec,
    Trial,
    config_key,
)
from auditor.ports import Tools

logger = logging.getLogger(__name__)

Key = tuple[str, Fold, float]
"""What makes two proposals the same training: configuration, rows, fidelity."""


def key_of(config: Config, fold: Fold, *, fidelity: float = 1.0) -> Key:
    """Return what identifies a training within an audit."""
    return config_key(config), fold, fidelity


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What the trials of one part stand on, where it is not the audit's own rows.

    Attributes
    ----------
    fit_on
        Another snapshot to fit on; None for the layout's own rows.
    trainer, metric
        None for those of the plan.
    """

    layout: Layout
    fit_on: Layout | None = None
    trainer: TrainerSpec | None = None
    metric: str | None = None


@dataclass(slots=True)
class Runner:
    """Runs the trials of one audit.

    Attributes
    ----------
    grounds
        By part, for parts that do not stand on the audit's own rows.
    history
        Every result of the audit so far, in trial order.
    horizon
        Iterations of production's own full training, once it has run.
    """

    audit_id: int
    plan: Plan
    layout: Layout
    tools: Tools
    history: list[Result] = field(default_factory=list)
    horizon: int | None = None
    grounds: dict[Part, Ground] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Read back what an interrupted run of this audit has already done."""
        self.history = list(self.tools.ledger.history(self.audit_id))
        self._note_horizon()

    def run(
        self, proposals: Sequence[Proposal], *, seeds: Sequence[int], stage: str, total: int | None = None
    ) -> None:
        """Run one lot of proposals and record it.

        Parameters
        ----------
        proposals
            What to run; numbered in this order.
        seeds
            One per proposal. Trials that are to be compared share a seed.
        stage
            The word progress is shown under.
        total
            About how many trainings there will be in all, for progress.
        """
        first = len(self.history)
        trials = [
            Trial(id=first + number, proposal=proposal, seed=seed, horizon=self.horizon)
            for number, (proposal, seed) in enumerate(zip(proposals, seeds, strict=True))
        ]
        lot: list[Result] = []
        for result in self.tools.executor.run([self._job(trial) for trial in trials]):
            lot.append(result)
            self.tools.progress.step(stage, first + len(lot), total)
        # Executors finish in any order; trial order is what makes an audit repeatable.
        lot.sort(key=lambda result: result.trial.id)
        self.tools.ledger.append(self.audit_id, lot)
        self.history.extend(lot)
        self._note_horizon()
        logger.info(
            "audit %d: %d trials done",
            self.audit_id,
            len(self.history),
            extra={"action": "lot_done", "audit_id": self.audit_id, "stage": stage},
        )

    def done(self) -> Mapping[Key, Result]:
        """Return the results so far by what was trained."""
        return {
            (result.key, result.trial.proposal.fold, result.trial.proposal.fidelity): result
            for result in self.history
        }

    def _job(self, trial: Trial) -> Job:
        budget = self.plan.budget
        ground = self.grounds.get(trial.proposal.fold.part, Ground(layout=self.layout))
        return Job(
            trial=trial,
            trainer=ground.trainer or self.plan.trainer,
            layout=ground.layout,
            metric=ground.metric or self.plan.policy.metric,
            vault=self.tools.vault.folder,
            timeout_seconds=budget.trial_timeout.total_seconds(),
            memory_bytes=budget.trial_memory,
            fit_on=ground.fit_on,
        )

    def _note_horizon(self) -> None:
        if self.horizon is None and self.history:
            self.horizon = self.history[0].iterations
