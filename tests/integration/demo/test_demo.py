"""The bundled demo is what its README says it is."""

import tomllib
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from auditor import demo
from auditor.demo.model import build

FOLDER = Path(demo.__file__).parent
README = (FOLDER / "README.md").read_text()


@pytest.fixture(scope="module")
def rows():
    return pq.read_table(FOLDER / "flights.parquet")


def test_the_rows_are_those_that_the_readme_describes(rows):
    assert f"{rows.num_rows:,}".replace(",", " ") in README
    assert f"{(FOLDER / 'flights.parquet').stat().st_size:,}".replace(",", " ") in README
    assert all(f"`{name}`" in README for name in rows.column_names)
    assert "23.6 %" in README
    assert pc.mean(rows["late"]).as_py() == pytest.approx(0.236, abs=5e-4)


def test_the_rows_are_in_order_of_time_and_none_is_missing(rows):
    times = rows["ts"].to_numpy()
    assert (times[1:] >= times[:-1]).all()
    assert sum(column.null_count for column in rows.columns) == 0


def test_the_file_is_small_enough_to_ship():
    assert (FOLDER / "flights.parquet").stat().st_size < 450_000


def test_copying_makes_a_project_whose_schedule_names_the_rows_relative_to_it(tmp_path):
    folder = tmp_path / "new" / "folder"
    schedule = demo.copy_demo(folder)
    assert schedule.parent == folder / "schedules"
    source = tomllib.loads(schedule.read_text())["data"]["source"]
    assert (folder / source).read_bytes() == (FOLDER / "flights.parquet").read_bytes()


def test_production_runs_what_the_readme_says_that_january_chose():
    schedule = tomllib.loads((FOLDER / "flight-delays.toml").read_text())
    assert str(schedule["production"]) in README


def test_the_model_takes_every_setting_that_is_searched():
    schedule = tomllib.loads((FOLDER / "flight-delays.toml").read_text())
    assert set(schedule["search"]) == set(schedule["production"])
    build().set_params(**schedule["production"])
