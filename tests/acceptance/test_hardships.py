"""What befalls a daemon: its database restarts, its disk fills up, rows are damaged, it is told to stop."""

import json
import resource
import signal
import sqlite3
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import numpy as np
import pandas as pd
import psutil
import pytest

from auditor.core.records import OrderState
from auditor.storage.keeping import SqlSchedules
from tests.acceptance.conftest import PATIENCE, Project, wait_until
from tests.acceptance.daemons import DAEMON, ENDED, Books, ask, let_end, twin
from tests.acceptance.test_interruptions import findings, prepared
from tests.postgres import patiently, server_in

pytestmark = pytest.mark.slow


class Running:
    """A daemon whose log is read as it comes, so that it never waits for a reader."""

    def __init__(self, project: Project, *options: str, **extra: str) -> None:
        self.process = project.start(*DAEMON, *options, **extra)
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        wait_until(lambda: self.said('"daemon_started"') or self.process.poll() is not None)

    def _read(self) -> None:
        self.lines.extend(iter(self.process.stderr.readline, ""))

    def said(self, words: str) -> bool:
        return any(words in line for line in tuple(self.lines))

    def ready(self) -> tuple[int, str]:
        """Return what it says of itself; 0 where it says nothing in time."""
        line = next(line for line in tuple(self.lines) if '"address"' in line)
        address = json.loads(line)["address"]
        try:
            answer = httpx.get(f"http://{address}/readyz", timeout=30, trust_env=False)
        except httpx.TransportError:
            return 0, ""
        return answer.status_code, answer.text

    def stop(self) -> None:
        """Tell it to stop, and leave nothing of it behind."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(PATIENCE)
            finally:
                self.process.kill()
        self._reader.join(PATIENCE)
        self.process.stdout.close()
        self.process.stderr.close()


@pytest.fixture
def project(tmp_path: Path, waves) -> Project:
    return prepared(tmp_path, waves)


@pytest.fixture
def own_server(postgres_server: str) -> Iterator[object]:
    """A PostgreSQL server of this test's own, which it may stop and start."""
    with tempfile.TemporaryDirectory(prefix="auditor-postgres-", ignore_cleanup_errors=True) as folder:
        server = server_in(Path(folder))
        yield server
        server.cleanup()


def at_once(books: Books) -> None:
    with books.queue.writing() as connection:
        connection.exec_driver_sql("UPDATE queue SET not_before = 0")


def test_a_database_that_restarts_while_it_audits_costs_nothing(project, own_server, undisturbed):
    url = own_server.get_uri()
    extra = {"AUDITOR_DATABASE_URL": url}
    with closing(Books(project, url)) as books:
        project.hold(30)
        daemon = Running(project, **extra)
        try:
            assert project.run("run", "waves", "--queue", "--seed", "11", **extra).code == 0
            wait_until(lambda: project.waits)
            wait_until(lambda: daemon.ready()[0] == 200)
            own_server.stop()
            project.let_go()
            wait_until(lambda: (said := daemon.ready())[0] == 503 and "database" in said[1])
            wait_until(lambda: not psutil.Process(daemon.process.pid).children())
            patiently(own_server.ensure_postgres_running)
            wait_until(lambda: daemon.ready()[0] == 200)
            wait_until(lambda: "order_released" in books.actions())
            (put_off,) = books.orders()
            at_once(books)
            wait_until(lambda: books.orders(*ENDED))
        finally:
            daemon.stop()

        (order,) = books.orders()
        assert (put_off.state, put_off.attempts) == (OrderState.QUEUED, 0)
        assert (order.state, order.audit_id, daemon.process.returncode) == (OrderState.DONE, 1, 0)
        assert books.actions().count("order_done") == 1
        assert len(books.ledger.latest(5)) == 1
        assert findings(twin(project)) == undisturbed


def test_a_changed_production_value_is_noticed_captured_and_audited(project, books):
    path = project.folder / "schedules/waves.toml"
    told = path.read_text() + "\n[when]\nproduction = true\n"
    told = told.replace('n_neighbors = 3\nweights = "uniform"', 'from = "json:production.json"')
    project.write("production.json", '{"n_neighbors": 3, "weights": "uniform"}')
    path.write_text(told.replace("trials = 24", "trials = 6"))
    ask(project)
    daemon = Running(project, "--watch", "0.02")
    try:
        wait_until(lambda: books.orders(*ENDED))
        wait_until(lambda: seen(books, "production"))
        quiet = len(books.orders())
        project.write("production.json", '{"n_neighbors": 5, "weights": "uniform"}')
        wait_until(lambda: "triggered" in books.actions())
        wait_until(lambda: len(books.orders(*ENDED)) > quiet)
    finally:
        daemon.stop()

    newest = books.orders()[0]
    assert quiet == 1, "what did not change brings nothing forward"
    assert (newest.occasion.why.value, newest.state) == ("production", OrderState.DONE)
    first, second = books.ledger.captures("waves")
    assert (first.config["n_neighbors"], second.config["n_neighbors"]) == (3, 5)
    assert second.captured_at < newest.started_at, "captured when it was noticed, not when it was audited"
    assert books.actions().count("triggered") == 1


