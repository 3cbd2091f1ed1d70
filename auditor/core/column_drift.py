"""How far one column of two snapshots lies apart: bins, distance, and where the two differ most.

Bins are cut at quantiles of both snapshots together, so that exchanging them changes nothing and
equal values always share a bin. What is missing is a bin of its own. ``homogeneity.py`` has the
distance and the test, ``cells.py`` the counting.
"""

import heapq
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from auditor.core.cells import (
    Cells,
    count_bins,
    count_blocks,
    count_from,
    count_words,
    draw,
    is_empty,
    missing,
)
from auditor.core.homogeneity import (
    FEWEST_EXPECTED,
    Difference,
    difference,
    largest,
    longer_blocks,
    novelty,
    novelty_in_blocks,
)
from auditor.core.records import ColumnDrift, ColumnKind, FloatArray, IntArray, Overlay

MOVED = 0.1
"""Stability index from which a shift matters (Siddiqi 2006, "Credit Risk Scorecards": below 0.1 no
significant change, from 0.25 a large one)."""

BINS = 10
"""Deciles, as the index is used everywhere."""

DISCRETE = 20
"""A column of at most this many distinct numbers gets a bin for each."""

COMMONEST = 20
"""Categories that get a bin of their own; the others share one, and are compared by novelty too."""

BLOCKS = 20
"""Runs of consecutive rows whose spread tells what chance is, for rows in time order."""

BLOCK_ROWS = 25
"""Fewest rows of a block."""

SAMPLE = 50_000
"""Rows from which the cuts are found; beyond that, their order can move a cut by a hair."""

_AXIS = 24
_TAIL = 0.005
_LISTED = 10
_LONGEST = 80
_ROUNDING = 1e-12
_COARSEST = -300  # coarser, and the largest floats would be rounded up to infinity
_OTHERS = "all others"
_GAP = "missing"


def compare(name: str, then: Cells, now: Cells, *, ordered: bool) -> ColumnDrift:
    """Compare one column of two snapshots; its p-value is not yet corrected for other columns.

    Parameters
    ----------
    ordered
        Whether rows are in time order, so that neighbours may be alike.

    Raises
    ------
    ValueError
        If the columns hold different kinds of values; ``same_kind`` mends or tells.
    """
    if then.kind is not now.kind:
        raise ValueError(f"cannot compare {then.kind} with {now.kind}")
    blocks = (block_count(then.rows), block_count(now.rows)) if ordered else (1, 1)
    if then.kind is ColumnKind.CATEGORICAL:
        return _compare_words(name, then, now, blocks=blocks)
    return _compare_numbers(name, then, now, blocks=blocks)


