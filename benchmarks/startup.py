"""How long the command line takes to answer, beside Optuna's.

Each command is a process of its own, with its bytecode cached and its files in memory. ``status``
is asked in an empty folder, and beside a ledger of 100 audits of 10 models; ``optuna studies``
beside an SQLite file of 100 studies.

Run: ``python -m benchmarks.startup [--rounds 9] [--json PATH]``
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import optuna

from auditor.storage.ledger import SqlLedger
from benchmarks.paired import Cost, cost_of, in_turns, print_table, summary, write_json
from tests.examples import a_capture, a_snapshot, an_audit

NOW = datetime(2026, 1, 1, tzinfo=UTC)
AUDITS, MODELS = 100, 10


def main() -> None:
    """Measure, print, and write."""
    options = _options()
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        empty = _folder(folder / "empty")
        full = _folder(folder / "full")
        _fill_ledger(full)
        studies = _fill_studies(folder / "optuna.db")
        pairs = {
            "--help": (_command("auditor", "--help"), _command("optuna", "--help")),
            "status, empty folder": (_command("auditor", "status", within=empty), _command(*studies)),
            f"status, {AUDITS} audits": (_command("auditor", "status", within=full), _command(*studies)),
        }
        rows = {name: summary(*in_turns(pair, rounds=options.rounds)) for name, pair in pairs.items()}
    print_table(f"A command, from start to exit; {options.rounds} rounds", rows, peer="optuna")
    write_json(options.json, rows, rounds=options.rounds)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


def _folder(path: Path) -> Path:
    (path / "schedules").mkdir(parents=True)
    return path


def _command(*words: str, within: Path | None = None) -> Callable[[int], Cost]:
    """Return a contestant that runs a command of this interpreter's environment."""
    program, *arguments = words
    found = shutil.which(program, path=str(Path(sys.executable).parent))
    if found is None:
        raise SystemExit(f"{program} is not installed beside {sys.executable}")
    return lambda _round: _run([found, *arguments], within)


def _run(command: Sequence[str], within: Path | None) -> Cost:
    ended: list[subprocess.CompletedProcess[bytes]] = []
    cost = cost_of(
        lambda: ended.append(subprocess.run(command, cwd=within, capture_output=True, check=False))
    )
    # Not by the exit code: 1 says that something is stale, and a traceback ends with 1 as well.
    if not ended[0].stdout or ended[0].stderr:
        raise SystemExit(f"{' '.join(command)} did not answer:\n{ended[0].stderr.decode()}")
    return cost


def _fill_ledger(folder: Path) -> None:
    ledger = SqlLedger(f"sqlite:///{folder}/auditor.db")
    for number in range(AUDITS):
        model, now = f"model-{number % MODELS}", NOW + timedelta(days=number)
        snapshot = a_snapshot(f"{number:064x}")
        opened = ledger.begin(
            model=model,
            plan_digest="0" * 64,
            capture=ledger.add_capture(a_capture(model)),
            snapshot=snapshot,
            seed=None,
            now=now,
        )
        ledger.finish(replace(an_audit(opened.id, model=model, snapshot=snapshot), finished_at=now))
    ledger.close()


def _fill_studies(path: Path) -> tuple[str, ...]:
    for number in range(AUDITS):
        optuna.create_study(storage=f"sqlite:///{path}", study_name=f"model-{number}")
    return ("optuna", "--storage", f"sqlite:///{path}", "studies")


if __name__ == "__main__":
    main()
