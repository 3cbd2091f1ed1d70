"""The demo of networks: the same rows for everyone, which come in day after day."""

import tomllib
from pathlib import Path

import pandas as pd
import pytest
from sklearn.datasets import load_digits

from auditor.demo.digits import (
    FIRST_DAYS,
    LAST_DAY,
    MORE_DAYS,
    PER_DAY,
    SCHEDULES,
    copy_digits,
    days_there,
    rows,
)


@pytest.fixture(scope="module")
def everything() -> pd.DataFrame:
    return rows(LAST_DAY)


def test_earlier_days_are_the_beginning_of_later_ones_and_come_in_order(everything):
    pd.testing.assert_frame_equal(rows(3), everything.iloc[: 3 * PER_DAY])
    assert len(everything) == LAST_DAY * PER_DAY
    assert everything["at"].is_monotonic_increasing
    assert everything["at"].dt.normalize().value_counts().unique().tolist() == [PER_DAY]


def test_every_row_is_a_digit_moved_by_at_most_a_pixel(everything):
    images, digits = load_digits(return_X_y=True)
    brightness = sorted(zip(images.sum(axis=1), digits, strict=True))
    found = set(zip(everything.filter(like="p").sum(axis=1), everything["digit"], strict=True))
    assert found <= set(brightness)


def test_first_there_are_forty_days_and_then_some_more_until_there_are_no_more(tmp_path):
    assert days_there(tmp_path) == 0
    assert copy_digits(tmp_path, more=True) == FIRST_DAYS
    assert copy_digits(tmp_path, more=False) == days_there(tmp_path) == FIRST_DAYS
    assert copy_digits(tmp_path, more=True) == FIRST_DAYS + MORE_DAYS
    for _ in range(9):
        last = copy_digits(tmp_path, more=True)
    assert last == days_there(tmp_path) == LAST_DAY
    assert {path.stem for path in (tmp_path / "schedules").iterdir()} == set(SCHEDULES)
    assert not list(Path(tmp_path).glob(".*"))


def test_both_schedules_audit_the_same_network_and_differ_in_the_strategy_only(tmp_path):
    copy_digits(tmp_path, more=False)
    panda, caviar = (
        tomllib.loads((tmp_path / "schedules" / f"{name}.toml").read_text()) for name in SCHEDULES
    )

    assert (panda.pop("budget")["strategy"], caviar.pop("budget")["strategy"]) == ("panda", "caviar")
    assert {**panda, "model": "digits"} == {**caviar, "model": "digits"}
