"""A process that carries out one audit, as the daemon sees it.

What it is to do goes in by its standard input, which stays open: the kernel kills the child as soon as
the daemon's end of it closes, however the daemon ends.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Thread
from time import monotonic

from auditor.core.records import Fence, Order
from auditor.daemon.folder import Schedule

AWAY = 75
"""A child leaves with this when it could not reach the database to say what came of its audit."""


@dataclass(slots=True, eq=False)
class Child:
    """One audit that is being carried out.

    Attributes
    ----------
    lost_since
        When it was first seen that the order is not held any more, on the monotonic clock.
    """

    order: Order
    process: "subprocess.Popen[bytes]"
    since: float = field(default_factory=monotonic)
    lost_since: float | None = None

    @property
    def fence(self) -> Fence:
        """What it writes with."""
        return Fence(self.order.id, self.order.token)

    @property
    def ended(self) -> bool:
        """Whether the process has ended."""
        return self.process.poll() is not None

    def ask_to_stop(self) -> None:
        """Let it finish the running lot, and no more."""
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once, with everything that it started."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def part(self) -> None:
        """Let go of a process that has ended."""
        if self.process.stdin is not None:
            self.process.stdin.close()
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)  # what it left behind


def start_child(
    order: Order, schedule: Schedule, *, lease_seconds: float, as_json: bool, when_done: Callable[[], None]
) -> Child:
    """Start a process that carries out an audit.

    Parameters
    ----------
    when_done
        Called from another thread as the process ends.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "auditor.daemon.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C on the terminal is for the daemon
    )
    work = {
        "order": order.id,
        "token": order.token,
        "path": schedule.plan.path,
        "text": schedule.text,
        "lease_seconds": lease_seconds,
        "json": as_json,
    }
    if process.stdin is None:
        raise ValueError("a child has a pipe for its standard input")
    with contextlib.suppress(BrokenPipeError):  # it died at once, which will be noticed
        process.stdin.write(json.dumps(work).encode() + b"\n")
        process.stdin.flush()
    Thread(target=_wait, args=(process, when_done), daemon=True, name=f"order-{order.id}").start()
    return Child(order, process)


def how_it_ended(code: int) -> str:
    """Return how a process ended that did not say so itself.

    Examples
    --------
    >>> how_it_ended(-9)
    'its process was killed by SIGKILL'
    """
    if code < 0:
        return f"its process was killed by {signal.Signals(-code).name}"
    return f"its process ended with exit code {code}"


def _wait(process: "subprocess.Popen[bytes]", when_done: Callable[[], None]) -> None:
    process.wait()
    when_done()
