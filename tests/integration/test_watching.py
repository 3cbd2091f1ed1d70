"""What the daemon's look does with production, wherever it lives: a change is noticed, and captured once."""

import io
import json
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import joblib
import numpy as np
import pandas as pd
import pytest
import skops.io
import torch
from sklearn.linear_model import Ridge

from auditor.core.records import Fence, OrderState, Why
from auditor.daemon import watch
from auditor.interface import capture
from auditor.storage.ledger import SqlLedger
from auditor.storage.queue import SqlQueue
from tests.fakes import FixedClock
from tests.registries import point, register

pytestmark = pytest.mark.usefixtures("own_logging")

SCHEDULE = """\
[production]
from = "{origin}"
{more}

[data]
source = "rows.csv"
target = "y"

[trainer]
estimator = "sklearn.linear_model:Ridge"

[when]
production = true
"""
ONE = 'only = ["alpha"]'


def _sql(value: float) -> None:
    with closing(sqlite3.connect("shop.db")) as connection, connection:
        connection.execute("CREATE TABLE IF NOT EXISTS p (name, value)")
        connection.execute("DELETE FROM p")
        connection.execute("INSERT INTO p VALUES ('alpha', ?)", (value,))


def _study(storage: Any, value: float) -> None:
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    study = optuna.create_study(storage=storage, study_name="s", load_if_exists=True)
    ranges = {"alpha": optuna.distributions.FloatDistribution(1e-3, 1e3)}
    study.add_trial(optuna.trial.create_trial(params={"alpha": value}, distributions=ranges, value=-value))


def _journal(value: float) -> None:
    from optuna.storages import JournalStorage
    from optuna.storages.journal import JournalFileBackend

    _study(JournalStorage(JournalFileBackend("study.log")), value)


def _checkpoint(value: float) -> None:
    optimizer = torch.optim.SGD(torch.nn.Linear(1, 1).parameters(), lr=value)
    torch.save({"optimizer": optimizer.state_dict()}, "m.pt")


def _module(value: float) -> None:
    sys.modules.pop("watched_serving", None)
    Path("watched_serving.py").write_text(f"def settings():\n    return {{'alpha': {value!r}}}  # {value}\n")


PLACES: dict[str, tuple[str, str, Callable[[float], object]]] = {
    "json": ("json:p.json#/m", "", lambda v: Path("p.json").write_text(json.dumps({"m": {"alpha": v}}))),
    "toml": ("toml:p.toml", "", lambda v: Path("p.toml").write_text(f"alpha = {v}\n")),
    "yaml": ("yaml:p.yaml", "", lambda v: Path("p.yaml").write_text(f"alpha: {v}\n")),
    "joblib": ("joblib:m.joblib", f"trusted = true\n{ONE}", lambda v: joblib.dump(Ridge(v), "m.joblib")),
    "skops": ("skops:m.skops", ONE, lambda v: skops.io.dump(Ridge(v), "m.skops")),
    "python": ("python:watched_serving:settings", "", _module),
    "torch": ("torch:m.pt", 'only = ["lr"]', _checkpoint),
    "sql": ("sql:sqlite:///shop.db#SELECT name, value FROM p", "", _sql),
    "rdb": ("optuna:sqlite:///study.db#s", "", lambda v: _study("sqlite:///study.db", v)),
    "journal": ("optuna:journal:study.log#s", "", _journal),
}


@pytest.fixture
def look(tmp_path, monkeypatch):
    """A look at all schedules of a folder, as the daemon's process takes it; workers are this process."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AUDITOR_EXECUTOR", "inline")
    monkeypatch.syspath_prepend(str(tmp_path))
    Path("rows.csv").write_text("x,y\n1,2\n")

    def once(schedules: dict[str, str]) -> None:
        listed = [[text, f"schedules/{name}.toml"] for name, text in schedules.items()]
        work = io.BytesIO(json.dumps({"json": False, "schedules": listed}).encode())
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=work))
        assert watch.main() == 0

    return once


def captured(model: str) -> list[float]:
    with closing(SqlLedger("sqlite:///auditor.db")) as ledger:
        return [next(iter(capture.config.values())) for capture in ledger.captures(model)]


def test_a_change_is_captured_once_wherever_production_lives(look, monkeypatch, mlflow_address):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", mlflow_address)

    def champion(value: float) -> None:
        point(
            mlflow_address, "watched", "champion", register(mlflow_address, "watched", {"alpha": f"{value}"})
        )

    places = {
        **PLACES,
        "env": ("env:WATCHED_", "", lambda value: monkeypatch.setenv("WATCHED_ALPHA", f"{value}")),
        "mlflow": ("mlflow:models:/watched@champion", "", champion),
    }
    schedules = {
        name: SCHEDULE.format(origin=origin, more=more) for name, (origin, more, _) in places.items()
    }
    history = []
    for value in (1.0, 50.0, 50.0, 50.0):
        for _, _, put in places.values():
            put(value)
        look(schedules)
        history.append({name: captured(name) for name in places})

    first, half, whole, again = history
    assert first == {name: [1.0] for name in places}  # what ran before is known, however soon it changes
    assert half == first  # half a deployment is no change
    assert whole == again == {name: [1.0, 50.0] for name in places}
    with closing(SqlQueue("sqlite:///auditor.db", FixedClock())) as queue:
        assert {order.schedule for order in queue.orders()} == set(places)
        assert {order.occasion.why for order in queue.orders()} == {Why.PRODUCTION}


def test_a_place_that_cannot_be_read_is_told_and_keeps_no_other_from_being_looked_at(look, capsys):
    Path("p.json").write_text('{"m": {"alpha": 1.0}}')
    origin, more, _ = PLACES["json"]
    broken = SCHEDULE.format(origin="json:gone.json", more="")

    look({"gone": broken, "json": SCHEDULE.format(origin=origin, more=more)})

    assert "no file 'gone.json'" in capsys.readouterr().err
    assert captured("json") == [1.0]


def test_drift_fires_once_is_armed_again_when_it_falls_and_fires_again(look, monkeypatch):
    """From the rows of a file to the orders in the queue; each order is carried out before the next look."""
    monkeypatch.setattr(watch, "DATA_EVERY", timedelta(0))  # each look is of another day
    schedule = SCHEDULE.format(origin="toml:p.toml", more="").replace("production = true", "data_drift = 0.2")
    Path("p.toml").write_text("alpha = 1.0\n")
    Path("schedules").mkdir()
    Path("schedules/drifting.toml").write_text(schedule)
    chance = np.random.default_rng(3)

    def rows(shift: float) -> None:
        x = chance.normal(loc=shift, size=2_000)
        pd.DataFrame({"x": x, "y": chance.normal(size=2_000)}).to_csv("rows.csv", index=False)

    rows(0.0)
    capture("drifting", data=True)
    fired = []
    for shift in (0.0, 1.0, 1.0, 2.0, 0.0, 1.0, 1.0):
        rows(shift)
        look({"drifting": schedule})
        with closing(SqlQueue("sqlite:///auditor.db", FixedClock())) as queue:
            orders = queue.orders(states=[OrderState.QUEUED])
            fired.append([order.occasion.why for order in orders])
            while (order := queue.claim("me")) is not None:
                queue.settle(Fence(order.id, order.token), OrderState.DONE, reason="")

    once = [Why.DATA_DRIFT]
    assert fired == [[], once, [], [], [], once, []]
