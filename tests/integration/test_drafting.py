"""``auditor init`` in this process: what is drafted, asked and refused."""

import io
import sys
import tomllib
import warnings
from dataclasses import dataclass
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.neural_network import MLPClassifier

from auditor import cli
from tests.registries import point, register

COLUMNS = ("calls", "spend")
AVERAGED = ("lr", "beta1", "beta2", "eps")


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AUDITOR_EXECUTOR", "inline")
    chance = np.random.default_rng(0)
    rows = 600
    frame = pd.DataFrame(
        {
            "customer_id": np.arange(rows),
            "day": pd.date_range("2025-01-01", periods=rows, freq="h").strftime("%Y-%m-%d"),
            "calls": chance.poisson(3, rows),
            "plan": chance.choice(["a", "b", "c"], rows),
            "spend": chance.normal(50, 20, rows),
            "churned": chance.random(rows) < 0.3,
        }
    )
    frame.to_csv("churn.csv", index=False)
    return tmp_path


@pytest.fixture
def init(folder, monkeypatch, capsys):
    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["auditor", "init", *arguments])
        with pytest.raises(SystemExit) as left:
            cli.main()
        said = capsys.readouterr()
        return Ran(int(left.value.code or 0), said.out, said.err)

    return run


def schedule(name="churn"):
    return tomllib.loads(Path(f"schedules/{name}.toml").read_text())


def test_a_schedule_that_is_there_is_never_written_over_unasked(init):
    mine = Path("schedules/churn.toml")
    mine.parent.mkdir()
    mine.write_text("# mine\n")

    refused = init("churn", "--data", "churn.csv")
    forced = init("churn", "--data", "churn.csv", "--force", "--no-check")

    assert refused.code == 2
    assert "is there already; --force writes over it" in refused.err
    assert forced.code == 0
    assert "# mine" not in mine.read_text()


def test_a_module_that_is_there_is_never_written_over_unasked(init):
    from sklearn.pipeline import make_pipeline

    joblib.dump(make_pipeline(RandomForestClassifier()), "model.joblib")
    Path("churn_model.py").write_text("# mine\n")

    ran = init("churn", "--data", "churn.csv", "--from", "model.joblib", "--no-check")

    assert ran.code == 2
    assert "churn_model.py is there already" in ran.err
    assert not Path("schedules").exists()


def test_a_saved_estimator_needs_no_module_and_keeps_to_its_columns(init):
    model = RandomForestClassifier(5, min_samples_leaf=3)
    rows = pd.read_csv("churn.csv")
    joblib.dump(model.fit(rows[[*COLUMNS]], rows["churned"]), "model.pkl")

    ran = init("churn", "--data", "churn.csv", "--from", "model.pkl", "--no-check", "--json")

    assert '"module": null' in ran.out
    assert schedule()["trainer"]["estimator"] == "sklearn.ensemble:RandomForestClassifier"
    assert schedule()["data"]["drop"] == ["customer_id", "plan"]


def test_rows_that_lack_a_column_of_the_saved_model_are_refused(init):
    rows = pd.read_csv("churn.csv")
    joblib.dump(
        RandomForestClassifier(5).fit(rows[[*COLUMNS]].add_prefix("old_"), rows["churned"]), "m.joblib"
    )

    ran = init("churn", "--data", "churn.csv", "--from", "m.joblib")

    assert ran.code == 2
    assert "churn.csv lacks old_calls, old_spend, which the model in m.joblib was trained on" in ran.err


def test_what_production_runs_may_be_told_by_name(init, folder):
    ran = init("churn", "--data", "churn.csv", "--estimator", "sklearn.svm:SVC", "--set", "C=3", "--no-check")

    assert ran.code == 0
    assert schedule()["production"]["C"] == 3
    assert schedule()["data"]["drop"] == ["customer_id", "plan"]
    assert schedule()["policy"]["metric"] == "zero_one"
    assert sorted(path.name for path in folder.iterdir()) == ["churn.csv", "schedules"]


def test_settings_in_a_file_stay_there(init):
    Path("params.json").write_text('{"model": {"learning_rate": 2e-3, "max_iter": 80}}')

    ran = init("churn", "--data", "churn.csv", "--from", "params.json#/model", "--no-check")

    assert ran.code == 0
    assert schedule()["production"] == {"from": "json:params.json#/model"}
    assert schedule()["search"]["learning_rate"]["low"] < 2e-3
    assert "max_iter" not in schedule()["search"]


