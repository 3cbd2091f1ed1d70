"""Promises of ``http.facts.Facts`` and ``Orders``, over every implementation, on both databases."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from auditor.core.records import Call
from auditor.errors import DeclarationError, StorageError
from auditor.http.facts import Facts, Orders, Request
from auditor.serving import QueueOrders, SiteFacts
from auditor.settings import Settings
from auditor.storage.ledger import SqlLedger
from auditor.storage.reading import Reader
from auditor.wiring import open_queue
from tests.contracts.test_reading import SCHEDULE
from tests.examples import NOON, a_capture, a_result, a_snapshot, an_audit

PORTS = {Facts: (SiteFacts,), Orders: (QueueOrders,)}


@dataclass
class Place:
    """What the web side asks, and the ledger behind it."""

    settings: Settings
    ledger: SqlLedger
    facts: Facts
    orders: Orders

    def begin(self, model: str = "churn") -> int:
        capture = self.ledger.add_capture(a_capture(model))
        return self.ledger.begin(
            model=model, plan_digest="p", capture=capture, snapshot=a_snapshot(), seed=1, now=NOON
        ).id

    def audit(self, call: Call | None = Call.STALE, model: str = "churn") -> int:
        number = self.begin(model)
        self.ledger.append(number, [a_result(0), a_result(1)])
        error = None if call else "no rows"
        self.ledger.finish(replace(an_audit(number, model=model), call=call, error=error))
        return number


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    settings = Settings().within(tmp_path)
    if request.param == "postgres":
        settings = replace(settings, database_url=request.getfixturevalue("postgres_url"))
    settings.schedules.mkdir()
    (settings.schedules / "churn.toml").write_text(SCHEDULE)
    (settings.schedules / "broken.toml").write_text("no toml")
    with (
        closing(SqlLedger(settings.database_url)) as ledger,
        closing(open_queue(settings)) as queue,
        closing(Reader(settings.database_url)) as reader,
    ):
        yield Place(settings, ledger, SiteFacts(reader, queue, settings), QueueOrders(queue, settings))


def test_a_place_where_nothing_was_done_has_nothing_to_tell(place: Place) -> None:
    place.facts.probe()

    assert (place.facts.standings(), place.facts.queue(limit=9)) == ((), ())
    assert place.facts.audits(model=None, before=None, limit=9) == ()
    assert (place.facts.twin(1), place.facts.trials(1)) == (None, None)
    assert sum(place.facts.counts().audits.values()) == 0


def test_a_model_stands_as_its_newest_audits_say(place: Place) -> None:
    place.audit(Call.FRESH)
    failed, running = place.audit(None), place.begin()
    other = place.audit(Call.STALE, "fraud")

    one, two = place.facts.standings()

    assert [one.model, two.model] == ["churn", "fraud"]
    assert one.ended is not None
    assert (one.newest.id, one.ended.id, two.newest.id) == (running, failed, other)
    assert one.last_success == an_audit().finished_at


def test_audits_are_listed_newest_first_a_page_at_a_time(place: Place) -> None:
    numbers = [place.audit(model=model) for model in ("churn", "fraud", "churn")][::-1]

    first = place.facts.audits(model=None, before=None, limit=2)
    then = place.facts.audits(model=None, before=first[-1].id, limit=2)

    assert [one.id for one in (*first, *then)] == numbers
    assert [one.id for one in place.facts.audits(model="fraud", before=None, limit=9)] == [numbers[1]]
    assert place.facts.audits(model="nobody", before=None, limit=9) == ()


def test_the_twin_and_the_trials_are_those_of_the_audit(place: Place) -> None:
    number = place.audit()

    twin, trials = place.facts.twin(number), place.facts.trials(number)

    assert twin is not None
    assert json.loads(twin)["id"] == number
    assert trials is not None
    assert len(list(trials)) == 2


def test_an_audit_that_runs_has_trials_and_no_twin_yet(place: Place) -> None:
    number = place.begin()

    trials = place.facts.trials(number)

    assert place.facts.twin(number) is None
    assert trials is not None
    assert list(trials) == []


def test_schedules_are_told_by_name_with_what_is_wrong_with_them(place: Place) -> None:
    broken, churn = place.facts.schedules()

    assert (broken.name, churn.name, churn.problem) == ("broken", "churn", "")
    assert "broken.toml" in broken.problem


def test_what_is_counted_is_counted_by_state(place: Place) -> None:
    place.audit()
    place.orders.ask(Request(schedule="churn", key="1"))

    counts = place.facts.counts()

    assert counts.queue["queued"] == 1
    assert sum(counts.audits.values()) == 1
    assert counts.oldest_queued is not None
    assert (counts.leases_expired, counts.slots_missed) == (0, 0)


def test_facts_are_told_in_any_thread(place: Place) -> None:
    place.audit()

    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda _: len(place.facts.standings()), range(12)))

    assert found == [1] * 12


def test_a_request_is_queued_once_whoever_sends_it_again(place: Place) -> None:
    asked = Request(schedule="churn", key="monday", trials=7, seed=3)

    first, again = place.orders.ask(asked), place.orders.ask(asked)

    assert (first.new, again.new) == (True, False)
    assert first.order == again.order
    assert place.facts.queue(limit=9) == (first.order,)
    assert (first.order.schedule, first.order.model, first.order.state) == ("churn", "churn", "queued")


def test_many_who_send_one_request_at_once_queue_it_once(place: Place) -> None:
    asked = Request(schedule="churn", key="rush")

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda _: place.orders.ask(asked), range(8)))

    assert [answer.new for answer in answers].count(True) == 1
    assert len({answer.order.id for answer in answers}) == 1


def test_another_request_under_the_same_key_is_refused_and_changes_nothing(place: Place) -> None:
    first = place.orders.ask(Request(schedule="churn", key="monday", trials=7))

    with pytest.raises(ValueError, match="Idempotency-Key"):
        place.orders.ask(Request(schedule="churn", key="monday", trials=8))

    assert place.facts.queue(limit=9) == (first.order,)


@pytest.mark.parametrize("schedule", ["nobody", "broken", "../churn", "", "churn\0"])
def test_a_schedule_that_is_not_there_or_cannot_be_read_is_refused(place: Place, schedule: str) -> None:
    with pytest.raises(DeclarationError):
        place.orders.ask(Request(schedule=schedule, key="k"))

    assert place.facts.queue(limit=9) == ()


def test_an_order_outlives_who_asked_for_it(place: Place) -> None:
    order = place.orders.ask(Request(schedule="churn", key="k")).order

    with closing(open_queue(place.settings)) as elsewhere:
        assert [one.id for one in elsewhere.orders()] == [order.id]


def test_a_database_that_is_gone_is_a_storage_error(tmp_path: Path) -> None:
    path = tmp_path / "auditor.db"
    url = f"sqlite:///{path}"
    SqlLedger(url).close()
    with closing(Reader(url)) as reader, closing(open_queue(Settings(database_url=url))) as queue:
        facts = SiteFacts(reader, queue, Settings(database_url=url).within(tmp_path))
        path.write_bytes(b"no database at all" * 100)
        for ask in (facts.probe, facts.standings, facts.counts):
            with pytest.raises(StorageError):
                ask()
