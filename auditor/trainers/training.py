"""What every kind of trainer is handed, and what it gives back.

A kind is a module with two functions, `Kind`: ``describe`` says what a trainer is before an audit
begins, ``train`` trains one configuration once. Rows, splits, seeds, failures and time are not its
business: ``train.py`` sees to them for all kinds alike.
"""

from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol, runtime_checkable

from threadpoolctl import ThreadpoolController

from auditor.core.metrics import Metric
from auditor.core.places import put_together
from auditor.core.records import Config, CurvePoint, FloatArray, Job, TrainerFacts, TrainerSpec, Value
from auditor.trainers.curves import Extent
from auditor.trainers.failing import TrialError
from auditor.trainers.rows import Rows
from auditor.trainers.scoring import Judge


@dataclass(frozen=True, slots=True, kw_only=True)
class Carry:
    """A training that begins or goes on with a live model.

    Attributes
    ----------
    resume
        The checkpoint to go on from; None to begin anew.
    leave
        Where the checkpoint is to be written at the end; None for a model that is only scored as it is.
    """

    resume: Path | None = None
    leave: Path | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """One training: a job, with its rows opened.

    Attributes
    ----------
    rows
        To fit on.
    judge
        The rows to score on, and the metric.
    extent
        How far to train.
    carry
        None for a training that stands for itself, which is every one but those of a panda. With it, one that
        goes on makes as many passes over its rows as production's own training took.
    opened
        Tasks for which it is the same have the same rows; None where that is not known.
    """

    job: Job
    rows: Rows
    judge: Judge
    extent: Extent
    carry: Carry | None = None
    opened: Hashable = None

    @property
    def trainer(self) -> TrainerSpec:
        """What is trained."""
        return self.job.trainer

    @property
    def config(self) -> Config:
        """The configuration to train; it overrides the trainer's fixed settings."""
        return self.job.trial.proposal.config

    @property
    def settings(self) -> dict[str, Value | tuple[Value, ...]]:
        """The configuration with the fixed settings, lists put together.

        Raises
        ------
        ValueError
            If a list lacks a place.
        """
        return put_together({**self.trainer.fixed, **self.config})

    @property
    def seed(self) -> int:
        """What everything random follows."""
        return self.job.trial.seed


@dataclass(frozen=True, slots=True, eq=False)
class Trained:
    """What came of a training.

    Attributes
    ----------
    losses
        Shape (scored rows,) in their order, or (jackknife units,) for a scorer; all finite.
    iterations
        Iterations done, where the trainer tells.
    """

    losses: FloatArray
    iterations: int | None = None
    curve: tuple[CurvePoint, ...] = ()


class Kind(Protocol):
    """A kind of trainer. A module is one; user code is only ever run through it, in a worker process."""

    def describe(self, trainer: TrainerSpec, config: Config, metric: Metric) -> TrainerFacts:
        """Say what a trainer is, without training it.

        Raises
        ------
        TrainerError
            If it does not exist, or cannot give what the metric needs.
        TrialError
            If it refuses a setting.
        """

    def train(self, task: Task) -> Trained:
        """Train one configuration on one fold and score it; whatever this raises fails the trial."""


@runtime_checkable
class Stacking(Protocol):
    """A kind of trainer that can train several configurations in one pass."""

    def train_together(self, tasks: Sequence[Task]) -> Sequence[Trained | TrialError | None]:
        """Train tasks that share their rows and their seed; whatever this raises is put down to none of them.

        Returns
        -------
        Sequence
            For each task what `Kind.train` gives for it, or the error that it raises; None where it has to be
            trained by itself. The same to the bit; networks that are not plain, the same but for rounding.
        """


@contextmanager
def one_thread(entry: str) -> Iterator[None]:
    """Hold the numerical libraries that are loaded now to one thread.

    Parameters
    ----------
    entry
        The trainer's; its libraries must be loaded by now.
    """
    with _thread_pools(entry).limit(limits=1):
        yield


@lru_cache(maxsize=8)
def _thread_pools(entry: str) -> ThreadpoolController:  # one per trainer: each loads its own libraries
    """Return the thread pools of the libraries that are loaded now."""
    return ThreadpoolController()
