"""Worker processes as the parent sees them: forked, spoken to, killed.

Workers are forked by multiprocessing's fork server, which has the libraries imported already: a
fresh worker takes about 20 ms instead of 1.5 to 2.7 s (performance, section 4). The fork server
outlives a pool, so that the next one starts warm, and ends with this process.
"""

import contextlib
import math
import multiprocessing
import os
import signal
import sys
import tempfile
import types
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing import connection, forkserver, resource_tracker
from multiprocessing.context import ForkServerProcess
from time import monotonic
from typing import Any

from auditor.core.records import Job, Result
from auditor.errors import StorageError, one_line
from auditor.executors.isolation import ONE_THREAD
from auditor.executors.messages import Report, Tally, result_of, send
from auditor.settings import without_ours

LIBRARIES = (
    "auditor.trainers.describe",
    "auditor.trainers.estimators",
    "auditor.trainers.train",
    "numpy",
    "pandas",
    "pyarrow.parquet",
    "sklearn.compose",
    "sklearn.ensemble",
    "sklearn.linear_model",
    "sklearn.metrics",
    "sklearn.neural_network",
    "sklearn.pipeline",
    "sklearn.preprocessing",
)
"""Imported once, in the process that workers are forked from; by name, for this one need not load them."""

_ENVIRONMENT = {**ONE_THREAD, "PYTHONHASHSEED": "0"}
"""Of the fork server. Sets keep one order in every worker, so that code that walks one repeats itself."""

START_SECONDS = 120.0
"""How long a worker may take to start; the first one waits for the libraries to be imported."""


@dataclass(slots=True, eq=False)
class Worker:
    """A worker process and our end of its pipe.

    Attributes
    ----------
    lot
        The jobs it has been given and has not told of.
    ready
        Whether it has started, and said so.
    tally, told
        How many jobs it has done so far, by its own count, and how many it has told of.
    as_one
        Whether it was asked to do its lot in one pass, and has told of none of it.
    since
        When it was given its lot, or last heard of; on the monotonic clock, in seconds.
    """

    process: ForkServerProcess
    pipe: connection.Connection
    lot: deque[Job] = field(default_factory=deque)
    ready: bool = False
    as_one: bool = False
    since: float = field(default_factory=monotonic)
    tally: Tally = field(default_factory=Tally)
    told: int = 0

    @property
    def running(self) -> int:
        """The place in its lot of the job that it is at."""
        return min(self.tally.value - self.told, len(self.lot) - 1)

    @property
    def deadline(self) -> float:
        """When to stop waiting, on the monotonic clock; infinity for a worker that idles."""
        if not self.ready:
            return self.since + START_SECONDS
        if self.as_one:  # as long as its jobs may take one after another
            return self.since + sum(job.timeout_seconds for job in self.lot)
        return self.since + self.lot[self.running].timeout_seconds if self.lot else math.inf

    def give(self, lot: Sequence[Job], *, as_one: bool = False) -> None:
        """Send a lot of jobs to a worker that has none; to be done in one pass, if it can be."""
        self.lot.extend(lot)
        self.as_one = as_one
        self.since = monotonic()
        with contextlib.suppress(OSError):  # it died while idle: its sentinel will say so
            send(self.pipe, (lot, as_one))

    def answer(self, reports: Sequence[Report]) -> list[Result]:
        """Return the results of the jobs that it now tells of."""
        self.told += len(reports)
        self.as_one = False
        return [result_of(self.lot.popleft().trial, report) for report in reports]

    def dismiss(self) -> None:
        """Kill the process and all that it started, at once."""
        pid = self.process.pid
        if pid is not None:
            # The group is named after its leader, and outlives it while others are in it.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, signal.SIGKILL)
        self.process.kill()  # for a worker that has not founded its group yet
        self.process.join()
        self.pipe.close()
        self.process.close()


def warm_up(modules: Iterable[str]) -> None:
    """Start the process that workers are forked from, unless it runs; it imports while we go on.

    Raises
    ------
    StorageError
        If its socket cannot be made in the folder for temporary files.
    """
    # "__main__" would run the user's script again, there.
    wanted = [module for module in modules if module != "__main__"]
    multiprocessing.get_context("forkserver").set_forkserver_preload(wanted)
    with _environment(), _interrupts_held():
        try:
            forkserver.ensure_running()
        except OSError as error:
            folder = tempfile.gettempdir()
            raise StorageError(
                f"no worker can be started with temporary files in {folder!r}: {one_line(error)}; "
                "set TMPDIR to a short path on a disk with free space"
            ) from error


def start(target: Callable[..., None], *args: Any) -> Worker:
    """Fork a worker that runs ``target(pipe, *args)``."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("forkserver").Process(target=target, args=(theirs, *args))
    # The fork server is started again here if it has died.
    with _environment(), _nameless_main(), _interrupts_held():
        process.start()
    theirs.close()
    return Worker(process, ours)


@contextlib.contextmanager
def _nameless_main() -> Iterator[None]:
    """Hide the main module: multiprocessing would run that file again in each worker."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


@contextlib.contextmanager
def _environment() -> Iterator[None]:
    """Set the environment of the fork server while one is started, and take our own variables out of it.

    Taken out here and not in the worker: what a process was started with stays to be read in
    ``/proc/self/environ``, whatever it forgets later.
    """
    before = dict(os.environ)
    for name in before.keys() - without_ours(before).keys():
        del os.environ[name]
    os.environ.update(_ENVIRONMENT)
    try:
        yield
    finally:
        for name in _ENVIRONMENT.keys() - before.keys():
            del os.environ[name]
        os.environ.update(before)


@contextlib.contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold Ctrl-C back for a moment; processes started meanwhile never see it."""
    # The fork server's start sees to this one first, whose own start lets Ctrl-C through again.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
