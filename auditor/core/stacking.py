"""Which jobs are handed to a worker together, because their networks can be trained in one pass.

A worker finds out which of them really can; here are only lots of jobs that might. Every training comes out
the same alone and in company (`trainers.training.Stacking`), so lots may follow the number of workers.
"""

import math
from collections.abc import Hashable, Sequence
from itertools import pairwise

from auditor.core.defaults import is_number
from auditor.core.records import Job, config_key

KINDS = ("torch",)
"""Kinds that can train several configurations in one pass; others can where they say how (``together``)."""

MOST = 32
"""Jobs of a lot: 8 are too few, 128 gain little (performance, section 2)."""

MOST_ELSEWHERE = 1024
"""The same where the device is no CPU: there, many small networks cost hardly more than one."""

FEWEST = 4
"""A lot of fewer is not made only to give every worker one."""


def lots_of(jobs: Sequence[Job], *, workers: int) -> tuple[tuple[Job, ...], ...]:
    """Return the jobs in lots; a job that is better trained by itself is a lot of its own.

    Jobs of a lot share rows, seed, metric and limits. Those with much the same settings are put together,
    because networks of one shape share a pass.
    """
    groups: dict[Hashable, list[Job]] = {}
    for job in jobs:
        groups.setdefault(_key(job), []).append(job)
    return tuple(lot for group in groups.values() for lot in _cut(group, workers))


def _cut(group: list[Job], workers: int) -> list[tuple[Job, ...]]:
    """Return a group in lots of about equal size, one for each worker at least where that makes sense."""
    if len(group) == 1:
        return [tuple(group)]
    on_cpu = str(group[0].trainer.options.get("device", "cpu")) == "cpu"
    most, fewest = (MOST, min(workers, len(group) // FEWEST)) if on_cpu else (MOST_ELSEWHERE, 1)
    count = max(1, fewest, math.ceil(len(group) / most))
    ordered = sorted(group, key=_likeness)
    size, more = divmod(len(ordered), count)
    borders = [number * size + min(number, more) for number in range(count + 1)]
    return [tuple(ordered[begin:end]) for begin, end in pairwise(borders)]


def _key(job: Job) -> Hashable:
    """Return what the jobs of a lot have in common; of a job that is not stacked, its own number."""
    trial, trainer = job.trial, job.trainer
    stacked = trainer.kind in KINDS or trainer.options.get("together") is not None
    if not stacked or trial.proposal.fold.part.carried:
        return trial.id
    proposal = trial.proposal
    described = (trainer.kind, trainer.entry, config_key(trainer.fixed), config_key(trainer.options))
    rows = (job.layout, job.fit_on, proposal.fold, job.metric, job.vault)
    return described, rows, trial.seed, proposal.fidelity, job.timeout_seconds, job.memory_bytes


def _likeness(job: Job) -> tuple[float, str, int]:
    """Return what to sort a group by: batch size, then whatever else is a whole number or a word."""
    config = job.trial.proposal.config
    size = config.get("batch_size")
    rest = {name: value for name, value in config.items() if not isinstance(value, float)}
    return float(size) if is_number(size) else 0.0, config_key(rest), job.trial.id
