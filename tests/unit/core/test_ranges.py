"""The flat range around a recommended value: what is plausible, and what is safe."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.core.dimensions import Dimension
from auditor.core.ranges import OFFSETS, flat_range, scan_values
from auditor.core.scales import Linear, Log
from auditor.core.variance import Replicate

RATE = Dimension(0.001, 1.0, Log())
CLUSTERS = np.arange(200)


def losses(truth, *, noise=0.01, seed=0):
    """Losses of values in four replicates on the same rows; the same luck of the rows for all of them."""
    rows = np.random.default_rng(seed).normal(1.0, 0.3, CLUSTERS.size)
    found = {}
    for number, (value, loss) in enumerate(truth.items()):
        own = np.random.default_rng([seed, number])
        found[value] = [
            Replicate(CLUSTERS, rows + loss + own.normal(0.0, noise, CLUSTERS.size)) for _ in range(4)
        ]
    return found


def test_values_that_lose_nothing_are_plausible_and_those_within_the_margin_safe():
    truth = {1.0: 0.5, 2.0: 0.02, 3.0: 0.0, 4.0: 0.0, 5.0: 0.02, 6.0: 0.5}

    found = flat_range(losses(truth), recommended=3.0, confidence=0.95, margin=0.05)

    assert found.plausible == (3.0, 4.0)
    assert found.safe == (2.0, 5.0)


def test_noise_makes_more_plausible_and_less_safe():
    truth = {1.0: 0.2, 2.0: 0.0, 3.0: 0.0}

    found = flat_range(losses(truth, noise=3.0), recommended=2.0, confidence=0.95, margin=0.05)

    assert found.plausible == (1.0, 3.0)
    assert found.safe is None


def test_a_safe_range_has_no_gap():
    truth = {1.0: 0.0, 2.0: 0.5, 3.0: 0.0, 4.0: 0.0}

    found = flat_range(losses(truth), recommended=3.0, confidence=0.95, margin=0.05)

    assert found.safe == (3.0, 4.0)
    assert found.plausible == (1.0, 4.0)


def test_a_value_that_does_not_train_is_in_neither_range():
    seen = losses({1.0: 0.0, 2.0: 0.0, 3.0: 0.0}) | {3.0: []}

    found = flat_range(seen, recommended=2.0, confidence=0.95, margin=0.05)

    assert found.plausible[1] == found.safe[1] == 2.0


def test_the_recommended_value_must_have_been_run():
    with pytest.raises(ValueError, match=r"2\.0 was not run"):
        flat_range(losses({1.0: 0.0}), recommended=2.0, confidence=0.95, margin=0.05)


@given(place=st.floats(0.0, 1.0))
def test_a_line_holds_the_recommended_value_and_stays_in_the_box(place):
    recommended = RATE.from_unit(place)

    values = scan_values(RATE, recommended)

    assert recommended in values
    assert RATE.low <= values[0] < values[-1] <= RATE.high
    assert list(values) == sorted(set(values))
    assert len(OFFSETS) + 1 <= len(values) <= 2 * len(OFFSETS) + 1


def test_a_short_whole_range_is_scanned_whole():
    assert scan_values(Dimension(1, 3, Linear(), integer=True), 2) == (1, 2, 3)
