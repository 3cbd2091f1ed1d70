"""A live model over days, as a user runs it: found, carried on, killed and resumed, the user's own loop."""

import shutil
import signal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.acceptance.conftest import PATIENCE, Project, wait_until

pytestmark = pytest.mark.slow

CLICKS = """
model = "clicks"

[production]
eta0 = {eta0}
alpha = 1e-4

[data]
source = "rows.parquet"
target = "clicked"
time = "at"

[trainer]
estimator = "sklearn.linear_model:SGDClassifier"
fixed = {{ loss = "log_loss", learning_rate = "constant", max_iter = 5 }}

[search.eta0]
scale = "log"
low = 1e-3
high = 1.0

[search.alpha]
scale = "log"
low = 1e-6
high = 1e-2

[policy]
metric = "log_loss"

[budget]
strategy = "panda"
turns = {turns}
"""

OWN = Path(__file__).parents[2] / "examples" / "panda"
"""Holds a training loop of one's own."""


def clicks(days: int, *, per_day: int = 400, seed: int = 1) -> pd.DataFrame:
    chance = np.random.default_rng(seed)
    weights = chance.standard_normal(12)
    features = chance.standard_normal((90 * per_day, 12))
    clicked = chance.random(90 * per_day) < 1 / (1 + np.exp(-0.8 * features @ weights))
    rows = pd.DataFrame(features, columns=[f"x{place}" for place in range(12)]).assign(
        clicked=clicked.astype(int),
        at=pd.date_range("2026-01-01", periods=90 * per_day, freq=f"{86_400 // per_day}s"),
    )
    return rows.iloc[: days * per_day]


def prepared(folder, *, eta0=0.3, turns=2, days=4) -> Project:
    project = Project(folder)
    folder.mkdir(exist_ok=True)
    project.rows(clicks(days))
    project.write("schedules/clicks.toml", CLICKS.format(eta0=eta0, turns=turns))
    return project


def told(facts):
    """What an audit says: all but when it was, and how long it took."""
    timeless = ("at", "seconds")
    turns = [{key: v for key, v in turn.items() if key not in timeless} for turn in facts["panda"]["turns"]]
    kept = {key: facts[key] for key in ("id", "call", "headline", "sentence", "gain", "settings")}
    return {**kept, "turns": turns, "trails": facts["panda"]["trails"], "live": facts["panda"]["live"]}


def test_a_spoiled_learning_rate_is_found_day_after_day_and_named(tmp_path):
    project = prepared(tmp_path, turns=15, days=60)

    first = project.run("run", "clicks", AUDITOR_EXECUTOR="inline")
    project.rows(clicks(90))
    second = project.run("run", "clicks", "--json", AUDITOR_EXECUTOR="inline")
    shown = project.run("show", "2")
    status = project.run("status")

    assert first.code in (1, 3), first.err
    assert second.code == 1, second.err
    assert [turn["number"] for turn in second.facts["panda"]["turns"]] == list(range(1, 31))
    stale = [each["name"] for each in second.facts["settings"] if each["call"] == "stale"]
    assert stale == ["eta0"]
    assert second.facts["panda"]["live"]["eta0"] < 0.3
    assert "the schedule asks for one live model" in shown.out
    assert "the live model holds: " in shown.out
    assert "eta0" in status.out
    assert list(tmp_path.glob("reports/clicks/*.html"))


HELD = """
import time
from pathlib import Path

from sklearn.linear_model import SGDClassifier


class Held(SGDClassifier):
    def partial_fit(self, *given, **options):
        while self.has_to_wait():
            time.sleep(0.005)
        return super().partial_fit(*given, **options)

    def has_to_wait(self):
        try:
            return len(list(Path("vault/checkpoints").glob("??/*"))) >= int(Path("hold").read_text())
        except FileNotFoundError:
            return False
"""
"""A model whose trainings wait once there are so many checkpoints."""


