"""``auditor notify``, and that ``auditor run`` tells what is due and never fails by it."""

import json
from dataclasses import dataclass, field, replace

import pytest

from auditor.core.notices import news_of
from auditor.core.records import Message, Notice, Reason
from auditor.dispatch import Dispatch
from auditor.errors import ChannelError, StorageError
from tests.examples import NOON, an_audit
from tests.fakes import FixedClock
from tests.planted import Planted, bowl

UNMOVED = Planted(truth=bowl(rate=1e-3, share=0.5), noise=0.03)
NOTICE = Notice(
    id=1,
    channel="hook",
    news=news_of(an_audit(7), Reason.STALE),
    state="waiting",
    made_at=NOON,
    attempts=1,
    next_try=NOON,
    problem="",
)


@dataclass
class Outbox:
    """One notice that is due."""

    state: str = "waiting"
    broken: bool = False
    problem: str = ""

    def standings(self, now):
        if self.broken:
            raise StorageError("the ledger is gone")
        return ()

    def last_told(self, channel):
        return {}

    def stuck(self, now):
        return ()

    def add(self, news, *, channel, now):
        return len(news)

    def claim(self, channel, *, now, until):
        return (NOTICE,) if self.state == "waiting" else ()

    def sent(self, notices, *, now):
        self.state = "sent"

    def failed(self, notices, *, problem, now):
        self.problem = problem
        return ()

    def newest(self, limit):
        return (replace(NOTICE, state=self.state, problem=self.problem),)


@dataclass
class Channel:
    """A channel that can be broken."""

    name: str = "webhook:host:1"
    broken: bool = False
    got: list[Message] = field(default_factory=list)

    def send(self, message):
        if self.broken:
            raise ChannelError("answered 500, where 2xx is wanted")
        self.got.append(message)


@pytest.fixture
def channel(project, monkeypatch):
    """A project whose messages go to one channel."""
    made = Channel()
    made.outbox = Outbox()
    made.opened = lambda settings: Dispatch(
        outbox=made.outbox,
        channels=(made,),
        clock=FixedClock(),
        link=lambda news: "link",
        remind_every=NOON - NOON,
    )
    monkeypatch.setattr("auditor.wiring.open_dispatch", lambda settings: made.opened(settings))
    return made


def test_without_channels_it_says_how_to_name_some(project):
    ran = project.run("notify")

    assert ran.code == 2
    assert ran.err.startswith("auditor: no channels: set AUDITOR_NOTIFY to one URL or several (https://")


def test_a_test_message_goes_to_every_channel_and_each_is_said(project, channel):
    ran = project.run("notify", "--test")

    assert (ran.code, ran.out) == (0, "webhook:host:1  sent\n")
    assert channel.got[0].subject == "auditor: a test message"
    assert channel.outbox.state == "waiting"  # it tries channels and sends nothing else


def test_a_channel_that_does_not_work_is_said_with_code_2(project, channel):
    channel.broken = True

    ran = project.run("notify", "--test", "--json")

    assert ran.code == 2
    assert json.loads(ran.out) == {"webhook:host:1": "answered 500, where 2xx is wanted"}


def test_notify_sends_what_is_due_and_lists_what_became_of_it(project, channel):
    ran = project.run("notify")

    assert ran.code == 0
    assert channel.got[0].subject.startswith("STALE: churn")
    assert ran.out.splitlines()[1].split()[:5] == ["7", "churn", "gone", "stale", "hook"]
    assert "sent" in ran.out


def test_notify_prints_facts(project, channel):
    channel.broken = True

    ran = project.run("notify", "--json")

    assert ran.code == 2
    (notice,) = json.loads(ran.out)
    assert (notice["state"], notice["news"]["audit_id"]) == ("waiting", 7)
    assert notice["problem"].startswith("answered 500")


@pytest.mark.parametrize("broken", [False, True])
def test_run_tells_what_is_due_and_leaves_with_what_was_found(project, channel, broken):
    project.declare()
    project.plant(UNMOVED)
    channel.broken = broken

    ran = project.run("run", "churn")

    assert ran.code == 0
    assert len(channel.got) == (0 if broken else 1)


def test_run_tells_also_when_the_audit_failed(project, channel):
    ran = project.run("run", "nothing")

    assert ran.code == 2
    assert len(channel.got) == 1


def test_an_outbox_that_cannot_be_reached_is_one_line_and_not_the_audits_fault(project, channel):
    project.declare()
    project.plant(UNMOVED)
    channel.outbox.broken = True

    ran = project.run("run", "churn")

    assert ran.code == 0
    assert ran.err.splitlines()[-1] == "auditor: the ledger is gone"
