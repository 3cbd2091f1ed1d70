"""An audit of the daemon crashed before and after each of its commits: the end is always the same.

``python -m benchmarks.crashes [--points 3 9 ...]``. One small real audit is carried out by the daemon's own
code again and again; each time the process dies, as by ``kill -9``, just before or after one commit. Then
its lease is taken to have ended, and another process goes on. The findings must be those of the undisturbed
audit, with one verdict and one event that says so.

Processes are forked from one that has the libraries imported: a crash takes a second instead of ten.
"""

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy.engine.default import DefaultDialect

from auditor.core.document import record_to_json
from auditor.core.records import Asked, Audit, Fence, Occasion, OrderState, Plan, Why
from auditor.daemon.child import Work, carry_out
from auditor.declarations import parse_plan
from auditor.settings import Settings
from auditor.storage.queue import SqlQueue
from auditor.wiring import SystemClock, open_ledger

RESULT = Path(__file__).parent / "results" / "crashes.json"
CRASHED = 9
SCHEDULE = """
model = "line"
[production]
alpha = 100.0
[data]
source = "rows.parquet"
target = "y"
[trainer]
estimator = "sklearn.linear_model:Ridge"
[search.alpha]
scale = "log"
low = 0.01
high = 1000.0
[policy]
metric = "squared_error"
margin = "1%"
[budget]
trials = 6
"""


def findings(audit: Audit) -> str:
    """Return what an audit found: all but when, how long, and how often it was interrupted."""
    facts = json.loads(record_to_json(audit))
    for trial in facts["search"]["trials"]:
        trial["seconds"] = 0
    kept = ("call", "headline", "gain", "settings", "confirmation", "attribution", "groups")
    return json.dumps(
        {key: facts[key] for key in kept} | {"trials": facts["search"]["trials"]}, sort_keys=True
    )


@contextmanager
def dying(at: int | None, *, before: bool) -> Iterator[list[int]]:
    """Die at a commit, counted from 0; count commits where it is None."""
    real, seen = DefaultDialect.do_commit, [0]

    def commit(self: Any, connection: Any) -> None:
        number, seen[0] = seen[0], seen[0] + 1
        if number == at and before:
            os._exit(CRASHED)
        real(self, connection)
        if number == at:
            os._exit(CRASHED)

    DefaultDialect.do_commit = commit  # type: ignore[method-assign]
    try:
        yield seen
    finally:
        DefaultDialect.do_commit = real  # type: ignore[method-assign]


class Bed:
    """A project folder with one order in its queue."""

    def __init__(self, folder: Path) -> None:
        chance = np.random.default_rng(1)
        x = chance.standard_normal((600, 3))
        frame = pd.DataFrame(x, columns=["a", "b", "c"])
        frame["y"] = 3.0 * x[:, 0] + chance.standard_normal(600)
        frame.to_parquet(folder / "rows.parquet")
        os.chdir(folder)
        self.plan: Plan = parse_plan(SCHEDULE, "schedules/line.toml")
        self.settings = replace(Settings().within(folder), executor="inline")
        with closing(self.queue()) as queue:
            now = SystemClock().now()
            occasion = Occasion(why=Why.REQUEST, said="asked for", due=now)
            queue.order(key="1", schedule="line", model="line", occasion=occasion, asked=Asked(seed=7))

    def queue(self) -> SqlQueue:
        """Return the queue, which waits for no back-off."""
        return SqlQueue(self.settings.database_url, SystemClock(), attempts=100, back_off_seconds=(0.0,))

    def attempt(self, *, at: int | None, before: bool) -> int:
        """Take the order and carry it out, and die at a commit; return how many commits there were."""
        with dying(at, before=before) as seen, closing(self.queue()) as queue:
            order = queue.claim("crash")
            if order is not None:
                fence = Fence(order.id, order.token)
                carry_out(Work(fence, self.plan, 60.0), self.settings, queue, stop=Event())
            return seen[0]

    def expire(self) -> None:
        """Let the lease end that a dead process holds."""
        with closing(self.queue()) as queue:
            with queue.writing() as connection:
                connection.exec_driver_sql("UPDATE queue SET lease_ends = 0 WHERE state = 'running'")
            queue.reap()

    def outcome(self) -> tuple[str, int, int]:
        """Return the findings, how many verdicts there are, and how many events say that it is done."""
        with closing(open_ledger(self.settings)) as ledger, closing(self.queue()) as queue:
            (order,) = queue.orders(states=[OrderState.DONE])
            audits = [ledger.audit(each.id) for each in ledger.summaries()]
            done = [each for each in audits if each is not None]
            assert order.audit_id == done[0].id
            assert len(list(self.settings.reports.glob("line/*.json"))) == 1, "one report"
            return findings(done[0]), len(done), len(queue.events(action="order_done"))


def forked(function: Callable[[], object]) -> tuple[int, str]:
    """Run a function in a forked process; return its exit code and what it returned, as text."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(reading)
            said = json.dumps(function())
            os.write(writing, said.encode())
            os._exit(0)
        except BaseException:
            import traceback

            traceback.print_exc()
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        text = pipe.read().decode()
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status), text


def crash(at: int, *, before: bool) -> list[Any]:
    """Crash at a commit, go on, and return what came of it."""
    with tempfile.TemporaryDirectory() as folder:
        bed = Bed(Path(folder))
        code, _ = forked(lambda: bed.attempt(at=at, before=before))
        code_of_rest, _ = forked(lambda: (bed.expire(), bed.attempt(at=None, before=False))[1])
        code_of_count, text = forked(bed.outcome)
        assert code in (CRASHED, 0), code
        assert (code_of_rest, code_of_count) == (0, 0), (at, before)
        return [code == CRASHED, *json.loads(text)]


def undisturbed() -> tuple[int, str]:
    """Return how many commits an undisturbed audit makes, and its findings."""
    with tempfile.TemporaryDirectory() as folder:
        bed = Bed(Path(folder))
        code, commits = forked(lambda: bed.attempt(at=None, before=False))
        assert code == 0
        _, text = forked(bed.outcome)
        return int(commits), json.loads(text)[0]


def main() -> None:
    """Crash at every commit, or at some."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, nargs="*", help="commits, counted from 0; -1 is the last")
    given = parser.parse_args()
    began = time.monotonic()
    import auditor.audit
    import auditor.trainers.train  # noqa: F401  # imported once, before the forks

    commits, expected = undisturbed()
    points = [point % commits for point in given.points] if given.points else list(range(commits))
    rows = [(point, before, crash(point, before=before)) for point in points for before in (True, False)]
    found = {
        "commits": commits,
        "crashes": sum(came[0] for _, _, came in rows),
        "other_findings": sum(came[1] != expected for _, _, came in rows),
        "not_one_verdict": sum(came[2] != 1 for _, _, came in rows),
        "not_one_event": sum(came[3] != 1 for _, _, came in rows),
        "seconds": round(time.monotonic() - began),
    }
    print(json.dumps(found, indent=1))
    if not given.points:
        RESULT.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
