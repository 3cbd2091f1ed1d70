"""The evidence for a gain, and what is called from it."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.core.boundaries import FARTHEST, as_deviate, normal_above
from auditor.core.comparison import (
    PASSES,
    Replicate,
    contrast,
    decorrelation_time,
    difference,
    least_variance,
    look,
    plan_looks,
    standing,
    two_way,
)
from auditor.core.records import Call, Estimate, Look

PLAN = plan_looks(0.95, finalists=2)
SEEDS = st.integers(0, 2**32 - 1)


def crossed(seed, *, gain=0.0, replicates=4, rows=30, training=1.0, row=1.0, rest=1.0):
    """Differences of the model of statistics, section 0, every row in every replicate."""
    rng = np.random.default_rng(seed)
    lasting = row * rng.standard_normal(rows)
    return [
        Replicate(
            np.arange(rows),
            gain + training * rng.standard_normal() + lasting + rest * rng.standard_normal(rows),
        )
        for _ in range(replicates)
    ]


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
    return standing(series, plan=PLAN, margin=margin, clusters=100, correlated=correlated)


# ---------------------------------------------------------------- differences and their variance


def test_a_difference_is_taken_row_by_row():
    rows = np.array([0, 1])
    gain = difference(Replicate(rows, np.array([3.0, 5.0])), Replicate(rows, np.array([1.0, 6.0])))
    assert gain.values.tolist() == [2.0, -1.0]
    assert gain.clusters is rows


def test_a_difference_of_other_rows_is_refused():
    with pytest.raises(ValueError, match="same rows"):
        difference(Replicate(np.array([0, 1]), np.zeros(2)), Replicate(np.array([0, 2]), np.zeros(2)))
    with pytest.raises(ValueError, match="at least one"):
        contrast([])


def test_the_variance_is_that_of_the_formula_summed_cell_by_cell():
    rng = np.random.default_rng(3)
    clusters = [rng.integers(0, 5, 12) for _ in range(3)]
    replicates = [Replicate(codes, rng.standard_normal(12)) for codes in clusters]
    every = np.concatenate([replicate.values for replicate in replicates])
    mean, count = every.mean(), len(every)
    cell = {
        (r, i): (replicate.values - mean)[replicate.clusters == i].sum()
        for r, replicate in enumerate(replicates)
        for i in range(5)
    }
    v_ex = 5 / 4 * sum(sum(cell[r, i] for r in range(3)) ** 2 for i in range(5)) / count**2
    v_rep = 3 / 2 * sum(sum(cell[r, i] for i in range(5)) ** 2 for r in range(3)) / count**2
    v_cell = sum(value**2 for value in cell.values()) / count**2
    variance = v_ex + max(0.0, v_rep - v_cell)
    summary = two_way(replicates)
    assert summary.estimate == pytest.approx(mean)
    assert summary.standard_error**2 == pytest.approx(variance)
    assert summary.degrees_of_freedom == pytest.approx(variance**2 / (v_ex**2 / 4 + v_rep**2 / 2))
    assert summary.example_variance + summary.replicate_variance == pytest.approx(variance)


def test_luck_of_the_rows_is_told_from_luck_of_the_training():
    luck_of_rows = two_way(crossed(1, replicates=12, rows=2000, training=0.0, row=1.0, rest=0.1))
    assert luck_of_rows.example_variance == pytest.approx(1 / 2000, rel=0.1)
    assert luck_of_rows.replicate_variance < 0.1 * luck_of_rows.example_variance
    luck_of_training = two_way(crossed(1, replicates=12, rows=2000, training=1.0, row=0.0))
    assert luck_of_training.example_variance < 0.02 * luck_of_training.replicate_variance
    assert luck_of_training.degrees_of_freedom == pytest.approx(11, abs=0.5)


def test_rows_that_were_scored_once_leave_their_luck_with_the_rows():
    halves = [Replicate(np.arange(5), np.arange(5.0)), Replicate(np.arange(5, 10), np.arange(5.0))]
    summary = two_way(halves)
    assert summary.example_variance == pytest.approx(summary.standard_error**2)


def test_a_cluster_to_every_replicate_is_a_plain_t_test():
    values = np.array([0.3, -0.2, 0.5, 0.1])

    summary = two_way([Replicate(np.array([unit]), np.array([value])) for unit, value in enumerate(values)])

    assert summary.estimate == pytest.approx(values.mean())
    assert summary.standard_error == pytest.approx(values.std(ddof=1) / 2.0)
    assert summary.degrees_of_freedom == 3.0


@given(seed=SEEDS, constant=st.floats(-100, 100))
def test_adding_a_constant_to_both_configurations_changes_nothing(seed, constant):
    losses, others = crossed(seed), crossed(seed + 1)

    def gain(shift):
        moved = [
            [Replicate(each.clusters, each.values + shift) for each in side] for side in (losses, others)
        ]
        return two_way([difference(a, b) for a, b in zip(*moved, strict=True)])

    assert gain(constant).estimate == pytest.approx(gain(0.0).estimate, abs=1e-9)
    assert gain(constant).standard_error == pytest.approx(gain(0.0).standard_error, rel=1e-6)


@given(seed=SEEDS)
def test_swapping_the_configurations_negates_the_estimate_and_keeps_its_error(seed):
    losses, others = crossed(seed), crossed(seed + 1)
    there = two_way([difference(a, b) for a, b in zip(losses, others, strict=True)])
    back = two_way([difference(b, a) for a, b in zip(losses, others, strict=True)])
    assert back.estimate == pytest.approx(-there.estimate)
    assert back.standard_error == pytest.approx(there.standard_error)


@given(seed=SEEDS, order=st.permutations(range(4)))
def test_the_order_of_replicates_changes_nothing(seed, order):
    replicates = crossed(seed)
    shuffled = two_way([replicates[place] for place in order])
    assert dataclasses.astuple(shuffled) == pytest.approx(dataclasses.astuple(two_way(replicates)))


def test_one_replicate_or_one_cluster_has_no_spread():
    with pytest.raises(ValueError, match="two replicates and two clusters, got 1 and 30"):
        two_way(crossed(0, replicates=1))
    with pytest.raises(ValueError, match="got 2 and 1"):
        two_way([Replicate(np.zeros(3, dtype=int), np.arange(3.0))] * 2)
    with pytest.raises(ValueError, match="got 0 and 0"):
        two_way([])


# ---------------------------------------------------------------- one look


def test_identical_configurations_exclude_a_gain_and_never_yield_nan():
    same = [Replicate(np.arange(10), np.zeros(10))] * 4
    evidence = look(same, number=1, plan=PLAN, margin=0.01)
    assert (evidence.z_fresh, evidence.z_stale) == (FARTHEST, 0.0)
    assert evidence.gain == Estimate(0.0, 0.0, 0.0)
    assert judge(evidence, evidence, margin=0.01).call is Call.FRESH


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
    standing = judge(look(same, number=3, plan=PLAN, margin=0.01, least=least), margin=0.01)
    assert standing.call is Call.UNDECIDED
    assert standing.more_replicates is None
    assert standing.more_rows > 200


@pytest.mark.parametrize(
    "losses", [[np.zeros(5)], [np.linspace(0.0, 1.0, 5)], [np.array([0.2]), np.array([0.2])]]
)
def test_fine_or_equal_losses_ask_for_no_least_variance(losses):
    assert least_variance(losses, margin=0.5, rows=10) == 0.0


def test_a_gain_without_any_spread_is_as_sure_as_can_be():
    evidence = look([Replicate(np.arange(8), np.full(8, 0.5))] * 4, number=1, plan=PLAN, margin=0.25)
    assert (evidence.z_stale, evidence.z_fresh) == (FARTHEST, -FARTHEST)


@given(seed=SEEDS, number=st.integers(1, 3), gain=st.floats(-3, 3))
def test_the_interval_excludes_0_exactly_when_the_evidence_reaches_the_boundary(seed, number, gain):
    evidence = look(crossed(seed, gain=gain), number=number, plan=PLAN, margin=1.0)
    assert (evidence.gain.low > 0.0) == (evidence.z_stale > evidence.boundary_stale)


@given(seed=SEEDS, gain=st.floats(-3, 3), narrow=st.floats(0.1, 2), more=st.floats(0, 2))
def test_a_wider_margin_never_makes_the_call_staler(seed, gain, narrow, more):
    staleness = {Call.STALE: 2, None: 1, Call.UNDECIDED: 1, Call.FRESH: 0}
    replicates = crossed(seed, gain=gain)
    calls = [
        judge(look(replicates, number=3, plan=PLAN, margin=margin), margin=margin).call
        for margin in (narrow, narrow + more)
    ]
    assert staleness[calls[1]] <= staleness[calls[0]]


@pytest.mark.parametrize("finalists", [1, 2])
def test_what_is_quoted_as_95_percent_counts_misses_on_both_sides(finalists):
    plan = plan_looks(0.95, finalists=finalists)
    evidence = look(crossed(3), number=3, plan=plan, margin=1.0)
    reach = as_deviate(
        (evidence.gain.high - evidence.gain.estimate) / evidence.standard_error,
        degrees_of_freedom=evidence.degrees_of_freedom,
    )
    assert 2.0 * normal_above(reach) <= 0.05


@pytest.mark.parametrize("margin", [0.0, -1.0, float("nan")])
def test_a_margin_that_is_not_above_0_is_refused(margin):
    with pytest.raises(ValueError, match="margin is above 0"):
        look(crossed(0), number=1, plan=PLAN, margin=margin)


def test_stale_shares_its_error_among_the_finalists_and_fresh_does_not():
    alone, three = plan_looks(0.95, finalists=1), plan_looks(0.95, finalists=3)
    assert alone.stale == plan_looks(0.95, finalists=2).stale
    assert alone.fresh == three.fresh
    assert all(many > one for many, one in zip(three.stale, alone.stale, strict=True))
    assert three.passes == PASSES
    with pytest.raises(ValueError, match="finalists >= 1"):
        plan_looks(0.95, finalists=0)


# ---------------------------------------------------------------- the call


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
        standing([()], plan=PLAN, margin=1.0, clusters=10)


def test_the_p_value_counts_both_finalists_and_remembers_the_strongest_look():
    quiet = judge(seen(0.0, 1.0), seen(0.0, 1.0))
    assert quiet.p_value == 1.0
    strong = (seen(4.0, 1.0), seen(1.0, 1.0, number=2))
    assert judge(strong, seen(0.0, 1.0)).p_value < 0.05
    on_the_boundary = seen(PLAN.stale[2], 1.0, number=3)
    assert judge(on_the_boundary, seen(0.0, 1.0, number=3)).p_value == pytest.approx(0.05)


# ---------------------------------------------------------------- rows in time order


@pytest.mark.parametrize(("phi", "rows"), [(0.0, 20_000), (0.5, 20_000), (0.9, 40_000)])
def test_the_decorrelation_time_of_an_autoregression_is_found(phi, rows):
    noise = np.random.default_rng(8).standard_normal(rows)
    series = np.empty(rows)
    last = 0.0
    for place, shock in enumerate(noise):
        series[place] = last = phi * last + shock
    assert decorrelation_time(series) == pytest.approx((1 + phi) / (1 - phi), rel=0.25)


@pytest.mark.parametrize("series", [[], [1.0], [1.0, 2.0, 3.0], [0.1] * 50, [1.0, -1.0] * 20])
def test_a_decorrelation_time_is_never_below_one_row(series):
    assert decorrelation_time(np.array(series, dtype=float)) == 1.0
