"""Which rows of a fresh snapshot an older one does not hold: windows overlap, and files grow."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from auditor.core.records import IntArray

CHANCE = 0.01
"""Share of the fresh rows that may equal an older one by chance before the two count as overlapping."""

TOLD_APART = 0.5
"""Share of the older rows that must be unlike all others, or rows cannot be recognised."""

_PRIME = np.uint64(0x100000001B3)


def first_new_row(
    now: Mapping[str, npt.NDArray[Any]], then: Mapping[str, npt.NDArray[Any]], *, ordered: bool
) -> int | None:
    """Return from which row on the fresh rows are none of the older ones, or None if that cannot be told.

    Parameters
    ----------
    now, then
        Columns by name, the same ones in both: the time alone where rows are in time order, else all of them.
    ordered
        Whether the fresh rows are in time order.

    Returns
    -------
    int
        0 when nothing is shared; the number of fresh rows when there is nothing new, or when shared rows
        are scattered to the very end.

    Examples
    --------
    >>> first_new_row({"t": np.array([2, 3, 4, 5])}, {"t": np.array([1, 2, 3])}, ordered=True)
    2
    >>> first_new_row({"x": np.arange(9.0)}, {"x": np.arange(4.0)}, ordered=False)
    4
    """
    if ordered:
        (fresh,), (older,) = (tuple(columns.values()) for columns in (now, then))
        return _newer(fresh, older)
    return _after_the_shared(_identities(now), _identities(then))


def held_among(
    then: Mapping[str, npt.NDArray[Any]],
    now: Mapping[str, npt.NDArray[Any]],
    *,
    rows: IntArray,
    ordered: bool,
) -> npt.NDArray[np.bool_]:
    """Return which of the older rows are, as far as can be told, among some of the fresh ones.

    Parameters
    ----------
    then, now, ordered
        As for `first_new_row`. Rows in time order are taken for those of the same span of time.
    rows
        Ascending numbers of the fresh rows in question.

    Examples
    --------
    >>> older, fresh = {"t": np.array([1, 2, 3])}, {"t": np.array([2, 3, 4, 5])}
    >>> held_among(older, fresh, rows=np.array([0, 1]), ordered=True).tolist()
    [False, True, True]
    """
    if not ordered:
        return np.isin(_identities(then), _identities(now)[rows])
    (older,), (fresh,) = (tuple(map(_as_time, columns.values())) for columns in (then, now))
    return np.asarray((older >= fresh[rows[0]]) & (older <= fresh[rows[-1]]), dtype=np.bool_)


def _as_time(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return times as numbers or as moments in UTC."""
    import pandas as pd

    if values.dtype.kind in "biuf":
        return values
    return pd.to_datetime(pd.Series(values), utc=True).to_numpy()


def _newer(fresh: npt.NDArray[Any], older: npt.NDArray[Any]) -> int | None:
    if (fresh.dtype.kind in "biuf") != (older.dtype.kind in "biuf"):
        return None
    return int(np.count_nonzero(_as_time(fresh) <= _as_time(older).max()))


def _after_the_shared(fresh: npt.NDArray[np.uint64], older: npt.NDArray[np.uint64]) -> int | None:
    recognised = _unique(older)
    if recognised.size < TOLD_APART * older.size:
        return None
    shared = np.flatnonzero(np.isin(fresh, np.intersect1d(recognised, _unique(fresh), assume_unique=True)))
    if shared.size <= CHANCE * min(fresh.size, older.size):
        return 0
    return int(shared[-1]) + 1


def _unique(identities: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Return the identities that occur once."""
    found, counts = np.unique(identities, return_counts=True)
    return np.asarray(found[counts == 1], dtype=np.uint64)


def _identities(columns: Mapping[str, npt.NDArray[Any]]) -> npt.NDArray[np.uint64]:
    """Return a number for each row that equal rows share; columns in the order of their names."""
    from pandas.util import hash_array

    total: IntArray | npt.NDArray[np.uint64] = np.zeros(1, dtype=np.uint64)
    for name in sorted(columns):
        values = columns[name]
        # A column of whole numbers becomes one of floats as soon as a value is missing.
        plain = values.astype(np.float64) if values.dtype.kind in "biuf" else values.astype(object)
        total = total * _PRIME + hash_array(plain)
    return np.asarray(total, dtype=np.uint64)
