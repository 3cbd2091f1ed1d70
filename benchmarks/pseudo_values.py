"""Whether intervals hold what they promise for metrics that are no mean over rows.

AUC and F1 are audited through a pseudo-value per row, any scikit-learn scorer through delete-a-group
jackknife pseudo-values (`auditor.core.losses`). Here a fixed pair of models is compared on many fresh data
sets exactly as in a confirming stage: the product's own splits, pseudo-values, two-way variance and looks,
at the last look. The truth is the expected difference of the metric itself over many training samples.

The models are least squares, one with a random third of its features left out, so that the trainings have
luck of their own; they cost so little that hundreds of audits take a minute.

    python -m benchmarks.pseudo_values [--audits 300] [--json PATH]
"""

import argparse
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from auditor.core.comparison import PASSES, look, plan_looks
from auditor.core.losses import jackknife_losses, row_losses
from auditor.core.metrics import metric_named
from auditor.core.records import Fold, Layout, Part
from auditor.core.splits import rows_of, set_aside
from auditor.core.units import jackknife_units
from auditor.core.variance import Replicate, difference, two_way
from benchmarks.tables import print_table

Array = np.ndarray[Any, Any]

FEATURES = 16
NOMINAL = 1.959963984540054  # the two-sided 95 % deviate
TRUTH_SAMPLES, TRUTH_ROWS = 3000, 3000
PLAN = plan_looks(0.95, finalists=1)


@dataclass(frozen=True)
class Case:
    """A metric on data of some size.

    Attributes
    ----------
    positives
        Share of the larger class; None for a regression.
    tail
        Degrees of freedom of a regression's noise.
    """

    metric: str
    rows: int
    positives: float | None
    tail: float = 5.0

    @property
    def name(self) -> str:
        """Return the case in words."""
        law = f"t({self.tail:g}) noise" if self.positives is None else f"{self.positives:.0%} positive"
        return f"{self.metric}, {self.rows} rows, {law}"


CASES = (
    *(
        Case(metric, rows, 0.3)
        for metric in ("brier", "auc", "f1", "balanced_accuracy")
        for rows in (400, 2000)
    ),
    *(Case(metric, 2000, 0.05) for metric in ("auc", "f1", "balanced_accuracy")),
    *(Case(metric, rows, None) for metric in ("squared_error", "r2") for rows in (400, 2000)),
    Case("r2", 2000, None, tail=3.0),
)


# ---------------------------------------------------------------- the metrics that are scorers


def _balanced_accuracy(target: Array, prediction: Array) -> float:
    """As scikit-learn's: the mean of each class's recall."""
    right = target == prediction
    return float(np.mean([right[target == label].mean() for label in np.unique(target)]))


def _r2(target: Array, prediction: Array) -> float:
    residual = float(np.square(target - prediction).sum())
    return 1.0 - residual / float(np.square(target - target.mean()).sum())


SCORERS: Mapping[str, Callable[[Array, Array], float]] = {
    "balanced_accuracy": _balanced_accuracy,
    "r2": _r2,
}


def losses_of(case: Case, target: Array, scores: Array, clusters: Array) -> Replicate:
    """Return the losses, or pseudo-values, as a training in the product would report them."""
    metric = metric_named(case.metric)
    labels = scores if case.positives is None else (scores > 0.5).astype(np.int64)
    if metric.per_row:
        return Replicate(clusters, _per_row(case, target, scores, labels))
    scorer = SCORERS[case.metric]
    units = jackknife_units(clusters)
    values = jackknife_losses(units, lambda left_out: 1.0 - scorer(target[~left_out], labels[~left_out]))
    return Replicate(np.unique(units), values)


def _per_row(case: Case, target: Array, scores: Array, labels: Array) -> Array:
    metric = metric_named(case.metric)
    if case.metric == "brier":
        chances = np.clip(scores, 0.0, 1.0)
        both = np.column_stack([1.0 - chances, chances])
        return row_losses(metric, target, both, classes=np.array([0, 1]))
    return row_losses(metric, target, scores if case.metric == "auc" else labels)


def plain_loss(case: Case, target: Array, scores: Array) -> float:
    """Return the metric itself, as a loss, over many rows."""
    if case.metric in SCORERS:
        labels = scores if case.positives is None else (scores > 0.5).astype(np.int64)
        return 1.0 - SCORERS[case.metric](target, labels)
    return float(losses_of(case, target, scores, np.arange(len(target))).values.mean())


# ---------------------------------------------------------------- data and models