def test_settings_that_the_proposed_model_does_not_have_ask_for_the_estimator(init):
    Path("params.json").write_text('{"depth": 4}')

    ran = init("churn", "--data", "churn.csv", "--from", "params.json")

    assert ran.code == 2
    assert "json:params.json holds depth, which HistGradientBoostingClassifier does not have" in ran.err
    assert not Path("schedules").exists()


def test_layers_of_a_saved_network_are_searched_one_by_one(init):
    model = MLPClassifier((30, 10), max_iter=5)
    rows = pd.read_csv("churn.csv")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it has not converged
        joblib.dump(model.fit(rows[[*COLUMNS]], rows["churned"]), "net.joblib")

    ran = init("churn", "--data", "churn.csv", "--from", "net.joblib", "--no-check")

    assert ran.code == 0, ran.err
    assert schedule()["search"]["hidden_layer_sizes[0]"]["high"] == 264
    assert {"learning_rate_init", "alpha", "hidden_layer_sizes[1]"} < set(schedule()["search"])


def test_weights_by_class_are_not_lost(init):
    rows = pd.read_csv("churn.csv")
    model = RandomForestClassifier(5, class_weight={False: 1, True: 4})
    joblib.dump(model.fit(rows[[*COLUMNS]], rows["churned"]), "forest.joblib")

    ran = init("churn", "--data", "churn.csv", "--from", "forest.joblib", "--no-check")

    assert ran.code == 0, ran.err
    assert schedule()["trainer"]["estimator"] == "churn_model:build"


