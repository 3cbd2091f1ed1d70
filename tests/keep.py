"""Keeps the ledger of a small project as today's auditor writes it: ``python -m tests.keep``.

Every schema that was ever the newest has one in ``tests/kept``, which all later auditors must read. So run
this when a migration is added, before that schema is anybody's; a kept ledger is never written again. What
stands in it is what a user's would: an audit that found something, the change that was applied, a notice, an
order that waits, and one turn of a live model.
"""

import os
import re
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pandas as pd

from auditor.core.records import Asked, Occasion, Why
from auditor.storage.lines import HEAD
from auditor.storage.queue import SqlQueue
from auditor.wiring import SystemClock

KEPT = Path(__file__).parent / "kept"
LOSSES_KEPT = 7
"""Losses row by row take most of a ledger, and one row of them is as the other."""

M = """
model = "m"
production = { from = "json:params.json" }
data = { source = "rows.parquet", target = "y", drop = ["at"] }
trainer = { estimator = "sklearn.neighbors:KNeighborsRegressor" }
search.n_neighbors = { scale = "log", integer = true, low = 1, high = 40 }
policy = { metric = "squared_error" }
budget = { trials = 12, strategy = "caviar" }
"""
LIVE = """
model = "live"
production = { alpha = 1e-4 }
data = { source = "rows.parquet", target = "y", time = "at" }
trainer = { estimator = "sklearn.linear_model:SGDRegressor" }
search.alpha = { scale = "log", low = 1e-6, high = 1e-2 }
policy = { metric = "squared_error" }
budget = { strategy = "panda", turns = 1 }
"""

_HERE = {
    r'("platform":\s*)"[^"]*"': r'\1"Linux-6.1.0-x86_64-with-glibc2.36"',
    r'("cpu":\s*)"[^"]*"': r'\1"AMD EPYC"',
}
"""What tells of the machine that this was run on, and what stands there instead."""


def main() -> None:
    """Write the ledger of the newest schema."""
    target = KEPT / f"{HEAD}.sql"
    if target.exists():
        raise SystemExit(f"{target} is kept already, and stays as it is")
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        _live_a_little(place)
        target.write_text(_dumped(place / "auditor.db"))
    print(f"kept as {target}")  # noqa: T201  # a command


def _live_a_little(place: Path) -> None:
    chance = np.random.default_rng(1)
    x = chance.uniform(-3, 3, (600, 3))
    rows = pd.DataFrame(x, columns=list("abc")).assign(
        y=np.sin(x).sum(axis=1) + chance.standard_normal(600),
        at=pd.date_range("2026-01-01", periods=600, freq="h"),
    )
    rows.to_parquet(place / "rows.parquet", index=False)
    (place / "params.json").write_text('{"n_neighbors": 2}')
    (place / "schedules").mkdir()
    (place / "schedules" / "m.toml").write_text(M)
    (place / "schedules" / "live.toml").write_text(LIVE)
    _auditor(place, ["run", "m", "--seed", "1"], allowed=(1,))  # stale
    _auditor(place, ["apply", "1", "--yes"])
    _auditor(place, ["run", "live", "--seed", "1"], allowed=(3,))  # one turn tells nothing yet
    with closing(SqlQueue(f"sqlite:///{place}/auditor.db", SystemClock())) as queue:
        occasion = Occasion(why=Why.REQUEST, said="asked for by hand", due=SystemClock().now())
        queue.order(key="request kept", schedule="m", model="m", occasion=occasion, asked=Asked())


def _auditor(place: Path, words: Sequence[str], *, allowed: tuple[int, ...] = (0,)) -> None:
    # Nobody listens there: the notice waits in the outbox.
    environment = {**os.environ, "AUDITOR_NOTIFY": "http://127.0.0.1:9/hook", "AUDITOR_EXECUTOR": "inline"}
    ran = subprocess.run(
        [sys.executable, "-m", "auditor", *words],
        cwd=place,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode not in allowed:
        raise SystemExit(f"auditor {' '.join(words)}: code {ran.returncode}\n{ran.stdout}{ran.stderr}")


def _dumped(path: Path) -> str:
    with closing(sqlite3.connect(path)) as database:
        database.execute(
            "DELETE FROM trial_losses WHERE rowid NOT IN (SELECT rowid FROM trial_losses LIMIT ?)",
            [LOSSES_KEPT],
        )
        database.commit()
        text = "\n".join(database.iterdump()) + "\n"
    for told, instead in _HERE.items():
        text = re.sub(told, instead, text)
    return text


if __name__ == "__main__":
    main()
