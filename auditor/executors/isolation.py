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
import multiprocessing
import os
import pickle
import resource
import signal
import sys
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from typing import Any

from auditor.core.records import Job
from auditor.errors import AuditorError, TrainerError, one_line
from auditor.executors.attempt import attempt, plainly
from auditor.ports import Work

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


def serve(pipe: Connection, work: Work) -> None:
    """Run jobs as they arrive over the pipe, until the parent closes it.

    A lot of jobs arrives in one message; each result leaves as soon as it is there, so that the
    parent always knows which job is running. The first message out is None: ready.
    """
    isolate()
    worker = os.getpid()
    with contextlib.suppress(EOFError, OSError):
        pipe.send(None)
        while True:
            for job in pipe.recv():
                result = _limited(work, job)
                if os.getpid() != worker:  # user code forked, and this is its child
                    os._exit(0)
                pipe.send(result)


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
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)


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


def _limited(work: Work, job: Job) -> Any:
    with memory_limit(job.memory_bytes):
        return attempt(work, job)


def _data_bytes() -> int:
    """Return what ``RLIMIT_DATA`` counts, in bytes; 0 where the kernel does not say."""
    try:
        with open("/proc/self/statm", "rb") as statm:  # noqa: PTH123 - once a trial, and Path costs more
            pages = int(statm.read().split()[5])
    except OSError:
        return 0
    return pages * resource.getpagesize()


def _die_with_the_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is None or sys.platform != "linux":
        return
    pipe = int(parent.sentinel)
    fcntl.fcntl(pipe, fcntl.F_SETOWN, -os.getpid())
    fcntl.fcntl(pipe, fcntl.F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(pipe, fcntl.F_SETFL, fcntl.fcntl(pipe, fcntl.F_GETFL) | os.O_ASYNC)
    if not parent.is_alive():
        os._exit(1)
