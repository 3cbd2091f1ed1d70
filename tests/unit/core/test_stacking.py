"""Which jobs are handed over together."""

from dataclasses import replace

import pytest

from auditor.core.records import Fold, Part
from auditor.core.stacking import MOST, lots_of
from tests.jobs_of_networks import job


def jobs(count, **changes):
    return [job({"learning_rate": 0.1 * number, "batch_size": 8 + 8 * (number % 2)}, number=number, **changes)
            for number in range(count)]  # fmt: skip


def sizes(lots):
    return [len(lot) for lot in lots]


@pytest.mark.parametrize(
    ("count", "workers", "expected"),
    [
        (1, 2, [1]),
        (3, 2, [3]),
        (9, 1, [9]),
        (9, 2, [5, 4]),
        (9, 8, [5, 4]),
        (70, 1, [24, 23, 23]),
        (32, 2, [16, 16]),
    ],
)
def test_lots_are_even_and_neither_too_large_nor_too_small(count, workers, expected):
    assert sizes(lots_of(jobs(count), workers=workers)) == expected
    assert max(expected) <= MOST


def test_no_job_is_lost_or_done_twice():
    given = [*jobs(9), *jobs(5, kind="sklearn"), *jobs(9, seed=8)]

    lots = lots_of(given, workers=2)

    assert sorted(map(id, [one for lot in lots for one in lot])) == sorted(map(id, given))


def test_those_of_one_batch_size_come_together():
    first, second = lots_of(jobs(10), workers=2)

    assert {one.trial.proposal.config["batch_size"] for one in first} == {8}
    assert {one.trial.proposal.config["batch_size"] for one in second} == {16}


@pytest.mark.parametrize(
    "changed",
    [
        job({}, number=1, seed=8),
        job({}, number=1, fold=Fold(Part.SEARCH, 1)),
        job({}, number=1, fidelity=0.5),
        job({}, number=1, metric="brier"),
        job({}, number=1, loss="mse"),
        replace(job({}, number=1), timeout_seconds=1.0),
    ],
)
def test_jobs_on_other_rows_or_with_other_limits_are_apart(changed):
    assert sizes(lots_of([job({}), changed], workers=1)) == [1, 1]


def test_kinds_that_train_one_by_one_are_not_put_together():
    assert sizes(lots_of(jobs(5, kind="sklearn"), workers=2)) == [1] * 5


def test_a_gpu_takes_them_all_at_once():
    assert sizes(lots_of(jobs(500, device="cuda"), workers=2)) == [500]
