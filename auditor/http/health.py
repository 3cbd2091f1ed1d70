"""Whether this process lives, and whether it is ready: looked at anew for every request, with reasons.

*Live* means that a restart would not help: the thread that answers does, and the daemon's loop goes
round. *Ready* means that audits are carried out as declared: the database answers, ticks go well, workers
can be had, every schedule can be read, the reports folder can be entered, and there is room to write.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import anyio
import anyio.to_thread

from auditor.errors import AuditorError, in_a_line
from auditor.http.facts import Check, Facts, Pulse

PROBE_SECONDS = 3.0
"""For the database to answer; a load balancer asks every few seconds."""

_LATE, _DEAD = 4.0, 40.0
"""Ticks that may be missed before the daemon is not ready, and before it counts as dead."""

_MOST_NAMED = 5


@dataclass(slots=True)
class Health:
    """Looks at this process and at what it needs.

    Attributes
    ----------
    pulse
        Of the daemon in this process; None where there is none (``auditor serve``).
    room
        Tries every place that audits write to.
    """

    facts: Facts
    reports: Path
    pulse: Callable[[], Pulse] | None
    room: Callable[[], None] = lambda: None
    _probes: anyio.CapacityLimiter | None = None

    async def live(self) -> tuple[Check, ...]:
        """Return what a restart might mend."""
        # Through the threads that answer all other requests: if they hang, so does this.
        reachable = await self._within(lambda: None, "no thread answers: every one of them is busy")
        return (Check("threads", reachable), *(self._loop(_DEAD, self.pulse()) if self.pulse else ()))

    async def ready(self) -> tuple[Check, ...]:
        """Return whatever keeps audits from being carried out and shown."""
        database = await self._within(self.facts.probe, f"no answer within {PROBE_SECONDS:g} s")
        checks = [Check("database", database), Check("reports", _folder(self.reports))]
        if self.pulse is None:
            return tuple(checks)
        room = await self._within(self.room, f"a disk did not answer within {PROBE_SECONDS:g} s")
        pulse = self.pulse()
        return (*checks, Check("room", room), *self._loop(_LATE, pulse), _workers(pulse), _schedules(pulse))

    async def _within(self, ask: Callable[[], None], late: str) -> str:
        """Return why a question has no good answer in time; its thread is left behind if need be."""
        if self._probes is None:
            self._probes = anyio.CapacityLimiter(3)  # what hangs must not take every thread
        try:
            with anyio.fail_after(PROBE_SECONDS):
                await anyio.to_thread.run_sync(ask, limiter=self._probes, abandon_on_cancel=True)
        except TimeoutError:
            return late
        except AuditorError as error:
            return str(error)
        return ""

    def _loop(self, ticks: float, pulse: Pulse) -> tuple[Check, ...]:
        return (Check("tick", _tick(pulse, ticks=ticks)),)


def _tick(pulse: Pulse, *, ticks: float) -> str:
    allowed = ticks * pulse.tick_seconds + 1.0
    if pulse.tick_age_seconds is None:
        return pulse.trouble or ("the first tick has not gone well yet" if ticks == _LATE else "")
    if pulse.tick_age_seconds > allowed:
        why = f": {pulse.trouble}" if pulse.trouble else ""
        return f"the last good tick was {pulse.tick_age_seconds:.0f} s ago, allowed are {allowed:.0f}{why}"
    return ""


def _workers(pulse: Pulse) -> Check:
    if pulse.draining:
        return Check("workers", "the daemon is stopping and begins nothing more")
    if pulse.running > pulse.workers:
        return Check("workers", f"{pulse.running} audits run, at most {pulse.workers} may")
    return Check("workers")


def _schedules(pulse: Pulse) -> Check:
    if not pulse.problems:
        return Check("schedules")
    first = [in_a_line(text) for _, text in sorted(pulse.problems.items())[:_MOST_NAMED]]
    return Check("schedules", f"{len(pulse.problems)} cannot be read: {'; '.join(first)}")


def _folder(path: Path) -> str:
    if path.is_dir() and not os.access(path, os.R_OK | os.X_OK):
        return f"{str(path)!r} cannot be read"
    return "" if path.is_dir() or not path.exists() else f"{str(path)!r} is no folder"
