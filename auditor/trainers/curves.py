"""How far a training goes, and its loss on the way, for the estimators that can tell.

Four kinds of learning curve:

``staged``
    Boosting that can replay its own iterations: one fit, and ``staged_predict`` gives the curve.
``rounds``
    Boosting of xgboost and lightgbm, which predicts with its first rounds when asked to: one fit.
``warm``
    Ensembles that grow member by member, and predict with the first of them: one fit.
``epochs``
    Iterative fits with ``partial_fit``: an epoch a call.

At fidelity 1 the model is the one that plain ``fit`` gives, bit by bit: boosting and forests are one plain
fit, and epochs are not used at all, because production itself calls ``fit``. Below 1, fidelity is a share of
the iterations. Every other estimator ignores it.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from inspect import signature
from typing import Any

import numpy as np
from sklearn.base import is_classifier, is_regressor
from sklearn.pipeline import Pipeline
from sklearn.utils.class_weight import compute_class_weight

from auditor.core.metrics import Needs
from auditor.core.records import CurvePoint, FloatArray
from auditor.trainers.rows import Rows
from auditor.trainers.scoring import Judge

STAGED_POINTS = 15
"""Most points on a curve that costs predictions only."""

FEW_POINTS = 5
"""Most points on a curve of which each costs a whole prediction, or for which training stops: one for every
half a decade."""

_EARLY_STOPPING_ROWS = 10_000
"""HistGradientBoosting's ``early_stopping="auto"`` stops early on more rows than this."""


