"""The daemon as a user runs it: audits that are never lost and never doubled."""

import signal
import subprocess
from pathlib import Path

import psutil
import pytest
from sqlalchemy import text

from auditor.core.records import OrderState
from auditor.storage.queue import LEASE_SECONDS
from tests.acceptance.conftest import PATIENCE, Project, wait_until
from tests.acceptance.daemons import DAEMON, ENDED, SOON_LOST, Books, ask, let_end, logged, twin
from tests.acceptance.test_interruptions import findings, gone, prepared, started_by

pytestmark = pytest.mark.slow


@pytest.fixture
def project(tmp_path: Path, waves) -> Project:
    return prepared(tmp_path, waves)


def underway(project: Project, books: Books, *options: str, trainings: int = 30) -> subprocess.Popen[str]:
    """Start a daemon, and return once the audit that it was asked for waits in the middle."""
    project.hold(trainings)
    ask(project)
    process = project.start(*DAEMON, *options)
    wait_until(lambda: project.waits)
    wait_until(lambda: books.trials() > 0)
    return process


def stopped(process: subprocess.Popen[str]) -> int:
    """Tell a daemon to stop, wait for it, and return its exit code."""
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=PATIENCE)
    return process.returncode


def test_it_audits_what_is_asked_for_to_the_page_and_stops_when_told(project, books, undisturbed):
    process = project.start(*DAEMON)
    ask(project)
    wait_until(lambda: books.orders(*ENDED))
    wait_until(lambda: not psutil.Process(process.pid).children())
    process.send_signal(signal.SIGTERM)
    log = logged(process)

    assert process.returncode == 0
    assert [order.state for order in books.orders()] == [OrderState.DONE]
    assert findings(twin(project)) == undisturbed
    assert twin(project)["occasion"]["why"] == "request"
    assert {"daemon_started", "order_started", "lot_done", "audit_done", "daemon_stopped"} <= {
        line["action"] for line in log
    }
    assert (project.folder / "reports/index.html").is_file()


def test_killed_while_it_audits_it_goes_on_and_ends_with_the_same_findings(project, books, undisturbed):
    first = underway(project, books)
    children, before = started_by(first), books.trials()
    first.kill()
    first.communicate(timeout=PATIENCE)
    assert gone(children), "what the daemon started dies with it"
    project.let_go()
    left = books.orders()
    with books.queue.writing() as connection:  # its lease, of a minute and no more, goes by
        connection.execute(text("UPDATE queue SET lease_ends = lease_ends - :by"), {"by": LEASE_SECONDS})

    second = project.start(*DAEMON)
    wait_until(lambda: books.orders(*ENDED))
    stopped(second)

    (order,) = books.orders()
    assert [one.state for one in left] == [OrderState.RUNNING]
    assert (order.state, order.attempts, order.audit_id) == (OrderState.DONE, 2, 1)
    assert books.trials() >= before
    assert books.actions().count("order_started") == 2
    assert books.actions().count("order_done") == 1
    assert findings(twin(project)) == undisturbed


def test_told_to_stop_it_records_the_running_lot_and_another_goes_on(project, books, undisturbed):
    first = underway(project, books)
    before = books.trials()
    let_end(project, first)
    first.communicate(timeout=PATIENCE)
    (order,) = books.orders()
    left = order.state, order.attempts, books.trials()

    second = project.start(*DAEMON)
    wait_until(lambda: books.orders(*ENDED))
    stopped(second)

    assert first.returncode == 0
    assert left[:2] == (OrderState.QUEUED, 0)
    assert before < left[2] < books.trials()
    assert findings(twin(project)) == undisturbed


def test_a_broken_schedule_is_told_of_and_its_last_good_text_is_kept(project, books):
    good = (project.folder / "schedules/waves.toml").read_text()
    process = project.start(*DAEMON)
    wait_until(lambda: books.instances())
    wait_until(lambda: project.run("run", "waves", "--queue").code == 0)
    project.write("schedules/waves.toml", good + "\n[when]\nevry = '90 days'\n")
    wait_until(lambda: "schedule_broken" in books.actions())
    wait_until(lambda: books.orders(*ENDED))
    process.send_signal(signal.SIGTERM)
    log = logged(process)

    broken = [line["message"] for line in log if line["action"] == "schedule_broken"]
    assert len(broken) == 1
    assert "did you mean 'every'?" in broken[0]
    assert [order.state for order in books.orders()] == [OrderState.DONE]


NASTY = """
import ctypes, os, sys, time

from sklearn.neighbors import KNeighborsRegressor


class Nasty(KNeighborsRegressor):
    def fit(self, X, y):
        sys.stdout.write("x" * 2_000_000)
        sys.stdout.flush()
        kind = self.n_neighbors % 7
        if self.n_neighbors == 3 or kind > 4:
            return super().fit(X, y)
        if kind == 0:
            ctypes.string_at(0)
        if kind == 1:
            time.sleep(3600)
        if kind == 2:
            self.eaten = bytearray(3 * 1024**3)
        if kind == 3 and os.fork() == 0:
            time.sleep(3600)
        os._exit(3)
"""
"""Segfaults, hangs, eats memory, forks, leaves; and prints megabytes."""


def test_trainers_that_do_their_worst_do_not_hurt_the_daemon(project, books):
    schedule = (project.folder / "schedules/waves.toml").read_text()
    schedule = schedule.replace("held:Held", "nasty:Nasty")
    project.write("nasty.py", NASTY)
    project.write("schedules/waves.toml", schedule + 'trial_timeout = "2 s"\ntrial_memory = "1 GB"\n')
    process = project.start(*DAEMON)
    ask(project, "--trials", "8")
    wait_until(lambda: books.orders(*ENDED))
    alive = process.poll() is None
    process.send_signal(signal.SIGTERM)
    log = logged(process)

    (order,) = books.orders()
    assert alive
    assert order.attempts == 1
    assert order.state in (OrderState.DONE, OrderState.FAILED), order.reason
    assert "tick_failed" not in {line["action"] for line in log}
    kinds = {trial.failure.kind.value for trial in books.ledger.history(1) if trial.failure}
    assert {"crash", "timeout"} & kinds


def test_a_vault_that_cannot_be_written_puts_an_audit_off_and_costs_it_no_attempt(project, books):
    vault = project.folder / "vault"
    vault.write_text("a file in the way")
    process = project.start(*DAEMON)
    ask(project)
    wait_until(lambda: "order_released" in books.actions())
    (put_off,) = books.orders()
    vault.unlink()
    with books.queue.writing() as connection:
        connection.exec_driver_sql("UPDATE queue SET not_before = 0")
    wait_until(lambda: books.orders(*ENDED))
    stopped(process)

    assert (put_off.state, put_off.attempts) == (OrderState.QUEUED, 0)
    assert "vault" in put_off.reason
    assert [order.state for order in books.orders()] == [OrderState.DONE]


def test_cancelled_while_it_runs_an_audit_stops_and_the_next_one_begins_anew(project, books, undisturbed):
    process = underway(project, books, *SOON_LOST)
    cancelled = project.run("cancel", "waves")
    nothing_left = project.run("cancel", "waves")
    project.let_go()
    ask(project)
    wait_until(lambda: books.orders(OrderState.DONE))
    stopped(process)

    assert cancelled.code == 0, cancelled.err
    assert nothing_left.code == 2
    assert "nothing of 'waves' is queued or running" in nothing_left.err
    assert [order.state for order in books.orders()] == [OrderState.DONE, OrderState.CANCELLED]
    assert [order.audit_id for order in books.orders()] == [2, 1]
    assert findings(twin(project)) == undisturbed
