"""One column of a snapshot as it is compared: read in pieces, so that memory stays bounded.

Numbers and dates come as floats, everything else as codes into a list of words. Nothing here
sorts a whole column: a sample is sorted to find where to cut, and rows are counted at the cuts.
"""

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from auditor.core.records import ColumnKind, FloatArray, IntArray

PIECE = 65_536
"""Rows read at a time: half a megabyte of floats, which stays in a core's cache."""

_DRAWS_SEED = 20_130_101
"""Rows are drawn alike whenever the same column is looked at."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cells:
    """One column, readable as often as needed.

    Attributes
    ----------
    pieces
        Yields the values in row order, some rows at a time: for numbers and moments float64 with NaN
        for missing, else integer codes into ``words`` with -1 for missing.
    words
        The distinct values of a categorical column.
    """

    kind: ColumnKind
    rows: int
    pieces: Callable[[], Iterator[npt.NDArray[Any]]]
    words: tuple[str, ...] = ()


def cells_of(values: npt.NDArray[Any]) -> Cells:
    """Return an array of shape (rows,) as a column.

    Truth values, text and other objects are categories; ``None``, NaN and NaT are missing.

    Examples
    --------
    >>> cells_of(np.array(["b", None, "a"], dtype=object)).words
    ('a', 'b')
    """
    if values.dtype.kind == "M":
        return numeric(seconds(values), kind=ColumnKind.MOMENT)
    if values.dtype.kind in "iuf":
        return numeric(values)
    words, codes = _coded(values.tolist())
    return categorical(codes, words)


def numeric(values: npt.NDArray[Any], *, kind: ColumnKind = ColumnKind.NUMERIC) -> Cells:
    """Return numbers of any type, of shape (rows,), as a column; NaN is missing."""

    def pieces() -> Iterator[npt.NDArray[Any]]:
        for first in range(0, values.size, PIECE):
            yield values[first : first + PIECE].astype(np.float64, copy=False)

    return Cells(kind=kind, rows=values.size, pieces=pieces)


def categorical(codes: npt.NDArray[Any], words: Sequence[str]) -> Cells:
    """Return codes of shape (rows,) into words as a column; -1 is missing."""

    def pieces() -> Iterator[npt.NDArray[Any]]:
        for first in range(0, codes.size, PIECE):
            yield codes[first : first + PIECE]

    return Cells(kind=ColumnKind.CATEGORICAL, rows=codes.size, pieces=pieces, words=tuple(words))


def missing(rows: int, *, kind: ColumnKind) -> Cells:
    """Return a column of nothing but gaps."""
    if kind is ColumnKind.CATEGORICAL:
        return categorical(np.full(rows, -1), ())
    return numeric(np.full(rows, np.nan), kind=kind)


def seconds(moments: npt.NDArray[Any]) -> FloatArray:
    """Return datetime64 values as seconds since 1970-01-01, NaT as NaN.

    Examples
    --------
    >>> seconds(np.array(["1970-01-02", "NaT"], dtype="datetime64[D]"))
    array([86400.,    nan])
    """
    numbers = moments.astype("datetime64[us]").astype(np.int64) / 1e6
    numbers[np.isnat(moments)] = np.nan
    return numbers


def is_empty(cells: Cells) -> bool:
    """Return whether a column holds nothing but gaps."""
    if cells.kind is ColumnKind.CATEGORICAL:
        return not any((piece >= 0).any() for piece in cells.pieces())
    return all(np.isnan(piece).all() for piece in cells.pieces())


def block_bounds(rows: int, blocks: int) -> IntArray:
    """Return the first row of each of so many runs of nearly equal length, and the end."""
    return np.linspace(0, rows, blocks + 1).astype(np.int64)


def draw(cells: Cells, *, every: int) -> FloatArray:
    """Return about one in ``every`` values of a numeric column, in row order, gaps left out.

    One row is drawn at random from each run of ``every`` rows: rows at a fixed distance would all fall
    on the same hour of a daily pattern.
    """
    starts = np.arange(0, cells.rows, every)
    jitter = np.random.default_rng(_DRAWS_SEED).integers(0, every, starts.size) if every > 1 else 0
    wanted = np.minimum(starts + jitter, cells.rows - 1)
    drawn, first = [np.zeros(0)], 0
    for piece in cells.pieces():
        low, high = np.searchsorted(wanted, [first, first + piece.size])
        drawn.append(piece[wanted[low:high] - first])
        first += piece.size
    values: FloatArray = np.concatenate(drawn)
    return values[~np.isnan(values)]


def count_from(cells: Cells, cuts: FloatArray, *, blocks: int) -> IntArray:
    """Count the values of a numeric column that are not below each cut.

    Comparing with each cut in turn and counting is what processors do fastest: for some dozens of cuts
    it beats a binary search three times over, and it needs no memory.

    Returns
    -------
    IntArray
        Shape (blocks, cuts + 2): all rows, those that are not missing, then one column per cut.
    """
    counts = np.zeros((blocks, cuts.size + 2), dtype=np.int64)
    edges = cuts.tolist()
    for block, part in _parts(cells, blocks):
        counts[block] += [
            part.size,
            np.count_nonzero(part == part),
            *[np.count_nonzero(part >= edge) for edge in edges],
        ]
    return counts


def count_bins(cells: Cells, bin_of_code: IntArray, *, bins: int, blocks: int) -> IntArray:
    """Count the rows of a categorical column in bins that its codes are gathered into.

    Parameters
    ----------
    bin_of_code
        Shape (words + 1,): the bin of each code, that of missing last.

    Returns
    -------
    IntArray
        Shape (blocks, bins).
    """
    counts = np.zeros((blocks, bins), dtype=np.int64)
    for block, part in _parts(cells, blocks):
        counts[block] += np.bincount(bin_of_code[part], minlength=bins)
    return counts


def count_blocks(cells: Cells, *, blocks: int) -> IntArray:
    """Count the blocks of a categorical column in which each word occurs: shape (words,)."""
    size = len(cells.words) + 1
    held = np.zeros((blocks, size), dtype=np.bool_)
    for block, part in _parts(cells, blocks):
        held[block] |= np.bincount(part + 1, minlength=size) > 0
    counts: IntArray = held[:, 1:].sum(axis=0)
    return counts


def count_words(cells: Cells) -> IntArray:
    """Count the rows of a categorical column that hold each word: shape (words,)."""
    size = len(cells.words) + 1
    counts = np.zeros(size, dtype=np.int64)
    for piece in cells.pieces():
        counts += np.bincount(piece + 1, minlength=size)
    return counts[1:]


def _parts(cells: Cells, blocks: int) -> Iterator[tuple[int, npt.NDArray[Any]]]:
    """Yield pieces cut at the ends of blocks, each with the number of its block."""
    bounds = block_bounds(cells.rows, blocks)
    first = 0
    for piece in cells.pieces():
        last = first + piece.size
        inside = bounds[(bounds > first) & (bounds < last)]
        starts = [first, *inside.tolist(), last]
        for low, high in itertools.pairwise(starts):
            block = int(np.searchsorted(bounds, low, side="right")) - 1
            yield block, piece[low - first : high - first]
        first = last


def _coded(values: Sequence[Any]) -> tuple[list[str], IntArray]:
    known = [None if value is None or value != value else str(value) for value in values]
    words = sorted({word for word in known if word is not None})
    code = {word: number for number, word in enumerate(words)}
    return words, np.array([-1 if word is None else code[word] for word in known], dtype=np.int64)
