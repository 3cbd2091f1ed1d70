"""Starts the daemon, and stops it as it is told.

APScheduler is the timer inside this process, and no more: its jobs are ours, in memory, in UTC. Its defaults
would drop what comes due while the daemon is busy, so grace is without end and what has piled up runs once.
"""

import logging
import os
import select
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from threading import Event
from time import monotonic

from auditor.daemon.loop import Daemon
from auditor.errors import StorageError

logger = logging.getLogger(__name__)

_LOOK_SECONDS = 0.2
"""How often a daemon that drains looks whether its audits have ended."""

_SOON = 30.0
"""Seconds after its start at which a daemon does a chore for the first time, at the latest."""

JOBS = {"coalesce": True, "misfire_grace_time": None, "max_instances": 1}


@dataclass(frozen=True, slots=True)
class Chore:
    """Something else that is done again and again, beside the ticks; when it fails, it is done again."""

    name: str
    every_seconds: float
    do: Callable[[], object]

    def __call__(self) -> None:
        """Do it once."""
        try:
            self.do()
        except StorageError as error:
            logger.warning("%s: %s", self.name, error, extra={"action": "chore_failed", "chore": self.name})


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
    timer = _Timer(daemon, chores, on_tick)
    stops = _Stops()
    daemon.wake = timer.wake
    timer.start()
    logger.info(
        "daemon %s runs",
        daemon.instance[:8],
        extra={"action": "daemon_started", "daemon": daemon.instance, "audits": daemon.audits},
    )
    stops.wait(None)
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


class _Timer:
    """Ticks: every so many seconds, and when it is woken."""

    def __init__(self, daemon: Daemon, chores: Sequence[Chore], on_tick: Callable[[bool], None]) -> None:
        from apscheduler.executors.pool import ThreadPoolExecutor
        from apscheduler.schedulers.background import BackgroundScheduler

        self._daemon, self._on_tick = daemon, on_tick
        self._again = Event()
        self._scheduler = BackgroundScheduler(
            timezone="UTC",
            job_defaults=JOBS,
            # Apart, so that a chore that waits for a distant server delays no tick.
            executors={"default": ThreadPoolExecutor(1), "chores": ThreadPoolExecutor(1)},
        )
        for chore in chores:
            self._scheduler.add_job(
                chore,
                "interval",
                seconds=chore.every_seconds,
                id=chore.name,
                executor="chores",
                next_run_time=self._daemon.clock.now() + timedelta(seconds=min(chore.every_seconds, _SOON)),
            )

    def start(self) -> None:
        """Tick now, and from now on."""
        self._scheduler.add_job(
            self._tick,
            "interval",
            seconds=self._daemon.tick_seconds,
            id="tick",
            next_run_time=self._daemon.clock.now(),
        )
        self._scheduler.start()

    def wake(self) -> None:
        """Tick at once; once more after the tick that is going on."""
        self._again.set()
        if self._scheduler.running:
            self._scheduler.modify_job("tick", next_run_time=self._daemon.clock.now())

    def stop(self) -> None:
        """Stop ticking; a tick that is going on is waited for."""
        self._scheduler.shutdown(wait=True)

    def _tick(self) -> None:
        while True:
            self._again.clear()
            self._on_tick(self._daemon.tick())
            if not self._again.is_set():
                return
