"""Why settings went stale, through the command line: each cause is planted, and must be named."""

import numpy as np
import pandas as pd
import pytest

from tests.acceptance.conftest import NEIGHBOURS

pytestmark = pytest.mark.slow

MODEL = '''
"""The trainer of a project: neighbours, as many as it is told times FACTOR."""

from sklearn.neighbors import KNeighborsRegressor

FACTOR = {factor}


class Neighbours(KNeighborsRegressor):
    def fit(self, features, target):
        self.n_neighbors = min(int(self.n_neighbors * FACTOR), len(target))
        return super().fit(features, target)
'''


def rows(count, *, frequency, noise, seed):
    """Rows of a wave: the faster it is, the fewer neighbours are best; the noisier, the more."""
    chance = np.random.default_rng(seed)
    a, b = chance.uniform(-3.0, 3.0, (2, count))
    target = np.sin(frequency * a) + 0.5 * np.cos(b) + noise * chance.standard_normal(count)
    return pd.DataFrame({"a": a, "b": b, "y": target})


def scheduled(project, *, neighbours, margin="2%"):
    project.write("schedules/waves.toml", NEIGHBOURS.format(neighbours=neighbours, margin=margin))


def captured(project):
    ran = project.run("capture", "waves", "--json")
    assert ran.code == 0, ran.err
    assert ran.facts["snapshot"]


def audited(project, *, code=1):
    ran = project.run("run", "waves", "--json")
    assert ran.code == code, (ran.err, ran.facts["sentence"])
    return ran.facts


def test_data_whose_optimum_moved_is_the_cause_and_retraining_alone_is_told_apart(project):
    project.rows(rows(2000, frequency=3.0, noise=0.2, seed=1))
    scheduled(project, neighbours=6)
    captured(project)

    project.rows(rows(2000, frequency=1.0, noise=1.0, seed=2))
    facts = audited(project)

    assert facts["cause"]["call"] == "data", facts["cause"]["sentence"]
    assert facts["cause"]["gain_then"]["estimate"] < 0.0 < facts["cause"]["gain_now"]["low"]
    assert facts["cause"]["fitted_rows"] == 1200
    assert facts["retrain_gain"]["low"] > 0.0
    assert facts["canary"]["call"] == "unknown"
    assert facts["spent"]["explain_trials"] == 1 + 4 + 24


def test_settings_that_were_never_right_are_said_to_be_never_tuned(project):
    project.rows(rows(2000, frequency=1.0, noise=1.0, seed=1))
    scheduled(project, neighbours=3)
    captured(project)

    project.rows(rows(2000, frequency=1.0, noise=1.0, seed=2))
    facts = audited(project)

    assert facts["cause"]["call"] == "never tuned", facts["cause"]["sentence"]
    assert facts["retrain_gain"]["low"] <= 0.0 <= facts["retrain_gain"]["high"]


def test_a_sample_that_grew_tenfold_is_the_cause_when_the_law_stayed(project):
    everything = rows(6000, frequency=1.0, noise=1.5, seed=1)
    project.rows(everything[:400])
    scheduled(project, neighbours=25, margin="2%")
    captured(project)

    project.rows(everything)
    facts = audited(project)

    assert facts["cause"]["call"] == "size", facts["cause"]["sentence"]
    assert facts["cause"]["reference"]["first_row"] == 400


def test_code_that_changes_the_outcome_changes_the_canary_and_is_listed(project):
    project.rows(rows(1500, frequency=1.0, noise=1.0, seed=1))
    project.write("shop.py", MODEL.format(factor=1))
    scheduled(project, neighbours=40, margin="3%")
    schedule = project.folder / "schedules/waves.toml"
    schedule.write_text(
        schedule.read_text().replace("sklearn.neighbors:KNeighborsRegressor", "shop:Neighbours")
    )
    first = project.run("run", "waves", "--json")
    assert first.facts["canary"]["deterministic"] is True, first.err

    same = project.run("run", "waves", "--json").facts["canary"]
    project.write("shop.py", MODEL.format(factor=0.1))
    facts = audited(project)

    assert (same["call"], same["found"]) == ("same", same["expected"])
    assert facts["canary"]["call"] == "changed"
    assert facts["canary"]["found"] > facts["canary"]["expected"]
    assert facts["cause"]["call"] == "environment"
    assert "source of the trainer" in facts["cause"]["sentence"]
    assert "source of the trainer" in [change["what"] for change in facts["code_changes"]]


def test_a_trainer_that_draws_its_own_chance_is_recognised_by_the_spread_of_its_runs(project):
    project.rows(rows(600, frequency=1.0, noise=1.0, seed=1))
    restless = MODEL.replace(
        "return super().fit(features, target)",
        "return super().fit(features, [value + 0.1 * chance.gauss(0.0, 1.0) for value in target])",
    ).replace(
        "        self.n_neighbors =",
        """        with open("trained", "a") as trained:  # another chance each time, whatever the seed
            trained.write("x")
            chance = random.Random(trained.tell())
        self.n_neighbors =""",
    )
    restless = restless.replace("from sklearn", "import random\n\nfrom sklearn")
    project.write("shop.py", restless.format(factor=1))
    scheduled(project, neighbours=20, margin="5%")
    schedule = project.folder / "schedules/waves.toml"
    schedule.write_text(
        schedule.read_text().replace("sklearn.neighbors:KNeighborsRegressor", "shop:Neighbours")
    )

    run, one_by_one = ("run", "waves", "--trials", "6", "--json"), {"AUDITOR_EXECUTOR": "inline"}
    first = project.run(*run, **one_by_one).facts["canary"]
    second = project.run(*run, **one_by_one).facts["canary"]
    project.write("shop.py", restless.format(factor=0.05))
    third = project.run(*run, **one_by_one).facts["canary"]

    assert (first["deterministic"], first["replays"]) == (False, 8)
    assert (second["call"], third["call"]) == ("same", "changed")
