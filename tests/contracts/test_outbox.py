"""The outbox on both databases: written with the verdict, claimed once, sent or given up."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from auditor.core.notices import MOST_ATTEMPTS, pause_after
from auditor.core.records import Call, News, Reason
from auditor.ports import Outbox
from auditor.storage.ledger import SqlLedger
from auditor.storage.outbox import MOST_AT_ONCE, SqlOutbox
from tests.examples import NOON, a_capture, a_snapshot, an_audit

PORT = Outbox
IMPLEMENTATIONS = (SqlOutbox,)
HOOK, MAIL = "webhook:a:1", "smtp:b:2"
SOON = timedelta(minutes=2)


class Place:
    """A database with a ledger that tells two channels, and its outbox."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.ledger = SqlLedger(url, channels=(HOOK, MAIL))
        self.outbox = SqlOutbox(url)

    def audit(self, call: Call | None, *, model: str = "churn") -> int:
        """Begin and end an audit; without a call it fails."""
        begun = self.ledger.begin(
            model=model,
            plan_digest="p",
            capture=self.ledger.add_capture(a_capture(model)),
            snapshot=a_snapshot(),
            seed=1,
            now=NOON,
        )
        error = None if call else "no rows"
        self.ledger.finish(replace(an_audit(begun.id, model=model), call=call, error=error))
        return begun.id

    def claim(self, channel: str = HOOK, *, at: timedelta = timedelta(hours=1)):
        now = NOON + at
        return self.outbox.claim(channel, now=now, until=now + SOON)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    url = f"sqlite:///{tmp_path}/a.db"
    if request.param == "postgres":
        url = request.getfixturevalue("postgres_url")
    made = Place(url)
    yield made
    made.ledger.close()
    made.outbox.close()


def test_a_verdict_that_is_news_has_one_notice_per_channel(place: Place) -> None:
    number = place.audit(Call.STALE)

    notices = place.outbox.newest(10)

    assert {(notice.channel, notice.news.reason) for notice in notices} == {
        (HOOK, Reason.FIRST_STALE),
        (MAIL, Reason.FIRST_STALE),
    }
    assert {notice.news.audit_id for notice in notices} == {number}


def test_only_a_change_has_notices_and_models_do_not_mix(place: Place) -> None:
    for call in (Call.FRESH, Call.STALE, Call.STALE, Call.UNDECIDED, Call.STALE, Call.FRESH, None, None):
        place.audit(call)
    place.audit(Call.FRESH, model="fraud")

    reasons = [notice.news.reason for notice in place.outbox.newest(99) if notice.channel == HOOK]

    assert reasons[::-1] == [Reason.STALE, Reason.FRESH, Reason.FAILING]


def test_a_verdict_that_is_not_written_leaves_no_notice(place: Place) -> None:
    number = place.audit(Call.STALE)

    with pytest.raises(ValueError, match="not running"):  # its row says done: nothing of it is written twice
        place.ledger.finish(an_audit(number))

    assert len(place.outbox.newest(99)) == 2


def test_a_ledger_without_channels_tells_nothing(place: Place) -> None:
    place.ledger = SqlLedger(place.url)

    place.audit(Call.STALE)

    assert place.outbox.newest(9) == ()


def test_what_is_claimed_is_not_claimed_again_until_its_time_is_over(place: Place) -> None:
    place.audit(Call.STALE)

    first, second = place.claim(), place.claim()
    third = place.claim(at=timedelta(hours=1) + SOON)

    assert [notice.attempts for notice in (*first, *second, *third)] == [1, 2]
    assert first[0].news.sentence.startswith("Change rate to 0.1")


def test_what_was_sent_is_never_due_again(place: Place) -> None:
    place.audit(Call.STALE)

    place.outbox.sent(place.claim(), now=NOON)

    assert place.claim(at=timedelta(days=99)) == ()
    assert len(place.claim(MAIL)) == 1


