from dataclasses import replace
from datetime import UTC, datetime, timedelta

from auditor.core.records import AuditSummary, Call
from auditor.reporting.past import streak_of
from tests.gallery import past

START = datetime(2026, 1, 1, tzinfo=UTC)


def summary(number: int, call: Call | None, state: str = "done") -> AuditSummary:
    started = START + timedelta(days=number)
    return replace(past()[0], id=number, model="m", call=call, state=state, started_at=started)


def newest_first(*calls: Call | None) -> list[AuditSummary]:
    return [summary(number, call) for number, call in enumerate(calls)][::-1]


def test_a_call_holds_since_the_first_audit_of_the_run() -> None:
    streak = streak_of(newest_first(Call.FRESH, Call.STALE, Call.STALE, Call.STALE))

    assert streak is not None
    assert (streak.call, streak.audits, streak.since) == (Call.STALE, 3, START + timedelta(days=1))
    assert streak.before is not None
    assert streak.before.call is Call.FRESH


def test_an_audit_that_failed_neither_ends_nor_lengthens_a_streak() -> None:
    streak = streak_of(newest_first(Call.STALE, None, Call.STALE))

    assert streak is not None
    assert streak.audits == 2
    assert streak.before is None


def test_without_a_call_there_is_no_streak() -> None:
    assert streak_of(newest_first(None, None)) is None
    assert streak_of([]) is None


def test_a_streak_that_older_audits_may_belong_to_says_so() -> None:
    whole, cut = (streak_of(newest_first(Call.STALE, Call.STALE), cut=cut) for cut in (False, True))

    assert whole is not None
    assert cut is not None
    assert (whole.since_words, whole.audits_text) == ("2026-01-01", "2 audits running")
    assert (cut.since_words, cut.audits_text) == ("before 2026-01-01", "2 audits or more running")


def test_what_a_first_audit_finds_may_have_been_so_for_long() -> None:
    first, found, new, cut = (
        streak_of(newest_first(*calls), cut=cut)
        for calls, cut in (
            ([Call.STALE], False),
            ([Call.STALE, Call.STALE], False),
            ([Call.FRESH, Call.STALE], False),
            ([Call.STALE], True),
        )
    )

    assert first is not None
    assert found is not None
    assert new is not None
    assert cut is not None
    assert first.since_text == "Found stale on 2026-01-01, the first audit of this model"
    assert found.since_text == "Found stale on 2026-01-01, in 2 audits running"
    assert new.since_text == "Stale since 2026-01-02, new: fresh on 2026-01-01"
    assert cut.since_text == "Stale since before 2026-01-01, 1 audit or more running"


def test_a_streak_that_is_seen_to_begin_does_not_depend_on_older_audits() -> None:
    streak = streak_of(newest_first(Call.FRESH, Call.STALE), cut=True)

    assert streak is not None
    assert streak.since_words == "2026-01-02"
