"""Who goes on from a rung: the best, and whatever cannot be told from them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.core.records import Failure, FailureKind, Fold, Part, Proposal, Result, Round, Trial
from auditor.core.strategies.halving import (
    Ladder,
    loss_of,
    next_rung,
    paired_error,
    standing,
    survivors,
    within_noise,
)


def result(
    number: int, losses: np.ndarray | float | None, failure: FailureKind = FailureKind.DIVERGED
) -> Result:
    proposal = Proposal(config={"x": number}, round=Round.COARSE, fold=Fold(Part.SEARCH, 0), fidelity=1 / 9)
    trial = Trial(id=number, proposal=proposal, seed=1)
    if losses is None:
        return Result(trial=trial, failure=Failure(failure, "nan"))
    rows = None if isinstance(losses, float) else losses
    return Result(trial=trial, loss=float(np.mean(losses)), losses=rows)


def rung(*losses: np.ndarray | float | None) -> list[Result]:
    return [result(number, given) for number, given in enumerate(losses)]


def numbers(results: tuple[Result, ...]) -> list[int]:
    return [found.trial.id for found in results]


def test_one_in_three_goes_on_when_differences_are_plain():
    rows = np.random.default_rng(0).normal(size=500)

    kept = survivors(rung(*(rows + step for step in (5.0, 3.0, 1.0, 4.0, 2.0, 6.0))))

    assert numbers(kept) == [2, 4]


def test_what_is_within_noise_of_the_cut_goes_on_too():
    rng = np.random.default_rng(0)
    rows = [rng.normal(mean, 1.0, 100) for mean in (0.0, 0.05, 0.1, 5.0, 5.0, 5.0)]

    assert set(numbers(survivors(rung(*rows)))) == {0, 1, 2}


def test_rows_that_are_hard_for_all_do_not_make_noise():
    hard = np.random.default_rng(0).normal(0.0, 100.0, 400)

    assert numbers(survivors(rung(hard, hard + 0.5, hard + 1.0))) == [0]


def test_without_rows_only_the_order_counts():
    assert numbers(survivors(rung(0.3, 0.2, 0.1, 0.4))) == [2, 1]


def test_at_least_so_many_go_on():
    assert numbers(survivors(rung(0.3, 0.2, 0.1, 0.4), at_least=3)) == [2, 1, 0]


def test_failed_and_diverged_runs_drop_out():
    assert numbers(survivors(rung(None, 0.2, None, float("nan"), 0.1), at_least=5)) == [4, 1]
    assert survivors(rung(None, None)) == ()
    assert survivors([]) == ()


def test_rows_that_do_not_match_are_not_compared():
    one, other = rung(np.zeros(5), np.zeros(6))

    assert paired_error(one, other) == 0.0
    assert within_noise(one, other)


def test_a_failed_run_has_no_loss():
    with pytest.raises(ValueError, match="trial 0 has no loss"):
        loss_of(result(0, None))


@given(st.lists(st.one_of(st.none(), st.floats(0.0, 1.0)), max_size=30), st.integers(1, 6))
def test_survivors_are_the_best_of_those_that_were_scored(losses, at_least):
    every = rung(*losses)

    kept = survivors(every, at_least=at_least)

    assert kept == standing(every)[: len(kept)]
    assert len(kept) >= min(at_least, len(standing(every)))


def test_what_goes_on_goes_to_the_next_rung():
    rows = np.random.default_rng(0).normal(size=500)

    kept, fidelity = next_rung(rung(*(rows + step for step in range(9))), Ladder((1 / 9, 1 / 3, 1.0)))

    assert numbers(kept) == [0, 1, 2]
    assert fidelity == pytest.approx(1 / 3)


def test_what_an_earlier_version_left_on_another_rung_goes_to_the_next_one_above():
    rows = np.random.default_rng(0).normal(size=500)
    begun = rung(*(rows + step for step in range(9)))

    _, fidelity = next_rung(begun, Ladder((1 / 3, 1.0)))

    assert begun[0].trial.proposal.fidelity < 1 / 3
    assert fidelity == pytest.approx(1 / 3)


def test_where_most_go_on_they_are_trained_in_full_at_once():
    rng = np.random.default_rng(0)

    kept, fidelity = next_rung(rung(*(rng.normal(size=100) for _ in range(9))), Ladder((1 / 9, 1 / 3, 1.0)))

    assert len(kept) > 6
    assert fidelity == 1.0


def test_where_only_the_close_go_on_what_is_within_noise_of_the_cut_alone_does_not():
    rng = np.random.default_rng(1)
    rows = rng.normal(size=400)
    # The third is two of six. The third best is within noise of the second, and beyond noise of the best.
    steps = (0.0, 0.25, 0.3, 5.0, 5.0, 5.0)
    every = rung(*(rows + step + rng.normal(0.0, 1.0, 400) for step in steps))

    assert not within_noise(every[2], every[0])
    assert numbers(survivors(every)) == [0, 1, 2]
    assert numbers(survivors(every, close=True)) == [0, 1]
    assert numbers(next_rung(every, Ladder((1 / 9, 1 / 3, 1.0)))[0]) == [0, 1, 2]
    assert numbers(next_rung(every, Ladder((1 / 9, 1.0), close=True))[0]) == [0, 1]


def test_what_cannot_be_told_from_the_best_goes_on_however_many_they_are():
    rng = np.random.default_rng(0)

    kept, _ = next_rung(rung(*(rng.normal(size=50) for _ in range(9))), Ladder((1 / 9, 1.0), close=True))

    assert len(kept) > 6


@pytest.mark.parametrize(
    ("kind", "goes_on"),
    [
        (FailureKind.REJECTED, True),
        (FailureKind.ERROR, True),
        (FailureKind.DIVERGED, False),
        (FailureKind.TIMEOUT, False),
        (FailureKind.MEMORY, False),
        (FailureKind.CRASH, False),
    ],
)
def test_what_fewer_rows_refuse_goes_on_to_all_of_them(kind, goes_on):
    rows = np.random.default_rng(0).normal(size=500)
    every = [*rung(*(rows + step for step in range(5))), result(5, None, kind)]

    thin, _ = next_rung(every, Ladder((1 / 9, 1.0), thinned=True))
    short, _ = next_rung(every, Ladder((1 / 9, 1.0)))

    assert numbers(thin) == ([0, 1, 5] if goes_on else [0, 1])
    assert numbers(short) == [0, 1]


def test_what_is_just_like_the_last_that_goes_on_goes_on_too():
    best = np.random.default_rng(0).normal(-1.0, 0.1, 100)
    blind = np.repeat([0.0, 1.0], 50)
    other = np.repeat([1.0, 0.0], 50)  # as many errors, on other rows

    kept = survivors(rung(best, blind, blind, other, blind, blind + 1.0), close=True)

    assert numbers(kept) == [0, 1, 2, 4]
