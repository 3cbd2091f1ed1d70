"""The k-fold peer of a benchmark is judged by its own formulas."""

import numpy as np
import pytest
from scipy.special import stdtrit

from benchmarks.kfold import Design, Scores, judged

GAINS = (0.9, 1.1, 1.0, 1.2, 0.8)
SCORES = Scores(
    drawn={"random": ["b", "p", "c", "b"], "TPE": []},
    folds={
        "p": [5.0] * 10,
        "b": [*(5.0 - gain for gain in GAINS), *([4.5] * 4), 4.4],
        "c": [5.1] * 10,
    },
    seconds=0.1,
)
ALL = Design("all", "random", 4, 1, 4, strict=False, corrected=False)


def test_every_candidate_is_tested_at_a_level_divided_by_their_number() -> None:
    said = judged(SCORES, ALL, "p", margin=0.5)

    reach = stdtrit(4, 1 - 0.05 / 2)  # two candidates beside production
    assert said is not None
    assert said.low == pytest.approx(1.0 - reach * np.std(GAINS, ddof=1) / np.sqrt(5))
    assert (said.stale, said.key, said.fits) == (True, "b", 5 * 3)


def test_a_gain_below_the_margin_is_not_stale() -> None:
    said = judged(SCORES, ALL, "p", margin=1.5)

    assert said is not None
    assert not said.stale


def test_finalists_are_tested_on_other_shuffles_than_those_that_chose_them() -> None:
    design = Design("finals", "random", 4, 1, 1, strict=False, corrected=False)

    said = judged(SCORES, design, "p", margin=0.4)

    assert said is not None
    assert said.gain == pytest.approx(0.52)
    assert said.fits == 5 * (1 + 3) + 5 * 2


def test_the_corrected_variance_is_wider() -> None:
    plain, corrected = (
        judged(SCORES, Design("all", "random", 4, 1, 4, strict=False, corrected=each), "p", margin=0.5)
        for each in (False, True)
    )

    assert plain is not None
    assert corrected is not None
    assert corrected.low < plain.low


def test_one_that_drew_nothing_but_production_says_nothing() -> None:
    scores = Scores(drawn={"random": ["p", "p"]}, folds=SCORES.folds, seconds=0.1)

    assert judged(scores, ALL, "p", margin=0.5) is None
