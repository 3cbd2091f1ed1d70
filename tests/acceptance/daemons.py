"""A daemon's command, and what its database says."""

import json
import re
import signal
import subprocess
from pathlib import Path

import psutil
from sqlalchemy import func, select

from auditor.core.records import OrderState
from auditor.storage.instances import INSTANCES, SqlInstances
from auditor.storage.ledger import SqlLedger
from auditor.storage.queue import SqlQueue
from tests.acceptance.conftest import PATIENCE, Project, wait_until
from tests.fakes import FixedClock

DAEMON = ("daemon", "--tick", "0.5", "--json")
SOON_LOST = ("--lease", "4")
"""For a daemon that is to see within a second that an order was cancelled."""
ENDED = (OrderState.DONE, OrderState.FAILED, OrderState.CANCELLED, OrderState.QUARANTINED)


def ask(project: Project, *options: str) -> None:
    assert project.run("run", "waves", "--queue", "--seed", "11", *options).code == 0


def logged(process: subprocess.Popen) -> list[dict]:
    return [json.loads(line) for line in process.communicate(timeout=PATIENCE)[1].splitlines()]


def let_end(project: Project, daemon: subprocess.Popen[str]) -> None:
    """Tell a daemon to stop whose audit waits, and let the trainings go on once its process was told."""
    (child,) = psutil.Process(daemon.pid).children()
    project.halt(child.pid)
    daemon.send_signal(signal.SIGTERM)
    wait_until(lambda: signal.SIGTERM in pending(child.pid))
    project.let_go()
    child.resume()


def pending(pid: int) -> set[int]:
    """Return the signals that were sent to a stopped process, and that it has not seen."""
    status = Path(f"/proc/{pid}/status").read_text()
    bits = int(re.findall(r"^ShdPnd:\t(\w+)$", status, re.MULTILINE)[0], 16)
    return {number for number in range(1, 65) if bits >> (number - 1) & 1}


class Books:
    """What the database of a project says."""

    def __init__(self, project: Project, url: str = "") -> None:
        url = url or f"sqlite:///{project.folder}/auditor.db"
        self.queue, self.ledger = SqlQueue(url, FixedClock()), SqlLedger(url)

    def orders(self, *states: OrderState):
        return self.queue.orders(states=states)

    def instances(self):
        return SqlInstances(self.queue).known()

    def last_tick(self) -> float:
        with self.queue.reading() as connection:
            return float(connection.execute(select(func.max(INSTANCES.c.last_tick))).scalar_one())

    def trials(self) -> int:
        return len(self.ledger.history(1))

    def actions(self) -> list[str]:
        return [event.action for event in self.queue.events()]

    def close(self) -> None:
        self.queue.close()
        self.ledger.close()


def twin(project: Project) -> dict:
    (path,) = project.folder.glob("reports/waves/*.json")
    return json.loads(path.read_text())
