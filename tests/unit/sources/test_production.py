import logging
import sys
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest

from auditor.core.records import Config, ProductionSpec, TrainerSpec, Value
from auditor.errors import CaptureError
from auditor.sources import LocalSources

TRUSTED = True
SOURCES = LocalSources(lambda function, *args, **_: function(*args))


class Estimator:
    """Has parameters, as scikit-learn's estimators do."""

    def __init__(self, **parameters: Any) -> None:
        self.parameters = parameters

    def get_params(self) -> dict[str, Any]:
        return self.parameters


def captured(origin: str | None, *, inline: Config | None = None, fixed: Config | None = None):
    trainer = TrainerSpec(kind="sklearn", entry="shop.model:build", fixed=fixed or {})
    found = SOURCES.production(ProductionSpec(inline=inline or {}, origin=origin, trusted=TRUSTED), trainer)
    return {setting.name: setting for setting in found}


def values(origin: str | None, **options: Any) -> dict[str, Value]:
    return {name: setting.value for name, setting in captured(origin, **options).items()}


def complaint(origin: str) -> str:
    with pytest.raises(CaptureError) as caught:
        values(origin)
    return str(caught.value)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def test_settings_in_the_schedule_are_taken_as_they_are():
    found = captured(None, inline={"lr": 1e-4, "kernel": "1", "depth": None, "fair": True})

    assert {name: (one.value, one.raw) for name, one in found.items()} == {
        "lr": (1e-4, "0.0001"),
        "kernel": ("1", "1"),
        "depth": (None, "null"),
        "fair": (True, "true"),
    }


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("params.json", '{"model": {"lr": 1e-4, "depth": "6", "loss": "log", "fair": true, "seed": null}}'),
        ("params.yaml", "model: {lr: 1e-4, depth: 6, loss: log, fair: true, seed: null}"),
        ("params.toml", '[model]\nlr = 1e-4\ndepth = 6\nloss = "log"\nfair = true\nseed = "None"'),
    ],
)
def test_a_file_gives_the_object_that_its_pointer_leads_to(here, name, text):
    (here / name).write_text(text)
    origin = f"{name.partition('.')[2]}:{name}#/model"

    found = captured(origin)

    assert {name: one.value for name, one in found.items()} == {
        "lr": 1e-4,
        "depth": 6,
        "loss": "log",
        "fair": True,
        "seed": None,
    }
    assert found["lr"].raw == "1e-4"
    assert found["lr"].origin == origin


def test_settings_in_the_schedule_override_those_of_the_origin(here):
    (here / "p.json").write_text('{"lr": 0.1, "depth": 3}')

    found = captured("json:p.json", inline={"lr": 0.2})

    assert {name: (one.value, one.origin) for name, one in found.items()} == {
        "lr": (0.2, "schedule"),
        "depth": (3, "json:p.json"),
    }


def test_fixed_settings_are_left_out(here):
    (here / "p.json").write_text('{"lr": 0.1, "verbose": 1}')

    assert values("json:p.json", fixed={"verbose": 0}) == {"lr": 0.1}


def test_nested_objects_and_lists_are_left_out_and_told(here, caplog):
    (here / "p.json").write_text('{"lr": 0.1, "layers": [[1], 2], "optimiser": {"beta": 0.9}}')

    with caplog.at_level(logging.WARNING):
        assert values("json:p.json") == {"lr": 0.1}

    assert "layers, optimiser" in caplog.text


def test_each_part_of_a_short_list_is_a_setting(here):
    (here / "p.json").write_text('{"layers": [100, 50], "names": ["a", "b"], "none": [], "pair": [1, null]}')

    assert values("json:p.json") == {
        "layers[0]": 100,
        "layers[1]": 50,
        "names[0]": "a",
        "names[1]": "b",
    }
    assert values("json:p.json", fixed={"layers[0]": 1, "layers[1]": 2}).keys() == {"names[0]", "names[1]"}


def test_a_prefix_gathers_variables(monkeypatch):
    monkeypatch.setenv("CHURN_LEARNING_RATE", "1e-4")
    monkeypatch.setenv("CHURN_DEPTH", "6")
    monkeypatch.setenv("OTHER_DEPTH", "7")

    assert values("env:CHURN_") == {"learning_rate": 1e-4, "depth": 6}


