"""What moved between two snapshots, beside Evidently's defaults: how fast, and how right.

Evidently needs pandas below 3.1, so it runs in an environment of its own, made once under
``--cache``; where it cannot be installed, its columns are left out and that is said.

- **speed**: 100 000 rows by 20 columns (16 of floats, one of whole numbers, two of words, a target), on one
  core. A cell is a value of one of the two snapshots: reading both counts once. Ours is timed from the
  vault's files to the record, Evidently from frames in memory to its report; both in processor time, which
  other work on the machine disturbs least.
- **nothing moved**: 20 columns of eight kinds; how many columns are called moved, over many seeds. Then
  the same in time order, with neighbours that are alike (autocorrelation 0.9).
- **5 of 20 moved**: which are found, and how far each side says they lie apart.
- **real data**: the first against the sixth and the last tenth of each set in ``--data``, if it is there.

Run: ``python -m benchmarks.drift [--seeds 200] [--peer-seeds 10] [--rounds 5] [--json PATH]``
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from auditor.core.cells import cells_of
from auditor.core.column_drift import compare
from auditor.core.drift import corrected
from auditor.core.records import ColumnDrift, DataSpec, Drift
from auditor.sources.delivery import deliver_table
from auditor.sources.tables import prepared
from auditor.stages.triage import drift_between
from auditor.storage.vault import FileVault
from benchmarks.paired import machine

Columns = Mapping[str, np.ndarray]
Case = tuple[Columns, Columns]

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ROWS, SMALL_ROWS = 100_000, 2_000
DATA = DataSpec(source="benchmark", target="y")
PEER = Path(__file__).with_name("drift_peer.py")
REAL = {
    "nycflights13": ("ts", "drifts"),
    "noaa_weather": ("t", "drifts"),
    "elec2": ("ts", "drifts"),
    "acs_employment_ma": ("ts", "the control"),
}
POSITIONS = ("t", "ts", "year", "month", "date_norm", "y_reg")
"""Columns that say when a row was, and a second target."""

PEER_VOTE = 0.5
"""Share of columns from which Evidently says that the data set drifted, by default."""


def main() -> None:
    """Measure, print, and write."""
    options = _options()
    python = _peer_environment(options.cache)
    found: dict[str, Any] = {"machine": machine(), "speed": _speed(python, rounds=options.rounds)}
    if not options.only_speed:
        found |= {
            "nothing moved": _false_flags(python, seeds=options.seeds, peer_seeds=options.peer_seeds),
            "5 of 20 moved": _planted(python),
            "real data": _real(options.data),
        }
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--peer-seeds", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only-speed", action="store_true")
    parser.add_argument("--cache", type=Path, default=Path.home() / ".cache" / "auditor-benchmarks")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


# ---------------------------------------------------------------- the peer


def _peer_environment(cache: Path) -> Path | None:
    """Return an interpreter that has Evidently, made if it is not there; None where it cannot be."""
    folder = cache / "evidently"
    python = folder / "bin" / "python"
    if not (folder / "made").is_file():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        install = [python, "-m", "pip", "install", "--quiet", "evidently", "pandas<3.1"]
        if subprocess.run(install, check=False).returncode:
            print("Evidently cannot be installed here: its columns are left out\n")
            return None
        (folder / "made").touch()
    return python


def _peer(python: Path | None, cases: Mapping[str, Case], *, rounds: int = 1) -> dict[str, Any]:
    if python is None:
        return {}
    with tempfile.TemporaryDirectory() as folder:
        for name, sides in cases.items():
            (Path(folder) / name).mkdir()
            for when, columns in zip(("then", "now"), sides, strict=True):
                np.savez(Path(folder) / name / f"{when}.npz", **columns)
        answer = subprocess.run(
            [python, PEER, folder, str(rounds)], check=True, capture_output=True, text=True
        )
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


# ---------------------------------------------------------------- speed


def _speed(python: Path | None, *, rounds: int) -> dict[str, Any]:
    case = _wide(0), _wide(1)
    with tempfile.TemporaryDirectory() as folder:
        ours = _timed(case, Path(folder), rounds=rounds)
    theirs = _peer(python, {"speed": case}, rounds=min(rounds, 3)).get("speed", {}).get("seconds", [])
    cells = ROWS * len(case[0])
    rates = {
        name: cells / min(seconds) / 1e6
        for name, seconds in {"auditor": ours, "Evidently": theirs}.items()
        if seconds
    }
    print(f"Speed: {ROWS} rows x {len(case[0])} columns, best of {rounds}, processor time")
    for name, rate in rates.items():
        print(f"  {name:<10} {rate:8.2f} M cells/s")
    if theirs:
        print(f"  ratio      {rates['auditor'] / rates['Evidently']:8.0f}")
    print()
    return {"cells_per_second": {name: rate * 1e6 for name, rate in rates.items()}}


def _wide(seed: int) -> Columns:
    rng = np.random.default_rng(seed)
    words = np.array([f"word-{number:03}" for number in range(200)], dtype=object)
    return {
        **{f"x{number:02}": rng.standard_normal(ROWS) for number in range(16)},
        "count": rng.poisson(20, ROWS),
        "few": words[rng.integers(0, 5, ROWS)],
        "many": words[rng.integers(0, 200, ROWS)],
        "y": rng.integers(0, 2, ROWS),
    }


def _timed(case: Case, folder: Path, *, rounds: int) -> list[float]:
    vault = FileVault(folder / "vault")
    digests = [_filed(vault, columns, folder) for columns in case]
    for digest in digests:
        vault.verify(digest)
    drift_between(*digests, data=DATA, vault=vault)  # maps the files, imports scipy.special
    seconds = []
    for _ in range(rounds):
        started = time.process_time()
        drift_between(*digests, data=DATA, vault=vault)
        seconds.append(time.process_time() - started)
    return seconds


def _filed(vault: FileVault, columns: Columns, folder: Path) -> str:
    table = prepared(pa.table({name: pa.array(values) for name, values in columns.items()}), DATA)
    path = deliver_table(table, DATA, str(folder))
    return vault.file(path, source="benchmark", time=None, taken_at=NOW).digest


# ---------------------------------------------------------------- correctness


def _ours(case: Case, *, ordered: bool = False) -> tuple[ColumnDrift, ...]:
    then, now = case
    return corrected(
        [compare(name, cells_of(then[name]), cells_of(now[name]), ordered=ordered) for name in then]
    )


def _false_flags(python: Path | None, *, seeds: int, peer_seeds: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    print(f"Nothing moved: columns called moved, of 20 columns x {seeds} seeds (Evidently: {peer_seeds})")
    for name, rows, alike in [("200 rows", 200, 0.0), ("2 000 rows", 2000, 0.0), ("alike", 2000, 0.9)]:
        flags = [_ours(_still(seed, rows, alike=alike), ordered=alike > 0.0) for seed in range(seeds)]
        cases = {f"{seed:03}": _still(seed, rows, alike=alike) for seed in range(peer_seeds)}
        theirs = [_count(case["columns"]) for case in _peer(python, cases).values()]
        found[name] = {
            "auditor": sum(column.moved for columns in flags for column in columns) / (20 * seeds),
            "auditor p < 0.05": sum(c.p_value < 0.05 for columns in flags for c in columns) / (20 * seeds),
            "Evidently": sum(theirs) / (20 * peer_seeds) if theirs else None,
        }
        print(f"  {name:<12}", "   ".join(f"{who} {_share(share)}" for who, share in found[name].items()))
    print()
    return found


def _share(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.2f} %"


def _count(columns: list[dict[str, Any]]) -> int:
    return sum(column["moved"] for column in columns)


def _still(seed: int, rows: int, *, alike: float) -> Case:
    """Return two draws from one world: 20 columns of eight kinds, in a row with memory if asked for."""
    return _draw([seed, 0], rows, alike=alike), _draw([seed, 1], rows, alike=alike)


def _draw(seed: list[int], rows: int, *, alike: float) -> dict[str, np.ndarray]:
    from scipy.special import ndtr

    rng = np.random.default_rng(seed)
    base = _memory(rng.standard_normal((20, rows)), alike)
    share = ndtr(base)
    words = np.array(["web", "app", "shop", "phone", "kiosk"], dtype=object)
    rare = np.array([f"id-{number}" for number in range(500)], dtype=object)
    kinds = [
        lambda row: base[row],
        lambda row: np.exp(base[row]),
        lambda row: np.floor(-np.log1p(-share[row]) * 10.0),
        lambda row: np.where(share[row] < 0.6, 0.0, base[row]),
        lambda row: np.where(rng.random(rows) < 0.1, np.nan, base[row]),
        lambda row: words[np.searchsorted([0.5, 0.8, 0.95, 0.99], share[row])],
        lambda row: rare[np.minimum(499, np.floor(500 * share[row] ** 2)).astype(int)],
        lambda row: share[row] < 0.3,
    ]
    return {f"c{row:02}": kinds[row % len(kinds)](row) for row in range(20)}


def _memory(noise: np.ndarray, alike: float) -> np.ndarray:
    """Return rows with autocorrelation ``alike``, of variance 1."""
    if alike == 0.0:
        return noise
    found = noise.copy()
    for step in range(1, noise.shape[1]):
        found[:, step] = alike * found[:, step - 1] + np.sqrt(1.0 - alike**2) * noise[:, step]
    return found


def _planted(python: Path | None) -> list[dict[str, Any]]:
    then, now = _still(7, SMALL_ROWS, alike=0.0)
    rng = np.random.default_rng(99)
    moved = {
        "c00": now["c00"] + 0.5,
        "c01": now["c01"] * 1.5,
        "c04": np.where(rng.random(SMALL_ROWS) < 0.15, np.nan, now["c04"]),
        "c05": np.where(rng.random(SMALL_ROWS) < 0.08, "chat", now["c05"]),
        "c07": rng.random(SMALL_ROWS) < 0.5,
    }
    case = then, {**now, **moved}
    theirs = {
        column["name"]: column for column in _peer(python, {"one": case}).get("one", {}).get("columns", [])
    }
    rows = []
    print(f"5 of 20 moved, {SMALL_ROWS} rows: planted in {', '.join(moved)}")
    for column in _ours(case):
        peer = theirs.get(column.name)
        if column.moved or column.name in moved or (peer and peer["moved"]):
            said = (
                f"{peer['method']} {peer['score']:.3g} {'moved' if peer['moved'] else '-'}" if peer else "-"
            )
            print(
                f"  {column.name}  {'moved' if column.moved else '-':<6} index {column.distance:.3f}, shift "
                f"{column.shift:.3f}, p {column.p_value:.1e}; {column.sentence}   | Evidently: {said}"
            )
        rows.append({"name": column.name, "moved": column.moved, "distance": column.distance, "peer": peer})
    print(f"  auditor: {sum(row['moved'] for row in rows)} of 20 moved")
    if theirs:
        share = _count([*theirs.values()]) / len(theirs)
        over_all = "detected" if share >= PEER_VOTE else "NOT detected"
        print(f"  Evidently: {100 * share:.0f} % of the columns drifted; dataset drift: {over_all}")
    print()
    return rows


# ---------------------------------------------------------------- real data


def _real(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, (order, known) in REAL.items():
        path = folder / f"{name}.parquet"
        if path.is_file():
            found[name] = {
                later: _shown(f"{name} ({known})", _of_file(path, order, later)) for later in (5, 9)
            }
    return found


def _shown(name: str, drift: Drift) -> dict[str, Any]:
    moved = [column for column in drift.columns if column.moved]
    until = f", to {drift.last_now:%Y-%m-%d}" if drift.last_now else ""
    print(f"{name}{until}: {drift.headline}")
    for column in moved[:3]:
        print(f"    {column.name}: index {column.distance:.2f}; {column.sentence}")
    return {"headline": drift.headline, "moved": [column.name for column in moved]}


def _of_file(path: Path, order: str | None, later: int) -> Drift:
    """Compare the first tenth of a file with a later one."""
    table = pq.read_table(path)
    order = order if order in table.column_names else None
    positions = tuple(name for name in POSITIONS if name in table.column_names and name != order)
    data = DataSpec(source=str(path), target="y", time=order, drop=positions)
    tenth = table.num_rows // 10
    with tempfile.TemporaryDirectory() as name:
        vault = FileVault(Path(name) / "vault")
        digests = [
            vault.file(
                deliver_table(prepared(table.slice(part * tenth, tenth), data), data, name),
                source=path.name,
                time=order,
                taken_at=NOW,
            ).digest
            for part in (0, later)
        ]
        return drift_between(*digests, data=data, vault=vault)


if __name__ == "__main__":
    main()
