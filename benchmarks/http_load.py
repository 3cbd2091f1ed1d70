"""The web side under load: how fast it reads, and whether any audit that was asked for is lost or doubled.

Reading: ``wrk`` (if it is there) asks for one path after another over 32 connections. Asking: clients post
orders, each twice with one key, while others read as fast as they can; in the middle the server is killed
with SIGKILL and started again. Afterwards every order that was acknowledged must be in the queue, once.

Run: ``python -m benchmarks.http_load [--seconds 5] [--models 1000] [--orders 400] [--json PATH]``
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx
import psutil

from auditor.reporting.publish import FolderPublisher
from auditor.settings import Settings
from auditor.storage.ledger import SqlLedger
from auditor.wiring import open_queue
from tests.examples import NOON, a_capture, a_snapshot, an_audit

TOKEN = "a-token-of-the-benchmark"  # noqa: S105
SCHEDULE = """
model = "churn"
production = { alpha = 1.0 }
data = { source = "rows.csv", target = "y" }
trainer = { estimator = "sklearn.linear_model:Ridge" }
policy = { metric = "squared_error" }
"""
PATHS = ("/livez", "/readyz", "/", "/PAGE", "/api/v1/audits?limit=100", "/api/v1/audits/1", "/metrics")


def main() -> None:
    """Measure, print, and write."""
    options = _options()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        page = fill(folder, models=options.models)
        facts = {
            "reading": reading(folder, page, seconds=options.seconds),
            "asking": asking(folder, orders=options.orders, readers=8).facts(),
        }
    print(json.dumps(facts, indent=2))
    if options.json:
        about = {"models": options.models, "load_before": os.getloadavg()[0], "cores": os.cpu_count()}
        options.json.write_text(json.dumps({**about, **facts}, indent=2) + "\n")


def fill(folder: Path, *, models: int) -> str:
    """Make a project with an audit of every model and one page, and return the page's path."""
    (folder / "schedules").mkdir()
    (folder / "schedules" / "churn.toml").write_text(SCHEDULE)
    with closing(SqlLedger(f"sqlite:///{folder}/auditor.db")) as ledger:
        for number in range(models):
            model = "churn" if number == 0 else f"m{number}"
            capture = ledger.add_capture(a_capture(model))
            begun = ledger.begin(
                model=model, plan_digest="p", capture=capture, snapshot=a_snapshot(), seed=1, now=NOON
            )
            ledger.finish(replace(an_audit(begun.id, model=model), capture=capture))
        audit = ledger.audit(1)
        assert audit is not None
        page = FolderPublisher(folder / "reports").publish(audit, ledger)
    return str(Path(page).relative_to(folder / "reports"))


