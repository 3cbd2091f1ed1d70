"""Metrics against scikit-learn's own: same names, same numbers."""

import numpy as np
import pytest
from sklearn import metrics as theirs
from sklearn.metrics import get_scorer_names

from auditor.core.losses import row_losses
from auditor.core.metrics import loss_of_score, metric_named

RNG = np.random.default_rng(2)
TARGET = (RNG.random(500) < 0.3).astype(int)
CHANCE = np.clip(0.3 + 0.2 * (TARGET - 0.3) + 0.2 * RNG.standard_normal(500), 0.01, 0.99)
BOTH = np.column_stack([1 - CHANCE, CHANCE])
LABELS = (CHANCE > 0.4).astype(int)


def mean_loss(name, target, prediction, classes=None):
    return row_losses(metric_named(name), target, prediction, classes=classes).mean()


@pytest.mark.parametrize(
    ("name", "expected", "prediction"),
    [
        ("log_loss", theirs.log_loss(TARGET, CHANCE), BOTH),
        ("brier", theirs.brier_score_loss(TARGET, CHANCE), BOTH),
        ("zero_one", theirs.zero_one_loss(TARGET, LABELS), LABELS),
        ("auc", 1 - theirs.roc_auc_score(TARGET, CHANCE), CHANCE),
        ("auc", 1 - theirs.roc_auc_score(TARGET, CHANCE.round(1)), CHANCE.round(1)),
        ("f1", 1 - theirs.f1_score(TARGET, LABELS), LABELS),
        ("squared_error", theirs.mean_squared_error(TARGET, CHANCE), CHANCE),
        ("absolute_error", theirs.mean_absolute_error(TARGET, CHANCE), CHANCE),
    ],
)
def test_the_mean_of_row_losses_is_the_metric(name, expected, prediction):
    assert mean_loss(name, TARGET, prediction, np.array([0, 1])) == pytest.approx(expected, abs=1e-12)


def test_log_loss_of_three_classes_is_theirs():
    chances = RNG.dirichlet([5, 5, 5], 300)
    target = np.array(["a", "b", "c"])[RNG.integers(0, 3, 300)]
    expected = theirs.log_loss(target, chances)
    assert mean_loss("log_loss", target, chances, np.array(["a", "b", "c"])) == pytest.approx(
        expected, abs=2e-3
    )


def test_scorers_whose_best_value_is_not_1_are_known_by_name_to_be_few():
    unbounded = {
        name for name in get_scorer_names() if not name.startswith("neg_") and loss_of_score(name, 1.0) != 0.0
    }
    assert unbounded == {"mutual_info_score", "positive_likelihood_ratio"}


@pytest.mark.parametrize(
    ("name", "target", "perfect"),
    [
        ("r2", TARGET, TARGET),
        ("explained_variance", TARGET, TARGET),
        ("matthews_corrcoef", TARGET, TARGET),
        ("average_precision", TARGET, TARGET),
        ("d2_absolute_error_score", TARGET, TARGET),
    ],
)
def test_a_perfect_prediction_has_no_loss(name, target, perfect):
    scorer = getattr(theirs, name if hasattr(theirs, name) else f"{name}_score")
    assert loss_of_score(name, scorer(target, perfect)) == pytest.approx(0.0, abs=1e-12)
