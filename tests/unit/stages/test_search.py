"""A strategy is run to its end, and one that is resumed cannot tell."""

from dataclasses import dataclass

import pytest

from auditor.core.records import Failure, FailureKind, Fold, Part, Proposal, Round
from auditor.errors import TrainerError
from auditor.runner import Runner
from auditor.stages.search import search, searched
from tests.planted import Planted, a_runner, a_world, bowl

PRODUCTION = {"rate": 0.1, "share": 0.5}
FOLD = Fold(Part.SEARCH, 0)


@dataclass
class Draws:
    """A strategy: production, then batches of two random draws."""

    batches: int

    def next_batch(self, history, rng):
        if not history:
            return (Proposal(config=PRODUCTION, round=Round.PRODUCTION, fold=FOLD),)
        if len(history) > 2 * self.batches:
            return ()
        drawn = [{"rate": float(rng.uniform(0.01, 1.0)), "share": 0.5} for _ in range(2)]
        return tuple(Proposal(config=config, round=Round.COARSE, fold=FOLD) for config in drawn)

    def planned(self, history):
        return 1 + 2 * self.batches


@pytest.fixture
def world():
    return a_world(Planted(truth=bowl()), PRODUCTION)


def ran(history):
    return [(result.trial, result.loss) for result in history]


def broken(kind=FailureKind.ERROR):
    work = Planted(truth=bowl(), failing=lambda job: Failure(kind, "no such column"))
    return a_world(work, PRODUCTION)


def test_a_search_runs_until_its_strategy_proposes_nothing(world):
    history = search(Draws(3), runner=a_runner(world), seed=1)

    assert [len(lot) for lot in world.executor.lots] == [1, 2, 2, 2]
    assert [result.trial.id for result in history] == list(range(7))


def test_trials_of_a_batch_share_a_seed_and_batches_do_not(world):
    search(Draws(3), runner=a_runner(world), seed=1)

    seeds = [{job.trial.seed for job in lot} for lot in world.executor.lots]
    assert all(len(each) == 1 for each in seeds)
    assert len(set.union(*seeds)) == len(seeds)


def test_equal_seeds_give_equal_searches(world):
    one, same, other = (search(Draws(3), runner=a_runner(world), seed=seed) for seed in (1, 1, 2))

    assert ran(one) == ran(same)
    assert ran(one) != ran(other)


@pytest.mark.parametrize("batches", range(4))
def test_a_search_that_is_resumed_goes_on_as_if_it_had_never_stopped(world, batches):
    undisturbed = search(Draws(3), runner=a_runner(world), seed=1)
    stopped = a_runner(world)
    search(Draws(batches), runner=stopped, seed=1)

    resumed = Runner(audit_id=stopped.audit_id, plan=stopped.plan, layout=stopped.layout, tools=world.tools)
    history = search(Draws(3), runner=resumed, seed=1)

    assert ran(history) == ran(undisturbed)


def test_what_later_stages_ran_is_no_part_of_the_search(world):
    runner = a_runner(world)
    before = search(Draws(1), runner=runner, seed=1)
    later = Proposal(config=PRODUCTION, round=Round.CONFIRM, fold=Fold(Part.CONFIRM, 0))
    runner.run([later], seeds=[1], stage="confirm")

    assert ran(searched(runner.history)) == ran(before)
    assert ran(search(Draws(1), runner=runner, seed=1)) == ran(before)


@pytest.mark.parametrize(
    ("kind", "hint"),
    [
        (FailureKind.ERROR, ""),
        (FailureKind.TIMEOUT, "; raise budget.trial_timeout or give fewer rows"),
        (FailureKind.MEMORY, "; raise budget.trial_memory or give fewer rows"),
    ],
)
def test_production_that_does_not_train_ends_the_search_with_the_next_step(kind, hint):
    world = broken(kind)

    with pytest.raises(TrainerError) as caught:
        search(Draws(3), runner=a_runner(world), seed=1)

    assert str(caught.value) == f"production itself does not train ({kind}): no such column{hint}"
    assert len(world.executor.jobs) == 1


def test_a_search_that_stopped_right_after_production_failed_says_so_again():
    world = broken()
    runner = a_runner(world)
    with pytest.raises(TrainerError):
        search(Draws(0), runner=runner, seed=1)

    with pytest.raises(TrainerError, match="production itself does not train"):
        search(Draws(0), runner=runner, seed=1)


def test_progress_is_told_how_many_trainings_are_planned(world):
    search(Draws(2), runner=a_runner(world), seed=1)

    assert world.progress.steps[-1] == ("search", 5, 5)
