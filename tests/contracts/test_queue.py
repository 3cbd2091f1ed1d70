"""The queue and the schedules on both databases: nothing lost, nothing doubled, the late shut out."""

import dataclasses
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from auditor.core.records import Asked, Fence, Occasion, OrderState, Plan, When, Why
from auditor.core.triggers import Seen
from auditor.declarations import parse_plan
from auditor.errors import BusyError, FencedError
from auditor.storage.instances import SqlInstances
from auditor.storage.keeping import SqlSchedules
from auditor.storage.ledger import SqlLedger
from auditor.storage.queue import LEASE_SECONDS, MOST_ATTEMPTS, SqlQueue
from auditor.storage.taking import Wish, mark_of
from tests.examples import a_capture, a_result, a_snapshot, an_audit
from tests.fakes import NOON, FixedClock

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgres":
        found: str = request.getfixturevalue("postgres_url")
        return found
    return f"sqlite:///{tmp_path}/a.db"


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOON)


@pytest.fixture
def queue(url: str, clock: FixedClock) -> Iterator[SqlQueue]:
    with closing(SqlQueue(url, clock)) as queue:
        yield queue


def want(queue: SqlQueue, key: str = "a", *, model: str = "churn", why: Why = Why.SLOT) -> bool:
    occasion = Occasion(why=why, said="because", due=NOON)
    return queue.order(key=key, schedule=model, model=model, occasion=occasion, asked=Asked(trials=9))


def taken(queue: SqlQueue) -> Fence:
    order = queue.claim("me")
    assert order is not None
    return Fence(order.id, order.token)


def actions(queue: SqlQueue) -> list[str]:
    return [event.action for event in queue.events()]


def goes_by(queue: SqlQueue, seconds: float = LEASE_SECONDS + 1.0) -> None:
    """Let time go by, as far as leases can tell."""
    with queue.writing() as connection:
        connection.execute(text("UPDATE queue SET lease_ends = lease_ends - :by"), {"by": seconds})


def at_once(queue: SqlQueue) -> None:
    """Wait for no back-off."""
    with queue.writing() as connection:
        connection.exec_driver_sql("UPDATE queue SET not_before = 0")


# ---------------------------------------------------------------- orders


def test_an_order_comes_back_whole_and_is_known_by_its_key(queue: SqlQueue) -> None:
    assert want(queue)
    assert not want(queue)

    (order,) = queue.orders()

    assert (order.key, order.model, order.state) == ("a", "churn", OrderState.QUEUED)
    assert order.occasion == Occasion(why=Why.SLOT, said="because", due=NOON)
    assert order.asked == Asked(trials=9)
    assert actions(queue) == ["order_queued"]


def test_what_was_asked_for_goes_first_then_what_waits_longest(queue: SqlQueue) -> None:
    want(queue, "a", model="a")
    want(queue, "b", model="b")
    want(queue, "c", model="c", why=Why.REQUEST)

    orders = [queue.claim("me") for _ in range(4)]

    assert [order and order.key for order in orders] == ["c", "a", "b", None]


def test_one_model_is_audited_once_at_a_time(queue: SqlQueue) -> None:
    want(queue, "a")
    want(queue, "b")
    fence = taken(queue)

    while_running = queue.claim("other")
    queue.settle(fence, OrderState.DONE)
    afterwards = queue.claim("other")

    assert while_running is None
    assert afterwards is not None
    assert afterwards.key == "b"


def test_many_that_claim_at_once_get_every_order_once(queue: SqlQueue) -> None:
    for number in range(24):
        want(queue, f"{number}", model=f"m{number}")

    def claim_all(worker: int) -> list[int]:
        found = []
        while (order := queue.claim(f"{worker}")) is not None:
            found.append(order.id)
        return found

    with ThreadPoolExecutor(6) as pool:
        claimed = [number for found in pool.map(claim_all, range(6)) for number in found]
    claimed += claim_all(7)  # a claim that lost a race finds nothing, and is tried again at the next tick

    assert sorted(claimed) == [order.id for order in reversed(queue.orders())]


def test_a_lease_that_is_renewed_does_not_end(queue: SqlQueue) -> None:
    want(queue)
    fence = taken(queue)

    for _ in range(4):
        goes_by(queue, LEASE_SECONDS / 2)
        assert queue.renew(fence)
        assert queue.reap() == 0


