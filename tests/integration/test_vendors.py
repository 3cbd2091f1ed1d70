"""Production's settings out of the real stores of others: MLflow, Optuna, torch, SQL."""

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from auditor.core.records import CapturedSetting, ProductionSpec, TrainerSpec, Value
from auditor.errors import CaptureError
from auditor.sources import LocalSources
from auditor.sources.lists import Found
from tests.registries import point, register

HERE = LocalSources(lambda function, *args, **_: function(*args))


def captured(
    origin: str, *, only: tuple[str, ...] | None = None, **fixed: Value
) -> dict[str, CapturedSetting]:
    trainer = TrainerSpec(kind="sklearn", entry="shop.model:build", fixed=fixed)
    found = HERE.production(ProductionSpec(origin=origin, only=only), trainer)
    return {setting.name: setting for setting in found}


def values(origin: str, **options: Any) -> dict[str, Value]:
    return {name: one.value for name, one in captured(origin, **options).items()}


def complaint(origin: str, **options: Any) -> str:
    with pytest.raises(CaptureError) as caught:
        values(origin, **options)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


# ---------------------------------------------------------------- MLflow


PARAMETERS = {
    "max_depth": "None",
    "layers": "2",
    "solver": "adam",
    "missing_values": "nan",
    "steps": "[('scale', StandardScaler()), ('tree', Tree(depth=3))]",
}


@pytest.fixture(scope="module")
def registry(mlflow_address: str) -> Iterator[str]:
    """A registered model of several versions, and the variable that says where."""
    for rate in ("1e-3", "0.01"):
        register(mlflow_address, "late", {"learning_rate": rate, **PARAMETERS})
    register(mlflow_address, "late", {})
    register(mlflow_address, "late", None)
    register(mlflow_address, "late", None, {"alpha": "0.5", "mlflow.source": "x"})
    register(mlflow_address, "late", {"hidden_layer_sizes": "(100, 50)", "alpha": "1e-4"})
    point(mlflow_address, "late", "champion", "1")
    point(mlflow_address, "late", "challenger", "2")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MLFLOW_TRACKING_URI", mlflow_address)
        yield mlflow_address


