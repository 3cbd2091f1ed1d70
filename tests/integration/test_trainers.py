"""Real estimators through the trainer: the same model as a plain fit, and failures that say what is wrong."""

import textwrap
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest
from lightgbm import LGBMClassifier
from sklearn.decomposition import KernelPCA
from sklearn.ensemble import (
    AdaBoostClassifier,
    BaggingClassifier,
    ExtraTreesRegressor,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
)
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.kernel_ridge import KernelRidge
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.metrics import log_loss, roc_auc_score
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC, LinearSVC, NuSVR
from xgboost import XGBClassifier

from auditor.core.metrics import metric_named
from auditor.core.records import (
    FailureKind,
    Fold,
    Job,
    Layout,
    Part,
    Proposal,
    Result,
    Round,
    TrainerSpec,
    Trial,
    Value,
)
from auditor.core.splits import rows_of, set_aside
from auditor.core.splits import thinned as thinned_rows
from auditor.errors import TrainerError
from auditor.trainers.curves import Extent, curve_kind, fit, thins
from auditor.trainers.describe import describe
from auditor.trainers.rows import Rows
from auditor.trainers.scoring import Judge
from auditor.trainers.sklearn import build
from auditor.trainers.train import train

ROWS = 600
SEARCH_FOLD = Fold(Part.SEARCH, 0)


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    columns = rng.normal(size=(ROWS, 4))
    chance = 1 / (1 + np.exp(-2 * columns[:, 0] + columns[:, 1] ** 2 - 0.5))
    frame = pd.DataFrame(columns, columns=list("abcd"))
    frame["late"] = (rng.random(ROWS) < chance).astype(int)
    frame["delay"] = columns[:, 0] * 3 + rng.normal(size=ROWS)
    frame["carrier"] = np.where(columns[:, 2] > 0, "AA", "BB")
    frame["when"] = pd.date_range("2026-01-01", periods=ROWS, freq="h")
    return frame


def job(
    estimator: str,
    config: Mapping[str, Value] | None = None,
    *,
    fixed: Mapping[str, Value] | None = None,
    metric: str = "log_loss",
    fidelity: float = 1.0,
    fold: Fold = SEARCH_FOLD,
    horizon: int | None = None,
    drop: tuple[str, ...] = ("delay", "carrier", "when"),
    target: str = "late",
    thinned: bool = False,
) -> Job:
    proposal = Proposal(config=config or {}, round=Round.COARSE, fold=fold, fidelity=fidelity)
    return Job(
        trial=Trial(id=0, proposal=proposal, seed=7, horizon=horizon),
        trainer=TrainerSpec(kind="sklearn", entry=estimator, fixed=fixed or {}),
        layout=Layout(
            digest="0" * 64, target=target, seed=3, classes=target == "late", drop=drop, thinned=thinned
        ),
        metric=metric,
        vault="/nowhere",
        timeout_seconds=60,
        memory_bytes=2**30,
    )


def split(given: Job, frame: pd.DataFrame) -> tuple[pd.DataFrame, Any, pd.DataFrame, Any]:
    """Return the fit and score rows of a job, found without the trainer."""
    target = frame[given.layout.target].to_numpy()
    partition = set_aside(given.layout, rows=len(frame), target=target)
    rows = rows_of(partition, given.trial.proposal.fold, given.layout)
    features = frame.drop(columns=list(given.layout.not_features))
    return features.iloc[rows.fit], target[rows.fit], features.iloc[rows.score], target[rows.score]


def failure(result: Result) -> tuple[FailureKind, str]:
    assert result.failure is not None, "the trial did not fail"
    assert result.loss is None
    assert result.losses is None
    return result.failure.kind, result.failure.message


SUPPORT = "sklearn.svm:SVC"
NETWORK = "sklearn.neural_network:MLPClassifier"
FOREST = "sklearn.ensemble:RandomForestClassifier"
BOOSTING = "sklearn.ensemble:HistGradientBoostingClassifier"
LOGISTIC = "sklearn.linear_model:LogisticRegression"