@dataclass(frozen=True, slots=True, eq=False)
class Training:
    """A fitted model.

    Attributes
    ----------
    model, judge
        What to score, and who scores it: the last step of a pipeline and rows transformed by
        the steps before it, where that saves transforming them again.
    losses
        On the rows to score on, as `Judge.losses` gives them; the curve ends in their mean.
    iterations
        Iterations done, where the estimator reports them.
    """

    model: Any
    judge: Judge
    losses: FloatArray
    iterations: int | None
    curve: tuple[CurvePoint, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """How far to train.

    Attributes
    ----------
    fidelity
        In (0, 1].
    horizon
        Iterations of production's own full training, if it reported them: fidelities of an
        estimator that stops early are shares of it, since it would never reach its limit.
    watched
        Whether the curve is wanted.
    """

    fidelity: float = 1.0
    horizon: int | None = None
    watched: bool = True


def curve_kind(estimator: Any) -> str | None:
    """Return ``staged``, ``rounds``, ``warm``, ``epochs``, or None for an estimator without a learning curve.

    A pipeline has the curve of its last step.
    """
    last = last_step(estimator)
    if not (is_classifier(last) or is_regressor(last)):
        return None
    has = last.get_params(deep=False)
    if _limit_name(has) is None:
        return None
    if hasattr(last, "staged_predict"):
        return "staged"
    if "n_estimators" in has and _first_rounds(last, 1) is not None:
        return "rounds"
    if "warm_start" in has and "n_estimators" in has:
        return "warm"
    return "epochs" if hasattr(last, "partial_fit") else None


def thins(estimator: Any) -> float:
    """Return the share of many rows on which configurations can be told apart; 1 where it takes all of them.

    With kernels, a ninth: a training takes time that grows with the square of the rows or faster. With
    perceptrons, a sixth: after a part of their epochs those that learn slowly look hopeless, and whoever
    stops early has not saved much. Boosting loses its best on a sixth, and saves nothing on more. The others
    are forests, which a ninth of the trees tells apart, cheap (linear models, single trees), or have settings
    whose best value depends on the number of rows (neighbours): benchmarks/README.md, "A scikit-learn search
    with halving".
    """
    last = last_step(estimator)
    if not (is_classifier(last) or is_regressor(last)):
        return 1.0
    has = last.get_params(deep=False)
    if "kernel" in has:
        return 1 / 9
    return 1 / 6 if "hidden_layer_sizes" in has else 1.0


def fit(estimator: Any, rows: Rows, judge: Judge, extent: Extent) -> Training:
    """Fit an estimator in place, as far as asked, score it, and return it with its curve."""
    kind = curve_kind(estimator)
    if kind is None:
        estimator.fit(rows.features, rows.target)
        return Training(estimator, judge, judge.losses(estimator), None, ())
    last = last_step(estimator)
    if last is not estimator:
        first_steps = estimator[:-1]
        rows = Rows(first_steps.fit_transform(rows.features, rows.target), rows.target)
        ahead = judge.on(first_steps.transform(judge.features))
    else:
        ahead = judge
    course = _FITS[kind](last, rows, ahead, extent)
    # A user's scorer is shown the whole model and the features as they came.
    whole = judge.metric.needs is Needs.SCORER
    model, shown = (estimator, judge) if whole else (last, ahead)
    losses = shown.losses(model)
    points = list(course.points)
    if course.drawn and course.iterations is not None:
        # Once more would cost another prediction. A jackknife's mean is not quite the score itself.
        end = ahead.loss(last) if whole else float(losses.mean())
        points.append(CurvePoint(course.iterations, end))
    curve = tuple(point for point in points if math.isfinite(point.loss))
    return Training(model, shown, losses, course.iterations, curve)


@dataclass(frozen=True, slots=True)
class Course:
    """How a training went.

    Attributes
    ----------
    iterations
        Those done, where the estimator reports them.
    points
        The curve as far as the last iteration but for that one itself.
    drawn
        Whether the curve is drawn: wanted, and to be had.
    """

    iterations: int | None
    points: Sequence[CurvePoint] = ()
    drawn: bool = False


def _staged(last: Any, rows: Rows, judge: Judge, extent: Extent) -> Course:
    """Fit once, replay the iterations."""
    limit = _limit(last, rows, extent)
    if limit is not None:
        last.set_params(**limit)
    last.fit(rows.features, rows.target)
    done = _iterations(last)
    if not extent.watched or done is None:
        return Course(done)
    losses = judge.staged_losses(last, _on_the_way(done, STAGED_POINTS))
    points = [CurvePoint(step, loss) for step, loss in losses]
    # Without any, nothing can be replayed for this metric; a single iteration has no way.
    return Course(done, points, drawn=bool(points) or done == 1)


def _rounds(last: Any, rows: Rows, judge: Judge, extent: Extent) -> Course:
    """Fit once, and predict with more and more of its rounds."""
    limit = _limit(last, rows, extent)
    if limit is not None:
        last.set_params(**limit)
    last.fit(rows.features, rows.target)
    done = _iterations(last)
    if not extent.watched or done is None or judge.metric.needs is Needs.SCORER:
        return Course(done)
    wanted = _on_the_way(done, STAGED_POINTS)
    return Course(done, [CurvePoint(step, judge.loss(_Beginning(last, step))) for step in wanted], drawn=True)


class _Beginning:
    """A boosted model of which only the first rounds are asked."""

    def __init__(self, model: Any, rounds: int) -> None:
        self._model = model
        self._limit = _first_rounds(model, rounds) or {}

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._model, name)
        return partial(found, **self._limit) if name in ("predict", "predict_proba") else found


def _first_rounds(model: Any, rounds: int) -> dict[str, Any] | None:
    """Return how to ask a model to predict with its first rounds, or None if it cannot."""
    taken = signature(model.predict).parameters
    if "iteration_range" in taken:  # xgboost
        return {"iteration_range": (0, rounds)}
    return {"num_iteration": rounds} if "num_iteration" in taken else None  # lightgbm


def _warm(last: Any, rows: Rows, judge: Judge, extent: Extent) -> Course:
    """Fit once, and predict with more and more of its members."""
    limit = _limit(last, rows, extent)
    if limit is not None:
        last.set_params(**limit)
    last.fit(rows.features, rows.target)
    done = _iterations(last)
    if not extent.watched or done is None or not isinstance(getattr(last, "estimators_", None), list):
        return Course(done)
    points = []
    for step in _on_the_way(done, _few_points(done)):
        with _first_members(last, step):
            points.append(CurvePoint(step, judge.loss(last)))
    return Course(done, points, drawn=True)


@contextmanager
def _first_members(last: Any, count: int) -> Iterator[None]:
    """Leave an ensemble the first of its members only, which are those that a smaller one would have."""
    members, number = last.estimators_, last.n_estimators
    last.estimators_, last.n_estimators = members[:count], count
    try:
        yield
    finally:
        last.estimators_, last.n_estimators = members, number


