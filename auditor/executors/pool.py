"""Trials run in worker processes on this machine, one pipe each, watched by one loop without threads.

``pebble.ProcessPool`` was measured first (5.2.3, two workers, Python 3.11, Linux, 2,000 empty trials)
and is quick: 0.12 ms wall and 0.07 ms CPU of the parent a trial, 0.18 and 0.10 ms one after another.
A dead worker costs one trial, a timeout kills one worker. It was found lacking where audits need it:

- a trial that ends its process with exit code 0 goes unnoticed until its deadline (5.0 s of 5.0 s);
- deaths and deadlines are noticed by a poll every 0.1 s;
- only the worker is killed, not what user code started in it; a busy one outlives a killed parent;
- all workers share one pipe behind one lock, which a worker killed while it sends keeps;
- trials that are sent together are lost together;
- the main module is run again in every worker.

Here each worker has a pipe of its own, and the operating system says when a pipe has news or a
process has ended: nothing to poll, no locks, no threads. Short trials travel in lots, one message out,
one back. A worker counts the trials it has done in memory that the parent sees, so the parent knows
which one was running when a worker died or hung; that one fails and the rest of its lot runs elsewhere. In
the same measurement: 0.015 ms wall and 0.004 ms CPU a trial, 0.08 and 0.04 ms one after another; a dead
worker is replaced within 0.03 s, exit code 0 included; a deadline holds to 0.01 s, also in C code.
"""

import atexit
import contextlib
import math
import selectors
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from multiprocessing import connection
from time import monotonic
from typing import Any, TypeVar, cast

from auditor.core.records import Failure, FailureKind, Job, Result
from auditor.core.stacking import lots_of
from auditor.errors import AuditorError, TrainerError
from auditor.executors.attempt import failed
from auditor.executors.forking import LIBRARIES, START_SECONDS, Worker, start, warm_up
from auditor.executors.isolation import errand, serve
from auditor.executors.messages import SOON_SECONDS, Report, new_tally, receive
from auditor.ports import Work, WorkTogether

LOT_SECONDS = 0.15
"""How long a lot of short trials may last: long against a round trip (0.15 ms), short to wait for."""

SHORT_SECONDS = 0.02
"""Trials travel in lots only while the slowest of the recent ones took less than this."""

LARGEST_LOT = 64

RECENT_TRIALS = 16

FAILED_STARTS = 3
"""After this many workers in a row that died as they started, the executor is broken."""

LONGEST_WAIT = 3600.0
"""Seconds to wait for news at once; the operating system counts them in milliseconds, up to 2**31."""

T = TypeVar("T")


