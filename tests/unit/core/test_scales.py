"""Scales: equal steps matter equally, and nothing is lost on the way there and back."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from auditor.core.records import ScaleName
from auditor.core.scales import Linear, Log, OneMinusLog, scale_named
from auditor.errors import ScaleError

ON_LINE = st.floats(-1e12, 1e12)
ABOVE_ZERO = st.floats(1e-12, 1e12)
BELOW_ONE = st.floats(0.0, 1 - 1e-9)
SCALES = [(Linear(), ON_LINE), (Log(), ABOVE_ZERO), (OneMinusLog(), BELOW_ONE)]


@pytest.mark.parametrize(("scale", "values"), SCALES)
def test_a_value_survives_the_round_trip(scale, values):
    @given(values)
    def check(value):
        assert math.isclose(scale.decode(scale.encode(value)), value, rel_tol=1e-9, abs_tol=1e-15)

    check()


@pytest.mark.parametrize(("scale", "values"), SCALES)
def test_larger_values_lie_further_along(scale, values):
    @given(values, values)
    def check(one, other):
        assume(one < other)
        assume(not math.isclose(one, other, rel_tol=1e-9))
        assume(not math.isclose(1 - one, 1 - other, rel_tol=1e-9))

        assert scale.encode(one) < scale.encode(other)

    check()


@pytest.mark.parametrize(("scale", "values"), SCALES)
def test_a_tidy_value_is_near_and_stays_tidy(scale, values):
    @given(values)
    def check(value):
        tidy = scale.tidy(value)

        assert scale.tidy(tidy) == tidy
        assert abs(scale.encode(tidy) - scale.encode(value)) <= 0.006 * max(1, abs(scale.encode(value)))

    check()


@pytest.mark.parametrize(("scale", "values"), SCALES)
def test_tidying_keeps_the_order(scale, values):
    @given(values, values)
    def check(one, other):
        assert scale.tidy(min(one, other)) <= scale.tidy(max(one, other))

    check()


def test_doubling_the_window_is_the_same_step_everywhere():
    scale = OneMinusLog()
    short = scale.encode(0.95) - scale.encode(0.9)  # window 10 -> 20
    long = scale.encode(0.9995) - scale.encode(0.999)  # window 1,000 -> 2,000

    assert short == pytest.approx(long)


@given(st.floats(1.0, 1e7))
def test_doubling_any_window_is_one_step_of_ln_2(window):
    step = OneMinusLog().encode(1 - 1 / (2 * window)) - OneMinusLog().encode(1 - 1 / window)

    assert step == pytest.approx(math.log(2), rel=1e-6)


@pytest.mark.parametrize("typed", [0.0, 0.5, 0.9, 0.99, 0.995, 0.999, 0.9995, 0.99991, 0.999999])
def test_values_that_people_type_near_one_stay_as_they_are(typed):
    assert OneMinusLog().tidy(typed) == typed


@pytest.mark.parametrize("typed", [1e-4, 3e-4, 0.001, 0.05, 0.3, 1.0, 31.0, 255.0])
def test_values_that_people_type_stay_as_they_are(typed):
    assert Log().tidy(typed) == typed
    assert Linear().tidy(typed) == typed


@pytest.mark.parametrize(
    ("scale", "value", "allowed"),
    [
        (Log(), 0.0, "above 0, got 0.0"),
        (Log(), math.nan, "above 0, got nan"),
        (OneMinusLog(), 1.0, "in [0, 1), got 1.0"),
        (OneMinusLog(), -0.1, "in [0, 1), got -0.1"),
        (Linear(), math.inf, "finite values, got inf"),
    ],
)
def test_a_value_without_a_place_is_refused_with_what_is_allowed(scale, value, allowed):
    with pytest.raises(ScaleError) as refusal:
        scale.encode(value)

    assert allowed in str(refusal.value)


def test_scales_go_by_the_names_that_schedules_use():
    assert scale_named(ScaleName("one-minus-log")) == OneMinusLog()
    assert scale_named(ScaleName("log")) == Log()
    assert scale_named(ScaleName("linear")) == Linear()
    with pytest.raises(ValueError, match="no axis"):
        scale_named(ScaleName.CHOICE)
