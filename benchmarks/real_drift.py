"""What the auditor said of models on real, drifting data, against what later rows then showed.

Walk-forward: settings are tuned by random search on an early window and frozen, as production would be. The
product audits them on later windows, each time knowing only the rows up to then. What the rows *after*
the window make of production, of the challenger that the audit quotes, and of the configuration that a
plain best-of-N would have switched to, is measured by training all three on the window and scoring them on
the rows that follow, with an interval over blocks of those rows.

Each audit is a line in a log, and what the log holds is not done again.

    python -m benchmarks.real_drift [--data FOLDER] [--tunings 2] [--log PATH] [--json PATH]
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from auditor.core.records import (
    Budget,
    Call,
    Config,
    DataSpec,
    DimensionSpec,
    Estimate,
    Margin,
    Plan,
    Policy,
    ProductionSpec,
    Result,
    Round,
    ScaleName,
    TrainerSpec,
    When,
    config_key,
)
from auditor.core.space import build_space
from auditor.core.variance import Replicate, two_way
from benchmarks.beds import RESULTS, SHARED
from benchmarks.in_memory import audit_rows, train_once
from benchmarks.tables import percent, print_table

MARGIN = 0.02
"""Share of production's loss; the smallest gain worth a redeployment."""

TRIALS, DRAWS = 30, 40
"""Of one audit, and of the random search that tunes production."""

TUNED_AT, AUDITED_AT = 0.2, (0.45, 0.65, 0.85)
"""Shares of the data that lie before the end of the window."""

LATER = 0.12
"""Share of the data, right after the window, that shows what became of it."""

LATER_ROWS, BLOCKS, REFITS = 3000, 12, 4
NOMINAL = 1.959963984540054

_LOG, _LINEAR = ScaleName.LOG, ScaleName.LINEAR


def neighbors() -> Pipeline:
    """Return nearest neighbours on standardised features."""
    return make_pipeline(StandardScaler(), KNeighborsClassifier(algorithm="brute"))


def logistic() -> Pipeline:
    """Return logistic regression on standardised features."""
    return make_pipeline(StandardScaler(), LogisticRegression(max_iter=300))


def ridge() -> Pipeline:
    """Return ridge regression on standardised features."""
    return make_pipeline(StandardScaler(), Ridge())


@dataclass(frozen=True, kw_only=True)
class Case:
    """A model on a data set.

    Attributes
    ----------
    rows
        Of a rolling window; a growing window is thinned so that the last one has about as many.
    growing
        Whether the window begins at the first row, always.
    shuffled
        Whether the rows are in random order: no drift, only growth.
    """

    name: str
    data: str
    estimator: str
    metric: str
    search: Mapping[str, DimensionSpec]
    fixed: Config
    rows: int = 3000
    growing: bool = False
    shuffled: bool = False

    @property
    def trainer(self) -> TrainerSpec:
        """How a configuration is trained."""
        return TrainerSpec(kind="sklearn", entry=self.estimator, fixed=self.fixed)

    def plan(self, production: Config) -> Plan:
        """Return the schedule of an audit with these settings in production."""
        return Plan(
            name=self.name,
            model=self.name,
            production=ProductionSpec(inline=production),
            data=DataSpec(source="memory", target="y", time=None if self.shuffled else "t"),
            trainer=self.trainer,
            search=self.search,
            policy=Policy(metric=self.metric, margin=Margin(MARGIN, relative=True)),
            budget=Budget(trials=TRIALS, time=timedelta(hours=5)),
            when=When(),
            path=f"{self.name}.toml",
            text="",
            digest=self.name,
        )


def _count(low: float, high: float) -> DimensionSpec:
    return DimensionSpec(scale=_LOG, low=low, high=high, integer=True)


def _strength(low: float, high: float) -> DimensionSpec:
    return DimensionSpec(scale=_LOG, low=low, high=high)


