"""The smallest change that keeps most of a gain, and the interval of its share."""

import numpy as np
import pytest

from auditor.core.records import FARTHEST, SmallestChange
from auditor.core.smallest import share_kept, smallest
from auditor.core.variance import Replicate

NONE, A, B, ALL = frozenset(), frozenset("a"), frozenset("b"), frozenset("ab")
CLUSTERS = np.arange(150)


def losses(gains, *, noise=0.05, seed=0, replicates=6):
    """Losses of coalitions that gain so much over production."""
    rng = np.random.default_rng(seed)
    rows = rng.normal(1.0, 0.3, CLUSTERS.size)
    return {
        names: [
            Replicate(CLUSTERS, rows - gain + rng.normal(0.0, noise, CLUSTERS.size))
            for _ in range(replicates)
        ]
        for names, gain in gains.items()
    }


def kept(values, *, choices=1, confidence=0.95):
    return share_kept(values[NONE], values[A], values[ALL], confidence=confidence, choices=choices)


def test_the_fewest_settings_that_keep_nine_tenths_are_taken():
    values = losses({NONE: 0.0, A: 0.095, B: 0.03, ALL: 0.1}, noise=0.001)

    assert smallest(values, changed="ab", needed=NONE) == A
    assert smallest(values, changed="ab", needed=B) == ALL


def test_a_setting_that_nothing_speaks_for_is_changed_only_with_all_others():
    lucky = losses({NONE: 0.0, A: 0.08, B: 0.0, ALL: 0.1}, noise=0.001)
    better = losses({NONE: 0.0, A: 0.095, B: 0.095, ALL: 0.1}, noise=0.001)

    assert smallest(lucky, changed="ab", needed=NONE, spare=B) == ALL
    assert smallest(better, changed="ab", needed=NONE, spare=A) == B


def test_nothing_smaller_is_taken_when_there_is_no_gain():
    values = losses({NONE: 0.0, A: 0.0, B: 0.0, ALL: -0.1}, noise=0.001)

    assert smallest(values, changed="ab", needed=NONE) == ALL


def test_a_share_is_that_of_the_gain():
    share = kept(losses({NONE: 0.0, A: 0.09, ALL: 0.1}, noise=0.001))

    assert share.estimate == pytest.approx(0.9, abs=0.01)
    assert share.low < share.estimate < share.high


def test_more_choices_and_more_noise_make_the_interval_wider():
    widths = [
        kept(losses({NONE: 0.0, A: 0.09, ALL: 0.1}, noise=noise), choices=choices)
        for noise, choices in ((0.01, 1), (0.01, 14), (0.05, 14))
    ]

    assert [share.high - share.low for share in widths] == sorted(share.high - share.low for share in widths)


def test_an_interval_that_says_nothing_is_cut():
    share = kept(losses({NONE: 0.0, A: 0.009, ALL: 0.01}, noise=2.0, seed=3))

    assert max(share.high - share.estimate, share.estimate - share.low) <= FARTHEST
    assert not SmallestChange(settings=("a",), kept=share, shown=False).bounded


def test_there_is_no_share_of_no_gain():
    with pytest.raises(ValueError, match="no share of no gain"):
        kept(losses({NONE: 0.0, A: 0.1, ALL: -0.1}, noise=0.001))
