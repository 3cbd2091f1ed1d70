"""What is said of a column, whatever it holds: shares, where they differ most, and the record of it."""

from collections.abc import Sequence

import numpy as np

from auditor.core.homogeneity import Difference
from auditor.core.records import ColumnDrift, ColumnKind, FloatArray, IntArray, Overlay

MOVED = 0.1
"""Stability index from which a shift matters (Siddiqi 2006, "Credit Risk Scorecards": below 0.1 no
significant change, from 0.25 a large one)."""

OTHERS = "all others"
GAP = "missing"


def drift_of(
    name: str,
    found: Difference,
    *,
    kind: ColumnKind,
    bins: Sequence[IntArray],
    sentence: str,
    overlay: Overlay,
) -> ColumnDrift:
    """Return the record of a column; the last of ``bins`` is what is missing."""
    then, now = (shares_of(counts) for counts in bins)
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


def where(labels: Sequence[str], then: FloatArray, now: FloatArray) -> str:
    """Say where the shares differ most."""
    place = int(np.argmax(np.abs(then - now)))
    if then[place] == now[place]:
        return "no difference"
    return f"{labels[place]}: {percent(then[place])} then, {percent(now[place])} now"


def with_others(words: Sequence[str], each: Sequence[FloatArray], rest: Sequence[float]) -> Overlay:
    """Return the shares of words then and now, with those of all others where there are any."""
    if max(rest) <= 0.0:
        return Overlay(categories=tuple(words), then=plain(each[0]), now=plain(each[1]))
    return Overlay(
        categories=(*words, OTHERS), then=(*plain(each[0]), rest[0]), now=(*plain(each[1]), rest[1])
    )


def shares_of(counts: IntArray) -> FloatArray:
    """Return counts as shares of all."""
    shares: FloatArray = counts / counts.sum()
    return shares


def plain(shares: FloatArray) -> tuple[float, ...]:
    """Return shares to a millionth: they are drawn, and there are many."""
    return tuple(round(share, 6) for share in shares.tolist())


def percent(share: float) -> str:
    """Return a share in percent, with two digits.

    Examples
    --------
    >>> percent(0.416), percent(0.0123)
    ('42 %', '1.2 %')
    """
    value = share * 100.0
    return f"{value:.0f} %" if value >= 10.0 or value == 0.0 else f"{value:.2g} %"
