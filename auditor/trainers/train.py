"""One job, on the rows of its snapshot → its result. This is what a trial is.

Everything that a user's model may do wrong ends in a failure that the result carries.
"""

import random
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from time import perf_counter

import numpy as np
import pandas as pd

from auditor.core.metrics import metric_named
from auditor.core.records import Failure, FailureKind, Job, Result, Trial
from auditor.trainers.curves import Extent
from auditor.trainers.failing import TrialError, failure_of, rejected
from auditor.trainers.kinds import kind_named
from auditor.trainers.rows import (
    fold_rows,
    opened,
    other_columns,
    rows_to_fit_on,
    share_of_rows,
    take,
)
from auditor.trainers.scoring import Judge
from auditor.trainers.training import Carry, Stacking, Task, Trained

_COLUMN_TROUBLE = ("could not convert", "dtype", "DType", "promote")
"""What estimators say of columns they cannot read, in scikit-learn, xgboost and lightgbm."""


def train(
    job: Job, frame: pd.DataFrame, older: pd.DataFrame | None = None, carry: Carry | None = None
) -> Result:
    """Train one configuration on one fold and score it.

    Parameters
    ----------
    job
        What to train, on which rows, and by which metric it is scored.
    frame
        All rows of the job's snapshot, in its order.
    older
        All rows of the snapshot of ``job.fit_on``, if there is one.
    carry
        The checkpoints of a live model.

    Returns
    -------
    Result
        With losses, or with a failure: what a user's model raises ends there.

    Raises
    ------
    ValueError
        If there is no trainer of the job's kind.
    """
    kind = kind_named(job.trainer.kind)
    began = perf_counter()
    try:
        with _by_itself(job.trial.seed):
            result = _result(job.trial, kind.train(_task(job, frame, older, carry)))
            _refuse_no_checkpoint(job, carry)
    except (Exception, SystemExit) as error:
        result = Result(trial=job.trial, failure=_explained(error, job, frame))
    return replace(result, seconds=perf_counter() - began)


def train_together(
    jobs: Sequence[Job], frame: pd.DataFrame, older: pd.DataFrame | None = None
) -> tuple[Result | None, ...]:
    """Train configurations on one fold in one pass, as far as that can be done.

    Parameters
    ----------
    jobs
        Alike in everything but their configurations: ``core/stacking.py``.

    Returns
    -------
    tuple
        None for each that has to be trained by itself.

    Raises
    ------
    Exception
        What keeps any of them from being trained.
    """
    kind = kind_named(jobs[0].trainer.kind)
    if not isinstance(kind, Stacking):
        return (None,) * len(jobs)
    began = perf_counter()
    with _by_itself(jobs[0].trial.seed):
        first = _task(jobs[0], frame, older)
        found = kind.train_together([replace(first, job=job) for job in jobs])
    seconds = (perf_counter() - began) / max(1, sum(one is not None for one in found))
    return tuple(
        None if trained is None else _result(job.trial, trained, seconds)
        for job, trained in zip(jobs, found, strict=True)
    )


def _result(trial: Trial, trained: Trained | TrialError, seconds: float = 0.0) -> Result:
    if isinstance(trained, TrialError):
        return Result(trial=trial, failure=trained.failure, seconds=seconds)
    return Result(
        trial=trial,
        loss=float(trained.losses.mean()),
        losses=trained.losses,
        seconds=seconds,
        iterations=trained.iterations,
        curve=trained.curve,
    )


def _refuse_no_checkpoint(job: Job, carry: Carry | None) -> None:
    if carry is not None and carry.leave is not None and not carry.leave.is_file():
        raise rejected(f"{job.trainer.entry} leaves no checkpoint, which a live model needs")


def _task(job: Job, frame: pd.DataFrame, older: pd.DataFrame | None, carry: Carry | None = None) -> Task:
    """Open the rows of a job."""
    trial, proposal = job.trial, job.trial.proposal
    numbers = fold_rows(frame, job.layout, proposal.fold)
    on_fewer = share_of_rows(job) < 1.0
    scored = take(frame, job.layout, numbers.score)
    return Task(
        job=job,
        rows=rows_to_fit_on(job, frame, older, score=numbers.score),
        judge=Judge(metric_named(job.metric), scored.features, scored.target, numbers.clusters),
        extent=Extent(
            fidelity=1.0 if on_fewer else proposal.fidelity,
            horizon=trial.horizon,
            # What is learned from a share of the rows would stand in one chart with what all of them teach.
            watched=proposal.fold.part.searched and not on_fewer,
        ),
        carry=carry,
        opened=opened(job, frame, older),
    )


def _explained(error: BaseException, job: Job, frame: pd.DataFrame) -> Failure:
    """Return the failure an exception stands for; of columns that no model reads, in plainer words."""
    failure = failure_of(error)
    columns = other_columns(frame, job.layout, allowed=("number", "bool"))
    if failure.kind is not FailureKind.ERROR or not columns:
        return failure
    if not any(words in str(error) for words in _COLUMN_TROUBLE):
        return failure
    named = ", ".join(repr(name) for name in columns[:5]) + (", …" if len(columns) > 5 else "")
    what = f"{job.trainer.entry} cannot read columns that are not numbers ({named})"
    return Failure(FailureKind.ERROR, f"{what}; encode them in a pipeline, or list them in data.drop")


@contextmanager
def _by_itself(seed: int) -> Iterator[None]:
    """Train quietly, and the same way for the same seed, even where user code draws from global streams."""
    random.seed(seed)  # noqa: TID251 - for user code only
    np.random.seed(seed % 2**32)  # noqa: NPY002, TID251 - for user code only
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
