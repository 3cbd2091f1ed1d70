"""What large data costs, beside pyarrow itself: a snapshot, the workers' copy of it, and what moved.

Each go is a process of its own, so that its peak of memory is its own: anonymous memory, sampled every
10 ms, without the pages of mapped files, which the kernel takes back as it likes. Rounds alternate.

- **rows**: 10 000 000 rows x 20 columns (18 numbers, a time, a target), in time order.
- **wide**: 20 000 rows x 5 000 numbers.
- **text**: 1 000 000 rows, 10 columns of text (5 of 50 words, 5 of 200 000), 5 numbers.

Measured is reading a Parquet file, checking it, writing it in the vault's form, its digests, filing it; the
peer reads the same file with pyarrow and writes it with the same compression: in one piece, as most do, and
row group by row group, as one does who is short of memory. **grown** is the snapshot of the same table with 1
% more rows, in a vault that has the one before: what is written then, and what it costs beside a
whole snapshot. What was measured is written as soon as it was.

Run: ``python -m benchmarks.large_data [--rounds 3] [--json PATH] [--only rows wide text]
[--ways snapshot pyarrow] [--scale 0.1]``
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.paired import machine
from benchmarks.tables import print_table

NOON = datetime(2026, 3, 15, 12, tzinfo=UTC)
KINDS = ("rows", "wide", "text")
WAYS = ("snapshot", "grown", "pyarrow", "pyarrow by row group", "frame", "moved")


def main() -> None:
    """Measure, print, and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--only", nargs="+", choices=KINDS, default=KINDS)
    parser.add_argument("--scale", type=float, default=1.0, help="share of the rows")
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=WAYS)
    parser.add_argument("--go", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.go:
        print(json.dumps(_go(options.go[0], Path(options.go[1]))))
        return
    found: dict[str, dict[str, dict[str, float]]] = {}
    kept = _kept(options.json)  # of kinds that are not asked for now

    def keep(kind: str, summary: dict[str, dict[str, float]]) -> None:
        found[kind] = summary
        if options.json:
            facts = {"machine": machine(), "rounds": options.rounds, "scale": options.scale}
            kinds = {**kept, **{each: {**facts, "ways": ways} for each, ways in found.items()}}
            options.json.write_text(json.dumps({"kinds": kinds}, indent=1) + "\n")

    for kind in options.only:
        _measure(kind, options.ways, options.rounds, options.scale, keep=keep)
    _print(found)


def _kept(path: Path | None) -> dict[str, Any]:
    if path is None or not path.exists():
        return {}
    kinds: dict[str, Any] = json.loads(path.read_text())["kinds"]
    return {kind: facts for kind, facts in kinds.items() if "ways" in facts}


def _measure(
    kind: str,
    ways: Sequence[str],
    rounds: int,
    scale: float,
    *,
    keep: Callable[[str, dict[str, dict[str, float]]], None],
) -> None:
    goes: dict[str, list[dict[str, float]]] = {way: [] for way in ways}
    with tempfile.TemporaryDirectory(prefix="auditor-large-") as name:
        folder = Path(name)
        wanted = [file for file, way in (("then", "moved"), ("grown", "grown")) if way in ways]
        for file in ("now", *wanted):
            subprocess.run(
                [sys.executable, "-c", _MAKE, kind, str(scale), str(folder / f"{file}.parquet"), file],
                check=True,
            )
            if file != "grown":
                (folder / f"{file}.digest").write_text(_in_a_process(f"file {file}", folder)["digest"])
        for number in range(rounds):
            for way in ways if number % 2 == 0 else tuple(reversed(ways)):
                goes[way].append(_in_a_process(way, folder))
                print(kind, way, goes[way][-1], file=sys.stderr, flush=True)
                keep(kind, _summary(goes))


def _summary(goes: dict[str, list[dict[str, float]]]) -> dict[str, dict[str, float]]:
    summary = {way: _middle(each) for way, each in goes.items() if each}
    for way, peer in (("snapshot", "pyarrow"), ("grown", "snapshot")):
        pairs = list(zip(goes.get(way, ()), goes.get(peer, ()), strict=False))
        for unit in ("wall", "cpu") if pairs else ():
            summary[way][f"ratio_{unit}"] = median(ours[unit] / other[unit] for ours, other in pairs)
    return summary


def _in_a_process(way: str, folder: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.large_data", "--go", way, str(folder)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "ARROW_NUM_THREADS": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _middle(goes: list[dict[str, float]]) -> dict[str, float]:
    return {unit: median(go[unit] for go in goes) for unit in goes[0]}


def _go(way: str, folder: Path) -> dict[str, Any]:
    """Do one thing once, and return what it cost."""
    import pyarrow as pa

    if way.startswith("file "):
        return {"digest": _snapshot(folder, of=way.removeprefix("file "), prepare=True)}

    import auditor.sources.data
    import auditor.stages.triage
    import auditor.storage.vault  # noqa: F401  # imports are no part of it

    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)
    action = _ACTIONS[way](folder)
    before, peak, done = _anonymous(), [0], threading.Event()

    def watch() -> None:
        while not done.wait(0.01):
            peak[0] = max(peak[0], _anonymous() - before)

    watcher = threading.Thread(target=watch)
    watcher.start()
    cpu, wall = time.process_time(), time.perf_counter()
    said = action()
    cost = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    done.set()
    watcher.join()
    return {**cost, "peak_mb": max(peak[0], 0) / 1e6, **(said if isinstance(said, dict) else {})}


def _anonymous() -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("RssAnon"):
            return int(line.split()[1]) * 1024
    return 0


def _snapshot(folder: Path, *, of: str = "now", prepare: bool = False, vault: str = "vault") -> str:
    from auditor.core.records import DataSpec
    from auditor.sources.data import fetch_rows
    from auditor.storage.vault import FileVault

    # One name, as a table that grows has: what was learned of it is kept by its name.
    source = folder / "source.parquet"
    source.unlink(missing_ok=True)
    source.hardlink_to(folder / f"{of}.parquet")
    spec = DataSpec(source=str(source), target="y", time="t" if "t" in _names(source) else None)
    with tempfile.TemporaryDirectory(dir=folder) as into:
        vault = FileVault(folder / vault)
        path = fetch_rows(spec, into, call=_nobody, held=vault)
        digest = vault.file(path, source="rows", time=spec.time, taken_at=NOON).digest
        if prepare:
            vault.prepare(digest)
        return digest


def _afresh(folder: Path) -> dict[str, float]:
    """Take a snapshot in a vault that has nothing, and return how many bytes it has then."""
    with tempfile.TemporaryDirectory(dir=folder) as name:
        _snapshot(folder, vault=name)
        return {"written_mb": sum(map(_bytes, Path(name).rglob("*"))) / 1e6}


def _grown(folder: Path) -> Callable[[], dict[str, float]]:
    """Make a vault that has the table as it was, and return what takes the snapshot of it as it is."""
    vault = folder / "grown-vault"
    if not vault.exists():
        _snapshot(folder, vault=vault.name)
        if (vault / "memory").exists():  # there is none where one chunk is all
            shutil.copytree(vault / "memory", folder / "memory")
    before = set(vault.rglob("*"))

    def grow() -> dict[str, float]:
        _snapshot(folder, of="grown", vault=vault.name)
        new = [path for path in vault.rglob("*") if path not in before and path.is_file()]
        written = {"written_mb": sum(map(_bytes, new)) / 1e6}
        for path in new:  # for the next round
            path.unlink()
        if (folder / "memory").exists():
            shutil.copytree(folder / "memory", vault / "memory", dirs_exist_ok=True)
        return written

    return grow


def _bytes(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _nobody(*_: object, **__: object) -> object:
    raise AssertionError("no user code is asked")


def _names(path: Path) -> list[str]:
    import pyarrow.parquet as pq

    names: list[str] = pq.read_schema(path).names
    return names


def _pyarrow(folder: Path) -> Callable[[], object]:
    import pyarrow.parquet as pq

    def write() -> None:
        table = pq.read_table(folder / "now.parquet")
        pq.write_table(table, folder / "plain.parquet", compression="zstd")

    return write


def _by_row_group(folder: Path) -> Callable[[], object]:
    import pyarrow.parquet as pq

    def write() -> None:
        with (
            pq.ParquetFile(folder / "now.parquet") as file,
            pq.ParquetWriter(folder / "plain.parquet", file.schema_arrow, compression="zstd") as writer,
        ):
            for batch in file.iter_batches(65_536):
                writer.write_batch(batch)

    return write


def _frame(folder: Path) -> Callable[[], object]:
    from auditor.storage.vault import FileVault

    digest = (folder / "now.digest").read_text()
    return lambda: FileVault(folder / "vault").prepare(digest)


def _moved(folder: Path) -> Callable[[], object]:
    from auditor.core.records import DataSpec
    from auditor.stages.triage import drift_between
    from auditor.storage.vault import FileVault

    vault = FileVault(folder / "vault")
    digests = [(folder / f"{of}.digest").read_text() for of in ("then", "now")]
    time_column = "t" if "t" in _names(folder / "now.parquet") else None
    data = DataSpec(source="rows", target="y", time=time_column)
    return lambda: drift_between(digests[0], digests[1], data=data, vault=vault)


_ACTIONS: dict[str, Callable[[Path], Callable[[], object]]] = {
    "snapshot": lambda folder: lambda: _afresh(folder),
    "grown": _grown,
    "pyarrow": _pyarrow,
    "pyarrow by row group": _by_row_group,
    "frame": _frame,
    "moved": _moved,
}

_MAKE = """
import sys
import numpy as np, pyarrow as pa, pyarrow.parquet as pq
kind, scale, path, which = sys.argv[1], float(sys.argv[2]), sys.argv[3], sys.argv[4]
chance = np.random.default_rng(len("now" if which == "grown" else which))
rows = int({"rows": 10_000_000, "wide": 20_000, "text": 1_000_000}[kind] * scale)
numbers = {"rows": 18, "wide": 4_999, "text": 4}[kind]
columns = {f"x{number}": chance.standard_normal(rows) for number in range(numbers)}
if kind == "rows":
    start = np.datetime64("2026-01-01", "us")
    columns["t"] = start + np.sort(chance.integers(0, 10**13, rows)).astype("timedelta64[us]")
if kind == "text":
    for number in range(10):
        words = 50 if number < 5 else 200_000
        spelled = pa.array([f"word {each * 7919 % words:06d}" for each in range(words)])
        columns[f"text{number}"] = spelled.take(pa.array(chance.integers(0, words, rows)))
columns["y"] = chance.standard_normal(rows)
table = pa.table(columns)
if which == "grown":
    new = table.slice(0, max(1, rows // 100))
    if kind == "rows":
        later = pa.array(columns["t"][: new.num_rows] + (columns["t"][-1] - columns["t"][0]))
        new = new.set_column(new.column_names.index("t"), "t", later)
    table = pa.concat_tables([table, new])
pq.write_table(table, path)
"""


def _print(found: dict[str, dict[str, dict[str, float]]]) -> None:
    lines = [
        (
            f"{kind}: {way}",
            f"{costs['wall']:.2f}",
            f"{costs['cpu']:.2f}",
            f"{costs['peak_mb']:.0f}",
            f"{costs['written_mb']:.0f}" if "written_mb" in costs else "",
            f"{costs['ratio_wall']:.2f}w {costs['ratio_cpu']:.2f}c" if "ratio_cpu" in costs else "",
        )
        for kind, ways in found.items()
        for way, costs in ways.items()
    ]
    print_table(("", "wall, s", "cpu, s", "peak, MB", "written, MB", "beside its peer"), lines)


if __name__ == "__main__":
    main()
