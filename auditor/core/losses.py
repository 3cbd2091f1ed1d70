"""Predictions turned into losses that can be averaged and paired.

The comparison of two configurations needs one number per scored row, not one per fit: only
then can it tell luck in the rows from luck in the training. Three kinds of metric give one.

- *Means over rows* (log-loss, Brier, squared and absolute error, error rate): the loss of the row.
- *AUC and F1*, which no single row has: pseudo-values, one per row, whose mean is exactly the
  metric and whose spread is, to first order, its sampling spread.
- *Any other scorer*: jackknife pseudo-values, one per unit of rows (`jackknife_losses`).

Calling scikit-learn is left to the trainer; nothing here imports it.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from auditor.core.metrics import Metric, Needs
from auditor.core.records import FloatArray, IntArray

Labels: TypeAlias = npt.NDArray[Any]
"""Targets or predictions in the user's own type: numbers, booleans or strings."""

Mask: TypeAlias = npt.NDArray[np.bool_]

PROBABILITY_FLOOR = 1e-3
"""No probability is taken to be nearer to 0 or 1 than this in a log-loss.

Without a floor, one row that a model is wrongly sure of outweighs a thousand others, and the mean
has tails too heavy for Student's t (statistics, section 2). With it, no row costs more than 6.9.
"""

_MOST_FLOORED = 0.1
"""With more than 100 classes the floor shrinks, so that all floors together hold this share at most."""


def row_losses(
    metric: Metric, target: Labels, prediction: Labels, *, classes: Labels | None = None
) -> FloatArray:
    """Return one loss, or pseudo-value of the loss, per scored row; lower is better.

    Parameters
    ----------
    metric
        One with ``per_row``.
    target
        Shape (rows,): labels or numbers.
    prediction
        By ``metric.needs``. LABELS: shape (rows,), labels or numbers. PROBABILITIES: shape
        (rows, classes). RANKING: shape (rows,), or (rows, 2) of which the last column is taken.
    classes
        Shape (classes,): the label of each column of probabilities. A label of the target that is
        not among them was not in the rows fitted on, and counts as predicted with probability 0.

    Returns
    -------
    FloatArray
        Shape (rows,). Its mean is the loss: for ``auc`` and ``f1`` exactly 1 - metric of these rows,
        though single values may lie outside [0, 1]. NaN where the prediction is NaN.

    Raises
    ------
    ValueError
        For a scorer; for shapes that do not fit; for ``auc`` and ``f1``, unless the target has
        exactly two classes.
    """
    if not metric.per_row:
        raise ValueError(f"{metric.name!r} has no loss per row; use jackknife_losses")
    if len(prediction) != len(target):
        raise ValueError(f"{len(target)} targets, but {len(prediction)} predictions")
    if metric.needs is Needs.PROBABILITIES:
        return _probability_losses(metric, target, prediction, classes=classes)
    return _PREDICTION_LOSSES[metric.name](target, prediction)


def _probability_losses(
    metric: Metric, target: Labels, prediction: Labels, *, classes: Labels | None
) -> FloatArray:
    """Return the losses of a metric that reads a probability per class."""
    if classes is None or prediction.shape != (len(target), len(classes)):
        columns = "no classes" if classes is None else f"{len(classes)} classes"
        raise ValueError(f"probabilities of shape {prediction.shape} with {columns}")
    is_class = np.asarray(target)[:, np.newaxis] == np.asarray(classes)[np.newaxis, :]
    return _PROBABILITY_LOSSES[metric.name](is_class, prediction.astype(np.float64))


def _log_losses(is_class: Mask, probabilities: FloatArray) -> FloatArray:
    """Return -log of each row's clipped and renormalised probability of its own class."""
    floor = min(PROBABILITY_FLOOR, _MOST_FLOORED / probabilities.shape[1])
    clipped = np.clip(probabilities, floor, 1.0 - floor)
    clipped /= clipped.sum(axis=1, keepdims=True)
    own = np.where(is_class, clipped, 0.0).sum(axis=1)
    return np.asarray(-np.log(np.where(is_class.any(axis=1), own, floor)))


def _brier_losses(is_class: Mask, probabilities: FloatArray) -> FloatArray:
    """Return half the squared distance from the one-hot truth, so that two classes give (p - y)^2.

    scikit-learn halves for two classes only; here the score stays in [0, 1] for any number of them.
    """
    squares = np.sum(np.square(probabilities - is_class), axis=1)
    unseen = ~is_class.any(axis=1)  # its own class has no column: probability 0, truth 1
    return np.asarray((squares + unseen) / 2.0)


def _squared_errors(target: Labels, prediction: Labels) -> FloatArray:
    """Return the square of each residual; infinite rather than an overflow warning."""
    with np.errstate(over="ignore", invalid="ignore"):
        return np.square(_residuals(target, prediction))


def _absolute_errors(target: Labels, prediction: Labels) -> FloatArray:
    """Return the size of each residual."""
    with np.errstate(over="ignore", invalid="ignore"):
        return np.abs(_residuals(target, prediction))


def _residuals(target: Labels, prediction: Labels) -> FloatArray:
    """Return prediction minus target, shape (rows,), from a prediction that may have one column."""
    return np.asarray(np.ravel(prediction).astype(np.float64) - target.astype(np.float64))


