"""Chances that are promised, by simulation: too slow for the loop of a developer."""

import numpy as np

from auditor.core.anytime import evidence_above
from auditor.core.repeated import add_up
from tests.unit.core.test_anytime import turns
from tests.unit.core.test_repeated import EVIDENCE, brought, place
from tests.unit.core.test_smallest import ALL, NONE, A, kept, losses


def test_however_many_are_carried_over_one_that_is_no_better_is_shown_in_one_case_in_twenty():
    rng = np.random.default_rng(2)
    shown = 0
    for _ in range(400):
        found = None
        for challenger in range(12):
            carried = {"rate": float(challenger), "share": 0.5}
            for p_value in rng.uniform(size=4):
                found = add_up(brought(0.3, carried=((carried, float(p_value)),)), place(found), EVIDENCE)
        shown += any(each.shown for each in found.carried)
    assert shown <= 0.05 * 400 + 3 * (0.05 * 0.95 * 400) ** 0.5


def test_it_seldom_reaches_twenty_while_there_is_nothing_however_long_one_looks():
    rng = np.random.default_rng(5)
    crossed = 0
    for _ in range(200):
        seen = turns(rng.standard_normal(40))
        crossed += any(evidence_above(seen[:count]) >= 20 for count in range(1, 41))

    assert crossed <= 200 * 0.05  # 5 are usual


def test_the_interval_holds_the_true_share_nineteen_times_in_twenty():
    truth = {NONE: 0.0, A: 0.08, ALL: 0.1}
    shares = [kept(losses(truth, noise=0.1, seed=seed)) for seed in range(60)]

    assert sum(share.low <= 0.8 <= share.high for share in shares) >= 53
