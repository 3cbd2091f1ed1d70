"""Which strategy the budget allows."""

from dataclasses import replace
from datetime import timedelta

import pytest

from auditor.core.means import SEARCH_NEEDS, chosen, means_of
from auditor.core.records import Budget, Environment, Fold, Part, Proposal, Result, Round, Trial
from tests.planted import MACHINE, a_plan

GB = 1024**3
EIGHT = replace(MACHINE, memory_bytes=8 * GB)


def measured(seconds: float, peak: int | None = None) -> Result:
    proposal = Proposal(config={}, round=Round.PRODUCTION, fold=Fold(Part.SEARCH, 0))
    return Result(trial=Trial(id=0, proposal=proposal, seed=0), loss=1.0, seconds=seconds, peak_bytes=peak)


def budget(minutes: float = 10.0, workers: int = 2):
    return a_plan(budget=Budget(time=timedelta(minutes=minutes), workers=workers))


def what(seconds: float, *, peak: int | None = None, machine: Environment = EIGHT, **of: float):
    return chosen(means_of(measured(seconds, peak), budget(**of), machine), no_panda=None)[0]


def test_time_and_workers_decide():
    just = 2 * 600 / SEARCH_NEEDS

    assert what(just) == "caviar"
    assert what(just * 1.01) == "panda"
    assert what(just * 1.01, minutes=11.0) == "caviar"
    assert what(just * 1.01, workers=3) == "caviar"


def test_so_does_memory_where_trainings_have_no_room_beside_each_other():
    just = 2 * 600 / SEARCH_NEEDS

    assert what(just, peak=3 * GB) == "caviar"
    assert what(just, peak=4 * GB) == "panda", "a fifth of the machine is left to others"
    assert what(just / 2, peak=4 * GB) == "caviar"
    assert what(just / 2, peak=40 * GB) == "caviar", "one has to have room"


def test_the_reason_says_what_was_measured():
    means = means_of(measured(120.0, 5 * GB), budget(), EIGHT)

    assert means.said == (
        "one training of production takes 1.2e+02 s, so 5 fit the budget of 10 min on 1 of 2 workers (each "
        f"takes 5 of the machine's 8 GB of memory), and the smallest search takes {SEARCH_NEEDS}"
    )


@pytest.mark.parametrize(("seconds", "strategy"), [(1.0, "caviar"), (900.0, "caviar")])
def test_where_no_model_can_be_carried_on_it_is_a_search(seconds, strategy):
    found, why = chosen(means_of(measured(seconds), budget(), EIGHT), no_panda="it forgets")

    assert found == strategy
    assert ("cannot be carried on instead: it forgets" in why) is (seconds > 100)
