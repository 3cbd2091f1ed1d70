"""Trials are numbered, run once, and recorded whole."""

from dataclasses import replace
from datetime import timedelta

import pytest

from auditor.core.records import Budget, Fold, Part, Proposal, Round
from auditor.errors import StorageError
from auditor.runner import Ground, Runner, key_of
from tests.fakes import MemoryLedger, ShuffledExecutor
from tests.planted import Planted, a_plan, a_runner, a_world, bowl

WORK = Planted(truth=bowl())
FOLD = Fold(Part.SEARCH, 0)


def proposals(*rates, fold=FOLD, fidelity=1.0):
    return [
        Proposal(config={"rate": rate}, round=Round.COARSE, fold=fold, fidelity=fidelity) for rate in rates
    ]


@pytest.fixture
def world():
    return a_world(WORK, {"rate": 0.1, "share": 0.5})


def test_trials_are_numbered_on_and_take_the_seeds_they_are_given(world):
    runner = a_runner(world)

    runner.run(proposals(0.1, 0.2), seeds=[7, 8], stage="search")
    runner.run(proposals(0.3), seeds=[9], stage="search")

    trials = [result.trial for result in runner.history]
    assert [(trial.id, trial.proposal.config["rate"], trial.seed) for trial in trials] == [
        (0, 0.1, 7),
        (1, 0.2, 8),
        (2, 0.3, 9),
    ]


def test_a_job_carries_names_and_the_limits_of_the_plan(world):
    budget = Budget(trial_timeout=timedelta(seconds=90), trial_memory=2**30)
    runner = a_runner(world, a_plan(budget=budget))

    runner.run(proposals(0.1), seeds=[7], stage="search")

    (job,) = world.executor.jobs
    assert (job.timeout_seconds, job.memory_bytes) == (90.0, 2**30)
    assert (job.vault, job.layout, job.metric) == ("memory", runner.layout, "squared_error")
    assert job.layout.digest in world.vault.digests


@pytest.mark.parametrize("order", range(5))
def test_results_are_kept_in_trial_order_whatever_order_they_finish_in(order):
    world = a_world(WORK, {"rate": 0.1, "share": 0.5}, executor=ShuffledExecutor(WORK, order))
    runner = a_runner(world)

    runner.run(proposals(*range(1, 9)), seeds=[7] * 8, stage="search")

    assert [result.trial.id for result in runner.history] == list(range(8))
    assert [result.trial.id for result in world.ledger.history(runner.audit_id)] == list(range(8))


def test_a_lot_that_cannot_be_recorded_has_not_happened():
    class Full(MemoryLedger):
        def append(self, audit_id, results):
            raise StorageError("the disk is full")

    runner = a_runner(a_world(WORK, {"rate": 0.1, "share": 0.5}, ledger=Full()))

    with pytest.raises(StorageError):
        runner.run(proposals(0.1), seeds=[7], stage="search")

    assert runner.history == []


def test_another_runner_of_the_same_audit_finds_what_was_done(world):
    first = a_runner(world)
    first.run(proposals(0.1, 0.2), seeds=[7, 7], stage="search")

    second = Runner(audit_id=first.audit_id, plan=first.plan, layout=first.layout, tools=world.tools)

    assert [result.trial for result in second.history] == [result.trial for result in first.history]
    assert second.done().keys() == first.done().keys()
    assert second.horizon == first.horizon == 100


def test_trials_after_the_first_know_how_long_production_trained(world):
    runner = a_runner(world)

    runner.run(proposals(0.1), seeds=[7], stage="search")
    runner.run(proposals(0.2), seeds=[7], stage="search")

    assert [job.trial.horizon for job in world.executor.jobs] == [None, 100]


def test_the_same_training_is_told_by_configuration_rows_and_fidelity(world):
    runner = a_runner(world)
    runner.run(proposals(0.1, fidelity=0.5), seeds=[7], stage="search")

    done = runner.done()

    assert key_of({"rate": 0.1}, FOLD, fidelity=0.5) in done
    assert key_of({"rate": 0.1}, FOLD) not in done
    assert key_of({"rate": 0.1}, replace(FOLD, index=1), fidelity=0.5) not in done
    assert key_of({"a": 1, "b": 2}, FOLD) == key_of({"b": 2, "a": 1}, FOLD)


def test_progress_counts_all_trainings_of_the_audit(world):
    runner = a_runner(world)

    runner.run(proposals(0.1), seeds=[7], stage="search", total=3)
    runner.run(proposals(0.2, 0.3), seeds=[7, 7], stage="confirm")

    assert world.progress.steps == [("search", 1, 3), ("confirm", 2, None), ("confirm", 3, None)]


def test_every_proposal_needs_a_seed(world):
    with pytest.raises(ValueError, match="zip"):
        a_runner(world).run(proposals(0.1, 0.2), seeds=[7], stage="search")


def test_a_part_with_rows_of_its_own_is_trained_on_them(world):
    runner = a_runner(world)
    elsewhere = replace(runner.layout, seed=99)
    runner.grounds[Part.THEN] = Ground(layout=elsewhere, fit_on=runner.layout, metric="absolute_error")

    runner.run([*proposals(0.1), *proposals(0.1, fold=Fold(Part.THEN, 0))], seeds=[1, 2], stage="explain")

    own, other = world.executor.jobs
    assert (own.layout, own.fit_on, own.metric) == (runner.layout, None, "squared_error")
    assert (other.layout, other.fit_on, other.metric) == (elsewhere, runner.layout, "absolute_error")
    assert own.trainer == other.trainer
