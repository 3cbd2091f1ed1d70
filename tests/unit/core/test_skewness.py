"""Lopsided luck: what it takes from the evidence, and what it leaves alone."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.core.comparison import look, plan_looks
from auditor.core.skewness import as_skewed, less_skewed, skewness_of_mean
from auditor.core.variance import Replicate, two_way
from tests.crossed import SEEDS

STATISTICS = st.floats(-50, 50)
SKEWNESSES = st.floats(-1, 1)
PLAN = plan_looks(0.95, finalists=1)


@given(statistic=STATISTICS, skewness=SKEWNESSES)
def test_skewness_never_adds_to_the_evidence(statistic, skewness):
    assert less_skewed(statistic, skewness=skewness) <= statistic


@given(statistic=STATISTICS, more=st.floats(0.01, 10), skewness=SKEWNESSES)
def test_more_is_never_less_evidence(statistic, more, skewness):
    before = less_skewed(statistic, skewness=skewness)
    assert less_skewed(statistic + more, skewness=skewness) >= before - 1e-9


@given(wanted=st.floats(0.1, 20), skewness=SKEWNESSES)
def test_what_is_asked_for_leaves_what_is_wanted(wanted, skewness):
    asked = as_skewed(wanted, skewness=skewness)
    assert asked >= wanted
    assert less_skewed(asked, skewness=skewness) == pytest.approx(wanted, rel=1e-6)


@pytest.mark.parametrize("statistic", [math.inf, -math.inf, 1e200, -1e200])
def test_certainty_stays_certain(statistic):
    assert less_skewed(statistic, skewness=-0.5) == statistic
    assert as_skewed(statistic, skewness=-0.5) == statistic


@pytest.mark.parametrize("errors", [[], [0.0], [-1.0, 1.0], [0.0, 0.0, 0.0]])
def test_too_little_to_tell_skewness_from_is_none(errors):
    assert skewness_of_mean(np.array(errors)) == 0.0


@given(seed=SEEDS)
def test_few_large_values_are_skewed_and_their_mirror_image_the_other_way(seed):
    values = np.random.default_rng(seed).lognormal(sigma=1.5, size=200)
    errors = (values - values.mean()) / values.size
    skewness = skewness_of_mean(errors)
    assert 0.05 < skewness < 1.0
    assert skewness_of_mean(-errors) == pytest.approx(-skewness)
    assert skewness_of_mean(7.0 * errors) == pytest.approx(skewness)


@pytest.mark.parametrize("size", [1e-150, 1e140])
def test_losses_of_any_size_have_the_same_skewness(size):
    errors = np.array([-1.0, -1.0, -1.0, -1.0, 4.0])
    assert skewness_of_mean(size * errors) == pytest.approx(skewness_of_mean(errors))


def test_luck_of_the_training_thins_the_skewness_of_the_rows():
    rng = np.random.default_rng(1)
    rows = rng.lognormal(sigma=1.5, size=200)
    same = two_way([Replicate(np.arange(200), rows)] * 6)
    moved = two_way([Replicate(np.arange(200), rows + rng.standard_normal()) for _ in range(6)])
    assert 0.0 < moved.skewness < same.skewness
    assert moved.skewness == pytest.approx(
        same.skewness * (same.standard_error / moved.standard_error) ** 3, rel=0.05
    )


def blocks_of(values, *, blocks=12):
    clusters = np.arange(values.size) * blocks // values.size
    return two_way([Replicate(clusters, values)] * 6)


def test_rows_tell_of_skewness_where_a_dozen_blocks_cannot():
    rng = np.random.default_rng(4)
    lopsided = [blocks_of(rng.lognormal(sigma=1.5, size=600)).skewness for _ in range(40)]
    even = [blocks_of(rng.standard_normal(600)).skewness for _ in range(40)]
    assert min(lopsided) > 0.1
    assert max(map(abs, even)) < 0.02


def test_rows_that_resemble_their_neighbours_are_worth_fewer():
    rng = np.random.default_rng(5)
    alone = [rng.exponential(size=200) for _ in range(40)]
    once = np.mean([blocks_of(values).skewness for values in alone])
    five_times = np.mean([blocks_of(np.repeat(values, 5)).skewness for values in alone])
    assert five_times == pytest.approx(once, rel=0.3)


@given(seed=SEEDS, mirrored=st.booleans())
def test_an_interval_reaches_farther_where_the_rare_rows_would_be(seed, mirrored):
    rows = np.random.default_rng(seed).lognormal(sigma=1.5, size=200) * (-1.0 if mirrored else 1.0)
    gain = look([Replicate(np.arange(200), rows)] * 6, number=1, plan=PLAN, margin=1.0).gain
    below, above = gain.estimate - gain.low, gain.high - gain.estimate
    assert below > above if mirrored else above > below


def wrong_calls(rows, *, mirrored, audits=400):
    """How often the last look excludes the true gain, or finds one where there is none."""
    rng = np.random.default_rng([rows, mirrored])
    sign = -1.0 if mirrored else 1.0
    truth = math.exp(1.5**2 / 2)
    wrong, plain = 0, 0
    for _ in range(audits):
        values = sign * rng.lognormal(sigma=1.5, size=rows) + (truth if mirrored else 0.0)
        seen = look([Replicate(np.arange(rows), values)] * 6, number=3, plan=PLAN, margin=truth)
        distance = seen.gain.estimate if mirrored else truth - seen.gain.estimate
        evidence, bound = (
            (seen.z_stale, seen.boundary_stale) if mirrored else (seen.z_fresh, seen.boundary_fresh)
        )
        wrong += evidence >= bound
        plain += distance / seen.standard_error >= bound
    return wrong / audits, plain / audits


@pytest.mark.parametrize(("mirrored", "promised"), [(False, 0.05), (True, 0.025)])
def test_few_rows_with_most_of_the_gain_do_not_make_wrong_calls_common(mirrored, promised):
    wrong, plain = wrong_calls(120, mirrored=mirrored)
    assert wrong <= promised + 3.0 * math.sqrt(promised * (1.0 - promised) / 400)
    assert plain > 2.0 * promised + 0.03  # which is what Student's t makes of it
