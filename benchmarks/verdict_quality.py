"""How good verdicts are: the product's own audits of fresh data whose truth is known.

Every unit of work is one fresh data set of 2,000 rows. The whole walk, `auditor.audit.run_audit`, audits it
with settings in production that are known to be the best there are (``null``), or known to give away one,
two or three margins; then `benchmarks.peers` judge the same rows. Each unit is a line in a log; what the
log holds is not done again, so the run can be stopped and started at will. After the product changes,
begin a new log.

    python -m benchmarks.verdict_quality --full      # the README's table; hours on one core, resumable
    python -m benchmarks.verdict_quality --quick     # for CI; minutes; fails when calibration is broken

``--quick`` fails when a count lies where a correct product puts it less than once in a thousand runs: a
correct product raises false alarms in at most 5 % of audits, states a lower bound above the truth in at
most 5 %, and finds three margins in at least 80 %.
"""

import argparse
import json
import math
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from auditor.core.records import Audit, Call, Config, Result, Round, config_key
from benchmarks.beds import BEDS, RESULTS, ROWS, SHARED, Truth, truth_of
from benchmarks.in_memory import Audited, audit_rows
from benchmarks.peers import ask_peers
from benchmarks.tables import print_table

SCENARIOS: Mapping[str, float] = {"null": 0.0, "1x": 1.0, "2x": 2.0, "3x": 3.0}
"""How many margins production gives away."""

TRIALS = 30


QUICK_BEDS, QUICK_SCENARIOS, QUICK_AUDITS = ("sgd", "tree"), ("null", "3x"), 40
MOST_WRONG, LEAST_POWER, DOUBT = 0.05, 0.8, 1e-3

_SEARCHING = (Round.PRODUCTION, Round.COARSE, Round.GROW, Round.FINE, Round.RESPLIT)
_DECIDING = (*_SEARCHING, Round.CONFIRM)


@dataclass(frozen=True, order=True)
class Unit:
    """One fresh data set to audit."""

    number: int
    bed: str
    scenario: str


@dataclass(frozen=True, kw_only=True)
class Rival:
    """One finalist: its true gain, and what was said of it."""

    truth: float
    low: float
    high: float
    excluded: bool


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What a peer said; ``truth`` is the true gain of the challenger it spoke of."""

    stale: bool
    fresh: bool
    low: float | None
    truth: float


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the log: what the product said of one data set, beside the truth.

    Attributes
    ----------
    available, tried
        Largest true gain over production in the pool, and among what the search tried.
    truth
        True gain of the challenger that the gain is quoted for.
    trainings
        By round.
    work
        Of the search and the confirming, in full trainings: one cut short counts by its fidelity.
    """

    number: int
    bed: str
    scenario: str
    call: str
    gain: float
    low: float
    high: float
    truth: float
    available: float
    tried: float
    looks: int
    rivals: Sequence[Rival]
    trainings: Mapping[str, int]
    work: float = math.nan
    peers: Mapping[str, Judged] = field(default_factory=dict)
    seconds: float = 0.0

    @classmethod
    def read(cls, text: str) -> "Line":
        """Return a line of the log."""
        found = json.loads(text)
        found["rivals"] = [Rival(**rival) for rival in found["rivals"]]
        found["peers"] = {name: Judged(**judged) for name, judged in found["peers"].items()}
        return cls(**found)

    @property
    def unit(self) -> Unit:
        """What the line is about."""
        return Unit(self.number, self.bed, self.scenario)

    @property
    def margin(self) -> float:
        """The smallest gain worth having."""
        return BEDS[self.bed].margin

    @property
    def spent(self) -> int:
        """Trainings until the call: of the search and of the confirming."""
        return sum(self.trainings.get(str(each), 0) for each in _DECIDING)


# ---------------------------------------------------------------- one unit


def carry_out(unit: Unit, *, peers_every: int = 1) -> Line:
    """Audit one fresh data set, and of every so many also ask the peers about it; 0 for of none."""
    began = time.perf_counter()
    bed = BEDS[unit.bed]
    truth = truth_of(bed)
    production = truth.incumbent(SCENARIOS[unit.scenario], margin=bed.margin)
    place = [list(BEDS).index(unit.bed), list(SCENARIOS).index(unit.scenario), unit.number]
    rows = bed.draw(ROWS, np.random.default_rng([2027, *place]))
    seed = 1 + sum(part * scale for part, scale in zip(place, (10_000_000, 1_000_000, 1), strict=True))
    audited = audit_rows(rows, bed.plan(production, trials=TRIALS), seed=seed)
    peers: dict[str, Judged] = {}
    if peers_every and unit.number % peers_every == 0:
        asked = ask_peers(bed, rows, production, trials=TRIALS, seed=seed)
        theirs = truth.gain(production, asked.challenger)
        peers = {
            name: Judged(stale=said.stale, fresh=said.fresh, low=said.low, truth=theirs)
            for name, said in asked.opinions.items()
        }
    return _line(unit, audited, production=production, truth=truth, peers=peers, began=began)