class TestMlflow:
    def test_an_alias_leads_to_the_parameters_of_a_run(self, registry: str) -> None:
        found = captured("mlflow:models:/late@champion", layers=2)

        assert {name: (one.value, one.raw) for name, one in found.items()} == {
            "learning_rate": (0.001, "1e-3"),
            "max_depth": (None, "None"),
            "solver": ("adam", "adam"),
        }
        assert found["solver"].origin == "mlflow:models:/late@champion (version 1)"

    def test_an_alias_that_was_moved_leads_elsewhere(self, registry: str) -> None:
        from mlflow import MlflowClient

        client = MlflowClient()
        assert values("mlflow:models:/late@challenger")["learning_rate"] == 0.01
        client.set_registered_model_alias("late", "challenger", "1")
        assert values("mlflow:models:/late@challenger")["learning_rate"] == 0.001

    def test_a_version_and_a_run_may_be_named(self, registry: str) -> None:
        from mlflow import MlflowClient

        run = MlflowClient().get_model_version("late", "2").run_id

        assert values("mlflow:models:/late/2")["learning_rate"] == 0.01
        assert captured(f"mlflow:runs:/{run}")["learning_rate"].origin == f"mlflow:runs:/{run} (run {run})"

    def test_a_version_without_a_run_is_read_by_its_own_tags(self, registry: str) -> None:
        found = captured("mlflow:models:/late/5")

        assert {name: one.value for name, one in found.items()} == {"alpha": 0.5}
        assert found["alpha"].origin == "mlflow:models:/late/5 (version 5, its tags)"

    def test_a_version_of_a_logged_model_is_read_by_what_was_logged_with_it(self, registry: str) -> None:
        from mlflow import MlflowClient

        client = MlflowClient()
        logged = client.create_logged_model("0", name="late", params={"alpha": "0.25"})
        made = client.create_model_version("late", f"models:/{logged.model_id}", model_id=logged.model_id)

        found = captured(f"mlflow:models:/late/{made.version}")

        assert {name: one.value for name, one in found.items()} == {"alpha": 0.25}
        assert found["alpha"].origin.endswith(f"(version {made.version}, its logged model)")

    def test_a_list_that_was_logged_is_as_many_settings(self, registry: str) -> None:
        assert values("mlflow:models:/late/6") == {
            "hidden_layer_sizes[0]": 100, "hidden_layer_sizes[1]": 50, "alpha": 1e-4
        }  # fmt: skip

    def test_the_latest_audit_has_the_word_and_a_broken_tag_is_told(self, registry: str) -> None:
        advice = {"auditor.audit-2": '{"alpha": 0.3, "solver": "1"}', "auditor.audit-10": '{"alpha": 0.2}'}
        told = register(registry, "told", {"alpha": "1", "depth": "4", "solver": "lbfgs"}, advice)
        broken = register(registry, "told", {"alpha": "1"}, {"auditor.audit-2": "alpha=3"})

        assert values(f"mlflow:models:/told/{told}") == {"alpha": 0.2, "depth": 4, "solver": "1"}
        assert "its tag 'auditor.audit-2' is no JSON object of settings" in complaint(
            f"mlflow:models:/told/{broken}"
        )

    def test_only_what_is_asked_for_is_taken(self, registry: str) -> None:
        assert values("mlflow:models:/late/2", only=("learning_rate",)) == {"learning_rate": 0.01}
        assert "production.only names momentum; there are: layers, learning_rate" in complaint(
            "mlflow:models:/late/2", only=("momentum",)
        )

    @pytest.mark.parametrize(
        ("rest", "said"),
        [
            ("models:/late@chamipon", "alias chamipon not found"),
            ("models:/lte@champion", "Registered Model with name=lte not found"),
            ("models:/late/9", "not found"),
            ("models:/late", "write mlflow:models:/NAME@ALIAS"),
            ("runs:/0123", "not found"),
            ("models:/late/3", "has logged no parameters"),
            ("models:/late/4", "neither parameters nor tags tell its settings; tag it with them"),
        ],
    )
    def test_what_is_missing_is_told(self, registry: str, rest: str, said: str) -> None:
        assert said.lower() in complaint(f"mlflow:{rest}").lower()

    def test_a_server_that_is_down_is_told_soon(self, registry: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:1")
        monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1")

        assert complaint("mlflow:models:/late@champion").endswith("cannot be reached")

    def test_nowhere_to_ask_is_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)

        assert "set MLFLOW_TRACKING_URI" in complaint("mlflow:models:/late@champion")


# ---------------------------------------------------------------- Optuna


def _storage(kind: str) -> tuple[Any, str]:
    import optuna
    from optuna.storages.journal import JournalFileBackend

    if kind == "journal":
        return optuna.storages.JournalStorage(JournalFileBackend("study.log")), "optuna:journal:study.log"
    return "sqlite:///study.db", "optuna:sqlite:///study.db"


@pytest.fixture(params=["sqlite", "journal"])
def study(request: pytest.FixtureRequest) -> tuple[Any, str]:
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    storage, origin = _storage(request.param)
    made = optuna.create_study(storage=storage, study_name="late", direction="minimize")
    ranges = {
        "lr": optuna.distributions.FloatDistribution(1e-5, 1.0, log=True),
        "depth": optuna.distributions.IntDistribution(1, 9),
        "penalty": optuna.distributions.CategoricalDistribution(("1", "l2", None, True)),
    }
    for number, penalty in enumerate(("l2", "1", None)):
        params = {"lr": 0.1 / (number + 1), "depth": number + 1, "penalty": penalty}
        made.add_trial(
            optuna.trial.create_trial(params=params, distributions=ranges, value=abs(number - 1.0))
        )
    return storage, origin


