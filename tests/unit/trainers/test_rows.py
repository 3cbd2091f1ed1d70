"""Rows as a model wants them."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from auditor.core.records import Fold, Job, Layout, Part, Proposal, Round, TrainerSpec, Trial
from auditor.trainers.rows import fold_rows, other_columns, rows_to_fit_on, take

NUMBERS = np.array([4, 1, 2])


@pytest.fixture
def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "when": pd.date_range("2026-01-01", periods=200),
            "tail": [f"N{number % 40}" for number in range(200)],
            "miles": np.arange(200, dtype=np.int32),
            "holiday": np.arange(200) % 7 == 0,
            "late": np.arange(200) % 2,
        }
    )


def layout(**changes: object) -> Layout:
    given: dict[str, object] = {"target": "late", "time": "when", "group": "tail", "classes": True, **changes}
    return Layout(digest="0" * 64, seed=1, **given)  # type: ignore[arg-type]


def test_target_time_group_and_dropped_columns_are_no_features(frame: pd.DataFrame) -> None:
    assert list(take(frame, layout(), NUMBERS).features.columns) == ["miles", "holiday"]
    assert list(take(frame, layout(drop=("holiday",)), NUMBERS).features.columns) == ["miles"]


def test_numbers_and_truth_values_become_floats_in_the_order_asked_for(frame: pd.DataFrame) -> None:
    rows = take(frame, layout(), NUMBERS)

    assert set(rows.features.dtypes) == {np.dtype(np.float64)}
    assert rows.features["miles"].tolist() == [4.0, 1.0, 2.0]
    assert rows.features.index.tolist() == [0, 1, 2]
    assert rows.target.tolist() == [0, 1, 0]


def test_with_a_column_of_another_kind_all_stay_as_they_are(frame: pd.DataFrame) -> None:
    features = take(frame.astype({"tail": "category"}), layout(group=None), NUMBERS).features

    assert isinstance(features["tail"].dtype, pd.CategoricalDtype)
    assert features["miles"].dtype == np.int32


@pytest.mark.parametrize("few", [0, 10**9], ids=["column by column", "in one block"])
def test_what_a_model_does_to_its_rows_the_next_one_does_not_see(frame, few, monkeypatch) -> None:
    monkeypatch.setattr("auditor.trainers.rows._FEW_CELLS", few)
    first = take(frame, layout(), NUMBERS)
    first.features.iloc[:, :] = -1.0
    first.target[:] = -1

    again = take(frame, layout(), NUMBERS)

    assert again.features["miles"].tolist() == [4.0, 1.0, 2.0]
    assert again.features["holiday"].tolist() == [0.0, 0.0, 0.0]
    assert again.target.tolist() == [0, 1, 0]
    assert frame["miles"].tolist() == list(range(200))


def test_a_target_of_numbers_is_made_of_floats(frame: pd.DataFrame) -> None:
    assert take(frame, layout(target="miles", classes=False), NUMBERS).target.dtype == np.float64


def test_columns_that_no_model_reads_are_named(frame: pd.DataFrame) -> None:
    assert other_columns(frame, layout(time=None, group=None)) == ("when", "tail")
    assert other_columns(frame.astype({"tail": "category"}), layout(time=None, group=None)) == ("when",)


def test_a_fold_is_found_once_per_frame_and_apart_for_another_frame(frame: pd.DataFrame) -> None:
    shorter, fold = frame.iloc[:150], Fold(Part.SEARCH, 0)

    first, again, other = (fold_rows(given, layout(), fold) for given in (frame, frame, shorter))

    assert first is again
    assert other.score.max() < 150


def a_job(fit_on: Layout | None) -> Job:
    proposal = Proposal(config={}, round=Round.EXPLAIN, fold=Fold(Part.UNRETRAINED, 0))
    return Job(
        trial=Trial(id=0, proposal=proposal, seed=0),
        trainer=TrainerSpec(kind="sklearn", entry="nowhere:nothing"),
        layout=layout(time=None),
        metric="log_loss",
        vault="/nowhere",
        timeout_seconds=1.0,
        memory_bytes=2**30,
        fit_on=fit_on,
    )


def test_a_job_fits_on_its_own_fold_unless_it_names_another_snapshot(frame: pd.DataFrame) -> None:
    older = frame.assign(tail="N99", miles=-1.0)[[*frame.columns[::-1]]]
    own, other = a_job(None), a_job(replace(layout(time=None), digest="1" * 64))
    score = fold_rows(frame, own.layout, own.trial.proposal.fold).score

    fitted = rows_to_fit_on(own, frame, None, score=score)
    elsewhere = rows_to_fit_on(other, frame, older, score=score)

    assert fitted.features["miles"].min() >= 0
    assert set(elsewhere.features["miles"]) == {-1.0}
    assert len(elsewhere.target) == len(older)
    assert list(elsewhere.features.columns) == list(fitted.features.columns)


def test_no_group_that_is_scored_is_fitted_on_from_another_snapshot(frame: pd.DataFrame) -> None:
    job = a_job(replace(layout(time=None), digest="1" * 64))
    score = np.flatnonzero(frame["tail"].isin(["N1", "N2"]))

    fitted = rows_to_fit_on(job, frame, frame, score=score)

    assert len(fitted.target) == len(frame) - score.size
    assert not set(fitted.features["miles"]) & set(frame["miles"].iloc[score])
