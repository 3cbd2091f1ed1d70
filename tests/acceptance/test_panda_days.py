"""A live model that `auditor daemon` carries on: no day is lost to a kill, none is taken twice."""

import pytest

from auditor.core.records import OrderState
from benchmarks.panda_days import BEGINS, Babysitter, gaps, waits

pytestmark = pytest.mark.slow


@pytest.fixture
def sitter(tmp_path):
    sitter = Babysitter(tmp_path)
    sitter.start()
    yield sitter
    sitter.stop()


def test_killed_in_the_middle_of_a_turn_it_takes_one_a_day_and_then_waits_for_rows(sitter):
    sitter.wait_for(lambda: sitter.done() == 1)
    sitter.day(BEGINS + 1)
    sitter.wait_for(lambda: sitter.trials(2))
    sitter.kill()
    sitter.wait_for(lambda: sitter.done() == 2)
    sitter.wait_for(lambda: waits(sitter))

    twins, orders = sitter.twins(), sitter.orders()
    assert [len(twin["panda"]["turns"]) for twin in twins] == [1, 2]
    assert gaps(twins[-1]["panda"]["turns"]) == 0
    assert {order.audit_id for order in orders if order.state is OrderState.DONE} == {1, 2}
    assert not {order.state for order in orders} & {OrderState.FAILED, OrderState.QUARANTINED}
    waiting = next(order for order in orders if "has no rows since" in order.reason)
    assert waiting.attempts == 0, "a day without rows is no failed attempt"
