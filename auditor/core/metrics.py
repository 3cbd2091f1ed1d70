"""What a configuration is scored by: the metrics there are, by the one name each has here.

Whatever the metric, **lower is better**: a score of which more is better becomes ``1 - score``, or
``-score`` where 1 is not its best value. Numbers are made of predictions in `auditor.core.losses`.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass


class Needs(enum.Enum):
    """What a metric asks of a fitted model."""

    LABELS = "labels"  #: what ``predict`` returns: class labels, or numbers for a regression
    PROBABILITIES = "probabilities"  #: one column per class
    RANKING = "ranking"  #: any number that grows with the larger label's chance
    OWN = "own"  #: nothing: the trainer gives its own losses, or its own score
    SCORER = "scorer"  #: the fitted model itself, in the hands of a scikit-learn scorer


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A metric, by the one name it has here.

    Attributes
    ----------
    name
        Aliases resolved: ``auc``, never ``roc_auc``. A scorer keeps the name the user gave it.
    unit
        What its loss is called in a report: ``log-loss``, ``1 - AUC``.
    needs
        What to ask of a fitted model.
    classes
        Whether the target is a class label (True) or a number (False); None when either will do.
    per_row
        Whether there is one loss or pseudo-value per scored row; otherwise one per jackknife unit.
    binary
        Whether the target must have exactly two classes, of which the larger label is the positive one.
    """

    name: str
    unit: str
    needs: Needs
    classes: bool | None
    per_row: bool = True
    binary: bool = False


POOLED = frozenset({"auc", "f1"})
"""Metrics whose pseudo-values of one row depend on the other rows that were scored with it."""

_METRICS: Mapping[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric(name="log_loss", unit="log-loss", needs=Needs.PROBABILITIES, classes=True),
        Metric(name="brier", unit="Brier score", needs=Needs.PROBABILITIES, classes=True),
        Metric(name="squared_error", unit="squared error", needs=Needs.LABELS, classes=False),
        Metric(name="absolute_error", unit="absolute error", needs=Needs.LABELS, classes=False),
        Metric(name="zero_one", unit="error rate", needs=Needs.LABELS, classes=True),
        Metric(name="auc", unit="1 - AUC", needs=Needs.RANKING, classes=True, binary=True),
        Metric(name="f1", unit="1 - F1", needs=Needs.LABELS, classes=True, binary=True),
    )
}

METRICS: tuple[str, ...] = tuple(_METRICS)
"""Names of the metrics that have a loss or pseudo-value per row."""

_OWN: Mapping[str, Metric] = {
    "loss": Metric(name="loss", unit="loss", needs=Needs.OWN, classes=None),
    "score": Metric(name="score", unit="minus score", needs=Needs.OWN, classes=None),
}
"""What a trainer gives that says itself how good it is, where it does not say what that is."""

_ALIASES: Mapping[str, str] = {
    "neg_log_loss": "log_loss",
    "logloss": "log_loss",
    "cross_entropy": "log_loss",
    "neg_brier_score": "brier",
    "brier_score": "brier",
    "brier_score_loss": "brier",
    "neg_mean_squared_error": "squared_error",
    "mean_squared_error": "squared_error",
    "mse": "squared_error",
    "neg_mean_absolute_error": "absolute_error",
    "mean_absolute_error": "absolute_error",
    "mae": "absolute_error",
    "accuracy": "zero_one",
    "accuracy_score": "zero_one",
    "zero_one_loss": "zero_one",
    "error_rate": "zero_one",
    "roc_auc": "auc",
    "roc_auc_score": "auc",
    "f1_score": "f1",
}

_AVERAGED = ("f1", "precision", "recall", "jaccard")
_AVERAGES = ("", "_micro", "_macro", "_weighted", "_samples")

_BEST_IS_ONE = frozenset(
    [stem + average for stem in _AVERAGED for average in _AVERAGES]
    + [
        "accuracy",
        "adjusted_mutual_info_score",
        "adjusted_rand_score",
        "average_precision",
        "balanced_accuracy",
        "completeness_score",
        "d2_absolute_error_score",
        "d2_brier_score",
        "d2_log_loss_score",
        "explained_variance",
        "fowlkes_mallows_score",
        "homogeneity_score",
        "matthews_corrcoef",
        "normalized_mutual_info_score",
        "r2",
        "rand_score",
        "roc_auc",
        "roc_auc_ovo",
        "roc_auc_ovo_weighted",
        "roc_auc_ovr",
        "roc_auc_ovr_weighted",
        "top_k_accuracy",
        "v_measure_score",
    ]
)
"""scikit-learn scorers (1.7) whose best value is 1."""


def metric_named(name: str) -> Metric:
    """Return the metric of a name, an alias, or else the scorer of that name.

    Parameters
    ----------
    name
        One of `METRICS`, an alias of one (scikit-learn's own names: ``neg_log_loss``,
        ``roc_auc``, ``accuracy``), ``loss`` or ``score`` of a trainer's own, the name of another
        scikit-learn scorer, or ``package.module:scorer``. Whether such a scorer exists is for the trainer to
        find out.

    Examples
    --------
    >>> metric_named("roc_auc").unit
    '1 - AUC'
    >>> metric_named("neg_root_mean_squared_error").unit
    'root mean squared error'
    """
    known = _METRICS.get(_ALIASES.get(name, name)) or _OWN.get(name)
    if known is not None:
        return known
    return Metric(name=name, unit=_scorer_unit(name), needs=Needs.SCORER, classes=None, per_row=False)


def _scorer_unit(name: str) -> str:
    """Return what the loss made of a scorer is called; mirrors `loss_of_score`."""
    if name.startswith("neg_"):
        return name.removeprefix("neg_").replace("_", " ")
    words = name.rpartition(":")[2].replace("_", " ")
    return f"1 - {words}" if name in _BEST_IS_ONE else f"minus {words}"


def loss_of_score(name: str, score: float) -> float:
    """Turn a scikit-learn scorer's score, of which more is better, into a loss.

    ``neg_*`` scorers are negated losses already; scores whose best value is known to be 1 become
    ``1 - score``, so that a relative margin is a share of what is left to gain; others ``-score``.

    Examples
    --------
    >>> loss_of_score("neg_root_mean_squared_error", -2.5)
    2.5
    >>> loss_of_score("average_precision", 0.75)
    0.25
    """
    if name in _BEST_IS_ONE:
        return 1.0 - score
    return -score