class TestOptuna:
    def test_the_best_trial_is_what_production_runs(self, study: tuple[Any, str]) -> None:
        found = captured(f"{study[1]}#late")

        assert {name: one.value for name, one in found.items()} == {"lr": 0.05, "depth": 2, "penalty": "1"}
        assert found["lr"].origin == f"{study[1]}#late (trial 1)"
        assert values(study[1]) == values(f"{study[1]}#late")

    def test_a_study_that_is_not_there_is_told_which_are(self, study: tuple[Any, str]) -> None:
        import optuna

        assert complaint(f"{study[1]}#lte").endswith("no study 'lte'; there are: late")
        optuna.create_study(storage=study[0], study_name="empty")
        assert complaint(study[1]).endswith("name a study after '#'; there are: empty, late")
        assert "no trial of the study has finished" in complaint(f"{study[1]}#empty")

    def test_two_objectives_have_no_best_trial(self, study: tuple[Any, str]) -> None:
        import optuna

        optuna.create_study(storage=study[0], study_name="two", directions=["minimize", "maximize"])

        assert "2 objectives, and so no best trial" in complaint(f"{study[1]}#two")

    @pytest.mark.parametrize("rest", ["sqlite:///absent.db#late", "journal:absent.log#late"])
    def test_no_storage_is_made_where_there_is_none(self, rest: str, here: Path) -> None:
        assert "no file 'absent" in complaint(f"optuna:{rest}")
        assert list(here.iterdir()) == []

    def test_a_password_is_nowhere(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("STUDY_PASSWORD", "s3cret")

        said = complaint("optuna:postgresql+psycopg://ann:${STUDY_PASSWORD}@127.0.0.1:1/studies#late")

        assert "cannot be read" in said
        assert "s3cret" not in said
        assert "'STUDY_WORD', which is not set" in complaint("optuna:postgresql://ann:${STUDY_WORD}@h/s#late")


# ---------------------------------------------------------------- torch


@pytest.fixture
def checkpoint() -> str:
    module = torch.nn.Linear(3, 1)
    optimizer = torch.optim.AdamW(
        [
            {"params": [module.weight], "weight_decay": 0.01},
            {"params": [module.bias], "weight_decay": 0.0},
        ],
        lr=3e-4,
        betas=(0.9, 0.95),
    )
    torch.save(
        {
            "epoch": 7,
            "optimizer": optimizer.state_dict(),
            "model": module.state_dict(),
            "hyper_parameters": {"hidden": [64, 32], "dropout": torch.tensor(0.5), "act": "relu"},
            "optimizer_states": [torch.optim.SGD(module.parameters(), lr=0.1, momentum=0.9).state_dict()],
        },
        "model.pt",
    )
    return "torch:model.pt"


class TestTorch:
    def test_an_optimiser_tells_what_it_is_set_to(self, checkpoint: str) -> None:
        found = values(checkpoint)

        assert (found["lr"], found["beta1"], found["beta2"], found["eps"]) == (3e-4, 0.9, 0.95, 1e-8)
        assert (found["weight_decay.0"], found["weight_decay.1"]) == (0.01, 0.0)
        assert found["amsgrad"] is False
        assert not {"params", "fused", "foreach"} & set(found)

    def test_a_learning_rate_that_was_lowered_in_training_is_the_one_that_was_set(self) -> None:
        optimizer = torch.optim.SGD(torch.nn.Linear(2, 1).parameters(), lr=0.1)
        decay = torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.1)
        optimizer.step()
        decay.step()
        torch.save({"optimizer": optimizer.state_dict()}, "decayed.pt")

        assert optimizer.param_groups[0]["lr"] == pytest.approx(0.01)
        assert values("torch:decayed.pt")["lr"] == 0.1

    def test_another_part_may_be_named(self, checkpoint: str) -> None:
        assert values(f"{checkpoint}#hyper_parameters") == {
            "hidden[0]": 64,
            "hidden[1]": 32,
            "dropout": 0.5,
            "act": "relu",
        }
        assert values(f"{checkpoint}#optimizer_states")["momentum"] == 0.9

    def test_a_checkpoint_is_never_unpickled(self, here: Path) -> None:
        class Bomb:
            def __reduce__(self) -> tuple[Any, tuple[str]]:
                return (os.system, ("touch exploded",))

        torch.save({"optimizer": Bomb()}, "bomb.pt")

        assert "cannot be opened without unpickling it" in complaint("torch:bomb.pt")
        assert not (here / "exploded").exists()

    @pytest.mark.parametrize(
        ("rest", "said"),
        [
            ("absent.pt", "no file 'absent.pt'"),
            (
                "model.pt#optimiser",
                "no 'optimiser' in the checkpoint; there are: epoch, hyper_parameters, model",
            ),
            ("model.pt#epoch", "must lead to an optimiser or a dictionary, got int"),
            ("model.pt#epoch/3", "no '3' in the checkpoint; there are: a int"),
            ("weights.pt", "holds the weights alone and no settings"),
            ("named.pt", "name a key after '#'; there are: epoch, model"),
            ("whole.pt", "it holds more than tensors and plain values; save state_dict()"),
            ("cut.pt", "is cut short"),
        ],
    )
    def test_what_is_missing_is_told(self, checkpoint: str, rest: str, said: str) -> None:
        module = torch.nn.Linear(2, 1)
        torch.save(module.state_dict(), "weights.pt")
        torch.save({"epoch": 3, "model": module.state_dict()}, "named.pt")
        torch.save(module, "whole.pt")
        Path("cut.pt").write_bytes(Path("model.pt").read_bytes()[:-300])

        assert said in complaint(f"torch:{rest}")


