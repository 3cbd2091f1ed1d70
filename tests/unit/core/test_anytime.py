"""Evidence that may be looked at after every turn."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import hyp1f1

from auditor.core.anytime import EFFECTS, Contrast, evidence_above, interval_of, mean_of

VALUES = st.lists(st.floats(-5.0, 5.0).filter(lambda v: abs(v) > 1e-3), min_size=1, max_size=12)


def turns(values, rows=500):
    return [Contrast(float(value), rows) for value in values]


def by_the_textbook(values):
    """The same ratio by Kummer's function, for turns of equal size."""
    n = len(values)
    lean = sum(values) / math.sqrt(sum(value**2 for value in values))

    def ratio(effect):
        slope = effect * lean
        upper = math.exp(math.lgamma((n + 1) / 2) - math.lgamma(n / 2))
        even, odd = hyp1f1(n / 2, 0.5, slope**2 / 2), hyp1f1((n + 1) / 2, 1.5, slope**2 / 2)
        return math.exp(-n * effect**2 / 2) * (even + math.sqrt(2) * slope * upper * odd)

    return sum(ratio(effect) for effect in EFFECTS) / len(EFFECTS)


@pytest.mark.parametrize(
    "values", [[1.0], [-1.0], [0.5, 1.2], [1.0, 0.8, 1.3, 0.9], [0.1, -0.4, 0.3, 0.2, 1.0]]
)
def test_it_is_the_ratio_of_the_textbook(values):
    assert evidence_above(turns(values)) == pytest.approx(by_the_textbook(values), rel=2e-4, abs=1e-5)


def test_nothing_seen_says_nothing():
    assert evidence_above([]) == 1.0
    assert evidence_above(turns([0.0, 0.0])) == 1.0


@given(VALUES, st.floats(0.01, 100.0))
def test_the_unit_of_measurement_does_not_matter(values, unit):
    scaled = evidence_above(turns([unit * value for value in values]))

    assert scaled == pytest.approx(evidence_above(turns(values)), rel=1e-6)


@given(VALUES)
def test_a_higher_bar_is_harder_to_clear(values):
    found = turns(values)

    assert evidence_above(found, -0.5) >= evidence_above(found) - 1e-9 >= evidence_above(found, 0.5) - 2e-9


def test_a_clear_gain_is_shown_in_a_few_turns():
    assert evidence_above(turns([3.1, 2.2, 3.6, 2.8, 3.3, 2.9])) > 200


def test_a_turn_of_few_rows_counts_for_less():
    small, large = [Contrast(1.0, 500), Contrast(-1.0, 125)], [Contrast(1.0, 500), Contrast(-1.0, 500)]

    assert mean_of(small) == pytest.approx(0.6)
    assert mean_of(large) == 0.0
    assert evidence_above(small) > evidence_above(large)


def test_the_interval_ends_where_the_evidence_does():
    found = turns([3.1, 2.2, 3.6, 2.8, 3.3, 2.9, 2.5])

    interval = interval_of(found, below=52.0, above=20.0)

    assert interval is not None
    assert interval.estimate == pytest.approx(mean_of(found))
    assert evidence_above(found, interval.low) == pytest.approx(52.0, rel=1e-3)
    assert interval.high - interval.estimate < interval.estimate - interval.low


def test_too_few_turns_have_no_interval():
    assert interval_of(turns([3.0, 2.9]), below=52.0, above=20.0) is None
    assert interval_of([], below=52.0, above=20.0) is None