def seen(books: Books, what: str) -> bool:
    return what in SqlSchedules(books.queue).watched("waves")


def test_rows_that_were_damaged_while_it_was_away_are_told_of_and_the_next_order_works(project, books):
    project.hold(30)
    ask(project)
    first = Running(project)
    wait_until(lambda: project.waits)
    let_end(project, first.process)
    first.process.wait(PATIENCE)
    first.stop()
    (path,) = project.folder.glob("vault/??/*.parquet")
    path.write_bytes(path.read_bytes()[:-1] + b"x")

    second = Running(project)
    try:
        wait_until(lambda: books.orders(*ENDED))
        (damaged,) = books.orders(*ENDED)
        ask(project)
        wait_until(lambda: len(books.orders(*ENDED)) == 2)
    finally:
        second.stop()

    assert first.process.returncode == second.process.returncode == 0
    assert (damaged.state, damaged.attempts) == (OrderState.FAILED, 1)
    assert "is not the bytes that were filed" in damaged.reason
    assert "begins a new one, on fresh rows" in damaged.reason
    assert books.orders()[0].state is OrderState.DONE


def test_a_full_disk_puts_an_audit_off_costs_it_no_attempt_and_is_recovered_from(project, books, waves):
    ballast = pd.DataFrame(np.random.default_rng(0).normal(size=(1500, 200))).add_prefix("ballast_")
    project.rows(pd.concat([waves(1500, noise=1.0, seed=1), ballast], axis=1))  # 2.4 MB
    daemon = Running(project, "--tick", "2")
    try:
        # Every tick adds to the database's log, which must not come to the limit before the rows do.
        with closing(sqlite3.connect(project.folder / "auditor.db", timeout=PATIENCE)) as database:
            assert database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
        resource.prlimit(daemon.process.pid, resource.RLIMIT_FSIZE, (2_000_000, resource.RLIM_INFINITY))
        ask(project)
        wait_until(lambda: "order_released" in books.actions())
        (put_off,) = books.orders()
        told = project.run("status").out
        resource.prlimit(
            daemon.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
        )
        at_once(books)
        wait_until(lambda: books.orders(*ENDED))
    finally:
        daemon.stop()

    assert (put_off.state, put_off.attempts) == (OrderState.QUEUED, 0)
    assert "larger" in put_off.reason or "space" in put_off.reason
    assert "too large" in told or "space" in told
    assert [order.state for order in books.orders()] == [OrderState.DONE]


def test_told_to_stop_while_idle_it_stops_well(project):
    daemon = Running(project)
    daemon.process.send_signal(signal.SIGTERM)
    assert daemon.process.wait(PATIENCE) == 0
    daemon.stop()
    assert daemon.said('"daemon_stopped"')


SLOW = """
import time

from sklearn.neighbors import KNeighborsRegressor


class Slow(KNeighborsRegressor):
    def fit(self, X, y):
        open("begun", "w").close()
        time.sleep(600)
"""


def test_told_twice_it_stops_at_once_and_the_order_is_there_for_another(project, books):
    path = project.folder / "schedules/waves.toml"
    path.write_text(path.read_text().replace("held:Held", "slow:Slow"))
    project.write("slow.py", SLOW)
    daemon = Running(project, "--grace", "600")
    ask(project)
    wait_until(lambda: (project.folder / "begun").exists())
    started = psutil.Process(daemon.process.pid).children(recursive=True)
    daemon.process.send_signal(signal.SIGTERM)
    wait_until(lambda: daemon.said('"daemon_draining"'))
    with pytest.raises(subprocess.TimeoutExpired):
        daemon.process.wait(1)  # a training that takes ten minutes is waited for
    daemon.process.send_signal(signal.SIGTERM)

    assert daemon.process.wait(PATIENCE) == 0
    daemon.stop()
    (order,) = books.orders()
    assert started
    assert not psutil.wait_procs(started, timeout=PATIENCE)[1], "what it started is gone with it"
    assert (order.state, order.attempts) == (OrderState.QUEUED, 0)
