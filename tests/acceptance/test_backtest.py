"""``auditor backtest`` as a user runs it."""

import json

import numpy as np
import pandas as pd
import pytest

from tests.acceptance.conftest import NEIGHBOURS

pytestmark = pytest.mark.slow

DAYS, ROWS, MOVES = 162, 4800, 65


def louder(seed):
    """Rows in time order, whose noise rises at a day: from then on many more neighbours are best."""
    chance = np.random.default_rng(seed)
    day = np.sort(chance.uniform(0, DAYS, ROWS))
    a, b = chance.uniform(-3.0, 3.0, (2, ROWS))
    noise = np.where(day < MOVES, 0.1, 1.0) * chance.standard_normal(ROWS)
    at = pd.Timestamp("2025-01-01", tz="UTC") + pd.to_timedelta(day, unit="D")
    return pd.DataFrame({"at": at, "a": a, "b": b, "y": np.sin(a) + 0.5 * np.cos(b) + noise})


def test_following_the_audits_of_a_past_that_changed_would_have_gained(project):
    project.rows(louder(seed=1))
    text = NEIGHBOURS.format(neighbours=7, margin="5%")
    text = text.replace('target = "y"', 'target = "y"\ntime = "at"\nwindow = "40 days"')
    text = text.replace('weights = "uniform"', 'weights = "distance"')
    project.write("schedules/waves.toml", text)

    ran = project.run("backtest", "waves", "--trials", "8", "--json")

    assert ran.code == 0, ran.err
    assert [replay["date"][:10] for replay in ran.facts["replays"]] == [
        "2025-02-11", "2025-03-13", "2025-04-12", "2025-05-12",
    ]  # fmt: skip
    calls = [replay["call"] for replay in ran.facts["replays"]]
    assert calls[0] != "stale"
    assert "stale" in calls
    assert ran.facts["followed_gain"]["low"] > 0.0
    (page,) = (project.folder / "reports" / "waves").glob("backtest-*.html")
    assert "would have lowered squared error" in page.read_text()
    assert json.loads(page.with_suffix(".json").read_text()) == ran.facts
    assert not (project.folder / "reports" / "waves" / "index.html").exists()

    again = project.run("backtest", "waves", "--trials", "8")

    assert again.code == 0, again.err
    assert "report: " in again.out
    assert "search" not in again.err  # everything was on record


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--every", "soon"), "--every must be a span"),
        (("--start", "yesterday"), "--start must be a date such as 2025-03-31, got 'yesterday'"),
        ((), "a backtest needs to know when each row came to be"),
    ],
)
def test_what_cannot_be_replayed_is_said_in_one_line(project, waves, arguments, said):
    project.rows(waves(300, noise=1.0, seed=1))
    project.write("schedules/waves.toml", NEIGHBOURS.format(neighbours=5, margin="2%"))

    ran = project.run("backtest", "waves", *arguments)

    assert ran.code == 2
    assert said in ran.err
    assert ran.err.count("\n") == 1
