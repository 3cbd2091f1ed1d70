"""How many trainings an audit takes to its call, beside Optuna, 5-fold scores and a Bonferroni-paired t.

The same fresh data sets of 2,000 rows are judged by the product's own audits and by every design of
``benchmarks/kfold.py``, with production the best of the bed's pool (``null``: nothing is stale), or giving
away two margins. Both sides are tuned: the auditor tries its default of 30 configurations, or 10; the peer 5
to 30, with one to four shuffles of its folds, by two samplers, two rules and two variances. Of all designs
whose false alarms and whose lower bounds above the truth come to at most 5 % each, the cheapest is quoted
that finds as much as the auditor does; and of all designs, the cheapest that finds as much, whether its
bounds hold or not.

A training is not a training: a fold fits on 80 % of the rows, a search of the auditor on 35 %, its confirming
on 60 %. So trainings are quoted, trainings weighted by the share of the rows they fit on, and processor time.

Run ``nice python -m benchmarks.against_kfold`` (half an hour on one core; stopped, it goes on from its log),
``--quick`` for one data set of each bed, ``--report`` to tell what the log holds. Another tree: another log.
"""

import argparse
import json
import math
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from auditor.core.records import Call, Config, Part, Result, Round, config_key
from benchmarks.beds import BEDS, RESULTS, ROWS, Bed, truth_of
from benchmarks.in_memory import audit_rows
from benchmarks.kfold import FOLDS, Design, Said, Scores, designs, judged, measure
from benchmarks.tables import print_table

SCENARIOS: Mapping[str, float] = {"null": 0.0, "2x": 2.0}
"""How many margins production gives away."""

TRIALS = (30, 10)
"""Configurations that the auditor tries: as it comes, and as few as a thrifty user would ask for."""

NAMES = ("sgd", "tree", "logistic", "ridge", "knn")
PROMISED = 0.05

_DECIDING = (Round.PRODUCTION, Round.COARSE, Round.GROW, Round.FINE, Round.RESPLIT, Round.CONFIRM)
_SEARCHED, _CONFIRMED, _FOLDED = 0.35, 0.6, 1.0 - 1.0 / FOLDS
"""Share of the rows that a training fits on: of a search, of a confirming pass, of a fold."""


@dataclass(frozen=True, kw_only=True)
class Audit:
    """What the product said of one data set, until the call.

    Attributes
    ----------
    rows
        Trainings, each weighted by the share of all rows that it fitted on and of iterations that it took.
    seconds
        Processor time of the trainings.
    """

    trials: int
    scenario: str
    call: str
    low: float
    truth: float
    fits: int
    rows: float
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the log: one data set, what the product said of it, and what the peer's designs look at."""

    bed: str
    number: int
    audits: Sequence[Audit]
    scores: Scores

    @classmethod
    def read(cls, text: str) -> "Line":
        """Return a line of the log."""
        found = json.loads(text)
        found["audits"] = [Audit(**audit) for audit in found["audits"]]
        found["scores"] = Scores(**found["scores"])
        return cls(**found)


@dataclass(frozen=True)
class Record:
    """How one way of judging did over all data sets: counts, and means of what it cost.

    Attributes
    ----------
    stale
        By scenario, how often it said so.
    low_above
        How often its lower bound was above the truth, over all scenarios.
    """

    tries: int
    stale: Mapping[str, int]
    low_above: int
    fits: float
    rows: float
    seconds: float

    @property
    def power(self) -> float:
        """Return how often it found two margins."""
        return self.stale["2x"] / self.tries

    @property
    def false_alarms(self) -> float:
        """Return how often it said *stale* when nothing was."""
        return self.stale["null"] / self.tries

    @property
    def holds(self) -> bool:
        """Return whether its false alarms and its bounds keep what they promise."""
        return max(self.false_alarms, self.low_above / (self.tries * len(SCENARIOS))) <= PROMISED


# ---------------------------------------------------------------- one data set


def carry_out(name: str, number: int) -> Line:
    """Draw one data set, audit it in every scenario, and score it for the peer."""
    bed, truth = BEDS[name], truth_of(BEDS[name])
    place = [list(BEDS).index(name), number]
    rows = bed.draw(ROWS, np.random.default_rng([2028, *place]))
    seed = 1 + 10_000 * place[0] + number
    productions = {each: truth.incumbent(margins, margin=bed.margin) for each, margins in SCENARIOS.items()}
    audits = [
        _audited(bed, rows, productions[scenario], scenario=scenario, trials=trials, seed=seed)
        for scenario in SCENARIOS
        for trials in TRIALS
    ]
    scores = measure(bed, rows, list(productions.values()), seed=seed)
    return Line(bed=name, number=number, audits=audits, scores=scores)


