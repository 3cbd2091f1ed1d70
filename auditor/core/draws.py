"""Draws of rows that come out the same everywhere: from classes, whole groups, or blocks of neighbours.

Every purpose has a stream of chance of its own, named by the audit's seed, the purpose and the fold.
"""

import enum
import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from auditor.core.records import IntArray, Layout

_LARGEST_LOG_SIZE = 64  # log2 of a group's size is below it for any int64


class Chance(enum.IntEnum):
    """What a stream of chance is for; the numbers are part of what makes an audit repeatable."""

    SET_ASIDE = 1
    SEARCH = 2
    HALVES = 3
    SUBSAMPLE = 4
    BLOCKS = 5
    STRADDLING = 6
    FEWER = 7
    UNITS = 8
    THINNED = 9


def stream_of(layout: Layout, purpose: Chance, index: int = 0, half: int = 0) -> np.random.Generator:
    """Return the random stream of one purpose of one fold."""
    return np.random.default_rng([layout.seed, purpose, index, half])


@dataclass(frozen=True, slots=True, eq=False)
class Draw:
    """Draws sorted subsets of rows: rows by class, or whole groups."""

    groups: IntArray | None
    strata: IntArray

    def share(
        self, pool: IntArray, share: float, rng: np.random.Generator, *, number: int = 0
    ) -> tuple[IntArray, IntArray]:
        """Return a random share of the rows of a pool, and the rest, both in the pool's order.

        Parameters
        ----------
        number
            Which of the shares that one stream gives: as many as there is room for have no unit in common.
        """
        if self.groups is None:
            chosen = _chosen(self.strata[pool], share, rng, number=number)
        else:
            _, first, unit, sizes = np.unique(
                self.groups[pool], return_index=True, return_inverse=True, return_counts=True
            )
            # Large and small groups are shared out evenly, or one giant would upset the shares.
            log_size = np.log2(sizes).astype(np.int64)
            strata = self.strata[pool[first]] * _LARGEST_LOG_SIZE + log_size
            chosen = _chosen(strata, share, rng, number=number)[unit]
        return pool[chosen], pool[~chosen]

    def thinned(self, pool: IntArray, share: float, rng: np.random.Generator) -> IntArray:
        """Return about a share of the rows of a pool, in its order, evenly from every stratum.

        A smaller share that the same stream gives is part of a larger one.
        """
        if self.groups is None:
            return pool[_even_places(self.strata[pool], rng) < share]
        _, first, unit, sizes = np.unique(
            self.groups[pool], return_index=True, return_inverse=True, return_counts=True
        )
        log_size = np.log2(sizes).astype(np.int64)
        return pool[
            (_even_places(self.strata[pool[first]] * _LARGEST_LOG_SIZE + log_size, rng) < share)[unit]
        ]

    def apart(self, older: IntArray, newer: IntArray, rng: np.random.Generator) -> tuple[IntArray, IntArray]:
        """Return two sets of rows without the rows that make a group occur in both.

        A random half of the straddling groups keep only their older rows, the others only their newer ones.
        """
        if self.groups is None:
            return older, newer
        both = np.intersect1d(self.groups[older], self.groups[newer])
        stays_older = rng.permutation(both.size) < both.size // 2
        return (
            older[~np.isin(self.groups[older], both[~stays_older])],
            newer[~np.isin(self.groups[newer], both[stays_older])],
        )


def blocks_of(rows: int, count: int) -> IntArray:
    """Return the block of each of so many consecutive rows; blocks differ by at most one row."""
    return np.arange(rows) * min(count, rows) // max(rows, 1)


def some_blocks(layout: Layout, share: float, *, of: int, number: int) -> tuple[int, ...]:
    """Return the ``number``-th random choice of blocks to leave out; no two alike until all were used."""
    choices = tuple(itertools.combinations(range(of), round(of * share)))
    order = stream_of(layout, Chance.SUBSAMPLE).permutation(len(choices))
    return choices[int(order[number % len(choices)])]


def blocks_in_turn(layout: Layout, share: float, *, of: int, number: int) -> IntArray:
    """Return the ``number``-th share of the blocks in a random order: three of 30 % have none in common."""
    order, each = stream_of(layout, Chance.BLOCKS).permutation(of), round(of * share)
    return np.asarray(order[np.arange(number * each, (number + 1) * each) % of])


def united(first: IntArray, second: IntArray, *, rows: int) -> IntArray:
    """Return two sets of rows as one, ascending; a mask does it in a fifth of the time of a sort."""
    inside = np.zeros(rows, dtype=np.bool_)
    inside[first] = inside[second] = True
    return np.flatnonzero(inside)


def codes_of(values: npt.NDArray[Any]) -> IntArray:
    """Return the code of each value, counted in order of appearance; a missing value is a value."""
    import pandas as pd  # hashes a million strings in the time numpy sorts a tenth of them

    return np.asarray(pd.factorize(values, use_na_sentinel=False)[0], dtype=np.int64)


def group_codes(groups: npt.NDArray[Any]) -> IntArray:
    """Return the code of each row's group; a row without a group is one of its own."""
    import pandas as pd

    codes = codes_of(groups)
    alone = np.asarray(pd.isna(groups))
    codes[alone] = codes.size + np.arange(np.count_nonzero(alone))
    return codes


def _even_places(strata: IntArray, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """Return a place in [0, 1) for every unit: any interval holds its share of each stratum, to one unit."""
    shuffled = rng.permutation(strata.size)
    order = shuffled[np.argsort(strata[shuffled], kind="stable")]
    _, begins, counts = np.unique(strata[order], return_index=True, return_counts=True)
    places = np.empty(strata.size)
    within = np.arange(strata.size) - np.repeat(begins, counts)
    places[order] = (within + np.repeat(rng.random(counts.size), counts)) / np.repeat(counts, counts)
    return places


def _chosen(
    strata: IntArray, share: float, rng: np.random.Generator, *, number: int = 0
) -> npt.NDArray[np.bool_]:
    """Return a random share of the units as a mask, evenly from every stratum.

    Systematic sampling along a shuffled list that is sorted by stratum: every unit has the same chance,
    and every stratum, and the whole, gives its share to within one unit. The ``number``-th share starts so
    many units further along: at a share of 0.3 three of them have no unit in common.
    """
    order = rng.permutation(strata.size)
    if strata.any():
        order = order[np.argsort(strata[order], kind="stable")]
    steps = np.floor((np.arange(strata.size + 1) + number) * share + rng.random())
    chosen = np.empty(strata.size, dtype=np.bool_)
    chosen[order] = np.diff(steps) > 0
    return chosen