_BOOSTED = "sklearn.ensemble:HistGradientBoosting"
_BOOSTING = {"learning_rate": _strength(0.01, 0.5), "max_leaf_nodes": _count(2, 64)}
_FEW = {"max_iter": 40, "early_stopping": False}
_NEAR = {"kneighborsclassifier__n_neighbors": _count(2, 300)}
_HERE = "benchmarks.real_drift"

CASES: Mapping[str, Case] = {
    case.name: case
    for case in (
        Case(
            name="flights, neighbours, growing",
            data="nycflights13",
            estimator=f"{_HERE}:neighbors",
            metric="auc",
            search=_NEAR,
            fixed={},
            rows=6000,
            growing=True,
        ),
        Case(
            name="weather, logistic, rolling",
            data="noaa_weather",
            estimator=f"{_HERE}:logistic",
            metric="log_loss",
            search={"logisticregression__C": _strength(1e-4, 1e2)},
            fixed={},
        ),
        Case(
            name="weather, boosting, growing",
            data="noaa_weather",
            estimator=f"{_BOOSTED}Classifier",
            metric="log_loss",
            search=_BOOSTING,
            fixed=_FEW,
            rows=8000,
            growing=True,
        ),
        Case(
            name="electricity, neighbours, rolling",
            data="elec2",
            estimator=f"{_HERE}:neighbors",
            metric="log_loss",
            search=_NEAR,
            fixed={},
        ),
        Case(
            name="bicycles, boosting, growing, no drift",
            data="bike_dc",
            estimator=f"{_BOOSTED}Regressor",
            metric="squared_error",
            search=_BOOSTING,
            fixed=_FEW,
            rows=6000,
            growing=True,
            shuffled=True,
        ),
        Case(
            name="appliances, ridge, growing",
            data="appliances_energy",
            estimator=f"{_HERE}:ridge",
            metric="squared_error",
            search={"ridge__alpha": _strength(1e-2, 1e5)},
            fixed={},
            rows=6000,
            growing=True,
        ),
        Case(
            name="census, boosting, rolling (control)",
            data="acs_employment_ma",
            estimator=f"{_BOOSTED}Classifier",
            metric="log_loss",
            search=_BOOSTING,
            fixed=_FEW,
        ),
    )
}


# ---------------------------------------------------------------- rows


@cache
def all_rows(folder: Path, name: str) -> pd.DataFrame:
    """Return the rows of a data set in time order: numbers only, ``t`` and ``y`` among the columns."""
    card = json.loads((folder / f"{name}.card.json").read_text())
    frame = pd.read_parquet(folder / card["file"])
    frame = frame.sort_values(card["order_column"], kind="stable", ignore_index=True)
    columns = {name: _as_numbers(frame[name]) for name in card["features"]}
    target = frame[card["target"]]
    return pd.DataFrame(columns).assign(
        t=np.arange(len(frame)),
        y=target.astype(int) if card["task"] == "binary" else target.astype(float),
    )


def _as_numbers(column: pd.Series) -> pd.Series:
    if pd.api.types.is_numeric_dtype(column):
        return column.astype(float).fillna(column.astype(float).median())
    return pd.Series(pd.factorize(column)[0], index=column.index).astype(float)


