from dataclasses import replace
from datetime import timedelta

import pytest

from auditor.core.records import Audit, Occasion, Why
from auditor.reporting.occasions import missed_tile, why_tile
from tests.gallery import NIGHT, fresh


def run_for(why: Why, missed: int = 0) -> Audit:
    first = NIGHT - timedelta(days=30) if missed else None
    return replace(
        fresh(), occasion=Occasion(why=why, said="so", due=NIGHT, missed=missed, first_missed=first)
    )


@pytest.mark.parametrize("why", Why)
def test_every_reason_has_words(why: Why) -> None:
    tile = why_tile(run_for(why))

    assert tile is not None
    assert tile.value
    assert tile.detail == "so"


def test_due_slots_that_passed_are_counted_from_the_oldest() -> None:
    tile = missed_tile(run_for(Why.SLOT, missed=3))

    assert tile is not None
    assert tile.value == "3 slots"
    assert "the oldest of 2026-10-23" in tile.detail


def test_an_audit_that_missed_none_or_was_run_by_hand_has_no_such_tile() -> None:
    by_hand = replace(fresh(), occasion=None)

    assert missed_tile(run_for(Why.SLOT)) is None
    assert (missed_tile(by_hand), why_tile(by_hand)) == (None, None)