@contextmanager
def serving(folder: Path, *, listen: str = "127.0.0.1:0") -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run ``auditor serve`` in a process of its own; yields it and where it is reached."""
    environment = {**os.environ, "AUDITOR_LISTEN": listen, "AUDITOR_TOKEN": TOKEN}
    with subprocess.Popen(
        [sys.executable, "-m", "auditor", "serve"],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            (url,) = re.findall(r"reports: (http://127\.0\.0\.1:\d+)/", process.stdout.readline())
            yield process, url
        finally:
            process.kill()


def reading(folder: Path, page: str, *, seconds: int) -> dict[str, dict[str, float]]:
    """Return requests a second, milliseconds (median, p99) and errors of each path, and memory in MB."""
    wrk = shutil.which("wrk")
    if wrk is None:
        return {}
    found: dict[str, dict[str, float]] = {}
    with serving(folder) as (process, url):
        for path in PATHS:
            target = f"{url}{path.replace('PAGE', page)}"
            httpx.get(target, timeout=60, trust_env=False)  # what is made once is made now
            ran = subprocess.run(
                [wrk, "-t1", "-c32", f"-d{seconds}s", "--latency", "--timeout", "30s", target],
                capture_output=True,
                text=True,
                check=True,
            ).stdout
            found[path] = _read(ran)
        found["memory"] = {"MB": psutil.Process(process.pid).memory_info().rss / 1e6}
    return found


@dataclass
class Asking:
    """What came of asking."""

    acknowledged: set[str] = field(default_factory=set)
    new: int = 0
    refused: int = 0
    kept: int = 0
    lost: int = 0
    read: int = 0
    seconds: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def facts(self) -> dict[str, float]:
        """Return it as it is written down."""
        return {
            "orders acknowledged": len(self.acknowledged),
            "orders in the queue": self.kept,
            "acknowledged and lost": self.lost,
            "acknowledged as new": self.new,
            "not answered, and sent again": self.refused,
            "pages read meanwhile": self.read,
            "seconds": round(self.seconds, 1),
        }


def asking(folder: Path, *, orders: int, readers: int) -> Asking:
    """Ask for audits under load, kill the server in the middle, and count."""
    found, stop, killed = Asking(), threading.Event(), threading.Event()
    began = time.monotonic()
    with serving(folder) as (first, url), ThreadPoolExecutor(readers + 8) as pool:

        def ask(number: int) -> None:
            if number == orders - 1:
                killed.wait()  # one at least is asked for while there is no server
            for _ in range(2):  # a client that is not sure asks again, with the same key
                _persist(url, f"k{number}", found)
            if number == orders // 2:
                first.kill()
                killed.set()

        reads = [pool.submit(_read_on, url, found, stop) for _ in range(readers)]
        asks = [pool.submit(ask, number) for number in range(orders)]
        first.wait()
        while not found.refused:
            time.sleep(0.01)
        with serving(folder, listen=url.removeprefix("http://")):
            _done(asks)
            stop.set()
            _done(reads)
    found.seconds = time.monotonic() - began
    with closing(open_queue(Settings().within(folder))) as queue:
        found.kept = len(queue.orders())
        found.lost = len([key for key in found.acknowledged if queue.of_key(_stored(key)) is None])
    return found


def _read_on(url: str, found: Asking, stop: threading.Event) -> None:
    with httpx.Client(base_url=url, timeout=30, trust_env=False) as client:
        while not stop.is_set():
            try:
                client.get("/api/v1/audits?limit=20").raise_for_status()
            except httpx.HTTPError:
                time.sleep(0.05)
                continue
            with found.lock:
                found.read += 1


def _persist(url: str, key: str, found: Asking) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}", "Idempotency-Key": key}
    while True:
        try:
            answer = httpx.post(
                f"{url}/api/v1/audits",
                json={"schedule": "churn"},
                headers=headers,
                timeout=30,
                trust_env=False,
            )
        except httpx.HTTPError:
            answer = None
        with found.lock:
            if answer is not None and answer.status_code in (200, 202):
                found.acknowledged.add(key)
                found.new += answer.status_code == 202
                return
            found.refused += 1
        assert answer is None or answer.status_code == 503, answer.text
        time.sleep(0.1)


def _stored(key: str) -> str:
    import hashlib

    return f"request {hashlib.sha256(key.encode()).hexdigest()}"


def _done(futures: list) -> None:  # type: ignore[type-arg]
    for future in futures:
        future.result(timeout=300)


def _read(text: str) -> dict[str, float]:
    """Return what ``wrk`` says."""

    def spent(share: str) -> float:
        (number, unit) = re.findall(rf"{share}%\s+([\d.]+)(us|ms|s)", text)[0]
        return float(number) * {"us": 1e-3, "ms": 1.0, "s": 1e3}[unit]

    errors = re.findall(r"(?:Non-2xx or 3xx responses: |connect |read |write |timeout )(\d+)", text)
    (rate,) = re.findall(r"Requests/sec:\s+([\d.]+)", text)
    return {
        "requests/s": float(rate),
        "median ms": spent("50"),
        "p99 ms": spent("99"),
        "errors": float(sum(map(int, errors))),
    }


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--models", type=int, default=1000)
    parser.add_argument("--orders", type=int, default=400)
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
