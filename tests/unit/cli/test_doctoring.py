"""What the doctor makes of schedules that nobody keeps."""

from datetime import timedelta

from auditor.cli.doctoring import what_waits
from auditor.core.records import KeptSchedule
from tests.fakes import NOON


def kept(next_due):
    return KeptSchedule(
        name="a",
        model="a",
        cursor=NOON,
        last_slot=None,
        next_due=next_due,
        next_reason="",
        paused=False,
        problem="",
    )


def test_what_is_due_is_told_apart_from_what_will_be():
    later, due = kept(NOON + timedelta(days=9)), kept(NOON)

    assert what_waits([later, kept(None)], now=NOON) == (
        "so the next audit, due 2026-03-24 12:00Z, will not begin by itself"
    )
    assert what_waits([later, due], now=NOON) == what_waits([], now=NOON) == "and audits are due"
