"""Where rows are cut into chunks: at places that follow from the rows, and not from where the window begins.

A window that slides on leaves old rows out at its front. If every chunk had as many rows as the others, all
of them would then change. So a chunk ends where, of the moments in its second half, the one with the smallest
hash begins: two windows that begin at different rows soon cut at the same moments, and have their chunks in
common from there on (on average after 2.6 chunks, for half a chunk of places to choose from).

References
----------
.. [1] Bjørner, Blass and Gurevich (2010), "Content-dependent chunking for differential compression, the local
   maximum approach", Journal of Computer and System Sciences 76:154-203.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

MOST_CELLS = 2**23
"""Cells of a chunk: 64 MB of numbers."""

FEWEST_ROWS = 1_024
"""Of a chunk, however many columns there are: what Parquet notes of each column is dear for fewer."""


def most_rows(columns: int, *, of: int) -> int:
    """Return how many rows a chunk has at most: ``of``, or fewer where there are very many columns."""
    return min(of, max(FEWEST_ROWS, MOST_CELLS // max(1, columns)))


def first_cut(times: npt.NDArray[Any] | None, most: int) -> int:
    """Return after how many rows a chunk ends that more than ``most`` rows follow on.

    Parameters
    ----------
    times
        Of the next ``most + 1`` rows, in order; None where rows have no time, and come in at the end only.
    """
    if times is None:
        return most
    least = max(1, most // 2)
    begins = np.flatnonzero(times[least:] != times[least - 1 : -1]) + least
    # A moment of very many rows is cut through.
    return int(begins[np.argmin(_mixed(times[begins]))]) if begins.size else most


def _mixed(times: npt.NDArray[Any]) -> npt.NDArray[np.uint64]:
    """Return the finaliser of SplitMix64 (Steele, Lea and Flood, 2014) of each moment."""
    bits = np.ascontiguousarray(times, np.float64 if times.dtype.kind == "f" else np.int64).view(np.uint64)
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return bits ^ (bits >> np.uint64(31))
