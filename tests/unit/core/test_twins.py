"""Two models on the same rows."""

import numpy as np
import pytest

from auditor.core.twins import paired_gain


def test_rows_of_one_block_count_as_one():
    rng = np.random.default_rng(0)
    ours, theirs = rng.standard_normal(200), rng.standard_normal(200)
    alone, blocks = np.arange(200), np.arange(200) // 20

    gain, error = paired_gain(ours, theirs, alone)
    twice = paired_gain(np.repeat(ours, 2), np.repeat(theirs, 2), np.repeat(alone, 2))

    assert gain == pytest.approx(np.mean(ours - theirs))
    assert error == pytest.approx(np.std(ours - theirs, ddof=1) / np.sqrt(200))
    assert twice == pytest.approx((gain, error))
    assert paired_gain(ours, theirs, blocks)[0] == pytest.approx(gain)


def test_models_that_agree_have_no_luck():
    same = np.ones(4)

    assert paired_gain(same, same, np.array([0, 0, 1, 1])) == (0.0, 0.0)


def test_other_rows_and_a_single_block_are_refused():
    with pytest.raises(ValueError, match="the same rows"):
        paired_gain(np.ones(3), np.ones(4), np.arange(4))
    with pytest.raises(ValueError, match="one cluster"):
        paired_gain(np.ones(3), np.ones(3), np.zeros(3, dtype=np.int64))
