from dataclasses import replace
from datetime import UTC, datetime, timedelta

from auditor.core.records import AuditSummary, Call
from auditor.reporting.past import streak_of, up_to, with_audit
from tests.gallery import past, stale

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


def test_the_ledger_may_or_may_not_know_the_audit_already() -> None:
    audit, earlier = stale(), past()

    assert with_audit(audit, earlier) == with_audit(audit, (audit.summary, *earlier))


def test_an_old_page_does_not_know_what_came_after_it() -> None:
    audit = stale()
    later = replace(audit.summary, id=999, started_at=audit.started_at + timedelta(days=9), call=Call.FRESH)

    assert up_to(audit, (later, *past())) == up_to(audit, past())
