"""What a user's own trainer gives, turned into losses: predictions, a loss per row, or one number.

====================  ============================================================================
``gives``             is
====================  ============================================================================
``predictions``       what the metric asks for: labels or numbers, one a row; probabilities, a column
                      a class (of two classes: those of the larger label suffice)
``losses``            a loss per scored row, lower is better
``loss``, ``score``   one number for all scored rows; of a score more is better
====================  ============================================================================

One number says nothing of single rows, so that configurations cannot be paired row by row:
``core/splits.py`` then hands every confirming training rows of its own.
"""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from auditor.core.losses import row_losses
from auditor.core.metrics import Metric, Needs, loss_of_score
from auditor.core.records import FloatArray, TrainerFacts, TrainerSpec
from auditor.errors import TrainerError
from auditor.trainers.failing import TrialError, diverged, rejected
from auditor.trainers.scoring import Judge
from auditor.trainers.training import Task

ONE_NUMBER = ("loss", "score")
"""What is one number a training."""


def check_metric(gives: str, metric: Metric) -> None:
    """Refuse a metric that cannot be had from what a trainer gives.

    Raises
    ------
    TrainerError
        With what would do instead.
    """
    if gives == "predictions" and metric.needs in (Needs.SCORER, Needs.OWN):
        raise TrainerError(
            f"the metric {metric.name!r} cannot be reckoned from predictions; take one of log_loss, brier, "
            "squared_error, absolute_error, zero_one, auc, f1, or let the trainer give its own 'losses'"
        )
    if gives == "losses" and (not metric.per_row or metric.name in ("auc", "f1")):
        raise TrainerError(f"the metric {metric.name!r} has no loss per row; leave policy.metric out")
    if gives == "loss" and metric.needs is Needs.SCORER:
        raise TrainerError(
            f"the metric {metric.name!r} is a score, of which more is better, and trainer.gives = 'loss' "
            "says that less is; leave policy.metric out, or set trainer.gives = 'score'"
        )


def described(trainer: TrainerSpec, metric: Metric, *, fidelity: bool) -> TrainerFacts:
    """Return what is known of a user's own trainer from its declaration.

    Parameters
    ----------
    fidelity
        Whether it trains less when it is told to.

    Raises
    ------
    TrainerError
        If the metric cannot be had from what it gives.
    """
    gives, classes = str(trainer.options["gives"]), trainer.options["classes"]
    check_metric(gives, metric)
    return TrainerFacts(
        classifier=metric.classes if classes is None else bool(classes),
        curve="fidelity" if fidelity else None,
        defaults={},
        by_row=gives not in ONE_NUMBER,
    )


