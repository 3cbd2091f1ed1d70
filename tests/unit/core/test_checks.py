"""What is wrong and what is unwise in a declared space, in words that mend it."""

from collections.abc import Mapping

import pytest

from auditor.core.checks import caution, holds
from auditor.core.records import Config, DimensionSpec, ScaleName
from auditor.core.space import build_space
from auditor.errors import DeclarationError

LOG, LINEAR, OML, CHOICE = ScaleName.LOG, ScaleName.LINEAR, ScaleName.ONE_MINUS_LOG, ScaleName.CHOICE
PRODUCTION: Config = {
    "learning_rate": 0.1,
    "max_leaf_nodes": 31,
    "momentum": 0.9,
    "solver": "adam",
    "l2": 0.0,
    "depth": None,
}


def problems(declared: Mapping[str, DimensionSpec], production: Config = PRODUCTION) -> list[str]:
    with pytest.raises(DeclarationError) as refusal:
        build_space(production, declared)
    return [" ".join(line.split()) for line in str(refusal.value).splitlines()[1:]]


@pytest.mark.parametrize(
    ("name", "declared", "problem"),
    [
        (
            "learning_rate",
            {"scale": LOG, "low": 1.0, "high": 0.01},
            "learning_rate.low must be below high = 0.01, got 1",
        ),
        (
            "learning_rate",
            {"scale": LOG, "low": 0.2, "high": 0.9},
            "learning_rate production's value 0.1 lies outside [0.2, 0.9]; widen the range",
        ),
        (
            "learning_rate",
            {"scale": LOG, "low": 0.0, "high": 0.9},
            "learning_rate.low a log scale holds values above 0, got 0.0",
        ),
        (
            "momentum",
            {"scale": OML, "low": 0.5, "high": 1.0},
            "momentum.high a one-minus-log scale holds values in [0, 1), got 1.0",
        ),
        (
            "solver",
            {"choices": ("sgd", "lbfgs")},
            "solver.choices production's value 'adam' is missing from ['sgd', 'lbfgs']; add it",
        ),
        ("solver", {"choices": ("adam", "adam")}, "solver.choices 'adam' is given twice"),
        ("solver", {"choices": ("adam",)}, "solver.choices at least 2 values are needed, got ['adam']"),
        ("solver", {"scale": CHOICE}, "solver.choices missing: a choice needs the values to choose from"),
        (
            "solver",
            {"choices": ("adam", "sgd"), "low": 1.0},
            "solver low and high belong to a number, choices to a choice; give one or the other",
        ),
        (
            "solver",
            {"choices": ("adam", "sgd"), "scale": LOG},
            "solver.choices a log scale has none; leave out scale, or choices",
        ),
        (
            "solver",
            {"scale": LOG, "low": 1.0, "high": 2.0},
            "solver production holds 'adam', which is no number; give choices instead, 'adam' among them",
        ),
        (
            "depth",
            {"low": 1.0, "high": 2.0},
            "depth production holds None, which is no number; "
            "give choices instead, None is among them without being named",
        ),
        (
            "max_leaf_nodes",
            {"low": 2.5, "high": 64.0},
            "max_leaf_nodes.low must be a whole number, got 2.5",
        ),
        (
            "learning_rate",
            {"low": 0.0, "high": 1.0, "integer": True, "scale": LINEAR},
            "learning_rate.integer production holds 0.1, which is no whole number; set integer = false",
        ),
        (
            "momentum",
            {"scale": OML, "integer": True, "low": 0.0, "high": 0.99},
            "momentum.integer a one-minus-log scale lies between 0 and 1 and holds no whole numbers but 0",
        ),
        (
            "l2",
            {"scale": LOG, "low": 0.1, "high": 1.0},
            "l2 production's value: a log scale holds values above 0, got 0.0; "
            'use scale = "linear", or choices',
        ),
        ("learning_rat", {}, "learning_rat production has no such setting; did you mean 'learning_rate'?"),
        (
            "momentum",
            {"only_if": {"solvr": ("sgd",)}},
            "momentum.only_if.solvr no such setting; did you mean 'solver'?",
        ),
        (
            "momentum",
            {"only_if": {"momentum": (0.9,)}},
            "momentum.only_if momentum cannot depend on itself",
        ),
    ],
)
def test_a_mistake_is_named_with_what_was_given_and_what_is_allowed(name, declared, problem):
    assert f"search.{problem}" in problems({name: DimensionSpec(**declared)})