# ---------------------------------------------------------------- SQL


@pytest.fixture
def shop() -> str:
    with sqlite3.connect("shop.db") as connection:
        connection.execute("CREATE TABLE params (model, name, value)")
        rows = [("late", "lr", "1e-3"), ("late", "depth", 6), ("late", "fair", "true"), ("churn", "lr", 0.5)]
        connection.executemany("INSERT INTO params VALUES (?, ?, ?)", rows)
        connection.execute("CREATE TABLE wide (lr REAL, depth INTEGER)")
        connection.execute("INSERT INTO wide VALUES (0.25, 3)")
    connection.close()
    return "sql:sqlite:///shop.db#"


class TestSql:
    def test_rows_of_a_name_and_a_value(self, shop: str) -> None:
        query = "SELECT name, CAST(value AS TEXT) FROM params WHERE model = 'late'"

        assert values(shop + query) == {"lr": 0.001, "depth": 6, "fair": True}

    def test_one_row_of_settings(self, shop: str) -> None:
        query = "SELECT * FROM wide"

        assert values(shop + query) == {"lr": 0.25, "depth": 3}

    def test_one_setting_by_its_name(self, shop: str) -> None:
        query = "SELECT name, value FROM params WHERE model = 'churn'"

        assert values(shop + query) == {"lr": 0.5}

    @pytest.mark.parametrize(
        ("rest", "said"),
        [
            ("SELECT * FROM params WHERE model = 'late' AND name <> 'depth'", "got 2 rows of 3 columns"),
            ("SELECT 'lr' AS name, 1 AS value UNION ALL SELECT 'lr', 2", "more than one value for lr"),
            ("SELECT * FROM parms", "the query failed"),
            ("SELECT * FROM wide WHERE lr > 1", "the query gives no rows"),
            ("", "write the query after '#'"),
        ],
    )
    def test_what_is_wrong_is_told(self, shop: str, rest: str, said: str) -> None:
        assert said in complaint(shop + rest)

    def test_no_database_is_made_where_there_is_none(self, here: Path) -> None:
        assert "no such file" in complaint("sql:sqlite:///absent.db#SELECT 1")
        assert list(here.iterdir()) == []


@pytest.mark.parametrize(
    "origin", ["mlflow:runs:/1", "optuna:sqlite:///s.db#s", "torch:m.pt", "sql:u#q", "joblib:m"]
)
def test_vendors_are_asked_where_user_code_may_run_and_with_a_limit_of_time(origin: str) -> None:
    asked: list[tuple[Any, ...]] = []

    def call(function: Any, *args: Any, **limits: float) -> Found:
        asked.append((function.__module__, *args))
        return Found((CapturedSetting(name="lr", raw="1", value=1, origin=origin),))

    LocalSources(call).production(
        ProductionSpec(origin=origin),
        TrainerSpec(kind="sklearn", entry="shop.model:build", fixed={"depth": 3}),
    )

    of_file = origin == "joblib:m"
    module = "auditor.sources.artefacts" if of_file else "auditor.sources.vendors"
    assert asked == [(module, *origin.split(":", 1), ("depth",), *([False] if of_file else []))]