def test_a_lease_that_ends_gives_the_order_back_and_shuts_the_first_one_out(queue: SqlQueue) -> None:
    want(queue)
    first = taken(queue)
    goes_by(queue)

    assert queue.reap() == 1
    second = taken(queue)  # the first time at once: whoever held it was killed, as far as one can tell

    assert second.token == first.token + 1
    assert not queue.renew(first)
    assert not queue.settle(first, OrderState.DONE)
    assert not queue.release(first, reason="late", counted=True)
    assert queue.settle(second, OrderState.DONE)
    assert queue.orders()[0].attempts == 2


def test_a_lease_that_ends_again_makes_the_next_attempt_wait(queue: SqlQueue) -> None:
    want(queue)
    for _ in range(2):
        taken(queue)
        goes_by(queue)
        queue.reap()

    assert queue.claim("me") is None
    assert [event.facts["wait_seconds"] for event in queue.events(action="order_released")] == [0.0, 300.0]


def test_a_lease_beyond_the_longest_one_is_cut_as_the_clock_was_set_back(queue: SqlQueue) -> None:
    want(queue)
    taken(queue)
    goes_by(queue, -86_400.0)

    cut = queue.reap()
    goes_by(queue)

    assert (cut, queue.reap()) == (0, 1)


def test_a_lease_that_is_longer_than_ones_own_is_left_to_whoever_took_it(
    url: str, clock: FixedClock, queue: SqlQueue
) -> None:
    want(queue)
    fence = taken(queue)
    with closing(SqlQueue(url, clock, lease_seconds=1.0)) as hasty:
        hasty.reap()
        goes_by(queue, LEASE_SECONDS / 2)

        assert hasty.reap() == 0

    assert queue.renew(fence)


def test_too_many_attempts_end_in_quarantine(queue: SqlQueue) -> None:
    want(queue)
    for _ in range(MOST_ATTEMPTS):
        at_once(queue)
        assert queue.release(taken(queue), reason="it was killed", counted=True)

    (order,) = queue.orders()

    assert order.state is OrderState.QUARANTINED
    assert order.reason == "given up after 3 attempts; the last one: it was killed"
    assert queue.claim("me") is None
    assert actions(queue)[-1] == "order_quarantined"


def test_an_attempt_waits_longer_each_time_and_one_that_does_not_count_as_it_says(queue: SqlQueue) -> None:
    want(queue)
    queue.release(taken(queue), reason="the database was away", counted=False)
    free = queue.orders()[0].attempts
    queue.release(taken(queue), reason="it was killed", counted=True)

    waits = [event.facts["wait_seconds"] for event in queue.events(action="order_released")]

    assert (free, waits) == (0, [0.0, 60.0])
    assert queue.claim("me") is None, "it waits"


def test_what_is_cancelled_is_refused_its_next_write(queue: SqlQueue) -> None:
    want(queue, "a")
    want(queue, "b", model="other")
    fence = taken(queue)

    ended = queue.cancel(schedule="churn", reason="by hand")

    assert ended == 1
    assert queue.held_order(fence) is None
    assert [order.state for order in queue.orders()] == [OrderState.QUEUED, OrderState.CANCELLED]
    assert queue.cancel(schedule="churn", reason="by hand") == 0


def test_daemons_are_known_by_their_ticks(queue: SqlQueue) -> None:
    instances = SqlInstances(queue)
    instances.announce("one", version="1", tick_seconds=15.0, now=NOON)
    alive = instances.any_alive()
    instances.tick("one")
    instances.farewell("one", now=NOON)

    (found,) = instances.known()
    assert alive
    assert not instances.any_alive()

    assert (found.id, found.stopped) == ("one", True)
    assert 0.0 <= found.silent_seconds < 300.0


# ---------------------------------------------------------------- the fence


