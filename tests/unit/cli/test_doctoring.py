"""What the doctor makes of schedules that nobody keeps."""

from datetime import timedelta
from pathlib import Path

from auditor.cli.doctoring import what_opens, what_waits
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

    assert what_waits([later, kept(None)], orders=0, now=NOON) == (
        "so the next audit, due 2026-03-24 12:00Z, will not begin by itself"
    )
    assert what_waits([later, due], orders=0, now=NOON) == "and audits are due"
    assert what_waits([kept(None)], orders=0, now=NOON) == "and schedules are to be kept"


def test_what_was_ordered_is_told_before_what_will_be_due():
    assert what_waits([kept(NOON + timedelta(days=9))], orders=2, now=NOON) == "and 2 orders wait"


def test_a_full_disk_is_not_cured_by_permissions():
    full = "'vault' cannot be written to: no space left on device"
    closed = "'vault' cannot be written to: permission denied"

    assert what_opens(Path("vault"), full, variable="AUDITOR_VAULT").startswith("free some space")
    assert what_opens(Path("vault"), closed, variable="AUDITOR_VAULT") == (
        "make 'vault' writable for this user, or set AUDITOR_VAULT"
    )
