"""The space: where draws come from, and where the good ones lie."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.core.dimensions import Choice, Dimension
from auditor.core.records import DimensionSpec, ScaleName, config_key
from auditor.core.scales import Linear, Log, OneMinusLog
from auditor.core.space import Sampler, Space, build_space

BASE = {"rate": 0.1, "momentum": 0.9, "leaves": 31, "kind": "b", "held": 7}
SPACE = Space(
    {
        "rate": Dimension(1e-4, 1.0, Log()),
        "momentum": Dimension(0.0, 0.999, OneMinusLog()),
        "leaves": Dimension(2, 256, Log(), integer=True),
        "kind": Choice(("a", "b", "c")),
    }
)
CONDITIONAL = Space(
    {
        "solver": Choice(("adam", "sgd")),
        "beta": Dimension(0.5, 0.99, OneMinusLog(), only_if={"solver": ("adam",)}),
        "momentum": Dimension(0.0, 0.99, OneMinusLog(), only_if={"solver": ("sgd",)}),
        "nesterov": Choice((True, False), only_if={"momentum": (0.9,)}),
        "alone": Dimension(0.0, 1.0, Linear()),
    }
)
ADAM = {"solver": "adam", "beta": 0.9, "alone": 0.5}


def chance(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


@given(st.integers(0, 2**32), st.sampled_from(list(Sampler)), st.integers(1, 40))
def test_draws_stay_inside_differ_and_leave_the_rest_alone(seed, sampler, count):
    drawn = SPACE.draws(count, chance(seed), base=BASE, sampler=sampler)

    assert len(drawn) == len({config_key(config) for config in (*drawn, BASE)}) - 1 == count
    for config in drawn:
        assert 1e-4 <= config["rate"] <= 1.0
        assert 0.0 <= config["momentum"] <= 0.999
        assert isinstance(config["leaves"], int)
        assert 2 <= config["leaves"] <= 256
        assert config["kind"] in ("a", "b", "c")
        assert config["held"] == 7
        assert list(config) == list(BASE)


@given(st.integers(0, 2**32))
def test_the_same_stream_gives_the_same_draws(seed):
    assert SPACE.draws(9, chance(seed), base=BASE) == SPACE.draws(9, chance(seed), base=BASE)


def test_draws_are_even_on_every_scale():
    drawn = SPACE.draws(16, chance(), base=BASE)

    for name in ("rate", "momentum"):
        shares = np.array([SPACE.to_unit(config)[SPACE.names.index(name)] for config in drawn])
        assert np.bincount((shares * 8 - 1e-6).astype(int), minlength=8).min() >= 1
    assert sum(config["rate"] < 1e-3 for config in drawn) == pytest.approx(4, abs=1)


@given(st.integers(0, 2**32))
def test_fine_draws_come_from_the_region_of_the_good(seed):
    good = [{**BASE, "rate": rate, "leaves": leaves} for rate, leaves in ((0.01, 8), (0.02, 16), (0.04, 32))]

    drawn = SPACE.draws_around(good, 20, chance(seed), base=BASE)

    assert len(drawn) == 20
    assert all(0.004 < config["rate"] < 0.1 for config in drawn)
    assert all(5 <= config["leaves"] <= 60 for config in drawn)
    assert any(config["rate"] > 0.04 or config["rate"] < 0.01 for config in drawn)


def test_fine_draws_mostly_take_choices_that_were_seen_among_the_good():
    drawn = SPACE.draws_around([BASE, {**BASE, "kind": "a"}], 100, chance(), base=BASE)

    kinds = [config["kind"] for config in drawn]
    assert 0 < kinds.count("c") < 15
    assert min(kinds.count("a"), kinds.count("b")) > 30


def test_fine_draws_need_something_to_be_around():
    with pytest.raises(ValueError, match="no region"):
        SPACE.draws_around([], 3, chance(), base=BASE)


def test_draws_avoid_what_was_tried():
    space = Space({"leaves": Dimension(1, 8, Linear(), integer=True)})

    drawn = space.draws(8, chance(), base={"leaves": 4.0}, avoid=[{"leaves": 1}, {"leaves": 2}])

    assert sorted(config["leaves"] for config in drawn) == [3, 5, 6, 7, 8]


def test_a_setting_exists_only_where_its_condition_holds():
    drawn = CONDITIONAL.draws(60, chance(), base=ADAM)

    for config in drawn:
        assert ("beta" in config) == (config["solver"] == "adam")
        assert ("momentum" in config) == (config["solver"] == "sgd")
        assert ("nesterov" in config) == (config.get("momentum") == 0.9)
        assert "alone" in config


def test_a_missing_setting_has_no_place_in_the_unit_cube():
    assert np.isnan(CONDITIONAL.to_unit(ADAM)).tolist() == [False, False, True, True, False]


def test_fine_draws_take_a_setting_that_no_good_one_has_from_its_whole_range():
    drawn = CONDITIONAL.draws_around([ADAM] * 3, 200, chance(), base=ADAM)

    shares = [config["momentum"] for config in drawn if "momentum" in config]
    assert len(shares) > 3
    assert max(shares) - min(shares) > 0.5


def test_settings_that_depend_on_each_other_form_one_unit_with_the_deciding_one_first():
    assert CONDITIONAL.units == (("solver", "beta", "momentum", "nesterov"), ("alone",))
    assert SPACE.units == (("rate",), ("momentum",), ("leaves",), ("kind",))


def test_a_setting_declared_before_the_one_it_depends_on_still_comes_after_it():
    space = Space({"beta": Choice((1, 2), only_if={"solver": ("adam",)}), "solver": Choice(("adam", "sgd"))})

    assert space.units == (("solver", "beta"),)


def test_a_setting_under_two_conditions_joins_both():
    space = Space(
        {
            "a": Choice((1, 2)),
            "b": Choice((1, 2)),
            "c": Choice((1, 2), only_if={"a": (1,), "b": (2,)}),
        }
    )

    assert space.units == (("a", "b", "c"),)


@given(st.lists(st.floats(0.0, 1.0), min_size=4, max_size=4))
def test_a_configuration_is_found_again_in_the_unit_cube(point):
    config = SPACE.from_unit(point, BASE)

    again = SPACE.from_unit(SPACE.to_unit(config), BASE)

    assert again["kind"] == config["kind"]
    assert again["leaves"] == config["leaves"]
    assert again["rate"] == pytest.approx(config["rate"], rel=0.01)


def test_a_share_and_what_begins_at_nothing_are_walled():
    space = build_space({"subsample": 0.9, "eta": 0.1}, {})

    assert space.dimensions["subsample"].walls == {"high"}
    assert space.grown({"subsample": "high", "eta": "high"}).dimensions["subsample"].high == 1.0


def test_a_box_grows_by_half_its_axis_and_its_strip_is_what_it_gained():
    longer = SPACE.grown({"rate": "low"})

    grown, strip = longer.dimensions["rate"], longer.strip("rate", beyond=SPACE).dimensions["rate"]
    assert (grown.low, grown.high) == (1e-6, 1.0)
    assert (grown.declared, strip.low, strip.high) == ((1e-4, 1.0), 1e-6, 1e-4)
    assert longer.grown({}) == longer


def test_a_strip_of_whole_numbers_begins_after_the_old_end():
    longer = SPACE.grown({"leaves": "high"})

    strip = longer.strip("leaves", beyond=SPACE).dimensions["leaves"]  # noqa: B005 - not of a text
    assert strip.low == SPACE.dimensions["leaves"].high + 1


def test_when_nothing_is_declared_every_known_setting_is_searched():
    production = {"learning_rate": 0.1, "n_jobs": 4, "max_depth": None, "weights": "uniform"}

    space = build_space(production, {})

    assert space.names == ("learning_rate", "max_depth", "weights")
    assert all(record.defaulted for record in space.records())


def test_when_one_is_declared_the_others_are_held():
    space = build_space({"learning_rate": 0.1, "max_depth": 4}, {"max_depth": DimensionSpec()})

    assert space.names == ("max_depth",)
    assert all(
        config["learning_rate"] == 0.1
        for config in space.draws(5, chance(), base={"learning_rate": 0.1, "max_depth": 4})
    )


def test_a_declared_range_is_kept_as_it_is():
    declared = {"rate": DimensionSpec(scale=ScaleName.LOG, low=1e-3, high=0.5)}

    (record,) = build_space({"rate": 0.1}, declared).records()

    assert (record.low, record.high, record.scale, record.defaulted) == (1e-3, 0.5, ScaleName.LOG, False)


def test_warnings_name_the_setting():
    declared = {"momentum": DimensionSpec(scale=ScaleName.LINEAR, low=0.9, high=0.999)}

    (line,) = build_space({"momentum": 0.95}, declared).warnings

    assert line.startswith('search.momentum: use scale = "one-minus-log"')


def test_a_range_that_is_declared_not_to_grow_ends_where_it_was_declared_and_is_no_wall():
    hard = DimensionSpec(scale=ScaleName.LOG, low=1e-4, high=1e-1, grow=False)
    space = build_space(
        {"rate": 1e-2, "leaves": 8}, {"rate": hard, "leaves": replace(hard, low=2, high=64, grow=True)}
    )

    grown = space.grown({"rate": "high", "leaves": "high"})

    assert grown.dimensions["rate"] == space.dimensions["rate"]
    assert grown.dimensions["leaves"].high > 64
    assert space.dimensions["rate"].walls == frozenset()
