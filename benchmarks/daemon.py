"""What the daemon costs: ticks, memory, processor time, how soon it starts what is due, and a large ledger.

``python -m benchmarks.daemon [--schedules 1000 10000] [--idle 60] [--slots 200] [--trials 1000000]``. Memory
and processor time are of the real ``auditor daemon`` (no web side), read from the system; ticks are timed in
this process, on the same folder; starts are those of slots due at random moments. ``--only`` does one
part and keeps what was measured of the others.
"""

import argparse
import json
import math
import os
import random
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from statistics import median

import psutil

from auditor.core.records import OrderState
from auditor.daemon.folder import Folder
from auditor.daemon.loop import Daemon
from auditor.declarations import load_plan
from auditor.storage.instances import SqlInstances
from auditor.storage.keeping import SCHEDULES, SqlSchedules
from auditor.storage.queue import SqlQueue
from auditor.wiring import SystemClock

RESULT = Path(__file__).parent / "results" / "daemon.json"
SCHEDULE = """
model = "m{number}"
[production]
learning_rate = 0.1
max_leaf_nodes = 31
[data]
source = "rows-{number}.parquet"
target = "y"
[trainer]
estimator = "sklearn.ensemble:HistGradientBoostingClassifier"
[when]
cron = "{minute} {hour} 1 1 *"
timezone = "Europe/Paris"
"""
DAY = timedelta(days=1)
FORBIDDEN = ("torch", "sklearn", "pandas")