def test_every_write_of_an_audit_is_refused_once_its_order_is_lost(url: str, queue: SqlQueue) -> None:
    want(queue)
    fence = taken(queue)
    with closing(SqlLedger(url, fence=fence)) as ledger:
        capture = ledger.add_capture(a_capture("churn"))
        begun = ledger.begin(
            model="churn", plan_digest="p", capture=capture, snapshot=a_snapshot(), seed=1, now=NOON
        )
        ledger.append(begun.id, [a_result(0)])
        held = queue.held_order(fence)
        queue.cancel(order_id=fence.order_id, reason="by hand")

        assert held is not None
        assert held.audit_id == begun.id
        for write in (
            lambda: ledger.add_capture(a_capture("churn")),
            lambda: ledger.append(begun.id, [a_result(1)]),
            lambda: ledger.finish(dataclasses.replace(an_audit(), id=begun.id)),
            lambda: ledger.abandon(begun.id, "no", NOON),
            lambda: ledger.begin(
                model="churn", plan_digest="p", capture=capture, snapshot=a_snapshot(), seed=1, now=NOON
            ),
        ):
            with pytest.raises(FencedError, match="taken over by another process, or cancelled"):
                write()

        assert len(ledger.history(begun.id)) == 1
        assert ledger.audit(begun.id) is None
        assert ledger.unfinished("churn") is None, "an audit that was cancelled is not gone on with"
        assert len(ledger.captures("churn")) == 1


# ---------------------------------------------------------------- schedules


def plan(name: str = "churn", **when: object) -> Plan:
    text = (
        "[production]\na = 1\n[data]\nsource = 'r.csv'\ntarget = 'y'\n[trainer]\n"
        "estimator = 'sklearn.linear_model:Ridge'\n"
    )
    return dataclasses.replace(parse_plan(text, f"{name}.toml"), when=When(**when))  # type: ignore[arg-type]


@pytest.fixture
def schedules(queue: SqlQueue) -> SqlSchedules:
    return SqlSchedules(queue)


DAILY = {"cron": "0 3 * * *"}


def slots(queue: SqlQueue, *states: OrderState) -> list[str]:
    return [f"{order.occasion.due:%d %H}" for order in reversed(queue.orders(states=states))]


def test_a_new_schedule_starts_from_now(queue: SqlQueue, schedules: SqlSchedules) -> None:
    ordered = schedules.keep([plan(**DAILY)], now=NOON)

    (kept,) = schedules.known()

    assert ordered == 0
    assert kept.next_due == NOON.replace(hour=3) + DAY
    assert schedules.come(now=NOON) == ()
    assert schedules.come(now=NOON + DAY) == ("churn",)


def test_a_slot_is_ordered_once_however_often_it_is_kept(queue: SqlQueue, schedules: SqlSchedules) -> None:
    schedules.keep([plan(**DAILY)], now=NOON)

    ordered = [schedules.keep([plan(**DAILY)], now=NOON + DAY) for _ in range(3)]

    assert ordered == [1, 0, 0]
    assert slots(queue) == ["16 03"]


def test_missed_slots_are_recorded_and_one_audit_stands_for_them(
    queue: SqlQueue, schedules: SqlSchedules
) -> None:
    schedules.keep([plan(**DAILY)], now=NOON)
    schedules.keep([plan(**DAILY)], now=NOON + 4 * DAY)

    (order,) = queue.orders(states=[OrderState.QUEUED])

    assert slots(queue, OrderState.SKIPPED) == ["16 03", "17 03", "18 03"]
    assert (order.occasion.missed, order.occasion.first_missed) == (3, NOON.replace(hour=3) + DAY)
    assert order.occasion.due == NOON.replace(hour=3) + 4 * DAY


def test_a_slot_that_nobody_has_begun_gives_way_to_a_newer_one(
    queue: SqlQueue, schedules: SqlSchedules
) -> None:
    for day in range(4):
        schedules.keep([plan(**DAILY)], now=NOON + day * DAY)

    (order,) = queue.orders(states=[OrderState.QUEUED])

    assert slots(queue, OrderState.SKIPPED) == ["16 03", "17 03"]
    assert (order.occasion.missed, order.occasion.first_missed) == (2, NOON.replace(hour=3) + DAY)


def test_an_edited_schedule_starts_from_now(queue: SqlQueue, schedules: SqlSchedules) -> None:
    schedules.keep([plan(**DAILY)], now=NOON)

    ordered = schedules.keep([plan(cron="0 4 * * *")], now=NOON + 4 * DAY)

    assert ordered == 0
    assert slots(queue) == []
    assert "schedule_edited" in actions(queue)


