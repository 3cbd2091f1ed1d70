"""When the daemon ticks and does its chores: APScheduler, as the timer inside this process and no more.

Its jobs are ours, in memory, in UTC. Its defaults would drop what comes due while the daemon is busy, so
grace is without end and what has piled up runs once. It goes by the clock on the wall, which may be set:
its own interval lists every time that a jump ahead left out, one by one (a month at a tick of 15 s is
170 000, and a machine that wakes up in 1970 runs out of memory), and after a jump back it waits until the
old time has come again. So the interval is ours, and what is to come is looked at by another clock.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger

from auditor.daemon.loop import Daemon
from auditor.errors import StorageError

logger = logging.getLogger(__name__)

JOBS = {"coalesce": True, "misfire_grace_time": None, "max_instances": 1}

_SOON = 30.0
"""Seconds after its start at which a daemon does a chore for the first time, at the latest."""


class Every(BaseTrigger):  # type: ignore[misc]  # the library has no types
    """Every so often, reckoned from now: what was left out is left out.

    Attributes
    ----------
    span
        From one time to the next.
    """

    __slots__ = ("span",)

    def __init__(self, seconds: float) -> None:
        self.span = timedelta(seconds=seconds)

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """Return the next time."""
        return now + self.span


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


class Timer:
    """Ticks: every so many seconds, and when it is woken."""

    def __init__(self, daemon: Daemon, chores: Sequence[Chore], on_tick: Callable[[bool], None]) -> None:
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
                Every(chore.every_seconds),
                id=chore.name,
                executor="chores",
                next_run_time=self._daemon.clock.now() + timedelta(seconds=min(chore.every_seconds, _SOON)),
            )

    def start(self) -> None:
        """Tick now, and from now on."""
        self._scheduler.add_job(
            self._tick, Every(self._daemon.tick_seconds), id="tick", next_run_time=self._daemon.clock.now()
        )
        self._scheduler.start()

    def wake(self) -> None:
        """Tick at once; once more after the tick that is going on."""
        self._again.set()
        if self._scheduler.running:
            self._scheduler.modify_job("tick", next_run_time=self._daemon.clock.now())

    def mind_the_clock(self) -> None:
        """Do now what lies further ahead than it can: the clock was set back."""
        now = self._daemon.clock.now()
        for job in self._scheduler.get_jobs():
            if job.next_run_time - now > job.trigger.span + timedelta(seconds=_SOON):
                logger.warning(
                    "the clock was set back by %.0f s",
                    (job.next_run_time - now - job.trigger.span).total_seconds(),
                    extra={"action": "clock_set_back", "job": job.id},
                )
                job.modify(next_run_time=now)

    def stop(self) -> None:
        """Stop ticking; a tick that is going on is waited for."""
        self._scheduler.shutdown(wait=True)

    def _tick(self) -> None:
        while True:
            self._again.clear()
            self._on_tick(self._daemon.tick())
            if not self._again.is_set():
                return
