"""What a worker process does: everything here runs in the worker, not in the parent.

A worker is cut off before it touches user code. It leads a session of its own, so that Ctrl-C on
the terminal does not reach it and so that it can be killed together with whatever it has
started. Its standard streams lead nowhere. It dies with the parent, even when the parent is killed
with ``kill -9`` and even while stuck in C code: the kernel is asked to signal the whole process
group when the parent's end of a pipe closes (``O_ASYNC``), which takes no thread and no interpreter.

Memory is limited by ``RLIMIT_DATA``, counted from what the worker holds when a trial begins. With
numpy, pandas, pyarrow and scikit-learn imported (Linux 6.18, x86-64) a process holds 193 MB in RAM, and
281 MB count under ``RLIMIT_DATA``, but 586 MB under ``RLIMIT_AS``, which counts every mapped snapshot
on top. Kernels other than Linux may keep neither.
"""

import contextlib
import fcntl
import functools
import multiprocessing
import os
import pickle
import resource
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection
from time import monotonic
from typing import Any

from auditor.core.records import Job, Result
from auditor.errors import AuditorError, TrainerError, one_line
from auditor.executors.attempt import attempt, attempt_together, plainly
from auditor.executors.messages import SOON_SECONDS, Report, Tally, receive, report_of, send
from auditor.ports import Work, WorkTogether
from auditor.settings import without_ours

ONE_THREAD = dict.fromkeys(
    (
        "OMP_NUM_THREADS",
        "MKL_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "NUMEXPR_NUM_THREADS",
        "VECLIB_MAXIMUM_THREADS",
    ),
    "1",
)
"""Environment of workers, set before numpy is imported there. Two inner threads on a busy two-core
machine ran HistGradientBoosting at 0.07 of its speed with one (performance, section 2)."""


def serve(pipe: Connection, work: Work, tally: Tally, together: WorkTogether | None = None) -> None:
    """Run jobs as they arrive over the pipe, until the parent closes it.

    A lot of jobs arrives in one message; what came of them leaves in one as well, or in several when
    they take long. The first message out is None: ready.

    Parameters
    ----------
    tally
        Counts the jobs that were done, where the parent sees it: so it always knows which job is running.
    together
        Does several jobs of a lot in one pass, where a lot says so.
    """
    isolate()
    with contextlib.suppress(EOFError, OSError):
        send(pipe, None)
        while True:
            lot, as_one = receive(pipe)
            ready = _limited_together(together, lot) if as_one and together else [None] * len(lot)
            for reports in _portions(lot, ready, work, tally):
                send(pipe, reports)


def errand(pipe: Connection, function: Callable[..., Any], args: tuple[Any, ...]) -> None:
    """Call one function and send what it returned or, as the second of a pair, what it raised."""
    isolate()
    reply: tuple[Any, AuditorError | None]
    try:
        reply = (plainly(function, *args), None)
    except AuditorError as error:
        reply = (None, error)
    try:
        pipe.send(reply)
    except (pickle.PicklingError, TypeError, AttributeError) as error:
        what = f"{function.__name__} returned what no other process can read: {one_line(error)}"
        pipe.send((None, TrainerError(what)))


def isolate() -> None:
    """Cut this process off: its own session, silent streams, one thread, gone when its parent is."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.setsid()
    _die_with_the_parent()
    os.environ.update(ONE_THREAD)
    for name in os.environ.keys() - without_ours(os.environ).keys():  # of a fork server that others started
        del os.environ[name]
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)


def die_with(pipe: int) -> None:
    """Ask the kernel to kill this process and its group when the other end of a pipe closes.

    That takes no thread, and works while stuck in C code. Linux only; elsewhere nothing is asked.
    """
    if sys.platform == "linux":
        fcntl.fcntl(pipe, fcntl.F_SETOWN, -os.getpid())
        fcntl.fcntl(pipe, fcntl.F_SETSIG, signal.SIGKILL)
        fcntl.fcntl(pipe, fcntl.F_SETFL, fcntl.fcntl(pipe, fcntl.F_GETFL) | os.O_ASYNC)


@contextlib.contextmanager
def memory_limit(allowance: int) -> Iterator[None]:
    """Let this process ask for ``allowance`` bytes more than it holds now; beyond, MemoryError.

    ``RLIMIT_DATA`` counts private writable memory only. ``RLIMIT_AS`` would count mapped
    snapshots, shared libraries and unused reserves as well.
    """
    before = resource.getrlimit(resource.RLIMIT_DATA)
    limit = _data_bytes() + allowance
    if before[1] != resource.RLIM_INFINITY:
        limit = min(limit, before[1])
    resource.setrlimit(resource.RLIMIT_DATA, (limit, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, before)


def _portions(
    lot: Sequence[Job], ready: Sequence[Result | None], work: Work, tally: Tally
) -> Iterator[list[Report]]:
    """Run what of a lot is not ready, and yield what came of it, whenever it is time to say so."""
    worker = os.getpid()
    reports: list[Report] = []
    said = monotonic()
    for job, result in zip(lot, ready, strict=True):
        reports.append(report_of(result or _limited(work, job)))
        if os.getpid() != worker:  # user code forked, and this is its child
            os._exit(0)
        tally.value += 1
        if monotonic() - said >= SOON_SECONDS:
            yield reports
            reports, said = [], monotonic()
    if reports:
        yield reports


def _limited(work: Work, job: Job) -> Result:
    with memory_limit(job.memory_bytes):
        return attempt(work, job)


def _limited_together(together: WorkTogether, lot: Sequence[Job]) -> list[Result | None]:
    with memory_limit(lot[0].memory_bytes):
        return attempt_together(together, lot)


def _data_bytes() -> int:
    """Return what ``RLIMIT_DATA`` counts, in bytes; 0 where the kernel does not say."""
    try:
        pages = int(os.pread(_memory_counts(os.getpid()), 200, 0).split()[5])
    except OSError:
        return 0
    return pages * resource.getpagesize()


@functools.cache
def _memory_counts(process: int) -> int:
    """Return a file that tells how much memory a process holds, left open: it is read before every trial."""
    return os.open(f"/proc/{process}/statm", os.O_RDONLY)


def _die_with_the_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is None or sys.platform != "linux":
        return
    die_with(int(parent.sentinel))
    if not parent.is_alive():
        os._exit(1)