def _zero_one(target: Labels, prediction: Labels) -> FloatArray:
    """Return 1 for each row predicted wrongly."""
    return np.asarray(np.ravel(prediction) != target).astype(np.float64)


def _auc_losses(target: Labels, prediction: Labels) -> FloatArray:
    """Return 1 - psi, where psi are DeLong's pseudo-values of the AUC, ties counted as half.

    With V10 (a positive row's share of negatives ranked below it) and V01 (a negative row's share of
    positives ranked above it), psi is ``A + (V10 - A) n / n1`` or ``A + (V01 - A) n / n0``. The shares
    are differences of midranks, so sorting is all the work [1]_.

    References
    ----------
    .. [1] Sun and Xu (2014), "Fast implementation of DeLong's algorithm", IEEE Signal Processing
       Letters 21:1389-1393; DeLong, DeLong and Clarke-Pearson (1988), Biometrics 44:837-845.
    """
    positive = target == _positive_label(target, metric="auc")
    ranking = prediction[:, -1] if prediction.ndim == 2 else prediction
    if np.isnan(ranking).any():
        return np.full(len(target), np.nan)
    positives = int(np.count_nonzero(positive))
    within = np.empty(len(target))
    within[positive] = _midranks(ranking[positive])
    within[~positive] = _midranks(ranking[~positive])
    others_below = _midranks(ranking) - within
    share = np.where(positive, others_below / (len(target) - positives), 1.0 - others_below / positives)
    area = float(share[positive].mean())
    weight = np.where(positive, len(target) / positives, len(target) / (len(target) - positives))
    return np.asarray(1.0 - area - (share - area) * weight)


def _midranks(values: Labels) -> FloatArray:
    """Return ranks counted from 1, tied values sharing the mean of their ranks."""
    _, group, sizes = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(sizes)
    return np.asarray((last - (sizes - 1) / 2.0)[group])


def _f1_losses(target: Labels, prediction: Labels) -> FloatArray:
    """Return 1 - psi, where psi are the linearised pseudo-values of F1.

    F1 is a ratio of means, F = mean(tp) / mean(q) with q = (predicted + actual) / 2, so that to first
    order a row contributes ``F + (tp - F q) / mean(q)`` (statistics, section 2).
    """
    positive_label = _positive_label(target, metric="f1")
    actual = np.asarray(target == positive_label)
    predicted = np.asarray(np.ravel(prediction) == positive_label)
    both, half = (actual & predicted).astype(np.float64), (actual.astype(np.float64) + predicted) / 2.0
    score = both.sum() / half.sum()
    return np.asarray(1.0 - score - (both - score * half) / half.mean())


def _positive_label(target: Labels, *, metric: str) -> Any:
    """Return the larger of exactly two labels."""
    labels = np.unique(target)
    if len(labels) != 2:
        found = ", ".join(repr(label) for label in labels[:5].tolist())
        raise ValueError(f"{metric} needs scored rows of exactly two classes, got {len(labels)} ({found})")
    return labels[1]


_PREDICTION_LOSSES: Mapping[str, Callable[[Labels, Labels], FloatArray]] = {
    "squared_error": _squared_errors,
    "absolute_error": _absolute_errors,
    "zero_one": _zero_one,
    "auc": _auc_losses,
    "f1": _f1_losses,
}

_PROBABILITY_LOSSES: Mapping[str, Callable[[Mask, FloatArray], FloatArray]] = {
    "log_loss": _log_losses,
    "brier": _brier_losses,
}


def jackknife_losses(units: IntArray, loss_without: Callable[[Mask], float]) -> FloatArray:
    """Return a pseudo-value of the loss per unit of rows, for a metric that no single row has.

    Parameters
    ----------
    units
        Shape (rows,): the unit of each scored row, any whole numbers.
    loss_without
        Given a mask of shape (rows,), returns the loss over the rows where it is **False**: the masked
        rows are left out. Called once with nothing left out and once per unit.

    Returns
    -------
    FloatArray
        Shape (units,), in ascending order of unit.

    Raises
    ------
    ValueError
        With fewer than two units.

    Notes
    -----
    With L the loss of all rows and L_g the loss without unit g, which holds the share w_g of the rows,
    the value is ``L + G (1 - w_g) (L - L_g)``. Units of equal size give Tukey's ``G L - (G - 1) L_g``.
    For unequal ones this is the delete-a-group jackknife of [1]_ with each unit weighted by its rows: if
    the metric is a mean over rows, the plain mean of the values is that mean exactly, and their spread is
    that of the unit totals.

    References
    ----------
    .. [1] Busing, Meijer and van der Leeden (1999), "Delete-m jackknife for unequal m", Statistics
       and Computing 9:3-8.

    Examples
    --------
    >>> losses = np.array([1.0, 2.0, 6.0])
    >>> jackknife_losses(np.array([0, 1, 2]), lambda left_out: float(losses[~left_out].mean())).tolist()
    [1.0, 2.0, 6.0]
    """
    codes, sizes = np.unique(units, return_counts=True)
    if len(codes) < 2:
        raise ValueError(f"a jackknife needs at least two units of rows, got {len(codes)}")
    whole = loss_without(np.zeros(len(units), dtype=np.bool_))
    without = np.array([loss_without(units == code) for code in codes])
    return np.asarray(whole + len(codes) * (1.0 - sizes / len(units)) * (whole - without))
