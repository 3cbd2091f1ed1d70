"""Rows are set aside before anything is searched, and never mix."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.core.records import Fold, Layout, Part
from auditor.core.shortages import shortage
from auditor.core.splits import FEWEST_BLOCKS, Partition, rows_of, rows_to_fit, set_aside, thinned
from auditor.core.units import jackknife_units


def layout(**changes: Any) -> Layout:
    return Layout(**{"digest": "0" * 64, "target": "y", "seed": 7, **changes})


FOLDS = [Fold(Part.SEARCH, index) for index in range(4)]
FOLDS += [Fold(Part.CONFIRM, index, half) for index in range(6) for half in (0, 1)]


@st.composite
def snapshots(draw: st.DrawFn) -> tuple[Layout, int, Any, Any]:
    rows = draw(st.integers(0, 400))
    chance = np.random.default_rng(draw(st.integers(0, 2**32)))
    groups = chance.integers(0, draw(st.integers(1, 60)), rows) if draw(st.booleans()) else None
    made = layout(
        seed=draw(st.integers(0, 2**40)),
        time=draw(st.sampled_from([None, "t"])),
        classes=draw(st.booleans()),
        confirm_share=draw(st.floats(0.1, 0.9)),
    )
    return made, rows, chance.integers(0, 3, rows), groups


def parted(snapshot: tuple[Layout, int, Any, Any]) -> Partition:
    made, rows, target, groups = snapshot
    return set_aside(made, rows=rows, target=target, groups=groups)


@given(snapshots())
def test_search_and_confirm_share_no_row_and_no_group(snapshot):
    partition = parted(snapshot)
    groups = snapshot[3]

    assert not set(partition.search) & set(partition.confirm)
    if groups is not None:
        assert not set(groups[partition.search]) & set(groups[partition.confirm])


@given(snapshots(), st.sampled_from(FOLDS))
def test_fit_and_score_share_no_row_and_no_group(snapshot, fold):
    partition = parted(snapshot)
    rows = rows_of(partition, fold, snapshot[0])
    groups = snapshot[3]

    assert not set(rows.fit) & set(rows.score)
    assert np.all(np.diff(rows.fit) > 0)
    assert np.all(np.diff(rows.score) > 0)
    assert rows.clusters.shape == rows.score.shape
    if groups is not None:
        assert not set(groups[rows.fit]) & set(groups[rows.score])


@given(snapshots(), st.sampled_from(FOLDS))
def test_search_folds_use_search_rows_only_and_confirming_folds_score_confirm_rows_only(snapshot, fold):
    partition = parted(snapshot)
    rows = rows_of(partition, fold, snapshot[0])

    if fold.part is Part.SEARCH:
        assert set(rows.fit) | set(rows.score) <= set(partition.search)
    else:
        assert set(rows.score) <= set(partition.confirm)


@given(snapshots())
def test_in_time_order_every_search_row_is_earlier_than_every_confirm_row_by_the_purge_gap(snapshot):
    made, rows, _, _ = snapshot
    partition = parted(snapshot)

    if made.time is not None and partition.search.size and partition.confirm.size:
        assert partition.search.max() + max(1, rows // 100) < partition.confirm.min()


@given(snapshots(), st.sampled_from(FOLDS))
def test_the_same_names_give_the_same_rows(snapshot, fold):
    one, other = (rows_of(parted(snapshot), fold, snapshot[0]) for _ in range(2))

    assert np.array_equal(one.fit, other.fit)
    assert np.array_equal(one.score, other.score)


def test_another_seed_gives_another_split():
    one, other = (set_aside(layout(seed=seed), rows=200) for seed in (1, 2))

    assert not np.array_equal(one.search, other.search)


def test_random_parts_hold_every_class_in_its_share():
    target = np.repeat(["common", "rare"], [980, 20])

    partition = set_aside(layout(classes=True), rows=1000, target=target)

    assert np.count_nonzero(target[partition.confirm] == "rare") == 10
    for fold in FOLDS:
        rows = rows_of(partition, fold, layout(classes=True))
        assert np.count_nonzero(target[rows.score] == "rare") in (3, 5)


def test_the_two_halves_of_a_pass_score_every_confirming_row_once():
    partition = set_aside(layout(), rows=501)

    first, second = (rows_of(partition, Fold(Part.CONFIRM, 3, half), layout()) for half in (0, 1))

    assert np.array_equal(np.sort(np.concatenate([first.score, second.score])), partition.confirm)
    assert set(first.fit) <= set(partition.search) | set(second.score)
    assert first.fit.size == pytest.approx(0.8 * (501 - first.score.size), abs=1)


@pytest.mark.parametrize("groups", [None, np.arange(900) // 3], ids=["rows", "groups"])
@pytest.mark.parametrize("classes", [False, True])
def test_the_three_resplits_of_a_search_score_different_rows(groups, classes):
    target = np.arange(900) % 7 == 0 if classes else None
    partition = set_aside(layout(classes=classes), rows=900, target=target, groups=groups)

    scored = [
        rows_of(partition, Fold(Part.SEARCH, index), layout(classes=classes)).score for index in (1, 2, 3)
    ]

    together = np.concatenate(scored)
    assert np.unique(together).size == together.size == pytest.approx(0.9 * partition.search.size, abs=9)


def test_a_row_keeps_its_cluster_in_every_pass():
    partition = set_aside(layout(), rows=300)

    for fold in FOLDS[4:]:
        rows = rows_of(partition, fold, layout())
        assert np.array_equal(partition.confirm[rows.clusters], rows.score)


def test_groups_are_the_clusters_of_grouped_rows():
    groups = np.array([f"patient {number % 40}" for number in range(400)])

    partition = set_aside(layout(), rows=400, groups=groups)

    assert np.array_equal(np.unique(partition.clusters), np.arange(20))
    for code in range(20):
        assert len(set(groups[partition.confirm[partition.clusters == code]])) == 1


def test_rows_without_a_group_are_groups_of_their_own():
    groups = np.array([None] * 100 + ["a"] * 10, dtype=object)

    partition = set_aside(layout(), rows=110, groups=groups)

    assert np.unique(partition.clusters).size >= 49


def test_consecutive_blocks_are_the_clusters_of_ordered_rows():
    partition = set_aside(layout(time="t"), rows=2400)

    assert partition.clusters.max() + 1 == 12
    assert np.all(np.diff(partition.clusters) >= 0)
    assert np.bincount(partition.clusters).tolist() == [100] * 12


def test_a_small_ordered_confirm_part_has_fewer_blocks_but_not_too_few():
    small = set_aside(layout(time="t"), rows=200)
    tiny = set_aside(layout(time="t"), rows=60)

    assert small.clusters.max() + 1 == 10
    assert tiny.clusters.max() + 1 == FEWEST_BLOCKS


def test_the_search_validates_on_the_newest_of_the_ordered_search_rows():
    partition = set_aside(layout(time="t"), rows=1000)

    assert partition.search_fold.fit.max() < partition.search_fold.score.min()
    assert partition.search_fold.score.size == pytest.approx(0.3 * partition.search.size, abs=1)


def test_ordered_resplits_and_replicates_leave_out_whole_blocks_and_no_two_alike():
    partition = set_aside(layout(time="t"), rows=1010)
    resplits = [rows_of(partition, Fold(Part.SEARCH, index), layout(time="t")) for index in (1, 2, 3)]
    replicates = [rows_of(partition, fold, layout(time="t")) for fold in FOLDS[4:]]

    assert len({rows.fit.tobytes() for rows in resplits}) == 3
    scored = np.concatenate([rows.score for rows in resplits])
    assert np.unique(scored).size == scored.size
    assert len({rows.fit.tobytes() for rows in replicates}) == 12
    assert all(rows.fit.size == pytest.approx(0.7 * partition.search.size, abs=3) for rows in resplits)
    assert all(rows.fit.size == pytest.approx(0.8 * partition.search.size, abs=2) for rows in replicates)
    assert all(np.array_equal(rows.score, partition.confirm) for rows in replicates)


def test_the_split_of_the_search_is_fold_zero():
    made = layout(classes=True)
    partition = set_aside(made, rows=300, target=np.arange(300) % 2)

    rows = rows_of(partition, Fold(Part.SEARCH, 0), made)

    assert np.array_equal(rows.fit, partition.search_fold.fit)
    assert np.array_equal(rows.score, partition.search_fold.score)


def test_labels_that_are_not_one_per_row_are_our_own_mistake():
    with pytest.raises(ValueError, match="each of 10 rows, got 9"):
        set_aside(layout(), rows=10, target=np.zeros(9))


@given(st.integers(1, 300), st.integers(2, 60), st.data())
def test_a_unit_depends_on_its_cluster_alone(size, count, data):
    clusters = np.arange(size)
    some = np.array(data.draw(st.lists(st.integers(0, size - 1), unique=True, min_size=1)))

    units = jackknife_units(clusters, count=count)

    assert units.min() >= 0
    assert units.max() < count
    assert np.array_equal(jackknife_units(some, count=count), units[some])


def test_units_are_about_equally_large():
    sizes = np.bincount(jackknife_units(np.arange(50_000)), minlength=50)

    assert 0.8 < sizes.min() / 1000 <= sizes.max() / 1000 < 1.2


def short(target: Any, *, classes: bool = True, groups: Any = None, **changes: Any) -> str | None:
    values = np.asarray(target)
    made = layout(classes=classes, **changes)
    return shortage(set_aside(made, rows=len(values), target=values, groups=groups), values, classes=classes)


@pytest.mark.parametrize("time", [None, "t"])
def test_enough_rows_of_every_class_are_enough(time):
    assert short(np.arange(400) % 3, time=time) is None


def test_too_few_rows_are_counted():
    assert short(np.arange(120) % 2) == "too few confirming rows: 60 from 120 rows, at least 100 are needed"


def test_too_few_groups_are_counted():
    groups = np.arange(1000) % 30

    assert short(np.arange(1000) % 2, groups=groups) == (
        "too few confirming groups: 15 from 1000 rows of 30 groups, at least 20 are needed"
    )


def test_one_group_through_all_of_time_cannot_be_split():
    line = short(np.arange(1000) % 2, groups=np.zeros(1000), time="t")

    assert line == "too few rows to search on: 0 from 1000 rows of 1 group, at least 100 are needed"


def test_a_constant_target_is_named():
    assert short(np.ones(400), classes=False) == (
        "the target is 1.0 in all 140 rows to fit on while searching; at least 2 different values are needed"
    )


def test_a_single_class_in_the_newest_rows_is_named():
    target = np.where(np.arange(400) < 200, np.arange(400) % 2, 1)

    assert short(target, time="t") == (
        "the target is 1 in all 200 rows to confirm on; at least 2 different values are needed"
    )


def test_a_rare_class_is_named_with_its_rows():
    target = np.array(["no", "yes"] * 200 + ["maybe"])

    line = short(target)

    assert line is not None
    assert line.startswith("class maybe has ")
    assert line.endswith(
        "to fit on while searching, at least 2 are needed; leave its rows out, or join it with another class"
    )


def test_numbers_given_to_a_classifier_are_called_numbers():
    line = short(np.random.default_rng(0).standard_normal(400))

    assert line is not None
    assert line.endswith("which are numbers and no classes: take a trainer and a metric for numbers")


def test_missing_labels_do_not_break_the_split():
    target = np.array([None, "yes", "no", "yes"] * 100, dtype=object)

    assert short(target) is None


# ---------------------------------------------------------------- rows to explain with

CELLS = [Fold(part, 1, half) for part in (Part.NOW, Part.THEN, Part.THEN_WHOLE) for half in (0, 1)]


@given(snapshots(), st.sampled_from(CELLS), st.integers(0, 400), st.integers(1, 400))
def test_rows_that_an_older_snapshot_holds_are_left_out_and_the_searched_stay_unscored(
    snapshot, fold, first, most
):
    plain, rows, target, groups = snapshot
    cut = replace(plain, first_row=min(first, rows), fit_rows=most)
    partition = set_aside(cut, rows=rows, target=target, groups=groups)
    found = rows_of(partition, fold, cut)

    assert not set(found.fit) & set(found.score)
    assert min([*found.fit, *found.score], default=rows) >= cut.first_row
    assert not set(found.score) & set(parted(snapshot).search)
    assert found.clusters.shape == found.score.shape
    if groups is None:
        assert found.fit.size <= most + 1
    else:
        assert not set(groups[found.fit]) & set(groups[found.score])


def test_every_cell_has_the_rows_of_the_confirming_fold_while_nothing_is_left_out():
    made = layout()
    partition = set_aside(made, rows=300)

    now, confirmed = (rows_of(partition, Fold(part, 2, 1), made) for part in (Part.NOW, Part.CONFIRM))

    assert np.array_equal(now.fit, confirmed.fit)
    assert np.array_equal(now.score, confirmed.score)


def test_models_are_fitted_on_as_many_rows_as_asked_for_evenly_by_class():
    target = np.arange(1000) % 4 == 0
    made = layout(classes=True, fit_rows=100)
    partition = set_aside(made, rows=1000, target=target)

    fit = rows_of(partition, Fold(Part.THEN, 0), made).fit

    assert abs(fit.size - 100) <= 1
    assert abs(target[fit].sum() - 25) <= 2


def test_another_snapshot_is_fitted_on_as_a_whole_or_on_a_draw_of_it():
    partition = set_aside(layout(), rows=300)

    whole = rows_to_fit(partition, Fold(Part.UNRETRAINED, 0), layout())
    draws = [rows_to_fit(partition, Fold(Part.UNRETRAINED, 0, half), layout(fit_rows=100)) for half in (0, 1)]

    assert whole.tolist() == list(range(300))
    assert all(abs(draw.size - 100) <= 1 for draw in draws)
    assert draws[0].tolist() != draws[1].tolist()


@pytest.mark.parametrize("time", [None, "t"])
def test_a_canary_is_the_split_of_the_search_whichever_replay_it_is(time):
    made = layout(time=time)
    partition = set_aside(made, rows=300)

    canary, search = (rows_of(partition, fold, made) for fold in (Fold(Part.CANARY, 5), Fold(Part.SEARCH, 0)))

    assert np.array_equal(canary.fit, search.fit)
    assert np.array_equal(canary.score, search.score)


@given(snapshots(), st.sampled_from(FOLDS), st.floats(0.01, 1.0), st.floats(0.0, 1.0))
def test_a_share_of_the_rows_is_part_of_every_larger_share_and_cuts_no_group(snapshot, fold, share, of_it):
    made, groups = snapshot[0], snapshot[3]
    partition = parted(snapshot)
    fit = rows_of(partition, fold, made).fit

    larger, smaller = (thinned(fit, each, partition, fold, made) for each in (share, share * of_it))

    assert set(smaller) <= set(larger) <= set(fit)
    assert np.array_equal(larger, np.sort(larger))
    assert np.array_equal(thinned(fit, 1.0, partition, fold, made), fit)
    if groups is not None:
        assert not set(groups[larger]) & set(groups[np.setdiff1d(fit, larger)])


def test_a_ninth_of_the_rows_has_a_ninth_of_every_class():
    made, target = layout(classes=True), np.repeat([0, 1, 2], [2000, 900, 100])
    partition = set_aside(made, rows=target.size, target=target)
    fit = rows_of(partition, FOLDS[0], made).fit

    kept = thinned(fit, 1 / 9, partition, FOLDS[0], made)

    whole, part = (np.bincount(target[rows]) for rows in (fit, kept))
    assert np.all(np.abs(part - whole / 9) < 1.0)


def test_a_ninth_of_rows_in_time_order_is_spread_over_all_of_their_time():
    made = layout(time="t")
    partition = set_aside(made, rows=9000)
    fit = rows_of(partition, FOLDS[0], made).fit

    kept = thinned(fit, 1 / 9, partition, FOLDS[0], made)

    tenths = np.histogram(kept, bins=10, range=(fit[0], fit[-1]))[0]
    assert tenths.max() - tenths.min() <= 12
    assert kept.size == pytest.approx(fit.size / 9, abs=20)


def test_which_rows_are_left_follows_the_seed_and_the_fold():
    partition = set_aside(layout(), rows=900)
    fit = rows_of(partition, FOLDS[0], layout()).fit
    one, same = (thinned(fit, 1 / 3, partition, FOLDS[0], layout()) for _ in range(2))
    others = [
        thinned(fit, 1 / 3, partition, FOLDS[0], layout(seed=8)),
        thinned(fit, 1 / 3, partition, FOLDS[1], layout()),
    ]

    assert np.array_equal(one, same)
    assert not any(np.array_equal(one, other) for other in others)
