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

Everything is a pure function of its arguments: a worker finds the same rows from the same names.
"""

import itertools
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from auditor.core.records import Fold, IntArray, Layout, Part

BLOCKS = 12
"""Most blocks of the confirm part, in time order. With 8 to 12 blocks a nominal 5 % test keeps its
size under strong autocorrelation; with 16 or more it does not (statistics, section 2, "Time order")."""

FEWEST_BLOCKS = 8
"""Fewest blocks; fewer leave too few degrees of freedom (statistics, section 2)."""

ROWS_PER_BLOCK = 10
"""A confirm part of fewer than ``BLOCKS * ROWS_PER_BLOCK`` rows is cut into fewer blocks."""

SEARCH_BLOCKS = 10
"""Blocks that the search part is cut into, in time order, to leave some out (statistics, section 2)."""

PURGE_SHARE = 0.01
"""Share of all rows dropped between the search part and the confirm part, in time order, so that
neighbours do not sit on both sides."""

TURN_SCORED = 0.4
"""Share of a turn's rows, its newest, that its models are scored on."""

FEWEST_ROWS = 100
"""Fewest rows to search on, and to confirm on: below it a 5 % test is wrong by more than its noise."""

FEWEST_FOLD_ROWS = 20
"""Fewest rows on either side of the split of the search; only groups that straddle it can leave fewer."""

UNITS = 12
"""Units of the confirm part for a trainer that gives one number: one for each training of all planned
passes, so that every row is scored once, and the share of rows scored is the share of the plan done."""

ROWS_PER_UNIT = 20
"""Fewest rows of a unit: on fewer, a score that is no mean over rows (F1, AUC) is mostly luck and bias."""

FEWEST_GROUPS = 20
"""Fewest groups to confirm on, where whole groups are the clusters: 10 in each half."""

FEWEST_SEARCH_GROUPS = 10
"""Fewest groups to search on: about 7 to fit on and 3 to validate on."""

FEWEST_OF_CLASS = 2
"""Fewest rows of a class wherever a model is fitted; and to confirm on, one for each half."""

# Streams of chance, one per purpose; the numbers are part of what makes an audit repeatable.
_SET_ASIDE, _SEARCH, _HALVES, _SUBSAMPLE, _BLOCKS, _STRADDLING, _FEWER, _UNITS = range(1, 9)

