from dataclasses import replace
from datetime import UTC, datetime

from auditor.core.records import Estimate, Held, SettingChange
from auditor.reporting.held import held_tile
from auditor.reporting.numbers import Yardstick
from tests.gallery import stale

YARD = Yardstick(factor=100.0, suffix=" %", noun="gain")
CHANGES = (SettingChange(name="rate", before=0.1, after=0.03, origin="schedule"),)
HELD = Held(
    audit=12,
    applied_at=datetime(2026, 3, 1, tzinfo=UTC),
    changes=CHANGES,
    worth=Estimate(0.02, 0.01, 0.03),
    rows=900,
    sentence="",
)


def test_nothing_applied_has_no_tile():
    assert held_tile(stale(), YARD) is None


def test_what_was_applied_is_told_with_what_it_gains_since():
    tile = held_tile(replace(stale(), held=HELD), YARD)

    assert tile.value == "2.0 %"
    assert tile.detail == (
        "applied audit 12 on 2026-03-01: rate from 0.1 to 0.03; "
        "measured since, on 900 newer rows: 1.0 to 3.0 %"
    )


def test_what_is_not_measured_is_not_called_held():
    tile = held_tile(replace(stale(), held=replace(HELD, worth=None)), YARD)

    assert tile.value == "Not measured"
