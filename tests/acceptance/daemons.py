"""A daemon's command, what its database says, and how to wait for it."""

import json
import subprocess
import time
from collections.abc import Callable

from auditor.core.records import OrderState
from auditor.storage.instances import SqlInstances
from auditor.storage.ledger import SqlLedger
from auditor.storage.queue import SqlQueue
from tests.acceptance.conftest import Project
from tests.fakes import FixedClock

DAEMON = ("daemon", "--tick", "0.5", "--lease", "4", "--json")
ENDED = (OrderState.DONE, OrderState.FAILED, OrderState.CANCELLED, OrderState.QUARANTINED)


def wait_until(true: Callable[[], object], *, within: float = 90.0) -> None:
    deadline = time.monotonic() + within
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


def ask(project: Project, *options: str) -> None:
    assert project.run("run", "waves", "--queue", "--seed", "11", *options).code == 0


def logged(process: subprocess.Popen) -> list[dict]:
    return [json.loads(line) for line in process.communicate(timeout=60)[1].splitlines()]


class Books:
    """What the database of a project says."""

    def __init__(self, project: Project, url: str = "") -> None:
        url = url or f"sqlite:///{project.folder}/auditor.db"
        self.queue, self.ledger = SqlQueue(url, FixedClock()), SqlLedger(url)

    def orders(self, *states: OrderState):
        return self.queue.orders(states=states)

    def instances(self):
        return SqlInstances(self.queue).known()

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
