"""A fitted model and the rows to score it on → losses, lower is better."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import wraps
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.metrics import get_scorer, get_scorer_names

from auditor.core.losses import jackknife_losses, row_losses
from auditor.core.metrics import METRICS, Metric, Needs, loss_of_score
from auditor.core.records import FloatArray, IntArray
from auditor.core.units import jackknife_units
from auditor.errors import TrainerError
from auditor.trainers.failing import diverged, rejected
from auditor.trainers.importing import import_object, nearest

_METHODS = {
    Needs.LABELS: ("predict",),
    Needs.PROBABILITIES: ("predict_proba",),
    Needs.RANKING: ("predict_proba", "decision_function"),
}
"""What may be asked of a model for each need, in order of preference."""

_FORESEEN = ("predict", "predict_proba", "decision_function")


@dataclass(frozen=True, slots=True, eq=False)
class Judge:
    """The rows a trial is scored on, and the metric.

    Attributes
    ----------
    features, target
        Shapes (scored rows, features) and (scored rows,).
    clusters
        Shape (scored rows,): units of rows are made of it, for a metric without per-row losses.
    """

    metric: Metric
    features: Any
    target: npt.NDArray[Any]
    clusters: IntArray

    def on(self, features: Any) -> "Judge":
        """Return a judge of the same rows whose features were transformed."""
        return replace(self, features=features)

    def losses(self, model: Any) -> FloatArray:
        """Return the losses of a fitted model.

        Returns
        -------
        FloatArray
            Shape (scored rows,), or (jackknife units,) for a scorer; all finite.

        Raises
        ------
        TrialError
            If the model cannot give what the metric needs, or a loss is not a finite number.
        """
        losses = self._scorer_losses(model) if self.metric.needs is Needs.SCORER else self._row_losses(model)
        wrong = np.count_nonzero(~np.isfinite(losses))
        if wrong:
            raise diverged(f"the loss is not a finite number on {wrong} of {losses.size} scored rows")
        return losses

    def loss(self, model: Any) -> float:
        """Return the plain loss of a fitted model over all scored rows."""
        if self.metric.needs is Needs.SCORER:
            score = scorer_named(self.metric.name)(model, self.features, self.target)
            return loss_of_score(self.metric.name, float(score))
        return float(np.mean(self._row_losses(model)))

    def staged_losses(self, model: Any, steps: Collection[int]) -> Iterator[tuple[int, float]]:
        """Yield some iterations of a boosted model, each with the loss after it; nothing for a scorer."""
        for method in _METHODS.get(self.metric.needs, ()):
            if steps and hasattr(model, f"staged_{method}"):
                stages = islice(getattr(model, f"staged_{method}")(self.features), max(steps))
                for step, prediction in enumerate(stages, start=1):
                    if step in steps:
                        yield step, float(np.mean(self._losses_of(model, prediction)))
                return

    def _row_losses(self, model: Any) -> FloatArray:
        method = method_for(self.metric, model)
        return self._losses_of(model, getattr(model, method)(self.features))

    def _losses_of(self, model: Any, prediction: Any) -> FloatArray:
        classes = getattr(model, "classes_", None) if self.metric.needs is Needs.PROBABILITIES else None
        return row_losses(self.metric, self.target, np.asarray(prediction), classes=classes)

    def _scorer_losses(self, model: Any) -> FloatArray:
        features = self.features.reset_index(drop=True)
        foreseen = _Foreseen(model, features)
        scorer, name = scorer_named(self.metric.name), self.metric.name

        def loss_without(left_out: npt.NDArray[np.bool_]) -> float:
            kept = np.flatnonzero(~left_out)
            return loss_of_score(name, float(scorer(foreseen, features.iloc[kept], self.target[kept])))

        return jackknife_losses(jackknife_units(self.clusters), loss_without)


def method_for(metric: Metric, model: Any) -> str:
    """Return which method of a model gives what a metric needs.

    Raises
    ------
    TrialError
        If it has none, with the settings it was given.
    """
    for method in _METHODS[metric.needs]:
        if hasattr(model, method):
            return method
    kind = type(model).__name__
    if metric.needs is Needs.LABELS:
        raise rejected(f"{kind} cannot predict, which the metric {metric.name!r} needs")
    raise rejected(
        f"{kind} with these settings gives no probabilities, which the metric {metric.name!r} needs; "
        "choose settings that give them, wrap it in CalibratedClassifierCV, or take the metric 'zero_one'"
    )


def scorer_named(name: str) -> Any:
    """Return scikit-learn's scorer of that name, or the one at an import path.

    Raises
    ------
    TrainerError
        If there is none.
    """
    if ":" in name:
        return import_object(name)
    try:
        return get_scorer(name)
    except ValueError as error:
        near = nearest(name, [*METRICS, *get_scorer_names()])
        hint = near or f"; there are {', '.join(METRICS)}, and what sklearn.metrics.get_scorer_names() lists"
        raise TrainerError(f"there is no metric {name!r}{hint}") from error


class _Foreseen:
    """A fitted model that has predicted all rows already, and looks subsets of them up.

    A jackknife scores 50 subsets of the same rows; a model that is slow to predict (nearest
    neighbours) must not be asked 50 times. Rows are known by their index, counted from 0.
    """

    def __init__(self, model: Any, features: pd.DataFrame) -> None:
        self._model = model
        self._features = features
        self._known: dict[str, npt.NDArray[Any]] = {}

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._model, name)
        if name not in _FORESEEN:
            return found

        @wraps(found)  # scikit-learn tells methods apart by their names
        def look_up(features: Any) -> npt.NDArray[Any]:
            if not isinstance(features, pd.DataFrame):
                return np.asarray(found(features))
            if name not in self._known:
                self._known[name] = np.asarray(found(self._features))
            known = self._known[name]
            return np.asarray(known[features.index.to_numpy()])

        return look_up
