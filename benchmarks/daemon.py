"""What the daemon costs: ticks, memory, processor time, how soon it starts what is due, and a large ledger.

``nice python -m benchmarks.daemon [--schedules 1000 10000] [--idle 60] [--trials 1000000]``. Memory and
processor time are of the real ``auditor daemon`` (no web side), read from the system; ticks are timed in
this process, on the same folder; starts are those of audits asked for at random moments.
"""

import argparse
import json
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

from auditor.core.records import Asked, Occasion, Why
from auditor.daemon.folder import Folder
from auditor.daemon.loop import Daemon
from auditor.storage.keeping import SqlSchedules
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


def starts(folder: Path, *, requests: int, seconds: float) -> dict[str, object]:
    """Return how soon audits start that are asked for at random moments; without data they are short."""
    chance = random.Random(1)  # noqa: S311
    process = start(folder, "--audits", str(requests))
    try:
        wait_for(folder, "kept")
        with closing(SqlQueue(f"sqlite:///{folder}/auditor.db", SystemClock())) as queue:
            for number in range(requests):
                time.sleep(chance.uniform(0.0, 2.0 * seconds / requests))
                now = SystemClock().now()
                occasion = Occasion(why=Why.REQUEST, said="asked for", due=now)
                queue.order(
                    key=f"r{number}",
                    schedule=f"m{number}",
                    model=f"m{number}",
                    occasion=occasion,
                    asked=Asked(),
                )
            time.sleep(20.0)
            orders = [each for each in queue.orders() if each.key.startswith("r")]
        waits = sorted(
            (each.started_at - each.ordered_at) / timedelta(seconds=1) for each in orders if each.started_at
        )
        assert len(waits) == requests, "every one was started"
        return {
            "requests": requests,
            "start_median_seconds": round(median(waits), 1),
            "start_p99_seconds": round(waits[min(len(waits) - 1, int(0.99 * len(waits)))], 1),
        }
    finally:
        process.terminate()
        process.wait()


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
    parser.add_argument("--requests", type=int, default=16)
    parser.add_argument("--trials", type=int, default=1_000_000)
    given = parser.parse_args()
    found: dict[str, object] = {"idle": [], "cores": os.cpu_count()}
    for count in given.schedules:
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder)
            declare(place, count)
            row = {**idle(place, count, seconds=given.idle), **ticks(place)}
            print(row, flush=True)
            found["idle"] = [*found["idle"], row]  # type: ignore[misc]
            if count == given.schedules[0]:
                found["starts"] = starts(place, requests=given.requests, seconds=100.0)
                print(found["starts"], flush=True)
    with tempfile.TemporaryDirectory() as folder:
        found["large"] = large(Path(folder), trials=given.trials)
        print(found["large"], flush=True)
    RESULT.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
