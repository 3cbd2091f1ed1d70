"""A user's own training function, through the trainer and through whole audits in worker processes."""

import sys
import textwrap
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from auditor.core.records import (
    FailureKind,
    Fold,
    Job,
    Layout,
    Part,
    Proposal,
    Result,
    Round,
    TrainerFacts,
    TrainerSpec,
    Trial,
)
from auditor.core.stacking import lots_of
from auditor.core.units import UNITS
from auditor.errors import TrainerError
from auditor.trainers.describe import describe
from auditor.trainers.failing import TrialError
from auditor.trainers.train import train, train_together
from auditor.trainers.training import Carry

CODE = """
    import numpy as np

    def ridge(settings, fit_rows, score_rows, seed, fidelity):
        assert "y" not in score_rows
        x, y = fit_rows[["a", "b"]].to_numpy(), fit_rows["y"].to_numpy()
        w = np.linalg.solve(x.T @ x + settings["alpha"] * np.eye(2), x.T @ y)
        return score_rows[["a", "b"]].to_numpy() @ w * fidelity

    def losses(settings, fit_rows, score_rows):
        return (ridge(settings, fit_rows, score_rows.drop(columns="y"), 0, 1.0) - score_rows["y"]) ** 2

    def loss(settings, fit_rows, score_rows):
        return losses(settings, fit_rows, score_rows).mean()

    def score(settings, fit_rows, score_rows):
        return 1.0 - loss(settings, fit_rows, score_rows)

    def course(settings, fit_rows, score_rows, fidelity):
        w, x, y = np.zeros(2), fit_rows[["a", "b"]].to_numpy(), fit_rows["y"].to_numpy()
        for step in range(1, round(20 * fidelity) + 1):
            w = w - 0.5 * x.T @ (x @ w - y) / len(y)
            yield 10 * step, score_rows[["a", "b"]].to_numpy() @ w

    def chances(settings, fit_rows, score_rows):
        return np.where(score_rows["a"] > 0, 0.9, 0.1)

    def strangers(settings, fit_rows, score_rows):
        return ["yes"] * len(score_rows)

    def short(settings, fit_rows, score_rows):
        return np.zeros(3)

    def nothing(settings, fit_rows, score_rows):
        return None

    def diverges(settings, fit_rows, score_rows):
        return np.full(len(score_rows), np.nan)

    def breaks(settings, fit_rows, score_rows):
        raise ZeroDivisionError("division by zero")

    def empty(settings, fit_rows, score_rows):
        yield from ()

    def wants_more(settings, fit_rows, score_rows, optimizer):
        return 0.0

    def many(settings, fit_rows, score_rows):
        return [ridge(one, fit_rows, score_rows, 0, 1.0) * one.get("scale", 1.0) for one in settings]

    def too_few(settings, fit_rows, score_rows):
        return []

    def carried(settings, fit_rows, score_rows, resume_from, checkpoint_to):
        w = np.zeros(2) if resume_from is None else np.loadtxt(resume_from)
        x, y = fit_rows[["a", "b"]].to_numpy(), fit_rows["y"].to_numpy()
        if resume_from is None or checkpoint_to is not None:
            w = w - 0.5 * x.T @ (x @ w - y) / len(y)
        if checkpoint_to is not None:
            np.savetxt(checkpoint_to, w)
        return score_rows[["a", "b"]].to_numpy() @ w

    anything = lambda **given: len(given["fit_rows"]) * np.ones(len(given["score_rows"]))
    number = 3
"""


@pytest.fixture
def user_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "own_training.py").write_text(textwrap.dedent(CODE))
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "own_training", raising=False)


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    chance = np.random.default_rng(3)
    rows = pd.DataFrame(chance.standard_normal((600, 2)), columns=["a", "b"])
    rows["y"] = rows["a"] - 2.0 * rows["b"] + 0.1 * chance.standard_normal(600)
    rows["late"] = (rows["a"] > 0).astype(int)
    return rows


SEARCHED = Fold(Part.SEARCH, 0)


def spec(function: str, gives: str = "predictions", classes: bool | None = None) -> TrainerSpec:
    options = {"gives": gives, "classes": classes}
    return TrainerSpec(kind="python", entry=f"own_training:{function}", fixed={"alpha": 1.0}, options=options)