def declare(folder: Path, count: int) -> Path:
    """Write so many schedules."""
    schedules = folder / "schedules"
    schedules.mkdir()
    for number in range(count):
        text = SCHEDULE.format(number=number, minute=number % 60, hour=number // 60 % 24)
        (schedules / f"m{number}.toml").write_text(text)
    return schedules


def start(folder: Path, *options: str) -> "subprocess.Popen[bytes]":
    """Start the real daemon in a folder."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("AUDITOR_")}
    return subprocess.Popen(
        [sys.executable, "-m", "auditor", "daemon", "--json", *options],
        cwd=folder,
        env={**kept, "AUDITOR_LISTEN": "off"},
        stderr=(folder / "daemon.log").open("wb"),
    )


def wait_for(folder: Path, action: str, *, seconds: float = 300.0) -> None:
    """Wait until the daemon's log tells of something."""
    until = time.monotonic() + seconds
    while f'"action": "{action}"' not in (folder / "daemon.log").read_text():
        assert time.monotonic() < until, f"no {action}"
        time.sleep(0.2)


def idle(folder: Path, count: int, *, seconds: float) -> dict[str, object]:
    """Return what the real daemon takes while nothing is due."""
    began = time.monotonic()
    process = start(folder)
    try:
        wait_for(folder, "kept")
        ready = time.monotonic() - began
        seen = psutil.Process(process.pid)
        before = sum(seen.cpu_times()[:2])
        time.sleep(seconds)
        used = sum(seen.cpu_times()[:2]) - before
        maps = Path(f"/proc/{process.pid}/maps").read_text()
        return {
            "schedules": count,
            "first_tick_seconds": round(ready, 1),
            "memory_mb": round(seen.memory_info().rss / 1e6),
            "cpu_percent_of_a_core": round(100.0 * used / seconds, 2),
            "imported": [name for name in FORBIDDEN if f"/{name}/" in maps],
        }
    finally:
        process.terminate()
        process.wait()


def ticks(folder: Path, *, times: int = 15) -> dict[str, object]:
    """Return how long a tick takes while nothing is due, in this process."""
    with closing(SqlQueue(f"sqlite:///{folder}/auditor.db", SystemClock())) as queue:
        daemon = Daemon(
            queue=queue,
            instances=SqlInstances(queue),
            schedules=SqlSchedules(queue),
            folder=Folder(folder / "schedules"),
            clock=SystemClock(),
            version="benchmark",
            audits=0,
        )
        daemon.tick()
        wall, cpu = [], []
        for _ in range(times):
            at, used = time.perf_counter(), time.process_time()
            assert daemon.tick()
            wall.append(time.perf_counter() - at)
            cpu.append(time.process_time() - used)
    return {"tick_ms": round(1000 * median(wall), 1), "tick_cpu_ms": round(1000 * median(cpu), 1)}


def starts(folder: Path, *, slots: int, seconds: float) -> dict[str, object]:
    """Return how soon audits begin after they were due, at moments that are random to the second.

    Each schedule has one slot: its interval is a day, and its last slot is put a day before the moment. What
    has begun is cancelled at once: it has no data, and would be tried again twice.
    """
    names = [f"d{number}" for number in range(slots)]
    for name in names:
        text = SCHEDULE.format(number=0, minute=0, hour=0).replace('model = "m0"', f'model = "{name}"')
        text = text[: text.index("[when]")] + '[when]\nevery = "1 day"\n'
        (folder / "schedules" / f"{name}.toml").write_text(text)
    chance = random.Random(1)  # noqa: S311
    with closing(SqlQueue(f"sqlite:///{folder}/auditor.db", SystemClock())) as queue:
        schedules, now = SqlSchedules(queue), SystemClock().now()
        plans = [load_plan(folder / "schedules" / f"{name}.toml") for name in names]
        dues = {name: now + timedelta(seconds=60.0 + chance.uniform(0.0, seconds)) for name in names}
        for plan in plans:
            schedules.pause(plan, paused=True, now=now)
        with queue.writing() as connection:
            for name, due in dues.items():
                this = SCHEDULES.update().where(SCHEDULES.c.name == name)
                connection.execute(this.values(paused=False, last_slot=due - DAY, next_due=due))
        process = start(folder, "--audits", "8")
        try:
            until = max(dues.values()) + timedelta(seconds=60)
            while SystemClock().now() < until and len(_begun(queue)) < slots:
                time.sleep(0.5)
                for each in queue.orders(states=[OrderState.RUNNING]):
                    queue.cancel(order_id=each.id, reason="it has begun")
        finally:
            process.terminate()
            process.wait()
        waits = sorted(_begun(queue).values())
    assert len(waits) == slots, f"{len(waits)} of {slots} were begun"
    return {
        "due_slots": slots,
        "over_seconds": seconds,
        "start_median_seconds": round(median(waits), 1),
        "start_p95_seconds": round(waits[math.ceil(0.95 * slots) - 1], 1),
        "start_p99_seconds": round(waits[math.ceil(0.99 * slots) - 1], 1),
        "start_longest_seconds": round(waits[-1], 1),
    }


def _begun(queue: SqlQueue) -> dict[str, float]:
    """Return, by schedule, how long after it was due each audit began."""
    return {
        each.schedule: (each.started_at - each.occasion.due) / timedelta(seconds=1)
        for each in queue.orders()
        if each.started_at is not None
    }


def fill(folder: Path, *, trials: int, each: int, models: int) -> int:
    """Fill a ledger by statements inside the database, and return how many trials it holds."""
    from dataclasses import replace

    from sqlalchemy import text

    from auditor.storage.ledger import SqlLedger
    from tests.examples import a_capture, a_result, a_snapshot, an_audit

    url = f"sqlite:///{folder}/auditor.db"
    with closing(SqlLedger(url)) as ledger:
        for number in range(models):
            model, now = f"m{number}", SystemClock().now()
            capture, snapshot = ledger.add_capture(a_capture(model)), a_snapshot()
            begun = ledger.begin(
                model=model, plan_digest="p", capture=capture, snapshot=snapshot, seed=1, now=now
            )
            if number == 0:
                ledger.append(begun.id, [a_result(0)])
            ledger.finish(replace(an_audit(), id=begun.id, model=model))
    with closing(SqlQueue(url, SystemClock())) as queue, queue.writing(at_once=False) as connection:
        names = [row[1] for row in connection.execute(text("PRAGMA table_info(audit)")) if row[1] != "id"]
        columns = ", ".join(f'"{name}"' for name in names)
        again = f"INSERT INTO audit ({columns}) SELECT {columns} FROM audit WHERE id <= {models}"  # noqa: S608
        for _ in range(trials // each // models - 1):
            connection.execute(text(again))
        cells = [row[1] for row in connection.execute(text("PRAGMA table_info(trial)"))]
        rest = ", ".join(f't."{name}"' for name in cells[2:])
        many = (
            "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < :last) "  # noqa: S608
            f"INSERT INTO trial SELECT a.id, n.i, {rest} FROM audit a, n, trial t "
            "WHERE t.audit_id = 1 AND t.number = 0 AND NOT (a.id = 1 AND n.i = 0)"
        )
        connection.execute(text(many), {"last": each - 1})
        return int(connection.execute(text("SELECT count(*) FROM trial")).scalar() or 0)


def large(folder: Path, *, trials: int, each: int = 200, models: int = 50) -> dict[str, object]:
    """Return how long commands take on a ledger of so many trials."""
    kept = fill(folder, trials=trials, each=each, models=models)
    found: dict[str, object] = {"trials": kept, "audits": trials // each}
    commands = {"status": ["status"], "log": ["log"], "report_and_index": ["report", "1"], "help": ["--help"]}
    for name, arguments in commands.items():
        walls, used = [], []
        for _ in range(3):
            at, before = time.perf_counter(), os.times()
            ran = subprocess.run(
                [sys.executable, "-m", "auditor", *arguments], cwd=folder, capture_output=True, check=False
            )
            walls.append(time.perf_counter() - at)
            after = os.times()
            used.append(
                after.children_user + after.children_system - before.children_user - before.children_system
            )
            assert b"Traceback" not in ran.stderr, ran.stderr
        found[f"{name}_seconds"] = round(min(walls), 2)
        found[f"{name}_cpu_seconds"] = round(min(used), 2)
    return found


def main() -> None:
    """Measure all of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schedules", type=int, nargs="+", default=[1000, 10_000])
    parser.add_argument("--idle", type=float, default=60.0)
    parser.add_argument("--slots", type=int, default=200)
    parser.add_argument("--over", type=float, default=500.0, help="seconds that the slots are spread over")
    parser.add_argument("--trials", type=int, default=1_000_000)
    parser.add_argument("--only", choices=["idle", "starts", "large"])
    parser.add_argument("--json", type=Path, default=RESULT)
    given = parser.parse_args()
    found: dict[str, object] = json.loads(RESULT.read_text()) if given.only else {}
    parts = {
        "idle": lambda: [_idle_and_ticks(count, seconds=given.idle) for count in given.schedules],
        "starts": lambda: _within(given.schedules[0], slots=given.slots, seconds=given.over),
        "large": lambda: _large(given.trials),
    }
    for name, measure in parts.items():
        if given.only in (None, name):
            found[name] = measure()
            print(name, found[name], flush=True)
    given.json.write_text(json.dumps({**found, "cores": os.cpu_count()}, indent=1) + "\n")


def _idle_and_ticks(count: int, *, seconds: float) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        declare(Path(folder), count)
        return {**idle(Path(folder), count, seconds=seconds), **ticks(Path(folder))}


def _within(count: int, *, slots: int, seconds: float) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        declare(Path(folder), count)
        load = os.getloadavg()[0]
        return {**starts(Path(folder), slots=slots, seconds=seconds), "load_before": round(load, 1)}


def _large(trials: int) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        return large(Path(folder), trials=trials)


if __name__ == "__main__":
    main()