class PoolExecutor:
    """Runs jobs in worker processes that can be killed, one at a time, without a trace.

    Parameters
    ----------
    work
        One job in, its result out; importable, because it travels to the workers.
    workers
        How many jobs run at once, at least 1.
    together
        Jobs of a lot in, results of what could be done in one pass out; importable. A lot that
        takes longer than its jobs may take together, or ends its worker, is done again, job by job.
    libraries
        Modules to import before workers are forked; those that are missing are passed over. The
        module of ``work`` is added.
    """

    def __init__(
        self,
        work: Work,
        workers: int,
        *,
        together: WorkTogether | None = None,
        libraries: Sequence[str] = LIBRARIES,
    ) -> None:
        if workers < 1:
            raise ValueError(f"a pool needs at least 1 worker, got {workers!r}")
        self._work = work
        self._together = together
        self._size = workers
        self._workers: list[Worker] = []
        self._selector = selectors.DefaultSelector()
        self._recent: deque[float] = deque(maxlen=RECENT_TRIALS)
        self._failed_starts = 0
        self._closed = False
        warm_up((*libraries, _home(work)))
        # multiprocessing waits for its children as the interpreter ends: ours must be gone by then.
        atexit.register(self.close)

    def run(self, jobs: Sequence[Job]) -> Iterator[Result]:
        """Yield one result per job, in the order in which they finish.

        Raises
        ------
        RuntimeError
            If no worker can be started.
        """
        lots = lots_of(jobs, workers=self._size) if self._together else [(job,) for job in jobs]
        stacks = deque(lot for lot in lots if len(lot) > 1)
        waiting = deque(job for lot in lots if len(lot) == 1 for job in lot)
        try:
            while stacks or waiting or any(worker.lot for worker in self._workers):
                self._hand_out(stacks, waiting)
                yield from self._listen(waiting)
                yield from self._time_out(waiting)
        finally:
            for worker in [worker for worker in self._workers if worker.lot]:
                self._dismiss(worker)

    def call(self, function: Callable[..., T], *args: Any, timeout_seconds: float = 300.0) -> T:
        """Call an importable function in a fresh worker, and return what it returns.

        Raises
        ------
        AuditorError
            As raised by the function.
        TrainerError
            For anything else it raises, when it is not done in time, and when its process dies.
        """
        worker = start(errand, function, args)
        try:
            reply = _reply(worker, _name(function, args), timeout_seconds)
        finally:
            worker.dismiss()
        if isinstance(reply[1], AuditorError):
            raise reply[1]
        return cast("T", reply[0])

    def close(self) -> None:
        """Kill the workers at once, and all that they started; safe to call twice."""
        if self._closed:
            return
        self._closed = True
        atexit.unregister(self.close)
        for worker in list(self._workers):
            self._dismiss(worker)
        self._selector.close()

    def _hand_out(self, stacks: deque[tuple[Job, ...]], waiting: deque[Job]) -> None:
        """Give every idle worker its next lot, and start workers while jobs are left over."""
        idle = [worker for worker in self._workers if not worker.lot]
        while len(self._workers) < self._size and len(idle) < len(stacks) + len(waiting):
            idle.append(self._recruit())
        for place, worker in enumerate(idle):
            if stacks:
                worker.give(stacks.popleft(), as_one=True)
            elif waiting:
                size = self._lot_size(len(waiting), idle=len(idle) - place)
                worker.give([waiting.popleft() for _ in range(size)])

    def _lot_size(self, waiting: int, *, idle: int) -> int:
        """Return how many jobs to send at once: several only while trials are short."""
        slowest = max(1e-6, max(self._recent, default=math.inf))
        if slowest > SHORT_SECONDS:
            return 1
        # Never more than half a fair share, so that the workers end together; all of it when that is soon.
        share = max(waiting / (2 * self._size), min(waiting / idle, SOON_SECONDS / slowest))
        return math.ceil(min(LARGEST_LOT, share, LOT_SECONDS / slowest))

    def _listen(self, waiting: deque[Job]) -> Iterator[Result]:
        """Wait for news or the next deadline; yield what has arrived."""
        deadline = min((worker.deadline for worker in self._workers), default=math.inf)
        patience = min(max(0.0, deadline - monotonic()), LONGEST_WAIT)
        for key, _ in self._selector.select(patience):
            worker: Worker = key.data
            if worker not in self._workers:
                continue
            if key.fileobj is worker.pipe:
                yield from self._hear(worker)
            else:
                yield from self._bury(worker, waiting)

    def _hear(self, worker: Worker) -> Iterator[Result]:
        """Read one message of a worker."""
        try:
            reports: list[Report] | None = receive(worker.pipe)
        except (EOFError, OSError):  # it has closed its end, and will be found dead
            self._selector.unregister(worker.pipe)
            return
        worker.since = monotonic()
        if reports is None:
            worker.ready, self._failed_starts = True, 0
            return
        results = worker.answer(reports)
        self._recent.extend(result.seconds for result in results)
        yield from results

    def _bury(self, worker: Worker, waiting: deque[Job]) -> Iterator[Result]:
        """Read the last words of a worker that has died, and fail the job it was at."""
        while worker.pipe in self._selector.get_map() and worker.pipe.poll():
            yield from self._hear(worker)
        what = f"the worker process {_ending(worker.process.exitcode)}"
        yield from self._give_up(worker, waiting, Failure(FailureKind.CRASH, what))

    def _time_out(self, waiting: deque[Job]) -> Iterator[Result]:
        """Kill the workers whose job has passed its limit."""
        now = monotonic()
        for worker in [worker for worker in self._workers if worker.deadline <= now]:
            limit = worker.lot[worker.running].timeout_seconds if worker.lot else START_SECONDS
            what = Failure(FailureKind.TIMEOUT, f"did not end within its limit of {limit:g} s")
            yield from self._give_up(worker, waiting, what)

    def _give_up(self, worker: Worker, waiting: deque[Job], failure: Failure) -> Iterator[Result]:
        """Part with a worker: the job it was at has failed, the rest of its lot goes back in the queue."""
        lot, ready, seconds = worker.lot, worker.ready, monotonic() - worker.since
        # Of a lot that was done in one pass, nobody knows which job it was: each is tried by itself.
        lost = lot[worker.running] if ready and lot and not worker.as_one else None
        waiting.extendleft(job for job in reversed(lot) if job is not lost)
        lot.clear()
        self._dismiss(worker)
        if not ready:
            self._count_failedstart(failure)
        if lost is not None:
            self._recent.append(seconds)
            yield failed(lost, failure, seconds=seconds)

    def _count_failedstart(self, failure: Failure) -> None:
        self._failed_starts += 1
        if self._failed_starts >= FAILED_STARTS:
            raise RuntimeError(f"no worker can be started: {failure.message}")

    def _recruit(self) -> Worker:
        if self._closed:
            raise ValueError("the executor is closed")
        tally = new_tally()
        worker = start(serve, self._work, tally, self._together)
        worker.tally = tally
        self._workers.append(worker)
        self._selector.register(worker.pipe, selectors.EVENT_READ, worker)
        self._selector.register(worker.process.sentinel, selectors.EVENT_READ, worker)
        return worker

    def _dismiss(self, worker: Worker) -> None:
        self._workers.remove(worker)
        for end in (worker.pipe, worker.process.sentinel):
            with contextlib.suppress(KeyError):
                self._selector.unregister(end)
        worker.dismiss()


def _reply(worker: Worker, name: str, timeout_seconds: float) -> tuple[Any, AuditorError | None]:
    """Return what an errand brought back."""
    if not connection.wait([worker.pipe, worker.process.sentinel], timeout_seconds):
        raise TrainerError(f"{name} did not end within {timeout_seconds:g} s")
    try:
        reply: tuple[Any, AuditorError | None] = worker.pipe.recv()
    except (EOFError, OSError):
        worker.process.join()
        raise TrainerError(f"{name}: its process {_ending(worker.process.exitcode)}") from None
    return reply


def _name(function: Callable[..., Any], args: tuple[Any, ...]) -> str:
    """Return how to speak of a call: the texts it was given say more to a user than our function."""
    return " ".join([function.__name__.strip("_"), *(repr(arg) for arg in args if isinstance(arg, str))])


def _ending(code: int | None) -> str:
    """Return how a process ended.

    Examples
    --------
    >>> _ending(3), _ending(-11)
    ('ended with exit code 3', 'was killed by SIGSEGV')
    """
    if code is None or code >= 0:
        return f"ended with exit code {code}"
    name = signal.Signals(-code).name
    return f"was killed by {name}" + (", by the system for want of memory?" if name == "SIGKILL" else "")


def _home(work: Work) -> str:
    """Return the module of a function or a partial of one."""
    return str(getattr(getattr(work, "func", work), "__module__", "__main__"))
