"""What a pool and its workers say to each other, in few words.

A trial does not travel back with its result: the pool knows which one it asked for. To pickle the
records of a trial takes 10 µs at either end of the pipe, to pickle what came of it 0.3 µs.
"""

import ctypes
import multiprocessing
import pickle
from multiprocessing.connection import Connection
from typing import Any, TypeAlias

from auditor.core.records import CurvePoint, Failure, FloatArray, Result, Trial

Report: TypeAlias = tuple[
    float | None,
    FloatArray | None,
    float,
    int | None,
    tuple[CurvePoint, ...],
    Failure | None,
    str | None,
    int | None,
]
"""What came of a trial: a result without its trial."""

Tally: TypeAlias = ctypes.c_ulong
"""How many jobs a worker has done, in memory that it shares with the pool."""

SOON_SECONDS = 0.002
"""What takes less is not worth a message of its own."""


def new_tally() -> Tally:
    """Return a tally that can be handed to a worker as it starts."""
    return multiprocessing.get_context("forkserver").RawValue(ctypes.c_ulong)


def report_of(result: Result) -> Report:
    """Return a result as it travels."""
    told = (result.loss, result.losses, result.seconds, result.iterations, result.curve, result.failure)
    return (*told, result.checkpoint, result.peak_bytes)


def result_of(trial: Trial, report: Report) -> Result:
    """Return what came of a trial as its result."""
    loss, losses, seconds, iterations, curve, failure, checkpoint, peak_bytes = report
    return Result(
        trial=trial,
        loss=loss,
        losses=losses,
        seconds=seconds,
        iterations=iterations,
        curve=curve,
        failure=failure,
        checkpoint=checkpoint,
        peak_bytes=peak_bytes,
    )


def send(pipe: Connection, message: object) -> None:
    """Send a message of plain values and records; ``Connection.send`` takes 3 µs longer for locks."""
    pipe.send_bytes(pickle.dumps(message, pickle.HIGHEST_PROTOCOL))


def receive(pipe: Connection) -> Any:
    """Wait for a message and return it.

    Raises
    ------
    EOFError, OSError
        If the other end is closed.
    """
    return pickle.loads(pipe.recv_bytes())  # noqa: S301 - from a process of our own
