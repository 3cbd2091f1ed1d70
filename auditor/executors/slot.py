"""A slot: a process beside a cluster's worker that keeps the promises a cluster cannot.

Dask can neither stop a task that hangs nor bound its memory, and its own workers may not start
processes (they are daemons to multiprocessing). So a worker hands its lots to a process of ours, one per
thread, in which a pool of one worker runs them: with deadlines, memory limits, and crashes that cost one
trial (``pool.py``). The slot is started by the first lot, ends when the cluster's worker does, however that
ends, and after a while of nothing to do.
"""

import contextlib
import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import cast

from auditor.core.records import Job, Result
from auditor.executors.messages import Report, receive, report_of, result_of, send
from auditor.executors.pool import PoolExecutor
from auditor.ports import Work, WorkTogether
from auditor.settings import without_ours

IDLE_SECONDS = 300.0
"""How long a slot that has nothing to do holds its memory (some 400 MB with torch and scikit-learn)."""

Ready = Callable[[Sequence[Job]], None]
"""Fetches what jobs need, before the time of any of them runs; it raises nothing."""

_HERE = threading.local()

_Lots = queue.SimpleQueue[list[Job] | Exception]


class Slot:
    """The cluster's side of a slot."""

    def __init__(self, work: Work, together: WorkTogether | None = None, ready: Ready | None = None) -> None:
        self._pipe, theirs = Pipe()
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", __name__, str(theirs.fileno())],
            pass_fds=(theirs.fileno(),),
            stdin=subprocess.DEVNULL,
            env=without_ours(os.environ),
        )
        theirs.close()
        self.does = (work, together, ready)
        send(self._pipe, self.does)

    @property
    def alive(self) -> bool:
        """Whether its process runs."""
        return self._process.poll() is None

    def run(self, lot: bytes) -> bytes:
        """Run a packed lot of jobs and return what came of them, packed.

        Raises
        ------
        EOFError, OSError
            If its process ends meanwhile.
        """
        self._pipe.send_bytes(lot)
        return self._pipe.recv_bytes()

    def close(self) -> None:
        """End its process, and all that it started."""
        self._pipe.close()
        self._process.kill()
        self._process.wait()


def pack(lot: Sequence[Job]) -> bytes:
    """Return a lot as it travels: packed here once, opened in the slot only.

    A cluster that is handed records looks through each of them, at the scheduler and in the worker as well.
    """
    return pickle.dumps(list(lot), pickle.HIGHEST_PROTOCOL)


def unpack(lot: Sequence[Job], packed: bytes) -> list[Result]:
    """Return what came of a lot, in its order.

    Raises
    ------
    ImportError
        If the slot could not open the lot: it lacks a module, or has another version of one.
    """
    reports: list[Report] | ImportError = pickle.loads(packed)  # noqa: S301 - from a slot of ours
    if isinstance(reports, ImportError):
        raise reports
    return [result_of(job.trial, report) for job, report in zip(lot, reports, strict=True)]


def run_lot(
    work: Work,
    lot: bytes,
    *,
    together: WorkTogether | None = None,
    ready: Ready | None = None,
) -> bytes:
    """Run a packed lot of jobs in the slot of this thread: what a cluster is asked to do.

    Parameters
    ----------
    together
        Does in one pass what of the lot can be done so; None where each job is tried by itself.
    ready
        Called in the slot before the time of any trial runs; None where there is nothing to fetch.

    Raises
    ------
    EOFError, OSError
        If the slot's process is killed from outside.
    """
    slot: Slot | None = getattr(_HERE, "slot", None)
    if slot is None or slot.does != (work, together, ready) or not slot.alive:
        leave()
        slot = _HERE.slot = Slot(work, together, ready)
    try:
        return slot.run(lot)
    except (EOFError, OSError):
        leave()
        raise


def leave() -> None:
    """End the slot of this thread, if it has one."""
    slot: Slot | None = getattr(_HERE, "slot", None)
    if slot is not None:
        _HERE.slot = None
        slot.close()


def main() -> None:
    """Serve lots over the pipe whose number the command line gives."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pipe = Connection(int(sys.argv[1]))
    lots: _Lots = queue.SimpleQueue()
    work, together, ready = cast("tuple[Work, WorkTogether | None, Ready | None]", receive(pipe))
    threading.Thread(target=_listen, args=(pipe, lots), daemon=True).start()
    with closing(PoolExecutor(work, workers=1, together=together)) as pool, contextlib.suppress(queue.Empty):
        while True:
            lot = lots.get(timeout=IDLE_SECONDS)
            if isinstance(lot, Exception):
                send(pipe, lot)
                continue
            if ready is not None:
                ready(lot)
            came = {result.trial.id: report_of(result) for result in pool.run(lot)}
            send(pipe, [came[job.trial.id] for job in lot])


def _listen(pipe: Connection, lots: _Lots) -> None:
    """Take lots in as they arrive, and end at once when nobody is left to run them for."""
    while True:
        try:
            lots.put(receive(pipe))
        except (EOFError, OSError):
            os._exit(1)  # the workers notice that their parent is gone
        except ImportError as error:
            lots.put(error)
        except Exception as error:  # whatever opening it raises, the other side has to hear of
            lots.put(ImportError(f"what it was sent cannot be opened here: {error!r}"))


if __name__ == "__main__":
    main()
