"""What the engine itself costs a trial, beside Optuna with SQLite.

The engine's share of a trial: the strategy proposes it, the pool hands it to a worker process and
takes its result back, the ledger records it. The trainer does next to nothing. Optuna proposes at
random, runs the objective in this process and records one number; the engine is measured recording
the same number, and recording the loss of each of 1 000 scored rows with it. All write to fresh
SQLite files on the same disk. Optuna waits for the disk ten times a trial; the ledger, which can run a
lost trial again, leaves it to the system when trials reach the disk.

Run: ``python -m benchmarks.engine_overhead [--trials 30 300] [--rounds 9] [--json PATH]``
"""

import argparse
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import optuna

from auditor.core.records import (
    Budget,
    Capture,
    CapturedSetting,
    CodeVersion,
    DataSpec,
    DimensionSpec,
    Environment,
    Layout,
    Margin,
    Plan,
    Policy,
    ProductionSpec,
    ScaleName,
    Snapshot,
    TrainerSpec,
    When,
)
from auditor.core.space import build_space
from auditor.core.strategies.caviar import Caviar
from auditor.executors.pool import PoolExecutor
from auditor.ports import Work
from auditor.runner import Runner
from auditor.stages.search import search
from auditor.storage.ledger import SqlLedger
from benchmarks.paired import Cost, cost_of, in_turns, print_table, summary, write_json
from benchmarks.workload import ROWS, loss_of, perform, perform_row_by_row

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PRODUCTION = {"rate": 0.1, "momentum": 0.5, "depth": 4}
SPACE = {
    "rate": DimensionSpec(scale=ScaleName.LOG, low=1e-4, high=1.0),
    "momentum": DimensionSpec(scale=ScaleName.LINEAR, low=0.0, high=0.99),
    "depth": DimensionSpec(scale=ScaleName.LOG, low=2, high=64, integer=True),
}
PLAN = Plan(
    name="nothing",
    model="nothing",
    production=ProductionSpec(inline=PRODUCTION),
    data=DataSpec(source="rows.parquet", target="y"),
    trainer=TrainerSpec(kind="sklearn", entry="benchmarks.workload:perform"),
    search=SPACE,
    policy=Policy(metric="log_loss", margin=Margin(0.01, relative=True)),
    budget=Budget(),
    when=When(),
    path="nothing.toml",
    text="",
    digest="0" * 64,
)


class Engine:
    """Our side: strategy, pool and ledger, joined as in an audit."""

    def __init__(self, work: Work, folder: Path, *, trials: int, workers: int) -> None:
        self._folder, self._trials, self._workers = folder, trials, workers
        self._pool = PoolExecutor(work, workers)
        self._name = getattr(work, "__name__", "work")
        self.openings: list[Cost] = []
        self.recorded = 0

    def __call__(self, number: int) -> Cost:
        """Search once with a fresh ledger and return what a trial cost."""
        opened: list[tuple[SqlLedger, int]] = []
        self.openings.append(cost_of(lambda: opened.append(self._open(number))))
        ledger, audit_id = opened[0]
        cost = cost_of(lambda: self._search(ledger, audit_id))
        self.recorded = len(ledger.history(audit_id))
        ledger.close()
        return cost.each(self.recorded)

    def close(self) -> None:
        """Stop the workers."""
        self._pool.close()

    def _open(self, number: int) -> tuple[SqlLedger, int]:
        ledger = SqlLedger(f"sqlite:///{self._folder}/{self._name}{number}.db")
        opened = ledger.begin(
            model="nothing",
            plan_digest=PLAN.digest,
            capture=ledger.add_capture(capture()),
            snapshot=snapshot(),
            seed=number + 1,
            now=NOW,
        )
        return ledger, opened.id

    def _search(self, ledger: SqlLedger, audit_id: int) -> None:
        tools = SimpleNamespace(
            executor=self._pool,
            ledger=ledger,
            vault=SimpleNamespace(folder=str(self._folder)),
            progress=SimpleNamespace(step=lambda *_: None),
        )
        runner = Runner(
            audit_id=audit_id, plan=PLAN, layout=Layout(digest="0", target="y", seed=1), tools=tools
        )
        strategy = Caviar(
            space=build_space(PRODUCTION, SPACE),
            production=PRODUCTION,
            trials=self._trials,
            seconds=600.0,
            workers=self._workers,
        )
        search(strategy, runner=runner, seed=audit_id)


class Peer:
    """Optuna's side."""

    def __init__(self, folder: Path, *, trials: int) -> None:
        self._folder, self._trials = folder, trials
        self.openings: list[Cost] = []

    def __call__(self, number: int) -> Cost:
        """Optimise once with a fresh study and return what a trial cost."""
        studies: list[optuna.Study] = []
        self.openings.append(cost_of(lambda: studies.append(self._open(number))))
        return cost_of(lambda: studies[0].optimize(_objective, n_trials=self._trials)).each(self._trials)

    def _open(self, number: int) -> optuna.Study:
        return optuna.create_study(
            storage=optuna.storages.RDBStorage(f"sqlite:///{self._folder}/optuna{number}.db"),
            sampler=optuna.samplers.RandomSampler(seed=number + 1),
        )


def main() -> None:
    """Measure, print, and write."""
    options = _options()
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    rows: dict[str, dict[str, float]] = {}
    for trials in options.trials:
        rows |= _measured(trials, workers=options.workers, rounds=options.rounds)
    title = f"What a trial costs that is not training; {options.workers} workers, {options.rounds} rounds"
    print_table(title, rows, peer="optuna + sqlite")
    write_json(options.json, rows, workers=options.workers, rounds=options.rounds)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--trials", type=int, nargs="+", default=[30, 300], help="of one search")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


def _measured(trials: int, *, workers: int, rounds: int) -> dict[str, dict[str, float]]:
    """Return one row for each way of recording a search, and one for what comes before it."""
    with tempfile.TemporaryDirectory() as name:
        sizes = {"trials": trials, "workers": workers}
        plain, full = (Engine(work, Path(name), **sizes) for work in (perform, perform_row_by_row))
        theirs = Peer(Path(name), trials=trials)
        costs = in_turns([plain, full, theirs], rounds=rounds)
        plain.close()
        full.close()
    return {
        f"{trials} trials": summary(costs[0], costs[2]),
        f"{trials} trials, {ROWS} losses in each": summary(costs[1], costs[2]),
        f"{trials} trials: before the first": summary(plain.openings[1:], theirs.openings[1:]),
    }


def _objective(trial: optuna.Trial) -> float:
    return loss_of(
        rate=trial.suggest_float("rate", 1e-4, 1.0, log=True),
        momentum=trial.suggest_float("momentum", 0.0, 0.99),
        depth=trial.suggest_int("depth", 2, 64, log=True),
    )


def capture() -> Capture:
    """Return what is in production, as far as a search asks."""
    settings = tuple(
        CapturedSetting(name=name, raw=repr(value), value=value, origin="inline")
        for name, value in PRODUCTION.items()
    )
    environment = Environment(
        python="", platform="", cpu="", cores=1, memory_bytes=1, gpu=None, driver=None, blas=None, packages={}
    )
    code = CodeVersion(trainer="benchmarks.workload:perform", digest=None, commit=None)
    return Capture(model="nothing", settings=settings, environment=environment, code=code, captured_at=NOW)


def snapshot() -> Snapshot:
    """Return a snapshot that nobody opens."""
    return Snapshot(digest="0" * 64, rows=1, bytes=1, columns=(), source="rows.parquet", taken_at=NOW)


if __name__ == "__main__":
    main()