@pytest.fixture
def network():
    import torch
    from torch import nn

    module = nn.Sequential(nn.Linear(5, 7), nn.ReLU(), nn.Linear(7, 2))
    weights, biases = [module[0].weight, module[2].weight], [module[0].bias, module[2].bias]
    groups = [{"params": weights, "weight_decay": 0.02}, {"params": biases, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=3e-3, betas=(0.8, 0.99))
    torch.save({"optimizer": optimizer.state_dict(), "model": module.state_dict()}, "model.pt")
    return module


def test_a_checkpoint_becomes_a_network_that_is_trained_and_audited_as_one(init, network):
    ran = init("churn", "--data", "churn.csv", "--from", "model.pt")

    assert ran.code == 0, ran.err
    assert "churn: ready" in ran.out
    made = schedule()
    assert made["production"] == {"from": "torch:model.pt", "only": [*AVERAGED, "amsgrad"]}
    assert made["trainer"] == {
        "kind": "torch",
        "module": "churn_network:build",
        "loss": "cross_entropy",
        "fixed": {"optimizer": "adamw", "weight_decay": 0.02, "epochs": 10, "batch_size": 32},
    }
    assert made["search"]["lr"] == {"scale": "log", "low": 1e-05, "high": 0.1}
    assert set(made["search"]) == {*AVERAGED}
    space = {}
    exec(Path("churn_network.py").read_text(), space)  # noqa: S102 - what was just drafted
    shapes = [tuple(tensor.shape) for tensor in space["build"]({}, 5, 2).state_dict().values()]
    assert shapes == [tuple(tensor.shape) for tensor in network.state_dict().values()]


def test_a_network_that_tensors_do_not_tell_is_the_owners_to_write(init):
    import torch

    optimizer = torch.optim.SGD(torch.nn.Linear(2, 1).parameters(), lr=0.1, momentum=0.9)
    torch.save(
        {"optimizer": optimizer.state_dict(), "model": torch.nn.Conv2d(1, 3, 3).state_dict()}, "model.pt"
    )

    ran = init("signs", "--data", "churn.csv", "--from", "model.pt")

    assert ran.code == 2
    assert "build() in signs_network.py has to return production's network" in ran.err
    assert "#   weight  3 x 1 x 3 x 3\n" in Path("signs_network.py").read_text()
    assert schedule("signs")["trainer"]["fixed"]["optimizer"] == "sgd"


def test_a_function_that_builds_the_network_may_be_named(init, network):
    mlp = "auditor.trainers.networks.modules:mlp"

    ran = init("churn", "--data", "churn.csv", "--module", mlp, "--set", "optimizer=sgd", "--set", "lr=0.1")

    assert ran.code == 0, ran.err
    assert schedule()["production"] == {
        "optimizer": "sgd",
        "lr": 0.1,
        "momentum": 0.0,
        "dampening": 0.0,
        "nesterov": False,
        "weight_decay": 0.0,
    }
    assert schedule()["trainer"]["module"] == mlp
    assert not Path("churn_network.py").exists()


def test_an_optimizer_that_auditor_lacks_is_told(init):
    import torch

    optimizer = torch.optim.Adagrad(torch.nn.Linear(2, 1).parameters())
    torch.save({"optimizer": optimizer.state_dict()}, "model.pt")

    ran = init("churn", "--data", "churn.csv", "--from", "model.pt")

    assert ran.code == 2
    assert "its optimizer is none of sgd, adam, adamw, rmsprop, by its settings (" in ran.err
    assert not Path("schedules").exists()


def test_the_best_trial_of_a_study_is_what_production_runs(init):
    optuna = pytest.importorskip("optuna")
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    study = optuna.create_study(storage="sqlite:///study.db", study_name="churn")
    study.enqueue_trial({"learning_rate": 0.03})
    study.optimize(lambda trial: trial.suggest_float("learning_rate", 1e-3, 1.0, log=True), n_trials=1)

    ran = init("churn", "--data", "churn.csv", "--from", "optuna:sqlite:///study.db#churn", "--no-check")

    assert ran.code == 0, ran.err
    assert schedule()["production"] == {"from": "optuna:sqlite:///study.db#churn"}
    assert list(schedule()["search"]) == ["learning_rate"]


def test_the_champion_of_a_registry_is_what_production_runs(init, monkeypatch, mlflow_address):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", mlflow_address)
    version = register(mlflow_address, "drafted", {"learning_rate": "2e-3", "max_leaf_nodes": "31"})
    point(mlflow_address, "drafted", "champion", version)

    ran = init("churn", "--data", "churn.csv", "--from", "models:/drafted@champion")

    assert ran.code == 0, ran.err
    assert schedule()["production"] == {"from": "mlflow:models:/drafted@champion"}
    assert set(schedule()["search"]) == {"learning_rate", "max_leaf_nodes"}
    assert schedule()["search"]["learning_rate"]["low"] < 2e-3


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("churn",), "say where fresh rows are"),
        (("churn", "--data", "gone.csv"), "gone.csv: no such file"),
        (("churn", "--data", "."), "is a folder, and not all in it is Parquet; name one file of it"),
        (("churn", "--data", "sqlite:///shop.db"), "is a database; say with --query which rows, as SQL"),
        (("churn", "--data", "shop.db"), "no such file"),
        (
            ("churn", "--data", "churn.csv", "--module", "a:b", "--estimator", "c:d"),
            "--module a:b builds a network",
        ),
        (("churn", "--data", "churn.csv", "--target", "churn"), "no column 'churn'; did you mean 'churned'?"),
        (("a/b", "--data", "churn.csv"), "must be 1 to 100 letters, digits"),
        (("churn", "--data", "churn.csv", "--estimator", "sklearn.svm:SVX"), "has no 'SVX'"),
        (("churn", "--data", "churn.csv", "--from", "gone.joblib"), "no file 'gone.joblib'"),
    ],
    ids=lambda value: "" if isinstance(value, tuple) else value[:20],
)
def test_what_is_wrong_is_one_clear_line_and_nothing_is_written(init, arguments, said):
    ran = init(*arguments)

    assert ran.code == 2
    assert said in ran.err
    assert not Path("schedules").exists()


def test_what_cannot_be_audited_yet_is_written_and_said(init):
    ran = init("churn", "--data", "churn.csv", "--estimator", "sklearn.svm:SVC", "--metric", "log_loss")

    assert ran.code == 2
    assert "churn.toml is written, but no audit can run yet; mend it, then `auditor check churn`" in ran.err
    assert Path("schedules/churn.toml").is_file()


def test_at_a_terminal_every_proposal_is_asked_about(init, monkeypatch):
    monkeypatch.setattr("auditor.cli.drafting.at_terminal", lambda: True)
    answers = [
        "churn.csv",  # rows
        "model.exe", "none",  # no kind of file; nothing is saved
        "churn", "churned",  # no such target; ours
        "none",  # no time
        "sklearn.svm:SVX", "",  # no such estimator; what is proposed
        "0.5", "", "", "",  # the values, the first of them our own
    ]  # fmt: skip
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join([*answers, ""])))

    ran = init("churn", "--no-check")

    assert ran.code == 0, ran.err
    assert "'model.exe' does not say what it is" in ran.out
    assert "no such column" in ran.out
    assert "has no 'SVX'" in ran.out
    assert "time" not in schedule()["data"]
    assert schedule()["production"]["l2_regularization"] == 0.5
    assert "NOBODY SAID" not in Path("schedules/churn.toml").read_text()
