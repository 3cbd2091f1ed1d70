"""Captures that are killed while they file a snapshot: ``python -m tests.filing FOLDER``, for `test_filing`.

A table is captured and grows; its next capture dies by SIGKILL at a moment that is counted, and the one
after that goes through. Every capture is a process of its own, forked from this one, which has the libraries
imported: so it takes a tenth of a second and not two. Chunks are small, so that there are several.
"""

import json
import os
import random
import shutil
import signal
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from auditor.interface import capture
from auditor.settings import Settings
from auditor.sources import delivery, streams
from auditor.storage.stock import Stock
from auditor.storage.vault import FileVault
from auditor.wiring import SystemClock, open_ledger
from benchmarks.crashes import forked

CHUNK, ROWS, GROWN = 500, 3_000, 4_800
SCHEDULE = """
production = { alpha = 1.0 }
data = { source = "rows.parquet", target = "y", time = "at" }
trainer = { estimator = "sklearn.linear_model:Ridge" }
"""


def main() -> None:
    """Tell what came of every kill, a line of JSON each; the first line is of what nothing disturbed."""
    folder = Path(sys.argv[1])
    os.environ["AUDITOR_EXECUTOR"] = "inline"
    for module in (streams, delivery):
        module.ROW_GROUP = CHUNK
    base = _laid_out(folder / "base")
    _forked(base, _captured)
    _grow(base, GROWN)
    whole = shutil.copytree(base, folder / "whole")
    _, (syncs, state) = _forked(whole, lambda: (_counting(os, "fsync", _captured), _state()))
    _tell({"syncs": syncs, **state})
    chance = random.Random(7)  # noqa: S311 - moments to die at
    moments = [("sync", at) for at in (1, syncs, *chance.sample(range(2, syncs), 2))]
    for what, at in [*moments, ("half a file", chance.randint(1, 3))]:
        here = shutil.copytree(base, folder / f"{what} {at}")
        code, _ = _forked(here, lambda what=what, at=at: _dying(what, at))
        _, left = _forked(here, _state)
        _, (then, tidied) = _forked(here, lambda: (_captured(), (_state(), _tidied()))[1])
        _tell({"at": f"{what} {at}", "code": code, "left": left, "then": then, "tidied": tidied})


def _tell(facts: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()  # or a process that is forked next says it again


def _laid_out(folder: Path) -> Path:
    (folder / "schedules").mkdir(parents=True)
    (folder / "schedules" / "m.toml").write_text(SCHEDULE)
    _grow(folder, ROWS)
    return folder


def _grow(folder: Path, rows: int) -> None:
    x = np.random.default_rng(1).standard_normal(GROWN)
    frame = pd.DataFrame({"x": x, "y": 2.0 * x, "at": pd.date_range("2026-01-01", periods=GROWN, freq="min")})
    frame[:rows].to_parquet(folder / "rows.parquet", row_group_size=CHUNK)


def _captured() -> None:
    capture("m", data=True)


def _state() -> dict[str, Any]:
    """Return which snapshots are told of, which are whole, what is damaged, and what lies about."""
    with closing(open_ledger(Settings.here())) as ledger:
        told = [each.snapshot for each in ledger.captures("m")]
    vault, stock = FileVault(Path("vault")), Stock(Path("vault"))
    for digest in stock.snapshots():
        vault.verify(digest)  # raises if a byte is wrong
    return {"told": told, "whole": stock.snapshots(), "damaged": stock.damaged(), "files": _files()}


def _tidied() -> list[str]:
    """Prune as if a day had gone by and all that is told of had gone: return what is left."""
    stock, later = Stock(Path("vault")), SystemClock().now() + timedelta(days=1)
    stock.drop_snapshots(stock.snapshots(), before=later)
    stock.drop_parts(before=later)
    return _files()


def _files() -> list[str]:
    kept = ("memory", "locks", "frames")
    found = (path.relative_to("vault") for path in Path("vault").rglob("*") if path.is_file())
    return sorted(str(path) for path in found if path.parts[0] not in kept)


def _counting(module: Any, name: str, do: Callable[[], None]) -> int:
    seen, real = [0], getattr(module, name)

    def counted(*given: Any) -> Any:
        seen[0] += 1
        return real(*given)

    setattr(module, name, counted)
    do()
    return seen[0]


def _dying(what: str, at: int) -> None:
    """Capture, and die: at a file that is synced, in the vault or on its way; or with half a file written."""
    left = [at]

    def sync(handle: int) -> None:
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)
        real_sync(handle)

    def write(path: Path, content: Any) -> None:
        left[0] -= 1
        if not left[0]:
            path.write_bytes(bytes(content)[: len(content) // 2])
            os.kill(os.getpid(), signal.SIGKILL)
        real_write(path, content)

    real_sync, real_write = os.fsync, delivery._write  # noqa: SLF001 - to die in its middle
    if what == "sync":
        os.fsync = sync
    else:
        delivery._write = write  # noqa: SLF001
    _captured()


def _forked(folder: Path, function: Callable[[], object]) -> tuple[int, Any]:
    """Do something in a process of its own; return how that ended, and what it returned."""

    def there() -> object:
        os.chdir(folder)
        os.environ["TMPDIR"] = str(folder)
        return function()

    code, text = forked(there)
    if code == 1:
        raise SystemExit("a process failed; it said why")
    return code, json.loads(text) if text else None


if __name__ == "__main__":
    main()
