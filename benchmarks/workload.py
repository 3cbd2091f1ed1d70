"""A trainer that does next to nothing, so that what is left is the engine's own cost."""

import math
import time
from dataclasses import replace

import numpy as np

from auditor.core.records import Job, Result

ROWS = 1000
"""Rows that a trial pretends to have scored."""

BURN_SECONDS = 0.05
"""Processor time of a job that takes some."""

WAIT_SECONDS = 0.02
"""How long a job sleeps that needs a worker and no core."""

_SPREAD = np.linspace(-0.1, 0.1, ROWS)


def loss_of(rate: float, momentum: float, depth: int) -> float:
    """Return a loss with a single best point."""
    return (math.log10(rate) + 2) ** 2 + (momentum - 0.9) ** 2 + (math.log2(depth) - 3) ** 2


def perform(job: Job) -> Result:
    """Return a trial's result without training anything: one number, as Optuna has it."""
    return Result(trial=job.trial, loss=_loss(job), seconds=1e-5)


def perform_row_by_row(job: Job) -> Result:
    """Return the same with the loss of every row, as trials that are to be compared have it."""
    loss = _loss(job)
    return Result(trial=job.trial, loss=loss, losses=_SPREAD + loss, seconds=1e-5)


def burn(job: Job) -> Result:
    """Use a core for a while, and return the same."""
    until = time.process_time() + BURN_SECONDS
    while time.process_time() < until:
        sum(range(1000))
    return replace(perform(job), seconds=BURN_SECONDS)


def wait(job: Job) -> Result:
    """Need no core for a while, and return the same."""
    time.sleep(WAIT_SECONDS)
    return replace(perform(job), seconds=WAIT_SECONDS)


def _loss(job: Job) -> float:
    return loss_of(**{name: float(str(value)) for name, value in job.trial.proposal.config.items()})
