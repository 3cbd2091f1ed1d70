"""A live model under the real daemon, day after day, killed at random: no day is lost, none is taken twice.

``nice python -m benchmarks.panda_days [--days 12] [--kills 3]``. Every day some rows are added to the file
that the schedule names; the daemon, and with it all that it started, is killed with SIGKILL at random
moments and started again. At the end the turns must be as many as the days, each on the rows that came since
the one before, and the audits must say, to the last digit, what `auditor run` once a day says undisturbed.
"""

import argparse
import json
import random
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from auditor.core.records import Order, OrderState
from auditor.storage.ledger import SqlLedger
from auditor.storage.queue import SqlQueue
from auditor.wiring import SystemClock
from tests.acceptance.conftest import Project
from tests.acceptance.test_panda import CLICKS, clicks, told

RESULT = Path(__file__).parent / "results" / "panda_days.json"
BEGINS, PER_DAY = 4, 400
WAIT_SECONDS = 300.0
BETWEEN_ROWS = timedelta(seconds=86_400 // PER_DAY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """What came of some days.

    Attributes
    ----------
    lost, doubled
        Days without a turn, and turns that did not begin right after the rows of the one before.
    as_undisturbed
        Audits that say what an undisturbed one says.
    put_off
        How often the daemon looked before there were rows, and waited.
    given_up
        Orders that ended without a verdict; those for which a newer one stands left out.
    """

    days: int
    kills: int
    resumed: int
    lost: int
    doubled: int
    as_undisturbed: int
    put_off: int
    given_up: int
    pages: int
    seconds: float


class Babysitter:
    """A project whose live model the daemon carries on."""

    def __init__(self, folder: Path, *, every: str = "3 seconds", slow: bool = True) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.project = Project(folder)
        text = CLICKS.format(eta0=0.3, turns=1)
        if slow:  # a turn that takes a while, so that it can be killed in the middle
            text = text.replace("max_iter = 5", "max_iter = 1500, n_iter_no_change = 1500")
        self.project.write("schedules/clicks.toml", f'{text}\n[when]\nevery = "{every}"\n')
        self.day(BEGINS)
        self._process: subprocess.Popen[str] | None = None

    def day(self, number: int) -> None:
        """Let the rows of all days up to this one be there."""
        beside = self.project.rows(clicks(number, per_day=PER_DAY), "rows.new")
        beside.replace(self.project.folder / "rows.parquet")

    def start(self) -> None:
        """Start the daemon."""
        self._process = self.project.start("daemon", "--tick", "0.3", "--json")

    def kill(self) -> None:
        """Kill the daemon, and all that it started; let its lease end, and start another."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.communicate(timeout=WAIT_SECONDS)
        self._sql("UPDATE queue SET lease_ends = 0 WHERE state = 'running'")
        self.start()

    def stop(self) -> None:
        """Tell the daemon to stop, and wait for it."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        self._process.communicate(timeout=WAIT_SECONDS)

    def wait_for(self, true: Callable[[], object]) -> None:
        """Wait until something is so; what was begun and given back is taken up again at once meanwhile.

        Raises
        ------
        TimeoutError
            If that takes too long.
        """
        end = time.monotonic() + WAIT_SECONDS
        while not true():
            if time.monotonic() > end:
                raise TimeoutError("waited in vain")
            self._sql("UPDATE queue SET not_before = 0 WHERE attempts > 0 AND not_before > 0")
            time.sleep(0.2)

    def queue(self) -> SqlQueue:
        """Return the queue."""
        return SqlQueue(self._url, SystemClock())

    def ledger(self) -> SqlLedger:
        """Return the ledger."""
        return SqlLedger(self._url)

    def done(self) -> int:
        """Return how many audits have a verdict."""
        with closing(self.ledger()) as ledger:
            return sum(each.state == "done" for each in ledger.summaries())

    def trials(self, audit: int) -> int:
        """Return how many trainings of an audit are recorded."""
        with closing(self.ledger()) as ledger:
            return len(ledger.history(audit))

    def orders(self) -> tuple[Order, ...]:
        """Return the orders of the queue, newest first."""
        with closing(self.queue()) as queue:
            return queue.orders()

    def twins(self) -> list[dict[str, Any]]:
        """Return what the audits said, oldest first."""
        paths = (self.project.folder / "reports" / "clicks").glob("2*.json")
        return sorted((json.loads(path.read_text()) for path in paths), key=lambda twin: twin["id"])

    def _sql(self, statement: str) -> None:
        with closing(self.queue()) as queue, queue.writing() as connection:
            connection.exec_driver_sql(statement)

    @property
    def _url(self) -> str:
        return f"sqlite:///{self.project.folder}/auditor.db"


def undisturbed(folder: Path, days: int) -> list[Mapping[str, Any]]:
    """Return what `auditor run`, once a day, says."""
    sitter = Babysitter(folder)
    for day in range(days):
        sitter.day(BEGINS + day)
        sitter.project.run("run", "clicks")
    return [told(twin) for twin in sitter.twins()]


def gaps(turns: Sequence[Mapping[str, Any]]) -> int:
    """Return how many turns do not begin with the row after the last one of the turn before."""
    spans = [(datetime.fromisoformat(turn["first"]), datetime.fromisoformat(turn["last"])) for turn in turns]
    return sum(later[0] - earlier[1] != BETWEEN_ROWS for earlier, later in pairwise(spans))


def storm(folder: Path, *, days: int, kills: int, seed: int) -> Days:
    """Let the daemon carry a model on over some days, and kill it meanwhile."""
    chance = random.Random(seed)  # noqa: S311 - moments to kill at
    wanted = undisturbed(folder / "undisturbed", days)
    sitter = Babysitter(folder / "killed")
    began, killed = time.monotonic(), 0
    sitter.start()
    for day in range(days):
        sitter.day(BEGINS + day)
        for _ in range(kills):
            time.sleep(chance.uniform(0.0, 6.0))
            killed += 1
            sitter.kill()
        sitter.wait_for(lambda day=day: sitter.done() > day)
        print(f"day {day + 1}: {killed} kills", flush=True)
    seconds = time.monotonic() - began
    sitter.wait_for(lambda: waits(sitter))
    sitter.stop()
    return tally(sitter, days=days, kills=killed, wanted=wanted, seconds=seconds)


def waits(sitter: Babysitter) -> bool:
    """Return whether the daemon has looked for rows of another day, and waits for them."""
    queued = [order for order in sitter.orders() if order.state is OrderState.QUEUED]
    return any("has no rows since" in order.reason for order in queued)


def tally(
    sitter: Babysitter, *, days: int, kills: int, wanted: Sequence[Mapping[str, Any]], seconds: float
) -> Days:
    """Return what came of the days."""
    twins = sitter.twins()
    turns = twins[-1]["panda"]["turns"]
    with closing(sitter.queue()) as queue:
        events = queue.events(limit=100_000)
    orders = sitter.orders()
    ended = (OrderState.FAILED, OrderState.CANCELLED, OrderState.QUARANTINED)
    early = [each for each in events if "has no rows since" in str(each.facts.get("reason", ""))]
    return Days(
        days=days,
        kills=kills,
        resumed=sum(order.audit_id is not None and order.attempts > 1 for order in orders),
        lost=days - len(turns),
        doubled=gaps(turns),
        as_undisturbed=sum(told(ours) == theirs for ours, theirs in zip(twins, wanted, strict=False)),
        put_off=len(early),
        given_up=sum(order.state in ended for order in orders),
        pages=sum(_page(sitter, twin) for twin in twins),
        seconds=round(seconds, 1),
    )


def _page(sitter: Babysitter, twin: Mapping[str, Any]) -> bool:
    """Return whether the page of an audit is there and shows as many turns as there were by then."""
    (page,) = (sitter.project.folder / "reports" / "clicks").glob(f"*-{twin['id']}.html")
    return f"All turns: {len(twin['panda']['turns'])} turn" in page.read_text(encoding="utf-8")


def main() -> None:
    """Run it, print what came of it, and write it down."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=12)
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="auditor-") as folder:
        found = storm(Path(folder), days=asked.days, kills=asked.kills, seed=asked.seed)
    print(json.dumps(asdict(found), indent=1))
    RESULT.write_text(json.dumps(asdict(found), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
