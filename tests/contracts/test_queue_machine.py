"""Whatever is done to the queue in whatever order, it does what a dictionary and a rule would.

Hypothesis draws the histories: orders are wanted, taken, given back, ended and cancelled, leases end, and
processes that lost their order come back late with the fence that they had. After each step the whole queue
is compared with the model, on both databases.
"""

from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import text

from auditor.core.records import Asked, Fence, Occasion, OrderState, Why
from auditor.storage.queue import SqlQueue
from tests.fakes import NOON, FixedClock

ATTEMPTS = 2
"""Few, so that most histories come to an order that is given up."""
KEYS = st.sampled_from([f"key {number}" for number in range(8)])
MODELS = st.sampled_from(["churn", "fraud"])
ENDED = st.sampled_from([OrderState.DONE, OrderState.FAILED])


@dataclass
class Wanted:
    """An order as the model has it."""

    id: int
    key: str
    model: str
    why: Why
    state: OrderState = OrderState.QUEUED
    attempts: int = 0
    token: int = 0
    taken: list[int] = field(default_factory=list)


class QueueMachine(RuleBasedStateMachine):
    """The queue beside its model."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.queue = SqlQueue(url, FixedClock(NOON), attempts=ATTEMPTS, back_off_seconds=(0.0,))
        self.orders: dict[str, Wanted] = {}

    def teardown(self) -> None:
        self.queue.close()

    @initialize()
    def empty(self) -> None:
        with self.queue.writing() as connection:
            for table in ("queue", "event"):
                connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608

    @rule(key=KEYS, model=MODELS, why=st.sampled_from([Why.SLOT, Why.REQUEST]))
    def want(self, key: str, model: str, why: Why) -> None:
        occasion = Occasion(why=why, said="because", due=NOON)

        new = self.queue.order(key=key, schedule=model, model=model, occasion=occasion, asked=Asked())

        assert new == (key not in self.orders)
        if new:
            found = self.queue.of_key(key)
            assert found is not None
            self.orders[key] = Wanted(found.id, key, model, why)

    @rule()
    def claim(self) -> None:
        busy = {each.model for each in self.orders.values() if each.state is OrderState.RUNNING}
        free = [
            each
            for each in self.orders.values()
            if each.state is OrderState.QUEUED and each.model not in busy
        ]
        expected = min(free, key=lambda each: (each.why is not Why.REQUEST, each.id), default=None)

        taken = self.queue.claim("somebody")

        assert (taken and taken.key) == (expected and expected.key)
        if taken is not None and expected is not None:
            expected.state, expected.token = OrderState.RUNNING, expected.token + 1
            expected.attempts += 1
            expected.taken.append(taken.token)

    @rule(data=st.data(), state=ENDED)
    def settle(self, data: st.DataObject, state: OrderState) -> None:
        order, fence, holds = self._somebody(data)
        if order is not None:
            assert self.queue.settle(fence, state, reason="ended") == holds
            if holds:
                order.state = state

    @rule(data=st.data(), counted=st.booleans())
    def release(self, data: st.DataObject, counted: bool) -> None:
        order, fence, holds = self._somebody(data)
        if order is not None:
            assert self.queue.release(fence, reason="no luck", counted=counted) == holds
            if holds:
                self._given_back(order, counted=counted)

    @rule(data=st.data())
    def renew(self, data: st.DataObject) -> None:
        order, fence, holds = self._somebody(data)
        if order is not None:
            assert self.queue.renew(fence) == holds
            assert (self.queue.held_order(fence) is not None) == holds

    @rule(key=KEYS)
    def cancel(self, key: str) -> None:
        order = self.orders.get(key)
        if order is not None:
            alive = order.state in (OrderState.QUEUED, OrderState.RUNNING)
            assert self.queue.cancel(order_id=order.id, reason="not wanted") == int(alive)
            if alive:
                order.state = OrderState.CANCELLED

    @rule()
    def leases_end(self) -> None:
        running = [each for each in self.orders.values() if each.state is OrderState.RUNNING]
        with self.queue.writing() as connection:
            connection.execute(text("UPDATE queue SET lease_ends = 1 WHERE state = 'running'"))

        assert self.queue.reap() == len(running)
        for order in running:
            self._given_back(order, counted=True)

    @invariant()
    def the_queue_is_what_the_model_is(self) -> None:
        found = {
            order.key: (order.id, order.model, order.state, order.attempts, order.token)
            for order in self.queue.orders()
        }
        assert found == {
            each.key: (each.id, each.model, each.state, each.attempts, each.token)
            for each in self.orders.values()
        }
        running = [each.model for each in self.orders.values() if each.state is OrderState.RUNNING]
        assert len(running) == len(set(running))
        started = [event for event in self.queue.events() if event.action == "order_started"]
        assert len(started) == sum(len(each.taken) for each in self.orders.values())

    def _somebody(self, data: st.DataObject) -> tuple[Wanted | None, Fence, bool]:
        """Draw a process that once took an order; it may have lost it long ago."""
        fences = [(each, token) for each in self.orders.values() for token in each.taken]
        if not fences:
            return None, Fence(0, 0), False
        order, token = data.draw(st.sampled_from(fences))
        return order, Fence(order.id, token), order.state is OrderState.RUNNING and token == order.token

    def _given_back(self, order: Wanted, *, counted: bool) -> None:
        order.attempts -= not counted
        order.state = OrderState.QUARANTINED if counted and order.attempts >= ATTEMPTS else OrderState.QUEUED


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgres":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{tmp_path}/a.db"


def test_every_history_of_the_queue_is_one_of_the_model(url: str) -> None:
    with closing(SqlQueue(url, FixedClock(NOON))):  # made before the first step, not in it
        pass

    run_state_machine_as_test(lambda: QueueMachine(url), settings=settings(stateful_step_count=25))
