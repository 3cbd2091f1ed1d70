"""How soon to look again: laws of the hazard and of the interval."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.core.cadence import (
    DAYS_PER_MONTH,
    LONGEST_DAYS,
    SHORTEST_DAYS,
    Hazard,
    Past,
    best_interval,
    days_of_labels,
    hazard_of,
    rows_to_decide,
)
from auditor.core.records import Call, Estimate, Look

START = datetime(2026, 1, 1, tzinfo=UTC)
F, S, U = Call.FRESH, Call.STALE, Call.UNDECIDED

HAZARDS = st.builds(Hazard, times=st.integers(0, 50), months=st.floats(0.0, 600.0))
COSTS = st.floats(1e-3, 1e3)


def after(months):
    return START + timedelta(days=months * DAYS_PER_MONTH)


def history(*calls, settings="a", since=START):
    """Audits a month apart on settings captured at the start, beginning a month later."""
    return [
        Past(at=after(number), call=call, settings=settings, since=since)
        for number, call in enumerate(calls, start=1)
    ]


def test_before_any_audit_the_hazard_is_once_in_six_months():
    assert hazard_of([]) == Hazard(times=0, months=0.0)
    assert hazard_of([]).per_month == pytest.approx(1 / 6)


@pytest.mark.parametrize(
    ("calls", "times", "months"),
    [
        ((F,), 0, 1.0),
        ((F, F, F), 0, 3.0),
        ((F, F, S), 1, 2.5),
        ((S,), 1, 0.5),
        ((U,), 0, 0.0),
        ((F, U, F), 0, 3.0),
        ((F, U, S), 1, 2.0),
        ((F, S, S, S), 1, 1.5),
        ((U, U, U, U), 0, 0.0),
    ],
)
def test_fresh_counts_whole_stale_half_and_undecided_nothing(calls, times, months):
    hazard = hazard_of(history(*calls))

    assert hazard.times == times
    assert hazard.months == pytest.approx(months)


def test_settings_that_were_changed_are_watched_from_their_capture_on():
    changed = Past(at=after(6), call=F, settings="b", since=after(5))

    assert hazard_of([*history(F, S), changed]).months == pytest.approx(1.0 + 0.5 + 1.0)


def test_settings_found_stale_and_left_in_production_are_not_found_again():
    hazard = hazard_of([*history(S, S), Past(at=after(4), call=S, settings="b", since=after(3))])

    assert hazard.times == 2


def test_settings_that_were_stale_when_first_seen_say_nothing():
    first = Past(at=START + timedelta(minutes=5), call=S, settings="a", since=START)

    assert hazard_of([first]).times == 0


@given(HAZARDS, COSTS, st.none() | st.floats(0.0, 1000.0))
def test_an_interval_lies_between_a_week_and_a_year(hazard, cost, labels):
    assert SHORTEST_DAYS <= best_interval(hazard, stale_cost=cost, label_days=labels).days <= LONGEST_DAYS


@given(HAZARDS, COSTS)
def test_more_staleness_means_looking_sooner(hazard, cost):
    worse = replace(hazard, times=hazard.times + 1)

    assert best_interval(worse, stale_cost=cost).days <= best_interval(hazard, stale_cost=cost).days


@given(HAZARDS, COSTS, st.floats(1.0, 10.0))
def test_staleness_that_costs_more_means_looking_sooner(hazard, cost, factor):
    assert best_interval(hazard, stale_cost=cost * factor).days <= best_interval(hazard, stale_cost=cost).days


@given(HAZARDS, COSTS, st.floats(0.0, 1000.0))
def test_nothing_is_audited_before_its_labels_are_there(hazard, cost, labels):
    assert best_interval(hazard, stale_cost=cost, label_days=labels).days >= min(labels, LONGEST_DAYS)


def test_the_interval_is_the_one_that_costs_least():
    hazard, cost = Hazard(times=1, months=8.0), 3.0
    best = best_interval(hazard, stale_cost=cost).days / DAYS_PER_MONTH

    def monthly(interval):
        return 1.0 / interval + hazard.per_month * interval / 2.0 * cost

    assert monthly(best) <= min(monthly(0.9 * best), monthly(1.1 * best))


@pytest.mark.parametrize(
    ("hazard", "cost", "labels", "limit"),
    [
        (Hazard(times=0, months=0.0), 2.0, None, None),
        (Hazard(times=0, months=0.0), 2.0, 10.0, None),
        (Hazard(times=0, months=0.0), 2.0, 100.0, "labels"),
        (Hazard(times=30, months=3.0), 30.0, 3.0, "shortest"),
        (Hazard(times=0, months=300.0), 2.0, None, "longest"),
    ],
)
def test_what_limits_an_interval_is_named(hazard, cost, labels, limit):
    assert best_interval(hazard, stale_cost=cost, label_days=labels).limit == limit


def a_look(standard_error):
    return Look(
        number=3,
        replicates=12,
        gain=Estimate(0.0, -1.0, 1.0),
        standard_error=standard_error,
        degrees_of_freedom=11.0,
        z_stale=0.0,
        z_fresh=0.0,
        boundary_stale=2.0,
        boundary_fresh=1.7,
    )


@pytest.mark.parametrize(("error", "rows"), [(0.0, 0), (0.2, 250), (0.4, 1000), (3.0, 1000)])
def test_rows_needed_grow_as_the_square_of_the_error_and_no_further_than_were_tried(error, rows):
    assert rows_to_decide(a_look(error), margin=1.0, confirm_rows=1000) == rows


def test_labels_come_at_the_rate_at_which_they_came():
    assert days_of_labels(300, first=START, last=START + timedelta(days=90), in_all=900) == pytest.approx(
        30.0
    )
    assert days_of_labels(300, first=START, last=START, in_all=900) is None