def _audited(
    bed: Bed, rows: pd.DataFrame, production: Config, *, scenario: str, trials: int, seed: int
) -> Audit:
    found = audit_rows(rows, bed.plan(production, trials=trials), seed=seed)
    evidence = found.audit.confirmation
    if found.audit.call is None or evidence is None:
        raise ValueError(f"an audit of {bed.name} failed: {found.audit.error}")
    winner = evidence.finalists[evidence.winner]
    deciding = [
        (result, seconds)
        for result, seconds in zip(found.results, found.processor, strict=True)
        if result.trial.proposal.round in _DECIDING
    ]
    return Audit(
        trials=trials,
        scenario=scenario,
        call=str(found.audit.call),
        low=winner.looks[-1].gain.low,
        truth=truth_of(bed).gain(production, winner.config),
        fits=len(deciding),
        rows=round(sum(_weight(result) for result, _ in deciding), 3),
        seconds=round(sum(seconds for _, seconds in deciding), 4),
    )


def _weight(result: Result) -> float:
    proposal = result.trial.proposal
    return proposal.fidelity * (_CONFIRMED if proposal.fold.part is Part.CONFIRM else _SEARCHED)


# ---------------------------------------------------------------- many data sets


def run(names: Iterable[str], audits: int, log: Path) -> list[Line]:
    """Carry out what a log does not hold yet, and return the lines that were asked for."""
    wanted = [(name, number) for number in range(audits) for name in names]
    known = {(line.bed, line.number): line for line in read(log)}
    log.parent.mkdir(parents=True, exist_ok=True)
    missing = [unit for unit in wanted if unit not in known]
    with log.open("a") as file:
        for done, (name, number) in enumerate(missing, start=1):
            line = carry_out(name, number)
            file.write(json.dumps(asdict(line)) + "\n")
            file.flush()
            known[name, number] = line
            print(f"\r{done} of {len(missing)} data sets", end="", file=sys.stderr, flush=True)
    return [known[unit] for unit in wanted]


def read(log: Path) -> list[Line]:
    """Return the lines of a log; one that was cut short by a crash does not count."""
    if not log.exists():
        return []
    whole = log.read_text().rpartition("\n")[0]
    log.write_text(whole + "\n" if whole else "")
    return [Line.read(text) for text in whole.splitlines()]


# ---------------------------------------------------------------- what came of it


def ours(lines: Sequence[Line], trials: int) -> Record:
    """Return how the auditor did with so many configurations to try."""
    audits = [audit for line in lines for audit in line.audits if audit.trials == trials]
    return Record(
        tries=len(lines),
        stale={
            scenario: sum(audit.call == Call.STALE for audit in audits if audit.scenario == scenario)
            for scenario in SCENARIOS
        },
        low_above=sum(audit.low > audit.truth for audit in audits),
        fits=_mean(audit.fits for audit in audits),
        rows=_mean(audit.rows for audit in audits),
        seconds=_mean(audit.seconds for audit in audits),
    )


def theirs(lines: Sequence[Line], design: Design) -> Record:
    """Return how a design of the peer did."""
    stale = dict.fromkeys(SCENARIOS, 0)
    above, fits, seconds = 0, [], []
    for line in lines:
        bed, truth = BEDS[line.bed], truth_of(BEDS[line.bed])
        for scenario, margins in SCENARIOS.items():
            production = truth.incumbent(margins, margin=bed.margin)
            said: Said | None = judged(line.scores, design, config_key(production), margin=bed.margin)
            if said is None:
                continue
            stale[scenario] += said.stale
            above += said.low > truth.gain(production, json.loads(said.key))
            fits.append(said.fits)
            seconds.append(said.fits * line.scores.seconds)
    return Record(len(lines), stale, above, _mean(fits), _FOLDED * _mean(fits), _mean(seconds))


def cheapest(records: Mapping[Design, Record], *, power: float, honest: bool) -> Design | None:
    """Return the design with the fewest trainings that finds as much, or None if none does."""
    able = [
        design
        for design, record in records.items()
        if record.power >= power and record.false_alarms <= PROMISED and (record.holds or not honest)
    ]
    return min(able, key=lambda design: (records[design].fits, design), default=None)


def alike(records: Mapping[Design, Record], candidates: int) -> dict[Design, Record]:
    """Return the records of the designs that try so many."""
    return {design: record for design, record in records.items() if design.candidates == candidates}


