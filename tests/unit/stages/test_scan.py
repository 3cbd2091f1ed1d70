"""A scan along the responsible settings: bounded, paired, resumable."""

from dataclasses import replace
from datetime import timedelta

import pytest

from auditor.core.records import (
    Attribution,
    Budget,
    Call,
    Effect,
    Estimate,
    Failure,
    FailureKind,
    Finalist,
    Round,
)
from auditor.core.space import build_space
from auditor.core.verdict import Blame
from auditor.stages.scan import scan
from tests.examples import a_confirmation
from tests.planted import Planted, a_plan, a_runner, a_world, bowl, the_replicates

OLD = {"rate": 1e-3, "share": 0.1}
NEW = {"rate": 0.1, "share": 0.5}
WORK = Planted(truth=bowl(rate=0.1, share=0.5), noise=0.02)
GAIN = Estimate(0.1, 0.05, 0.15)


def settle(work=WORK, *, moved=("rate", "share"), budget=None, bundles=None):
    """Scan around a challenger; return what was found and the world it happened in."""
    world, plan = a_world(work, OLD), a_plan()
    replicates = the_replicates(a_runner(world, plan))
    replicates.train([OLD, NEW], passes=range(2), purpose=Round.CONFIRM)
    effects = tuple(Effect(name=name, effect=GAIN) for name in moved)
    found = scan(
        a_confirmation(
            GAIN,
            call=Call.STALE,
            margin=0.02,
            finalists=(Finalist(config=NEW, search_gain=0.1, looks=(), excluded=False),),
        ),
        blame=Blame(
            attribution=Attribution(method="shapley", effects=effects),
            moved=moved,
            kept=1.0,
            bundles=bundles or {},
        ),
        production=OLD,
        space=build_space(OLD, plan.search),
        policy=plan.policy,
        budget=budget or Budget(),
        replicates=replicates,
    )
    return found, world


def scanned(world):
    return [job for job in world.executor.jobs if job.trial.proposal.round is Round.SCAN]


def test_ranges_hold_the_recommended_value_and_leave_out_what_is_worse():
    found, _ = settle()

    rate, share = found.ranges["rate"], found.ranges["share"]
    assert 1e-4 < rate.plausible[0] <= 0.1 <= rate.plausible[1]
    assert 0.0 < share.plausible[0] <= 0.5 <= share.plausible[1] < 1.0
    assert rate.safe is None or rate.safe[0] <= 0.1 <= rate.safe[1]


def test_a_line_takes_seven_values_in_four_replicates():
    _, world = settle(moved=("rate",))

    assert len(scanned(world)) == 7 * 4
    assert {job.trial.proposal.config["share"] for job in scanned(world)} == {0.1}


def test_what_does_not_train_is_in_neither_range():
    def failing(job):
        return Failure(FailureKind.DIVERGED, "nan") if job.trial.proposal.config["rate"] > 0.1 else None

    found, _ = settle(replace(WORK, failing=failing), moved=("rate",))

    assert found.ranges["rate"].plausible[1] == 0.1


def test_production_too_slow_for_the_budget_is_said_and_not_scanned():
    found, world = settle(budget=Budget(time=timedelta(seconds=1), workers=1))

    assert list(found.ranges) == ["rate", "share"]
    found, world = settle(budget=Budget(time=timedelta(seconds=0.5), workers=1))
    assert list(found.ranges) == ["rate"]
    assert len({job.trial.proposal.config["share"] for job in scanned(world)}) == 1
    assert found.notes[0].startswith("the range around share was not scanned")


@pytest.mark.parametrize("moved", [("kind",), ()])
def test_a_setting_that_is_no_number_has_no_range(moved):
    found, world = settle(moved=moved)

    assert (dict(found.ranges), found.notes, scanned(world)) == ({}, (), [])
