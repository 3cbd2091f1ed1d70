"""How far two snapshots lie apart, all columns together. It explains; it never convicts.

A column has *moved* when its distance matters **and** is not chance: the population stability index
less what chance makes of it is at least 0.1, and the p-value, corrected for the number of columns, is
below 0.05. Where the distance matters and chance is not ruled out, it cannot be told whether the column
moved, and that is never printed as *held*: a month against a year, in time order, leaves temperatures untold.
There is no vote over columns: five of twenty that moved are five that moved. ``column_drift.py`` compares
one column.
"""

import math
from collections.abc import Sequence
from dataclasses import replace

from auditor.core.column_drift import block_count
from auditor.core.homogeneity import FEWEST_BLOCKS, adjusted
from auditor.core.records import Change, ColumnDrift, Drift, Overlay
from auditor.core.wording import counted

LEVEL = 0.05
"""Corrected p-value below which a distance is not chance."""

DRAWN = 50
"""Columns whose distributions are kept."""

_LISTED = 10


def corrected(columns: Sequence[ColumnDrift]) -> tuple[ColumnDrift, ...]:
    """Return columns, in the same order, with p-values corrected for their number, and say which moved."""
    p_values = adjusted([column.p_value for column in columns])
    return tuple(
        replace(
            column,
            p_value=p_value,
            moved=p_value < LEVEL and column.beyond_chance >= column.threshold,
        )
        for column, p_value in zip(columns, p_values, strict=True)
    )


def ranked(columns: Sequence[ColumnDrift]) -> tuple[ColumnDrift, ...]:
    """Return columns that moved first, then those of which it cannot be told, by distance, by name.

    Beyond the first fifty, their distributions are left out: nobody looks at a thousand charts.
    """
    order = sorted(columns, key=lambda one: (not one.moved, not one.untold, -one.distance, one.name))
    plain = [replace(column, overlay=Overlay()) for column in order[DRAWN:]]
    return (*order[:DRAWN], *plain)


def trigger(drift: Drift, threshold: float) -> str | None:
    """Return why an audit should be brought forward, or None.

    Parameters
    ----------
    threshold
        Stability index, less what chance makes of it, that a column must reach (``when.data_drift``); its
        corrected p-value must speak for it as well.
    """
    columns = [drift.target, *drift.columns] if drift.target else [*drift.columns]
    passed = [column for column in columns if column.p_value < LEVEL and column.beyond_chance >= threshold]
    reasons = [f"{column.name} moved (stability index {column.distance:.2f})" for column in passed]
    return "; ".join([*reasons, *_schema_changes(drift)]) or None


def headline(drift: Drift) -> str:
    """Say in words what moved."""
    moved = [column for column in drift.columns if column.moved]
    untold = [column for column in drift.columns if column.untold]
    columns = counted(len(drift.columns), "column")
    if moved:
        said = f"{len(moved)} of {columns} moved, {moved[0].name} most"
    else:
        said = f"none of {columns} {'is shown to have moved' if untold else 'moved'}"
    if len(untold) == 1:
        said += f"; of {untold[0].name} it cannot be told"
    elif untold:
        said += f"; of {len(untold)} it cannot be told, {untold[0].name} farthest"
    return "; ".join([said, _target(drift.target, too=bool(moved)), *_schema_changes(drift)])


def assumption(rows: int, *, ordered: bool) -> str:
    """Say what the p-values assume of the rows."""
    blocks = block_count(rows)
    if not ordered or blocks == 1:
        return "rows are taken as independent of each other; where they are not, p-values are too small"
    while blocks >= 2 * FEWEST_BLOCKS:
        blocks = math.ceil(blocks / 2)
    return (
        "rows are in time order and neighbours may be alike, so chance is measured between runs of "
        f"consecutive rows; what lasts longer than the longest run ({rows // blocks} rows) makes p-values "
        "too small"
    )


def _target(target: ColumnDrift | None, *, too: bool) -> str:
    if target is None:
        return "the target cannot be compared"
    if target.untold:
        return "whether the target moved cannot be told"
    if target.moved:
        return "the target moved too" if too else "the target moved"
    return "the target held"


def _schema_changes(drift: Drift) -> list[str]:
    said = [(drift.gone, "gone"), (drift.appeared, "new")]
    changes = [
        f"{counted(len(names), 'column')} {_is(names)} {word}: {_named(names)}"
        for names, word in said
        if names
    ]
    return [*changes, *(_retyped(change) for change in drift.retyped[:_LISTED])]


def _is(names: Sequence[str]) -> str:
    return "is" if len(names) == 1 else "are"


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return ", ".join(names[:_LISTED]) + more


def _retyped(change: Change) -> str:
    return f"{change.what} was {change.then} and is {change.now}"
