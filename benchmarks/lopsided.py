"""How often calls are wrong where few rows hold most of a gain, with skewness allowed for and without.

A row's gain is drawn from laws of one mean, from normal to lognormal, on either side; then twelve paired
trainings are looked at by the product's own boundaries, variance and looks, as a confirming stage does
with one finalist. *Wrong fresh*: the true gain is the margin. *Wrong stale*: it is nothing, and any estimate
above 0 is worth having. *Power* is what is left where the truth is plain: two margins at a standard error of
0.7 margins, or no gain at one of 0.4.

    python -m benchmarks.lopsided [--audits 4000] [--json PATH]
"""

import argparse
import json
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from auditor.core.boundaries import as_deviate, as_statistic
from auditor.core.comparison import PASSES, look, plan_looks
from auditor.core.records import Look
from auditor.core.skewness import less_skewed
from auditor.core.splits import time_blocks
from auditor.core.variance import Replicate
from benchmarks.tables import print_table

Array = np.ndarray[Any, Any]
Law = Callable[[np.random.Generator, int], Array]

PLAN = plan_looks(0.95, finalists=1)
REPLICATES = 2 * PASSES[-1]
ROWS = (120, 500, 2000)
MEMORIES = (0.0, 0.5)

_START = 60
"""Rows before the first, for a series to forget where it began."""


def normal(rng: np.random.Generator, rows: int) -> Array:
    """Draw from a law without skewness."""
    return rng.standard_normal(rows)


def heavy(rng: np.random.Generator, rows: int) -> Array:
    """Draw from Student's t with three degrees of freedom: heavy tails on both sides alike."""
    return rng.standard_t(3, rows)


def lognormal(sigma: float) -> Law:
    """Return a lognormal law."""
    return lambda rng, rows: np.exp(sigma * rng.standard_normal(rows))


def exponential(rng: np.random.Generator, rows: int) -> Array:
    """Draw from an exponential law."""
    return rng.exponential(size=rows)


def few_large(share: float, size: float) -> Law:
    """Return a mixture: a share of the rows has gains about this many standard deviations larger."""
    return lambda rng, rows: rng.standard_normal(rows) + size * (rng.random(rows) < share)


def flips(worse: float, better: float) -> Law:
    """Return differences of errors: shares of the rows where the challenger loses and wins."""
    return lambda rng, rows: rng.choice([-1.0, 0.0, 1.0], rows, p=[worse, 1.0 - worse - better, better])


LAWS: dict[str, Law] = {
    "normal": normal,
    "t, 3 degrees": heavy,
    "exponential": exponential,
    "lognormal, sigma 1": lognormal(1.0),
    "lognormal, sigma 1.5": lognormal(1.5),
    "10 % large": few_large(0.1, 6.0),
    "2 % large": few_large(0.02, 10.0),
    "errors, 6 % mended and 4 % made": flips(0.04, 0.06),
    "errors, 5 % mended": flips(0.0, 0.05),
}
MIRRORED = ("exponential", "lognormal, sigma 1", "lognormal, sigma 1.5", "10 % large", "2 % large")


@dataclass(frozen=True)
class Case:
    """A law of gains, on one side or mirrored, and how many rows confirm.

    Attributes
    ----------
    trainings
        Whether trainings and single scores have luck too, a tenth of the variance each.
    memory
        Of rows in time order: how much of a row the next one is (AR(1)). Every replicate scores all of
        them, and twelve blocks are the clusters.
    """

    law: str
    rows: int
    mirrored: bool = False
    trainings: bool = False
    memory: float | None = None

    @property
    def name(self) -> str:
        """Return the case in words."""
        said = (
            f"{self.law}{', mirrored' if self.mirrored else ''}{', and trainings' if self.trainings else ''}"
        )
        if self.memory is not None:
            said = f"{said}, in time order, memory {self.memory:g}"
        return f"{said}: {self.rows} rows"


@dataclass(frozen=True)
class Seen:
    """What the three looks of one audit saw, the gain being 0 and its standard error about 1."""

    looks: tuple[Look, ...]

    def evidence(self, *, gain: float, margin: float, plain: bool) -> Iterator[tuple[Look, float, float]]:
        """Yield each look with its evidence for a gain and against the margin, had this been the gain."""
        for seen in self.looks:
            skewness = 0.0 if plain else seen.skewness
            distances = (seen.gain.estimate + gain, margin - seen.gain.estimate - gain)
            stale, fresh = (
                _deviate(distance, seen, skewness=sign * skewness)
                for distance, sign in zip(distances, (1.0, -1.0), strict=True)
            )
            yield seen, stale, fresh

    def stale(self, *, gain: float, margin: float, plain: bool) -> bool:
        """Whether any look says that there is a gain."""
        return any(
            stale >= seen.boundary_stale and seen.gain.estimate + gain >= margin
            for seen, stale, _ in self.evidence(gain=gain, margin=margin, plain=plain)
        )

    def fresh(self, *, gain: float, margin: float, plain: bool) -> bool:
        """Whether any look excludes the margin."""
        return any(
            fresh >= seen.boundary_fresh
            for seen, _, fresh in self.evidence(gain=gain, margin=margin, plain=plain)
        )

    def holds(self, *, plain: bool) -> bool:
        """Whether the interval of the last look holds the truth."""
        seen = self.looks[-1]
        if not plain:
            return seen.gain.low <= 0.0 <= seen.gain.high
        deviate = max(seen.boundary_stale, seen.boundary_fresh)
        reach = as_statistic(deviate, degrees_of_freedom=seen.degrees_of_freedom)
        return abs(seen.gain.estimate) <= reach * seen.standard_error


