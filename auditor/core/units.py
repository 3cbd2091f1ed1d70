"""Units of the confirm part, for what is no mean over rows: to leave out, or to score, one at a time."""

import numpy as np
import numpy.typing as npt

from auditor.core.draws import Chance, Draw, blocks_of, stream_of
from auditor.core.records import IntArray, Layout

UNITS = 12
"""Units of the confirm part for a trainer that gives one number: one for each training of all planned
passes, so that every row is scored once, and the share of rows scored is the share of the plan done."""


def jackknife_units(clusters: IntArray, *, count: int = 50) -> IntArray:
    """Coarsen clusters to at most ``count`` units, to leave out one at a time.

    The unit of a cluster depends on its code alone, so the same rows fall into the same unit in every
    replicate. Codes below ``count`` are their own unit; others are scattered at random.

    Examples
    --------
    >>> jackknife_units(np.array([0, 0, 3, 7])).tolist()
    [0, 0, 3, 7]
    >>> int(jackknife_units(np.arange(10_000), count=50).max())
    49
    """
    scattered = (_scrambled(clusters) % np.uint64(count)).astype(np.int64)
    return np.where(clusters < count, clusters, scattered)


def units_of(layout: Layout, confirm: IntArray, draw: Draw) -> IntArray:
    """Return the unit of each confirming row: whole blocks in time, whole groups, or a share of each class.

    The order in which units are scored is random, so that the first look sees no corner of them.
    """
    count, rng = layout.units or 1, stream_of(layout, Chance.UNITS)
    if layout.time is not None:
        return rng.permutation(count)[blocks_of(confirm.size, count)]
    if draw.groups is None:
        order = rng.permutation(confirm.size)
        order = order[np.argsort(draw.strata[confirm[order]], kind="stable")]
        units = np.empty(confirm.size, dtype=np.int64)
        units[order] = np.arange(confirm.size) % count
        return units
    _, member, sizes = np.unique(draw.groups[confirm], return_inverse=True, return_counts=True)
    order = rng.permutation(sizes.size)
    order = order[np.argsort(-sizes[order], kind="stable")]
    unit, filled = np.empty(sizes.size, dtype=np.int64), np.zeros(count, dtype=np.int64)
    for group in order:  # the largest first, each to the unit that holds the fewest rows so far
        unit[group] = np.argmin(filled)
        filled[unit[group]] += sizes[group]
    return np.asarray(unit[member])


def _scrambled(codes: IntArray) -> npt.NDArray[np.uint64]:
    """Return a pseudo-random number for each code: the finaliser of SplitMix64 (Steele, Lea, Flood 2014)."""
    mixed = codes.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
