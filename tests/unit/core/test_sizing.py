"""How much more it would take: more runs where runs help, more rows where only rows do."""

import pytest

from auditor.core.records import Estimate, Look
from auditor.core.sizing import shortfall


def missing(gain, *, example_sd, replicate_sd, margin=1.0, clusters=100):
    variance = example_sd**2 + replicate_sd**2
    seen = Look(
        number=4,
        replicates=12,
        gain=Estimate(gain, gain, gain),
        standard_error=variance**0.5,
        degrees_of_freedom=1e9,
        z_stale=gain / variance**0.5,
        z_fresh=(margin - gain) / variance**0.5,
        boundary_stale=2.0,
        boundary_fresh=1.7,
        example_variance=example_sd**2,
        replicate_variance=replicate_sd**2,
    )
    return shortfall(seen, margin=margin, clusters=clusters, stale=2.0, fresh=1.7)


def test_luck_of_the_training_is_met_with_more_runs():
    # A gain of 1.2 is shown at a standard error of 0.6; from 1.2 that takes four times the runs.
    answer = missing(1.2, example_sd=0.0, replicate_sd=1.2)
    assert answer.more_replicates == pytest.approx(36, abs=1)
    assert answer.clusters is None


def test_luck_of_the_rows_is_met_with_more_rows_only():
    answer = missing(1.2, example_sd=1.2, replicate_sd=0.0)
    assert answer.more_replicates is None
    assert answer.clusters == pytest.approx(400, abs=1)


def test_where_both_are_large_rows_are_asked_for_first():
    answer = missing(1.2, example_sd=1.2, replicate_sd=1.2)
    assert answer.more_replicates is None
    assert answer.clusters == pytest.approx(800, abs=1)


def test_below_the_margin_the_claim_is_that_the_margin_is_excluded():
    # (1 - 0.15) / 1.7 = 0.5: from a standard error of 1 that takes four times the runs.
    assert missing(0.15, example_sd=0.0, replicate_sd=1.0).more_replicates == pytest.approx(36, abs=1)


def test_an_estimate_just_below_the_margin_asks_for_a_short_interval_and_not_for_the_impossible():
    answer = missing(0.999, example_sd=0.0, replicate_sd=0.6)
    assert 1 <= answer.more_replicates < 60


def test_a_sure_gain_at_the_very_margin_has_no_number():
    answer = missing(0.999999, example_sd=0.1, replicate_sd=0.1)
    assert (answer.more_replicates, answer.clusters) == (None, None)


def test_at_least_one_more_run_is_asked_for():
    assert missing(1.2, example_sd=0.0, replicate_sd=0.3).more_replicates == 1
