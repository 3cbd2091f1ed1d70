"""Which rows search and which confirm, and the folds within each part.

Rows are set aside **before** anything is searched, because the best of forty noisy scores
looks better than it is: what confirms a challenger must never have helped to choose it
(statistics, section 2, steps 1 to 4).

Three layouts, chosen by the names in ``Layout``:

*exchangeable rows*
    The parts are random halves, stratified by class. A confirming pass cuts the confirm part
    into two random halves; each is scored by models fitted on a random share of everything else.
*groups*
    The same, with whole groups drawn instead of rows. Shares are met as well as the sizes of
    the groups allow.
*ordered by time*
    The confirm part is the newest, after a purge gap. Every confirming replicate scores all of it,
    after a fit on the search part without a few random blocks. Rows near in time resemble each
    other, so blocks of rows, not rows, are the clusters of the evidence.

Ordered rows with groups keep both promises: of the groups that occur on both sides of a split,
a random half keep only their rows on the older side and the others only those on the newer side.

Everything is a pure function of its arguments: a worker finds the same rows from the same names. How rows are
drawn is in ``draws.py``, what is too little in ``shortages.py``, units in ``units.py``.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from auditor.core.draws import (
    Chance,
    Draw,
    blocks_in_turn,
    blocks_of,
    codes_of,
    group_codes,
    some_blocks,
    stream_of,
    united,
)
from auditor.core.records import Fold, IntArray, Layout, Part
from auditor.core.units import units_of

BLOCKS = 12
"""Most blocks of the confirm part, in time order. With 8 to 12 blocks a nominal 5 % test keeps its
size under strong autocorrelation; with 16 or more it does not (statistics, section 2, "Time order")."""

FEWEST_BLOCKS = 8
"""Fewest blocks; fewer leave too few degrees of freedom (statistics, section 2)."""

ROWS_PER_BLOCK = 10
"""A confirm part of fewer than ``BLOCKS * ROWS_PER_BLOCK`` rows is cut into fewer blocks."""

THINNED_BLOCKS = 50
"""Blocks of consecutive rows that are thinned evenly, in time order."""

SEARCH_BLOCKS = 10
"""Blocks that the search part is cut into, in time order, to leave some out (statistics, section 2)."""

PURGE_SHARE = 0.01
"""Share of all rows dropped between the search part and the confirm part, in time order, so that
neighbours do not sit on both sides."""

TURN_SCORED = 0.4
"""Share of a turn's rows, its newest, that its models are scored on."""


@dataclass(frozen=True, slots=True, eq=False)
class FoldRows:
    """The rows of one fold, as row numbers of the snapshot.

    Attributes
    ----------
    fit, score
        Row numbers, ascending; no row, and no group, is in both.
    clusters
        Shape (len(score),). For a confirming fold, the cluster of each scored row; in the search
        part, each row is its own.
    """

    fit: IntArray
    score: IntArray
    clusters: IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Partition:
    """The two parts of a snapshot, and what it takes to draw folds from them.

    Attributes
    ----------
    search, confirm
        Row numbers, ascending; no row, and no group, is in both. Ordered rows in the purge gap
        are in neither.
    clusters
        Shape (len(confirm),): codes 0, 1, ... of each confirming row. Its own number (exchangeable
        rows), its group (grouped rows), or its block (ordered rows); its unit where the layout has some.
    ordered
        Whether the rows are in time order.
    groups
        Shape (rows,): code of each row's group; None where rows are not grouped.
    strata
        Shape (rows,): code of each row's class, or zeros where draws are not stratified.
    classes
        Shape (rows,): code of each row's class, stratified by or not; None where the target is none.
    search_fold
        The split that the search itself uses: fold 0 of the search part.
    """

    search: IntArray
    confirm: IntArray
    clusters: IntArray
    ordered: bool
    groups: IntArray | None
    strata: IntArray
    classes: IntArray | None
    search_fold: FoldRows

    def groups_among(self, rows: IntArray) -> int:
        """Return how many groups some rows are of; 0 where rows are not grouped."""
        return 0 if self.groups is None else np.unique(self.groups[rows]).size

    def rarest_among(self, rows: IntArray) -> int:
        """Return how many rows the class has that has fewest among some; 0 where there are no classes."""
        if self.classes is None:
            return 0
        fitted = np.unique(self.classes[self.search_fold.fit])
        return int(np.bincount(self.classes[rows], minlength=self.classes.max() + 1)[fitted].min())