def test_a_clock_that_is_set_back_doubles_nothing_and_stops_nothing(
    queue: SqlQueue, schedules: SqlSchedules
) -> None:
    schedules.keep([plan(**DAILY)], now=NOON)
    schedules.keep([plan(**DAILY)], now=NOON + 5 * DAY)
    before = slots(queue)

    for day in range(1, 8):
        if schedules.come(now=NOON + day * DAY):
            schedules.keep([plan(**DAILY)], now=NOON + day * DAY)

    assert before == ["16 03", "17 03", "18 03", "19 03", "20 03"]
    assert sorted(slots(queue)) == [*before, "21 03", "22 03"]


def test_a_clock_that_was_years_ahead_does_not_stop_a_schedule(
    queue: SqlQueue, schedules: SqlSchedules
) -> None:
    schedules.keep([plan(**DAILY)], now=NOON + 3650 * DAY)
    schedules.keep([plan(**DAILY)], now=NOON + 3651 * DAY)
    for order in queue.orders():
        queue.cancel(order_id=order.id, reason="of a wrong clock")

    for day in range(3):
        if schedules.come(now=NOON + day * DAY):
            schedules.keep([plan(**DAILY)], now=NOON + day * DAY)

    assert slots(queue, OrderState.QUEUED) == ["17 03"]
    assert slots(queue, OrderState.SKIPPED) == ["16 03"]


def test_a_paused_schedule_orders_nothing_and_goes_on_from_now(
    queue: SqlQueue, schedules: SqlSchedules
) -> None:
    daily = plan(**DAILY)
    schedules.keep([daily], now=NOON)

    assert schedules.pause(daily, paused=True, now=NOON)
    assert not schedules.pause(daily, paused=True, now=NOON)
    schedules.keep([daily], now=NOON + 3 * DAY)
    nothing = slots(queue)
    assert schedules.pause(daily, paused=False, now=NOON + 3 * DAY)
    schedules.keep([daily], now=NOON + 4 * DAY)

    assert nothing == []
    assert slots(queue) == ["19 03"]


def test_an_interval_that_came_due_in_a_pause_is_due_as_it_goes_on(
    queue: SqlQueue, schedules: SqlSchedules
) -> None:
    weekly = plan(every=7 * DAY)
    schedules.keep([weekly], now=NOON)
    schedules.pause(weekly, paused=True, now=NOON + DAY)
    schedules.pause(weekly, paused=False, now=NOON + 30 * DAY)

    assert [order.occasion.due for order in reversed(queue.orders())] == [NOON, NOON + 30 * DAY]


def test_an_audit_by_hand_moves_the_next_date_of_a_schedule_that_is_kept(
    url: str, queue: SqlQueue, schedules: SqlSchedules
) -> None:
    weekly = plan(every=7 * DAY)
    schedules.reckon(weekly, now=NOON)
    unknown = schedules.known()
    schedules.keep([weekly], now=NOON)
    before = queue.orders()
    with closing(SqlLedger(url)) as ledger:
        capture = ledger.add_capture(a_capture("churn"))
        begun = ledger.begin(
            model="churn", plan_digest="p", capture=capture, snapshot=a_snapshot(), seed=1, now=NOON
        )
        ledger.finish(dataclasses.replace(an_audit(), id=begun.id, model="churn", finished_at=NOON + DAY))

    schedules.reckon(weekly, now=NOON + DAY)

    assert unknown == ()  # what no daemon keeps has no date
    assert schedules.known()[0].next_due == NOON + 8 * DAY
    assert queue.orders() == before
    schedules.reckon(plan(every=3 * DAY), now=NOON + DAY)  # an edit is the daemon's to see
    schedules.pause(weekly, paused=True, now=NOON + DAY)
    paused = schedules.known()
    schedules.reckon(weekly, now=NOON + 2 * DAY)
    assert schedules.known() == paused


def test_a_file_that_is_gone_takes_what_nobody_has_begun_with_it(
    queue: SqlQueue, schedules: SqlSchedules
) -> None:
    schedules.keep([plan(every=DAY)], now=NOON)

    schedules.forget("churn", now=NOON)

    assert schedules.known() == ()
    assert queue.orders()[0].state is OrderState.CANCELLED