def test_a_command_killed_at_any_moment_goes_on_and_says_the_same_to_the_byte(tmp_path):
    def begun(name):
        project = prepared(tmp_path / name)
        path = project.write("held.py", HELD).parent / "schedules/clicks.toml"
        path.write_text(path.read_text().replace("sklearn.linear_model:SGDClassifier", "held:Held"))
        project.run("run", "clicks")
        project.rows(clicks(8))
        return project

    undisturbed = begun("undisturbed")
    wanted = told(undisturbed.run("run", "clicks", "--json").facts)
    models = {path.name for path in undisturbed.folder.glob("vault/checkpoints/??/*")}

    def checkpoints(project):
        return len(list(project.folder.glob("vault/checkpoints/??/*")))

    for more in (1, 3):
        project = begun(f"killed-{more}")
        at = checkpoints(project) + more
        project.write("hold", str(at))
        process = project.start("run", "clicks")
        wait_until(lambda project=project, at=at: checkpoints(project) >= at)
        process.kill()
        process.communicate(timeout=PATIENCE)
        project.let_go()

        ran = project.run("run", "clicks", "--json")

        assert process.returncode == -signal.SIGKILL
        assert told(ran.facts) == wanted
        # A file that was half written may be left, under a name that nothing looks for.
        left = {path.name for path in project.folder.glob("vault/checkpoints/??/*") if path.suffix != ".part"}
        assert left == models


def test_a_live_model_goes_on_where_a_backup_was_put_back(tmp_path):
    project = prepared(tmp_path / "here")
    first = project.run("run", "clicks", "--json", AUDITOR_EXECUTOR="inline")
    assert project.run("backup", str(tmp_path / "copy")).code == 0
    restored = Project(tmp_path / "there")
    shutil.copytree(tmp_path / "copy", restored.folder)
    restored.rows(clicks(8))
    on = restored.run("run", "clicks", "--json", AUDITOR_EXECUTOR="inline")

    turns = first.facts["panda"]["turns"], on.facts["panda"]["turns"]
    assert [turn["number"] for turn in turns[1]] == [1, 2, 3, 4]
    assert turns[1][2]["parent"] in (1, 2)
    assert turns[1][:2] == turns[0]


def test_without_fresh_rows_one_line_says_so(tmp_path):
    project = prepared(tmp_path)
    project.run("run", "clicks")

    again = project.run("run", "clicks")

    assert again.code == 2
    assert again.err.strip().splitlines()[-1].startswith("auditor: rows.parquet: has no rows since 2026-01-0")


def test_the_users_own_loop_is_carried_on_through_its_own_checkpoints(tmp_path):
    project = Project(tmp_path)
    project.rows(clicks(40))
    project.write("own.py", (OWN / "own.py").read_text())
    schedule = (OWN / "schedules" / "own.toml").read_text()
    project.write("schedules/own.toml", schedule.replace("turns    = 1", "turns = 16"))

    ran = project.run("run", "own", "--json", AUDITOR_EXECUTOR="inline")

    assert ran.code == 1, ran.err
    stale = {each["name"]: each["recommended"] for each in ran.facts["settings"] if each["call"] == "stale"}
    assert list(stale) == ["rate"]
    assert stale["rate"] < 0.5
    assert len(list(tmp_path.glob("vault/checkpoints/??/*"))) >= 17


def test_a_trainer_that_cannot_go_on_is_refused_before_anything_is_recorded(tmp_path):
    project = prepared(tmp_path)
    text = CLICKS.format(eta0=0.3, turns=1).replace(
        "sklearn.linear_model:SGDClassifier", "sklearn.ensemble:RandomForestClassifier"
    )
    text = text.replace('fixed = { loss = "log_loss", learning_rate = "constant", max_iter = 5 }', "")
    text = text.replace("eta0 = 0.3", "max_features = 0.3").replace("alpha = 1e-4", "max_samples = 0.5")
    text = text.replace("search.eta0", "search.max_features").replace("search.alpha", "search.max_samples")
    text = text.replace("high = 1e-2", "high = 1.0")
    project.write("schedules/clicks.toml", text)

    ran = project.run("run", "clicks")

    assert ran.code == 2
    assert "budget.strategy 'panda' will not do: the trainer cannot go on from a checkpoint" in ran.err
    assert "no audits yet" in project.run("log").out