def visible(task: Task) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows to fit on and those to score on, as a user's own trainer may see them.

    The target of the rows to score on is there only where it is the trainer that scores them.
    """
    target = task.job.layout.target
    fit: pd.DataFrame = task.rows.features.assign(**{target: task.rows.target})
    score: pd.DataFrame = task.judge.features
    if task.trainer.options["gives"] != "predictions":
        score = score.assign(**{target: task.judge.target})
    return fit, score


def losses_of(gives: str, value: object, judge: Judge, *, labels: npt.NDArray[Any]) -> FloatArray:
    """Return the losses that a trainer's outcome amounts to.

    Parameters
    ----------
    labels
        The sorted classes of the rows fitted on: what the columns of unnamed probabilities stand for.

    Returns
    -------
    FloatArray
        Shape (scored rows,), or (1,) of one number; all finite.

    Raises
    ------
    TrialError
        If the outcome is not what was declared, or a loss is not a finite number.
    """
    if gives in ONE_NUMBER:
        losses = np.array([_number(value, gives, judge.metric)])
    elif gives == "losses":
        losses = _column(value, "losses", rows=len(judge.target)).astype(np.float64)
    else:
        losses = _predicted(value, judge, labels)
    wrong = int(np.count_nonzero(~np.isfinite(losses)))
    if wrong:
        raise diverged(f"the loss is not a finite number on {wrong} of {losses.size} scored rows")
    return losses


def curve_loss(gives: str, value: object, judge: Judge, *, labels: npt.NDArray[Any]) -> float:
    """Return the loss at a point of a learning curve; where losses are given, their mean will do."""
    if gives == "losses" and np.ndim(value) == 0:  # type: ignore[arg-type]
        return _number(value, "loss", judge.metric)
    return float(losses_of(gives, value, judge, labels=labels).mean())


def _number(value: object, gives: str, metric: Metric) -> float:
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError) as error:
        raise _unlike(f"one number, as trainer.gives = {gives!r} says", value) from error
    if not math.isfinite(number):
        raise diverged(f"the {gives} is {number}")
    return loss_of_score(metric.name, number) if gives == "score" else number


def _predicted(value: object, judge: Judge, labels: npt.NDArray[Any]) -> FloatArray:
    metric, target = judge.metric, judge.target
    if metric.needs is Needs.PROBABILITIES:
        probabilities, classes = _probabilities(value, labels, rows=len(target))
        return row_losses(metric, target, probabilities, classes=classes)
    if metric.needs is Needs.RANKING and np.ndim(value) == 2:  # type: ignore[arg-type]
        value = np.asarray(value)[:, -1]
    prediction = _column(value, "predictions", rows=len(target))
    if metric.needs is Needs.RANKING or not metric.classes:
        return row_losses(metric, target, _numbers(prediction))
    _refuse_strangers(prediction, np.concatenate([labels, target]))
    return row_losses(metric, target, prediction)


def _probabilities(
    value: object, labels: npt.NDArray[Any], *, rows: int
) -> tuple[FloatArray, npt.NDArray[Any]]:
    """Return a column of probabilities per class, and the classes."""
    if isinstance(value, pd.DataFrame):
        _refuse_strangers(np.asarray(value.columns), labels)
        labels, value = np.asarray(value.columns), value.to_numpy()
    found = _numbers(np.asarray(value))
    if found.ndim == 1 and len(labels) == 2:
        found = np.column_stack([1.0 - found, found])
    if found.shape != (rows, len(labels)):
        raise _unlike(
            f"probabilities of shape ({rows}, {len(labels)}): a row for each scored one, a column for each "
            f"class ({_listed(labels)})",
            value,
        )
    return found, labels


def _column(value: object, what: str, *, rows: int) -> npt.NDArray[Any]:
    """Return one value per scored row."""
    found = np.asarray(value)
    if found.ndim == 2 and found.shape[1] == 1:
        found = found[:, 0]
    if found.shape != (rows,):
        raise _unlike(f"{what} of shape ({rows},), one for each scored row", value)
    return found


def _numbers(found: npt.NDArray[Any]) -> FloatArray:
    try:
        return found.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise _unlike("numbers", found.ravel()[0] if found.size else found) from error


def _refuse_strangers(found: npt.NDArray[Any], known: Iterable[Any]) -> None:
    """Refuse labels of which none is a label of the data: text for numbers, as a rule."""
    seen = set(np.asarray(found).tolist())
    if seen and seen.isdisjoint(known := set(np.asarray(known).tolist())):
        raise rejected(
            f"the trainer's labels ({_listed(sorted(map(repr, seen)))}) are none of the data's "
            f"({_listed(sorted(map(repr, known)))})"
        )


def _unlike(wanted: str, value: object) -> TrialError:
    shape = np.shape(value) if isinstance(value, np.ndarray | pd.DataFrame | pd.Series | list) else None
    given = f"{type(value).__name__} of shape {shape}" if shape is not None else repr(value)[:80]
    return rejected(f"the trainer must give {wanted}, got {given}")


def _listed(items: Iterable[Any]) -> str:
    shown = [str(item) for item in items]
    return ", ".join(shown[:5]) + (", …" if len(shown) > 5 else "")
