"""How often nothing moved and something is said to have; the bounds hold by a wide margin."""

import numpy as np
import pytest

from auditor.core.cells import cells_of
from auditor.core.column_drift import compare
from auditor.core.drift import corrected

pytestmark = pytest.mark.slow

AUDITS, COLUMNS, ROWS = 25, 20, 1000


def with_memory(rng, memory):
    noise = rng.standard_normal((COLUMNS, ROWS))
    for step in range(1, ROWS):
        noise[:, step] = memory * noise[:, step - 1] + np.sqrt(1.0 - memory**2) * noise[:, step]
    return noise


def a_table(rng, memory):
    """Twenty columns of five kinds: numbers, heavy ties, gaps, words, rare words."""
    base = with_memory(rng, memory)
    words = np.array([f"word {number}" for number in range(200)], dtype=object)
    kinds = [
        lambda row: row,
        lambda row: np.round(row),
        lambda row: np.where(row > 1.3, np.nan, row),
        lambda row: words[np.clip(np.floor(row) + 3, 0, 5).astype(int)],
        lambda row: words[np.minimum(199, np.floor(np.exp(row + 3.0))).astype(int)],
    ]
    return [kinds[number % len(kinds)](row) for number, row in enumerate(base)]


def an_audit(seed, *, memory, ordered, shift=0.0):
    then, now = (a_table(np.random.default_rng([seed, side]), memory) for side in (0, 1))
    now = [column + shift if column.dtype.kind == "f" else column for column in now]
    pairs = zip(then, now, strict=True)
    return corrected([compare("x", cells_of(one), cells_of(two), ordered=ordered) for one, two in pairs])


@pytest.mark.parametrize(("memory", "ordered"), [(0.0, False), (0.0, True), (0.9, True)])
def test_where_nothing_moved_hardly_anything_is_called_moved(memory, ordered):
    found = [an_audit(seed, memory=memory, ordered=ordered) for seed in range(AUDITS)]

    # Benjamini and Hochberg let one audit in twenty call something; the practical threshold, hardly any.
    assert sum(any(column.p_value < 0.05 for column in columns) for columns in found) <= 0.12 * AUDITS
    assert sum(column.moved for columns in found for column in columns) <= 0.005 * AUDITS * COLUMNS


@pytest.mark.parametrize(("memory", "ordered"), [(0.0, False), (0.0, True)])
def test_where_half_a_deviation_is_added_it_is_found(memory, ordered):
    found = [an_audit(seed, memory=memory, ordered=ordered, shift=0.5) for seed in range(10)]

    numbers = [column for columns in found for column in columns if column.overlay.edges]
    assert sum(column.moved for column in numbers) >= 0.95 * len(numbers)