def test_all_mistakes_are_told_together():
    found = problems({
        "learning_rat": DimensionSpec(),
        "solver": DimensionSpec(choices=("sgd", "lbfgs")),
        "momentum": DimensionSpec(scale=OML, high=1.0),
    })  # fmt: skip

    assert len(found) == 3


def test_the_path_of_the_schedule_heads_the_list():
    with pytest.raises(DeclarationError, match=r"^schedules/a\.toml: 1 problem"):
        build_space(PRODUCTION, {"nope": DimensionSpec()}, path="schedules/a.toml")


def test_a_setting_that_exists_only_under_a_condition_may_be_absent_from_production():
    declared = {
        "solver": DimensionSpec(choices=("adam", "sgd")),
        "power": DimensionSpec(low=0.0, high=1.0, only_if={"solver": ("sgd",)}),
    }

    assert build_space(PRODUCTION, declared).names == ("solver", "power")


def test_but_not_where_the_condition_holds_in_production():
    declared = {"power": DimensionSpec(low=0.0, high=1.0, only_if={"solver": ("adam",)})}

    assert problems(declared) == [
        "search.power production has no such setting although only_if holds for it; add its value"
    ]


def test_of_an_absent_setting_the_ends_must_be_declared():
    declared = {"power": DimensionSpec(only_if={"solver": ("sgd",)})}

    assert "search.power.low missing: no default is known for this setting" in problems(declared)


def test_nothing_to_search_is_said_with_what_there_is():
    found = problems({}, production={"n_jobs": 4, "verbose": 0})

    assert found == [
        "search nothing to search: no default is known for any production setting (n_jobs, verbose); "
        "declare at least one [search.NAME] table"
    ]


def warned(name: str, scale: ScaleName, low: float, high: float, value: float) -> str | None:
    return caution(name, DimensionSpec(scale=scale, low=low, high=high), value)


@pytest.mark.parametrize("name", ["momentum", "beta1", "opt__beta2", "my_own_setting"])
@pytest.mark.parametrize("scale", [LINEAR, LOG])
def test_an_average_near_one_wants_the_one_minus_log_scale(name, scale):
    line = warned(name, scale, 0.9, 0.999, 0.95)

    assert line is not None
    assert line.startswith('use scale = "one-minus-log"')
    assert warned(name, OML, 0.9, 0.999, 0.95) is None


def test_a_line_over_more_than_two_decades_wants_the_log_scale():
    assert warned("anything", LINEAR, 1e-4, 1.0, 0.1) == (
        'use scale = "log": on a line from 0.0001 to 1, 9 draws in 10 lie above 0.1'
    )
    assert warned("anything", LINEAR, 0.1, 1.0, 0.5) is None
    assert str(warned("learning_rate", LINEAR, 0.0, 1.0, 0.1)).startswith('use scale = "log" and a low end')


def test_a_share_up_to_one_is_no_average():
    assert warned("subsample", LINEAR, 0.5, 1.0, 0.8) is None
    assert warned("dropout", LINEAR, 0.0, 0.8, 0.1) is None


def test_production_at_an_end_of_its_range_is_pointed_out_unless_there_is_nothing_beyond():
    assert warned("learning_rate", LOG, 0.01, 0.1, 0.1) == (
        "production's value 0.1 is an end of its range: better ones above it go unseen"
    )
    assert warned("subsample", LINEAR, 0.5, 1.0, 1.0) is None
    assert warned("n_neighbors", LOG, 1, 30, 1) is None


def test_a_condition_holds_where_every_setting_has_one_of_its_values():
    condition = {"a": (1, 2), "b": ("x",)}

    assert holds(condition, {"a": 2.0, "b": "x"})
    assert not holds(condition, {"a": 3, "b": "x"})
    assert not holds(condition, {"a": 1})
    assert not holds({"a": (1,)}, {"a": True})
    assert holds({}, {})