def test_a_broken_file_is_on_record_until_it_is_mended(queue: SqlQueue, schedules: SqlSchedules) -> None:
    schedules.complain("churn", "line 3 is no TOML", now=NOON)
    broken = schedules.known()[0].problem

    schedules.keep([plan(**DAILY)], now=NOON)

    assert broken == "line 3 is no TOML"
    assert schedules.known()[0].problem == ""


def test_two_daemons_that_keep_the_same_schedules_order_each_slot_once(
    url: str, clock: FixedClock, queue: SqlQueue
) -> None:
    plans = [plan(f"m{number}", **DAILY) for number in range(20)]
    SqlSchedules(queue).keep(plans, now=NOON)

    def keep(_: int) -> int:
        with closing(SqlQueue(url, clock)) as own:
            return SqlSchedules(own).keep(plans, now=NOON + DAY)

    with ThreadPoolExecutor(3) as pool:
        ordered = sum(pool.map(keep, range(3)))

    assert ordered == 20
    assert len(queue.orders()) == 20


def test_a_trigger_orders_one_audit_and_remembers_across_restarts(
    url: str, clock: FixedClock, queue: SqlQueue, schedules: SqlSchedules
) -> None:
    watched = plan(cron="0 3 * * *", code=True)
    for sign in "ab":
        schedules.trigger(watched, Seen(code=sign), now=NOON)
    with closing(SqlQueue(url, clock)) as other:
        fired = SqlSchedules(other).trigger(watched, Seen(code="b"), now=NOON + DAY)
        again = SqlSchedules(other).trigger(watched, Seen(code="b"), now=NOON + 2 * DAY)

    (order,) = queue.orders()

    assert (len(fired), len(again)) == (1, 0)
    assert (order.occasion.why, order.occasion.said) == (Why.CODE, "the trainer's code changed")


def test_a_trigger_adds_nothing_to_an_audit_that_waits(queue: SqlQueue, schedules: SqlSchedules) -> None:
    watched = plan(every=7 * DAY, code=True)
    schedules.keep([watched], now=NOON)
    for sign in "abb":
        schedules.trigger(watched, Seen(code=sign), now=NOON)

    assert len(queue.orders()) == 1


def test_a_trigger_in_a_pause_is_kept_and_begun_once_the_schedule_goes_on(
    queue: SqlQueue, schedules: SqlSchedules
) -> None:
    watched = plan(cron="0 3 1 1 *", code=True, environment=True)
    schedules.keep([watched], now=NOON)
    schedules.trigger(watched, Seen(code="a", environment="x"), now=NOON)
    schedules.pause(watched, paused=True, now=NOON)
    fired = [
        schedules.trigger(watched, Seen(code="b", environment=sign), now=NOON + hours * HOUR)
        for hours, sign in enumerate("xxyyy")
    ]
    in_pause = queue.claim("me")
    schedules.pause(watched, paused=False, now=NOON + 9 * HOUR)
    afterwards, none = queue.claim("me"), queue.claim("me")

    assert [len(each) for each in fired] == [0, 1, 0, 1, 0]
    assert (in_pause, none) == (None, None)
    assert afterwards is not None
    assert (afterwards.occasion.why, len(queue.orders())) == (Why.CODE, 1), "one audit for both"


def test_a_slot_that_comes_as_a_pause_ends_stands_for_what_a_trigger_ordered(
    queue: SqlQueue, schedules: SqlSchedules
) -> None:
    watched = plan(every=7 * DAY, code=True)
    schedules.keep([watched], now=NOON)
    queue.settle(taken(queue), OrderState.DONE)
    schedules.pause(watched, paused=True, now=NOON)
    for sign in "abb":
        schedules.trigger(watched, Seen(code=sign), now=NOON + DAY)
    schedules.pause(watched, paused=False, now=NOON + 9 * DAY)

    (order,) = queue.orders(states=[OrderState.QUEUED])
    (skipped,) = queue.orders(states=[OrderState.SKIPPED])

    assert (order.occasion.why, order.occasion.missed) == (Why.SLOT, 0)
    assert order.occasion.said == "the schedule says every 7 days; the trainer's code changed"
    assert skipped.occasion.why is Why.CODE


