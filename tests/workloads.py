"""What jobs do in the tests of executors; a module of its own, because workers import it by name."""

import contextlib
import ctypes
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from auditor.core.records import Config, Fold, Job, Layout, Part, Proposal, Result, Round, TrainerSpec, Trial
from auditor.errors import DataError

MEGABYTE = 1024**2


def job(
    number: int, *, timeout_seconds: float = 120.0, memory_bytes: int = 512 * MEGABYTE, **config: Any
) -> Job:
    """Return a job for `obey`; ``config`` says what it does."""
    proposal = Proposal(config=config, round=Round.COARSE, fold=Fold(Part.SEARCH, 0))
    return Job(
        trial=Trial(id=number, proposal=proposal, seed=number),
        trainer=TrainerSpec(kind="sklearn", entry="nowhere:nothing"),
        layout=Layout(digest="0" * 64, target="y", seed=0),
        metric="log_loss",
        vault="/nowhere",
        timeout_seconds=timeout_seconds,
        memory_bytes=memory_bytes,
    )


def obey(given: Job) -> Result:
    """Do what the settings of the job say, then report the loss they give."""
    config = given.trial.proposal.config
    for name, value in config.items():
        if name in _DEEDS:
            _DEEDS[name](value)
    loss = float(given.trial.id)
    return Result(trial=given.trial, loss=loss, losses=np.full(5, loss), seconds=_number(config, "seconds"))


class Unloadable:
    """Work that leaves, and never arrives."""

    def __call__(self, given: Job) -> Result:
        raise NotImplementedError

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return stumble, ("on arrival",)


def obey_together(given: Sequence[Job]) -> tuple[Result | None, ...]:
    """Do what the settings of jobs say when they are done in one pass: ``as_one`` and its word, or nothing.

    A result that was had so has 100 iterations; jobs with ``apart`` are left to be done by themselves.
    """
    for one in given:
        deed = one.trial.proposal.config.get("as_one")
        if deed == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        if deed == "raise":
            raise ValueError("not together")
        if deed == "slow":
            time.sleep(1.1)
        if deed == "hang":
            time.sleep(600)
        if deed == "eat":
            _eat(1024)
    return tuple(
        None if "apart" in one.trial.proposal.config else Result(trial=one.trial, loss=0.5, iterations=100)
        for one in given
    )


def lot(*deeds: Mapping[str, Any], timeout_seconds: float = 120.0) -> list[Job]:
    """Return jobs that may be done in one pass: of a kind that can be, and with one seed."""
    given = [job(number, timeout_seconds=timeout_seconds, **deed) for number, deed in enumerate(deeds)]
    trainer = TrainerSpec(kind="torch", entry="nowhere:nothing")
    return [replace(one, trainer=trainer, trial=replace(one.trial, seed=1)) for one in given]


def refuse(what: str) -> None:
    """Raise an error that a user can read."""
    raise DataError(what)


def stumble(what: str) -> None:
    """Raise an error of a kind that is not ours."""
    raise KeyError(what)


def unreadable() -> object:
    """Return what cannot be pickled."""
    return lambda: 0


def say(*words: str) -> str:
    """Return the words in a row."""
    return " ".join(words)


def sleep(seconds: float) -> None:
    """Do nothing for a while."""
    time.sleep(seconds)


def die(code: int) -> None:
    """End the process."""
    os._exit(code)


def process_id() -> int:
    """Return the number of the process this runs in."""
    return os.getpid()


def environment(name: str) -> str | None:
    """Return an environment variable of the process this runs in."""
    return os.environ.get(name)


def inner_threads() -> list[int]:
    """Return how many threads each numerical library would use here, after use."""
    import sklearn.ensemble  # noqa: F401
    import threadpoolctl

    np.ones((300, 300)) @ np.ones((300, 300))
    return [int(library["num_threads"]) for library in threadpoolctl.threadpool_info()]


def threads() -> int:
    """Return how many threads this process has."""
    return len(list(Path("/proc/self/task").iterdir()))


def main_module() -> str | None:
    """Return the file that this process takes for its main module."""
    return getattr(sys.modules["__main__"], "__file__", None)


def _number(config: Config, name: str) -> float:
    return float(str(config.get(name, 0.0)))


def _spy(path: str) -> None:
    """Write down what this process was started with, and what it holds now."""
    Path(path).write_text(Path("/proc/self/environ").read_text(errors="replace") + repr(dict(os.environ)))


def _raise(text: str) -> None:
    raise ValueError(text)


def _signal(number: int) -> None:
    os.kill(os.getpid(), number)


def _segfault(_: Any) -> None:
    ctypes.string_at(0)


def _hang_in_c(seconds: int) -> None:
    ctypes.PyDLL(None).sleep(seconds)  # PyDLL keeps the interpreter's lock


def _eat(megabytes: int) -> None:
    np.ones(megabytes * MEGABYTE, dtype=np.uint8).sum()


def _eat_small_pieces(_: Any) -> None:
    pieces: list[bytes] = []
    while True:
        pieces.append(bytes(10_000))


def _print(megabytes: int) -> None:
    for _ in range(megabytes):
        print("x" * MEGABYTE)  # noqa: T201
        os.write(2, b"y" * MEGABYTE)


def _fork(_: Any) -> None:
    os.fork()


def _leave_behind(path: str) -> None:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3600)"])
    Path(path).write_text(str(child.pid))


def _announce(path: str) -> None:
    Path(path).write_text(str(os.getpid()))


def _kill_the_pool(_: Any) -> None:
    parent = multiprocessing.parent_process()
    if parent is not None and parent.pid is not None:
        os.kill(parent.pid, signal.SIGKILL)
    time.sleep(30)


def _interrupt_group(_: Any) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(os.getpgrp(), signal.SIGINT)


_DEEDS: Mapping[str, Any] = {
    "announce": _announce,
    "spy": _spy,
    "raises": _raise,
    "leave": sys.exit,
    "exit": os._exit,
    "signal": _signal,
    "segfault": _segfault,
    "sleep": time.sleep,
    "hang": _hang_in_c,
    "eat": _eat,
    "nibble": _eat_small_pieces,
    "print": _print,
    "fork": _fork,
    "leave_behind": _leave_behind,
    "interrupt": _interrupt_group,
    "signal_slot": _kill_the_pool,
}
