"""Secrets of ours reach no process in which user code runs: looked for where such a process can look."""

import numpy as np
import pandas as pd

SECRETS = {
    "AUDITOR_TOKEN": "s3cret-token",
    "AUDITOR_NOTIFY": "smtp://ann:s3cret-mail@mail.invalid?from=a@b.org&to=c@d.org",
    "AUDITOR_NOTIFY_SECRET": "s3cret-signature",
}
SPY = '''\
import os
from pathlib import Path

import pandas as pd


def look(name):
    """Write down what this process was started with, and what it holds now."""
    started = Path("/proc/self/environ").read_text(errors="replace") if Path("/proc").is_dir() else ""
    Path(f"{name}.seen").write_text(started + repr(dict(os.environ)))


def settings():
    look("settings")
    return {"learning_rate": 0.1}


def rows():
    look("rows")
    return pd.read_parquet("rows.parquet")


def train(settings, fit_rows, score_rows, seed, fidelity):
    look("train")
    return [settings["learning_rate"]] * len(score_rows)
'''
OWN = """\
model = "own"

[production]
from = "python:spy:settings"

[data]
source = "spy:rows"
target = "y"

[trainer]
kind = "python"
function = "spy:train"

[policy]
metric = "squared_error"
"""


def test_no_secret_of_ours_reaches_user_code(project):
    chance = np.random.default_rng(0)
    project.rows(pd.DataFrame({"x": chance.normal(size=300), "y": chance.normal(size=300)}))
    project.write("spy.py", SPY)
    project.write("schedules/own.toml", OWN)
    database = f"sqlite:///{project.folder}/s3cret.db"

    ran = project.run("check", "own", AUDITOR_DATABASE_URL=database, SHOP_SETTING="mine", **SECRETS)

    assert ran.code == 0, ran.err
    for name in ("settings", "rows", "train"):
        seen = (project.folder / f"{name}.seen").read_text()
        assert "SHOP_SETTING" in seen  # it did look, and the user's own variables are there
        assert "s3cret" not in seen
        assert "AUDITOR_" not in seen