def strongest(records: Mapping[Design, Record], *, honest: bool) -> Design:
    """Return the design that finds most, whatever it costs; of equals the cheapest."""
    able = [
        design
        for design, record in records.items()
        if record.false_alarms <= PROMISED and (record.holds or not honest)
    ]
    return max(able, key=lambda design: (records[design].power, -records[design].fits))


def curve(records: Mapping[Design, Record], *, honest: bool) -> list[Design]:
    """Return the designs that find more than every cheaper one, the cheapest first."""
    found: list[Design] = []
    for design in sorted(records, key=lambda design: (records[design].fits, -records[design].power)):
        record = records[design]
        able = record.false_alarms <= PROMISED and (record.holds or not honest)
        if able and (not found or record.power > records[found[-1]].power):
            found.append(design)
    return found


def compared(lines: Sequence[Line]) -> dict[str, Any]:
    """Return both sides' figures, and which design is quoted against which audit."""
    records = {design: theirs(lines, design) for design in designs()}
    return {
        "auditor": {str(trials): _plain(ours(lines, trials)) for trials in TRIALS},
        "peer": {
            name: {
                "curve": [_shown(design, records) for design in curve(records, honest=honest)],
                "strongest": _shown(strongest(records, honest=honest), records),
                "as_strong_as": {
                    str(trials): _shown(
                        cheapest(records, power=ours(lines, trials).power, honest=honest), records
                    )
                    for trials in TRIALS
                },
                "of_as_many": _shown(
                    cheapest(alike(records, TRIALS[0]), power=ours(lines, TRIALS[0]).power, honest=honest),
                    records,
                ),
            }
            for name, honest in (("bounds hold", True), ("whether or not", False))
        },
    }


def _shown(design: Design | None, records: Mapping[Design, Record]) -> dict[str, Any] | None:
    return None if design is None else {"design": str(design), **_plain(records[design])}


def _plain(record: Record) -> dict[str, Any]:
    return {
        "tries": record.tries,
        "stale": dict(record.stale),
        "low_above": record.low_above,
        "power": round(record.power, 4),
        "fits": round(record.fits, 1),
        "rows": round(record.rows, 1),
        "seconds": round(record.seconds, 4),
    }


def _mean(values: Iterable[float]) -> float:
    seen = list(values)
    return float(np.mean(seen)) if seen else math.nan


def print_tables(found: Mapping[str, Any]) -> None:
    """Print both sides, and the peer's power against what it costs."""
    head = ["", "false alarms, %", "2x, %", "low end above truth, %", "trainings", "of all rows", "cpu, s"]
    rows = [(f"**auditor**, {trials} tried", *_cells(record)) for trials, record in found["auditor"].items()]
    for name, side in found["peer"].items():
        rows += [(f"{name}: {design['design']}", *_cells(design)) for design in side["curve"]]
        if side["of_as_many"]:
            rows.append(
                (f"{name}, as many tried: {side['of_as_many']['design']}", *_cells(side["of_as_many"]))
            )
    print_table(head, rows)


def _cells(record: Mapping[str, Any]) -> tuple[str, ...]:
    tries = record["tries"]
    shares = [f"{100 * record['stale'][scenario] / tries:.1f}" for scenario in SCENARIOS]
    above = f"{100 * record['low_above'] / (tries * len(SCENARIOS)):.1f}"
    return (*shares, above, f"{record['fits']:.0f}", f"{record['rows']:.0f}", f"{record['seconds']:.2f}")


def main() -> None:
    """Measure, print, write."""
    options = _options()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    with tempfile.TemporaryDirectory() as folder:
        log = options.log or (
            Path(folder) / "quick.jsonl" if options.quick else RESULTS / "against_kfold.jsonl"
        )
        known = [line for line in read(log) if line.bed in options.beds]
        lines = known if options.report else run(options.beds, 1 if options.quick else options.audits, log)
    found = {"data_sets": dict(Counter(line.bed for line in lines)), **compared(lines)}
    print_tables(found)
    if options.json is not None:
        options.json.write_text(json.dumps(found, indent=1) + "\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--audits", type=int, default=60, help="data sets of every bed")
    parser.add_argument("--beds", nargs="+", choices=BEDS, default=list(NAMES))
    parser.add_argument("--quick", action="store_true", help="one data set of every bed, no log")
    parser.add_argument("--report", action="store_true", help="only tell what the log holds")
    parser.add_argument("--log", type=Path, help="default: in benchmarks/results/")
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
