"""Settings and rows out of user code: real estimators, as joblib and skops write them; real workers."""

import os
from pathlib import Path

import joblib
import pyarrow.parquet as pq
import pytest
import skops.io
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from auditor.core.records import DataSpec, ProductionSpec, TrainerSpec, Value
from auditor.errors import CaptureError, DataError
from auditor.executors.pool import PoolExecutor
from auditor.sources import LocalSources
from auditor.worker import perform

TRAINER = TrainerSpec(kind="sklearn", entry="shop.model:build", fixed={"n_jobs": 1, "max_iter": 100})
HERE = LocalSources(lambda function, *args, **_: function(*args))


def values(
    origin: str, sources: LocalSources = HERE, *, trusted: bool | tuple[str, ...] | None = None
) -> dict[str, Value]:
    trusted = origin.startswith("joblib:") if trusted is None else trusted
    found = sources.production(ProductionSpec(origin=origin, trusted=trusted), TRAINER)
    return {setting.name: setting.value for setting in found}


@pytest.fixture(params=["joblib", "skops"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def save(kind: str, estimator: object, folder: Path) -> str:
    path = folder / f"model.{kind}"
    (joblib.dump if kind == "joblib" else skops.io.dump)(estimator, path)
    return f"{kind}:{path}"


def test_an_estimator_tells_all_its_plain_parameters(kind, tmp_path):
    estimator = HistGradientBoostingClassifier(learning_rate=0.05, max_leaf_nodes=15, max_iter=50)

    found = values(save(kind, estimator, tmp_path))

    assert (found["learning_rate"], found["max_leaf_nodes"], found["max_depth"]) == (0.05, 15, None)
    assert "max_iter" not in found


def test_a_fitted_pipeline_names_its_steps(kind, tmp_path):
    estimator = make_pipeline(SimpleImputer(), StandardScaler(), LogisticRegression(C=0.5))
    estimator.fit([[0.0], [1.0], [2.0], [3.0]], [0, 1, 0, 1])

    found = values(save(kind, estimator, tmp_path))

    assert found["logisticregression__C"] == 0.5
    assert found["standardscaler__with_mean"] is True
    assert not {"steps", "simpleimputer", "simpleimputer__missing_values"} & set(found)


def test_a_file_that_is_cut_short_is_told(kind, tmp_path):
    origin = save(kind, HistGradientBoostingClassifier(), tmp_path)
    path = tmp_path / f"model.{kind}"
    path.write_bytes(path.read_bytes()[:-200])

    with pytest.raises(CaptureError, match="cannot be opened, or is cut short"):
        values(origin)


class Bomb:
    """Whose unpickling leaves a trace."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self):
        return (Path.touch, (self.path,))


def test_a_pickle_is_opened_only_where_the_schedule_says_so(tmp_path):
    joblib.dump(Bomb(tmp_path / "exploded"), tmp_path / "model.joblib")

    with pytest.raises(CaptureError, match=r"say trusted = true under \[production\]"):
        values(f"joblib:{tmp_path}/model.joblib", trusted=False)

    assert not (tmp_path / "exploded").exists()


def test_what_skops_does_not_know_is_built_only_where_it_is_named(tmp_path):
    origin = save("skops", FunctionTransformer(values), tmp_path)

    with pytest.raises(CaptureError, match=r"which skops does not know.*say trusted = \[(.*)\]") as caught:
        values(origin)

    name = str(caught.value).partition('["')[2].partition('"]')[0]
    assert values(origin, trusted=(name,))["validate"] is False
    assert values(origin, trusted=True)["validate"] is False


@pytest.mark.slow
def test_user_code_runs_in_a_worker_process_and_its_complaints_come_back(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop_rows.py").write_text(
        "import os, pandas\n\n"
        "def fresh():\n    return pandas.DataFrame({'late': [0, 1], 'process': [os.getpid()] * 2})\n"
    )
    executor = PoolExecutor(perform, 1)
    sources = LocalSources(executor.call)

    try:
        found = values(save("joblib", LogisticRegression(C=0.5), tmp_path), sources)
        path = sources.fetch(DataSpec(source="shop_rows:fresh", target="late"), str(tmp_path))
        with pytest.raises(CaptureError, match="no file"):
            values("joblib:absent.joblib", sources)
        with pytest.raises(DataError, match="did you mean 'late'"):
            sources.fetch(DataSpec(source="shop_rows:fresh", target="lat"), str(tmp_path))
    finally:
        executor.close()

    assert found["C"] == 0.5
    assert pq.read_table(path)["process"][0].as_py() != os.getpid()
