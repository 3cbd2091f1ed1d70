"""Alpha spending: the boundaries of the design, and the error they really spend."""

import math

import numpy as np
import pytest

from auditor.core.boundaries import (
    FARTHEST,
    as_deviate,
    as_statistic,
    deviate_of,
    normal_above,
    smallest_level,
    spending_boundaries,
)

FRACTIONS = (2 / 6, 3 / 6, 4 / 6, 1.0)


@pytest.mark.parametrize(
    ("level", "bounds"),
    [
        (0.05, [3.200, 2.560, 2.186, 1.705]),
        (0.025, [3.710, 2.977, 2.547, 2.000]),
        (0.05 / 3, [3.985, 3.203, 2.737, 2.160]),
    ],
)
def test_boundaries_are_those_of_the_design(level, bounds):
    assert spending_boundaries(level, FRACTIONS) == pytest.approx(bounds, abs=0.01)


def test_boundaries_are_those_of_the_textbook():
    quarters = spending_boundaries(0.025, (0.25, 0.5, 0.75, 1.0))
    assert quarters == pytest.approx([4.333, 2.963, 2.359, 2.014], abs=0.001)


def test_a_single_look_needs_what_a_plain_test_needs():
    assert spending_boundaries(0.05, (1.0,)) == pytest.approx([1.6449], abs=1e-4)


def test_a_random_path_crosses_as_often_as_promised():
    rng = np.random.default_rng(11)
    steps = rng.standard_normal((200_000, 4)) * np.sqrt(np.diff((0.0, *FRACTIONS)))
    deviates = np.cumsum(steps, axis=1) / np.sqrt(FRACTIONS)
    crossed = (deviates >= spending_boundaries(0.05, FRACTIONS)).any(axis=1)
    assert crossed.mean() == pytest.approx(0.05, abs=0.002)  # four Monte-Carlo standard errors


def test_less_error_to_spend_asks_for_more_evidence_at_every_look():
    strict, lax = spending_boundaries(0.001, FRACTIONS), spending_boundaries(0.1, FRACTIONS)
    assert all(high > low for high, low in zip(strict, lax, strict=True))


@pytest.mark.parametrize("level", [0.0, 1.0, -1.0, math.nan])
def test_a_level_outside_0_and_1_is_refused(level):
    with pytest.raises(ValueError, match="error level"):
        spending_boundaries(level, FRACTIONS)


@pytest.mark.parametrize("fractions", [(), (0.5,), (0.5, 0.5, 1.0), (0.0, 1.0), (0.5, 1.0, 1.5)])
def test_fractions_that_do_not_ascend_to_1_are_refused(fractions):
    with pytest.raises(ValueError, match="information fractions"):
        spending_boundaries(0.05, fractions)


@pytest.mark.parametrize("level", [0.2, 0.05, 0.001])
def test_the_smallest_level_finds_the_level_back_rounded_up(level):
    bounds = spending_boundaries(level, FRACTIONS)
    for seen in range(1, 5):
        deviates = (*([0.0] * (seen - 1)), bounds[seen - 1] + 1e-9)
        assert level * 0.999 <= smallest_level(deviates, FRACTIONS) <= level * 1.17


def test_no_evidence_reaches_no_level_and_the_most_reaches_the_least():
    assert smallest_level((-1.0, 0.0), FRACTIONS) == 1.0
    assert smallest_level((FARTHEST,), FRACTIONS) == pytest.approx(1e-9)


@pytest.mark.parametrize("degrees", [1.0, 2.7, 11.0, 1e6])
@pytest.mark.parametrize("statistic", [-1e9, -6.0, 0.0, 0.3, 8.0, 1e9, math.inf, -math.inf])
def test_deviates_are_finite_and_mirror_themselves(statistic, degrees):
    deviate = as_deviate(statistic, degrees_of_freedom=degrees)
    assert abs(deviate) <= FARTHEST
    assert deviate == -as_deviate(-statistic, degrees_of_freedom=degrees)


@pytest.mark.parametrize("degrees", [3.0, 11.4, 1000.0])
@pytest.mark.parametrize("deviate", [-3.9, -1.0, 0.0, 2.0, 4.0])
def test_a_deviate_survives_the_round_trip_through_t(deviate, degrees):
    statistic = as_statistic(deviate, degrees_of_freedom=degrees)
    assert as_deviate(statistic, degrees_of_freedom=degrees) == pytest.approx(deviate, abs=1e-8)
    assert abs(statistic) >= abs(deviate) - 1e-9


def test_the_deviate_of_a_tail_is_exceeded_that_often():
    assert deviate_of(0.025) == pytest.approx(1.95996, abs=1e-5)
    assert normal_above(deviate_of(0.2)) == pytest.approx(0.2)
