"""``auditor init``: what a newcomer has at hand becomes a schedule that an audit can run."""

import os
import pty
import re
import sys
import tomllib

import joblib
import numpy as np
import pandas as pd
import psutil
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from tests.acceptance.conftest import wait_until


@pytest.fixture
def churn(project):
    chance = np.random.default_rng(0)
    rows = 1200
    frame = pd.DataFrame(
        {
            "customer_id": np.arange(rows),
            "day": pd.date_range("2025-01-01", periods=rows, freq="h").strftime("%Y-%m-%d"),
            "calls": chance.poisson(3, rows),
            "plan": chance.choice(["a", "b", "c"], rows),
            "spend": chance.normal(50, 20, rows),
        }
    )
    frame["churned"] = (chance.random(rows) < 1 / (1 + np.exp(3 - frame["calls"]))).astype(int)
    frame.to_csv(project.folder / "churn.csv", index=False)
    return frame


def schedule(project, name="churn"):
    return tomllib.loads((project.folder / "schedules" / f"{name}.toml").read_text())


def test_a_data_file_alone_is_enough(project, churn):
    ran = project.run("init", "churn", "--data", "churn.csv")

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines()[-1] == "next: read schedules/churn.toml, then `auditor run churn`"
    made = schedule(project)
    assert made["data"] == {
        "source": "churn.csv", "target": "churned", "time": "day", "drop": ["customer_id"]
    }  # fmt: skip
    assert made["trainer"]["estimator"] == "sklearn.ensemble:HistGradientBoostingClassifier"
    assert set(made["search"]) == {
        "learning_rate", "max_leaf_nodes", "min_samples_leaf", "l2_regularization"
    }  # fmt: skip
    assert not (project.folder / "vault").exists()


def test_a_saved_pipeline_is_audited_as_it_is(project, churn):
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.5))
    joblib.dump(model.fit(churn[["calls", "spend"]], churn["churned"]), project.folder / "model.joblib")

    ran = project.run("init", "churn", "--data", "churn.csv", "--from", "model.joblib")

    assert (ran.code, ran.err) == (0, "")
    made = schedule(project)
    assert made["production"] == {"from": "joblib:model.joblib", "trusted": True}
    assert made["data"]["drop"] == ["customer_id", "plan"]
    assert list(made["search"]) == ["logisticregression__C"]
    assert made["trainer"]["estimator"] == "churn_model:build"
    assert (project.folder / "churn_model.py").is_file()


def test_at_a_real_terminal_it_asks_and_ctrl_c_leaves_nothing_behind(project, churn):
    model = LogisticRegression(C=0.5).fit(churn[["calls", "spend"]], churn["churned"])
    joblib.dump(model, project.folder / "model.joblib")

    stopped = at_terminal(project, ["init", "churn", "--data", "churn.csv"], ["\x03"])
    assert stopped == 130
    assert not list(project.folder.glob("schedules/*"))

    answers = ["model.joblib\n", "\n", "none\n"]  # what production runs; the proposed target; no time
    assert at_terminal(project, ["init", "churn", "--data", "churn.csv", "--no-check"], answers) == 0
    made = schedule(project)
    assert made["production"] == {"from": "joblib:model.joblib", "trusted": True}
    assert made["when"]["production"] is True
    assert "time" not in made["data"]


def at_terminal(project, arguments, answers):
    """Run a command on a pseudo-terminal, type an answer at each prompt, and return its exit code."""
    process, terminal = pty.fork()
    if process == 0:
        os.chdir(project.folder)
        command = [sys.executable, "-m", "auditor", *arguments]
        os.execve(command[0], command, project.environment())  # noqa: S606 - ours
    said = b""
    try:
        while True:
            said += os.read(terminal, 4096)
            if answers and re.search(rb"\]: $", said):
                # Nobody types faster; between prompt and read, Python would keep Ctrl-C until another key.
                wait_until(lambda: psutil.Process(process).status() == psutil.STATUS_SLEEPING)
                os.write(terminal, answers.pop(0).encode())
                said = b""
    except OSError:  # the other end is closed
        os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