def _line(
    unit: Unit,
    audited: Audited,
    *,
    production: Config,
    truth: Truth,
    peers: Mapping[str, Judged],
    began: float,
) -> Line:
    audit, results = audited.audit, audited.results
    evidence = audit.confirmation
    if audit.call is None or evidence is None:
        raise ValueError(f"the audit of {unit} failed: {audit.error}")
    winner = evidence.finalists[evidence.winner]
    quoted = winner.looks[-1].gain
    tried = {config_key(result.config): result.config for result in results if _searched(result)}
    gains = [truth.gain(production, config) for config in tried.values() if config != production]
    return Line(
        number=unit.number,
        bed=unit.bed,
        scenario=unit.scenario,
        call=str(audit.call),
        gain=quoted.estimate,
        low=quoted.low,
        high=quoted.high,
        truth=truth.gain(production, winner.config),
        available=truth.loss(production) - truth.losses[truth.best],
        tried=max(gains),
        looks=winner.looks[-1].number,
        rivals=_rivals(audit, production, truth),
        trainings=dict(Counter(str(result.trial.proposal.round) for result in results)),
        work=sum(
            result.trial.proposal.fidelity for result in results if result.trial.proposal.round in _DECIDING
        ),
        peers=peers,
        seconds=round(time.perf_counter() - began, 3),
    )


def _searched(result: Result) -> bool:
    return result.trial.proposal.round in _SEARCHING


def _rivals(audit: Audit, production: Config, truth: Truth) -> list[Rival]:
    if audit.confirmation is None:
        return []
    return [
        Rival(
            truth=truth.gain(production, finalist.config),
            low=finalist.looks[-1].gain.low,
            high=finalist.looks[-1].gain.high,
            excluded=finalist.excluded,
        )
        for finalist in audit.confirmation.finalists
    ]


# ---------------------------------------------------------------- many units


def run(units: Iterable[Unit], log: Path, *, workers: int = 1, peers_every: int = 1) -> list[Line]:
    """Carry out the units that a log does not hold yet, and return its lines that were asked for."""
    wanted = set(units)
    known = {line.unit: line for line in read(log)}
    missing = sorted(wanted - known.keys())
    for bed in sorted({unit.bed for unit in missing}):
        truth_of(BEDS[bed])  # once, before workers would each measure it
    log.parent.mkdir(parents=True, exist_ok=True)
    work = partial(carry_out, peers_every=peers_every)
    with log.open("a") as file:
        for done, line in enumerate(_carried_out(work, missing, workers), start=1):
            file.write(json.dumps(asdict(line)) + "\n")
            file.flush()
            known[line.unit] = line
            print(f"\r{done} of {len(missing)} audits", end="", file=sys.stderr)
    return [known[unit] for unit in sorted(wanted)]


def _carried_out(work: Callable[[Unit], Line], units: Sequence[Unit], workers: int) -> Iterator[Line]:
    if workers == 1:
        yield from map(work, units)
        return
    with ProcessPoolExecutor(workers) as pool:
        yield from pool.map(work, units)


def read(log: Path) -> list[Line]:
    """Return the lines of a log; one that was cut short by a crash does not count."""
    if not log.exists():
        return []
    whole = log.read_text().rpartition("\n")[0]
    log.write_text(whole + "\n" if whole else "")
    return [Line.read(text) for text in whole.splitlines()]


# ---------------------------------------------------------------- what came of it


@dataclass(frozen=True)
class Rate:
    """How often something happened.

    Attributes
    ----------
    hits, tries
        Of which the rate is the ratio.
    """

    hits: int
    tries: int

    @classmethod
    def of(cls, happened: Iterable[bool]) -> "Rate":
        """Return how often something happened in a row of tries."""
        seen = list(happened)
        return cls(sum(seen), len(seen))

    @property
    def value(self) -> float:
        """Return the rate; NaN without tries."""
        return self.hits / self.tries if self.tries else math.nan

    def __str__(self) -> str:
        """Return the rate in percent with its Monte-Carlo standard error; at 0 and 1 the 95 % limit."""
        if not self.tries:
            return "–"
        if self.hits in (0, self.tries):
            sign, limit = ("≤", 3 / self.tries) if self.hits == 0 else ("≥", 1 - 3 / self.tries)
            return f"{100 * self.value:.0f} ({sign} {100 * min(max(limit, 0.0), 1.0):.1f})"
        error = math.sqrt(self.value * (1.0 - self.value) / self.tries)
        return f"{100 * self.value:.1f} ± {100 * error:.1f}"


