"""Readiness can fail, and says why."""

import asyncio
import threading
from dataclasses import replace

import pytest

from auditor.errors import StorageError
from auditor.http import health as module
from auditor.http.facts import Pulse
from auditor.http.health import Health

WELL = Pulse(tick_seconds=15.0, tick_age_seconds=3.0, running=1, workers=2)


class Facts:
    """A database that answers as it is told."""

    def __init__(self, answer=lambda: None):
        self.probe = answer


def reasons(checks):
    return {check.name: check.reason for check in checks if not check.ok}


def ready(tmp_path, pulse=WELL, facts=None):
    health = Health(facts or Facts(), tmp_path, None if pulse is None else lambda: pulse)
    return reasons(asyncio.run(health.ready()))


def live(tmp_path, pulse):
    return reasons(asyncio.run(Health(Facts(), tmp_path, lambda: pulse).live()))


def test_what_is_well_is_ready_and_lives(tmp_path):
    assert ready(tmp_path) == {}
    assert live(tmp_path, WELL) == {}
    assert ready(tmp_path, pulse=None) == {}


@pytest.mark.parametrize(
    ("change", "check", "reason"),
    [
        ({"tick_age_seconds": 62.0}, "tick", "the last good tick was 62 s ago, allowed are 61"),
        ({"tick_age_seconds": 62.0, "trouble": "disk full"}, "tick", "allowed are 61: disk full"),
        ({"tick_age_seconds": None}, "tick", "the first tick has not gone well yet"),
        ({"tick_age_seconds": None, "trouble": "no database"}, "tick", "no database"),
        ({"draining": True}, "workers", "is stopping and begins nothing more"),
        ({"running": 3}, "workers", "3 audits run, at most 2 may"),
        (
            {"problems": {"a": "a.toml: 1 problem\n  x  y"}},
            "schedules",
            "1 cannot be read: a.toml: 1 problem",
        ),
    ],
)
def test_what_is_not_well_is_not_ready_and_says_why(tmp_path, change, check, reason):
    found = ready(tmp_path, replace(WELL, **change))

    assert list(found) == [check]
    assert reason in found[check]


def test_a_database_that_does_not_answer_is_quoted(tmp_path):
    def broken():
        raise StorageError("the ledger is gone; restore it")

    assert ready(tmp_path, facts=Facts(broken)) == {"database": "the ledger is gone; restore it"}


def test_a_database_that_hangs_is_not_waited_for(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "PROBE_SECONDS", 0.1)
    hangs = threading.Event()

    found = ready(tmp_path, facts=Facts(lambda: hangs.wait(600)))
    hangs.set()  # until now there was no answer

    assert found == {"database": "no answer within 0.1 s"}


def test_a_reports_folder_that_is_a_file_is_not_ready_and_one_that_is_not_there_yet_is(tmp_path):
    (tmp_path / "file").write_text("")

    assert "is no folder" in ready(tmp_path / "file")["reports"]
    assert ready(tmp_path / "later") == {}


def test_a_loop_that_is_late_lives_and_one_that_stands_still_does_not(tmp_path):
    assert live(tmp_path, replace(WELL, tick_age_seconds=300.0)) == {}
    assert "602" in live(tmp_path, replace(WELL, tick_age_seconds=602.0))["tick"]
    assert live(tmp_path, replace(WELL, tick_age_seconds=None)) == {}  # it waits for its database


def test_where_nothing_can_be_written_audits_cannot_be_carried_out_and_that_is_said(tmp_path):
    def full():
        raise StorageError("the vault 'v' has 3 MiB left")

    audits = Health(Facts(), tmp_path, lambda: WELL, full)
    only_serves = Health(Facts(), tmp_path, None, full)

    assert reasons(asyncio.run(audits.ready())) == {"room": "the vault 'v' has 3 MiB left"}
    assert reasons(asyncio.run(only_serves.ready())) == {}
