"""Trials run here, one after another: the reference that every other executor must agree with.

Nothing is isolated: a trial that hangs, hangs; one that kills its process kills this one. For
tests, for debugging, and for machines that cannot start processes.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from auditor.core.records import Job, Result
from auditor.executors.attempt import attempt, plainly
from auditor.ports import Work

T = TypeVar("T")


class InlineExecutor:
    """Runs jobs in this process, in the order given; limits of time and memory are not kept.

    Parameters
    ----------
    work
        One job in, its result out.
    """

    def __init__(self, work: Work) -> None:
        self._work = work

    def run(self, jobs: Sequence[Job]) -> Iterator[Result]:
        """Yield one result per job, in the order of the jobs."""
        for job in jobs:
            yield attempt(self._work, job)

    def call(self, function: Callable[..., T], *args: Any, timeout_seconds: float = 300.0) -> T:
        """Call the function here; the time limit is not kept.

        Raises
        ------
        AuditorError
            As raised by the function.
        TrainerError
            For anything else it raises.
        """
        return plainly(function, *args)

    def close(self) -> None:
        """Do nothing: there are no workers."""
