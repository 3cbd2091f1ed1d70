"""Promises of ``ports.Clock``, over every implementation."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from auditor.backtest.stand_ins import Then
from auditor.ports import Clock
from auditor.wiring import SystemClock
from tests.fakes import NOON, FixedClock

PORT = Clock
IMPLEMENTATIONS = (SystemClock, FixedClock, Then)


@pytest.fixture(params=IMPLEMENTATIONS, ids=lambda kind: kind.__name__)
def clock(request: pytest.FixtureRequest) -> Clock:
    made: Clock = request.param(NOON) if request.param is Then else request.param()
    return made


def test_the_moment_is_aware_and_in_utc(clock: Clock) -> None:
    assert clock.now().tzinfo is UTC


def test_time_does_not_run_backwards(clock: Clock) -> None:
    moments = [clock.now() for _ in range(100)]

    assert moments == sorted(moments)


def test_any_thread_may_ask(clock: Clock) -> None:
    with ThreadPoolExecutor(4) as threads:
        moments = [threads.submit(clock.now).result() for _ in range(20)]

    assert max(moments) - min(moments) < timedelta(minutes=1)


def test_the_machines_clock_is_the_machines() -> None:
    real = datetime.now(UTC)  # noqa: TID251  # what it is compared with

    assert abs(SystemClock().now() - real) < timedelta(seconds=10)


def test_the_fake_is_moved_by_hand_only() -> None:
    clock = FixedClock()

    assert clock.now() == clock.now() == NOON
    clock.advance(timedelta(days=1))
    assert clock.now() == NOON + timedelta(days=1)
