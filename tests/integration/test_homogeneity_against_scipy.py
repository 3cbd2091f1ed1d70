"""Tests of homogeneity against scipy's own: same numbers. (`scipy.stats` takes a second to import.)"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from auditor.core.homogeneity import adjusted, difference

P_VALUES = st.lists(st.floats(0.0, 1.0), min_size=1, max_size=30)


def one_block(*counts):
    return np.array([counts])


def test_a_single_block_is_pearson_s_test():
    then, now = [30, 50, 20, 40], [45, 35, 30, 30]

    expected = stats.chi2_contingency([then, now], correction=False).pvalue

    assert difference(one_block(*then), one_block(*now)).p_value == pytest.approx(expected)


def test_sparse_bins_are_joined_before_they_are_tested():
    then, now = one_block(100, 100, 2, 1, 1), one_block(100, 100, 0, 1, 3)

    expected = stats.chi2_contingency([[100, 100, 4], [100, 100, 4]], correction=False).pvalue

    assert difference(then, now).p_value == pytest.approx(expected)


@given(P_VALUES)
def test_corrected_p_values_are_benjamini_and_hochberg_s(p_values):
    assert adjusted(p_values) == pytest.approx(stats.false_discovery_control(p_values))
