"""``auditor init``: what a newcomer has at hand becomes a schedule that an audit can run."""

import tomllib

import joblib
import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


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
