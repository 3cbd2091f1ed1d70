"""Paired replicates: the same rows and seed for every configuration."""

from dataclasses import replace

import numpy as np
import pytest

from auditor.core.records import (
    DataSpec,
    Failure,
    FailureKind,
    Fold,
    Margin,
    Part,
    Policy,
    Proposal,
    Round,
)
from auditor.replicates import HALVES, folds
from tests.fakes import ShuffledExecutor
from tests.planted import ROWS, Planted, a_plan, a_runner, a_world, bowl, the_replicates

A, B = {"rate": 0.1, "share": 0.5}, {"rate": 0.01, "share": 0.5}
WORK = Planted(truth=bowl())


def test_a_pass_has_two_folds_of_the_confirm_part():
    assert folds(range(1, 3)) == tuple(
        Fold(Part.CONFIRM, number, half) for number in (1, 2) for half in (0, 1)
    )


def test_configurations_share_the_seed_of_a_fold_and_no_two_folds_share_one():
    world = a_world(WORK, A)

    the_replicates(a_runner(world)).train([A, B], passes=range(6), purpose=Round.CONFIRM)

    seeds = {}
    for job in world.executor.jobs:
        seeds.setdefault(job.trial.proposal.fold, set()).add(job.trial.seed)
    assert all(len(each) == 1 for each in seeds.values())
    assert len(set.union(*seeds.values())) == len(seeds) == 6 * HALVES


def test_each_pass_is_a_lot_and_what_was_trained_is_not_trained_again():
    world = a_world(WORK, A)
    replicates = the_replicates(a_runner(world))

    replicates.train([A], passes=range(2), purpose=Round.CONFIRM)
    replicates.train([A, B], passes=range(3), purpose=Round.ATTRIBUTE)
    replicates.train([A, B], passes=range(3), purpose=Round.CONFIRM)

    assert [len(lot) for lot in world.executor.lots] == [2, 2, 2, 2, 4]
    rounds = [job.trial.proposal.round for job in world.executor.jobs]
    assert rounds == [Round.CONFIRM] * 4 + [Round.ATTRIBUTE] * 8


def test_losses_of_a_pair_are_on_the_same_rows_and_each_pass_scores_every_row_once():
    replicates = the_replicates(a_runner(a_world(WORK, A)))
    replicates.train([A, B], passes=range(2), purpose=Round.CONFIRM)

    ours, theirs = (replicates.losses(config, passes=range(2)) for config in (A, B))

    assert list(ours) == list(theirs) == list(folds(range(2)))
    for fold, replicate in ours.items():
        assert replicate.clusters.shape == replicate.values.shape
        np.testing.assert_array_equal(replicate.clusters, theirs[fold].clusters)
    for number in range(2):
        scored = np.concatenate([ours[fold].clusters for fold in folds(range(number, number + 1))])
        assert sorted(scored) == list(range(ROWS // 2))


def test_a_training_that_failed_has_no_losses():
    broken = Fold(Part.CONFIRM, 1, 0)
    work = Planted(
        truth=bowl(),
        failing=lambda job: Failure(FailureKind.CRASH, "gone") if job.trial.proposal.fold == broken else None,
    )
    replicates = the_replicates(a_runner(a_world(work, A)))

    replicates.train([A], passes=range(2), purpose=Round.CONFIRM)

    assert set(replicates.losses(A, passes=range(2))) == set(folds(range(2))) - {broken}
    assert replicates.losses(B, passes=range(2)) == {}


def test_a_metric_without_losses_of_rows_is_clustered_by_jackknife_units():
    plan = a_plan(policy=Policy(metric="neg_max_error", margin=Margin(0.01, relative=True)))
    replicates = the_replicates(a_runner(a_world(WORK, A), plan))

    clusters = replicates.clusters(Fold(Part.CONFIRM, 0, 0))

    assert 2 < clusters.size <= 50
    assert np.array_equal(clusters, np.unique(clusters))


def without_luck(job):
    """Work of a learner that does not look at its seed."""
    return replace(WORK(replace(job, trial=replace(job.trial, seed=0))), trial=job.trial)


@pytest.mark.parametrize(
    ("work", "time", "left_out"),
    [(without_luck, "day", 0.2), (without_luck, None, 0.0), (WORK, "day", 0.0)],
    ids=["in time order", "from everywhere", "with luck of its own"],
)
def test_what_trainings_leave_out_of_one_history_counts_where_it_is_all_they_differ_by(work, time, left_out):
    world = a_world(WORK, A, executor=ShuffledExecutor(work))
    days = np.datetime64("2025-01-01") + np.arange(ROWS)
    world.sources.columns = {**world.sources.columns, "day": days}
    plan = a_plan(data=DataSpec(source="memory", target="y", time=time))
    runner = a_runner(world, plan)
    searched = Proposal(config=A, round=Round.COARSE, fold=Fold(Part.SEARCH, 0))
    runner.run([searched], seeds=[1], stage="search", total=2)
    runner.run([searched], seeds=[2], stage="search", total=2)
    replicates = the_replicates(runner)

    replicates.train([A], passes=range(1), purpose=Round.CONFIRM)

    left = {each.left_out for each in replicates.losses(A, passes=range(1)).values()}
    assert list(left) == pytest.approx([left_out] * len(left), abs=0.01)
