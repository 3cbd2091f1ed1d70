"""What bounds power in time order, and what disjoint resplits are worth to the search there.

A fixed pair of ridge regressions on the rows of the bed ``tides``, which remember their past: production,
and the best of the pool, which gains about two margins. No search: only the confirming design, with the
product's own folds, variance and boundary of the last look, on many data sets. *Known* is the chance of a
test that need not estimate its standard error: what the design could find at most.

Beside it, at as many fits: confirming rows without end, so that what is left is the luck of the one history;
and four origins, each fitted on as many rows as before, but on those just before a quarter of the confirming
rows. Last, the resplits of a search: how far the mean gain of three of them is off, drawn independently and
as the product draws them.

    python -m benchmarks.time_order [--audits 300] [--json PATH]
"""

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from auditor.core.boundaries import as_statistic, normal_above
from auditor.core.comparison import PASSES, look, plan_looks
from auditor.core.records import Fold, IntArray, Layout, Part
from auditor.core.splits import Partition, rows_of, set_aside
from auditor.core.variance import Replicate
from benchmarks.beds import BEDS, ROWS, LadderRidge, truth_of
from benchmarks.tables import print_table

Array = np.ndarray[Any, Any]

BED = BEDS["tides"]
MARGINS = 2.0
ORIGINS = 4
ENDLESS = 20_000
PLAN = plan_looks(0.95, finalists=2)
FOLDS = tuple(Fold(Part.CONFIRM, index, half) for index in range(PASSES[-1]) for half in (0, 1))


@dataclass(frozen=True)
class Pair:
    """The penalties of production and of the challenger, and the true gain."""

    penalties: tuple[float, float]
    gain: float

    @classmethod
    def of_the_bed(cls) -> "Pair":
        """Return production that gives away two margins, and the best of the pool."""
        truth = truth_of(BED)
        production = truth.incumbent(MARGINS, margin=BED.margin)
        best = json.loads(truth.best)
        rungs = (int(production["alpha_rung"] or 0), int(best["alpha_rung"]))
        steps = LadderRidge.ladders["alpha"]
        return cls((float(steps[rungs[0]]), float(steps[rungs[1]])), truth.gain(production, best))


@dataclass(frozen=True)
class Rows:
    """One data set."""

    features: Array
    target: Array

    @classmethod
    def drawn(cls, rows: int, rng: np.random.Generator) -> "Rows":
        """Draw rows of the bed."""
        frame = BED.draw(rows, rng)
        return cls(frame.drop(columns=["t", "y"]).to_numpy(), frame["y"].to_numpy())

    def fitted(self, rows: IntArray, penalty: float) -> Callable[[Array], Array]:
        """Return what a ridge regression on some rows predicts."""
        features, target = self.features[rows], self.target[rows]
        centre, level = features.mean(axis=0), float(target.mean())
        spread = (features - centre).T @ (features - centre) + penalty * np.eye(features.shape[1])
        slopes = np.linalg.solve(spread, (features - centre).T @ (target - level))
        return lambda wanted: level + (wanted - centre) @ slopes

    def gains(self, pair: Pair, *, fit: IntArray, score: IntArray, among: "Rows | None" = None) -> Array:
        """Return each scored row's gain after fits on rows; scored among the same data set or another."""
        there = among or self
        losses = [
            np.square(there.target[score] - self.fitted(fit, penalty)(there.features[score]))
            for penalty in pair.penalties
        ]
        return np.asarray(losses[0] - losses[1])


@dataclass
class Design:
    """The estimates of one design over data sets, in margins, and how often it showed a gain."""

    estimates: list[float] = field(default_factory=list)
    shown: list[bool] = field(default_factory=list)
    held: list[bool] = field(default_factory=list)

    def known(self) -> float:
        """Return the power of a test that knows its standard error, at the boundary of the last look."""
        mean, spread = float(np.mean(self.estimates)), float(np.std(self.estimates))
        return normal_above(PLAN.stale[-1] - mean / spread)

    def figures(self) -> dict[str, float]:
        """Return the mean, the standard deviation, and what they allow."""
        found = {
            "mean": float(np.mean(self.estimates)),
            "spread": float(np.std(self.estimates)),
            "known": self.known(),
        }
        if self.shown:
            found |= {"shown": float(np.mean(self.shown)), "held": float(np.mean(self.held))}
        return found