def wrong_stale(lines: Iterable[Line]) -> Rate:
    """Return how often *stale* was said of a challenger that is no better."""
    return Rate.of(line.call == Call.STALE and line.truth <= 0.0 for line in lines)


def missed(lines: Iterable[Line]) -> Rate:
    """Return how often the lower end of the quoted interval lay above the truth."""
    return Rate.of(line.low > line.truth for line in lines)


def summary(lines: Sequence[Line]) -> dict[str, Rate | float]:
    """Return everything that is measured of the product, over some lines."""
    able = [line for line in lines if any(rival.truth >= line.margin for rival in line.rivals)]
    possible = [line for line in lines if line.available >= line.margin]
    return {
        "stale": Rate.of(line.call == Call.STALE for line in lines),
        "fresh": Rate.of(line.call == Call.FRESH for line in lines),
        "false_alarm": wrong_stale(lines),
        "covered": Rate.of(line.low <= line.truth <= line.high for line in lines),
        "low_above_truth": missed(lines),
        "high_below_truth": Rate.of(line.high < line.truth for line in lines),
        "wrong_fresh_given_finalist": Rate.of(line.call == Call.FRESH for line in able),
        "search_missed": Rate.of(line not in able for line in possible),
        "tried_not_promoted": Rate.of(line.tried >= line.margin and line not in able for line in possible),
        "true_margin_when_stale": Rate.of(
            line.truth >= line.margin for line in lines if line.call == Call.STALE
        ),
        "trainings": _mean(line.spent for line in lines),
        "work": _mean(line.work for line in lines),
        "explaining": _mean(
            sum(line.trainings.values()) - line.spent for line in lines if line.call == Call.STALE
        ),
        "half_width": _mean((line.high - line.low) / 2.0 / line.margin for line in lines),
        "bias": _mean((line.gain - line.truth) / line.margin for line in lines),
    }


def peer_summary(lines: Sequence[Line], name: str) -> dict[str, Rate]:
    """Return what is measured of a peer, over some lines."""
    said = [line.peers[name] for line in lines if name in line.peers]
    return {
        "stale": Rate.of(each.stale for each in said),
        "fresh": Rate.of(each.fresh for each in said),
        "low_above_truth": Rate.of(each.low > each.truth for each in said if each.low is not None),
    }


def _mean(values: Iterable[float]) -> float:
    seen = list(values)
    return float(np.mean(seen)) if seen else math.nan


def of_cell(lines: Iterable[Line], *, bed: str | None = None, scenario: str | None = None) -> list[Line]:
    """Return the lines of a bed, of a scenario, or of both."""
    return [line for line in lines if bed in (None, line.bed) and scenario in (None, line.scenario)]


def print_tables(lines: Sequence[Line]) -> None:
    """Print what was measured: how often each says *stale*, bed by bed, and what else the product did."""
    beds = list(dict.fromkeys(line.bed for line in lines))
    for bed in (*beds, None):
        own = of_cell(lines, bed=bed)
        print(f"\n**{bed}**: margin {BEDS[bed].margin:g}\n" if bed else "\n**all together**\n")
        heads = [f"{scenario}: {_size(of_cell(own, scenario=scenario))}" for scenario in SCENARIOS]
        print_table(["says *stale*, %", *heads, "low end above truth, %"], _sayings(own))
    print()
    head = [
        "",
        "covered",
        "*fresh* at null",
        "*fresh*, a finalist worth it",
        "search missed",
        "... though tried",
    ]
    rows = ((bed or "all", *_behaviour(of_cell(lines, bed=bed))) for bed in (*beds, None))
    print_table([*head, "trainings null, 2x", "work null, 2x"], rows)


def _size(cell: Sequence[Line]) -> str:
    """Return how much there is to gain in a cell, and how many audits it has."""
    if not cell:
        return "none"
    margins = _mean(line.available / line.margin for line in cell)
    return f"{margins:.1f} margins, {len(cell)} audits"


def _sayings(lines: Sequence[Line]) -> Iterator[Sequence[object]]:
    cells = [of_cell(lines, scenario=scenario) for scenario in SCENARIOS]
    yield ("**auditor**", *(summary(cell)["stale"] for cell in cells), missed(lines))
    for name in dict.fromkeys(name for line in lines for name in line.peers):
        low = peer_summary(lines, name)["low_above_truth"]
        yield (name, *(peer_summary(cell, name)["stale"] for cell in cells), low)


def _behaviour(lines: Sequence[Line]) -> Sequence[object]:
    every, null, double = (summary(of_cell(lines, scenario=scenario)) for scenario in (None, "null", "2x"))
    return (
        every["covered"],
        null["fresh"],
        every["wrong_fresh_given_finalist"],
        every["search_missed"],
        every["tried_not_promoted"],
        f"{_whole(null['trainings'])}, {_whole(double['trainings'])}",
        f"{_whole(null['work'])}, {_whole(double['work'])}",
    )


