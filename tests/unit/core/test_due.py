"""The next due moment: after a span, at a cron slot in a zone, or never."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.core.cadence import Hazard
from auditor.core.due import next_audit
from auditor.core.records import NextAudit, When

NOON = datetime(2026, 3, 15, 12, tzinfo=UTC)
PARIS = "Europe/Paris"
MOMENTS = st.integers(0, 6 * 365 * 24 * 60).map(lambda minutes: NOON + timedelta(minutes=minutes))


def due(cron, after, timezone=PARIS):
    return next_audit(When(cron=cron, timezone=timezone), after=after).due


def test_a_schedule_without_a_time_is_run_by_hand():
    assert next_audit(When(), after=NOON) == NextAudit(
        due=None, reason="the schedule names no time: audits are run by hand"
    )


@pytest.mark.parametrize(
    ("every", "words"),
    [
        (timedelta(days=14), "14 days"),
        (timedelta(days=1), "day"),
        (timedelta(hours=36), "36 hours"),
        (timedelta(hours=1), "hour"),
        (timedelta(seconds=1), "second"),
        (timedelta(minutes=90), "90 minutes"),
        (timedelta(seconds=90), "90 seconds"),
    ],
)
def test_a_span_is_counted_from_the_last_audit_and_said_in_its_largest_whole_unit(every, words):
    assert next_audit(When(every=every), after=NOON) == NextAudit(
        due=NOON + every, reason=f"the schedule says every {words}"
    )


@pytest.mark.parametrize(
    ("hazard", "labels", "days", "reason"),
    [
        (
            Hazard(times=0, months=0.2),
            None,
            76,
            "nothing is known yet of how fast these settings go stale, so about every 6 months is assumed; "
            "looking every 76 days costs least",
        ),
        (
            Hazard(times=1, months=0.5),
            60.0,
            60,
            "stale once in less than a month of watching, and once in 6 months assumed beforehand: "
            "about every 3 months; looking every 60 days, because fewer new rows would not decide",
        ),
        (
            Hazard(times=9, months=1.0),
            None,
            25,
            "stale 9 times in a month of watching, and once in 6 months assumed beforehand: "
            "about every 3 weeks; looking every 25 days costs least",
        ),
        (
            Hazard(times=0, months=400.0),
            None,
            365,
            "never stale in 400 months of watching, and once in 6 months assumed beforehand: about every 406 "
            "months; looking every 365 days, the longest interval",
        ),
    ],
)
def test_an_interval_that_is_left_open_follows_from_the_hazard_and_says_so(hazard, labels, days, reason):
    found = next_audit(When(auto=True), after=NOON, hazard=hazard, label_days=labels)

    assert found.due - NOON == timedelta(days=found.interval_days)
    assert round(found.interval_days) == days
    assert found.reason == reason
    assert (found.hazard, found.times_stale, found.months) == (hazard.per_month, hazard.times, hazard.months)


def test_a_cron_slot_is_read_in_its_zone_and_returned_in_utc():
    found = next_audit(When(cron="0 3 1 */3 *", timezone=PARIS), after=NOON)

    assert found.due == datetime(2026, 4, 1, 1, tzinfo=UTC)  # 03:00 in summer time
    assert found.due.tzinfo is UTC
    assert found.reason == "the schedule says cron '0 3 1 */3 *' in Europe/Paris"


def test_a_slot_that_the_clocks_skip_comes_when_they_have_been_put_forward():
    # On 29 March 2026 there is no 02:30 in Paris: 02:00 is 03:00 at once.
    night = datetime(2026, 3, 28, 12, tzinfo=UTC)

    assert due("30 2 * * *", night) == datetime(2026, 3, 29, 1, tzinfo=UTC)


def test_a_slot_that_comes_twice_when_clocks_go_back_is_due_once():
    # On 25 October 2026 there are two 02:30 in Paris.
    first = due("30 2 * * *", datetime(2026, 10, 24, 12, tzinfo=UTC))

    assert first == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert due("30 2 * * *", first) == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)


@given(MOMENTS)
def test_a_nightly_audit_is_always_due_within_a_day_and_an_hour_at_the_local_hour(after):
    found = due("15 4 * * *", after)

    assert timedelta(0) < found - after <= timedelta(hours=25)
    local = found.astimezone(ZoneInfo(PARIS))
    assert (local.hour, local.minute) == (4, 15)


def test_weekdays_go_by_name():
    found = due("0 3 * * mon", NOON, timezone="UTC")

    assert found == datetime(2026, 3, 16, 3, tzinfo=UTC)
    assert found.weekday() == 0
