"""A search of scikit-learn models with halving, beside RandomizedSearchCV on two jobs.

Real data, five learners as they are used (scaled, where they ask for it), 32 candidates each. Both sides
are given the same candidates, the same rows to fit and to score on, the same seed and the same metric,
train in two processes of one thread, and are warm: workers started, libraries loaded. Ours goes through
rungs as an audit's search does: trials through runner, pool and ledger (SQLite), the loss of every scored
row and a learning curve recorded; production, which an audit trains before the search (as is done here,
uncounted, for the iterations it takes) and beside every batch, is left out. The
peer scores each candidate once, on one split, and does not refit: its default is five splits and a refit.

A search loses its winner when halving cuts what a full training of everything would have chosen. So both
winners are trained anew, on five other samples of as many rows, and scored on the same tens of thousands
of rows that neither search saw: the regret is what ours loses there, in percent of the loss, with its
standard error over the samples.

Run ``AUDITOR_BENCHMARK_DATA=FOLDER python -m benchmarks.sklearn_halving [--rounds 2] [--only WORD]
[--json PATH]``; the data are those of ``benchmarks.real_drift``. ``--quick`` has a tenth of the rows and
one round.
"""

import argparse
import json
import os

os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

import itertools
import math
import tempfile
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
from sklearn.ensemble import (
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.model_selection import RandomizedSearchCV
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC, SVR

from auditor.core.metrics import metric_named
from auditor.core.records import (
    Config,
    DimensionSpec,
    Fold,
    Layout,
    Part,
    Proposal,
    Result,
    Round,
    ScaleName,
    TrainerSpec,
    config_key,
)
from auditor.core.space import build_space
from auditor.core.splits import set_aside
from auditor.core.strategies.caviar import LEAST_GOOD
from auditor.core.strategies.halving import next_rung, standing
from auditor.core.strategies.ladders import ladder_for, thinned
from auditor.executors.pool import PoolExecutor
from auditor.runner import Runner
from auditor.storage.ledger import SqlLedger
from auditor.storage.vault import FileVault
from auditor.trainers.rows import fold_rows, take
from auditor.trainers.scoring import Judge
from auditor.trainers.sklearn import build
from auditor.worker import describe, perform, perform_together
from benchmarks.beds import SHARED
from benchmarks.engine_overhead import NOW, PLAN, capture, snapshot
from benchmarks.paired import Cost, cost_of, in_turns, print_table, summary, write_json

ROWS, POOL, SAMPLES, CANDIDATES, SEED = 3000, 10_000, 5, 32, 11
WARMING = 3
"""Candidates of the go that is not counted."""
FOLD = Fold(Part.SEARCH, 0)
_LOG, _LINEAR = ScaleName.LOG, ScaleName.LINEAR


# ---------------------------------------------------------------- learners


def boosting_classifier() -> HistGradientBoostingClassifier:
    """Return gradient boosting."""
    return HistGradientBoostingClassifier()


def boosting_regressor() -> HistGradientBoostingRegressor:
    """Return gradient boosting."""
    return HistGradientBoostingRegressor()


def forest_classifier() -> RandomForestClassifier:
    """Return a random forest."""
    return RandomForestClassifier()


def forest_regressor() -> RandomForestRegressor:
    """Return a random forest."""
    return RandomForestRegressor()


def perceptron_classifier() -> Pipeline:
    """Return a multi-layer perceptron on standardised features."""
    return _scaled(MLPClassifier(hidden_layer_sizes=(32,), max_iter=60))


def perceptron_regressor() -> Pipeline:
    """Return a multi-layer perceptron on standardised features."""
    return _scaled(MLPRegressor(hidden_layer_sizes=(32,), max_iter=60))


def vectors_classifier() -> Pipeline:
    """Return a support vector machine on standardised features."""
    return _scaled(SVC())


def vectors_regressor() -> Pipeline:
    """Return a support vector machine on standardised features."""
    return _scaled(SVR())


def neighbors_classifier() -> Pipeline:
    """Return nearest neighbours on standardised features."""
    return _scaled(KNeighborsClassifier())


def neighbors_regressor() -> Pipeline:
    """Return nearest neighbours on standardised features."""
    return _scaled(KNeighborsRegressor())


def _scaled(model: Any) -> Pipeline:
    return Pipeline([("scale", StandardScaler()), ("model", model)])


def _real(low: float, high: float, scale: ScaleName = _LOG) -> DimensionSpec:
    return DimensionSpec(scale=scale, low=low, high=high)


def _whole(low: int, high: int) -> DimensionSpec:
    return DimensionSpec(scale=_LOG, low=low, high=high, integer=True)


LEARNERS: Mapping[str, tuple[Config, Mapping[str, DimensionSpec]]] = {
    "boosting": (
        {"learning_rate": 0.1, "max_leaf_nodes": 31, "l2_regularization": 0.01},
        {
            "learning_rate": _real(0.01, 1.0),
            "max_leaf_nodes": _whole(4, 128),
            "l2_regularization": _real(1e-4, 10.0),
        },
    ),
    "forest": (
        {"min_samples_leaf": 1, "max_features": 0.5},
        {"min_samples_leaf": _whole(1, 100), "max_features": _real(0.1, 1.0, _LINEAR)},
    ),
    "perceptron": (
        {"model__alpha": 1e-4, "model__learning_rate_init": 1e-3},
        {"model__alpha": _real(1e-6, 1.0), "model__learning_rate_init": _real(1e-4, 0.1)},
    ),
    "vectors": (
        {"model__C": 1.0, "model__gamma": 0.1},
        {"model__C": _real(0.01, 100.0), "model__gamma": _real(1e-3, 3.0)},
    ),
    "neighbors": ({"model__n_neighbors": 5}, {"model__n_neighbors": _whole(1, 400)}),
}
"""What production runs, and the space of the candidates."""


@dataclass(frozen=True)
class Data:
    """A data set, and whether it is one of classes."""

    name: str
    classes: bool

    @property
    def kind(self) -> str:
        """Return which kind of model it asks for."""
        return "classifier" if self.classes else "regressor"

    def frame(self) -> pd.DataFrame:
        """Return its features, as numbers, and its target, in an order without meaning."""
        card = json.loads((SHARED / f"{self.name}.card.json").read_text())
        frame = pd.read_parquet(SHARED / card["file"], columns=[*card["features"], card["target"]])
        numbers = {
            name: frame[name] if pd.api.types.is_numeric_dtype(frame[name]) else pd.factorize(frame[name])[0]
            for name in frame.columns
        }
        kept = pd.DataFrame(numbers).astype(float).rename(columns={card["target"]: "y"}).dropna()
        kept = kept.astype({"y": int}) if self.classes else kept
        return kept.sample(frac=1.0, random_state=SEED).reset_index(drop=True)


DATA = (Data("acs_employment_ma", True), Data("elec2", True), Data("bike_dc", False))


@dataclass(frozen=True)
class Case:
    """A learner on a data set."""

    learner: str
    data: Data

    @property
    def label(self) -> str:
        """Return what it is called."""
        return f"{self.learner}, {self.data.name}"

    @property
    def trainer(self) -> TrainerSpec:
        """How a candidate is trained."""
        maker = f"{self.learner}_{self.data.kind}"
        return TrainerSpec(kind="sklearn", entry=f"benchmarks.sklearn_halving:{maker}")

    @property
    def metric(self) -> str:
        """What is scored: support vectors give labels alone."""
        if not self.data.classes:
            return "squared_error"
        return "zero_one" if self.learner == "vectors" else "log_loss"

    def candidates(self) -> list[Config]:
        """Return the configurations that both sides are given."""
        production, ranges = LEARNERS[self.learner]
        space = build_space(production, dict(ranges))
        rng = np.random.default_rng([SEED, 1])
        return list(space.draws(CANDIDATES, rng, base=production))

    def production(self) -> Config:
        """Return the settings that the learner comes with."""
        return LEARNERS[self.learner][0]


CASES = tuple(Case(learner, data) for data, learner in itertools.product(DATA, LEARNERS))


# ---------------------------------------------------------------- both sides


class Ours:
    """Candidates through runner, pool and ledger, from rung to rung."""

    def __init__(self, case: Case, frame: pd.DataFrame, pool: PoolExecutor, folder: Path) -> None:
        self._case, self._pool, self._folder = case, pool, folder
        self._configs = case.candidates()
        self._numbers = itertools.count()
        path = folder / f"{case.label}.parquet"
        frame.to_parquet(path)
        self._vault = FileVault(folder / "vault")
        self._snapshot = self._vault.file(str(path), source=str(path), time=None, taken_at=NOW)
        self._vault.prepare(self._snapshot.digest)
        layout = layout_of(case, self._snapshot.digest)
        facts = pool.call(describe, case.trainer, case.production(), case.metric)
        target = frame["y"].to_numpy() if case.data.classes else None
        partition = set_aside(layout, rows=len(frame), target=target)
        self.layout = thinned(layout, facts, partition)
        self.ladder = ladder_for(facts, self.layout, partition)
        self.history: Sequence[Result] = ()
        self._horizon: int | None = None
        ledger, opened = self._begun()
        runner = self._runner(ledger, opened)
        runner.run(
            [Proposal(config=case.production(), round=Round.PRODUCTION, fold=FOLD)], seeds=[SEED], stage=""
        )
        self._horizon = runner.horizon
        ledger.close()

    def __call__(self, number: int) -> Cost:
        """Search once, with a fresh ledger, and return what it cost."""
        ledger, audit_id = self._begun()
        configs = self._configs if number >= 0 else self._configs[:WARMING]
        cost = cost_of(lambda: self._search(ledger, audit_id, configs))
        ledger.close()
        return cost

    @property
    def winner(self) -> Config:
        """Return the best of those that were trained in full."""
        return standing([r for r in self.history if r.trial.proposal.fidelity == 1.0])[0].config

    def _begun(self) -> tuple[SqlLedger, int]:
        """Return a fresh ledger and the audit that is begun in it."""
        ledger = SqlLedger(f"sqlite:///{self._folder}/{self._case.label}{next(self._numbers)}.db")
        opened = ledger.begin(
            model="halving",
            plan_digest="0" * 64,
            capture=ledger.add_capture(capture()),
            snapshot=snapshot(),
            seed=1,
            now=NOW,
        )
        return ledger, opened.id

    def _runner(self, ledger: SqlLedger, audit_id: int) -> Runner:
        tools = SimpleNamespace(
            executor=self._pool,
            ledger=ledger,
            vault=self._vault,
            progress=SimpleNamespace(step=lambda *_: None),
        )
        plan = replace(
            PLAN, trainer=self._case.trainer, policy=replace(PLAN.policy, metric=self._case.metric)
        )
        return Runner(audit_id=audit_id, plan=plan, layout=self.layout, tools=tools, horizon=self._horizon)

    def _search(self, ledger: SqlLedger, audit_id: int, configs: Sequence[Config]) -> None:
        runner = self._runner(ledger, audit_id)
        fidelity = self.ladder.rungs[0]
        while configs:
            first = len(runner.history)
            proposals = [
                Proposal(config=config, round=Round.COARSE, fold=FOLD, fidelity=fidelity)
                for config in configs
            ]
            runner.run(proposals, seeds=[SEED] * len(proposals), stage="search")
            rung = runner.history[first:]
            if fidelity == self.ladder.rungs[-1]:
                break
            kept, fidelity = next_rung(rung, self.ladder, at_least=LEAST_GOOD)
            configs = [result.config for result in kept]
        self.history = runner.history


class Peer:
    """RandomizedSearchCV over the same candidates, rows, seed and metric, on two jobs."""

    def __init__(self, case: Case, frame: pd.DataFrame, layout: Layout, *, jobs: int) -> None:
        rows = fold_rows(frame, layout, FOLD)
        both = np.concatenate([rows.fit, rows.score])
        taken = take(frame, layout, both)
        self._rows = (taken.features, taken.target)
        split = (np.arange(len(rows.fit)), np.arange(len(rows.fit), len(both)))
        self._search = RandomizedSearchCV(
            build(case.trainer, {}, seed=SEED),
            [{name: [value] for name, value in config.items()} for config in case.candidates()],
            n_iter=CANDIDATES,
            scoring=Scorer(case.metric),
            cv=[split],
            n_jobs=jobs,
            refit=False,
            random_state=0,
        )

    def __call__(self, number: int) -> Cost:
        """Search once and return what it cost."""
        self._search.set_params(n_iter=CANDIDATES if number >= 0 else WARMING)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return cost_of(lambda: self._search.fit(*self._rows))

    @property
    def winner(self) -> Config:
        """Return the best candidate."""
        return dict(self._search.best_params_)

    @property
    def loss(self) -> float:
        """Return its loss on the split."""
        return -float(self._search.best_score_)


@dataclass(frozen=True)
class Scorer:
    """The metric as the auditor computes it, bigger is better."""

    metric: str

    def __call__(self, model: Any, features: Any, target: Any) -> float:
        """Return minus the mean loss."""
        judge = Judge(metric_named(self.metric), features, target, np.arange(len(target)))
        return -float(judge.losses(model).mean())


def layout_of(case: Case, digest: str) -> Layout:
    """Return how the rows are set aside: nearly all of them for the search."""
    return Layout(digest=digest, target="y", seed=1, classes=case.data.classes, confirm_share=0.05)


# ---------------------------------------------------------------- what the winner is worth


def regret(
    case: Case, rest: pd.DataFrame, ours: Config, theirs: Config, *, fitted: int, pool: int
) -> tuple[float, float]:
    """Return what our winner loses against theirs on rows that no search saw, in percent, and its error.

    Parameters
    ----------
    rest
        Rows that neither search was given: a pool to score on, and others to fit on.
    """
    if config_key(ours) == config_key(theirs):
        return 0.0, 0.0
    layout = layout_of(case, "")
    scored, others = rest[:pool], rest[pool:]
    judged = take(scored, layout, np.arange(len(scored)))
    judge = Judge(metric_named(case.metric), judged.features, judged.target, np.arange(len(scored)))
    losses = []
    for sample in range(SAMPLES):
        rng = np.random.default_rng([SEED, 2, sample])
        rows = take(others, layout, np.sort(rng.choice(len(others), fitted, replace=False)))
        losses.append([_loss(case, config, rows, judge, sample) for config in (ours, theirs)])
    differences = np.diff(-np.array(losses), axis=1)[:, 0]
    whole = float(np.mean(losses, axis=0)[1])
    error = float(np.std(differences, ddof=1)) / math.sqrt(SAMPLES)
    return 100.0 * float(differences.mean()) / whole, 100.0 * error / whole


def _loss(case: Case, config: Config, rows: Any, judge: Judge, seed: int) -> float:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = build(case.trainer, config, seed=seed).fit(rows.features, rows.target)
    return float(judge.losses(model).mean())


# ---------------------------------------------------------------- command line


def main() -> None:
    """Measure, print, and write."""
    options = _options()
    rows = ROWS // 10 if options.quick else ROWS
    found: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as name:
        pool = PoolExecutor(perform, workers=2, together=perform_together)
        for case in CASES:
            if options.only in case.label:
                found[case.label] = _measured(case, Path(name), pool, rows=rows, rounds=options.rounds)
                _tell(case.label, found[case.label])
        pool.close()
    print_table("Searches with halving", found, peer="RandomizedSearchCV")
    write_json(options.json, found, rounds=options.rounds, candidates=CANDIDATES, **overall(found))


def _measured(case: Case, folder: Path, pool: PoolExecutor, *, rows: int, rounds: int) -> dict[str, Any]:
    whole = case.data.frame()
    frame, rest = whole[:rows].reset_index(drop=True), whole[rows:].reset_index(drop=True)
    ours = Ours(case, frame, pool, folder)
    theirs = Peer(case, frame, ours.layout, jobs=2)
    costs = in_turns([ours, theirs], rounds=rounds)
    fitted = len(fold_rows(frame, ours.layout, FOLD).fit)
    lost, error = regret(case, rest, ours.winner, theirs.winner, fitted=fitted, pool=POOL)
    full = sum(result.trial.proposal.fidelity == 1.0 for result in ours.history)
    return {
        **summary(*costs),
        "same_winner": config_key(ours.winner) == config_key(theirs.winner),
        "regret_percent": lost,
        "regret_error": error,
        "trained_in_full": full,
        "rungs": list(ours.ladder.rungs),
        "thinned": ours.ladder.thinned,
    }


def overall(found: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the ratios of all searches together, and what was lost on average, with its error."""
    rows = list(found.values())
    sums = {key: sum(row[key] for row in rows) for key in ("cpu", "wall", "peer_cpu", "peer_wall")}
    errors = math.sqrt(sum(row["regret_error"] ** 2 for row in rows)) / len(rows)
    return {
        "whole": {
            **sums,
            "ratio_cpu": sums["peer_cpu"] / sums["cpu"],
            "ratio_wall": sums["peer_wall"] / sums["wall"],
            "geometric_cpu": float(np.exp(np.mean([math.log(row["ratio_cpu"]) for row in rows]))),
            "geometric_wall": float(np.exp(np.mean([math.log(row["ratio_wall"]) for row in rows]))),
            "same_winner": sum(row["same_winner"] for row in rows),
            "searches": len(rows),
            "regret_percent": sum(row["regret_percent"] for row in rows) / len(rows),
            "regret_error": errors,
        }
    }


def _tell(label: str, row: Mapping[str, Any]) -> None:
    kept = (
        "the same winner"
        if row["same_winner"]
        else f"loses {row['regret_percent']:.2f} ± {row['regret_error']:.2f} %"
    )
    ratios = f"{row['ratio_cpu']:.2f}c {row['ratio_wall']:.2f}w"
    print(f"{label}: {ratios}, {row['trained_in_full']} in full, {kept}", flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--only", default="", help="only searches whose label holds this word")
    parser.add_argument("--quick", action="store_true", help="a tenth of the rows, one round")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    if not SHARED.is_dir():
        parser.error(f"there is no folder {SHARED}: set AUDITOR_BENCHMARK_DATA to that of the real data sets")
    options.rounds = 1 if options.quick else options.rounds
    return options


if __name__ == "__main__":
    main()
