"""What a page costs, beside Evidently's: seconds and bytes; and whether listings cost more as audits add up.

- **pages**: the gallery's stale audit with 300 and with 2 000 trials, rendered from its record to its HTML,
  on one core. Evidently renders its drift report of 2 000 rows by 20 columns, in an environment of its own
  (it needs pandas below 3.1), made once under ``--cache``. Both in processor time, after one go that is not
  counted; the ratios are of medians.
- **listings**: publishing the newest audit of a model into a folder, with 10, 200, 1 000 and 10 000 audits of
  it in an SQLite ledger, a day apart: page, twin, trials, the model's history, the page of the month, four
  indices.

Run: ``python -m benchmarks.report [--rounds 9] [--json PATH]``
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from statistics import median

from sqlalchemy import Connection, text

from auditor.core.records import Audit
from auditor.reporting.publish import FolderPublisher
from auditor.reporting.render import render_audit
from auditor.storage.database import open_engine
from auditor.storage.ledger import SqlLedger
from benchmarks.paired import machine
from benchmarks.tables import print_table
from tests.gallery import back_from, searched_again, stale

PEER = Path(__file__).with_name("report_peer.py")
TRIALS, AUDITS = (300, 2_000), (10, 200, 1_000, 10_000)
PEER_ROWS, PEER_COLUMNS = 2_000, 20


def main() -> None:
    """Measure, print, and write."""
    options = _options()
    pages = [_page(trials, options.rounds) for trials in TRIALS]
    peer = _peer(options.cache, options.rounds)
    _print_pages(pages, peer)
    listings = [_listing(count, options.rounds) for count in AUDITS]
    _print_listings(listings)
    if options.json:
        found = {"machine": machine(), "pages": pages, "evidently": peer, "listings": listings}
        options.json.write_text(json.dumps(found, indent=1) + "\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--cache", type=Path, default=Path.home() / ".cache" / "auditor-benchmarks")
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


def _seconds(action: Callable[[], object], rounds: int) -> float:
    """Return the median processor time of an action, after one go that is not counted."""
    action()
    taken = []
    for _ in range(rounds):
        started = time.process_time()
        action()
        taken.append(time.process_time() - started)
    return median(taken)


# ---------------------------------------------------------------- pages


def _page(trials: int, rounds: int) -> dict[str, float]:
    audit = searched_again(stale(), trials=trials)
    past = back_from(audit)
    seconds = _seconds(lambda: render_audit(audit, past), rounds)
    return {"trials": trials, "seconds": seconds, "bytes": len(render_audit(audit, past).encode())}


def _peer(cache: Path, rounds: int) -> dict[str, float] | None:
    """Return what Evidently's page costs; None where it cannot be installed."""
    folder = cache / "evidently"
    python = folder / "bin" / "python"
    if not (folder / "made").is_file():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        install = [python, "-m", "pip", "install", "--quiet", "evidently", "pandas<3.1"]
        if subprocess.run(install, check=False).returncode:
            print("Evidently cannot be installed here: it is left out\n")
            return None
        (folder / "made").touch()
    with tempfile.TemporaryDirectory() as name:
        sizes = [str(PEER_ROWS), str(PEER_COLUMNS), str(min(rounds, 5)), f"{name}/page.html"]
        answer = subprocess.run([python, PEER, *sizes], check=True, capture_output=True, text=True)
    found = json.loads(answer.stdout)
    return {
        "rendering": median(found["rendering"]),
        "whole": median(found["whole"]),
        "bytes": found["bytes"],
    }


def _print_pages(pages: list[dict[str, float]], peer: dict[str, float] | None) -> None:
    print_table(
        ("page", "render, ms CPU", "KB", "Evidently / ours: time", "bytes"),
        [
            (
                f"{page['trials']} trials",
                f"{1000 * page['seconds']:.1f}",
                f"{page['bytes'] / 1000:.0f}",
                f"{peer['rendering'] / page['seconds']:.0f}x" if peer else "-",
                f"{peer['bytes'] / page['bytes']:.0f}x" if peer else "-",
            )
            for page in pages
        ],
    )
    if peer:
        print(
            f"\nEvidently: {1000 * peer['rendering']:.0f} ms to render ({1000 * peer['whole']:.0f} ms with "
            f"the comparison), {peer['bytes'] / 1e6:.1f} MB\n"
        )


# ---------------------------------------------------------------- listings


def _listing(audits: int, rounds: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as name:
        url = f"sqlite:///{name}/ledger.db"
        with closing(SqlLedger(url)) as ledger:
            audit = _filled(ledger, url, audits)
            publisher = FolderPublisher(Path(name) / "reports")
            seconds = _seconds(lambda: publisher.publish(audit, ledger), rounds)
    return {"audits": audits, "seconds": seconds}


def _filled(ledger: SqlLedger, url: str, audits: int) -> Audit:
    """Record the churn audit, copy its line back a day at a time, and return it."""
    audit = replace(stale(), id=audits)
    ledger.begin(
        model=audit.model,
        plan_digest="p" * 64,
        capture=ledger.add_capture(audit.capture),
        snapshot=audit.snapshot,
        seed=184,
        now=audit.started_at,
    )
    engine = open_engine(url)
    with engine.begin() as connection:
        # The newest has the highest number, as it would have had.
        connection.execute(text("UPDATE audit SET id = :number"), {"number": audits})
    ledger.finish(audit)
    with engine.begin() as connection:
        _copy_back(connection, audit)
    engine.dispose()
    return audit


def _copy_back(connection: Connection, audit: Audit) -> None:
    """Copy the line of the newest audit to all earlier numbers, each a day before the next."""
    found = connection.execute(text("PRAGMA table_info(audit)"))
    same = ", ".join(f'"{row[1]}"' for row in found if row[1] not in ("id", "started_at"))
    connection.execute(
        text(
            f"INSERT INTO audit (id, started_at, {same}) "  # noqa: S608  # names of our own columns
            f"SELECT :number, :began, {same} FROM audit WHERE id = :newest"
        ),
        [
            {
                "number": audit.id - back,
                "began": (audit.started_at - timedelta(days=back)).strftime("%Y-%m-%d %H:%M:%S.%f"),
                "newest": audit.id,
            }
            for back in range(1, audit.id)
        ],
    )


def _print_listings(listings: list[dict[str, float]]) -> None:
    print_table(
        ("audits of the model", "publishing the newest, ms CPU", "against 10"),
        [
            (
                f"{one['audits']:,}",
                f"{1000 * one['seconds']:.0f}",
                f"{one['seconds'] / listings[0]['seconds']:.2f}x",
            )
            for one in listings
        ],
    )


if __name__ == "__main__":
    main()
