"""``auditor.audit``: what a notebook hands over is audited by the engine of the command line."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.neural_network import MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

import auditor
from auditor.errors import AuditorError
from auditor.trainers.importing import import_object


@pytest.fixture
def rows():
    chance = np.random.default_rng(0)
    frame = pd.DataFrame(chance.standard_normal((400, 3)), columns=["a", "b", "y"])
    frame["y"] += frame["a"]
    return frame


@pytest.fixture
def audit(monkeypatch, tmp_path):
    monkeypatch.setenv("AUDITOR_EXECUTOR", "inline")
    monkeypatch.chdir(tmp_path)

    def run(model, data, **options):
        usual = {"target": "y", "trials": 6, "quiet": True, "seed": 1, "folder": "project"}
        return auditor.audit(model, data, **{**usual, **options})

    return run


def test_an_estimator_is_audited_at_its_own_settings(audit, rows):
    found = audit(Ridge(alpha=1e4), rows)

    assert found.call == "stale"
    assert found.findings[0].production == 1e4
    assert found.recommended["alpha"] < 1e4
    assert found.gain.low > 0
    assert found.page.is_file()
    assert Path("project/auditor.db").is_file()


def test_a_notebook_shows_the_verdict_and_nothing_that_is_not_escaped(audit, rows):
    found = audit(Ridge(alpha=1e4), rows, folder="<b>")

    shown = found._repr_html_()  # what a notebook calls

    assert "▲ STALE" in shown
    assert "<td" in shown
    assert "&lt;b&gt;" in shown
    assert "<b>" not in shown
    assert str(found).startswith("STALE: ")


def test_a_pipeline_is_audited_as_it_is(audit, rows):
    found = audit(make_pipeline(StandardScaler(), PCA(2), Ridge(alpha=1e4)), rows, name="pipe")

    assert {each.name for each in found.findings} == {"pca__n_components", "ridge__alpha"}
    assert found.call == "stale"
    assert str(Path("project").resolve()) not in sys.path
    sys.modules.pop("pipe_model", None)


def test_a_path_to_rows_and_a_range_of_ones_own_will_do(audit, rows):
    rows.to_csv("rows.csv", index=False)

    found = audit(
        "sklearn.linear_model:Ridge",
        "rows.csv",
        settings={"alpha": 50.0},
        search={"alpha": {"scale": "log", "low": 10, "high": 100}, "fit_intercept": [True, False]},
        margin=0.5,
    )

    assert found.record.search.space[0].low == 10
    assert {each.name for each in found.findings} == {"alpha", "fit_intercept"}
    assert found.record.policy.margin.relative is False
    assert found.call == "fresh"


def test_the_same_seed_is_the_same_audit(audit, rows):
    one, other = (audit(Ridge(alpha=5.0), rows, folder=name) for name in ("one", "other"))

    assert (one.gain, one.sentence) == (other.gain, other.sentence)


def an_inner():
    def inner():
        return Ridge()

    return inner


def in_the_notebook():
    return type("Mine", (Ridge,), {"__module__": "__main__"})


@pytest.mark.parametrize(
    ("model", "said"),
    [
        (lambda: Ridge(), "a lambda cannot be trained: worker processes import what they train"),
        (an_inner(), "is defined inside a function; move it to the top of its module"),
        (in_the_notebook(), "'Mine' is defined in the notebook itself"),
        (in_the_notebook()(), "'Mine' is defined in the notebook itself"),
        (
            make_pipeline(FunctionTransformer(lambda x: x), Ridge()),
            "cannot be saved for the worker processes",
        ),
        (3, "int is no model to audit"),
        ("sklearn.linear_model:Rigde", "did you mean 'Ridge'"),
    ],
    ids=["lambda", "local", "main", "instance", "pipeline", "number", "typo"],
)
def test_what_no_worker_could_import_is_refused_with_what_to_do(audit, rows, model, said):
    with pytest.raises(AuditorError, match=said):
        audit(model, rows)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"target": "z"}, "data has no column 'z'; it has a, b, y"),
        ({"time": "when"}, "data has no column 'when'"),
        ({"search": {"alpha": {"lo": 1}}}, r"search\['alpha'\] has lo; allowed: scale, low"),
        ({"search": {"alpha": {"scale": "logg", "low": 1, "high": 2}}}, "'logg' is not a valid ScaleName"),
        ({"search": ["alpha"]}, "search must say by setting what is searched, as a dict"),
        ({"seed": -3}, "seed must be a whole number from 0"),
        ({"drop": "ab"}, r"drop must be a list of columns, got 'ab'; write \['ab'\]"),
        ({"name": "../../x"}, "name must be 1 to 100 letters"),
        ({"metric": "qqq"}, "there is no metric 'qqq'; there are log_loss, "),
        ({"settings": {"alhpa": 1}}, "has no setting 'alhpa'; did you mean 'alpha'"),
    ],
)
def test_what_is_wrong_is_said(audit, rows, options, said):
    with pytest.raises(AuditorError, match=said):
        audit(Ridge(), rows, **options)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (pd.DataFrame([[1, 2]], columns=["y", "y"]), "data: several columns are called y"),
        (
            pd.DataFrame({"a": [10**25], "y": [1]}),
            "data: column 'a' holds values of mixed kinds, or too large",
        ),
        (np.ones((3, 3)), r"must be a pandas DataFrame or a path, got numpy\.ndarray"),
    ],
)
def test_rows_that_no_file_could_hold_are_refused_in_a_line(audit, data, said):
    with pytest.raises(AuditorError, match=said):
        audit(Ridge(), data)


def test_a_schedule_of_somebody_is_never_written_over(audit, rows):
    mine = Path("project/schedules/audit.toml")
    mine.parent.mkdir(parents=True)
    mine.write_text("# mine\n")

    with pytest.raises(AuditorError, match="somebody's own schedule"):
        audit(Ridge(), rows)

    assert mine.read_text() == "# mine\n"


def test_an_import_path_may_be_of_a_function(audit, rows):
    assert import_object("tests.integration.test_notebook:an_inner")
    found = audit("auditor.demo.model:build", rows.assign(y=rows["y"] > 0), metric="log_loss")

    assert "knn__n_neighbors" in {each.name for each in found.findings}


def test_layers_and_weights_are_those_of_the_model(audit, rows):
    net = audit(
        MLPRegressor(hidden_layer_sizes=(7, 5), max_iter=30, tol=1.0),
        rows,
        search={"alpha": {"low": 1e-5, "high": 1.0, "scale": "log"}},
    )
    weighted = audit(
        LogisticRegression(C=0.01, class_weight={False: 1, True: 3}),
        rows.assign(y=rows["y"] > 0),
        name="weighted",
    )

    assert net.record.capture.config["hidden_layer_sizes[1]"] == 5
    assert weighted.record.provenance.trainer.entry == "weighted_model:build"
    sys.modules.pop("weighted_model", None)