def _deviate(distance: float, seen: Look, *, skewness: float) -> float:
    if seen.standard_error == 0.0:  # nothing differed; an audit of errors would not take that for certain
        return math.copysign(math.inf, distance)
    statistic = less_skewed(distance / seen.standard_error, skewness=skewness)
    return as_deviate(statistic, degrees_of_freedom=seen.degrees_of_freedom)


def audited(case: Case, rng: np.random.Generator, *, centre: float, spread: float) -> Seen:
    """Return what the looks see of one data set, the law shifted to a gain of 0."""
    share = 0.1 if case.trainings else 0.0
    sign = -1.0 if case.mirrored else 1.0
    rows = sign * (LAWS[case.law](rng, case.rows + _START) - centre) / spread
    lasting = math.sqrt((1.0 - 2.0 * share) * case.rows) * _remembered(rows, case.memory)
    training = math.sqrt(share * REPLICATES) * rng.standard_normal((REPLICATES, 1))
    if case.memory is None:
        scored = rng.random((PASSES[-1], case.rows)).argsort(axis=1).reshape(REPLICATES, case.rows // 2)
        clusters = scored
    else:
        scored = np.broadcast_to(np.arange(case.rows), (REPLICATES, case.rows))
        clusters = np.broadcast_to(time_blocks(case.rows), scored.shape)
    rest = math.sqrt(share * scored.size) * rng.standard_normal(scored.shape)
    values = lasting[scored] + training + rest
    series = [Replicate(*each) for each in zip(clusters, values, strict=True)]
    return Seen(
        tuple(
            look(series[: 2 * passes], number=number, plan=PLAN, margin=1.0)
            for number, passes in enumerate(PASSES, start=1)
        )
    )


def _remembered(rows: Array, memory: float | None) -> Array:
    """Return the rows with a memory, the mean of which varies as that of as many independent ones."""
    from scipy.signal import lfilter

    if not memory:
        return rows[_START:]
    return np.asarray(lfilter([1.0 - memory], [1.0, -memory], rows)[_START:])


def measured(case: Case, audits: int) -> dict[str, list[float]]:
    """Return rates of a case: without and with skewness allowed for."""
    key = [list(LAWS).index(case.law), case.rows, case.mirrored, case.trainings]
    key += [] if case.memory is None else [round(100 * case.memory)]
    rng = np.random.default_rng(key)
    sample = LAWS[case.law](np.random.default_rng(key[:1]), 4_000_000)
    centre, spread = float(sample.mean()), float(sample.std())
    every = [audited(case, rng, centre=centre, spread=spread) for _ in range(audits)]
    return {
        "wrong fresh": [
            _rate(each.fresh(gain=2.0, margin=2.0, plain=plain) for each in every) for plain in _BOTH
        ],
        "wrong stale": [
            _rate(each.stale(gain=0.0, margin=1e-9, plain=plain) for each in every) for plain in _BOTH
        ],
        "interval holds": [_rate(each.holds(plain=plain) for each in every) for plain in _BOTH],
        "fresh, no gain": [
            _rate(each.fresh(gain=0.0, margin=2.5, plain=plain) for each in every) for plain in _BOTH
        ],
        "stale, two margins": [
            _rate(each.stale(gain=2.0 / 0.7, margin=1.0 / 0.7, plain=plain) for each in every)
            for plain in _BOTH
        ],
    }


_BOTH = (True, False)


def _rate(hits: Iterator[bool]) -> float:
    return round(float(np.mean(list(hits))), 3)


def cases(rows: Sequence[int] = ROWS) -> Iterator[Case]:
    """Yield every case."""
    for law in LAWS:
        for number in rows:
            yield Case(law, number)
            if law in MIRRORED:
                yield Case(law, number, mirrored=True)
    for number in rows:
        yield Case("lognormal, sigma 1.5", number, trainings=True)
    for law in ("normal", "exponential", "lognormal, sigma 1", "lognormal, sigma 1.5"):
        for memory in MEMORIES:
            yield from (Case(law, number, memory=memory) for number in rows)


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--audits", type=int, default=4000)
    parser.add_argument("--ordered", action="store_true", help="only the cases in time order")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    found: dict[str, dict[str, list[float]]] = {}

    def rows() -> Iterator[Sequence[object]]:
        for case in cases():
            if options.ordered and case.memory is None:
                continue
            found[case.name] = measured(case, options.audits)
            yield (case.name, *(f"{100 * a:.1f} → {100 * b:.1f}" for a, b in found[case.name].values()))

    head = ["wrong *fresh*", "wrong *stale*", "interval holds", "power *fresh*", "power *stale*"]
    print_table(["%, plain t → as audited", *head], rows())
    if options.json is not None:
        options.json.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
