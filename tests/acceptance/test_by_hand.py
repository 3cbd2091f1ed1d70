"""`auditor run` beside a daemon: each audit is carried out by one of them, and neither loses any."""

import signal
from pathlib import Path

import pytest

from auditor.core.records import OrderState
from tests.acceptance.conftest import PATIENCE, Project, wait_until
from tests.acceptance.daemons import DAEMON, ENDED, let_end
from tests.acceptance.test_interruptions import prepared, underway

pytestmark = pytest.mark.slow

RUN = ("run", "waves", "--trials", "6", "--seed", "11")


@pytest.fixture
def project(tmp_path: Path, waves) -> Project:
    return prepared(tmp_path, waves)


def test_a_daemon_waits_for_what_is_audited_by_hand_and_goes_on_with_what_was_interrupted(project, books):
    by_hand = underway(project, *RUN[2:], trainings=5)
    assert project.run("run", "waves", "--queue", "--trials", "6").code == 0
    elsewhere = project.run(*RUN, AUDITOR_VAULT="vault-of-another-machine")
    daemon = project.start(*DAEMON)
    wait_until(lambda: books.instances())
    for _ in range(2):  # so that a whole tick has gone by
        seen = books.last_tick()
        wait_until(lambda seen=seen: books.last_tick() > seen)
    before = {order.id: order.state for order in books.orders()}
    by_hand.send_signal(signal.SIGINT)
    _, said = by_hand.communicate(timeout=PATIENCE)
    trained = books.trials()
    project.let_go()
    wait_until(lambda: len(books.orders(*ENDED)) == 2)
    daemon.send_signal(signal.SIGTERM)
    daemon.communicate(timeout=PATIENCE)

    assert before == {1: OrderState.RUNNING, 2: OrderState.QUEUED}
    assert elsewhere.code == 2
    (line,) = elsewhere.err.splitlines()
    assert "order 1, taken by `auditor run`; wait until it is done, or end it with" in line
    assert by_hand.returncode == 130
    assert said.rstrip().endswith("so does the daemon, unless you say `auditor cancel waves`")
    assert [order.state for order in books.orders()] == [OrderState.DONE, OrderState.DONE]
    assert [order.audit_id for order in books.orders()] == [2, 1]
    assert books.trials() >= trained
    assert books.actions().count("order_done") == 2


def test_what_a_daemon_audits_is_refused_by_hand_taken_over_once_it_stops_and_can_be_cancelled(
    project, books
):
    project.hold(5)
    daemon = project.start(*DAEMON)
    assert project.run("run", "waves", "--queue", "--trials", "6", "--seed", "11").code == 0
    wait_until(lambda: project.waits)
    refused = project.run(*RUN, AUDITOR_VAULT="vault-of-another-machine")
    let_end(project, daemon)
    daemon.communicate(timeout=PATIENCE)
    (stopped,) = books.orders()
    by_hand = underway(project, *RUN[2:], trainings=project.trained + 2)
    books.queue.cancel(schedule="waves", reason="by hand")
    project.let_go()
    _, said = by_hand.communicate(timeout=PATIENCE)

    assert refused.code == 2
    assert "taken by a daemon; wait until it is done" in refused.err
    assert (stopped.state, stopped.by_hand) == (OrderState.QUEUED, False)
    assert by_hand.returncode == 2
    assert "order 1 was" in said.splitlines()[-1]
    assert "nothing more is written" in said.splitlines()[-1]
    assert [order.state for order in books.orders()] == [OrderState.CANCELLED]