# ---------------------------------------------------------------- by hand


def wish(asked: Asked | None = None, *, schedule: str = "churn") -> Wish:
    return Wish(schedule=schedule, model="churn", asked=asked or Asked())


def test_what_is_audited_by_hand_is_taken_by_nobody_else(queue: SqlQueue) -> None:
    order = queue.take(wish(), owner="hand")
    want(queue, "a")

    assert (order.state, order.attempts, order.by_hand) == (OrderState.RUNNING, 1, True)
    assert queue.claim("daemon") is None
    with pytest.raises(BusyError, match=f"order {order.id}, taken by `auditor run`; .* `auditor cancel 1`"):
        queue.take(wish(), owner="other")
    queue.settle(Fence(order.id, order.token), OrderState.DONE)
    assert queue.claim("daemon") is not None


def test_what_a_daemon_audits_is_not_taken_by_hand(queue: SqlQueue) -> None:
    want(queue)
    queue.claim("daemon")

    with pytest.raises(BusyError, match="order 1, taken by a daemon"):
        queue.take(wish(), owner="hand")


def test_many_that_take_one_model_at_once_get_it_once(queue: SqlQueue) -> None:
    def take(number: int) -> int:
        try:
            return queue.take(wish(), owner=f"{number}").token
        except BusyError:
            return 0

    with ThreadPoolExecutor(6) as pool:
        took = sorted(pool.map(take, range(6)))

    assert took == [0, 0, 0, 0, 0, 1]


def test_what_was_interrupted_by_hand_is_gone_on_with_whatever_is_asked_for_now(queue: SqlQueue) -> None:
    first = queue.take(wish(Asked(seed=1)), owner="hand")
    queue.release(Fence(first.id, first.token), reason="interrupted", counted=False)

    again = queue.take(wish(Asked(trials=9)), owner="hand")

    assert (again.id, again.token, again.asked) == (first.id, first.token + 1, Asked(trials=9))
    assert len(queue.orders()) == 1


def test_a_daemon_goes_on_with_what_was_interrupted_by_hand(queue: SqlQueue) -> None:
    first = queue.take(wish(Asked(seed=1)), owner="hand")
    queue.release(Fence(first.id, first.token), reason="interrupted", counted=False)

    order = queue.claim("daemon")

    assert order is not None
    assert (order.id, order.asked, order.attempts) == (first.id, Asked(seed=1), 1)


@pytest.mark.parametrize("known", [True, False])
def test_a_dead_process_is_not_waited_for_where_it_is_known_to_be_dead(queue: SqlQueue, known: bool) -> None:
    first = queue.take(wish(), owner="hand")

    if not known:
        with pytest.raises(BusyError):
            queue.take(wish(), owner="again", dead=mark_of(dataclasses.replace(first, token=7)))
        return
    second = queue.take(wish(), owner="again", dead=mark_of(first))

    assert (second.id, second.attempts) == (first.id, 2)
    assert not queue.renew(Fence(first.id, first.token)), "the first one is shut out"


def test_a_lease_that_has_ended_is_not_waited_for(queue: SqlQueue) -> None:
    first = queue.take(wish(), owner="hand")
    goes_by(queue)

    assert queue.take(wish(), owner="again").id == first.id


def test_what_waits_for_the_daemon_and_asks_for_the_same_is_taken_by_hand(queue: SqlQueue) -> None:
    asked = Asked(trials=9)
    want(queue, "a")

    order = queue.take(wish(asked), owner="hand")

    assert (order.key, order.occasion.why) == ("a", Why.SLOT)


def test_what_waits_and_asks_for_something_else_stays(queue: SqlQueue) -> None:
    want(queue, "a")

    queue.take(wish(), owner="hand")

    assert [order.key for order in queue.orders(states=[OrderState.QUEUED])] == ["a"]


def test_what_a_dead_daemon_audited_goes_back_where_something_else_is_wanted(queue: SqlQueue) -> None:
    want(queue, "a")
    queue.claim("daemon")
    goes_by(queue)

    order = queue.take(wish(), owner="hand")

    (waits,) = queue.orders(states=[OrderState.QUEUED])
    assert (order.by_hand, waits.key, waits.attempts) == (True, "a", 1)
