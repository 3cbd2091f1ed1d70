from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.core.hindsight import (
    advised,
    best_found,
    changed,
    in_words,
    mean_loss,
    period_gain,
    replay_dates,
    total_gain,
)
from auditor.core.records import Call, Estimate, Fold, Part
from auditor.core.variance import Replicate, two_way
from auditor.core.wording import Ruler
from auditor.errors import DataError
from tests.examples import an_audit

DAY = timedelta(days=1)
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


@given(days=st.integers(10, 2000), every=st.integers(1, 90), window=st.one_of(st.none(), st.integers(1, 400)))
def test_each_date_has_its_window_before_it_and_a_whole_period_after_it(days, every, window):
    last = BEGIN + days * DAY
    span = None if window is None else window * DAY
    try:
        dates = replay_dates(BEGIN, last, every=every * DAY, window=span)
    except DataError:
        assert days < (window or max(every, days / 3)) + 2 * every
        return

    assert dates[0] - BEGIN >= (span or every * DAY)
    assert dates[-1] + every * DAY == last + timedelta(microseconds=1)
    assert {after - before for before, after in pairwise(dates)} == {every * DAY}


def test_dates_count_from_the_start_that_is_asked_for():
    dates = replay_dates(BEGIN, BEGIN + 100 * DAY, every=20 * DAY, start=BEGIN + 30 * DAY)

    assert [(date - BEGIN).days for date in dates] == [30, 50, 70]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"window": 40 * DAY}, "80 days, and 100 days are needed: 40 days for the first audit and 2 periods"),
        ({"start": BEGIN + 60 * DAY}, "20 days after --start, and 60 days are needed"),
        ({"start": BEGIN - DAY}, "--start must lie within the history, 2026-01-01 to 2026-03-22, got"),
    ],
)  # fmt: skip
def test_too_little_history_says_how_much_is_needed(options, said):
    with pytest.raises(DataError, match=said):
        replay_dates(BEGIN, BEGIN + 80 * DAY, every=30 * DAY, **options)


def test_advice_is_followed_when_stale_and_only_then():
    audit = an_audit()
    first, *others = audit.settings
    audit = replace(audit, settings=(replace(first, recommended=0.7), *others))
    running = {**audit.capture.config, "left alone": 3}

    assert advised(replace(audit, call=Call.STALE), running) == {**running, first.name: 0.7}
    assert advised(replace(audit, call=Call.UNDECIDED), running) is running


def test_whoever_re_tunes_every_time_takes_the_largest_promise_or_keeps_production():
    audit = an_audit()
    finalist = audit.confirmation.finalists[0]
    rivals = [
        replace(finalist, config={"rate": rate}, search_gain=gain)
        for rate, gain in ((1, None), (2, 0.01), (3, 0.02))
    ]

    def found(finalists):
        confirmation = replace(audit.confirmation, finalists=tuple(finalists))
        return best_found(replace(audit, confirmation=confirmation), {"rate": 0})

    assert found(rivals) == {"rate": 3}
    assert found([replace(rivals[2], search_gain=-0.01)]) == audit.capture.config
    assert best_found(replace(audit, confirmation=None), {"rate": 0}) == {"rate": 0}


def test_what_changed_tells_values_apart_by_their_kind():
    assert changed({"a": 1, "b": True, "c": 2}, {"a": 1, "b": 1, "d": None}) == ("b", "c", "d")


def a_period(gain, *, rows=60, seed=0, noise=1.0):
    rng = np.random.default_rng(seed)
    clusters = np.arange(rows) * 6 // rows
    never = {Fold(Part.NOW, 0, half): Replicate(clusters, rng.normal(1, noise, rows)) for half in (0, 1)}
    policy = {fold: Replicate(clusters, each.values - gain) for fold, each in never.items()}
    return period_gain(never, policy)


def test_the_total_weighs_periods_by_their_rows():
    total = total_gain([a_period(0.3, rows=60), a_period(0.0, rows=120)], confidence=0.95)

    assert total.estimate == pytest.approx(0.1)


def test_the_total_of_one_period_is_that_period():
    rng = np.random.default_rng(1)
    clusters = np.arange(60) // 10
    never, policy = (
        {Fold(Part.NOW, 0, half): Replicate(clusters, rng.normal(size=60)) for half in (0, 1)} for _ in "ab"
    )
    period = period_gain(never, policy)

    one, whole = period.interval(0.9), total_gain([period], confidence=0.9)
    assert (whole.estimate, whole.low, whole.high) == pytest.approx((one.estimate, one.low, one.high))
    assert one.estimate == pytest.approx(two_way(period.gains).estimate)


def test_equal_periods_narrow_the_interval_as_more_rows_would():
    rng = np.random.default_rng(2)
    clusters = np.arange(60) // 10
    folds = [Fold(Part.NOW, 0, half) for half in (0, 1)]
    lasting = rng.normal(size=60)  # twice the same training: only the rows have luck
    never = {fold: Replicate(clusters, lasting) for fold in folds}
    policy = {fold: Replicate(clusters, np.zeros(60)) for fold in folds}
    period = period_gain(never, policy)

    four, one = (total_gain([period] * count, confidence=0.95) for count in (4, 1))
    # Half the standard error, and a t of 20 instead of 5 degrees of freedom.
    assert (four.high - four.low) / (one.high - one.low) == pytest.approx(0.5 * 2.0860 / 2.5706, rel=1e-3)


def test_settings_that_never_differ_gain_exactly_nothing():
    assert total_gain([a_period(0.0), a_period(0.0, seed=1)], confidence=0.95) == Estimate(0.0, 0.0, 0.0)


def test_one_surviving_training_is_no_evidence():
    fold = Fold(Part.NOW, 0, 0)
    one = {fold: Replicate(np.arange(3), np.ones(3))}

    assert period_gain(one, one) is None
    assert mean_loss([one, {}]) == 1.0
    assert mean_loss([]) is None


def test_a_loss_is_said_as_one():
    ruler = Ruler(production_loss=1.0, unit="log-loss", confidence=0.95)
    gain, loss = Estimate(0.02, 0.01, 0.03), Estimate(-0.01, -0.03, 0.01)

    headline, sentence = in_words(gain, loss, replays=(), every="30 days", ruler=ruler)

    assert headline == "None of 0 audits would have called the settings stale"
    assert "Following the audits would have lowered log-loss by 2.0 %" in sentence
    assert (
        "re-tuning every 30 days would have raised log-loss by 1.0 % (95 % interval −1.0 % to 3.0 %)"
        in sentence
    )
    assert in_words(None, None, replays=(), every="day", ruler=ruler)[1].startswith("Too few periods")