def block_count(rows: int) -> int:
    """Return in how many runs of consecutive rows so many rows are counted."""
    return max(1, min(BLOCKS, rows // BLOCK_ROWS))


def same_kind(then: Cells, now: Cells) -> tuple[Cells, Cells] | None:
    """Return two columns as the same kind, or None: a column of gaps alone is of any kind."""
    if then.kind is now.kind:
        return then, now
    if is_empty(then):
        return missing(then.rows, kind=now.kind), now
    if is_empty(now):
        return then, missing(now.rows, kind=then.kind)
    return None


# ---------------------------------------------------------------- numbers and moments


@dataclass(frozen=True, slots=True)
class _Cuts:
    """Where a numeric column is cut for comparing, and what is said of the rows from each cut on.

    Attributes
    ----------
    at
        Increasing, shape (cuts,).
    values
        Of a column of few distinct numbers, these; else empty.
    """

    at: FloatArray
    values: FloatArray


def _compare_numbers(name: str, then: Cells, now: Cells, *, blocks: tuple[int, int]) -> ColumnDrift:
    sample = _sample(then, now)
    cuts = _cuts(sample)
    axis = np.zeros(0) if cuts.values.size else _axis(sample)
    every_cut = np.unique(np.concatenate([cuts.at, axis[1:-1]]))
    counted = [
        count_from(cells, every_cut, blocks=number) for cells, number in zip((then, now), blocks, strict=True)
    ]
    found = difference(*[_bins(counts, every_cut, cuts.at) for counts in counted])
    totals = [counts.sum(axis=0, keepdims=True) for counts in counted]
    bins = [_bins(total, every_cut, cuts.at)[0] for total in totals]
    if cuts.values.size:
        overlay = _discrete_overlay(bins, cuts, then.kind)
        sentence = _where_discrete(bins, overlay)
    else:
        overlay = _axis_overlay([_bins(total, every_cut, axis[1:-1])[0] for total in totals], axis)
        sentence = _where_continuous(bins, cuts, then.kind)
    return _drift(name, found, kind=then.kind, bins=bins, sentence=sentence, overlay=overlay)


def _sample(then: Cells, now: Cells) -> FloatArray:
    every = max(1, math.ceil((then.rows + now.rows) / SAMPLE))
    return np.sort(np.concatenate([draw(then, every=every), draw(now, every=every)]))


def _cuts(ordered: FloatArray) -> _Cuts:
    """Cut at deciles, and right above each value that fills a tenth of the rows or more."""
    if ordered.size == 0:
        return _Cuts(np.zeros(0), np.zeros(0))
    first_of_its_value = np.concatenate([[True], ordered[1:] != ordered[:-1]])
    if np.count_nonzero(first_of_its_value) <= DISCRETE:
        values = ordered[first_of_its_value]
        return _Cuts(np.unique([values, np.nextafter(values, np.inf)]), values)
    deciles = ordered[np.arange(1, BINS) * ordered.size // BINS]
    heavy = deciles[1:][deciles[1:] == deciles[:-1]]
    return _Cuts(np.unique(np.concatenate([deciles, np.nextafter(heavy, np.inf)])), np.zeros(0))


def _axis(ordered: FloatArray) -> FloatArray:
    """Return the edges of equal bins to draw; whole numbers get whole widths. Tails share the end bins."""
    finite = ordered[np.isfinite(ordered)]
    if finite.size == 0 or finite[0] == finite[-1]:
        return np.zeros(0)
    low, high = finite[[int(_TAIL * finite.size), int((1.0 - _TAIL) * (finite.size - 1))]]
    if low == high:
        low, high = finite[0], finite[-1]
    if (finite == np.floor(finite)).all() and high / 2.0 - low / 2.0 < 2.0**52:
        width = max(1.0, math.ceil((high - low + 1.0) / _AXIS))
        return np.arange(low - 0.5, high + width, width)
    share = np.linspace(0.0, 1.0, _AXIS + 1)
    return np.unique(low * (1.0 - share) + high * share)


def _bins(counts: IntArray, every_cut: FloatArray, cuts: FloatArray) -> IntArray:
    """Return counts between some of the cuts, those of missing last: shape (blocks, cuts + 2)."""
    rows, present = counts[:, :1], counts[:, 1:2]
    at_least = counts[:, 2:][:, np.searchsorted(every_cut, cuts)]
    steps = np.concatenate([present, at_least, np.zeros_like(rows)], axis=1)
    return np.concatenate([steps[:, :-1] - steps[:, 1:], rows - present], axis=1)


def _discrete_overlay(bins: Sequence[IntArray], cuts: _Cuts, kind: ColumnKind) -> Overlay:
    places = np.searchsorted(cuts.at, cuts.values) + 1
    shares = [_shares(counts) for counts in bins]
    each = [share[places] for share in shares]
    rest = [float(share[:-1].sum() - own.sum()) for share, own in zip(shares, each, strict=True)]
    rest = [0.0, 0.0] if max(rest) < _ROUNDING else rest
    return _with_others([_number(value, kind) for value in cuts.values.tolist()], each, rest)


def _axis_overlay(bins: Sequence[IntArray], axis: FloatArray) -> Overlay:
    if axis.size == 0:
        return Overlay()
    then, now = (_plain(_shares(counts)[:-1]) for counts in bins)
    digits = max(_COARSEST, 3 - math.floor(math.log10(axis[1] - axis[0])))
    return Overlay(edges=tuple(round(edge, digits) for edge in axis.tolist()), then=then, now=now)


def _where_discrete(bins: Sequence[IntArray], overlay: Overlay) -> str:
    gaps = [_shares(counts)[-1] for counts in bins]
    return _where(
        [*overlay.categories, _GAP], np.append(overlay.then, gaps[0]), np.append(overlay.now, gaps[1])
    )


def _where_continuous(bins: Sequence[IntArray], cuts: _Cuts, kind: ColumnKind) -> str:
    labels = [_label(cut, kind) for cut in cuts.at.tolist()]
    return _where([*labels, _GAP], *[_from_each_cut(_shares(counts)) for counts in bins])


def _from_each_cut(shares: FloatArray) -> FloatArray:
    """Return the shares of rows that are not below each cut, then that of missing."""
    return np.append(np.cumsum(shares[-2:0:-1])[::-1], shares[-1])


def _label(cut: float, kind: ColumnKind) -> str:
    below = math.nextafter(cut, -math.inf)
    if len(repr(below)) < len(repr(cut)):
        return f"above {_number(below, kind)}"
    return f"{_number(cut, kind)} or {'later' if kind is ColumnKind.MOMENT else 'more'}"


def _number(value: float, kind: ColumnKind) -> str:
    if kind is ColumnKind.MOMENT:
        return str(np.datetime64(int(value), "s")).removesuffix("T00:00:00").replace("T", " ")
    return f"{value:.4g}" if abs(value) < 1e4 or not value.is_integer() else f"{value:.6g}"


# ---------------------------------------------------------------- words


def _compare_words(name: str, then: Cells, now: Cells, *, blocks: tuple[int, int]) -> ColumnDrift:
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
    shares = [_shares(total) for total in bins]
    shown = [_shortened(words[place]) for place in common.tolist()]
    drift = _drift(
        name,
        largest(parts),
        kind=then.kind,
        bins=bins,
        sentence=_turnover(held[0], held[1], most) if most else _where_words(shown, *shares),
        overlay=_with_others(shown, [share[:-2] for share in shares], [float(share[-2]) for share in shares]),
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
        return _where([_OTHERS, _GAP], then, now)
    return _where([*words, _GAP], np.delete(then, -2), np.delete(now, -2))


def _turnover(then: IntArray, now: IntArray, most: int) -> str:
    """Say how many rows hold words of their own: those of now where ``most`` is 1, else those of then."""
    one, other, when = (then, now, "now") if most == 1 else (now, then, "then")
    own, expected = other[one == 0].sum() / other.sum(), np.count_nonzero(one == 1) / one.sum()
    return f"values only {when}: {_percent(own)} of the rows, {_percent(expected)} were to be expected"


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


# ---------------------------------------------------------------- said of both


def _drift(
    name: str,
    found: Difference,
    *,
    kind: ColumnKind,
    bins: Sequence[IntArray],
    sentence: str,
    overlay: Overlay,
) -> ColumnDrift:
    then, now = (_shares(counts) for counts in bins)
    return ColumnDrift(
        name=name,
        kind=kind,
        distance=found.distance,
        chance=found.chance,
        threshold=MOVED,
        shift=float(np.abs(then - now).sum() / 2.0),
        p_value=found.p_value,
        moved=False,
        sentence=sentence,
        missing_then=float(then[-1]),
        missing_now=float(now[-1]),
        overlay=overlay,
    )


def _where(labels: Sequence[str], then: FloatArray, now: FloatArray) -> str:
    """Say where the shares differ most."""
    place = int(np.argmax(np.abs(then - now)))
    if then[place] == now[place]:
        return "no difference"
    return f"{labels[place]}: {_percent(then[place])} then, {_percent(now[place])} now"


def _with_others(words: Sequence[str], each: Sequence[FloatArray], rest: Sequence[float]) -> Overlay:
    if max(rest) <= 0.0:
        return Overlay(categories=tuple(words), then=_plain(each[0]), now=_plain(each[1]))
    return Overlay(
        categories=(*words, _OTHERS), then=(*_plain(each[0]), rest[0]), now=(*_plain(each[1]), rest[1])
    )


def _shares(counts: IntArray) -> FloatArray:
    shares: FloatArray = counts / counts.sum()
    return shares


def _plain(shares: FloatArray) -> tuple[float, ...]:
    """Return shares to a millionth: they are drawn, and there are many."""
    return tuple(round(share, 6) for share in shares.tolist())


def _percent(share: float) -> str:
    percent = share * 100.0
    return f"{percent:.0f} %" if percent >= 10.0 or percent == 0.0 else f"{percent:.2g} %"
