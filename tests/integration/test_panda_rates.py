"""A small edition of `benchmarks/panda.py`: false alarms and detections of the product's own functions."""

import json
from pathlib import Path

import pytest

from benchmarks.panda import FRESH_NOTHING, NOTHING, SOMETHING, live, nothing, something, upper

pytestmark = pytest.mark.slow

COMMITTED = Path(__file__).parents[2] / "benchmarks" / "results" / "panda.json"


@pytest.mark.parametrize("name", ["no setting matters", "heavy tails", "better for a turn, worse for good"])
def test_a_hundred_days_of_nothing_raise_no_alarm(name):
    assert nothing(8, NOTHING[name])["false_alarms"] == 0.0


@pytest.mark.parametrize("name", ["3 margins, 3 settings", "3 margins, half the luck"])
def test_what_is_spoiled_by_three_margins_is_found_and_named_within_twenty_turns(name):
    found = something(16, SOMETHING[name])

    assert found["within_20"] >= 14 / 16
    assert found["named_rightly"] == 1.0


def test_a_life_can_be_lived_again():
    assert live(SOMETHING["1 margin, 3 settings"], number=3, days=30) == live(
        SOMETHING["1 margin, 3 settings"], number=3, days=30
    )


def test_the_committed_figures_keep_the_promise():
    figures = json.loads(COMMITTED.read_text())

    assert set(figures["nothing"]) == set(NOTHING)
    assert set(figures["fresh_nothing"]) == set(FRESH_NOTHING)
    both = [*figures["nothing"].values(), *figures["fresh_nothing"].values()]
    assert all(row["at_most"] <= 0.05 for row in both)
    assert figures["something"]["3 margins, 3 settings"]["within_20"] >= 0.95


def test_an_upper_limit_is_that_of_clopper_and_pearson():
    assert upper(0, 59) == pytest.approx(0.0495, abs=1e-3)
