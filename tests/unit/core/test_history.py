"""Rows in time order are one stretch of history, and trainings on parts of it differ too little."""

import itertools

import numpy as np
import pytest

from auditor.core.history import hidden_variance, trains_alike
from auditor.core.records import Failure, FailureKind, Fold, Part, Proposal, Result, Round, Trial
from auditor.core.variance import Replicate, difference, two_way

BLOCKS, LEFT_OUT, REPLICATES = 10, 2, 12


def audits(luck_of_history, *, count=400, rows=0.2, left_out=LEFT_OUT / BLOCKS):
    """Means of replicates, each fitted on eight of ten blocks of one history, and how far off they may be."""
    rng = np.random.default_rng(5)
    choices = list(itertools.combinations(range(BLOCKS), LEFT_OUT))
    found = []
    for _ in range(count):
        influence = luck_of_history * rng.standard_normal(BLOCKS)
        lasting = rows * rng.standard_normal(12)
        order = rng.permutation(len(choices))[:REPLICATES]
        found.append(
            two_way(
                [
                    Replicate(
                        np.arange(12),
                        np.delete(influence, choices[place]).mean() + lasting,
                        left_out=left_out,
                    )
                    for place in order
                ]
            )
        )
    return found


def held(found):
    return np.mean([abs(each.estimate) <= 2.2 * each.standard_error for each in found])


def test_an_interval_allows_for_the_history_that_all_trainings_shared():
    assert held(audits(1.0)) >= 0.93
    assert held(audits(1.0, left_out=0.0)) < 0.6


def test_the_variance_of_the_history_is_about_right():
    found = audits(1.0, rows=0.0, count=800)

    assert np.mean([each.standard_error**2 for each in found]) == pytest.approx(
        np.var([each.estimate for each in found]), rel=0.15
    )


def test_a_history_without_influence_adds_next_to_nothing():
    plain, allowed = audits(0.0, left_out=0.0, count=50), audits(0.0, count=50)

    assert [each.standard_error for each in allowed] == pytest.approx([each.standard_error for each in plain])


def test_more_replicates_on_the_same_history_do_not_help():
    one = audits(1.0, count=1)[0]

    assert one.example_variance > 0.9 * one.standard_error**2


def test_replicates_fitted_on_rows_from_everywhere_have_no_such_history():
    errors = np.random.default_rng(0).standard_normal((6, 12))

    assert hidden_variance(errors, left_out=0.0) == 0.0


def test_replicates_that_did_not_score_the_same_rows_tell_nothing_of_it():
    def apart(left_out):
        return two_way(
            [Replicate(np.array([number]), np.array([1.0 * number]), left_out) for number in range(6)]
        )

    assert apart(0.2) == apart(0.0)


def test_a_difference_keeps_what_was_left_out():
    one = Replicate(np.arange(3), np.arange(3.0), left_out=0.2)

    assert difference(one, one).left_out == 0.2


def result(number, seed, losses, *, index=0):
    proposal = Proposal(config={"alpha": 1.0}, round=Round.COARSE, fold=Fold(Part.SEARCH, index))
    trial = Trial(id=number, proposal=proposal, seed=seed)
    if losses is None:
        return Result(trial=trial, failure=Failure(FailureKind.DIVERGED, "nan"), seconds=0.1)
    return Result(trial=trial, loss=float(np.mean(losses)), losses=np.array(losses), seconds=0.1)


@pytest.mark.parametrize(
    ("results", "alike"),
    [
        ([], False),
        ([result(0, 1, [1.0, 2.0])], False),
        ([result(0, 1, [1.0, 2.0]), result(1, 2, [1.0, 2.0])], True),
        ([result(0, 1, [1.0, 2.0]), result(1, 2, [1.0, 2.5])], False),
        ([result(0, 1, [1.0, 2.0]), result(1, 1, [1.0, 2.0])], False),
        ([result(0, 1, [1.0, 2.0]), result(1, 2, [1.0, 2.0], index=1)], False),
        ([result(0, 1, None), result(1, 2, [1.0, 2.0])], False),
    ],
    ids=["none", "one", "same", "other", "same seed", "other rows", "failed"],
)
def test_a_learner_without_luck_trains_alike_whatever_the_seed(results, alike):
    assert trains_alike(results) is alike
