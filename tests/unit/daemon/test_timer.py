"""Ticks go on whatever the clock on the wall does."""

import re
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from auditor.daemon.timer import Chore, Timer
from auditor.wiring import SystemClock

MONTH = timedelta(days=30)


@dataclass
class Ticking:
    """A daemon that does nothing at its ticks."""

    clock: SystemClock = field(default_factory=SystemClock)
    tick_seconds: float = 0.01
    ticks: int = 0

    def tick(self) -> bool:
        self.ticks += 1
        return True


@pytest.fixture
def shift(monkeypatch):
    """The clock that APScheduler and the daemon see, shifted by what is set here."""
    shift, real = [timedelta(0)], SystemClock.now

    class Shifted(datetime):
        @classmethod
        def now(cls, tz=None):
            return real(None).astimezone(tz) + shift[0]

    monkeypatch.setattr("apscheduler.schedulers.base.datetime", Shifted)
    monkeypatch.setattr(SystemClock, "now", lambda _: real(None) + shift[0])
    return shift


def waited_for(daemon, ticks, within=120.0):
    deadline = time.monotonic() + within
    while daemon.ticks < ticks and time.monotonic() < deadline:
        time.sleep(0.002)
    return daemon.ticks >= ticks


def test_a_clock_that_jumps_ahead_costs_one_tick_and_not_a_tick_for_each_that_was_left_out(shift):
    daemon, chores = Ticking(), []
    timer = Timer(daemon, [Chore("chore", 0.01, lambda: chores.append(1))], lambda _: None)
    timer.start()
    assert waited_for(daemon, 3)
    shift[0] = 12 * MONTH
    timer.wake()
    went_on = waited_for(daemon, daemon.ticks + 3)
    timer.stop()

    assert went_on
    assert chores


def test_a_clock_that_is_set_back_stops_no_tick(shift, caplog):
    daemon = Ticking()
    timer = Timer(daemon, [], lambda _: None)
    timer.start()
    assert waited_for(daemon, 3)
    shift[0] = -MONTH
    stuck = daemon.ticks + 3
    stopped = not waited_for(daemon, stuck, within=0.1)
    timer.mind_the_clock()
    went_on = waited_for(daemon, stuck)
    timer.mind_the_clock()
    timer.stop()

    assert stopped, "or this test shows nothing"
    assert went_on
    (line,) = [record for record in caplog.records if getattr(record, "action", "") == "clock_set_back"]
    # A machine at work may take seconds between the two looks at the clock that it is told by.
    said = re.fullmatch(r"the clock was set back by (\d+) s.*", line.getMessage())
    assert said is not None
    assert float(said[1]) == pytest.approx(MONTH.total_seconds(), abs=60.0)
