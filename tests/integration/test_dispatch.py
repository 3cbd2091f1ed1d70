"""The outbox emptied into receivers that work, fail, and work again: one row each, nothing lost."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from auditor.core.notices import MOST_ATTEMPTS
from auditor.core.records import Asked, Call, Fence, Occasion, OrderState, Reason, Why
from auditor.dispatch import Delivered, Dispatch
from auditor.errors import ChannelError
from auditor.storage.ledger import SqlLedger
from auditor.storage.outbox import SqlOutbox
from auditor.storage.queue import SqlQueue
from tests.examples import NOON, a_capture, a_snapshot, an_audit
from tests.fakes import FixedClock, Receiver

DAY = timedelta(days=1)
FINISHED = an_audit().finished_at


@dataclass
class Place:
    """A ledger that tells two receivers."""

    url: str
    ledger: SqlLedger
    dispatch: Dispatch
    clock: FixedClock
    hook: Receiver
    mail: Receiver

    def audit(self, call: Call | None, model: str = "churn", **changes) -> int:
        begun = self.ledger.begin(
            model=model,
            plan_digest="p",
            capture=self.ledger.add_capture(a_capture(model)),
            snapshot=a_snapshot(),
            seed=1,
            now=NOON,
        )
        error = None if call else "no rows"
        audit = replace(an_audit(begun.id, model=model), call=call, error=error, **changes)
        self.ledger.finish(audit)
        return begun.id

    @property
    def states(self) -> list[tuple[str, str, int]]:
        kept = self.dispatch.outbox.newest(99)
        return sorted((one.channel, one.state, one.attempts) for one in kept)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    url = f"sqlite:///{tmp_path}/a.db"
    hook, mail, clock = Receiver("hook"), Receiver("mail"), FixedClock(FINISHED + timedelta(hours=1))
    ledger, outbox = SqlLedger(url, channels=("hook", "mail")), SqlOutbox(url)
    dispatch = Dispatch(
        outbox=outbox,
        channels=(hook, mail),
        clock=clock,
        link=lambda news: f"/{news.model}/{news.audit_id}",
        remind_every=7 * DAY,
    )
    yield Place(url, ledger, dispatch, clock, hook, mail)
    ledger.close()
    outbox.close()


def test_a_verdict_reaches_every_channel_once(place):
    number = place.audit(Call.STALE)

    delivered = [place.dispatch.send(), place.dispatch.send()]

    assert delivered == [Delivered(sent=2), Delivered()]
    (message,) = place.hook.got
    assert message == place.mail.got[0]
    assert f"/churn/{number}" in message.text
    assert f"audit {number} (verdict)" in message.text


def test_many_models_are_one_digest(place):
    for number in range(5):
        place.audit(Call.STALE, f"m{number}")

    place.dispatch.send()

    (message,) = place.hook.got
    assert message.subject == "auditor: 5 messages: 5 STALE"


@pytest.mark.parametrize("error", [ChannelError("answered 500"), RuntimeError("https://hooks/verysecret")])
def test_a_channel_that_fails_holds_up_no_other_and_is_tried_again(place, error, caplog):
    place.audit(Call.STALE)
    place.hook.broken = error

    first = place.dispatch.send()
    at_once = place.dispatch.send()
    place.hook.broken = None
    place.clock.advance(timedelta(seconds=31))
    later = place.dispatch.send()

    assert (first, at_once, later) == (Delivered(sent=1, failed=1), Delivered(), Delivered(sent=1))
    assert (len(place.hook.got), len(place.mail.got)) == (1, 1)
    assert place.states == [("hook", "sent", 2), ("mail", "sent", 1)]
    assert "verysecret" not in caplog.text + str(place.dispatch.outbox.newest(9))


def test_what_may_have_been_taken_is_sent_again_with_the_same_id(place):
    place.audit(Call.STALE)
    place.hook.broken, place.hook.takes_then_breaks = ChannelError("no answer within 20 s"), True

    place.dispatch.send()
    place.clock.advance(timedelta(minutes=1))
    place.dispatch.send()

    assert len({message.id for message in place.hook.got}) == 1
    assert len(place.hook.got) == 2


def test_in_the_end_it_is_given_up_with_a_line_that_says_so(place, caplog):
    place.audit(Call.STALE)
    place.hook.broken = ChannelError("answered 500")

    outcomes = []
    for _ in range(MOST_ATTEMPTS + 3):
        outcomes.append(place.dispatch.send())
        place.clock.advance(DAY)

    assert sum(outcomes, Delivered()) == Delivered(sent=1, failed=MOST_ATTEMPTS - 1, given_up=1)
    assert place.states == [("hook", "given up", MOST_ATTEMPTS), ("mail", "sent", 1)]
    (line,) = (record for record in caplog.records if record.levelno == logging.ERROR)
    assert line.action == "notices_given_up"
    assert line.getMessage() == f"hook: 1 notices given up after {MOST_ATTEMPTS} attempts: answered 500"


def test_who_dies_while_sending_loses_nothing(place):
    place.audit(Call.STALE)
    place.hook.broken = KeyboardInterrupt()

    with pytest.raises(KeyboardInterrupt):
        place.dispatch.send()
    place.hook.broken = None
    place.clock.advance(timedelta(minutes=3))

    assert place.dispatch.send() == Delivered(sent=2)


# ---------------------------------------------------------------- what is added with time


def test_a_model_whose_audit_does_not_come_is_told_once(place):
    place.audit(Call.FRESH)
    assert place.dispatch.sweep() == 0
    place.clock.advance(15 * DAY)

    added = [place.dispatch.sweep(), place.dispatch.sweep()]
    place.dispatch.send()

    assert added == [2, 0]
    assert place.hook.got[0].subject == "OVERDUE: churn - The next audit is overdue"


def test_a_model_that_no_schedule_asks_for_is_not_overdue(place):
    place.audit(Call.FRESH)
    place.audit(Call.FRESH, "fraud")
    place.clock.advance(15 * DAY)

    assert replace(place.dispatch, declared=lambda: frozenset({"fraud"})).sweep() == 2
    assert {one.news.model for one in place.dispatch.outbox.newest(9)} == {"fraud"}


def test_what_stays_stale_is_said_again_every_week_until_it_is_not(place):
    audit = an_audit()
    by_hand = replace(audit.next_audit, due=None)
    place.audit(Call.STALE, next_audit=by_hand)

    weekly = []
    for _ in range(22):
        place.dispatch.sweep()
        weekly.append(place.dispatch.send().sent)
        place.clock.advance(DAY)
    place.audit(Call.FRESH, next_audit=by_hand, finished_at=place.clock.now())
    place.dispatch.send()
    place.clock.advance(30 * DAY)

    assert [day for day, sent in enumerate(weekly) if sent] == [0, 7, 14, 21]
    assert place.dispatch.sweep() == 0
    assert [message.told[0].news.reason for message in place.hook.got][-2:] == [Reason.REMINDER, Reason.FRESH]


def test_a_channel_that_is_new_is_told_how_things_stand(place):
    place.audit(Call.STALE)
    place.audit(Call.FRESH, "fraud")
    place.dispatch.send()
    late = Receiver("late")

    replace(place.dispatch, channels=(late,)).sweep()
    replace(place.dispatch, channels=(late,)).send()

    assert [told.news.model for told in late.got[0].told] == ["churn"]


def test_an_audit_that_could_not_be_carried_out_is_told_once(place):
    number = place.audit(Call.FRESH)
    queue = SqlQueue(place.url, place.clock)
    occasion = Occasion(why=Why.REQUEST, said="asked", due=NOON)
    queue.order(key="k", schedule="churn", model="churn", occasion=occasion, asked=Asked())
    order = queue.claim("d" * 32)
    queue.settle(Fence(order.id, order.token), OrderState.QUARANTINED, reason="given up after 3 attempts")

    added = [place.dispatch.sweep(), place.dispatch.sweep()]
    place.dispatch.send()

    assert added == [2, 0]
    assert place.hook.got[0].subject == "FAILING: churn - The audit could not be carried out"
    assert f"audit {number} (order {order.id} in quarantine)" in place.hook.got[0].text