def test_what_failed_is_due_after_a_pause_and_given_up_in_the_end(place: Place) -> None:
    place.audit(Call.STALE)
    at, attempts = timedelta(hours=1), 0
    given_up = ()
    while not given_up:
        (claimed,) = place.claim(at=at)
        attempts += 1
        given_up = place.outbox.failed([claimed], problem="answered 500", now=NOON + at)
        pause = pause_after(attempts)
        if pause is not None:
            assert place.claim(at=at + pause - timedelta(seconds=1)) == ()
            at += pause

    assert attempts == MOST_ATTEMPTS
    assert place.claim(at=timedelta(days=99)) == ()
    (kept,) = (notice for notice in place.outbox.newest(9) if notice.channel == HOOK)
    assert (kept.state, kept.problem) == ("given up", "answered 500")


def test_who_lost_a_claim_changes_nothing(place: Place) -> None:
    place.audit(Call.STALE)
    slow = place.claim()
    quick = place.claim(at=timedelta(hours=2))

    place.outbox.failed(slow, problem="too late", now=NOON)
    place.outbox.sent(slow, now=NOON)
    (kept,) = (notice for notice in place.outbox.newest(9) if notice.channel == HOOK)

    assert (kept.state, kept.attempts, kept.problem) == ("waiting", 2, "")
    place.outbox.sent(quick, now=NOON)
    assert place.claim(at=timedelta(days=9)) == ()


def test_the_same_news_is_added_once(place: Place) -> None:
    news = News(
        audit_id=place.audit(Call.FRESH),
        key="overdue",
        reason=Reason.OVERDUE,
        model="churn",
        started_at=NOON,
        headline="late",
        sentence="nul \0 and \udc80",
    )

    added = [place.outbox.add([news], channel=HOOK, now=NOON) for _ in range(2)]

    assert added == [1, 0]
    assert place.outbox.last_told(HOOK)["churn"].news.key == "overdue"
    assert place.outbox.last_told(MAIL) == {}


def test_one_message_takes_a_bounded_number(place: Place) -> None:
    audit = place.audit(Call.FRESH)
    news = News(
        audit_id=audit,
        key="",
        reason=Reason.REMINDER,
        model="churn",
        started_at=NOON,
        headline="h",
        sentence="s",
    )
    many = [replace(news, key=f"reminder after {number}") for number in range(MOST_AT_ONCE + 3)]

    assert place.outbox.add(many, channel=HOOK, now=NOON) == len(many)
    assert [len(place.claim()), len(place.claim())] == [MOST_AT_ONCE, 3]


def test_standings_are_the_newest_that_ended_and_leave_out_what_runs_now(place: Place) -> None:
    place.audit(Call.FRESH)
    newest = place.audit(Call.STALE)
    failed = place.audit(None, model="fraud")
    place.ledger.begin(
        model="churn",
        plan_digest="p",
        capture=place.ledger.add_capture(a_capture("churn")),
        snapshot=a_snapshot(),
        seed=1,
        now=NOON,
    )

    soon = place.outbox.standings(NOON + timedelta(hours=1))
    later = place.outbox.standings(NOON + timedelta(days=2))  # it was interrupted and forgotten

    assert [one.id for one in soon] == [failed]
    assert [one.id for one in later] == [newest, failed]


CLAIM = """
import sys
from datetime import datetime, timedelta
from auditor.storage.outbox import SqlOutbox
outbox, now = SqlOutbox(sys.argv[1]), datetime.fromisoformat(sys.argv[2])
sys.stdin.read(1)
for _ in range(40):
    notices = outbox.claim("webhook:a:1", now=now, until=now + timedelta(hours=1))
    print(*(notice.id for notice in notices))
    outbox.sent(notices, now=now)
"""


def test_processes_that_send_at_once_each_take_what_no_other_took(place: Place) -> None:
    for number in range(12):
        place.audit(Call.STALE, model=f"m{number}")
    arguments = [sys.executable, "-c", CLAIM, place.url, (NOON + timedelta(hours=1)).isoformat()]
    senders = [
        subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    for sender in senders:
        assert sender.stdin is not None
        sender.stdin.write("x")
        sender.stdin.flush()
    taken = [int(word) for sender in senders for word in sender.communicate()[0].split()]

    hooked = [notice for notice in place.outbox.newest(99) if notice.channel == HOOK]
    assert [sender.returncode for sender in senders] == [0, 0, 0]
    assert sorted(taken) == sorted(notice.id for notice in hooked)
    assert {(notice.state, notice.attempts) for notice in hooked} == {("sent", 1)}
