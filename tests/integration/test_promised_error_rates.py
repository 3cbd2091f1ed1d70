"""What the whole walk promises, over many audits of planted truths without training anything.

The search picks the luckiest of thirty challengers; what it picked is confirmed on rows and seeds it
never saw. So the share of false calls is that of the confirmation alone, at most 1 - confidence, and
search, finalists and looks may not add to it.

Measured with 1000 audits each, at a nominal .05 (Monte-Carlo standard error .007): stale where nothing is
better .037, fresh where everything gains the margin .004; where one setting's optimum moved, that setting
was stale in all and the other one in .005.
"""

from dataclasses import replace

import numpy as np
import pytest

from auditor.core.records import Call, Margin, Policy
from tests.planted import Planted, a_plan, a_world, bowl

AUDITS = 200
NOISE = 3.0 * np.sqrt(0.05 * 0.95 / AUDITS)
"""Three Monte-Carlo standard errors of a rate of 5 %."""

OLD = {"rate": 1e-3, "share": 0.5}


def audits(work, *, margin):
    plan = a_plan(policy=Policy(metric="squared_error", margin=Margin(margin, relative=False)))
    return [
        a_world(replace(work, draw=seed), OLD).audit(plan, seed=seed).audit for seed in range(1, AUDITS + 1)
    ]


def share(found, call):
    return float(np.mean([audit.call is call for audit in found]))


@pytest.mark.slow
def test_where_nothing_is_better_stale_is_called_no_more_often_than_promised():
    # Every configuration is as good as production, and any gain at all would be worth having.
    found = audits(Planted(truth=lambda config: 0.0, noise=1.0), margin=1e-6)

    assert share(found, Call.STALE) <= 0.05 + NOISE


@pytest.mark.slow
def test_where_everything_gains_the_margin_fresh_is_called_no_more_often_than_promised():
    gained = Planted(truth=lambda config: 0.0 if config == OLD else -0.1, noise=0.3)

    found = audits(gained, margin=0.1)

    assert share(found, Call.FRESH) <= 0.05 + NOISE


@pytest.mark.slow
def test_a_clear_gain_is_found_put_down_to_the_right_setting_and_held_by_its_interval():
    found = audits(Planted(truth=bowl(rate=0.1, share=0.5), noise=0.05), margin=0.01)

    calls = [{finding.name: finding.call for finding in audit.settings} for audit in found]
    assert share(found, Call.STALE) >= 0.95
    assert np.mean([call["rate"] is Call.STALE for call in calls]) >= 0.95
    assert np.mean([call["share"] is Call.STALE for call in calls]) <= 0.1
    truth = bowl(rate=0.1, share=0.5)
    winners = [audit.confirmation.finalists[audit.confirmation.winner].config for audit in found]
    covered = [
        audit.gain.low <= truth(OLD) - truth(winner) <= audit.gain.high
        for audit, winner in zip(found, winners, strict=True)
    ]
    assert np.mean(covered) >= 0.9


@pytest.mark.slow
def test_production_at_the_optimum_is_mostly_called_fresh():
    found = audits(Planted(truth=bowl(rate=1e-3, share=0.5), noise=0.02), margin=0.01)

    assert share(found, Call.FRESH) >= 0.9
    assert share(found, Call.STALE) <= 0.05