class TestScores:
    def test_the_losses_are_those_of_a_model_fitted_by_hand_on_the_same_rows(
        self, frame: pd.DataFrame
    ) -> None:
        given = job(LOGISTIC, {"C": 0.1}, fixed={"max_iter": 500}, fold=Fold(Part.CONFIRM, 1, 1))
        fit_x, fit_y, score_x, score_y = split(given, frame)
        by_hand = LogisticRegression(C=0.1, max_iter=500).fit(fit_x, fit_y).predict_proba(score_x)

        result = train(given, frame)

        assert result.loss == pytest.approx(log_loss(score_y, by_hand), rel=1e-12)
        assert result.losses is not None
        assert result.losses.shape == score_y.shape
        assert result.seconds > 0

    def test_a_ranking_is_taken_from_whatever_the_model_has(self, frame: pd.DataFrame) -> None:
        given = job("sklearn.svm:LinearSVC", metric="auc")
        fit_x, fit_y, score_x, score_y = split(given, frame)
        by_hand = LinearSVC(random_state=7).fit(fit_x, fit_y).decision_function(score_x)

        result = train(given, frame)

        assert result.loss == pytest.approx(1 - roc_auc_score(score_y, by_hand))

    def test_a_regression_is_scored_on_numbers(self, frame: pd.DataFrame) -> None:
        given = job(
            "sklearn.linear_model:Ridge",
            metric="squared_error",
            target="delay",
            drop=("late", "carrier", "when"),
        )

        result = train(given, frame)

        assert result.loss == pytest.approx(1.0, rel=0.3)

    @pytest.mark.parametrize("metric", ["balanced_accuracy", "average_precision", "sklearn_scorers:sharp"])
    def test_any_scorer_gives_pseudo_values_of_units(
        self, frame: pd.DataFrame, metric: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        source = """
            def sharp(model, features, target):
                assert list(features.columns) == ["a", "b", "c", "d"]
                return float((model.predict(features) == target).mean())
        """
        (tmp_path / "sklearn_scorers.py").write_text(textwrap.dedent(source))
        monkeypatch.chdir(tmp_path)
        monkeypatch.syspath_prepend(tmp_path)

        result = train(job(LOGISTIC, metric=metric), frame)

        assert result.failure is None
        assert result.losses is not None
        assert result.losses.shape == (50,)
        assert result.loss == pytest.approx(result.losses.mean())

    def test_the_pseudo_values_of_a_mean_over_rows_have_that_mean(
        self, frame: pd.DataFrame, user_code: None
    ) -> None:
        neighbours = "sklearn.neighbors:KNeighborsClassifier"

        as_metric = train(job(neighbours, metric="accuracy"), frame)
        as_scorer = train(job(neighbours, metric="user_models:minus_error_rate"), frame)

        assert as_scorer.loss == pytest.approx(as_metric.loss)

    def test_a_scorer_does_not_make_a_model_predict_once_per_unit(
        self, frame: pd.DataFrame, user_code: None
    ) -> None:
        train(job("user_models:Counting", metric="balanced_accuracy"), frame)

        import user_models  # type: ignore[import-not-found]

        assert user_models.Counting.predictions == 1

    def test_the_seed_reaches_every_random_state_that_nobody_fixed(self, frame: pd.DataFrame) -> None:
        free, again = train(job(FOREST), frame), train(job(FOREST), frame)
        fit_x, fit_y, score_x, score_y = split(job(FOREST), frame)
        by_hand = RandomForestClassifier(random_state=7).fit(fit_x, fit_y)
        fixed = train(job(FOREST, fixed={"random_state": 1}), frame)

        assert free.loss == again.loss
        assert free.loss == pytest.approx(log_loss(score_y, by_hand.predict_proba(score_x)), rel=0.05)
        assert fixed.loss != free.loss

    def test_a_model_that_works_in_place_spoils_nothing(self, frame: pd.DataFrame, user_code: None) -> None:
        spoiler = job("user_models:in_place")

        before = frame.copy()
        first, second = train(spoiler, frame), train(spoiler, frame)

        assert first.loss == second.loss
        pd.testing.assert_frame_equal(frame, before)

    def test_chance_from_global_streams_repeats_itself_too(
        self, frame: pd.DataFrame, user_code: None
    ) -> None:
        careless = job("user_models:Careless")

        assert train(careless, frame).loss == train(careless, frame).loss

    def test_categories_reach_the_model_as_categories(self, frame: pd.DataFrame) -> None:
        categories = frame.assign(carrier=frame["carrier"].astype("category"))

        result = train(job(BOOSTING, drop=("delay", "when")), categories)

        assert result.failure is None

    def test_warnings_of_a_model_are_not_heard(
        self, frame: pd.DataFrame, recwarn: pytest.WarningsRecorder
    ) -> None:
        train(job("sklearn.neural_network:MLPClassifier", {"max_iter": 2}), frame)

        assert not recwarn.list


@pytest.fixture
def user_code(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    source = """
        import random
        import numpy as np
        from sklearn.base import BaseEstimator, ClassifierMixin
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler

        def in_place():
            return make_pipeline(StandardScaler(copy=False), LogisticRegression())

        class Careless(ClassifierMixin, BaseEstimator):
            def fit(self, X, y):
                self.classes_ = np.unique(y)
                self.p_ = np.random.random() * random.random()
                return self
            def predict_proba(self, X):
                return np.tile([1 - self.p_, self.p_], (len(X), 1))
            def predict(self, X):
                return np.zeros(len(X))

        class Blank(Careless):
            def predict_proba(self, X):
                return np.full((len(X), 2), np.nan)

        class Stubborn(Careless):
            def fit(self, X, y):
                raise SystemExit(3)

        class Counting(Careless):
            predictions = 0
            def predict(self, X):
                Counting.predictions += 1
                return np.arange(len(X)) % 2

        def minus_error_rate(model, features, target):
            return float((model.predict(features) == target).mean()) - 1

        ready = LogisticRegression()

        def nothing():
            return 42
    """
    (tmp_path / "user_models.py").write_text(textwrap.dedent(source))
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(__import__("sys").modules, "user_models", raising=False)


class TestFailures:
    def test_an_unknown_setting_is_rejected_by_name_with_the_nearest(self, frame: pd.DataFrame) -> None:
        kind, message = failure(train(job(BOOSTING, {"learning_rat": 0.1}), frame))

        assert kind is FailureKind.REJECTED
        assert "has no setting 'learning_rat'; did you mean 'learning_rate'?" in message

    def test_an_unknown_setting_of_a_step_is_rejected_by_name(self, frame: pd.DataFrame) -> None:
        kind, message = failure(train(job("auditor.demo.model:build", {"knn__neighbours": 3}), frame))

        assert kind is FailureKind.REJECTED
        assert "'knn__neighbours'; did you mean 'knn__n_neighbors'?" in message

    def test_a_value_that_the_estimator_does_not_take_is_rejected(self, frame: pd.DataFrame) -> None:
        kind, message = failure(train(job(LOGISTIC, {"C": -1.0}), frame))

        assert kind is FailureKind.REJECTED
        assert "'C' parameter" in message

    def test_a_model_without_probabilities_is_rejected_where_they_are_needed(
        self, frame: pd.DataFrame
    ) -> None:
        kind, message = failure(train(job("sklearn.svm:LinearSVC"), frame))

        assert kind is FailureKind.REJECTED
        assert "LinearSVC with these settings gives no probabilities" in message

    def test_weights_that_run_away_are_a_divergence(self, frame: pd.DataFrame) -> None:
        huge = {"learning_rate_init": 1e30, "solver": "sgd", "max_iter": 50}

        kind, _ = failure(train(job("sklearn.neural_network:MLPClassifier", huge), frame))

        assert kind is FailureKind.DIVERGED

    def test_a_loss_that_is_no_number_is_a_divergence(self, frame: pd.DataFrame, user_code: None) -> None:
        kind, message = failure(train(job("user_models:Blank"), frame))

        assert kind is FailureKind.DIVERGED
        assert message == "the loss is not a finite number on 90 of 90 scored rows"

    def test_columns_of_text_are_named_in_one_line(self, frame: pd.DataFrame) -> None:
        kind, message = failure(train(job(LOGISTIC, drop=("delay",)), frame))

        assert kind is FailureKind.ERROR
        assert "cannot read columns that are not numbers ('carrier', 'when')" in message
        assert "\n" not in message

    def test_leaving_the_interpreter_is_an_error_of_the_trial(
        self, frame: pd.DataFrame, user_code: None
    ) -> None:
        kind, _ = failure(train(job("user_models:Stubborn"), frame))

        assert kind is FailureKind.ERROR

    def test_another_kind_of_trainer_is_our_own_mistake(self, frame: pd.DataFrame) -> None:
        given = job(LOGISTIC)
        unheard_of = Job(
            trial=given.trial,
            trainer=TrainerSpec(kind="crystal ball", entry="x:y"),
            layout=given.layout,
            metric="log_loss",
            vault="",
            timeout_seconds=1,
            memory_bytes=1,
        )

        with pytest.raises(ValueError, match="no trainer of kind 'crystal ball'"):
            train(unheard_of, frame)


def _rows(frame: pd.DataFrame) -> tuple[Rows, Judge]:
    fit_x, fit_y, score_x, score_y = split(job(LOGISTIC), frame)
    return Rows(fit_x, fit_y), Judge(metric_named("log_loss"), score_x, score_y, np.arange(len(score_y)))


CURVED: list[tuple[Any, str]] = [
    (HistGradientBoostingClassifier(max_iter=12, random_state=0), "staged"),
    (GradientBoostingClassifier(n_estimators=12, random_state=0), "staged"),
    (AdaBoostClassifier(n_estimators=12, random_state=0), "staged"),
    (XGBClassifier(n_estimators=12, random_state=0), "rounds"),
    (LGBMClassifier(n_estimators=12, random_state=0, verbose=-1), "rounds"),
    (make_pipeline(StandardScaler(), LGBMClassifier(n_estimators=9, random_state=0, verbose=-1)), "rounds"),
    (RandomForestClassifier(n_estimators=13, random_state=0), "warm"),
    (BaggingClassifier(n_estimators=11, random_state=0), "warm"),
    (SGDClassifier(loss="log_loss", random_state=0), "epochs"),
    (MLPClassifier((8,), max_iter=300, random_state=0), "epochs"),
    (make_pipeline(StandardScaler(), RandomForestClassifier(n_estimators=9, random_state=0)), "warm"),
    (make_pipeline(StandardScaler(), HistGradientBoostingClassifier(max_iter=9, random_state=0)), "staged"),
]


def _name(estimator: Any) -> str:
    return "-".join(name for name, _ in getattr(estimator, "steps", [(type(estimator).__name__, None)]))


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize(("estimator", "kind"), CURVED, ids=[_name(estimator) for estimator, _ in CURVED])
class TestCurves:
    def test_the_kind_is_known(self, frame: pd.DataFrame, estimator: Any, kind: str) -> None:
        assert curve_kind(estimator) == kind

    def test_a_full_training_is_a_plain_fit(self, frame: pd.DataFrame, estimator: Any, kind: str) -> None:
        from sklearn.base import clone

        rows, judge = _rows(frame)
        plain = clone(estimator).fit(rows.features, rows.target).predict_proba(judge.features)

        training = fit(clone(estimator), rows, judge, Extent())

        np.testing.assert_array_equal(training.model.predict_proba(training.judge.features), plain)
        assert training.curve[-1].step == training.iterations
        assert training.curve[-1].loss == pytest.approx(training.judge.loss(training.model), rel=1e-9)

    def test_a_third_of_a_training_stops_after_a_third(
        self, frame: pd.DataFrame, estimator: Any, kind: str
    ) -> None:
        from sklearn.base import clone

        rows, judge = _rows(frame)
        full = fit(clone(estimator), rows, judge, Extent()).iterations
        assert full is not None

        third = fit(clone(estimator), rows, judge, Extent(fidelity=1 / 3, horizon=full))

        assert third.iterations == -(-full // 3)
        assert [point.step for point in third.curve] == sorted({point.step for point in third.curve})
        assert third.curve[-1].step == third.iterations

    def test_no_curve_is_computed_unless_it_is_wanted(
        self, frame: pd.DataFrame, estimator: Any, kind: str
    ) -> None:
        from sklearn.base import clone

        rows, judge = _rows(frame)

        for fidelity in (0.5, 1.0):
            training = fit(clone(estimator), rows, judge, Extent(fidelity=fidelity, watched=False))
            assert training.curve == ()


@pytest.mark.parametrize(
    "ensemble",
    [
        RandomForestClassifier(n_estimators=20, random_state=0),
        RandomForestClassifier(n_estimators=20, random_state=0, oob_score=True),
        BaggingClassifier(n_estimators=20, random_state=0, max_features=2),
        make_pipeline(StandardScaler(), RandomForestClassifier(n_estimators=20, random_state=0)),
    ],
    ids=["forest", "scored out of the bag", "bagging", "pipeline"],
)
@pytest.mark.filterwarnings("ignore:Some inputs do not have OOB scores")
def test_a_point_of_a_forest_s_curve_is_the_loss_of_a_smaller_forest(
    frame: pd.DataFrame, ensemble: Any
) -> None:
    from sklearn.base import clone

    rows, judge = _rows(frame)

    training = fit(clone(ensemble), rows, judge, Extent())

    assert [point.step for point in training.curve] == [1, 3, 7, 20]
    for point in training.curve:
        smaller = clone(ensemble)
        last = getattr(smaller, "steps", [("", smaller)])[-1][1]
        last.set_params(n_estimators=point.step)
        smaller.fit(rows.features, rows.target)
        assert point.loss == pytest.approx(judge.loss(smaller), rel=1e-12)
    assert len(training.model.estimators_) == training.model.n_estimators == 20


class TestFidelity:
    def test_an_estimator_without_a_curve_ignores_it(self, frame: pd.DataFrame) -> None:
        part, whole = train(job(LOGISTIC, fidelity=0.1), frame), train(job(LOGISTIC), frame)

        assert part.loss == whole.loss
        assert part.curve == ()
        assert part.iterations is None

    def test_a_ninth_of_the_rows_is_a_plain_fit_on_them_scored_on_the_same_rows(
        self, frame: pd.DataFrame
    ) -> None:
        given = job(SUPPORT, {"C": 3.0}, metric="zero_one", fidelity=1 / 9, thinned=True)
        partition = set_aside(given.layout, rows=len(frame), target=frame["late"].to_numpy())
        fit_rows = rows_of(partition, SEARCH_FOLD, given.layout).fit
        few = thinned_rows(fit_rows, 1 / 9, partition, SEARCH_FOLD, given.layout)
        _, _, score_x, score_y = split(given, frame)
        x, y = frame[list("abcd")], frame["late"].to_numpy()
        by_hand = SVC(C=3.0).fit(x.iloc[few], y[few]).predict(score_x)

        result = train(given, frame)
        whole = train(job(SUPPORT, {"C": 3.0}, metric="zero_one", thinned=True), frame)
        plain = train(job(SUPPORT, {"C": 3.0}, metric="zero_one"), frame)

        assert 20 <= few.size <= 26
        assert result.losses is not None
        assert whole.losses is not None
        np.testing.assert_array_equal(result.losses, (by_hand != score_y).astype(float))
        np.testing.assert_array_equal(whole.losses, plain.losses)
        assert not np.array_equal(whole.losses, result.losses)

    def test_a_network_on_fewer_rows_is_trained_in_full_and_leaves_no_curve(
        self, frame: pd.DataFrame
    ) -> None:
        settings: dict[str, Value] = {"max_iter": 5, "hidden_layer_sizes[0]": 3}

        few = train(job(NETWORK, settings, fidelity=1 / 3, thinned=True), frame)
        short = train(job(NETWORK, settings, fidelity=1 / 3), frame)

        assert (few.iterations, few.curve) == (5, ())
        assert short.iterations == 2
        assert short.curve

    def test_what_needs_more_rows_than_it_is_given_fails_the_trial(self, frame: pd.DataFrame) -> None:
        many = {"n_neighbors": 100}

        kind, _ = failure(
            train(job("sklearn.neighbors:KNeighborsClassifier", many, fidelity=1 / 9, thinned=True), frame)
        )

        assert kind in (FailureKind.ERROR, FailureKind.REJECTED)

    @pytest.mark.parametrize(
        ("estimator", "share"),
        [
            (SVC(), 1 / 9),
            (NuSVR(), 1 / 9),
            (KernelRidge(), 1 / 9),
            (GaussianProcessRegressor(), 1 / 9),
            (make_pipeline(StandardScaler(), SVC()), 1 / 9),
            (make_pipeline(StandardScaler(), MLPClassifier()), 1 / 6),
            (LinearSVC(), 1.0),
            (KNeighborsClassifier(), 1.0),
            (SGDClassifier(), 1.0),
            (KernelPCA(), 1.0),
            (RandomForestClassifier(), 1.0),
            (HistGradientBoostingClassifier(), 1.0),
        ],
    )
    def test_on_how_few_rows_a_model_is_told_from_others(self, estimator: Any, share: float) -> None:
        assert thins(estimator) == share

    @pytest.mark.parametrize(
        ("estimator", "settings"),
        [
            (BOOSTING, {"max_iter": 30}),
            ("xgboost:XGBClassifier", {"n_estimators": 30, "subsample": 0.7}),
            ("lightgbm:LGBMClassifier", {"n_estimators": 30, "subsample": 0.7, "subsample_freq": 1}),
        ],
    )
    def test_a_part_of_boosting_is_the_beginning_of_the_whole(
        self, frame: pd.DataFrame, estimator: str, settings: dict[str, Value]
    ) -> None:
        whole = train(job(estimator, settings), frame)
        part = train(job(estimator, settings, fidelity=1 / 3), frame)

        shared = {point.step: point.loss for point in whole.curve}
        both = [point for point in part.curve if point.step in shared]
        assert len(both) >= 3
        assert all(point.loss == pytest.approx(shared[point.step], rel=1e-9) for point in both)

    def test_rounds_that_nobody_set_are_those_of_xgboost_itself(self, frame: pd.DataFrame) -> None:
        assert train(job("xgboost:XGBClassifier", fidelity=0.25), frame).iterations == 25

    @pytest.mark.parametrize("estimator", ["xgboost:XGBRegressor", "lightgbm:LGBMRegressor"])
    def test_boosted_regressors_are_scored_on_numbers(self, frame: pd.DataFrame, estimator: str) -> None:
        drop = ("late", "carrier", "when")

        result = train(job(estimator, {"n_estimators": 20}, metric="mae", target="delay", drop=drop), frame)

        assert result.failure is None
        assert result.iterations == 20
        assert result.curve[0].loss > result.curve[-1].loss

    @pytest.mark.parametrize("estimator", ["xgboost:XGBClassifier", "lightgbm:LGBMClassifier"])
    def test_what_another_vendor_refuses_fails_the_trial(self, frame: pd.DataFrame, estimator: str) -> None:
        kind, _ = failure(train(job(estimator, {"learning_rate": -1.0}), frame))

        assert kind in (FailureKind.ERROR, FailureKind.REJECTED)

    def test_an_early_stopping_part_is_a_share_of_what_production_took(self, frame: pd.DataFrame) -> None:
        stopping = {"early_stopping": True, "max_iter": 1000}

        result = train(job(BOOSTING, stopping, fidelity=0.5, horizon=20), frame)

        assert result.iterations == 10

    def test_epochs_weigh_classes_as_a_fit_would(self, frame: pd.DataFrame) -> None:
        balanced = {"loss": "log_loss", "class_weight": "balanced", "early_stopping": True}

        result = train(job("sklearn.linear_model:SGDClassifier", balanced, fidelity=0.5, horizon=12), frame)

        assert result.failure is None
        assert result.iterations == 6

    def test_confirming_draws_no_curve(self, frame: pd.DataFrame) -> None:
        assert train(job(FOREST, fold=Fold(Part.CONFIRM, 0)), frame).curve == ()

    @pytest.mark.parametrize(
        ("estimator", "kind"),
        [
            (HistGradientBoostingRegressor(), "staged"),
            (GradientBoostingRegressor(), "staged"),
            (ExtraTreesRegressor(), "warm"),
            (LogisticRegression(), None),
            (KNeighborsClassifier(), None),
            (StandardScaler(), None),
            (MLPClassifier(solver="lbfgs"), None),
            (Pipeline([("forest", RandomForestClassifier())], memory="/nowhere"), None),
        ],
    )
    def test_regressors_and_models_without_a_curve_are_told_apart(
        self, estimator: Any, kind: str | None
    ) -> None:
        assert curve_kind(estimator) == kind


class TestLists:
    def test_places_of_a_list_are_one_setting_of_the_estimator(self, frame: pd.DataFrame) -> None:
        spec = TrainerSpec(kind="sklearn", entry="sklearn.neural_network:MLPClassifier")

        network = build(spec, {"hidden_layer_sizes[0]": 7, "hidden_layer_sizes[1]": 3}, seed=1)

        assert network.hidden_layer_sizes == (7, 3)

    def test_a_list_with_a_gap_is_rejected(self, frame: pd.DataFrame) -> None:
        kind, message = failure(
            train(job("sklearn.neural_network:MLPClassifier", {"hidden_layer_sizes[1]": 3}), frame)
        )

        assert kind is FailureKind.REJECTED
        assert "counted from 0 without a gap" in message


class TestDescribe:
    def test_a_trainer_says_what_it_is(self) -> None:
        facts = describe(TrainerSpec(kind="sklearn", entry=BOOSTING), {"max_iter": 5}, "log_loss")

        assert (facts.classifier, facts.curve) == (True, "staged")
        assert facts.defaults["learning_rate"] == 0.1
        assert facts.defaults["max_iter"] == 100

    def test_a_pipeline_says_what_its_steps_are_set_to(self) -> None:
        facts = describe(TrainerSpec(kind="sklearn", entry="auditor.demo.model:build"), {}, "auc")

        assert (facts.classifier, facts.curve) == (True, None)
        assert facts.defaults["knn__n_neighbors"] == 5
        assert "knn" not in facts.defaults

    @pytest.mark.parametrize(
        ("estimator", "config", "metric", "message"),
        [
            (
                BOOSTING,
                {"max_leaves": 3},
                "log_loss",
                "no setting 'max_leaves'; did you mean 'max_leaf_nodes'",
            ),
            ("sklearn.svm:LinearSVC", {}, "log_loss", "gives no probabilities"),
            (
                "sklearn.linear_model:Ridge",
                {},
                "zero_one",
                "for models that predict class labels; Ridge predicts",
            ),
            (
                LOGISTIC,
                {},
                "squared_error",
                "for models that predict numbers; LogisticRegression predicts class",
            ),
            (
                LOGISTIC,
                {},
                "balanced_acuracy",
                "no metric 'balanced_acuracy'; did you mean 'balanced_accuracy'",
            ),
            ("sklearn.linear_model:Ridge", {}, "squared_eror", "did you mean 'squared_error'"),
            ("sklearn.linear_model:Ridge", {}, "log_loss", "for models that predict class labels"),
            ("user_models:nothing", {}, "log_loss", "gives 'int', which is not an estimator"),
            ("math:sqrt", {}, "log_loss", "cannot be built: TypeError"),
            ("sklearn.ensembl:Forest", {}, "log_loss", "no module 'sklearn.ensembl'"),
        ],
    )
    def test_what_is_wrong_is_said_before_the_audit(
        self, user_code: None, estimator: str, config: dict[str, Value], metric: str, message: str
    ) -> None:
        with pytest.raises(TrainerError) as raised:
            describe(TrainerSpec(kind="sklearn", entry=estimator), config, metric)

        assert message in str(raised.value)

    def test_an_estimator_that_is_ready_made_is_copied(self, frame: pd.DataFrame, user_code: None) -> None:
        import user_models  # type: ignore[import-not-found]

        train(job("user_models:ready"), frame)

        assert not hasattr(user_models.ready, "coef_")
