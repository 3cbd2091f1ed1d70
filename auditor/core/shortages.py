"""What is too little to audit: rows, groups, units, or rows of a class, wherever they are needed."""

from typing import Any

import numpy as np
import numpy.typing as npt

from auditor.core.draws import codes_of
from auditor.core.records import IntArray
from auditor.core.splits import Partition
from auditor.core.wording import counted

FEWEST_ROWS = 100
"""Fewest rows to search on, and to confirm on: below it a 5 % test is wrong by more than its noise."""

FEWEST_FOLD_ROWS = 20
"""Fewest rows on either side of the split of the search; only groups that straddle it can leave fewer."""

ROWS_PER_UNIT = 20
"""Fewest rows of a unit: on fewer, a score that is no mean over rows (F1, AUC) is mostly luck and bias."""

FEWEST_GROUPS = 20
"""Fewest groups to confirm on, where whole groups are the clusters: 10 in each half."""

FEWEST_SEARCH_GROUPS = 10
"""Fewest groups to search on: about 7 to fit on and 3 to validate on."""

FEWEST_OF_CLASS = 2
"""Fewest rows of a class wherever a model is fitted; and to confirm on, one for each half."""


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
    codes = codes_of(target)
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
            total = f"{partition.strata.size} rows"
            if partition.groups is not None:
                total += f" of {counted(np.unique(partition.groups).size, 'group')}"
            return f"too few {things}: {found} from {total}, at least {needed} are needed"
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
    kinds = np.unique(codes[used]).size
    if 2 * kinds > used.size:
        return (
            f"the target has {kinds:,} different values in {used.size:,} rows, which are numbers and no "
            "classes: take a trainer and a metric for numbers"
        )
    for code in np.unique(codes[used]):
        label = target[used[np.argmax(codes[used] == code)]]
        if fitted[code] < FEWEST_OF_CLASS:
            found, place = fitted[code], "to fit on while searching"
        elif confirming[code] == 1:  # none at all is no trouble: there is nothing of it to score
            found, place = 1, "to confirm on"
        else:
            continue
        has = f"class {label!s} has {counted(found, 'row')} {place}"
        return (
            f"{has}, at least {FEWEST_OF_CLASS} are needed; leave its rows out, or join it with another class"
        )
    return None
