"""Trials run here, one after another: the reference that every other executor must agree with.

Nothing is isolated: a trial that hangs, hangs; one that kills its process kills this one. For
tests, for debugging, and for machines that cannot start processes.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from auditor.core.records import Job, Result
from auditor.core.stacking import lots_of
from auditor.executors.attempt import attempt, attempt_together, plainly
from auditor.ports import Work, WorkTogether

T = TypeVar("T")


class InlineExecutor:
    """Runs jobs in this process, in the order given; limits of time and memory are not kept.

    Parameters
    ----------
    work
        One job in, its result out.
    together
        Jobs of a lot in, results of what could be done in one pass out.
    """

    def __init__(self, work: Work, *, together: WorkTogether | None = None) -> None:
        self._work = work
        self._together = together

    def run(self, jobs: Sequence[Job]) -> Iterator[Result]:
        """Yield one result per job, in the order of the jobs but for lots that are done together."""
        lots = lots_of(jobs, workers=1) if self._together else [(job,) for job in jobs]
        for lot in lots:
            ready: list[Result | None] = [None] * len(lot)
            if self._together and len(lot) > 1:
                ready = attempt_together(self._together, lot)
            for job, result in zip(lot, ready, strict=True):
                yield result or attempt(self._work, job)

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
