"""What luck does to a mean difference, told from the differences themselves."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.core.variance import Replicate, can_be_told, contrast, decorrelation_time, difference, two_way
from tests.crossed import SEEDS, crossed


def test_a_difference_is_taken_row_by_row():
    rows = np.array([0, 1])
    gain = difference(Replicate(rows, np.array([3.0, 5.0])), Replicate(rows, np.array([1.0, 6.0])))
    assert gain.values.tolist() == [2.0, -1.0]
    assert gain.clusters is rows


def test_a_difference_of_other_rows_is_refused():
    with pytest.raises(ValueError, match="same rows"):
        difference(Replicate(np.array([0, 1]), np.zeros(2)), Replicate(np.array([0, 2]), np.zeros(2)))
    with pytest.raises(ValueError, match="at least one"):
        contrast([])


def test_the_variance_is_that_of_the_formula_summed_cell_by_cell():
    rng = np.random.default_rng(3)
    clusters = [rng.integers(0, 5, 12) for _ in range(3)]
    replicates = [Replicate(codes, rng.standard_normal(12)) for codes in clusters]
    every = np.concatenate([replicate.values for replicate in replicates])
    mean, count = every.mean(), len(every)
    cell = {
        (r, i): (replicate.values - mean)[replicate.clusters == i].sum()
        for r, replicate in enumerate(replicates)
        for i in range(5)
    }
    v_ex = 5 / 4 * sum(sum(cell[r, i] for r in range(3)) ** 2 for i in range(5)) / count**2
    v_rep = 3 / 2 * sum(sum(cell[r, i] for i in range(5)) ** 2 for r in range(3)) / count**2
    v_cell = sum(value**2 for value in cell.values()) / count**2
    variance = v_ex + max(0.0, v_rep - v_cell)
    summary = two_way(replicates)
    assert summary.estimate == pytest.approx(mean)
    assert summary.standard_error**2 == pytest.approx(variance)
    assert summary.degrees_of_freedom == pytest.approx(variance**2 / (v_ex**2 / 4 + v_rep**2 / 2))
    assert summary.example_variance + summary.replicate_variance == pytest.approx(variance)


def test_luck_of_the_rows_is_told_from_luck_of_the_training():
    luck_of_rows = two_way(crossed(1, replicates=12, rows=2000, training=0.0, row=1.0, rest=0.1))
    assert luck_of_rows.example_variance == pytest.approx(1 / 2000, rel=0.1)
    assert luck_of_rows.replicate_variance < 0.1 * luck_of_rows.example_variance
    luck_of_training = two_way(crossed(1, replicates=12, rows=2000, training=1.0, row=0.0))
    assert luck_of_training.example_variance < 0.02 * luck_of_training.replicate_variance
    assert luck_of_training.degrees_of_freedom == pytest.approx(11, abs=0.5)


def test_rows_that_were_scored_once_leave_their_luck_with_the_rows():
    halves = [Replicate(np.arange(5), np.arange(5.0)), Replicate(np.arange(5, 10), np.arange(5.0))]
    summary = two_way(halves)
    assert summary.example_variance == pytest.approx(summary.standard_error**2)


def test_a_cluster_to_every_replicate_is_a_plain_t_test():
    values = np.array([0.3, -0.2, 0.5, 0.1])

    summary = two_way([Replicate(np.array([unit]), np.array([value])) for unit, value in enumerate(values)])

    assert summary.estimate == pytest.approx(values.mean())
    assert summary.standard_error == pytest.approx(values.std(ddof=1) / 2.0)
    assert summary.degrees_of_freedom == 3.0


@given(seed=SEEDS, constant=st.floats(-100, 100))
def test_adding_a_constant_to_both_configurations_changes_nothing(seed, constant):
    losses, others = crossed(seed), crossed(seed + 1)

    def gain(shift):
        moved = [
            [Replicate(each.clusters, each.values + shift) for each in side] for side in (losses, others)
        ]
        return two_way([difference(a, b) for a, b in zip(*moved, strict=True)])

    assert gain(constant).estimate == pytest.approx(gain(0.0).estimate, abs=1e-9)
    assert gain(constant).standard_error == pytest.approx(gain(0.0).standard_error, rel=1e-6)


@given(seed=SEEDS)
def test_swapping_the_configurations_negates_the_estimate_and_keeps_its_error(seed):
    losses, others = crossed(seed), crossed(seed + 1)
    there = two_way([difference(a, b) for a, b in zip(losses, others, strict=True)])
    back = two_way([difference(b, a) for a, b in zip(losses, others, strict=True)])
    assert back.estimate == pytest.approx(-there.estimate)
    assert back.standard_error == pytest.approx(there.standard_error)


@given(seed=SEEDS, order=st.permutations(range(4)))
def test_the_order_of_replicates_changes_nothing(seed, order):
    replicates = crossed(seed)
    shuffled = two_way([replicates[place] for place in order])
    assert dataclasses.astuple(shuffled) == pytest.approx(dataclasses.astuple(two_way(replicates)))


def test_one_replicate_or_one_cluster_has_no_spread():
    with pytest.raises(ValueError, match="two replicates and two clusters, got 1 and 30"):
        two_way(crossed(0, replicates=1))
    with pytest.raises(ValueError, match="got 2 and 1"):
        two_way([Replicate(np.zeros(3, dtype=int), np.arange(3.0))] * 2)
    with pytest.raises(ValueError, match="got 0 and 0"):
        two_way([])


@pytest.mark.parametrize(("phi", "rows"), [(0.0, 20_000), (0.5, 20_000), (0.9, 40_000)])
def test_the_decorrelation_time_of_an_autoregression_is_found(phi, rows):
    noise = np.random.default_rng(8).standard_normal(rows)
    series = np.empty(rows)
    last = 0.0
    for place, shock in enumerate(noise):
        series[place] = last = phi * last + shock
    assert decorrelation_time(series) == pytest.approx((1 + phi) / (1 - phi), rel=0.25)


@pytest.mark.parametrize("series", [[], [1.0], [1.0, 2.0, 3.0], [0.1] * 50, [1.0, -1.0] * 20])
def test_a_decorrelation_time_is_never_below_one_row(series):
    assert decorrelation_time(np.array(series, dtype=float)) == 1.0


@pytest.mark.parametrize(
    ("clusters", "told"),
    [([[0, 1], [0, 1]], True), ([[3, 3], [3, 3]], False), ([[0, 1]], False), ([], False)],
)
def test_a_spread_takes_two_replicates_and_two_clusters(clusters, told):
    replicates = [Replicate(clusters=np.array(each), values=np.array([0.1, 0.2])) for each in clusters]

    assert can_be_told(replicates) is told
    if not told:
        with pytest.raises(ValueError, match="two replicates and two clusters"):
            two_way(replicates)
