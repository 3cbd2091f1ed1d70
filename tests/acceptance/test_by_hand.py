"""`auditor run` beside a daemon: each audit is carried out by one of them, and neither loses any."""

import os
import signal
from pathlib import Path

import psutil
import pytest

from auditor.core.records import OrderState
from tests.acceptance.conftest import Project
from tests.acceptance.daemons import DAEMON, ENDED, wait_until
from tests.acceptance.test_interruptions import prepared

pytestmark = pytest.mark.slow

RUN = ("run", "waves", "--trials", "6", "--seed", "11")


@pytest.fixture
def project(tmp_path: Path, waves) -> Project:
    return prepared(tmp_path, waves)


def test_a_daemon_waits_for_what_is_audited_by_hand_and_goes_on_with_what_was_interrupted(project, books):
    by_hand = project.start(*RUN)
    wait_until(lambda: books.trials() > 1)
    project.halt(by_hand.pid)  # so that all of this happens while it audits
    assert project.run("run", "waves", "--queue", "--trials", "6").code == 0
    elsewhere = project.run(*RUN, AUDITOR_VAULT="vault-of-another-machine")
    daemon = project.start(*DAEMON)
    wait_until(lambda: books.instances())
    wait_until(lambda: books.instances()[0].silent_seconds < 1.0)
    before = {order.id: order.state for order in books.orders()}
    os.kill(by_hand.pid, signal.SIGCONT)
    by_hand.send_signal(signal.SIGINT)
    _, said = by_hand.communicate(timeout=60)
    trained = books.trials()
    wait_until(lambda: len(books.orders(*ENDED)) == 2)
    daemon.send_signal(signal.SIGTERM)
    daemon.communicate(timeout=60)

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
    daemon = project.start(*DAEMON, "--lease", "60")
    assert project.run("run", "waves", "--queue", "--trials", "6", "--seed", "11").code == 0
    wait_until(lambda: psutil.Process(daemon.pid).children())
    (child,) = psutil.Process(daemon.pid).children()
    project.halt(child.pid)  # so that it cannot be done before
    refused = project.run(*RUN, AUDITOR_VAULT="vault-of-another-machine")
    child.resume()
    daemon.send_signal(signal.SIGTERM)
    daemon.communicate(timeout=60)
    (stopped,) = books.orders()
    by_hand = project.start(*RUN)
    wait_until(lambda: books.orders(OrderState.RUNNING))
    books.queue.cancel(schedule="waves", reason="by hand")
    _, said = by_hand.communicate(timeout=60)

    assert refused.code == 2
    assert "taken by a daemon; wait until it is done" in refused.err
    assert (stopped.state, stopped.by_hand) == (OrderState.QUEUED, False)
    assert by_hand.returncode == 2
    assert "order 1 was" in said.splitlines()[-1]
    assert "nothing more is written" in said.splitlines()[-1]
    assert [order.state for order in books.orders()] == [OrderState.CANCELLED]