def a_job(
    trainer: TrainerSpec,
    metric: str = "squared_error",
    *,
    fidelity: float = 1.0,
    fold: Fold = SEARCHED,
    units: int | None = None,
) -> Job:
    proposal = Proposal(config={}, round=Round.COARSE, fold=fold, fidelity=fidelity)
    late = metric in ("log_loss", "zero_one", "auc")
    target, other = ("late", "y") if late else ("y", "late")
    return Job(
        trial=Trial(id=0, proposal=proposal, seed=7),
        trainer=trainer,
        layout=Layout(digest="0" * 64, target=target, seed=3, classes=late, drop=(other,), units=units),
        metric=metric,
        vault="/nowhere",
        timeout_seconds=60.0,
        memory_bytes=2**30,
    )


def succeeded(result: Result) -> Result:
    assert result.failure is None, result.failure
    return result


@pytest.mark.usefixtures("user_code")
class TestTraining:
    def test_predictions_become_a_loss_per_row(self, frame: pd.DataFrame) -> None:
        result = succeeded(train(a_job(spec("ridge")), frame))

        assert result.losses is not None
        assert result.losses.shape == (90,)
        assert result.loss == pytest.approx(0.01, rel=0.5)

    def test_losses_are_taken_as_they_are(self, frame: pd.DataFrame) -> None:
        predicted = succeeded(train(a_job(spec("ridge")), frame))
        given = succeeded(train(a_job(spec("losses", "losses")), frame))

        assert given.losses == pytest.approx(predicted.losses)

    def test_one_number_is_one_loss_of_the_same_rows(self, frame: pd.DataFrame) -> None:
        losses = succeeded(train(a_job(spec("losses", "losses")), frame))
        loss = succeeded(train(a_job(spec("loss", "loss"), "loss"), frame))
        score = succeeded(train(a_job(spec("score", "score"), "r2"), frame))

        assert loss.losses is not None
        assert loss.losses.shape == (1,)
        assert loss.loss == pytest.approx(losses.loss)
        assert score.loss == pytest.approx(losses.loss)

    def test_one_number_is_that_of_a_unit_when_it_confirms(self, frame: pd.DataFrame) -> None:
        folds = [Fold(Part.CONFIRM, number, half) for number in range(UNITS // 2) for half in (0, 1)]
        results = [
            succeeded(train(a_job(spec("loss", "loss"), "loss", fold=fold, units=UNITS), frame))
            for fold in folds
        ]

        assert len({result.loss for result in results}) == UNITS
        assert np.mean([result.loss for result in results]) == pytest.approx(0.01, rel=0.3)

    def test_a_generator_draws_a_curve(self, frame: pd.DataFrame) -> None:
        whole = succeeded(train(a_job(spec("course")), frame))
        part = succeeded(train(a_job(spec("course"), fidelity=0.25), frame))

        assert [point.step for point in whole.curve] == list(range(10, 210, 10))
        assert whole.curve[-1].loss == whole.loss
        assert whole.iterations == 200
        assert part.curve == whole.curve[:5]

    def test_a_curve_is_not_reckoned_where_nobody_looks_at_it(self, frame: pd.DataFrame) -> None:
        fold = Fold(Part.CONFIRM, 0, 0)

        assert succeeded(train(a_job(spec("course"), fold=fold), frame)).curve == ()

    def test_a_probability_of_the_larger_label_will_do(self, frame: pd.DataFrame) -> None:
        result = succeeded(train(a_job(spec("chances"), "log_loss"), frame))

        assert result.loss == pytest.approx(-np.log(0.9))

    def test_a_function_may_take_whatever_it_is_given(self, frame: pd.DataFrame) -> None:
        assert succeeded(train(a_job(spec("anything")), frame)).losses is not None

    @pytest.mark.parametrize(
        ("function", "metric", "kind", "said"),
        [
            ("short", "squared_error", FailureKind.REJECTED, "got ndarray of shape (3,)"),
            ("nothing", "squared_error", FailureKind.REJECTED, "got None"),
            ("diverges", "squared_error", FailureKind.DIVERGED, "not a finite number on 90 of 90"),
            ("breaks", "squared_error", FailureKind.ERROR, "ZeroDivisionError: division by zero"),
            ("empty", "squared_error", FailureKind.REJECTED, "yields nothing and returns nothing"),
            ("strangers", "zero_one", FailureKind.REJECTED, "none of the data's (0, 1)"),
            ("short", "log_loss", FailureKind.REJECTED, "a column for each class (0, 1), got ndarray"),
        ],
    )  # fmt: skip
    def test_what_it_does_wrong_fails_the_trial(
        self, frame: pd.DataFrame, function: str, metric: str, kind: FailureKind, said: str
    ) -> None:
        failure = train(a_job(spec(function), metric), frame).failure

        assert failure is not None
        assert failure.kind is kind
        assert said in failure.message


@pytest.mark.usefixtures("user_code")
class TestTogether:
    def jobs(self, together: str | None, *scales: float) -> list[Job]:
        trainer = spec("ridge")
        trainer = replace(trainer, options={**trainer.options, "together": f"own_training:{together}"})
        one = a_job(trainer)
        return [
            replace(
                one,
                trial=replace(
                    one.trial,
                    id=number,
                    proposal=replace(one.trial.proposal, config={"scale": scale}),
                ),
            )
            for number, scale in enumerate(scales)
        ]

    def test_many_configurations_go_to_one_call(self, frame: pd.DataFrame) -> None:
        jobs = self.jobs("many", 1.0, 0.5, float("nan"))

        good, half, broken = train_together(jobs, frame)

        assert lots_of(jobs, workers=1) == (tuple(jobs),)
        assert good is not None
        assert half is not None
        assert broken is not None
        assert good.losses == pytest.approx(train(jobs[0], frame).losses)
        assert half.loss is not None
        assert good.loss is not None
        assert half.loss > good.loss
        assert broken.failure is not None
        assert broken.failure.kind is FailureKind.DIVERGED

    def test_a_function_that_loses_some_is_told(self, frame: pd.DataFrame) -> None:
        with pytest.raises(TrialError, match="must give 2 outcomes"):
            train_together(self.jobs("too_few", 1.0, 0.5), frame)

    def test_without_one_each_is_trained_by_itself(self, frame: pd.DataFrame) -> None:
        jobs = [a_job(spec("ridge"))] * 2

        assert train_together(jobs, frame) == (None, None)


@pytest.mark.usefixtures("user_code")
class TestCarrying:
    def test_a_model_goes_on_from_where_it_was_left(self, frame: pd.DataFrame, tmp_path: Path) -> None:
        job, first, second = a_job(spec("carried")), tmp_path / "first", tmp_path / "second"

        began = succeeded(train(job, frame, carry=Carry(leave=first)))
        went_on = succeeded(train(job, frame, carry=Carry(resume=first, leave=second)))
        reviewed = succeeded(train(job, frame, carry=Carry(resume=first)))

        assert began.loss is not None
        assert went_on.loss is not None
        assert went_on.loss < began.loss
        assert reviewed.loss == began.loss
        assert describe(job.trainer, {}, "squared_error").continues

    def test_a_function_that_carries_nothing_on_is_refused(self, frame: pd.DataFrame, tmp_path: Path) -> None:
        result = train(a_job(spec("ridge")), frame, carry=Carry(leave=tmp_path / "left"))

        assert result.failure is not None
        assert "leaves no checkpoint" in result.failure.message
        assert not describe(spec("ridge"), {}, "squared_error").continues


@pytest.mark.usefixtures("user_code")
class TestDescribe:
    @pytest.mark.parametrize(
        ("trainer", "metric", "facts"),
        [
            (spec("ridge"), "squared_error", TrainerFacts(classifier=False, curve="fidelity", defaults={})),
            (spec("chances"), "auc", TrainerFacts(classifier=True, curve=None, defaults={})),
            (
                spec("loss", "loss", classes=True),
                "loss",
                TrainerFacts(classifier=True, curve=None, defaults={}, by_row=False),
            ),
        ],
    )
    def test_a_function_says_what_it_takes_and_gives(
        self, trainer: TrainerSpec, metric: str, facts: TrainerFacts
    ) -> None:
        assert describe(trainer, {}, metric) == facts

    @pytest.mark.parametrize(
        ("trainer", "metric", "said"),
        [
            (spec("number"), "squared_error", "must be a function, got int"),
            (spec("rigde"), "squared_error", "did you mean 'ridge'?"),
            (
                spec("wants_more"),
                "squared_error",
                "may take seed and fidelity, got (settings, fit_rows, score_rows, optimizer)",
            ),
            (spec("ridge"), "balanced_accuracy", "cannot be reckoned from predictions"),
            (spec("losses", "losses"), "auc", "has no loss per row"),
            (spec("loss", "loss"), "balanced_accuracy", "more is better"),
        ],
    )
    def test_what_is_wrong_is_said_before_the_audit(
        self, trainer: TrainerSpec, metric: str, said: str
    ) -> None:
        with pytest.raises(TrainerError) as raised:
            describe(trainer, {}, metric)

        assert said in str(raised.value)
