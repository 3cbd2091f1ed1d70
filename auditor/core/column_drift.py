"""How far one column of two snapshots lies apart: bins, distance, and where the two differ most.

Bins are cut at quantiles of both snapshots together, so that exchanging them changes nothing and
equal values always share a bin. What is missing is a bin of its own. ``homogeneity.py`` has the
distance and the test, ``cells.py`` the counting, ``column_numbers.py`` and ``column_words.py`` what is done
with either kind of column.
"""

from auditor.core.cells import Cells, is_empty, missing
from auditor.core.column_numbers import compare_numbers
from auditor.core.column_words import compare_words
from auditor.core.records import ColumnDrift, ColumnKind

BLOCKS = 20
"""Runs of consecutive rows whose spread tells what chance is, for rows in time order."""

BLOCK_ROWS = 25
"""Fewest rows of a block."""


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
        return compare_words(name, then, now, blocks=blocks)
    return compare_numbers(name, then, now, blocks=blocks)


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