def rows_of_case(case: Case, folder: Path) -> pd.DataFrame:
    """Return the rows that a case walks through; without ``t`` when they are shuffled."""
    frame = all_rows(folder, case.data)
    if case.shuffled:
        frame = frame.sample(frac=1.0, random_state=1, ignore_index=True).drop(columns="t")
    step = max(1, len(frame) // case.rows) if case.growing else 1
    return frame.iloc[::step].reset_index(drop=True)


def window(case: Case, frame: pd.DataFrame, share: float) -> pd.DataFrame:
    """Return the rows that are known when this share of them has come in."""
    end = round(share * len(frame))
    start = 0 if case.growing else max(0, end - case.rows)
    return frame.iloc[start:end].reset_index(drop=True)


def later(frame: pd.DataFrame, share: float) -> pd.DataFrame:
    """Return rows that come after, evenly thinned to a few thousand."""
    first, last = round(share * len(frame)), round(min(1.0, share + LATER) * len(frame))
    step = max(1, (last - first) // LATER_ROWS)
    return frame.iloc[first:last:step].reset_index(drop=True)


# ---------------------------------------------------------------- trainings outside an audit


def losses_of(
    case: Case, config: Config, fit: pd.DataFrame, score: pd.DataFrame, seed: int
) -> np.ndarray[Any, Any]:
    """Train once and return the loss, or pseudo-value, of each scored row."""
    return train_once(case.plan(config), config, fit=fit, score=score, seed=seed)


def tuned(case: Case, frame: pd.DataFrame, seed: int) -> Config:
    """Return the best of random draws, fitted to the older rows of the early window, scored on the newer."""
    known = window(case, frame, TUNED_AT)
    cut = round(0.7 * len(known))
    middle = {name: spec.low for name, spec in case.search.items()}
    space = build_space(middle, case.search)
    draws = space.draws(DRAWS, np.random.default_rng(seed), base=middle, sampler="random")
    fit, score = known[:cut], known[cut:]
    return min(draws, key=lambda config: float(losses_of(case, config, fit, score, seed).mean()))


def realised(
    case: Case, production: Config, challenger: Config, known: pd.DataFrame, after: pd.DataFrame
) -> Estimate:
    """Return the gain on later rows of models trained on the window, as a share of production's loss."""
    blocks = np.arange(len(after)) * BLOCKS // len(after)
    gains, ours = [], 0.0
    for number in range(REFITS):
        fit = known.sample(frac=0.9, random_state=number)
        old, new = (losses_of(case, config, fit, after, number) for config in (production, challenger))
        gains.append(Replicate(blocks, old - new))
        ours += float(old.mean()) / REFITS
    found = two_way(gains).interval(NOMINAL)
    return Estimate(found.estimate / ours, found.low / ours, found.high / ours)


# ---------------------------------------------------------------- one audit


@dataclass(frozen=True, order=True)
class Unit:
    """One audit: of which case, of which tuning, when."""

    case: str
    tuning: int
    share: float


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the log.

    Attributes
    ----------
    gain, after
        Estimate, low and high end, as shares of production's loss: what the audit said of its challenger, and
        what later rows showed.
    naive
        What later rows showed of the configuration that was best in the search.
    """

    case: str
    tuning: int
    share: float
    rows: int
    call: str
    reason: str
    production: Config
    challenger: Config
    gain: tuple[float, float, float]
    after: tuple[float, float, float]
    naive: tuple[float, float, float]
    trainings: int
    seconds: float

    @property
    def unit(self) -> Unit:
        """What the line is about."""
        return Unit(self.case, self.tuning, self.share)


def carry_out(unit: Unit, folder: Path) -> Line:
    """Audit once, then look at what came later."""
    began = time.perf_counter()
    case = CASES[unit.case]
    frame = rows_of_case(case, folder)
    production = _tuned_once(case.name, folder, unit.tuning)
    known, after = window(case, frame, unit.share), later(frame, unit.share)
    audited = audit_rows(known, case.plan(production), seed=1 + unit.tuning)
    evidence = audited.audit.confirmation
    if evidence is None:
        raise ValueError(f"the audit of {unit} failed: {audited.audit.error}")
    winner = evidence.finalists[evidence.winner]
    challenger = winner.config
    if evidence.call is Call.STALE:
        challenger = {**production, **{found.name: found.recommended for found in audited.audit.settings}}
    best = _best_of(audited.results)
    said, loss = winner.looks[-1].gain, evidence.production_loss
    return Line(
        case=unit.case,
        tuning=unit.tuning,
        share=unit.share,
        rows=len(known),
        call=str(evidence.call),
        reason=evidence.reason,
        production=dict(production),
        challenger=dict(challenger),
        gain=(said.estimate / loss, said.low / loss, said.high / loss),
        after=_numbers(_realised(case, production, challenger, known, after)),
        naive=_numbers(_realised(case, production, best, known, after)),
        trainings=len(audited.results),
        seconds=round(time.perf_counter() - began, 1),
    )


def _best_of(results: Sequence[Result]) -> Config:
    """Return the configuration that a search without an audit would have switched to."""
    drawn = [
        result
        for result in results
        if result.trial.proposal.round in (Round.COARSE, Round.FINE) and result.trial.proposal.fidelity == 1.0
    ]
    return min(drawn, key=lambda result: np.inf if result.loss is None else result.loss).config


def _realised(
    case: Case, production: Config, challenger: Config, known: pd.DataFrame, after: pd.DataFrame
) -> Estimate:
    if config_key(production) == config_key(challenger):
        return Estimate(0.0, 0.0, 0.0)
    return realised(case, production, challenger, known, after)


@cache
def _tuned_once(name: str, folder: Path, tuning: int) -> Config:
    case = CASES[name]
    return tuned(case, rows_of_case(case, folder), seed=1000 + tuning)


def _numbers(found: Estimate) -> tuple[float, float, float]:
    return found.estimate, found.low, found.high


# ---------------------------------------------------------------- many audits


def run(units: Iterable[Unit], log: Path, folder: Path) -> list[Line]:
    """Carry out the audits that a log does not hold yet, and return its lines that were asked for."""
    wanted = list(units)
    known = {line.unit: line for line in _read(log)}
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a") as file:
        for unit in wanted:
            if unit not in known:
                known[unit] = carry_out(unit, folder)
                file.write(json.dumps(asdict(known[unit])) + "\n")
                file.flush()
                print(_in_words(known[unit]), file=sys.stderr, flush=True)
    return [known[unit] for unit in wanted]


def _read(log: Path) -> Iterator[Line]:
    if log.exists():
        whole = log.read_text().rpartition("\n")[0]
        log.write_text(whole + "\n" if whole else "")
        yield from (Line(**json.loads(text)) for text in whole.splitlines())


def _in_words(line: Line) -> str:
    said, showed = percent(line.gain), percent(line.after)
    return f"{line.case} at {line.share:.0%}: {line.call}; said {said}, later {showed}"


def print_tables(lines: Sequence[Line]) -> None:
    """Print every audit, and then the calls against what later rows showed."""
    print_table(
        [
            "model and data",
            "seen",
            "production → challenger",
            "call",
            "it said, %",
            "later, %",
            "best of N later, %",
        ],
        map(_row, lines),
    )
    print()
    print_table(
        ["call", "audits", "later gain, mean %", "above 0", "shown above 0", "shown below the margin"],
        (_tally(call, [line for line in lines if line.call == call]) for call in Call),
    )


def _row(line: Line) -> tuple[object, ...]:
    change = ", ".join(
        f"{name.rpartition('__')[2]} {_short(line.production[name])} → {_short(line.challenger[name])}"
        for name in line.production
    )
    said = (percent(line.gain), percent(line.after), percent(line.naive))
    return (line.case, f"{line.share:.0%}, {line.rows} rows", change, line.call, *said)


def _tally(call: Call, lines: Sequence[Line]) -> tuple[object, ...]:
    return (
        call,
        len(lines),
        f"{100 * np.mean([line.after[0] for line in lines]):+.1f}" if lines else "–",
        sum(line.after[0] > 0.0 for line in lines),
        sum(line.after[1] > 0.0 for line in lines),
        sum(line.after[2] < MARGIN for line in lines),
    )


def _short(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def main() -> None:
    """Walk, print, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=SHARED)
    parser.add_argument("--tunings", type=int, default=2, help="independent searches for production")
    parser.add_argument("--cases", nargs="+", choices=CASES, default=list(CASES))
    parser.add_argument("--log", type=Path, default=RESULTS / "real_drift.jsonl")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    units = [
        Unit(name, tuning, share)
        for tuning in range(options.tunings)
        for name in options.cases
        for share in AUDITED_AT
    ]
    lines = run(units, options.log, options.data)
    print_tables(lines)
    if options.json is not None:
        options.json.write_text(json.dumps([asdict(line) for line in lines], indent=1) + "\n")


if __name__ == "__main__":
    main()
