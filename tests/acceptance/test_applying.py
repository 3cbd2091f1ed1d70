"""A verdict acted upon: the next audit of the changed production measures whether it held."""

import pandas as pd
import pytest

from tests.acceptance.conftest import NEIGHBOURS

SCHEDULE = NEIGHBOURS.format(neighbours=2, margin="1%").replace('target = "y"', 'target = "y"\ntime = "day"')


@pytest.mark.slow
def test_what_was_applied_is_measured_on_rows_that_came_since(project, waves):
    frame = waves(2400, noise=1.0, seed=5)
    frame["day"] = pd.date_range("2025-01-01", periods=len(frame), freq="h")
    project.rows(frame[:1200])
    path = project.write("schedules/waves.toml", SCHEDULE)

    first = project.run("run", "waves", "--json")
    applied = project.run("apply", "1", "--yes")

    assert (first.code, applied.code) == (1, 0), (first.err, applied.err)
    recommended = {one["name"]: one["recommended"] for one in first.facts["settings"]}
    assert f"n_neighbors = {recommended['n_neighbors']}" in path.read_text()

    project.rows(frame)
    second = project.run("run", "waves", "--json")

    held = second.facts["held"]
    assert held["audit"] == 1
    assert held["worth"]["low"] > 0.0
    assert held["rows"] >= 400
    assert held["sentence"].endswith("it held.")
    page = next((project.folder / "reports" / "waves").glob("*-2.html")).read_text()
    assert "applied audit 1 on" in page
