"""What is called from the evidence."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.core.comparison import least_variance, look, plan_looks
from auditor.core.race import race
from auditor.core.records import Call, Estimate, Look
from auditor.core.variance import Replicate
from tests.crossed import SEEDS, crossed

PLAN = plan_looks(0.95, finalists=2)


def seen(estimate, standard_error, *, number=1, margin=1.0, plan=PLAN, example_variance=0.0, degrees=1e6):
    """A look at an estimate that is as good as normal."""
    return Look(
        number=number,
        replicates=2 * plan.passes[number - 1],
        gain=Estimate(estimate, estimate - 4 * standard_error, estimate + 4 * standard_error),
        standard_error=standard_error,
        degrees_of_freedom=degrees,
        z_stale=estimate / standard_error,
        z_fresh=(margin - estimate) / standard_error,
        boundary_stale=plan.stale[number - 1],
        boundary_fresh=plan.fresh[number - 1],
        example_variance=example_variance,
        replicate_variance=standard_error**2 - example_variance,
    )


def judge(*looks, margin=1.0, correlated=None):
    series = [each if isinstance(each, tuple) else (each,) for each in looks]
    return race(series, plan=PLAN, margin=margin, clusters=100, correlated=correlated)


def test_identical_configurations_are_fresh():
    same = look([Replicate(np.arange(10), np.zeros(10))] * 4, number=1, plan=PLAN, margin=0.01)
    assert judge(same, same, margin=0.01).call is Call.FRESH


def calls_on_rare_errors(rows, *, margin, least, audits=2000):
    """Calls where the challenger spares the margin's share of rows an error, whoever trained it."""
    spared = np.random.default_rng(7).binomial(rows, margin, size=audits)
    called = {}
    for count in np.unique(spared):  # which rows they are makes no difference
        same = [Replicate(np.arange(rows), (np.arange(rows) < count).astype(float))] * 12
        evidence = look(same, number=3, plan=PLAN, margin=margin, least=least)
        called[count] = judge(evidence, margin=margin).call
    return [called[count] for count in spared]


@pytest.mark.parametrize(("rows", "margin"), [(100, 0.01), (200, 0.01), (400, 0.01)])
def test_errors_so_rare_that_none_was_seen_are_not_excluded(rows, margin):
    least = least_variance([np.array([0.0, 1.0])], margin=margin, rows=rows)
    wrong = [call is Call.FRESH for call in calls_on_rare_errors(rows, margin=margin, least=least)]
    assert np.mean(wrong) <= 0.065  # 0.05, and what 2 000 audits may be off by
    overlooked = [call is Call.FRESH for call in calls_on_rare_errors(rows, margin=margin, least=0.0)]
    assert np.mean(overlooked) > 0.065  # which is what the spread alone makes of it


def test_rows_enough_exclude_a_gain_between_configurations_that_never_differ():
    rows = 500
    same = [Replicate(np.arange(rows), np.zeros(rows))] * 4
    least = least_variance([np.array([0.0, 1.0, 1.0])], margin=0.03, rows=rows)
    assert judge(look(same, number=1, plan=PLAN, margin=0.03, least=least), margin=0.03).call is Call.FRESH


def test_what_would_decide_rare_errors_is_more_rows():
    same = [Replicate(np.arange(100), np.zeros(100))] * 12
    least = least_variance([np.array([0.0, 1.0])], margin=0.01, rows=100)
    found = judge(look(same, number=3, plan=PLAN, margin=0.01, least=least), margin=0.01)
    assert found.call is Call.UNDECIDED
    assert found.more_replicates is None
    assert found.more_rows > 200


@given(seed=SEEDS, gain=st.floats(-3, 3), narrow=st.floats(0.1, 2), more=st.floats(0, 2))
def test_a_wider_margin_never_makes_the_call_staler(seed, gain, narrow, more):
    staleness = {Call.STALE: 2, None: 1, Call.UNDECIDED: 1, Call.FRESH: 0}
    replicates = crossed(seed, gain=gain)
    calls = [
        judge(look(replicates, number=3, plan=PLAN, margin=margin), margin=margin).call
        for margin in (narrow, narrow + more)
    ]
    assert staleness[calls[1]] <= staleness[calls[0]]


def test_a_gain_past_its_boundary_and_worth_the_margin_is_stale():
    verdict = judge(seen(0.2, 0.2), seen(2.0, 0.4))
    assert (verdict.call, verdict.winner) == (Call.STALE, 1)
    assert verdict.reason == "the evidence for a gain passed its boundary at look 1 of 3"
    assert verdict.p_value <= 0.05


