"""Who is told what: only a change, and a reminder of what stays bad."""

from dataclasses import replace
from datetime import timedelta

import pytest

from auditor.core.notices import (
    MOST_ATTEMPTS,
    is_overdue,
    is_to_be_reminded,
    message_of,
    news_of,
    overdue_news,
    pause_after,
    reason_to_tell,
    reminder_news,
    trial_message,
)
from auditor.core.records import AuditSummary, Call, News, Notice, Reason
from tests.examples import NOON, an_audit

WEEK = timedelta(days=7)


def an_end(call: Call | None, *, alarm: bool = False) -> AuditSummary:
    """A finished audit in one line; with no call, a failed one."""
    state = "failed" if call is None else "done"
    return replace(an_audit().summary, call=call, state=state, alarm=alarm)


STALE, FRESH, UNDECIDED, FAILED = map(an_end, (Call.STALE, Call.FRESH, Call.UNDECIDED, None))


def told(*ends: AuditSummary) -> list[Reason | None]:
    """Return what is told after each of a model's audits, oldest first."""
    reasons, previous, decided = [], None, None
    for end in ends:
        reasons.append(reason_to_tell(end, previous=previous, decided=decided))
        previous = end
        decided = end.call if end.call in (Call.STALE, Call.FRESH) else decided
    return reasons


def test_a_model_that_is_fresh_at_first_sight_is_no_news():
    assert told(FRESH, FRESH, UNDECIDED, FRESH) == [None] * 4


def test_each_change_is_told_once():
    assert told(FRESH, STALE, STALE, FRESH, FRESH) == [None, Reason.STALE, None, Reason.FRESH, None]


def test_stale_at_first_sight_is_told_also_after_undecided_audits():
    assert told(UNDECIDED, STALE, STALE) == [None, Reason.FIRST_STALE, None]


def test_an_undecided_audit_in_between_changes_nothing():
    assert told(STALE, UNDECIDED, STALE) == [Reason.FIRST_STALE, None, None]
    assert told(FRESH, UNDECIDED, STALE)[-1] is Reason.STALE


def test_failing_is_told_once_and_so_is_that_it_works_again():
    assert told(FRESH, FAILED, FAILED, FRESH) == [None, Reason.FAILING, None, Reason.RECOVERED]


def test_a_change_found_after_a_failure_goes_before_that_it_works_again():
    assert told(FRESH, FAILED, STALE)[-1] is Reason.STALE


def test_an_alarm_is_told_when_it_is_raised_though_the_call_does_not_say_so():
    raised = an_end(Call.UNDECIDED, alarm=True)

    assert told(FRESH, raised, raised) == [None, Reason.ALARM, None]


def test_the_news_of_an_audit_are_its_words_and_its_error_where_it_failed():
    audit = an_audit(7)

    news = news_of(audit, Reason.STALE)
    failed = news_of(replace(audit, error="no rows"), Reason.FAILING)

    assert (news.audit_id, news.model, news.headline) == (7, "churn", audit.headline)
    assert news.sentence.startswith(audit.sentence)
    assert failed.sentence.startswith("no rows")
    assert news.key == failed.key  # an audit has one verdict


def test_an_audit_is_overdue_an_hour_after_it_was_due():
    due = STALE.next_due

    assert not is_overdue(STALE, due + timedelta(minutes=59))
    assert is_overdue(STALE, due + timedelta(minutes=61))
    assert not is_overdue(replace(STALE, next_due=None), due + timedelta(days=999))
    assert "2026-03-29 12:00 UTC" in overdue_news(STALE).sentence


@pytest.mark.parametrize("standing", [STALE, FAILED])
def test_what_stays_bad_is_said_again_after_a_while(standing):
    def reminded(ago: timedelta | None, every: timedelta = WEEK) -> bool:
        last = None if ago is None else NOON - ago
        return is_to_be_reminded(standing, last=last, every=every, now=NOON)

    assert reminded(WEEK)
    assert not reminded(WEEK - timedelta(minutes=1))
    assert reminded(None)  # a channel that is new is told how things stand
    assert not reminded(WEEK, every=timedelta(0))


@pytest.mark.parametrize("standing", [FRESH, UNDECIDED])
def test_nobody_is_reminded_of_what_is_not_bad(standing):
    assert not is_to_be_reminded(standing, last=None, every=WEEK, now=NOON)


def test_two_processes_that_remind_at_once_say_the_same():
    assert reminder_news(STALE, after=3) == reminder_news(STALE, after=3)
    assert reminder_news(STALE, after=3).key != reminder_news(STALE, after=4).key
    assert "since the last message" not in reminder_news(STALE, after=0).sentence


def test_pauses_double_up_to_four_hours_and_end_after_half_a_day():
    pauses = [pause_after(attempts) for attempts in range(1, MOST_ATTEMPTS)]

    assert pauses[:3] == [timedelta(seconds=30), timedelta(minutes=1), timedelta(minutes=2)]
    assert pauses == sorted(pauses)
    assert max(pauses) == timedelta(hours=4)
    assert timedelta(hours=12) < sum(pauses, timedelta()) < timedelta(hours=24)
    assert pause_after(MOST_ATTEMPTS) is None


# ---------------------------------------------------------------- words


def a_notice(number: int, news: News) -> Notice:
    return Notice(id=number, channel="c", news=news, state="waiting", made_at=NOON, attempts=1, next_try=NOON)


def notices(count: int, **changes) -> list[Notice]:
    audits = [replace(an_audit(number, model=f"m{number}"), **changes) for number in range(1, count + 1)]
    return [a_notice(audit.id, news_of(audit, Reason.STALE)) for audit in audits]


def test_one_piece_of_news_has_its_call_its_sentence_its_link_and_its_number():
    message = message_of(notices(1), ["https://a/m1.html"])

    assert message.subject == "STALE: m1 - 1 of 2 settings has gone stale"
    assert "Change rate to 0.1: the loss falls" in message.text
    assert "https://a/m1.html" in message.text
    assert "audit 1 (verdict)" in message.text


def test_many_are_one_digest_which_counts_them():
    message = message_of(notices(60), ["link"] * 60)

    assert message.subject == "auditor: 60 messages: 60 STALE"
    assert message.text.count("link") == 50
    assert message.text.endswith("And 10 more; `auditor status` lists every model.")
    assert len(message.told) == 60


def test_the_same_news_has_the_same_id_and_other_news_another():
    assert message_of(notices(2), ["x", "x"]).id == message_of(notices(2), ["x", "x"]).id
    assert message_of(notices(2), ["x", "x"]).id != message_of(notices(1), ["x"]).id
    assert trial_message(NOON).id != trial_message(NOON + WEEK).id


def test_a_hostile_name_begins_no_new_line():
    audit = replace(an_audit(), model="a\r\nBcc: all@example.org\x1b[31m", headline="x\ny")

    message = message_of([a_notice(1, news_of(audit, Reason.STALE))], ["l"])

    assert message.subject == r"STALE: a Bcc: all@example.org\x1b[31m - x y"
    assert "\x1b" not in message.text
