"""Confirming rows of a trainer that gives one number: cut into units, each scored once."""

import numpy as np
import pytest

from auditor.core.records import Fold, Layout, Part
from auditor.core.shortages import ROWS_PER_UNIT, shortage
from auditor.core.splits import rows_of, set_aside
from auditor.core.units import UNITS

ROWS = 1_300


def a_layout(**changes):
    return Layout(digest="d", target="y", seed=5, units=UNITS, **changes)


def scored(layout, partition):
    return [
        rows_of(partition, Fold(Part.CONFIRM, index, half), layout) for index in range(6) for half in (0, 1)
    ]


CASES = {
    "exchangeable": ({}, None),
    "ordered": ({"time": "day"}, None),
    "grouped": ({"group": "g"}, np.arange(ROWS) // 7),
    "ordered groups": ({"time": "day", "group": "g"}, np.arange(ROWS) % 97),
}


@pytest.mark.parametrize("case", CASES)
def test_six_passes_score_every_confirming_row_once(case):
    fields, groups = CASES[case]
    layout = a_layout(**fields)
    partition = set_aside(layout, rows=ROWS, groups=groups)

    folds = scored(layout, partition)

    assert np.array_equal(np.sort(np.concatenate([fold.score for fold in folds])), partition.confirm)
    sizes = [fold.score.size for fold in folds]
    assert max(sizes) - min(sizes) <= (1 if groups is None else 7)
    for fold in folds:
        assert np.unique(fold.clusters).size == 1
        assert not set(fold.fit) & set(fold.score)
        assert fold.fit.size > 0.15 * ROWS


def test_a_group_lies_in_one_unit():
    fields, groups = CASES["grouped"]
    partition = set_aside(a_layout(**fields), rows=ROWS, groups=groups)

    for group in np.unique(groups[partition.confirm]):
        assert np.unique(partition.clusters[groups[partition.confirm] == group]).size == 1


def test_a_unit_of_ordered_rows_is_a_stretch_of_time_and_units_come_in_no_order():
    layout = a_layout(time="day")
    partition = set_aside(layout, rows=ROWS)

    firsts = [fold.score[0] for fold in scored(layout, partition)]

    assert all(np.ptp(fold.score) == fold.score.size - 1 for fold in scored(layout, partition))
    assert firsts != sorted(firsts)


def test_every_unit_has_its_share_of_a_rare_class():
    target = np.arange(ROWS) % 20 == 0
    layout = a_layout(classes=True)
    partition = set_aside(layout, rows=ROWS, target=target)

    shares = [target[fold.score].sum() for fold in scored(layout, partition)]

    assert max(shares) - min(shares) <= 1


def test_units_that_are_too_thin_are_refused():
    rows = 2 * UNITS * ROWS_PER_UNIT - 2 * UNITS
    target = np.arange(rows) / rows
    partition = set_aside(a_layout(), rows=rows, target=target)

    said = shortage(partition, target, classes=False, units=UNITS)

    assert said is not None
    assert f"the smallest has {ROWS_PER_UNIT - 1} rows, and {ROWS_PER_UNIT} are needed" in said
    assert shortage(partition, target, classes=False) is None