def test_of_two_stale_finalists_the_surer_one_wins():
    assert judge(seen(2.0, 0.5), seen(1.9, 0.1)).winner == 1


def test_a_sure_gain_below_the_margin_is_not_stale():
    assert judge(seen(0.9, 0.1), seen(0.5, 0.2)).call is None


def test_every_finalist_excluded_is_fresh_even_if_they_died_at_different_looks():
    first = (seen(-1.0, 0.5), seen(-0.5, 0.4, number=2))
    verdict = judge(first, seen(0.0, 0.2))
    assert (verdict.call, verdict.live) == (Call.FRESH, (False, False))
    assert verdict.winner == 1
    assert "below the margin" in verdict.reason


def test_an_interval_that_reaches_past_the_margin_of_a_fresh_call_is_explained():
    assert seen(0.0, 0.3).gain.high > 1.0
    assert "it guards both sides" in judge(seen(0.0, 0.3)).reason
    assert judge(seen(0.0, 0.2)).reason == "every challenger's gain is shown to be below the margin"


def test_one_finalist_alive_keeps_the_audit_going():
    verdict = judge(seen(0.0, 0.2), seen(0.5, 0.3))
    assert (verdict.call, verdict.live, verdict.winner) == (None, (False, True), 1)
    assert verdict.reason == "no boundary has been reached at look 1 of 3"


def test_a_finalist_once_excluded_cannot_come_back():
    verdict = judge((seen(0.0, 0.2), seen(5.0, 0.1, number=2)), seen(0.5, 0.3, number=2))
    assert (verdict.call, verdict.live) == (None, (False, True))


def test_the_last_look_without_a_claim_is_undecided():
    verdict = judge(seen(0.6, 0.5, number=3), seen(0.3, 0.5, number=3))
    assert (verdict.call, verdict.winner) == (Call.UNDECIDED, 0)
    assert "holds both 0 and the margin" in verdict.reason


def test_a_sure_gain_just_below_the_margin_is_undecided_and_says_so():
    verdict = judge(seen(0.95, 0.2, number=3), seen(-1.0, 0.2, number=3))
    assert verdict.call is Call.UNDECIDED
    assert "whether it is worth the margin is open" in verdict.reason


def test_an_audit_that_cannot_decide_within_its_plan_stops_early():
    verdict = judge(seen(0.2, 5.0), seen(0.5, 5.0))
    assert verdict.call is Call.UNDECIDED
    assert "more runs could hardly decide" in verdict.reason


def test_correlated_rows_admit_no_claim_however_strong_the_evidence():
    for evidence in (seen(9.0, 0.1), seen(-9.0, 0.1)):
        verdict = judge(evidence, correlated="blocks are too short")
        assert (verdict.call, verdict.reason) == (Call.UNDECIDED, "blocks are too short")
        assert (verdict.p_value, verdict.more_rows) == (1.0, None)


def test_a_finalist_without_evidence_is_refused():
    with pytest.raises(ValueError, match="at least one look"):
        race([()], plan=PLAN, margin=1.0, clusters=10)


def test_the_p_value_counts_both_finalists_and_remembers_the_strongest_look():
    quiet = judge(seen(0.0, 1.0), seen(0.0, 1.0))
    assert quiet.p_value == 1.0
    strong = (seen(4.0, 1.0), seen(1.0, 1.0, number=2))
    assert judge(strong, seen(0.0, 1.0)).p_value < 0.05
    on_the_boundary = seen(PLAN.stale[2], 1.0, number=3)
    assert judge(on_the_boundary, seen(0.0, 1.0, number=3)).p_value == pytest.approx(0.05)


def few_hold_it(estimate):
    """A look at a difference that two rows of a hundred hold, and that is this on average."""
    rows = np.where(np.arange(100) < 2, 20.0, 0.0)
    values = estimate + rows - rows.mean() + np.random.default_rng(0).standard_normal(100)
    return look([Replicate(np.arange(100), values)] * 12, number=3, plan=PLAN, margin=1.0)


def test_an_audit_that_lopsided_luck_left_undecided_says_so_and_asks_for_rows():
    found = judge(few_hold_it(0.2))
    plain = judge(seen(0.2, 0.3, number=3))
    assert (found.call, plain.call) == (Call.UNDECIDED, Call.FRESH)
    assert "so few rows hold most of the difference" in found.reason
    assert found.more_replicates is None
    assert found.more_rows > 100


def test_lopsided_luck_that_no_call_hangs_on_is_not_mentioned():
    found = judge(few_hold_it(0.9))
    assert found.call is Call.UNDECIDED
    assert "few rows" not in found.reason
