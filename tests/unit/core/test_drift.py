from dataclasses import replace

import numpy as np
import pytest

from auditor.core.cells import numeric
from auditor.core.column_drift import compare
from auditor.core.drift import DRAWN, assumption, corrected, headline, ranked, trigger
from auditor.core.records import Change, ColumnDrift, Drift

RNG = np.random.default_rng(7)


def a_column(name="x", **changes) -> ColumnDrift:
    then, now = RNG.standard_normal((2, 100))
    return replace(compare(name, numeric(then), numeric(now), ordered=False), **changes)


def a_drift(**changes) -> Drift:
    return replace(Drift(reference="a" * 64, rows_then=10, rows_now=10, headline=""), **changes)


def test_p_values_are_corrected_for_the_number_of_columns():
    columns = [a_column(str(number), p_value=0.01, distance=0.5) for number in range(3)]
    rest = [a_column("rest", p_value=1.0)] * 27

    found = corrected([*columns, *rest])

    assert found[0].p_value == pytest.approx(0.1)
    assert not found[0].moved
    assert corrected(columns)[0].moved


def test_beyond_the_first_fifty_columns_distributions_are_left_out():
    columns = ranked([a_column(f"{number:03}") for number in range(DRAWN + 5)])

    assert [bool(column.overlay.edges) for column in columns] == [True] * DRAWN + [False] * 5


def test_columns_that_moved_come_first_then_by_distance_then_by_name():
    still = [
        a_column(name, distance=distance, threshold=9.0)
        for name, distance in (("b", 0.2), ("a", 0.2), ("c", 9.0))
    ]
    moved = a_column("moved", moved=True, distance=0.15)

    assert [column.name for column in ranked([*still, moved])] == ["moved", "c", "a", "b"]


def test_the_headline_never_votes():
    moved = [a_column(str(number), moved=True) for number in range(5)]
    still = [a_column(f"still {number}", distance=0.0) for number in range(15)]

    said = headline(a_drift(columns=(*moved, *still), target=a_column("y", distance=0.0)))

    assert said == "5 of 20 columns moved, 0 most; the target held"


def test_a_distance_that_chance_is_not_ruled_out_for_is_never_called_held():
    far = a_column("far", distance=3.05, chance=0.54, p_value=0.46)
    near = a_column("near", distance=0.34, chance=0.2, p_value=0.86)
    drift = a_drift(columns=(far, near, a_column("still", distance=0.0)), target=a_column("y", distance=0.0))

    assert headline(drift) == (
        "none of 3 columns is shown to have moved; of 2 it cannot be told, far farthest; the target held"
    )
    assert headline(replace(drift, columns=(a_column(moved=True, distance=0.5), near), target=far)) == (
        "1 of 2 columns moved, x most; of near it cannot be told; whether the target moved cannot be told"
    )


def test_columns_of_which_it_cannot_be_told_come_before_those_that_held():
    untold = a_column("untold", distance=0.3, chance=0.0, p_value=0.5)
    held = a_column("held", distance=0.5, chance=0.45)

    assert [column.name for column in ranked([held, untold])] == ["untold", "held"]


def test_the_headline_says_what_came_and_went():
    drift = a_drift(
        columns=(a_column(distance=0.0),),
        target=a_column("y", moved=True),
        appeared=("new",),
        gone=("a", "b"),
        retyped=(Change("code", "numeric", "categorical"),),
    )

    assert headline(drift) == (
        "none of 1 column moved; the target moved; 2 columns are gone: a, b; 1 column is new: new; "
        "code was numeric and is categorical"
    )
    assert "the target cannot be compared" in headline(replace(drift, target=None))


def test_what_is_assumed_is_said():
    assert "independent of each other" in assumption(1000, ordered=False)
    assert "(200 rows)" in assumption(1000, ordered=True)


# ---------------------------------------------------------------- triggering


def test_nothing_moved_triggers_nothing():
    assert trigger(a_drift(columns=(a_column(),), target=a_column("y")), 0.2) is None


def test_a_column_or_target_that_passes_the_threshold_is_a_reason():
    far = a_column("far", distance=0.31, chance=0.01, p_value=0.001, moved=True)

    assert trigger(a_drift(columns=(far,)), 0.2) == "far moved (stability index 0.31)"
    assert trigger(a_drift(columns=(a_column(),), target=far), 0.2) == "far moved (stability index 0.31)"
    assert trigger(a_drift(columns=(far,)), 0.4) is None


def test_what_may_be_chance_triggers_nothing():
    unsure = a_column(distance=0.5, chance=0.01, p_value=0.2)
    few_rows = a_column(distance=0.25, chance=0.1, p_value=0.01)

    assert trigger(a_drift(columns=(unsure, few_rows)), 0.2) is None


def test_a_column_that_went_or_changed_its_kind_is_a_reason():
    assert trigger(a_drift(gone=("age",)), 0.2) == "1 column is gone: age"
    assert trigger(a_drift(retyped=(Change("age", "numeric", "categorical"),)), 0.2) == (
        "age was numeric and is categorical"
    )
