"""The evidence for a gain at one look."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.core.boundaries import FARTHEST, as_deviate, normal_above
from auditor.core.comparison import PASSES, least_variance, look, plan_looks
from auditor.core.records import Estimate
from auditor.core.variance import Replicate
from tests.crossed import SEEDS, crossed

PLAN = plan_looks(0.95, finalists=2)


def test_identical_configurations_exclude_a_gain_and_never_yield_nan():
    same = [Replicate(np.arange(10), np.zeros(10))] * 4
    evidence = look(same, number=1, plan=PLAN, margin=0.01)
    assert (evidence.z_fresh, evidence.z_stale) == (FARTHEST, 0.0)
    assert evidence.gain == Estimate(0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    "losses", [[np.zeros(5)], [np.linspace(0.0, 1.0, 5)], [np.array([0.2]), np.array([0.2])]]
)
def test_fine_or_equal_losses_ask_for_no_least_variance(losses):
    assert least_variance(losses, margin=0.5, rows=10) == 0.0


def test_a_gain_without_any_spread_is_as_sure_as_can_be():
    evidence = look([Replicate(np.arange(8), np.full(8, 0.5))] * 4, number=1, plan=PLAN, margin=0.25)
    assert (evidence.z_stale, evidence.z_fresh) == (FARTHEST, -FARTHEST)


@given(seed=SEEDS, number=st.integers(1, 3), gain=st.floats(-3, 3))
def test_the_interval_excludes_0_exactly_when_the_evidence_reaches_the_boundary(seed, number, gain):
    evidence = look(crossed(seed, gain=gain), number=number, plan=PLAN, margin=1.0)
    assert (evidence.gain.low > 0.0) == (evidence.z_stale > evidence.boundary_stale)


@pytest.mark.parametrize("finalists", [1, 2])
def test_what_is_quoted_as_95_percent_counts_misses_on_both_sides(finalists):
    plan = plan_looks(0.95, finalists=finalists)
    evidence = look(crossed(3), number=3, plan=plan, margin=1.0)
    reach = as_deviate(
        (evidence.gain.high - evidence.gain.estimate) / evidence.standard_error,
        degrees_of_freedom=evidence.degrees_of_freedom,
    )
    assert 2.0 * normal_above(reach) <= 0.05


@pytest.mark.parametrize("margin", [0.0, -1.0, float("nan")])
def test_a_margin_that_is_not_above_0_is_refused(margin):
    with pytest.raises(ValueError, match="margin is above 0"):
        look(crossed(0), number=1, plan=PLAN, margin=margin)


def test_stale_shares_its_error_among_the_finalists_and_fresh_does_not():
    alone, three = plan_looks(0.95, finalists=1), plan_looks(0.95, finalists=3)
    assert alone.stale == plan_looks(0.95, finalists=2).stale
    assert alone.fresh == three.fresh
    assert all(many > one for many, one in zip(three.stale, alone.stale, strict=True))
    assert three.passes == PASSES
    with pytest.raises(ValueError, match="finalists >= 1"):
        plan_looks(0.95, finalists=0)
