"""Metrics by their names, and scores that become losses."""

import numpy as np
import pytest

from auditor.core.losses import row_losses
from auditor.core.metrics import METRICS, Needs, loss_of_score, metric_named


@pytest.mark.parametrize("name", METRICS)
def test_every_metric_is_found_by_its_own_name(name):
    assert metric_named(name).name == name
    assert metric_named(name).per_row


@pytest.mark.parametrize(
    ("alias", "name"),
    [
        ("accuracy", "zero_one"),
        ("roc_auc", "auc"),
        ("neg_log_loss", "log_loss"),
        ("neg_brier_score", "brier"),
        ("neg_mean_squared_error", "squared_error"),
        ("neg_mean_absolute_error", "absolute_error"),
        ("f1_score", "f1"),
    ],
)
def test_names_of_scikit_learn_mean_the_same_metric(alias, name):
    assert metric_named(alias) == metric_named(name)


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("log_loss", "log-loss"),
        ("auc", "1 - AUC"),
        ("zero_one", "error rate"),
        ("average_precision", "1 - average precision"),
        ("neg_root_mean_squared_error", "root mean squared error"),
        ("shop.scores:profit_per_visit", "minus profit per visit"),
    ],
)
def test_a_unit_is_what_people_call_the_loss(name, unit):
    assert metric_named(name).unit == unit


def test_any_other_name_is_taken_as_a_scorer_that_has_no_loss_per_row():
    metric = metric_named("shop.scores:profit")
    assert (metric.name, metric.needs, metric.per_row) == ("shop.scores:profit", Needs.SCORER, False)
    with pytest.raises(ValueError, match="no loss per row"):
        row_losses(metric, np.zeros(3), np.zeros(3))


@pytest.mark.parametrize(
    ("name", "score", "loss"),
    [
        ("neg_median_absolute_error", -3.0, 3.0),
        ("r2", 0.9, 0.1),
        ("recall_macro", 1.0, 0.0),
        ("shop.scores:profit", 12.0, -12.0),
    ],
)
def test_a_better_score_is_a_smaller_loss(name, score, loss):
    assert loss_of_score(name, score) == pytest.approx(loss)
    assert loss_of_score(name, score + 0.01) < loss
