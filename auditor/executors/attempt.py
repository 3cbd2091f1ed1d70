"""What every executor does with what user code raises: a failed trial, or an error to read.

Kept apart from the executors because both of them promise the same.
"""

from collections.abc import Callable, Sequence
from time import perf_counter
from typing import Any, TypeVar

from auditor.core.records import Failure, FailureKind, Job, Result
from auditor.errors import AuditorError, TrainerError, one_line
from auditor.ports import Work, WorkTogether

T = TypeVar("T")


def attempt(work: Work, job: Job) -> Result:
    """Return the result of one job; whatever the work raises is a failure in it."""
    began = perf_counter()
    try:
        return work(job)
    except MemoryError:
        failure = out_of_memory(job)
    except AuditorError as error:
        failure = Failure(FailureKind.ERROR, str(error))
    except (Exception, SystemExit) as error:  # user code may raise anything, and call sys.exit
        failure = Failure(FailureKind.ERROR, one_line(error))
    return failed(job, failure, seconds=perf_counter() - began)


def attempt_together(together: WorkTogether, jobs: Sequence[Job]) -> list[Result | None]:
    """Return the results of those jobs that could be done in one pass, and None for the others.

    Whatever the work raises is put down to none of them: each is tried by itself.
    """
    try:
        return list(together(jobs))
    except (Exception, SystemExit):  # user code may raise anything, and call sys.exit
        return [None] * len(jobs)


def failed(job: Job, failure: Failure, *, seconds: float) -> Result:
    """Return the result of a job that has no loss."""
    return Result(trial=job.trial, failure=failure, seconds=seconds)


def out_of_memory(job: Job) -> Failure:
    """Return the failure of a job that asked for more memory than it may have."""
    return Failure(
        FailureKind.MEMORY, f"asked for more than its {job.memory_bytes / 1024**3:.3g} GB of memory"
    )


def plainly(function: Callable[..., T], *args: Any) -> T:
    """Call a function, and turn what it raises into an error that a user can read.

    Raises
    ------
    AuditorError
        As raised by the function.
    TrainerError
        For anything else it raises: its type and its text.
    """
    try:
        return function(*args)
    except AuditorError:
        raise
    except (Exception, SystemExit) as error:
        raise TrainerError(one_line(error)) from error
