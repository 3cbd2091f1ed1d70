"""What systemd is told, over a real datagram socket."""

import os
import socket
from collections.abc import Iterator

import pytest

from auditor.daemon.systemd import Systemd


@pytest.fixture
def told(tmp_path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(120)
        yield listening


def started(told: socket.socket, **extra: str) -> Systemd:
    return Systemd.from_environment({"NOTIFY_SOCKET": told.getsockname(), **extra}, tick_seconds=15.0)


def heard(told: socket.socket) -> list[str]:
    return told.recv(4096).decode().splitlines()


def nothing_heard(told: socket.socket) -> bool:
    told.setblocking(False)
    with pytest.raises(BlockingIOError):
        told.recv(4096)
    return True


def test_it_is_ready_with_its_first_tick_and_fed_by_each(told):
    systemd = started(told, WATCHDOG_USEC="120000000", WATCHDOG_PID=str(os.getpid()))
    assert nothing_heard(told)
    told.settimeout(120)

    systemd.ticked(True)
    systemd.ticked(True)

    assert heard(told) == ["STATUS=ticking", "READY=1", "WATCHDOG=1"]
    assert heard(told) == ["STATUS=ticking", "WATCHDOG=1"]
    assert nothing_heard(told)  # nobody else feeds it


def test_a_tick_that_failed_says_so_and_is_a_sign_of_life(told):
    systemd = started(told, WATCHDOG_USEC="120000000")

    systemd.ticked(False)

    assert heard(told) == ["STATUS=ticks have failed for 0 s; the log says why", "READY=1", "WATCHDOG=1"]


def test_ticks_that_go_on_failing_starve_the_watchdog_until_one_goes_well(told, monkeypatch):
    systemd, now = started(told, WATCHDOG_USEC="120000000"), [1000.0]
    monkeypatch.setattr("auditor.daemon.systemd.monotonic", lambda: now[0])
    fed = []
    for seconds, well in ((0, True), (15, False), (600, False), (15, False), (15, False), (15, True)):
        now[0] += seconds
        systemd.ticked(well)
        fed.append("WATCHDOG=1" in heard(told))

    assert fed == [True, True, True, False, False, True]


@pytest.mark.parametrize(
    "extra", [{}, {"WATCHDOG_USEC": "120000000", "WATCHDOG_PID": "1"}, {"WATCHDOG_USEC": "x"}]
)
def test_a_watchdog_that_is_not_ours_is_not_fed(told, extra):
    started(told, **extra).ticked(True)

    assert heard(told) == ["STATUS=ticking", "READY=1"]


def test_stopping_is_told(told):
    started(told).stopping()

    assert heard(told) == ["STOPPING=1", "STATUS=stopping"]


def test_an_abstract_socket_is_reached():
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(f"\0auditor-test-{os.getpid()}")
        listening.settimeout(120)

        Systemd(f"@auditor-test-{os.getpid()}").ticked(True)

        assert "READY=1" in heard(listening)


def test_what_audits_start_is_not_left_with_the_socket(told):
    environment = {"NOTIFY_SOCKET": "/x", "WATCHDOG_USEC": "1", "WATCHDOG_PID": "2", "HOME": "/root"}

    Systemd.from_environment(environment, tick_seconds=1.0)

    assert environment == {"HOME": "/root"}


def test_without_systemd_and_with_one_that_does_not_listen_nothing_happens(tmp_path):
    Systemd.from_environment({}, tick_seconds=15.0).ticked(True)
    Systemd(str(tmp_path / "nobody"), watched=True).ticked(True)
    Systemd("/" + "x" * 300).stopping()


def test_a_watchdog_that_is_too_short_for_the_ticks_is_told_with_the_value_to_set(told, caplog):
    started(told, WATCHDOG_USEC="20000000")

    assert "WatchdogSec=20 is short for a tick every 15 s; set it to 45 at least" in caplog.text
