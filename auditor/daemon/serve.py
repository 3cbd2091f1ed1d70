"""Starts the daemon, and stops it as it is told."""

import logging
import os
import select
import signal
from collections.abc import Callable, Sequence
from time import monotonic

from auditor.daemon.loop import Daemon
from auditor.daemon.timer import Chore, Timer

logger = logging.getLogger(__name__)

_LOOK_SECONDS = 0.2
"""How often a daemon that drains looks whether its audits have ended."""


def serve(
    daemon: Daemon,
    *,
    grace_seconds: float,
    chores: Sequence[Chore] = (),
    on_tick: Callable[[bool], None] = lambda _: None,
    on_drain: Callable[[], None] = lambda: None,
) -> None:
    """Run a daemon until SIGTERM or SIGINT; a second one stops at once.

    Parameters
    ----------
    grace_seconds
        How long audits may take to finish their running lot.
    chores
        What else is to be done meanwhile.
    on_tick
        Told after every tick whether it went well; a watchdog is fed here and nowhere else.
    on_drain
        Told when it begins to stop.
    """
    timer = Timer(daemon, chores, on_tick)
    stops = _Stops()
    daemon.wake = timer.wake
    timer.start()
    logger.info(
        "daemon %s runs",
        daemon.instance[:8],
        extra={"action": "daemon_started", "daemon": daemon.instance, "audits": daemon.audits},
    )
    while not stops.wait(daemon.tick_seconds):  # by the clock that nobody sets
        timer.mind_the_clock()
    logger.info("stopping; running lots are finished first", extra={"action": "daemon_draining"})
    on_drain()
    daemon.drain()
    until = monotonic() + grace_seconds
    while monotonic() < until and _running(daemon) and not stops.wait(_LOOK_SECONDS):
        pass
    timer.stop()
    daemon.stop()
    stops.close()
    logger.info("stopped", extra={"action": "daemon_stopped", "daemon": daemon.instance})


def _running(daemon: Daemon) -> bool:
    return any(not child.ended for child in tuple(daemon.children))


class _Stops:
    """Signals to stop, one after another.

    They pass through a pipe: a handler that took a lock could wait for the very thread that it interrupts.
    """

    def __init__(self) -> None:
        self._reading, self._writing = os.pipe()
        self._before = {
            number: signal.signal(number, lambda *_: os.write(self._writing, b"!"))
            for number in (signal.SIGTERM, signal.SIGINT)
        }

    def wait(self, seconds: float | None) -> bool:
        """Wait for the next one; return whether it came."""
        if not select.select([self._reading], [], [], seconds)[0]:
            return False
        os.read(self._reading, 1)
        return True

    def close(self) -> None:
        """Handle signals as before."""
        for number, handler in self._before.items():
            signal.signal(number, handler)
        os.close(self._reading)
        os.close(self._writing)
