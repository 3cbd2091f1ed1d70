"""A Dask cluster of real processes on this machine, whose parts can be killed."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[1]


_PATIENCE = 300.0
"""Seconds; nothing here takes so long by itself, but the machine may be busy."""


def _wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def _address_in(told: Path) -> str | None:
    """Return the address that a scheduler has written down, once all of it is there."""
    try:
        address: str = json.loads(told.read_text())["address"]
    except (OSError, ValueError):
        return None
    return address


@dataclass
class Cluster:
    """One scheduler and its workers; workers find the modules of the tests."""

    port: int = 0
    scheduler: subprocess.Popen[bytes] | None = None
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"tcp://127.0.0.1:{self.port}"

    def start_scheduler(self) -> None:
        """Start one, on a port that is free, or on that of the one before; and wait until it answers."""
        with tempfile.TemporaryDirectory() as folder:
            told = Path(folder) / "scheduler.json"
            port = ("--port", str(self.port), "--scheduler-file", str(told))
            self.scheduler = self._start("scheduler", "--host", "127.0.0.1", *port)
            _wait_until(lambda: self.scheduler.poll() is None and _address_in(told) is not None)
            self.port = int(_address_in(told).rpartition(":")[2])

    def start_worker(self) -> None:
        self.workers.append(self._start("worker", self.address, "--nthreads", "1", "--no-nanny"))

    def wait_for_workers(self) -> None:
        """Wait until all workers have come; on a busy machine that takes longer than an audit would wait."""
        from distributed import Client

        with Client(self.address, timeout=_PATIENCE, set_as_default=False) as client:
            client.wait_for_workers(len(self.workers), timeout=_PATIENCE)

    def kill_scheduler(self) -> None:
        assert self.scheduler is not None
        self.scheduler.kill()
        self.scheduler.wait()

    def kill_worker(self) -> None:
        worker = self.workers.pop(0)
        worker.send_signal(signal.SIGKILL)
        worker.wait()

    def stop(self) -> None:
        for process in [*self.workers, self.scheduler]:
            if process is not None:
                process.kill()
                process.wait()

    def _start(self, part: str, *arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.dask_{part}", *arguments, "--no-dashboard"],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