def test_one_variable_may_hold_an_object(monkeypatch):
    monkeypatch.setenv("CHURN", '{"model": {"lr": 0.1}}')

    assert values("env:CHURN#/model") == {"lr": 0.1}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"lr": 0.1', "is not JSON, or is cut short"),
        ("", "is empty"),
        ("3", "must lead to an object with settings by name, got '3'"),
        ("[1]", "must lead to an object with settings by name, got a list"),
        ("{}", "no settings found"),
        ('{"model": {"lr": 1}}', "no settings found; there are only objects or lists: model"),
        ('{"lr": NaN}', "setting 'lr' must be a finite number"),
        ('{"lr": 1e999}', "setting 'lr' must be a finite number"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(here, content, said):
    (here / "p.json").write_text(content)

    message = complaint("json:p.json")

    assert message.startswith("json:p.json: ")
    assert said in message


@pytest.mark.parametrize(
    ("origin", "said"),
    [
        ("json:absent.json", "no file 'absent.json' in"),
        ("joblib:absent.joblib", "no file 'absent.joblib' in"),
        ("json:.", "cannot be read"),
        ("env:NO_SUCH_PREFIX_", "no environment variable starts with 'NO_SUCH_PREFIX_'"),
        ("env:NO_SUCH_NAME", "for a prefix, end it in '_'"),
        ("python:no_such_module:f", "cannot be imported: ModuleNotFoundError"),
    ],
)
def test_an_origin_that_is_not_there_says_so(origin, said):
    assert said in complaint(origin)


def test_a_file_that_is_not_utf_8_is_told(here):
    (here / "p.json").write_bytes(b"\xff\xfe{")

    assert "is not UTF-8" in complaint("json:p.json")


def test_a_saved_estimator_tells_its_parameters(here, caplog):
    step = Estimator(missing=np.nan)
    saved = Estimator(
        steps=[("scale", step)],
        scale=step,
        knn__n_neighbors=np.int64(5),
        C=np.float64(0.5),
        loss="1",
        shape=(3, 4),
        table=[[3], [4]],
    )
    joblib.dump(saved, here / "model.joblib")

    with caplog.at_level(logging.WARNING):
        found = values("joblib:model.joblib")

    assert found == {"knn__n_neighbors": 5, "C": 0.5, "loss": "1", "shape[0]": 3, "shape[1]": 4}
    assert type(found["knn__n_neighbors"]) is int
    assert caplog.messages == ["joblib:model.joblib: left to the trainer, being no plain values: table"]


def test_a_saved_mapping_is_as_good_as_an_estimator(here):
    joblib.dump({"lr": 0.1}, here / "params.joblib")

    assert values("joblib:params.joblib") == {"lr": 0.1}


def test_a_saved_object_without_parameters_is_told(here):
    joblib.dump([1, 2], here / "list.joblib")

    assert "must hold an estimator or a mapping, got list" in complaint("joblib:list.joblib")


def test_a_saved_object_that_is_cut_short_is_told(here):
    joblib.dump(Estimator(weights=np.arange(1000.0)), here / "model.joblib")
    whole = (here / "model.joblib").read_bytes()
    (here / "model.joblib").write_bytes(whole[: len(whole) // 2])

    assert "cannot be opened, or is cut short" in complaint("joblib:model.joblib")


def test_an_infinite_parameter_is_refused_rather_than_lost(here):
    joblib.dump(Estimator(C=np.inf), here / "model.joblib")

    assert "setting 'C' must be a finite number" in complaint("joblib:model.joblib")


def test_a_function_is_asked(here):
    (here / "serving.py").write_text(
        "def settings():\n    return {'lr': '1e-4', 'depth': 6, 'layers': [1]}\n"
    )

    assert values("python:serving:settings") == {"lr": 1e-4, "depth": 6, "layers[0]": 1}


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("def other(): ...", "names nothing: module 'user_code' has no 'settings'"),
        ("settings = 3", "must be a function"),
        ("def settings(): return 3", "must return a mapping of settings by name, got int"),
        ("def settings(): return {}", "no settings found"),
        ("def settings(): raise KeyError('lr')", "raised KeyError: 'lr'"),
        ("raise RuntimeError('no licence')", "cannot be imported: RuntimeError: no licence"),
        ("def settings(: ...", "cannot be imported: SyntaxError"),
    ],
)
def test_a_function_that_fails_says_how(here, monkeypatch, source, said):
    monkeypatch.delitem(sys.modules, "user_code", raising=False)
    (here / "user_code.py").write_text(source)

    assert said in complaint("python:user_code:settings")