def _whole(figure: Rate | float) -> str:
    return "–" if isinstance(figure, Rate) or math.isnan(figure) else f"{figure:.0f}"


def write_json(path: Path, lines: Sequence[Line]) -> None:
    """Write all figures with the number of audits behind each."""
    cells = {
        f"{bed} {scenario}": {
            "audits": len(of_cell(lines, bed=bed, scenario=scenario)),
            **_plain(summary(of_cell(lines, bed=bed, scenario=scenario))),
            "peers": {
                name: _plain(peer_summary(of_cell(lines, bed=bed, scenario=scenario), name))
                for name in dict.fromkeys(name for line in lines for name in line.peers)
            },
        }
        for bed in dict.fromkeys(line.bed for line in lines)
        for scenario in SCENARIOS
    }
    everything = {"audits": len(lines), **_plain(summary(lines))}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"all": everything, "cells": cells}, indent=1, allow_nan=False) + "\n")


def _plain(figures: Mapping[str, Rate | float]) -> dict[str, Any]:
    def plain(figure: Rate | float) -> Any:
        if isinstance(figure, Rate):
            return {"hits": figure.hits, "tries": figure.tries}
        return None if math.isnan(figure) else round(figure, 4)

    return {name: plain(figure) for name, figure in figures.items()}


# ---------------------------------------------------------------- calibration, for CI


def broken(lines: Sequence[Line]) -> list[str]:
    """Return what a correct product would do less than once in a thousand runs, a line each."""
    null, triple = of_cell(lines, scenario="null"), of_cell(lines, scenario="3x")
    checks = [
        ("false alarms", wrong_stale(null), most(len(null), MOST_WRONG), int.__gt__),
        ("lower ends above the truth", missed(lines), most(len(lines), MOST_WRONG), int.__gt__),
        ("found at three margins", summary(triple)["stale"], least(len(triple), LEAST_POWER), int.__lt__),
    ]
    return [
        f"{what}: {rate.hits} of {rate.tries}, and {bound} would be allowed"
        for what, rate, bound, beyond in checks
        if isinstance(rate, Rate) and beyond(rate.hits, bound)
    ]


def most(tries: int, chance: float) -> int:
    """Return the largest count that is not suspicious of an event with at most this chance."""
    from scipy.stats import binom

    return int(binom.isf(DOUBT, tries, chance))


def least(tries: int, chance: float) -> int:
    """Return the smallest count that is not suspicious of an event with at least this chance."""
    from scipy.stats import binom

    return int(binom.ppf(DOUBT, tries, chance))


# ---------------------------------------------------------------- command line


def main() -> int:
    """Measure, print, write; in quick mode, judge."""
    options = _options()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    units = [
        Unit(number, bed, scenario)
        for number in range(options.audits)
        for bed in options.beds
        for scenario in options.scenarios
    ]
    if options.report:
        units = [line.unit for line in read(options.log)]
    with tempfile.TemporaryDirectory() as folder:
        log = options.log or Path(folder) / "quick.jsonl"
        lines = run(units, log, workers=options.workers, peers_every=options.peers_every)
    print_tables(lines)
    if options.json is not None:
        write_json(options.json, lines)
    wrong = broken(lines) if options.quick else []
    print(*wrong, sep="\n", file=sys.stderr)
    return 1 if wrong else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--quick", action="store_true", help="few audits, no peers, and a verdict")
    mode.add_argument("--full", action="store_true", help="everything; the default")
    mode.add_argument("--report", action="store_true", help="only tell what the log holds")
    parser.add_argument("--beds", nargs="+", choices=BEDS, help="default: all whose data is there")
    parser.add_argument("--scenarios", nargs="+", choices=SCENARIOS)
    parser.add_argument("--audits", type=int, help="of every bed and scenario")
    parser.add_argument("--peers-every", type=int, help="ask the peers about one in so many; 0 for none")
    parser.add_argument("--workers", type=int, help="default: 1, and 2 in quick mode")
    parser.add_argument("--log", type=Path, help="default: in benchmarks/results/; none in quick mode")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    here = [bed for bed in BEDS if bed != "census" or SHARED.exists()]
    quick = options.quick
    options.beds = options.beds or list(QUICK_BEDS if quick else here)
    options.scenarios = options.scenarios or list(QUICK_SCENARIOS if quick else SCENARIOS)
    options.audits = options.audits or (QUICK_AUDITS if quick else 200)
    options.workers = options.workers or (2 if quick else 1)
    if options.peers_every is None:
        options.peers_every = 0 if quick else 1
    if options.log is None and not quick:
        options.log = RESULTS / "verdict_quality.jsonl"
    return options


if __name__ == "__main__":
    sys.exit(main())
