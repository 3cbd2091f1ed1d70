"""Evidence over many audits: e-values, the detector, and many models at once."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtr

from auditor.core.detector import (
    detected,
    e_value_of,
    evidence_needed,
    false_alarms_alone,
    multiplied,
    named_together,
    p_value_of,
)
from auditor.core.records import ALARM

P_VALUES = st.floats(1e-300, 1.0)
EVIDENCE = st.floats(0.0, 1e12)


def test_an_e_value_is_one_on_average_while_nothing_is_stale():
    # Midpoint rule over p in (0, 1); the upper tail, where exp(2 z - 2) is large, carries the last 2 %.
    p_values = (np.arange(20_000) + 0.5) / 20_000

    assert np.mean([e_value_of(float(p)) for p in p_values]) == pytest.approx(1.0, abs=0.02)


@given(P_VALUES, P_VALUES)
def test_a_smaller_p_value_never_makes_less_evidence(one, other):
    small, large = sorted((one, other))

    assert e_value_of(small) >= e_value_of(large)


@pytest.mark.parametrize(("p", "e"), [(1.0, 0.0), (0.0, 1e12), (1e-300, 1e12)])
def test_evidence_stays_a_number_at_the_ends(p, e):
    assert e_value_of(p) == pytest.approx(e)


@pytest.mark.parametrize("p", [-0.1, 1.1, math.nan])
def test_what_is_no_p_value_is_refused(p):
    with pytest.raises(ValueError, match=r"lies in \[0, 1\]"):
        e_value_of(p)


def test_the_p_value_allows_for_every_challenger_that_was_tried():
    assert p_value_of([2.0], tried=3) == pytest.approx(3 * (1 - ndtr(2.0)))
    assert p_value_of([2.0, 1.0], tried=3) == p_value_of([2.0], tried=3)
    assert p_value_of([-1.0], tried=3) == 1.0


@given(EVIDENCE, EVIDENCE)
def test_the_detector_forgets_what_speaks_for_fresh_and_never_what_speaks_for_stale(before, e_value):
    after = detected(before, e_value)

    assert after == min(1e12, max(1.0, before) * e_value)
    assert after >= min(1e12, e_value)


@given(st.lists(EVIDENCE, max_size=12))
def test_a_product_that_fell_to_nothing_stays_there(e_values):
    product = 1.0
    for e_value in [*e_values, 0.0, *e_values]:
        product = multiplied(product, e_value)

    assert product == 0.0


@pytest.mark.parametrize("confidence", [0.9, 0.95])
def test_all_challengers_that_may_ever_be_carried_over_share_one_error(confidence):
    spent = sum(1.0 / evidence_needed(place, confidence=confidence) for place in range(1, 100_000))

    assert spent == pytest.approx(1.0 - confidence, rel=1e-4)
    assert spent <= 1.0 - confidence


@given(st.dictionaries(st.text("abcdef", min_size=1), P_VALUES, max_size=8))
def test_a_model_below_its_own_tenth_of_all_is_always_named(p_values):
    named = named_together(p_values)

    assert {model for model, p in p_values.items() if p <= 0.1 / len(p_values)} <= named
    assert named <= {model for model, p in p_values.items() if p <= 0.1}


def test_more_models_in_trouble_make_each_easier_to_name():
    assert named_together({"a": 0.04, "b": 0.9, "c": 0.9}) == frozenset()
    assert named_together({"a": 0.04, "b": 0.01, "c": 0.02}) == {"a", "b", "c"}


def test_calls_that_stand_alone_add_up_to_false_ones():
    assert false_alarms_alone(0.95, 0) == 0.0
    assert false_alarms_alone(0.95, 1) == pytest.approx(0.05)
    assert false_alarms_alone(0.95, 24) == pytest.approx(0.708, abs=0.001)


# ---------------------------------------------------------------- the promises, by simulation


def years(deviates):
    """The detector of every model after every audit; deviates have the shape (models, audits)."""
    run = np.empty(deviates.shape)
    for model, series in enumerate(deviates):
        evidence = 1.0
        for audit, deviate in enumerate(series):
            evidence = run[model, audit] = detected(evidence, e_value_of(float(ndtr(-deviate))))
    return run


def test_a_false_alarm_in_two_years_of_monthly_audits_is_rarer_than_promised():
    # The least favourable case: every challenger exactly as good as production. Promised: at most 24 in 100.
    alarms = (years(np.random.default_rng(1).standard_normal((2000, 24))) >= ALARM).any(axis=1)

    assert alarms.mean() < 0.06


def test_false_alarms_come_at_least_a_hundred_audits_apart_on_average():
    run = years(np.random.default_rng(2).standard_normal((150, 400)))
    first = [int(np.argmax(series >= ALARM)) if (series >= ALARM).any() else 400 for series in run]

    assert np.mean(first) > ALARM  # cut off at 400, so the mean is even larger


def test_settings_that_are_worse_by_two_standard_errors_are_found_within_months():
    run = years(2.0 + np.random.default_rng(3).standard_normal((300, 12)))
    delay = np.array([int(np.argmax(series >= ALARM)) if (series >= ALARM).any() else 12 for series in run])

    assert (delay < 12).mean() > 0.95
    assert delay.mean() < 3.0