_LARGEST_LOG_SIZE = 64  # log2 of a group's size is below it for any int64


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
    search_fold
        The split that the search itself uses: fold 0 of the search part.
    """

    search: IntArray
    confirm: IntArray
    clusters: IntArray
    ordered: bool
    groups: IntArray | None
    strata: IntArray
    search_fold: FoldRows


@dataclass(frozen=True, slots=True, eq=False)
class _Draw:
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
    labels = target if layout.classes and layout.time is None else None
    draw = _Draw(
        groups=None if groups is None else _group_codes(groups),
        strata=np.zeros(rows, dtype=np.int64) if labels is None else _codes(labels),
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
        search_fold=FoldRows(fit, score, np.arange(score.size)),
    )


def rows_of(partition: Partition, fold: Fold, layout: Layout) -> FoldRows:
    """Return the rows of a fold; the same for the same arguments, always and everywhere.

    In the search part, fold 0 is the split of the search and folds 1, 2, ... are resplits of the same
    rows. In every other part, a fold is one half of one pass over the confirming rows.
    """
    draw = _Draw(partition.groups, partition.strata)
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
    return _fewer(every, fold, layout, _Draw(partition.groups, partition.strata))


def _confirming(partition: Partition, fold: Fold, layout: Layout, draw: _Draw) -> FoldRows:
    number = 2 * fold.index + fold.half
    if partition.ordered:
        left_out = _some_blocks(layout, 1.0 - layout.subsample, number=number, purpose=_SUBSAMPLE)
        blocks = _blocks(partition.search.size, SEARCH_BLOCKS)
        fit = partition.search[~np.isin(blocks, left_out)]
        scored = np.full(partition.confirm.size, True)
        if layout.units is not None:
            scored = partition.clusters == number % layout.units
        return FoldRows(fit, partition.confirm[scored], partition.clusters[scored])
    return _crossed(partition, fold, layout, draw)


def _carried(partition: Partition, fold: Fold, layout: Layout, draw: _Draw) -> FoldRows:
    """Return the rows of a turn: its older ones to fit on, its newest ones to score on.

    The start fits on the search part, and is scored on the rows of the first turn.
    """
    place = _blocks(partition.confirm.size, layout.turns)
    rows = partition.confirm[place == (fold.index if fold.part is Part.TURN else 0)]
    scored = round(rows.size * TURN_SCORED)
    gap = max(1, math.ceil(rows.size * PURGE_SHARE))
    older, newer = rows[: max(0, rows.size - scored - gap)], rows[rows.size - scored :]
    if fold.part is Part.START:
        older = partition.search
    fit, score = draw.apart(older, newer, _stream(layout, _STRADDLING, fold.index))
    return FoldRows(fit, score, time_blocks(score.size))


def time_blocks(rows: int) -> IntArray:
    """Return the block, 0, 1, ..., of each of so many confirming rows in time order."""
    return _blocks(rows, min(BLOCKS, max(FEWEST_BLOCKS, rows // ROWS_PER_BLOCK)))


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


def shortage(
    partition: Partition, target: npt.NDArray[Any], *, classes: bool, units: int | None = None
) -> str | None:
    """Return why the rows cannot be audited, in one line, or None when they can.

    Parameters
    ----------
    target
        Shape (rows,): the target of every row of the snapshot.
    classes
        Whether the target is a class label.
    units
        Of the layout.
    """
    short = _too_few(partition) or _thin_units(partition, units)
    if short is not None:
        return short
    codes = _codes(target)
    places = {
        "to fit on while searching": partition.search_fold.fit,
        "to validate on while searching": partition.search_fold.score,
        "to confirm on": partition.confirm,
    }
    for place, rows in places.items():
        if np.all(codes[rows] == codes[rows[0]]):
            return (
                f"the target is {target[rows[0]]!s} in all {rows.size} rows {place}; "
                "at least 2 different values are needed"
            )
    return _rare_class(partition, target, codes) if classes else None


def _parts(layout: Layout, rows: int, draw: _Draw) -> tuple[IntArray, IntArray]:
    """Return the rows of the search part and of the confirm part."""
    if layout.time is None:
        confirm, search = draw.share(np.arange(rows), layout.confirm_share, _stream(layout, _SET_ASIDE))
        return search[search >= layout.first_row], confirm[confirm >= layout.first_row]
    search, confirm = _ordered_parts(layout, 0, rows, draw)
    if layout.first_row == 0:
        return search, confirm
    # The newer half of fewer rows lies within the newer half of all: what was searched on stays unscored.
    search, newest = _ordered_parts(layout, layout.first_row, rows, draw)
    return search, np.intersect1d(newest, confirm, assume_unique=True)


def _ordered_parts(layout: Layout, first: int, end: int, draw: _Draw) -> tuple[IntArray, IntArray]:
    rows = max(0, end - first)
    start = end - round(rows * layout.confirm_share)
    gap = max(1, math.ceil(rows * PURGE_SHARE))
    older = np.arange(first, max(first, start - gap))
    return draw.apart(older, np.arange(start, end), _stream(layout, _SET_ASIDE))


def _clusters(layout: Layout, confirm: IntArray, draw: _Draw) -> IntArray:
    """Return the cluster of each confirming row."""
    groups = draw.groups
    if layout.units is not None:
        return _units(layout, confirm, draw)
    if layout.time is not None:
        return time_blocks(confirm.size)
    if groups is not None:
        return np.unique(groups[confirm], return_inverse=True)[1].astype(np.int64)
    return np.arange(confirm.size)


def _units(layout: Layout, confirm: IntArray, draw: _Draw) -> IntArray:
    """Return the unit of each confirming row: whole blocks in time, whole groups, or a share of each class.

    The order in which units are scored is random, so that the first look sees no corner of them.
    """
    count, rng = layout.units or 1, _stream(layout, _UNITS)
    if layout.time is not None:
        return rng.permutation(count)[_blocks(confirm.size, count)]
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


def _search_rows(layout: Layout, search: IntArray, *, index: int, draw: _Draw) -> tuple[IntArray, IntArray]:
    """Return the rows to fit on and to score on of a fold of the search part."""
    if layout.time is None:
        # Resplits score different rows: drawn independently, three of 30 % would tell as much as two do.
        stream = _stream(layout, _SEARCH, min(index, 1))
        score, fit = draw.share(search, layout.validation_share, stream, number=max(0, index - 1))
        return fit, score
    if index == 0:
        scored = np.arange(search.size) >= search.size - round(search.size * layout.validation_share)
    else:
        # Blocks in a random order, so many for each resplit: three of 30 % have none in common.
        order = _stream(layout, _BLOCKS).permutation(SEARCH_BLOCKS)
        each = round(SEARCH_BLOCKS * layout.validation_share)
        chosen = order[np.arange((index - 1) * each, index * each) % SEARCH_BLOCKS]
        scored = np.isin(_blocks(search.size, SEARCH_BLOCKS), chosen)
    return draw.apart(search[~scored], search[scored], _stream(layout, _STRADDLING, index))


def _crossed(partition: Partition, fold: Fold, layout: Layout, draw: _Draw) -> FoldRows:
    """Return one half of the confirm part to score, and a random share of all other rows to fit on."""
    # Both halves of a pass come from one draw, so that together they score every row once.
    if layout.units is not None:
        inside = partition.clusters == (2 * fold.index + fold.half) % layout.units
        score, other = partition.confirm[inside], partition.confirm[~inside]
    else:
        halves = draw.share(partition.confirm, 0.5, _stream(layout, _HALVES, fold.index))
        score, other = halves if fold.half == 0 else halves[::-1]
    pool = _union(partition.search, other, rows=partition.strata.size)
    fit, _ = draw.share(pool, layout.subsample, _stream(layout, _SUBSAMPLE, fold.index, fold.half))
    return FoldRows(fit, score, partition.clusters[np.searchsorted(partition.confirm, score)])


def _fewer(fit: IntArray, fold: Fold, layout: Layout, draw: _Draw) -> IntArray:
    """Return as many rows to fit on as the layout allows, drawn at random from those of the fold."""
    if layout.fit_rows is None or fit.size <= layout.fit_rows:
        return fit
    rng = _stream(layout, _FEWER, fold.index, fold.half)
    return draw.share(fit, layout.fit_rows / fit.size, rng)[0]


def _union(first: IntArray, second: IntArray, *, rows: int) -> IntArray:
    """Return two sets of rows as one, ascending; a mask does it in a fifth of the time of a sort."""
    inside = np.zeros(rows, dtype=np.bool_)
    inside[first] = inside[second] = True
    return np.flatnonzero(inside)


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


def _blocks(rows: int, count: int) -> IntArray:
    """Return the block of each of so many consecutive rows; blocks differ by at most one row."""
    return np.arange(rows) * min(count, rows) // max(rows, 1)


def _some_blocks(layout: Layout, share: float, *, number: int, purpose: int) -> tuple[int, ...]:
    """Return the ``number``-th random choice of search blocks; no two alike until all were used."""
    choices = tuple(itertools.combinations(range(SEARCH_BLOCKS), round(SEARCH_BLOCKS * share)))
    order = _stream(layout, purpose).permutation(len(choices))
    return choices[int(order[number % len(choices)])]


def _stream(layout: Layout, purpose: int, index: int = 0, half: int = 0) -> np.random.Generator:
    """Return the random stream of one purpose of one fold."""
    return np.random.default_rng([layout.seed, purpose, index, half])


def _codes(values: npt.NDArray[Any]) -> IntArray:
    """Return the code of each value, counted in order of appearance; a missing value is a value."""
    import pandas as pd  # hashes a million strings in the time numpy sorts a tenth of them

    return np.asarray(pd.factorize(values, use_na_sentinel=False)[0], dtype=np.int64)


def _group_codes(groups: npt.NDArray[Any]) -> IntArray:
    """Return the code of each row's group; a row without a group is one of its own."""
    import pandas as pd

    codes = _codes(groups)
    alone = np.asarray(pd.isna(groups))
    codes[alone] = codes.size + np.arange(np.count_nonzero(alone))
    return codes


