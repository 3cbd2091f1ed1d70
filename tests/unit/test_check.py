"""Everything an audit needs, tried once; nothing recorded."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from auditor.check import CONFIRMING, RESPLITS, TWINS, check
from auditor.core.records import Budget, Failure, FailureKind, NextAudit, Round, When
from auditor.errors import DataError, DeclarationError, TrainerError
from tests.carried import DAY_ROWS, Babysat, babysat, panda_plan, rows_until
from tests.examples import a_capture, a_snapshot, an_audit
from tests.planted import ROWS, Planted, a_plan, a_world, bowl

WORK = Planted(truth=bowl(rate=0.1))
PRODUCTION = {"rate": 0.1, "share": 0.5}


def test_a_check_says_what_was_found_and_what_an_audit_would_cost():
    world = a_world(WORK, PRODUCTION)

    found = check(a_plan(budget=Budget(trials=30, workers=2)), world.tools)

    assert (found.name, found.production) == ("churn", PRODUCTION)
    assert (found.rows, found.columns) == (ROWS, 1)
    assert found.loss == pytest.approx(1.0, abs=0.3)
    assert found.seconds == 0.01
    assert found.trainings == 1 + 30 + RESPLITS + CONFIRMING
    assert found.cost_seconds == pytest.approx(found.trainings * 0.01 / 2)
    assert isinstance(found.due, NextAudit)


def test_a_check_says_the_date_that_the_daemon_keeps():
    world, plan = a_world(WORK, PRODUCTION), a_plan(when=When(every=timedelta(days=90)))
    now = world.tools.clock.now()
    never = check(plan, world.tools).due
    begun = world.ledger.begin(
        model="churn",
        plan_digest="p",
        capture=world.ledger.add_capture(a_capture("churn")),
        snapshot=a_snapshot(),
        seed=1,
        now=now - timedelta(days=30),
    )
    ended = now - timedelta(days=30)
    world.ledger.finish(replace(an_audit(begun.id, model="churn"), started_at=ended, finished_at=ended))
    later = check(plan, world.tools).due

    assert (never.due, later.due) == (now, now + timedelta(days=60))
    assert never.reason == (
        "it was never audited, so a daemon begins at once; from then on: the schedule says every 90 days"
    )
    assert later.reason == "the schedule says every 90 days"


def test_a_check_trains_production_once_and_records_nothing():
    world = a_world(WORK, PRODUCTION)

    check(a_plan(), world.tools)

    (job,) = world.executor.jobs
    assert job.trial.proposal.config == PRODUCTION
    assert world.ledger.captures("churn") == ()
    assert world.ledger.summaries() == ()
    assert world.publisher.pages == []


def test_production_that_does_not_train_is_told_in_its_own_words():
    work = Planted(truth=bowl(), failing=lambda job: Failure(FailureKind.ERROR, "no such column"))

    with pytest.raises(TrainerError, match=r"production itself does not train.*: no such column"):
        check(a_plan(), a_world(work, PRODUCTION).tools)


def test_too_few_rows_are_told():
    world = a_world(WORK, PRODUCTION)
    world.sources.columns = {"y": np.arange(30)}

    with pytest.raises(DataError, match="30 rows"):
        check(a_plan(), world.tools)


def test_a_space_that_does_not_hold_production_is_told_with_the_schedule():
    with pytest.raises(DeclarationError, match=r"^schedules/churn\.toml: 1 problem"):
        check(a_plan(), a_world(WORK, {**PRODUCTION, "rate": 9.0}).tools)


def test_a_check_of_a_panda_takes_a_turn_and_says_what_a_day_costs():
    world = babysat(Babysat(bowl(rate=0.1, share=0.5), seconds=2.0), PRODUCTION, days=8)

    found = check(panda_plan(when=When(every=timedelta(days=1))), world.tools)

    first, second = world.executor.jobs
    assert (first.trial.proposal.round, second.trial.proposal.round) == (Round.START, Round.TURN)
    assert second.trial.proposal.resume_from is not None
    assert (found.strategy, found.reason, found.trainings) == ("panda", "", 1 + TWINS)
    assert found.turn.rows == pytest.approx(DAY_ROWS, rel=0.03)
    assert found.turn.rows_a_day == pytest.approx(DAY_ROWS, rel=0.01)
    assert found.turn.day_seconds == pytest.approx(TWINS * 2.0, rel=0.05)
    assert found.cost_seconds == 2.0 + TWINS * 2.0 / 2
    assert world.ledger.summaries() == ()


def test_a_check_says_what_auto_comes_to_and_why():
    dear = babysat(Babysat(bowl(), seconds=300.0), PRODUCTION)
    cheap = babysat(Babysat(bowl(), seconds=1.0), PRODUCTION)
    plan = panda_plan(budget=Budget(strategy="auto"))

    assert check(plan, dear.tools).strategy == "panda"
    assert "so 8 fit the budget of 20 min on 2 workers" in check(plan, dear.tools).reason
    assert check(plan, dear.tools).turn is not None
    assert (check(plan, cheap.tools).strategy, check(plan, cheap.tools).turn) == ("caviar", None)


def test_times_that_are_no_dates_are_told_where_a_panda_is_asked_for():
    world = babysat(Babysat(bowl()), PRODUCTION)
    world.sources.columns = {name: column.astype(float) for name, column in rows_until(4).items()}

    with pytest.raises(DeclarationError, match=r"column 'at' \(data.time\) holds numbers"):
        check(panda_plan(), world.tools)
