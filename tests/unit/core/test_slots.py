from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.core.records import When
from auditor.core.slots import MOST_MISSED, Kept, due_slots, slots_after

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)
NEW_YORK = ZoneInfo("America/New_York")


def test_by_hand_nothing_is_ever_due():
    found = due_slots(When(), Kept(cursor=NOON - 9 * DAY), now=NOON)

    assert (found.due, found.missed, found.following) == (None, (), None)
    assert "by hand" in found.reason


def test_a_cron_line_waits_for_its_first_slot():
    found = due_slots(When(cron="0 13 * * *"), Kept(cursor=NOON), now=NOON)

    assert found.due is None
    assert found.following == NOON + timedelta(hours=1)


def test_a_slot_is_due_at_its_very_moment_and_not_before():
    when, progress = When(cron="0 12 * * *"), Kept(cursor=NOON - DAY / 2)

    assert due_slots(when, progress, now=NOON - timedelta(seconds=1)).due is None
    assert due_slots(when, progress, now=NOON).due == NOON
    assert due_slots(when, Kept(cursor=NOON), now=NOON).due is None


def test_of_several_slots_the_newest_is_due_and_the_others_are_missed():
    found = due_slots(When(cron="0 3 * * *"), Kept(cursor=NOON - 4 * DAY), now=NOON)

    three = NOON.replace(hour=3)
    assert found.due == three
    assert found.missed == (three - 3 * DAY, three - 2 * DAY, three - DAY)


def test_a_year_of_missed_minutes_is_reckoned_in_a_moment():
    found = due_slots(When(cron="* * * * *"), Kept(cursor=NOON - 365 * DAY), now=NOON)

    assert found.due == NOON
    assert len(found.missed) == MOST_MISSED


def test_the_newest_of_rare_slots_is_found_after_many_years():
    found = due_slots(When(cron="0 0 29 2 *"), Kept(cursor=NOON - 3000 * DAY), now=NOON)

    assert found.due == datetime(2024, 2, 29, tzinfo=UTC)
    assert found.missed == (datetime(2020, 2, 29, tzinfo=UTC),)


def test_a_time_that_the_clocks_jump_over_is_kept_as_they_land():
    slots = slots_after("30 2 8 3 *", "America/New_York", datetime(2026, 3, 1, tzinfo=UTC))

    assert next(slots).astimezone(NEW_YORK).isoformat() == "2026-03-08T03:00:00-04:00"


def test_a_time_that_comes_twice_is_kept_once_wherever_one_begins_to_look():
    once = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)  # 01:30 in New York, the first time
    for minutes in range(-90, 200, 7):
        begun = once + timedelta(minutes=minutes)
        first = next(slots_after("30 1 * * *", "America/New_York", begun))

        assert first == (once if begun < once else once + timedelta(days=1, hours=1))


def test_a_schedule_with_an_interval_is_due_at_once_when_it_was_never_audited():
    found = due_slots(When(every=90 * DAY), Kept(cursor=NOON), now=NOON)

    assert (found.due, found.due_reason) == (NOON, "it was never audited")
    assert found.reason == "the schedule says every 90 days"
    assert found.following == NOON + 90 * DAY


def test_an_interval_counts_from_the_end_of_the_last_audit():
    progress = Kept(cursor=NOON, last_slot=NOON, last_audit=NOON + DAY / 4)

    early = due_slots(When(every=7 * DAY), progress, now=NOON + 7 * DAY)
    late = due_slots(When(every=7 * DAY), progress, now=NOON + 7.25 * DAY)

    assert (early.due, early.following) == (None, NOON + 7.25 * DAY)
    assert late.due == NOON + 7.25 * DAY


def test_intervals_that_passed_while_nobody_looked_are_missed():
    progress = Kept(cursor=NOON, last_slot=NOON)

    found = due_slots(When(every=7 * DAY), progress, now=NOON + 24 * DAY)

    assert found.due == NOON + 21 * DAY
    assert found.missed == (NOON + 7 * DAY, NOON + 14 * DAY)
    assert found.following == NOON + 28 * DAY


def test_under_auto_the_last_audit_says_when():
    progress = Kept(
        cursor=NOON,
        last_slot=NOON,
        last_audit=NOON,
        planned=NOON + 12 * DAY,
        planned_reason="too few rows before",
    )

    found = due_slots(When(auto=True), progress, now=NOON)
    assert (found.following, found.reason) == (NOON + 12 * DAY, "too few rows before")
    assert due_slots(When(auto=True), progress, now=NOON + 12 * DAY).due == NOON + 12 * DAY


def test_audits_dated_ahead_by_a_wrong_clock_do_not_stop_an_interval():
    progress = Kept(cursor=NOON, last_slot=NOON + 3650 * DAY, last_audit=NOON + 3650 * DAY)

    assert due_slots(When(every=7 * DAY), progress, now=NOON).following == NOON + 7 * DAY
    assert due_slots(When(every=7 * DAY), progress, now=NOON + 7 * DAY).due == NOON + 7 * DAY


@given(
    steps=st.lists(st.integers(1, 4000), min_size=1, max_size=30),
    cron=st.sampled_from(["*/10 * * * *", "30 2 * * *", "0 */3 * * *", "15 1 * * sun"]),
    zone=st.sampled_from(["UTC", "America/New_York", "Australia/Lord_Howe", "Europe/London"]),
)
@pytest.mark.parametrize("start", [datetime(2026, 3, 6, tzinfo=UTC), datetime(2026, 10, 24, tzinfo=UTC)])
def test_however_ticks_fall_every_slot_is_due_or_missed_exactly_once(start, steps, cron, zone):
    when, cursor, now, seen = When(cron=cron, timezone=zone), start, start, []
    for minutes in steps:
        now += timedelta(minutes=minutes)
        found = due_slots(when, Kept(cursor=cursor), now=now)
        if found.due is not None:
            seen += [*found.missed, found.due]
            cursor = found.due

    expected = []
    for slot in slots_after(cron, zone, start):
        if slot > now:
            break
        expected.append(slot)
    assert seen == expected