def as_audited(rows: Rows, pair: Pair, *, partition: Partition, layout: Layout, into: Design) -> None:
    """Confirm as the product does, up to the last look."""
    series = []
    for fold in FOLDS:
        found = rows_of(partition, fold, layout)
        left_out = 1.0 - found.fit.size / partition.search.size
        series.append(
            Replicate(found.clusters, rows.gains(pair, fit=found.fit, score=found.score), left_out=left_out)
        )
    seen = look(series, number=len(PASSES), plan=PLAN, margin=BED.margin)
    reach = as_statistic(PLAN.stale[-1], degrees_of_freedom=seen.degrees_of_freedom) * seen.standard_error
    into.estimates.append(seen.gain.estimate / BED.margin)
    into.shown.append(seen.gain.low > 0.0)
    into.held.append(abs(seen.gain.estimate - pair.gain) <= reach)


def with_origins(rows: Rows, pair: Pair, *, partition: Partition, layout: Layout, into: Design) -> None:
    """Fit on the rows just before each quarter of the confirming ones, as many as before."""
    means = []
    for origin, part in enumerate(np.array_split(partition.confirm, ORIGINS)):
        shift = int(part[0] - partition.confirm[0])
        for fold in FOLDS[origin::ORIGINS]:
            fit = rows_of(partition, fold, layout).fit + shift
            means.append(rows.gains(pair, fit=fit, score=part).mean())
    into.estimates.append(float(np.mean(means)) / BED.margin)


def with_resplits(
    rows: Rows, pair: Pair, splits: Sequence[tuple[IntArray, IntArray]], *, into: Design
) -> None:
    """Add up the gain over three resplits of the search part."""
    means = [rows.gains(pair, fit=fit, score=score).mean() for fit, score in splits]
    into.estimates.append(float(np.mean(means)) / BED.margin)


def drawn_apart(search: IntArray, rng: np.random.Generator) -> Iterator[tuple[IntArray, IntArray]]:
    """Yield three resplits of three blocks of ten each, drawn independently of one another."""
    blocks = np.arange(search.size) * 10 // search.size
    for _ in range(3):
        scored = np.isin(blocks, rng.choice(10, 3, replace=False))
        yield search[~scored], search[scored]


def measured(audits: int) -> dict[str, dict[str, float]]:
    """Return what every design comes to."""
    pair, endless = Pair.of_the_bed(), Rows.drawn(ENDLESS, np.random.default_rng(1))
    every = np.arange(ENDLESS)
    names = ("as audited", "endless rows", "four origins", "resplits drawn apart", "resplits as audited")
    designs = {name: Design() for name in names}
    for number in range(audits):
        rng = np.random.default_rng([2, number])
        rows, layout = Rows.drawn(ROWS, rng), Layout(digest="", target="y", seed=number, time="t")
        partition = set_aside(layout, rows=ROWS)
        as_audited(rows, pair, partition=partition, layout=layout, into=designs[names[0]])
        fits = [rows_of(partition, fold, layout).fit for fold in FOLDS]
        means = [rows.gains(pair, fit=fit, score=every, among=endless).mean() for fit in fits]
        designs[names[1]].estimates.append(float(np.mean(means)) / BED.margin)
        with_origins(rows, pair, partition=partition, layout=layout, into=designs[names[2]])
        with_resplits(rows, pair, list(drawn_apart(partition.search, rng)), into=designs[names[3]])
        folds = [rows_of(partition, Fold(Part.SEARCH, index), layout) for index in (1, 2, 3)]
        with_resplits(rows, pair, [(each.fit, each.score) for each in folds], into=designs[names[4]])
    return {name: design.figures() for name, design in designs.items()}


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--audits", type=int, default=300)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    found = measured(options.audits)
    print_table(
        [
            "design",
            "mean gain, margins",
            "standard deviation",
            "power if it were known",
            "power",
            "interval holds",
        ],
        (
            (
                name,
                f"{each['mean']:.2f}",
                f"{each['spread']:.2f}",
                f"{each['known']:.2f}",
                *(f"{each[key]:.2f}" if key in each else "–" for key in ("shown", "held")),
            )
            for name, each in found.items()
        ),
    )
    if options.json is not None:
        options.json.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
