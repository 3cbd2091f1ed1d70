"""A glance at a ledger says what the long way says, or nothing."""

import dataclasses
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from auditor.core.records import Application, Asked, Call, Fence, Occasion, OrderState, Why
from auditor.declarations import parse_plan
from auditor.storage.glance import Glance, glance
from auditor.storage.instances import SqlInstances
from auditor.storage.keeping import SqlSchedules
from auditor.storage.ledger import SqlLedger
from auditor.storage.queue import SqlQueue
from auditor.storage.streaks import applied, ended_first, since
from auditor.storage.trained import trained
from tests.contracts.test_reading import SCHEDULE, Place
from tests.examples import NOON, a_capture, a_result, a_snapshot

STATES = (OrderState.RUNNING, OrderState.QUEUED, OrderState.QUARANTINED)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/a ledger.db"


@pytest.fixture
def place(url: str) -> Iterator[Place]:
    with closing(Place(url)) as place:
        yield place


def filled(place: Place, url: str) -> None:
    """Put something of every kind into a database."""
    for model, call in (
        ("churn", Call.STALE),
        ("<b>\N{SNOWMAN}'", None),
        ("churn", Call.FRESH),
        ("z", Call.UNDECIDED),
    ):
        place.audit(call, model)
    for model, backs in (("acted", [False]), ("taken back", [False, True]), ("again", [False, True, False])):
        stale = place.audit(Call.STALE, model)
        capture = place.ledger.latest_capture(model)
        assert capture is not None
        for back in backs:
            place.ledger.add_application(
                Application(
                    audit=stale, model=model, changes=(), capture=capture.id, applied_at=NOON, back=back
                )
            )
    place.begin("running")
    place.begin("z")  # what was last found of it stays so meanwhile
    place.ledger.abandon(place.begin("churn"), "because", NOON)
    place.ledger.abandon(place.begin("only abandoned"), "because", NOON)
    for number, state in enumerate((*STATES, OrderState.DONE, OrderState.CANCELLED)):
        occasion = Occasion(why=Why.SLOT, said="because", due=NOON, missed=number, first_missed=NOON)
        place.queue.order(
            key=f"k{number}",
            schedule=f"s{number % 2}",
            model=f"m{number}",
            occasion=occasion,
            asked=Asked(seed=3),
        )
        order = None if state is OrderState.QUEUED else place.queue.claim("d")
        if order is not None and state is not OrderState.RUNNING:
            place.queue.settle(Fence(order.id, order.token), state, reason="said")
    running, *_ = place.queue.orders(states=[OrderState.RUNNING])
    with closing(SqlLedger(url, fence=Fence(running.id, running.token))) as held:
        capture, snapshot = held.add_capture(a_capture("m0")), a_snapshot()
        begun = held.begin(model="m0", plan_digest="p", capture=capture, snapshot=snapshot, seed=1, now=NOON)
        held.append(begun.id, [a_result(0), a_result(1)])
    for name in ("b", "a"):
        plan = dataclasses.replace(parse_plan(SCHEDULE, f"schedules/{name}.toml"), name=name)
        place.schedules.keep([plan], now=NOON)
        place.schedules.pause(plan, paused=name == "b", now=NOON + timedelta(hours=1))
    place.schedules.complain("broken", "line 3", now=NOON)
    for daemon in ("one", "two"):
        place.instances.announce(daemon, version="1", tick_seconds=15.0, now=NOON)
    place.instances.farewell("one", now=NOON)


def the_long_way(url: str) -> Glance:
    from tests.fakes import FixedClock

    with closing(SqlLedger(url)) as ledger, closing(SqlQueue(url, FixedClock())) as queue:
        latest = ended_first(ledger.latest(2))
        return Glance(
            models=latest,
            since=since(latest, queue),
            applied=applied(latest, queue),
            daemons=SqlInstances(queue).known(),
            orders=queue.orders(states=STATES),
            newest_ended=queue.newest_ended(),
            trained=trained(queue),
            schedules=SqlSchedules(queue).known(),
        )


def timeless(found: Glance | None) -> Glance:
    """Leave out what goes on while one looks."""
    assert found is not None
    daemons = tuple(dataclasses.replace(each, silent_seconds=0.0) for each in found.daemons)
    return dataclasses.replace(found, daemons=tuple(sorted(daemons, key=lambda each: each.id)))


def test_it_says_what_the_long_way_says(place: Place, url: str) -> None:
    filled(place, url)

    found = glance(url)

    assert timeless(found) == timeless(the_long_way(url))
    assert found is not None
    parts = (found.models, found.daemons, found.orders, found.schedules, found.trained)
    assert [len(part) for part in parts] == [8, 2, 3, 3, 1]
    assert found.applied == {"acted": NOON, "again": NOON}
    assert list(found.trained.values()) == [2]
    assert {one.model for one in found.models if one.state == "running"} == {"running", "m0"}
    assert set(found.since) == {
        "churn",
        "z",
        "acted",
        "taken back",
        "again",
    }  # what failed, or runs for the first time, has no call
    assert all(0.0 <= each.silent_seconds < 60.0 for each in found.daemons)
    assert {summary.alarm for summary in found.models} <= {None, True, False}


def test_an_empty_ledger_and_none_at_all_are_seen_and_none_is_made(
    place: Place, url: str, tmp_path: Path
) -> None:
    before = set(tmp_path.iterdir())

    assert glance(url) == glance(f"sqlite:///{tmp_path}/none.db") == Glance(newest_ended={})
    assert set(tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    "wrong", ["an older schema", "no ledger", "a folder that is not there", "a server", "options"]
)
def test_where_anything_is_unexpected_there_is_no_glance(url: str, tmp_path: Path, wrong: str) -> None:
    if wrong == "an older schema":
        SqlLedger(url).close()
        with closing(sqlite3.connect(tmp_path / "a ledger.db")) as connection:
            connection.execute("UPDATE alembic_version SET version_num = '0001'")
            connection.commit()
    elif wrong == "no ledger":
        (tmp_path / "a ledger.db").write_text("something else, and long enough to be read as a header" * 9)
    urls = {
        "a folder that is not there": "sqlite:////nowhere/at/all.db",
        "a server": "postgresql://host/base",
        "options": f"{url}?mode=ro",
    }

    assert glance(urls.get(wrong, url)) is None
