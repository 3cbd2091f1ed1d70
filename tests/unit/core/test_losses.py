"""Losses and pseudo-values: their means are the metrics, and lower is always better."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from auditor.core.losses import PROBABILITY_FLOOR, jackknife_losses, row_losses
from auditor.core.metrics import metric_named

RNG = np.random.default_rng(5)


def two_classes(values):
    return len(np.unique(values)) == 2


BINARY = hnp.arrays(np.int64, 24, elements=st.integers(0, 1)).filter(two_classes)
TIED_RANKING = hnp.arrays(np.float64, 24, elements=st.sampled_from([0.0, 0.25, 0.5, 1.0]))


def losses_of(name, target, prediction, classes=None):
    return row_losses(metric_named(name), np.asarray(target), np.asarray(prediction), classes=classes)


def area_by_pairs(target, ranking):
    pairs = itertools.product(ranking[target == 1], ranking[target == 0])
    return np.mean([(high > low) + 0.5 * (high == low) for high, low in pairs])


def test_log_loss_is_bounded_by_the_floor():
    losses = losses_of("log_loss", ["a", "b"], [[1.0, 0.0], [1.0, 0.0]], np.array(["a", "b"]))
    assert losses == pytest.approx([-np.log(1 - PROBABILITY_FLOOR), -np.log(PROBABILITY_FLOOR)])


def test_log_loss_of_many_classes_leaves_most_of_the_probability_alone():
    sure = np.zeros((1, 1000))
    sure[0, 7] = 1.0
    assert losses_of("log_loss", [7], sure, np.arange(1000))[0] < 0.2


def test_a_label_that_was_never_fitted_on_costs_as_much_as_a_label_ruled_out():
    classes, sure = np.array([0, 1]), [[1.0, 0.0], [1.0, 0.0]]
    assert losses_of("log_loss", [1, 2], sure, classes) == pytest.approx(-np.log(PROBABILITY_FLOOR))
    assert losses_of("brier", [1, 2], sure, classes) == pytest.approx([1.0, 1.0])


def test_brier_of_two_classes_is_the_squared_distance_of_the_probability():
    chance = np.array([0.2, 0.9])
    both = np.column_stack([1 - chance, chance])
    assert losses_of("brier", [0, 1], both, np.array([0, 1])) == pytest.approx([0.04, 0.01])


def test_errors_of_numbers_are_residuals_squared_or_absolute():
    assert losses_of("squared_error", [1.0, 2.0], [3.0, 2.5]).tolist() == [4.0, 0.25]
    assert losses_of("absolute_error", [1.0, 2.0], [[3.0], [2.5]]).tolist() == [2.0, 0.5]


def test_a_prediction_beyond_all_numbers_is_an_infinite_loss_and_not_a_warning():
    assert losses_of("squared_error", [0.0], [1e300])[0] == np.inf


def test_error_rate_compares_labels_of_any_type():
    assert losses_of("zero_one", ["no", "yes"], ["no", "no"]).tolist() == [0.0, 1.0]


@given(target=BINARY, ranking=TIED_RANKING)
def test_pseudo_values_of_auc_have_the_area_as_their_mean_ties_included(target, ranking):
    losses = losses_of("auc", target, ranking)
    assert losses.mean() == pytest.approx(1.0 - area_by_pairs(target, ranking), abs=1e-12)


def test_pseudo_values_of_auc_have_the_variance_of_delong():
    target = (RNG.random(200) < 0.3).astype(int)
    ranking = RNG.standard_normal(200) + target
    wins = (ranking[target == 1][:, None] > ranking[target == 0][None, :]).astype(float)
    by_delong = wins.mean(axis=1).var() / target.sum() + wins.mean(axis=0).var() / (1 - target).sum()
    losses = losses_of("auc", target, ranking)
    assert losses.var() / 200 == pytest.approx(by_delong, rel=1e-10)


@given(target=BINARY, ranking=TIED_RANKING)
def test_auc_sees_only_the_order(target, ranking):
    assert losses_of("auc", target, ranking) == pytest.approx(losses_of("auc", target, np.exp(3 * ranking)))


def test_the_larger_label_is_the_positive_one_and_its_column_the_last():
    target, ranking = np.array(["bad", "good", "good"]), np.array([0.1, 0.8, 0.7])
    assert losses_of("auc", target, ranking).mean() == 0.0
    assert losses_of("auc", target, np.column_stack([1 - ranking, ranking])).mean() == 0.0
    assert losses_of("f1", target, np.array(["bad", "good", "good"])).mean() == 0.0


def test_a_ranking_with_holes_has_no_area():
    assert np.isnan(losses_of("auc", [0, 1], [0.5, np.nan])).all()


@given(target=BINARY, predicted=hnp.arrays(np.int64, 24, elements=st.integers(0, 1)))
def test_pseudo_values_of_f1_have_the_score_as_their_mean(target, predicted):
    both = np.sum(target & predicted)
    score = 2 * both / (target.sum() + predicted.sum())
    assert losses_of("f1", target, predicted).mean() == pytest.approx(1.0 - score, abs=1e-12)


def test_pseudo_values_of_f1_are_those_of_the_jackknife_to_first_order():
    target = (RNG.random(400) < 0.4).astype(int)
    predicted = np.where(RNG.random(400) < 0.8, target, 1 - target)

    def without(left_out):
        kept = ~left_out
        both = np.sum(target[kept] & predicted[kept])
        return 1.0 - 2 * both / (target[kept].sum() + predicted[kept].sum())

    jackknife = jackknife_losses(np.arange(400), without)
    assert losses_of("f1", target, predicted) == pytest.approx(jackknife, abs=0.02)


@pytest.mark.parametrize("name", ["auc", "f1"])
@pytest.mark.parametrize("target", [[1, 1, 1], [0, 1, 2]])
def test_one_class_or_three_are_refused_where_two_are_needed(name, target):
    with pytest.raises(ValueError, match=f"{name} needs scored rows of exactly two classes"):
        losses_of(name, target, [0, 1, 1])


def test_shapes_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="3 targets, but 2 predictions"):
        losses_of("squared_error", [1.0, 2.0, 3.0], [1.0, 2.0])
    with pytest.raises(ValueError, match=r"shape \(2, 2\) with 3 classes"):
        losses_of("brier", [0, 1], np.full((2, 2), 0.5), np.arange(3))
    with pytest.raises(ValueError, match="no classes"):
        losses_of("brier", [0, 1], np.full((2, 2), 0.5))


@given(
    losses=hnp.arrays(np.float64, 20, elements=st.floats(-10, 10)),
    units=hnp.arrays(np.int64, 20, elements=st.integers(0, 4)).filter(
        lambda units: len(np.unique(units)) > 1
    ),
)
def test_a_jackknife_of_a_mean_averages_to_that_mean_however_unequal_the_units(losses, units):
    values = jackknife_losses(units, lambda left_out: float(losses[~left_out].mean()))
    assert len(values) == len(np.unique(units))
    assert values.mean() == pytest.approx(losses.mean(), abs=1e-9)


def test_equal_units_give_tukeys_pseudo_values():
    losses, units = RNG.random(12), np.repeat([0, 1, 2], 4)

    def root_mean(left_out):
        return float(np.sqrt(losses[~left_out].mean()))

    whole = np.sqrt(losses.mean())
    tukey = [3 * whole - 2 * root_mean(units == unit) for unit in range(3)]
    assert jackknife_losses(units, root_mean) == pytest.approx(tukey)


def test_a_jackknife_of_one_unit_is_refused():
    with pytest.raises(ValueError, match="at least two units"):
        jackknife_losses(np.zeros(5, dtype=int), lambda left_out: 0.0)
