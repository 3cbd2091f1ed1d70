"""Default ranges: around production's value, on the scale that suits the setting."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.core.defaults import completed, known, limits, short_name
from auditor.core.records import DimensionSpec, ScaleName

LOG, LINEAR, OML, CHOICE = ScaleName.LOG, ScaleName.LINEAR, ScaleName.ONE_MINUS_LOG, ScaleName.CHOICE


@pytest.mark.parametrize(
    ("name", "value", "scale", "low", "high", "integer"),
    [
        ("learning_rate", 0.1, LOG, 0.01, 1.0, False),
        ("eta0", 0.01, LOG, 0.001, 0.1, False),
        ("svc__C", 1, LOG, 0.0333, 30.0, False),
        ("max_leaf_nodes", 31, LOG, 6, 155, True),
        ("min_samples_leaf", 1, LOG, 1, 10, True),
        ("n_neighbors", 5, LOG, 1, 25, True),
        ("momentum", 0.9, OML, 0.0, 0.99, False),
        ("momentum", 0.0, OML, 0.0, 0.9, False),
        ("optimizer.beta2", 0.999, OML, 0.99, 0.9999, False),
        ("subsample", 1, LINEAR, 0.6, 1.0, False),
        ("max_features", 1.0, LINEAR, 0.6, 1.0, False),
        ("dropout", 0.5, LINEAR, 0.2, 0.8, False),
        ("beta1", 0.9, OML, 0.0, 0.99, False),
        ("alpha", 0.99, OML, 0.9, 0.999, False),
        ("alpha", 1.0, LOG, 0.0333, 30.0, False),
        ("weight_decay", 1e-2, LOG, 0.000333, 0.3, False),
        ("layers", 2, LOG, 1, 6, True),
        ("decay_rate", 0.1, LOG, 0.01, 1.0, False),
        ("batch_size", 32, LOG, 4, 256, True),
    ],
)
def test_common_settings_are_searched_around_production(name, value, scale, low, high, integer):
    full = completed(name, value, DimensionSpec())

    assert (full.scale, full.low, full.high, full.integer) == (scale, low, high, integer)


@pytest.mark.parametrize(
    ("name", "value", "choices"),
    [
        ("l2_regularization", 0, (0, 0.1, 1.0, 10.0)),
        ("l2_regularization", 0.0, (0.0, 0.1, 1.0, 10.0)),
        ("max_depth", None, (None, 4, 8, 16)),
        ("max_depth", -1, (-1, 4, 8, 16)),
        ("max_features", "sqrt", ("sqrt", 0.3, 0.5, 0.8, 1.0)),
        ("max_features", 5, (5, 0.3, 0.5, 0.8, 1.0)),
        ("gamma", "scale", ("scale", 0.01, 0.1, 1.0)),
        ("knn__weights", "distance", ("uniform", "distance")),
        ("knn__p", 2, (1, 2)),
    ],
)
def test_a_value_without_a_place_on_the_scale_is_a_choice_beside_others(name, value, choices):
    full = completed(name, value, DimensionSpec())

    assert (full.scale, full.choices) == (CHOICE, choices)


@pytest.mark.parametrize(
    ("name", "value"),
    [("n_jobs", 4), ("random_state", 0), ("p", 0.5), ("weights", None), ("criterion", "squared_error"),
     ("min_samples_leaf", 0.01), ("learning_rate", "adaptive"), ("nesterov", None), ("verbose", True)],
)  # fmt: skip
def test_what_is_not_known_is_left_alone(name, value):
    assert known(name, value) is None


@given(
    st.sampled_from(
        ["learning_rate", "alpha", "max_depth", "momentum", "beta2", "subsample", "dropout", "lr"]
    ),
    st.one_of(st.integers(1, 1000), st.floats(1e-6, 0.99999)),
)
def test_production_lies_within_its_default_range_and_the_range_within_the_limits(name, value):
    default = known(name, value)
    if default is None or default.scale is CHOICE:
        return

    low, high = default.around(value)

    assert default.low <= low <= value <= high <= default.high
    assert low < high


def test_a_table_with_only_a_scale_keeps_the_default_ends():
    full = completed("learning_rate", 0.1, DimensionSpec(scale=LINEAR))

    assert (full.scale, full.low, full.high) == (LINEAR, 0.01, 1.0)


def test_a_declared_end_wins_over_the_default_one():
    full = completed("learning_rate", 0.1, DimensionSpec(high=0.5))

    assert (full.scale, full.low, full.high) == (LOG, 0.01, 0.5)


def test_a_known_scale_gives_way_to_ends_that_have_no_place_on_it():
    assert completed("learning_rate", 0.1, DimensionSpec(low=0.0, high=1.0)).scale is LINEAR
    assert completed("momentum", 0.9, DimensionSpec(low=0.0, high=1.0)).scale is LINEAR
    assert completed("momentum", 0.9, DimensionSpec(low=0.5, high=0.999)).scale is OML


@pytest.mark.parametrize(
    ("value", "declared", "scale", "low", "high", "integer"),
    [
        (0.2, DimensionSpec(), LOG, 0.02, 2.0, False),
        (20, DimensionSpec(), LOG, 2.0, 200.0, True),
        (0.0, DimensionSpec(), LINEAR, -1.0, 1.0, False),
        (-2.0, DimensionSpec(), LINEAR, -4.0, 0.0, False),
        (5, DimensionSpec(low=1, high=10), LINEAR, 1, 10, True),
        (5, DimensionSpec(low=1, high=1000), LOG, 1, 1000, True),
        (5, DimensionSpec(low=0.5, high=10), LINEAR, 0.5, 10, False),
        (0.5, DimensionSpec(scale=OML), OML, 0.0, 0.95, False),
    ],
)
def test_of_an_unknown_setting_the_value_and_the_ends_decide(value, declared, scale, low, high, integer):
    full = completed("fancy_knob", value, declared)

    assert (full.scale, full.low, full.high, full.integer) == (scale, low, high, integer)


def test_what_cannot_be_filled_in_stays_open():
    full = completed("fancy_knob", "on", DimensionSpec())

    assert (full.low, full.high, full.choices) == (None, None, None)


def test_none_is_among_the_choices_without_being_named():
    assert completed("max_depth", None, DimensionSpec(choices=(3, 5))).choices == (None, 3, 5)


def test_a_declared_range_turns_a_known_choice_into_a_number():
    full = completed("p", 2, DimensionSpec(low=1, high=4))

    assert (full.scale, full.low, full.high) == (LINEAR, 1, 4)


def test_names_count_by_their_last_part():
    assert short_name("model__reg-Lambda") == "reg_lambda"
    assert short_name("optimizer.lr") == "lr"


def test_limits_are_those_of_the_setting_itself():
    assert limits("subsample", 0.8) == (0.05, 1.0)
    assert limits("fancy_knob", 0.8) == (-float("inf"), float("inf"))
