import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtr, ndtri

from auditor.core.homogeneity import (
    Difference,
    adjusted,
    difference,
    largest,
    novelty,
    novelty_in_blocks,
    stability_index,
)


def one_block(*counts):
    return np.array([counts])


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=1, max_size=12))
def test_the_index_is_never_negative_and_the_same_both_ways(pairs):
    then, now = np.array(pairs).T

    assert stability_index(then, now) == pytest.approx(stability_index(now, then))
    assert stability_index(then, now) >= 0.0
    assert stability_index(then, then) == 0.0


def test_the_index_of_two_normals_is_that_of_the_formula():
    # The symmetrised Kullback-Leibler divergence of two normals half a deviation apart is 0.25.
    edges = ndtri(np.linspace(0.0, 1.0, 11))
    shares = [np.diff(ndtr(edges - loc)) for loc in (0.0, 0.5)]

    found = stability_index(*[np.round(1e7 * share).astype(int) for share in shares])

    assert 0.22 < found < 0.25


@pytest.mark.parametrize("counts", [(7,), (0, 7, 0), (0, 0)])
def test_a_single_occupied_bin_cannot_differ(counts):
    assert difference(one_block(*counts), one_block(*counts)) == Difference(0.0, 0.0, 1.0)


def test_what_chance_makes_of_the_index_grows_with_bins_and_shrinks_with_rows():
    few, many = (difference(one_block(*[rows] * 10), one_block(*[rows] * 10)) for rows in (20, 200))

    assert few.chance == pytest.approx(9 * (2 / 200))
    assert many.chance == pytest.approx(few.chance / 10)


def test_blocks_that_differ_among_themselves_make_a_difference_less_sure():
    calm = np.array([[50, 50], [50, 50], [52, 48], [48, 52]] * 5)
    wild = np.array([[90, 10], [10, 90], [80, 20], [20, 80]] * 5)
    moved = calm + np.array([10, -10])

    sure, unsure = difference(calm, moved), difference(wild, moved)

    assert sure.p_value < 0.001 < 0.05 < unsure.p_value
    assert unsure.chance > 5 * sure.chance


def test_what_differs_between_neighbouring_blocks_alone_is_seen_in_longer_runs():
    runs = np.repeat([[90, 10], [10, 90]], 2, axis=0)
    slow = np.tile(runs, (5, 1))

    assert difference(slow, slow + np.array([8, -8])).p_value > 0.1


def test_ids_that_are_always_new_are_nothing_new():
    then, now = np.repeat([1, 0], 100), np.repeat([0, 1], 100)

    found = novelty(then, now)

    assert found.distance == pytest.approx(0.0)
    assert found.p_value == 1.0


def test_new_words_where_none_were_to_be_expected_are_news():
    then, now = np.array([50, 50, 0, 0]), np.array([30, 30, 20, 20])

    found = novelty(then, now)

    assert found.distance > 1.0
    assert found.p_value < 1e-6


def test_blocks_that_bring_what_blocks_always_brought_are_nothing_new():
    always = np.array([0.3, 0.1, 0.2, 0.4, 0.0])

    assert novelty_in_blocks(always, always[::-1]) == Difference(0.0, 0.0, 1.0)
    assert novelty_in_blocks(always, always + 0.02).p_value > 0.3


def test_blocks_that_bring_more_than_ever_are_news():
    always = np.array([0.02, 0.01, 0.03, 0.0, 0.01])

    found = novelty_in_blocks(always, always + 0.3)

    assert found.distance - found.chance > 0.5
    assert found.p_value < 1e-4
    assert novelty_in_blocks(np.zeros(5), np.ones(5)).p_value == 0.0


def test_words_of_which_one_side_has_none_cannot_be_compared():
    assert novelty(np.zeros(3, dtype=int), np.ones(3, dtype=int)) == Difference(0.0, 0.0, 1.0)


def test_the_largest_difference_pays_for_the_looks():
    parts = [Difference(0.5, 0.1, 0.02), Difference(0.2, 0.0, 0.5)]

    assert largest(parts) == Difference(0.5, 0.1, 0.04)


def test_no_p_values_are_no_corrected_ones():
    assert adjusted([]) == ()