def set_aside(
    layout: Layout,
    *,
    rows: int,
    target: npt.NDArray[Any] | None = None,
    groups: npt.NDArray[Any] | None = None,
) -> Partition:
    """Set rows aside to confirm on, before anything is searched.

    Parameters
    ----------
    layout
        With ``time`` set, rows are taken to be in time order already.
    rows
        How many rows the snapshot has.
    target
        Shape (rows,): class labels, to stratify random draws by when ``layout.classes``.
    groups
        Shape (rows,): any labels. A row without one (NaN, None) is a group of its own.

    Raises
    ------
    ValueError
        If ``target`` or ``groups`` is not one label per row.
    """
    for values in (target, groups):
        if values is not None and len(values) != rows:
            raise ValueError(f"expected one label for each of {rows} rows, got {len(values)}")
    classes = codes_of(target) if layout.classes and target is not None else None
    draw = Draw(
        groups=None if groups is None else group_codes(groups),
        strata=np.zeros(rows, dtype=np.int64) if classes is None or layout.time is not None else classes,
    )
    search, confirm = _parts(layout, rows, draw)
    fit, score = _search_rows(layout, search, index=0, draw=draw)
    return Partition(
        search=search,
        confirm=confirm,
        clusters=_clusters(layout, confirm, draw),
        ordered=layout.time is not None,
        groups=draw.groups,
        strata=draw.strata,
        classes=classes,
        search_fold=FoldRows(fit, score, np.arange(score.size)),
    )


def rows_of(partition: Partition, fold: Fold, layout: Layout) -> FoldRows:
    """Return the rows of a fold; the same for the same arguments, always and everywhere.

    In the search part, fold 0 is the split of the search and folds 1, 2, ... are resplits of the same
    rows. In every other part, a fold is one half of one pass over the confirming rows.
    """
    draw = Draw(partition.groups, partition.strata)
    if fold.part.searched:
        # A canary is the split of the search; its index only counts the replays.
        index = fold.index if fold.part is Part.SEARCH else 0
        fit, score = _search_rows(layout, partition.search, index=index, draw=draw)
        return FoldRows(fit, score, np.arange(score.size))
    if fold.part.carried:
        return _carried(partition, fold, layout, draw)
    rows = _confirming(partition, fold, layout, draw)
    return FoldRows(_fewer(rows.fit, fold, layout, draw), rows.score, rows.clusters)


def rows_to_fit(partition: Partition, fold: Fold, layout: Layout) -> IntArray:
    """Return the rows of a snapshot that a fold of another one fits on: all of them, or a random draw."""
    every = np.arange(layout.first_row, partition.strata.size)
    return _fewer(every, fold, layout, Draw(partition.groups, partition.strata))


def thinned(fit: IntArray, share: float, partition: Partition, fold: Fold, layout: Layout) -> IntArray:
    """Return a share of the rows that a fold fits on: part of any larger share, and spread like the whole.

    By class, by whole groups, or evenly over time, as the fold itself was drawn.
    """
    strata = blocks_of(partition.strata.size, THINNED_BLOCKS) if partition.ordered else partition.strata
    draw = Draw(partition.groups, strata if partition.groups is None else partition.strata)
    return draw.thinned(fit, share, stream_of(layout, Chance.THINNED, fold.index, fold.half))


def _confirming(partition: Partition, fold: Fold, layout: Layout, draw: Draw) -> FoldRows:
    number = 2 * fold.index + fold.half
    if partition.ordered:
        left_out = some_blocks(layout, 1.0 - layout.subsample, of=SEARCH_BLOCKS, number=number)
        blocks = blocks_of(partition.search.size, SEARCH_BLOCKS)
        fit = partition.search[~np.isin(blocks, left_out)]
        scored = np.full(partition.confirm.size, True)
        if layout.units is not None:
            scored = partition.clusters == number % layout.units
        return FoldRows(fit, partition.confirm[scored], partition.clusters[scored])
    return _crossed(partition, fold, layout, draw)


def _carried(partition: Partition, fold: Fold, layout: Layout, draw: Draw) -> FoldRows:
    """Return the rows of a turn: its older ones to fit on, its newest ones to score on.

    The start fits on the search part, and is scored on the rows of the first turn.
    """
    place = blocks_of(partition.confirm.size, layout.turns)
    rows = partition.confirm[place == (fold.index if fold.part is Part.TURN else 0)]
    scored = round(rows.size * TURN_SCORED)
    gap = max(1, math.ceil(rows.size * PURGE_SHARE))
    older, newer = rows[: max(0, rows.size - scored - gap)], rows[rows.size - scored :]
    if fold.part is Part.START:
        older = partition.search
    fit, score = draw.apart(older, newer, stream_of(layout, Chance.STRADDLING, fold.index))
    return FoldRows(fit, score, time_blocks(score.size))


