import importlib

import pytest

from auditor.core.records import ScaleName
from auditor.core.scales import scale_named
from auditor.drafts.ranges import range_of, searched, table_of
from auditor.drafts.tables import OPTIMISERS, SOURCES, TABLES

ALL = [(owner, name, found) for owner, table in TABLES.items() for name, found in table.items()]
EVERY = [
    *ALL,
    *((owner, name, found) for owner, table in OPTIMISERS.items() for name, found in table.items()),
]


@pytest.mark.parametrize(("owner", "name", "found"), EVERY, ids=lambda part: str(part)[:30])
def test_every_range_has_a_source_and_lies_on_its_scale(owner, name, found):
    assert found.source in SOURCES
    if found.spec.choices is not None:
        assert len(set(found.spec.choices)) >= 2
        return
    axis = scale_named(found.spec.scale)
    assert axis.encode(found.spec.low) < axis.encode(found.spec.high)


@pytest.mark.parametrize("optimiser", ["SGD", "Adam", "AdamW", "NAdam", "RMSprop", "Adagrad"])
def test_every_common_optimiser_has_a_table(optimiser):
    importlib.import_module("auditor.drafts.tables")

    assert "lr" in table_of(optimiser)


def test_the_few_that_matter_are_searched_and_come_first():
    names = ("n_estimators", "learning_rate", "num_leaves", "verbosity")
    settings = dict.fromkeys(names, ("LGBMClassifier", 31)) | {"learning_rate": ("LGBMClassifier", 0.1)}

    found = list(searched(settings, {}))

    assert [(name, each.first) for name, each in found] == [
        ("learning_rate", True),
        ("num_leaves", True),
        ("n_estimators", False),
    ]


@pytest.mark.parametrize("value", [1e-6, 1e-4, 0.03, 5.0, 40.0])
def test_production_lies_inside_its_range_with_room_to_both_sides(value):
    spec = range_of("Ridge", "alpha", value, {}).spec

    assert spec.low < value < spec.high


def test_a_value_without_a_place_on_the_scale_gets_rungs():
    found = range_of("HistGradientBoostingRegressor", "l2_regularization", 0.0, {})

    assert found.spec.scale is ScaleName.CHOICE
    assert found.spec.choices[0] == 0.0
    assert found.source == "ladder"


def test_a_whole_number_of_columns_is_not_taken_for_a_share():
    assert range_of("RandomForestClassifier", "max_features", 5, {}).spec.scale is ScaleName.CHOICE
    assert range_of("RandomForestClassifier", "max_features", 0.5, {}).spec.scale is ScaleName.LINEAR


def test_a_setting_without_effect_is_not_searched():
    assert range_of("SVC", "degree", 3, {"kernel": "rbf"}) is None
    assert range_of("SVC", "degree", 3, {"kernel": "poly"}) is not None


def test_a_step_of_a_pipeline_is_searched_as_its_class_is():
    found = range_of("LogisticRegression", "model__C", 1.0, {})

    assert found.spec == TABLES["LogisticRegression"]["C"].spec


def test_an_estimator_that_no_table_has_is_searched_by_the_names_of_its_settings():
    assert range_of("Booster3000", "learning_rate", 0.1, {}).source == "ours"
    assert range_of("Booster3000", "flux", 0.1, {}) is None
