"""How often a box grows wrongly, and how often it grows where its optimum lies outside.

No training: surfaces of seven shapes over settings of unequal weight, drawn from at scrambled places as a
coarse round does, and the test of `auditor.core.edges` on the ranks of the draws. *Wrongly*: the optimum is
anywhere in the inner 80 % of every axis. *Rightly*: that of one setting, any of them or the heaviest, is a
tenth to half an axis beyond an end, and the box grows there.

    python -m benchmarks.edges [--searches 300] [--json PATH]
"""

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from auditor.core.edges import falls_outwards
from benchmarks.tables import print_table

Array = np.ndarray[Any, Any]

SHAPES: dict[str, Callable[[Array], Array]] = {
    "bowl": lambda away: away**2,
    "V": np.abs,
    "saturating": lambda away: 1.0 - np.exp(-4.0 * np.abs(away)),
    "steep beyond": lambda away: np.where(away > 0.0, 3.0, 1.0) * away**2,
    "flat bottom": lambda away: np.maximum(0.0, np.abs(away) - 0.15) ** 2,
    "cliff": lambda away: away**2 + (away > 0.25),
    "flat bowl": lambda away: away**4,
}
SIZES = ((18, 2), (18, 4), (36, 3))
NOISE = 0.03
"""Standard deviation of a loss, as a share of the spread of the surface."""


@dataclass(frozen=True)
class Search:
    """The draws of one coarse round, and the end that its optimum lies beyond, if any."""

    places: Array
    ranks: Array
    beyond: tuple[int, bool] | None

    @classmethod
    def of(
        cls, shape: str, draws: int, axes: int, *, outside: int | None, rng: np.random.Generator
    ) -> "Search":
        """Draw one, the optimum of one setting outside, or of none."""
        optimum, high = rng.uniform(0.1, 0.9, axes), bool(rng.random() < 0.5)
        if outside is not None:
            beyond = rng.uniform(0.1, 0.5)
            optimum[outside] = 1.0 + beyond if high else -beyond
        weights = 0.5 ** np.arange(axes)
        places = np.column_stack([(rng.permutation(draws) + rng.random(draws)) / draws for _ in range(axes)])
        losses = SHAPES[shape](places - optimum) @ weights
        losses = losses + NOISE * np.std(losses) * rng.standard_normal(draws)
        ranks = np.argsort(np.argsort(losses)).astype(float)
        return cls(places, ranks, None if outside is None else (outside, high))

    def grows(self) -> list[tuple[int, bool]]:
        """Return the ends, an axis and whether it is the upper one, at which the box would grow."""
        axes = self.places.shape[1]
        return [
            (axis, high)
            for axis in range(axes)
            for high in (False, True)
            if falls_outwards(self.places, self.ranks, axis, high=high, tests=2 * axes)
        ]


def measured(shape: str, searches: int) -> dict[str, tuple[float, ...]]:
    """Return how often the box grew wrongly, rightly, and rightly for the heaviest setting, by size."""
    found = {}
    for draws, axes in SIZES:
        rng = np.random.default_rng([list(SHAPES).index(shape), draws, axes])
        rates = [0.0, 0.0, 0.0]
        for number in range(searches):
            for place, outside in enumerate((None, number % axes, 0)):
                search = Search.of(shape, draws, axes, outside=outside, rng=rng)
                grown = search.grows()
                rates[place] += (search.beyond in grown if search.beyond else bool(grown)) / searches
        found[f"{draws} draws, {axes} settings"] = tuple(rates)
    return found


def _rows(searches: int, found: dict[str, dict[str, tuple[float, ...]]]) -> Iterator[Sequence[object]]:
    for shape in SHAPES:
        found[shape] = measured(shape, searches)
        yield (shape, *map(_said, found[shape].values()))
    sizes = next(iter(found.values()))
    found["all"] = {
        size: tuple(np.mean([rates[size] for rates in found.values()], axis=0).tolist()) for size in sizes
    }
    yield ("all", *map(_said, found["all"].values()))


def _said(rates: Sequence[float]) -> str:
    wrong, right, heaviest = (100 * rate for rate in rates)
    return f"{wrong:.1f}, {right:.0f}, {heaviest:.0f}"


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--searches", type=int, default=300)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    found: dict[str, dict[str, tuple[float, ...]]] = {}
    head = [f"{draws} draws, {axes} settings" for draws, axes in SIZES]
    print_table(["grew wrongly, rightly, rightly for the heaviest, %", *head], _rows(options.searches, found))
    if options.json is not None:
        options.json.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
