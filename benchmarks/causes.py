"""Whether a planted cause is told, on real fits: the product's own folds, variance and rules.

Ridge regressions, production and challenger with penalties that do not change; what changes between the
older rows and the fresh ones is the signal (data), nothing (never tuned), or the number of rows (size). The
truth is the expected difference of the two gains over many training samples of the same size.

    python -m benchmarks.causes [--runs 120] [--json PATH]
"""

import argparse
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from auditor.core.cause import GREW, Square, find_cause
from auditor.core.records import Layout, Part, Reference
from auditor.core.splits import rows_of, set_aside
from auditor.core.variance import Replicate, TwoWay, two_way
from auditor.core.wording import Ruler
from auditor.replicates import folds
from auditor.stages.explain import PASSES
from benchmarks.tables import print_table

Array = np.ndarray[Any, Any]

FEATURES, MARGIN, TRUTH_SAMPLES = 60, 0.011, 300
FITTED = 0.6  # of all rows, in a confirming replicate
OLDER = Reference(digest="", rows=1, audit_id=None)
RULER = Ruler(production_loss=1.0, unit="squared error", confidence=0.95)


@dataclass(frozen=True)
class Case:
    """A planted cause: strength of the signal and number of rows then and now, penalties of both settings."""

    name: str
    then: float
    now: float
    production: float
    challenger: float
    rows_then: int = 1000
    rows_now: int = 1000


CASES = (
    Case("data", 1.5, 0.3, production=1, challenger=150),
    Case("never tuned", 0.3, 0.3, production=1, challenger=400),
    Case("size", 0.3, 0.3, production=400, challenger=20, rows_then=300, rows_now=6000),
)


def judge(case: Case, runs: int) -> Mapping[str, Any]:
    """Return how often each cause was called, and how often the interval held the true difference."""
    rng = np.random.default_rng(0)
    size = int(FITTED * min(case.rows_then, case.rows_now))
    then, now = (_truth(case, strength, size, rng) for strength in (case.then, case.now))
    calls, held = Counter[str](), 0
    for seed in range(runs):
        cause = find_cause(_square(case, size, seed, rng), margin=MARGIN, reference=OLDER, ruler=RULER)
        calls[str(cause.call)] += 1
        held += cause.difference is not None and cause.difference.low <= now - then <= cause.difference.high
    shares = {call: count / runs for call, count in calls.most_common()}
    return {**asdict(case), "gains": (then / MARGIN, now / MARGIN), "calls": shares, "held": held / runs}


def _square(case: Case, size: int, seed: int, rng: np.random.Generator) -> Square:
    layout = Layout(digest="", target="y", seed=seed)
    older, fresh = _rows(case.then, case.rows_then, rng), _rows(case.now, case.rows_now, rng)
    equal = replace(layout, fit_rows=size)
    then, now = _gain(case, older, equal, Part.THEN), _gain(case, fresh, equal, Part.NOW)
    grown = case.rows_now >= GREW * case.rows_then
    whole = _gain(case, fresh, layout, Part.CONFIRM) if grown else None
    return Square(then=then, now=now, rows=size, whole=whole, whole_rows=int(FITTED * case.rows_now))


def _rows(strength: float, count: int, rng: np.random.Generator) -> tuple[Array, Array]:
    features = rng.standard_normal((count, FEATURES))
    return features, features @ _signal(strength) + rng.standard_normal(count)


def _signal(strength: float) -> Array:
    direction = np.random.default_rng(9).standard_normal(FEATURES)
    return strength * direction / np.linalg.norm(direction)


def _fit(features: Array, target: Array, penalty: float) -> Array:
    return np.linalg.solve(features.T @ features + penalty * np.eye(FEATURES), features.T @ target)


def _gain(case: Case, rows: tuple[Array, Array], layout: Layout, part: Part) -> TwoWay:
    features, target = rows
    partition = set_aside(layout, rows=target.size)
    replicates = []
    for fold in folds(PASSES, part):
        found = rows_of(partition, fold, layout)
        ours, theirs = (
            (
                target[found.score]
                - features[found.score] @ _fit(features[found.fit], target[found.fit], penalty)
            )
            ** 2
            for penalty in (case.production, case.challenger)
        )
        replicates.append(Replicate(found.clusters, ours - theirs))
    return two_way(replicates)


def _truth(case: Case, strength: float, size: int, rng: np.random.Generator) -> float:
    """Return the expected gain of the challenger when both are fitted on so many rows."""
    gains = []
    for _ in range(TRUTH_SAMPLES):
        rows = _rows(strength, size, rng)
        ours, theirs = (
            np.sum((_fit(*rows, penalty) - _signal(strength)) ** 2)
            for penalty in (case.production, case.challenger)
        )
        gains.append(ours - theirs)
    return float(np.mean(gains))


def main() -> None:
    """Print a row per planted cause, and write them as JSON where asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=120)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    found = [judge(case, asked.runs) for case in CASES]
    head = ("planted", "gain then, now (margins)", "called", "interval of the difference holds the truth")
    lines = (
        (
            each["name"],
            "{:.1f}, {:.1f}".format(*each["gains"]),
            ", ".join(f"{call} {share:.2f}" for call, share in each["calls"].items()),
            f"{each['held']:.2f}",
        )
        for each in found
    )
    print_table(head, lines)
    if asked.json is not None:
        asked.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