def _scrambled(codes: IntArray) -> npt.NDArray[np.uint64]:
    """Return a pseudo-random number for each code: the finaliser of SplitMix64 (Steele, Lea, Flood 2014)."""
    mixed = codes.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def _too_few(partition: Partition) -> str | None:
    """Return a line when there are too few rows or groups."""
    needs = [
        ("confirming rows", partition.confirm.size, FEWEST_ROWS),
        ("rows to search on", partition.search.size, FEWEST_ROWS),
        ("rows to fit on while searching", partition.search_fold.fit.size, FEWEST_FOLD_ROWS),
        ("rows to validate on while searching", partition.search_fold.score.size, FEWEST_FOLD_ROWS),
    ]
    if partition.groups is not None and not partition.ordered:
        needs += [
            ("confirming groups", np.unique(partition.groups[partition.confirm]).size, FEWEST_GROUPS),
            ("groups to search on", np.unique(partition.groups[partition.search]).size, FEWEST_SEARCH_GROUPS),
        ]
    for things, found, needed in needs:
        if found < needed:
            total = partition.strata.size
            return f"too few {things}: {found} from {total} rows, at least {needed} are needed"
    return None


def _thin_units(partition: Partition, units: int | None) -> str | None:
    """Return a line when a unit of the confirm part has too few rows."""
    if units is None:
        return None
    smallest = int(np.bincount(partition.clusters, minlength=units).min())
    if smallest >= ROWS_PER_UNIT:
        return None
    return (
        "too few confirming rows for a trainer that gives one number: they are cut into "
        f"{units} units, of which the smallest has {smallest} rows, and {ROWS_PER_UNIT} are needed "
        f"({partition.confirm.size} confirming rows from {partition.strata.size})"
    )


def _rare_class(partition: Partition, target: npt.NDArray[Any], codes: IntArray) -> str | None:
    """Return a line when a class has too few rows where a model is fitted or confirmed."""
    used = np.concatenate([partition.search, partition.confirm])
    size = int(codes.max()) + 1
    fitted = np.bincount(codes[partition.search_fold.fit], minlength=size)
    confirming = np.bincount(codes[partition.confirm], minlength=size)
    for code in np.unique(codes[used]):
        label = target[used[np.argmax(codes[used] == code)]]
        if fitted[code] < FEWEST_OF_CLASS:
            found, place = fitted[code], "to fit on while searching"
        elif confirming[code] == 1:  # none at all is no trouble: there is nothing of it to score
            found, place = 1, "to confirm on"
        else:
            continue
        return (
            f"class {label!s} has {found} row{'s' if found != 1 else ''} {place}, "
            f"at least {FEWEST_OF_CLASS} are needed"
        )
    return None
