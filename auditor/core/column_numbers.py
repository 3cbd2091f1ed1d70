"""A column of numbers or moments in two snapshots: where it is cut, and where the two differ."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from auditor.core.cells import Cells, count_from, draw
from auditor.core.column_sayings import GAP, drift_of, plain, shares_of, where, with_others
from auditor.core.homogeneity import difference
from auditor.core.records import ColumnDrift, ColumnKind, FloatArray, IntArray, Overlay

BINS = 10
"""Deciles, as the index is used everywhere."""

DISCRETE = 20
"""A column of at most this many distinct numbers gets a bin for each."""

SAMPLE = 50_000
"""Rows from which the cuts are found; beyond that, their order can move a cut by a hair."""

_AXIS = 24
_TAIL = 0.005
_ROUNDING = 1e-12
_COARSEST = -300  # coarser, and the largest floats would be rounded up to infinity


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


def compare_numbers(name: str, then: Cells, now: Cells, *, blocks: tuple[int, int]) -> ColumnDrift:
    """Compare a column of numbers, counted in so many blocks of rows on each side; 1 for no order."""
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
    return drift_of(name, found, kind=then.kind, bins=bins, sentence=sentence, overlay=overlay)


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
    shares = [shares_of(counts) for counts in bins]
    each = [share[places] for share in shares]
    rest = [float(share[:-1].sum() - own.sum()) for share, own in zip(shares, each, strict=True)]
    rest = [0.0, 0.0] if max(rest) < _ROUNDING else rest
    return with_others([_number(value, kind) for value in cuts.values.tolist()], each, rest)


def _axis_overlay(bins: Sequence[IntArray], axis: FloatArray) -> Overlay:
    if axis.size == 0:
        return Overlay()
    then, now = (plain(shares_of(counts)[:-1]) for counts in bins)
    digits = max(_COARSEST, 3 - math.floor(math.log10(axis[1] - axis[0])))
    return Overlay(edges=tuple(round(edge, digits) for edge in axis.tolist()), then=then, now=now)


def _where_discrete(bins: Sequence[IntArray], overlay: Overlay) -> str:
    gaps = [shares_of(counts)[-1] for counts in bins]
    return where(
        [*overlay.categories, GAP], np.append(overlay.then, gaps[0]), np.append(overlay.now, gaps[1])
    )


def _where_continuous(bins: Sequence[IntArray], cuts: _Cuts, kind: ColumnKind) -> str:
    labels = [_label(cut, kind) for cut in cuts.at.tolist()]
    return where([*labels, GAP], *[_from_each_cut(shares_of(counts)) for counts in bins])


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
