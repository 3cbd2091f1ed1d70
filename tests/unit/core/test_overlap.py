"""Which rows of a fresh snapshot an older one does not hold."""

import numpy as np
import pandas as pd
import pytest

from auditor.core.overlap import first_new_row


def draws(rows, seed=0):
    return np.random.default_rng(seed).standard_normal(rows)


def days(first, count, zone=None):
    return pd.Series(pd.date_range(first, periods=count, freq="D", tz=zone)).to_numpy()


@pytest.mark.parametrize("zone", [None, "UTC"])
def test_rows_newer_than_the_newest_older_one_are_new(zone) -> None:
    then, now = days("2026-01-01", 31, zone), days("2026-01-21", 31, zone)

    assert first_new_row({"t": now}, {"t": then}, ordered=True) == 11


def test_a_zone_that_came_later_changes_nothing() -> None:
    then, now = days("2026-01-01", 31), days("2026-01-21", 31, "UTC")

    assert first_new_row({"t": now}, {"t": then}, ordered=True) == 11


def test_rows_of_the_newest_older_moment_may_be_shared() -> None:
    assert first_new_row({"t": np.array([3, 3, 4])}, {"t": np.array([1, 3])}, ordered=True) == 2


def test_times_that_cannot_be_compared_tell_nothing() -> None:
    assert first_new_row({"t": np.arange(5)}, {"t": days("2026-01-01", 5)}, ordered=True) is None


def test_a_file_that_grew_at_its_end_is_new_from_there_on() -> None:
    older, newer = draws(100), draws(50, seed=1)
    now = {"x": np.concatenate([older, newer]), "flag": np.arange(150) % 2}
    then = {"x": older, "flag": np.arange(100) % 2}

    assert first_new_row(now, then, ordered=False) == 100
    assert first_new_row({"x": newer, "flag": newer}, then, ordered=False) == 0
    assert first_new_row(then, then, ordered=False) == 100


def test_rows_that_were_drawn_anew_from_the_same_pool_share_to_the_end() -> None:
    pool, rng = draws(1000), np.random.default_rng(1)
    now, then = (rng.choice(pool, 600, replace=False) for _ in range(2))

    assert first_new_row({"x": now}, {"x": then}, ordered=False) > 590


def test_a_few_rows_that_are_alike_by_chance_are_no_overlap() -> None:
    older, newer = draws(1000), draws(1000, seed=1)
    newer[-1] = older[0]

    assert first_new_row({"x": newer}, {"x": older}, ordered=False) == 0


def test_rows_that_are_mostly_alike_cannot_be_told_apart() -> None:
    coarse = np.arange(100) % 7

    assert first_new_row({"x": coarse}, {"x": coarse[:50]}, ordered=False) is None


def test_a_column_that_became_one_of_floats_is_the_same_column() -> None:
    assert first_new_row({"x": np.arange(60.0)}, {"x": np.arange(50)}, ordered=False) == 50


def test_texts_and_missing_values_tell_rows_apart_too() -> None:
    names = np.array([f"row {number}" for number in range(60)] + [None], dtype=object)

    assert first_new_row({"x": names}, {"x": names[:50]}, ordered=False) == 50
