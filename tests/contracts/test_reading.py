"""What is only read, on both databases."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from auditor.core.document import audit_to_json
from auditor.core.records import Application, Asked, Call, Fence, Occasion, OrderState, Reason, Why
from auditor.declarations import parse_plan
from auditor.errors import StorageError
from auditor.storage.instances import SqlInstances
from auditor.storage.keeping import SqlSchedules
from auditor.storage.ledger import SqlLedger
from auditor.storage.outbox import SqlOutbox
from auditor.storage.queue import SqlQueue
from auditor.storage.reading import Reader
from auditor.storage.streaks import applied, ended_first, since
from tests.examples import NOON, a_capture, a_failed_result, a_result, a_snapshot, an_audit
from tests.fakes import FixedClock

SCHEDULE = """
model = "churn"
production = { alpha = 1.0 }
data = { source = "rows.csv", target = "y" }
trainer = { estimator = "sklearn.linear_model:Ridge" }
policy = { metric = "squared_error" }
when = { every = "30 days" }
"""
DUE = an_audit().next_audit.due


class Place:
    """A database, and everything that reads and writes it."""

    def __init__(self, url: str) -> None:
        self.ledger, self.reader, self.outbox = SqlLedger(url), Reader(url), SqlOutbox(url)
        self.queue = SqlQueue(url, FixedClock())
        self.instances, self.schedules = SqlInstances(self.queue), SqlSchedules(self.queue)

    def begin(self, model: str = "churn") -> int:
        return self.ledger.begin(
            model=model,
            plan_digest="p",
            capture=self.ledger.add_capture(a_capture(model)),
            snapshot=a_snapshot(),
            seed=1,
            now=NOON,
        ).id

    def audit(self, call: Call | None, model: str = "churn") -> int:
        number = self.begin(model)
        error = None if call else "no rows"
        self.ledger.finish(replace(an_audit(number, model=model), call=call, error=error))
        return number

    def close(self) -> None:
        for part in (self.ledger, self.reader, self.outbox, self.queue):
            part.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    url = f"sqlite:///{tmp_path}/a.db"
    if request.param == "postgres":
        url = request.getfixturevalue("postgres_url")
    with closing(Place(url)) as made:
        yield made


def test_a_standing_has_the_newest_the_newest_that_ended_and_the_last_success(place: Place) -> None:
    place.audit(Call.FRESH)
    failed = place.audit(None)
    running = place.begin()
    place.audit(None, "fraud")

    churn, fraud = place.reader.standings()

    assert [one.id for one in churn[:2] if one] == [running, failed]
    assert churn[2] == an_audit().finished_at
    assert (fraud[0], fraud[2]) == (fraud[1], None)


def test_audits_come_in_pages(place: Place) -> None:
    numbers = [place.audit(Call.FRESH, model) for model in ("churn", "fraud", "churn", "churn")]

    def listed(**asked) -> list[int]:
        return [one.id for one in place.reader.audits(**{"model": None, "before": None, "limit": 9, **asked})]

    assert listed() == numbers[::-1]
    assert listed(limit=2) == numbers[:1:-1]
    assert listed(model="churn", before=numbers[3]) == [numbers[2], numbers[0]]


def test_a_twin_is_the_document_as_it_was_written(place: Place) -> None:
    number = place.audit(Call.STALE)

    assert place.reader.twin(number) == audit_to_json(replace(an_audit(number), error=None))
    assert place.reader.twin(number + 1) is None


def test_trials_come_in_order_and_none_of_them_is_not_no_audit(place: Place) -> None:
    number, empty = place.begin(), place.begin("fraud")
    place.ledger.append(number, [a_result(0), a_failed_result(1)])

    trials = list(place.reader.trials(number) or ())

    assert [trial["number"] for trial in trials] == [0, 1]
    assert trials[0]["loss"] == a_result(0).loss
    assert trials[1]["failure_kind"]
    assert list(place.reader.trials(empty) or ()) == []
    assert place.reader.trials(99) is None


def test_what_is_counted(place: Place) -> None:
    place.audit(Call.FRESH)
    assert (place.reader.oldest_queued(), place.reader.leases_expired(), place.reader.slots_missed()) == (
        None,
        0,
        0,
    )
    for number, missed in enumerate((0, 3)):
        occasion = Occasion(why=Why.SLOT, said="due", due=NOON, missed=missed)
        place.queue.order(key=f"{number}", schedule="churn", model="churn", occasion=occasion, asked=Asked())

    assert place.reader.audit_counts() == {"done": 1}
    assert place.reader.notice_counts() == {}
    assert place.reader.oldest_queued() == FixedClock().moment
    assert place.reader.slots_missed() == 3


def test_a_lease_that_ended_is_counted(place: Place) -> None:
    occasion = Occasion(why=Why.REQUEST, said="asked", due=NOON)
    place.queue.order(key="k", schedule="churn", model="churn", occasion=occasion, asked=Asked())
    place.queue.claim("d" * 32)
    with place.queue.writing() as connection:
        connection.exec_driver_sql("UPDATE queue SET lease_ends = 1")
    place.queue.reap()

    assert place.reader.leases_expired() == 1


def test_an_order_is_found_by_its_key(place: Place) -> None:
    occasion = Occasion(why=Why.REQUEST, said="asked", due=NOON)
    place.queue.order(key="k", schedule="churn", model="churn", occasion=occasion, asked=Asked(seed=3))

    found = place.queue.of_key("k")

    assert found is not None
    assert found.asked == Asked(seed=3)
    assert place.queue.of_key("other") is None


def test_a_paused_schedule_is_not_due_and_an_edited_one_when_both_say_so(place: Place) -> None:
    place.audit(Call.FRESH)
    plan = parse_plan(SCHEDULE, "schedules/churn.toml")

    def dues() -> set[object]:
        standing, ended, _ = place.reader.standings()[0]
        (told,) = place.outbox.standings(NOON + timedelta(hours=1))
        assert ended is not None
        return {standing.next_due, ended.next_due, told.next_due}

    assert dues() == {DUE}  # no daemon ever ran
    place.schedules.keep([plan], now=NOON)
    (kept,) = place.schedules.known()
    assert kept.next_due is not None
    assert kept.next_due > DUE
    assert dues() == {kept.next_due}
    place.schedules.pause(plan, paused=True, now=NOON)
    assert dues() == {None}


def test_a_database_that_is_none_is_told(place: Place, tmp_path: Path) -> None:
    place.reader.probe()
    (tmp_path / "other.db").write_bytes(b"no database" * 100)

    with pytest.raises(StorageError, match="not a database"):
        Reader(f"sqlite:///{tmp_path}/other.db").probe()


def test_an_order_in_quarantine_is_news_once_in_a_row_and_names_why(place: Place) -> None:
    def order(state: OrderState, model: str = "churn") -> int:
        key = f"{model} {len(place.queue.orders())}"
        occasion = Occasion(why=Why.REQUEST, said="asked", due=NOON)
        place.queue.order(key=key, schedule=model, model=model, occasion=occasion, asked=Asked())
        taken = place.queue.claim("d" * 32)
        assert taken is not None
        place.queue.settle(Fence(taken.id, taken.token), state, reason="given up after 3 attempts; no file")
        return taken.id

    number = place.audit(Call.FRESH)
    order(OrderState.DONE)
    first = order(OrderState.QUARANTINED)
    order(OrderState.QUARANTINED)
    order(OrderState.DONE)
    again = order(OrderState.QUARANTINED)
    order(OrderState.QUARANTINED, "never-audited")

    news = place.outbox.stuck(FixedClock().moment + timedelta(hours=1))

    assert [one.key for one in news] == [f"order {first} in quarantine", f"order {again} in quarantine"]
    assert {(one.audit_id, one.reason, one.model) for one in news} == {(number, Reason.FAILING, "churn")}
    assert "given up after 3 attempts; no file" in news[0].sentence
    assert place.outbox.stuck(FixedClock().moment + timedelta(days=4)) == ()
    assert [place.outbox.add(news, channel="c", now=NOON) for _ in range(2)] == [2, 0]


@pytest.mark.parametrize(
    ("calls", "day"),
    [
        ([Call.STALE], 0),
        ([Call.FRESH, Call.STALE, None, Call.STALE, None], 1),
        ([Call.STALE, Call.FRESH, Call.STALE], 2),
        ([None], None),
    ],
)
def test_a_call_holds_since_the_first_audit_in_a_row_that_ended_so(
    place: Place, calls: list[Call | None], day: int | None
) -> None:
    for number, call in enumerate(calls):
        began = NOON + timedelta(days=number)
        begun = place.ledger.begin(
            model="churn",
            plan_digest="p",
            capture=place.ledger.add_capture(a_capture("churn")),
            snapshot=a_snapshot(),
            seed=1,
            now=began,
        )
        done = an_audit(begun.id, model="churn")
        place.ledger.finish(replace(done, call=call, error=None if call else "no rows", started_at=began))
    newest = [one for one in place.ledger.summaries("churn") if one.call is not None][:1]

    assert since(newest, place.queue) == ({} if day is None else {"churn": NOON + timedelta(days=day)})


def test_what_was_applied_of_a_stale_audit_is_known_until_it_is_taken_back(place: Place) -> None:
    stale = place.audit(Call.STALE)
    capture = place.ledger.latest_capture("churn")
    assert capture is not None
    made = Application(audit=stale, model="churn", changes=(), capture=capture.id, applied_at=NOON)

    place.ledger.add_application(made)
    place.begin()  # while the next one runs, what was found and done stays so
    done = applied(ended_first(place.ledger.latest(2)), place.queue)
    place.ledger.add_application(replace(made, back=True))
    undone = applied(ended_first(place.ledger.latest(2)), place.queue)

    assert (done, undone) == ({"churn": NOON}, {})
