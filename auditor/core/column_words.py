"""A column of words in two snapshots: which are common, which are new or gone, and where the two differ."""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from auditor.core.cells import Cells, count_bins, count_blocks, count_words
from auditor.core.column_sayings import GAP, OTHERS, drift_of, percent, shares_of, where, with_others
from auditor.core.homogeneity import (
    FEWEST_EXPECTED,
    Difference,
    difference,
    largest,
    longer_blocks,
    novelty,
    novelty_in_blocks,
)
from auditor.core.records import ColumnDrift, FloatArray, IntArray

COMMONEST = 20
"""Categories that get a bin of their own; the others share one, and are compared by novelty too."""

_LISTED = 10
_LONGEST = 80


def compare_words(name: str, then: Cells, now: Cells, *, blocks: tuple[int, int]) -> ColumnDrift:
    """Compare a column of words, counted in so many blocks of rows on each side; 1 for no order."""
    words, at_then, at_now = _united(then.words, now.words)
    held = [np.zeros(len(words), dtype=np.int64) for _ in (then, now)]
    held[0][at_then], held[1][at_now] = count_words(then), count_words(now)
    common = _commonest(held[0], held[1], words)
    bin_of = np.full(len(words) + 1, common.size)
    bin_of[common], bin_of[-1] = np.arange(common.size), common.size + 1
    counts = [
        count_bins(cells, bin_of[np.append(at, -1)], bins=common.size + 2, blocks=number)
        for cells, at, number in zip((then, now), (at_then, at_now), blocks, strict=True)
    ]
    parts = [difference(*counts)]
    if sum(int(count[:, -2].sum()) for count in counts):
        sides = [
            _Words(cells, at, count)
            for cells, at, count in zip((then, now), (at_then, at_now), held, strict=True)
        ]
        parts += [_novelty(sides[0], sides[1], blocks), _novelty(sides[1], sides[0], blocks[::-1])]
    most = max(range(len(parts)), key=lambda number: parts[number].beyond_chance)
    bins = [count.sum(axis=0) for count in counts]
    shares = [shares_of(total) for total in bins]
    shown = [_shortened(words[place]) for place in common.tolist()]
    drift = drift_of(
        name,
        largest(parts),
        kind=then.kind,
        bins=bins,
        sentence=_turnover(held[0], held[1], most) if most else _where_words(shown, *shares),
        overlay=with_others(shown, [share[:-2] for share in shares], [float(share[-2]) for share in shares]),
    )
    return _with_turnover(drift, words, *held, rows=(then.rows, now.rows))


@dataclass(frozen=True, slots=True, eq=False)
class _Words:
    """One side of a column of words: where its words lie among those of both, and the rows that hold each."""

    cells: Cells
    at: IntArray
    rows: IntArray

    def share(self, chosen: npt.NDArray[np.bool_], *, blocks: int) -> FloatArray:
        """Return the share of each block's rows, gaps apart, that hold one of the chosen words."""
        bin_of = np.append(chosen[self.at].astype(np.int64), 2)
        counts = count_bins(self.cells, bin_of, bins=3, blocks=blocks)
        share: FloatArray = counts[:, 1] / np.maximum(1, counts[:, 0] + counts[:, 1])
        return share


def _novelty(one: _Words, other: _Words, blocks: tuple[int, int]) -> Difference:
    """Compare the words that the other side alone has with what to expect, at the least favourable blocks."""
    if min(blocks) == 1:
        return novelty(one.rows, other.rows)
    parts = []
    for here, there in longer_blocks(blocks):
        seen_in = np.zeros(one.rows.size, dtype=np.int64)
        seen_in[one.at] = count_blocks(one.cells, blocks=here)
        expected, found = one.share(seen_in == 1, blocks=here), other.share(seen_in == 0, blocks=there)
        parts.append(novelty_in_blocks(expected, found))
    return max(parts, key=lambda part: part.p_value)


def _united(then: Sequence[str], now: Sequence[str]) -> tuple[Sequence[str], IntArray, IntArray]:
    """Return the words of both, and where those of each lie among them."""
    if tuple(then) == tuple(now):
        places = np.arange(len(then))
        return then, places, places
    place = {word: number for number, word in enumerate(then)}
    new = [word for word in now if word not in place]
    place.update(zip(new, range(len(then), len(then) + len(new)), strict=True))
    at_now = np.fromiter(map(place.__getitem__, now), np.int64, len(now))
    return (*then, *new), np.arange(len(then)), at_now


def _commonest(then: IntArray, now: IntArray, words: Sequence[str]) -> IntArray:
    """Return the words that get a bin of their own: the commonest in both, if common enough to test."""
    pooled = then + now
    smaller = int(min(then.sum(), now.sum()))
    fewest = FEWEST_EXPECTED * int(pooled.sum()) / smaller if smaller else 1.0
    enough = np.flatnonzero(pooled >= fewest).tolist()
    order = heapq.nsmallest(COMMONEST, enough, key=lambda place: (-int(pooled[place]), words[place]))
    return np.array(order, dtype=np.int64)


def _where_words(words: Sequence[str], then: FloatArray, now: FloatArray) -> str:
    """Say which word's share differs most; what the rare ones do together is said where no word is common."""
    if not words:
        return where([OTHERS, GAP], then, now)
    return where([*words, GAP], np.delete(then, -2), np.delete(now, -2))


def _turnover(then: IntArray, now: IntArray, most: int) -> str:
    """Say how many rows hold words of their own: those of now where ``most`` is 1, else those of then."""
    one, other, when = (then, now, "now") if most == 1 else (now, then, "then")
    own, expected = other[one == 0].sum() / other.sum(), np.count_nonzero(one == 1) / one.sum()
    return f"values only {when}: {percent(own)} of the rows, {percent(expected)} were to be expected"


def _with_turnover(
    drift: ColumnDrift, words: Sequence[str], then: IntArray, now: IntArray, *, rows: tuple[int, int]
) -> ColumnDrift:
    new, gone = np.where(then == 0, now, 0), np.where(now == 0, then, 0)
    return replace(
        drift,
        new_categories=_most(new, words),
        gone_categories=_most(gone, words),
        new_count=int(np.count_nonzero(new)),
        gone_count=int(np.count_nonzero(gone)),
        new_share=float(new.sum() / rows[1]),
        gone_share=float(gone.sum() / rows[0]),
    )


def _most(counts: IntArray, words: Sequence[str]) -> tuple[str, ...]:
    order = np.argsort(-counts, kind="stable")[:_LISTED]
    return tuple(_shortened(words[place]) for place in order.tolist() if counts[place])


def _shortened(word: str) -> str:
    if not word.strip():
        return repr(word)
    return word if len(word) <= _LONGEST else f"{word[: _LONGEST - 1]}…"