def time_blocks(rows: int) -> IntArray:
    """Return the block, 0, 1, ..., of each of so many confirming rows in time order."""
    return blocks_of(rows, min(BLOCKS, max(FEWEST_BLOCKS, rows // ROWS_PER_BLOCK)))


def _parts(layout: Layout, rows: int, draw: Draw) -> tuple[IntArray, IntArray]:
    """Return the rows of the search part and of the confirm part."""
    if layout.time is None:
        confirm, search = draw.share(
            np.arange(rows), layout.confirm_share, stream_of(layout, Chance.SET_ASIDE)
        )
        return search[search >= layout.first_row], confirm[confirm >= layout.first_row]
    search, confirm = _ordered_parts(layout, 0, rows, draw)
    if layout.first_row == 0:
        return search, confirm
    # The newer half of fewer rows lies within the newer half of all: what was searched on stays unscored.
    search, newest = _ordered_parts(layout, layout.first_row, rows, draw)
    return search, np.intersect1d(newest, confirm, assume_unique=True)


def _ordered_parts(layout: Layout, first: int, end: int, draw: Draw) -> tuple[IntArray, IntArray]:
    rows = max(0, end - first)
    start = end - round(rows * layout.confirm_share)
    gap = max(1, math.ceil(rows * PURGE_SHARE))
    older = np.arange(first, max(first, start - gap))
    return draw.apart(older, np.arange(start, end), stream_of(layout, Chance.SET_ASIDE))


def _clusters(layout: Layout, confirm: IntArray, draw: Draw) -> IntArray:
    """Return the cluster of each confirming row."""
    groups = draw.groups
    if layout.units is not None:
        return units_of(layout, confirm, draw)
    if layout.time is not None:
        return time_blocks(confirm.size)
    if groups is not None:
        return np.unique(groups[confirm], return_inverse=True)[1].astype(np.int64)
    return np.arange(confirm.size)


def _search_rows(layout: Layout, search: IntArray, *, index: int, draw: Draw) -> tuple[IntArray, IntArray]:
    """Return the rows to fit on and to score on of a fold of the search part."""
    if layout.time is None:
        # Resplits score different rows: drawn independently, three of 30 % would tell as much as two do.
        stream = stream_of(layout, Chance.SEARCH, min(index, 1))
        score, fit = draw.share(search, layout.validation_share, stream, number=max(0, index - 1))
        return fit, score
    if index == 0:
        scored = np.arange(search.size) >= search.size - round(search.size * layout.validation_share)
    else:
        chosen = blocks_in_turn(layout, layout.validation_share, of=SEARCH_BLOCKS, number=index - 1)
        scored = np.isin(blocks_of(search.size, SEARCH_BLOCKS), chosen)
    return draw.apart(search[~scored], search[scored], stream_of(layout, Chance.STRADDLING, index))


def _crossed(partition: Partition, fold: Fold, layout: Layout, draw: Draw) -> FoldRows:
    """Return one half of the confirm part to score, and a random share of all other rows to fit on."""
    # Both halves of a pass come from one draw, so that together they score every row once.
    if layout.units is not None:
        inside = partition.clusters == (2 * fold.index + fold.half) % layout.units
        score, other = partition.confirm[inside], partition.confirm[~inside]
    else:
        halves = draw.share(partition.confirm, 0.5, stream_of(layout, Chance.HALVES, fold.index))
        score, other = halves if fold.half == 0 else halves[::-1]
    pool = united(partition.search, other, rows=partition.strata.size)
    fit, _ = draw.share(pool, layout.subsample, stream_of(layout, Chance.SUBSAMPLE, fold.index, fold.half))
    return FoldRows(fit, score, partition.clusters[np.searchsorted(partition.confirm, score)])


def _fewer(fit: IntArray, fold: Fold, layout: Layout, draw: Draw) -> IntArray:
    """Return as many rows to fit on as the layout allows, drawn at random from those of the fold."""
    if layout.fit_rows is None or fit.size <= layout.fit_rows:
        return fit
    rng = stream_of(layout, Chance.FEWER, fold.index, fold.half)
    return draw.share(fit, layout.fit_rows / fit.size, rng)[0]