def _epochs(last: Any, rows: Rows, judge: Judge, extent: Extent) -> Course:
    """Go through the rows so many times; at fidelity 1, fit as production does."""
    limit = _limit(last, rows, extent)
    if limit is None:
        last.fit(rows.features, rows.target)
        return Course(_iterations(last), drawn=extent.watched)
    total = limit["max_iter"]
    last.set_params(**by_epoch(last, rows))
    known = {"classes": np.unique(rows.target)} if is_classifier(last) else {}
    wanted = _on_the_way(total, _few_points(total)) if extent.watched else ()
    points = []
    for epoch in range(1, total + 1):
        last.partial_fit(rows.features, rows.target, **known)
        if epoch in wanted:
            points.append(CurvePoint(epoch, judge.loss(last)))
    return Course(total, points, drawn=extent.watched)


_FITS: dict[str, Callable[[Any, Rows, Judge, Extent], Course]] = {
    "staged": _staged,
    "rounds": _rounds,
    "warm": _warm,
    "epochs": _epochs,
}


def by_epoch(last: Any, rows: Rows) -> dict[str, Any]:
    """Return the settings under which calls of ``partial_fit`` do what ``fit`` would do."""
    has = last.get_params(deep=False)
    wanted: dict[str, Any] = {}
    if "random_state" in has and not isinstance(has["random_state"], np.random.RandomState):
        # A number would shuffle the rows alike in every epoch; fit does not.
        wanted["random_state"] = np.random.RandomState(has["random_state"])
    if has.get("early_stopping"):  # partial_fit refuses it
        wanted["early_stopping"] = False
    if has.get("class_weight") == "balanced":
        classes = np.unique(rows.target)
        weights = compute_class_weight("balanced", classes=classes, y=rows.target)
        wanted["class_weight"] = dict(zip(classes.tolist(), weights.tolist(), strict=True))
    return wanted


def last_step(estimator: Any) -> Any:
    """Return the step that learns; a pipeline that keeps its own copies of steps is taken whole."""
    if type(estimator) is Pipeline and estimator.memory is None:
        return estimator.steps[-1][1]
    return estimator


def _limit_name(has: dict[str, Any]) -> str | None:
    return next((name for name in ("max_iter", "n_estimators") if name in has), None)


def _limit(last: Any, rows: Rows, extent: Extent) -> dict[str, int] | None:
    """Return the setting that stops a training short, or None to leave it as it is."""
    has = last.get_params(deep=False)
    name = _limit_name(has) or ""
    full = has[name]
    if full is None and hasattr(last, "get_num_boosting_rounds"):  # xgboost's own default
        full = last.get_num_boosting_rounds()
    if extent.fidelity >= 1.0 or not _counts(full):
        return None
    within = extent.horizon is not None and _stops_early(last, rows)
    reached = min(full, extent.horizon or full) if within else full
    # A whole number of iterations that rounding has lifted by 1e-16 is not one more.
    return {name: max(1, math.ceil(extent.fidelity * reached - 1e-9))}


def _counts(limit: Any) -> bool:
    """Return whether a limit is a number of iterations; others are for the estimator to refuse."""
    return isinstance(limit, int) and not isinstance(limit, bool) and limit >= 1


def _stops_early(last: Any, rows: Rows) -> bool:
    has = last.get_params(deep=False)
    if hasattr(last, "staged_predict"):
        early = has.get("early_stopping")
        if early == "auto":
            return len(rows.target) > _EARLY_STOPPING_ROWS
        return bool(early) or (has.get("n_iter_no_change") is not None and "early_stopping" not in has)
    return hasattr(last, "partial_fit")


def _iterations(last: Any) -> int | None:
    """Return the iterations a fitted estimator reports."""
    for name in ("n_iter_", "n_estimators_"):
        done = getattr(last, name, None)
        if isinstance(done, int | np.integer):
            return int(done)
    if hasattr(last, "get_booster"):
        return int(last.get_booster().num_boosted_rounds())
    members = getattr(last, "estimators_", None)
    return len(members) if members is not None else None


def _few_points(total: int) -> int:
    return min(FEW_POINTS, 1 + round(2.0 * math.log10(total)))


def _on_the_way(last: int, count: int) -> tuple[int, ...]:
    """Return the iterations before the last at which to look, denser at the start; fewer than ``count``."""
    return tuple(sorted({int(step) for step in np.geomspace(1, last, count).round()} - {last}))
