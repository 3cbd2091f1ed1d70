"""What is trained, and what came of it."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from auditor.core.records.plans import TrainerSpec
from auditor.core.records.rows import Fold, Layout
from auditor.core.records.values import Config, FloatArray, config_key

# What travels with every trial has no slots: with them, dataclasses take three times as long to pickle.


class Round(enum.StrEnum):
    """Why a trial was run."""

    PRODUCTION = "production"
    COARSE = "coarse"
    GROW = "grow"  #: draws from the strip by which the box grew, because its optimum lay outside
    FINE = "fine"
    RESPLIT = "resplit"
    CONFIRM = "confirm"
    ATTRIBUTE = "attribute"
    EXPLAIN = "explain"  #: production and challenger on older rows and fresh ones, to tell why
    CANARY = "canary"  #: a stored training, run again
    SCAN = "scan"  #: values along one setting's own scale, to tell the range that is as good
    START = "start"  #: production in full, as the live model of a panda begins
    TURN = "turn"  #: a live model carried on
    REVIEW = "review"  #: a live model scored as it is


@dataclass(frozen=True, kw_only=True)  # no slots: see above
class Proposal:
    """A run that a strategy asks for.

    Attributes
    ----------
    fidelity
        Share of a full training, in (0, 1]; 1 is how production trains.
    resume_from
        SHA-256 of the checkpoint to go on from; None to begin anew.
    key
        The ``config_key`` of the configuration, which is asked for many times.
    """

    config: Config
    round: Round
    fold: Fold
    fidelity: float = 1.0
    resume_from: str | None = None
    key: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Note the key."""
        object.__setattr__(self, "key", config_key(self.config))


@dataclass(frozen=True, kw_only=True)  # no slots: see above
class Trial:
    """One run of the trainer: a proposal with a number and a seed.

    Attributes
    ----------
    id
        Counted from 0 within the audit.
    horizon
        Iterations that production's own full training took, where the trainer reported them;
        fidelities of a trainer that stops early are shares of it.
    """

    id: int
    proposal: Proposal
    seed: int
    horizon: int | None = None


class FailureKind(enum.StrEnum):
    """How a trial can fail. A failed trial is a result."""

    REJECTED = "rejected"  #: the trainer refused the configuration
    DIVERGED = "diverged"  #: a loss that is not a finite number
    TIMEOUT = "timeout"
    MEMORY = "memory"
    CRASH = "crash"  #: the worker process died
    ERROR = "error"  #: anything else that user code raised


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a trial has no loss."""

    kind: FailureKind
    message: str


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """A loss on the scored rows part of the way through a training.

    Attributes
    ----------
    step
        Iterations (trees, epochs) done.
    """

    step: int
    loss: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Result:
    """A trial and what came of it.

    Attributes
    ----------
    loss
        Mean loss on the scored rows; None when the trial failed.
    losses
        Shape (scored rows,) in the order of the fold's scored rows, or (jackknife units,) for a
        metric that has no per-row loss; None when the trial failed or where they were not kept.
    seconds
        Wall time of the trial in its worker.
    iterations
        Iterations that the training took, where the trainer reports them.
    checkpoint
        SHA-256 of the model that the trial left in the vault, or None.
    peak_bytes
        Memory that the process of the training had at most; None where that was not asked.
    """

    trial: Trial
    loss: float | None = None
    losses: FloatArray | None = None
    seconds: float = 0.0
    iterations: int | None = None
    curve: tuple[CurvePoint, ...] = ()
    failure: Failure | None = None
    checkpoint: str | None = None
    peak_bytes: int | None = None

    @property
    def config(self) -> Config:
        """The configuration that was trained."""
        return self.trial.proposal.config

    @property
    def key(self) -> str:
        """The ``config_key`` of the configuration that was trained."""
        return self.trial.proposal.key


History: TypeAlias = Sequence[Result]
"""Results in trial order."""


@dataclass(frozen=True, kw_only=True)  # no slots: see above
class Job:
    """A trial as it is sent to a worker: names and numbers, never data.

    Attributes
    ----------
    vault
        Where the worker finds the snapshot: a folder, or a URL.
    timeout_seconds, memory_bytes
        Limits of this trial.
    fit_on
        Another snapshot to fit on, all of it; None to fit on the fold's own rows.

    A trial of the rounds ``start`` and ``turn`` leaves a checkpoint in the vault; one of ``review`` trains
    nothing.
    """

    trial: Trial
    trainer: TrainerSpec
    layout: Layout
    metric: str
    vault: str
    timeout_seconds: float
    memory_bytes: int
    fit_on: Layout | None = None