def draw(case: Case, rows: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Return features and a target."""
    features = rng.standard_normal((rows, FEATURES))
    signal = features @ (1.0 / (1.0 + np.arange(FEATURES)))
    if case.positives is None:
        return features, signal + 1.5 * rng.standard_t(case.tail, rows)
    # A target that is there in so many rows whatever the draw, by the logit that gives this share.
    offset = _offset(case.positives)
    chance = 1.0 / (1.0 + np.exp(-(1.2 * signal + offset)))
    return features, (rng.random(rows) < chance).astype(np.int64)


def _offset(share: float) -> float:
    spread = 1.2 * math.sqrt(float(np.square(1.0 / (1.0 + np.arange(FEATURES))).sum()))
    points = spread * np.random.default_rng(0).standard_normal(20_000)
    low, high = -20.0, 20.0
    for _ in range(50):
        middle = (low + high) / 2.0
        found = float(np.mean(1.0 / (1.0 + np.exp(-(points + middle)))))
        low, high = (low, middle) if found > share else (middle, high)
    return low


def scores_of(features: Array, target: Array, apply: Array, *, kept: Array) -> Array:
    """Fit least squares to some of the features and return its scores on other rows.

    For classes, the cut that is compared with 0.5 is put where as many rows are predicted positive as were.
    """
    design = np.column_stack([np.ones(len(features)), features[:, kept]])
    gram = design.T @ design + 1e-6 * np.eye(design.shape[1])
    slopes = np.linalg.solve(gram, design.T @ target)
    scores = np.column_stack([np.ones(len(apply)), apply[:, kept]]) @ slopes
    if target.dtype.kind != "i":
        return scores
    cut = float(np.quantile(design @ slopes, 1.0 - target.mean()))
    return np.asarray(scores - cut + 0.5)


def _both(
    case: Case, fit: tuple[Array, Array], apply: Array, rng: np.random.Generator
) -> tuple[Array, Array]:
    """Return the scores of production, which misses some features, and of the challenger."""
    features, target = fit
    some = rng.permutation(FEATURES)[: FEATURES * 2 // 3]
    return (
        scores_of(features, target, apply, kept=some),
        scores_of(features, target, apply, kept=np.arange(FEATURES)),
    )


# ---------------------------------------------------------------- one audit, many audits


def truth_of(case: Case) -> tuple[float, float]:
    """Return the true gain at the confirming training size, and its standard error."""
    gains = []
    for number in range(TRUTH_SAMPLES):
        rng = np.random.default_rng([11, number])
        fit, (features, target) = draw(case, case.rows * 6 // 10, rng), draw(case, TRUTH_ROWS, rng)
        ours, theirs = _both(case, fit, features, rng)
        gains.append(plain_loss(case, target, ours) - plain_loss(case, target, theirs))
    return float(np.mean(gains)), float(np.std(gains, ddof=1) / math.sqrt(TRUTH_SAMPLES))


def gains_of(case: Case, number: int) -> list[Replicate]:
    """Return the paired differences of all passes on one fresh data set."""
    rng = np.random.default_rng([13, number])
    features, target = draw(case, case.rows, rng)
    layout = Layout(digest="", target="y", seed=number + 1, classes=case.positives is not None)
    partition = set_aside(layout, rows=case.rows, target=target)
    gains = []
    for fold in (Fold(Part.CONFIRM, index, half) for index in range(PASSES[-1]) for half in range(2)):
        rows = rows_of(partition, fold, layout)
        fit = features[rows.fit], target[rows.fit]
        scores = _both(
            case, fit, features[rows.score], np.random.default_rng([number, fold.index, fold.half])
        )
        ours, theirs = (losses_of(case, target[rows.score], each, rows.clusters) for each in scores)
        gains.append(difference(ours, theirs))
    return gains


def measured(case: Case, audits: int) -> dict[str, float]:
    """Return how often intervals held the truth, over many fresh data sets."""
    truth, error = truth_of(case)
    plain, repeated, low, high, estimates, widths = 0, 0, 0, 0, [], []
    for number in range(audits):
        gains = gains_of(case, number)
        seen = look(gains, number=len(PASSES), plan=PLAN, margin=1.0)
        fixed = two_way(gains).interval(NOMINAL)
        plain += fixed.low <= truth <= fixed.high
        low += fixed.low > truth
        high += fixed.high < truth
        repeated += seen.gain.low <= truth <= seen.gain.high
        estimates.append(seen.gain.estimate)
        widths.append(seen.standard_error)
    return {
        "audits": audits,
        "truth": truth,
        "truth_error": error,
        "plain": plain / audits,
        "repeated": repeated / audits,
        "low_above": low / audits,
        "high_below": high / audits,
        "bias": float(np.mean(estimates)) - truth,
        "spread": float(np.std(estimates, ddof=1)),
        "standard_error": float(np.sqrt(np.mean(np.square(widths)))),
    }


def _row(case: Case, audits: int, found: dict[str, dict[str, float]]) -> tuple[str, ...]:
    row = found[case.name] = measured(case, audits)
    shares = [f"{row[name]:.3f}" for name in ("plain", "low_above", "high_below", "repeated")]
    ratios = (f"{row['bias'] / row['spread']:+.2f}", f"{row['standard_error'] / row['spread']:.2f}")
    return (case.name, *shares, *ratios)


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--audits", type=int, default=300)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    found: dict[str, dict[str, float]] = {}
    head = [
        "case",
        "95 % interval holds",
        "low end above",
        "high end below",
        "repeated interval",
        "bias / SD",
    ]
    print_table([*head, "SE / SD"], (_row(case, options.audits, found) for case in CASES))
    if options.json is not None:
        options.json.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
