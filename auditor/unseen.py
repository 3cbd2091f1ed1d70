"""Which of an audit's confirming rows no earlier audit looked at.

In rows that come in time order, new rows are those after the newest row that any earlier audit looked at, to
search or to confirm. Rows without an order are told by what is in them: the rows of earlier snapshots are
recognised by a hash of their features, one old snapshot in memory at a time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from auditor.core.records import Audit, AuditSummary, Plan
from auditor.errors import SnapshotError
from auditor.ports import Tools
from auditor.replicates import Replicates

_ALIKE = 0.01
"""Where more than this share of a snapshot's rows have a twin in it, no row can be told by its features."""

Mask = npt.NDArray[np.bool_]
"""Of rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """What the evidence is taken from."""

    audit: Audit
    plan: Plan
    replicates: Replicates
    tools: Tools


def unseen(audits: Sequence[AuditSummary], rows: Rows) -> tuple[Mask, str | None]:
    """Return which confirming rows no earlier audit looked at, and why that cannot be told, or None."""
    partition, digest = rows.replicates.partition, rows.replicates.layout.digest
    none = np.zeros(partition.confirm.size, dtype=np.bool_)
    if not audits:
        return ~none, None
    same = next((each.id for each in audits if each.snapshot == digest), None)
    if same is not None:
        return none, f"its rows are those of audit {same}"
    try:
        new = _later(audits, rows) if partition.ordered else _unlike(audits, rows)
    except _CannotTell as unknown:
        return none, str(unknown)
    return new[partition.confirm], None


class _CannotTell(Exception):  # noqa: N818  # no error: an answer
    """Why new rows cannot be told from old ones."""


def _later(audits: Sequence[AuditSummary], rows: Rows) -> Mask:
    """Return which rows are newer than all that earlier audits looked at."""
    import pandas as pd

    column, vault = rows.plan.data.time or "", rows.tools.vault
    values = vault.read(rows.replicates.layout.digest, [column])[column]
    newest = [each.newest for each in audits if each.newest is not None]
    if len(newest) == len(audits):
        times = pd.DatetimeIndex(pd.to_datetime(values, utc=True))
        # The ledger keeps microseconds: a row is newer only if it is so by a whole one.
        return np.asarray(times.floor("us") > pd.Timestamp(max(newest)), dtype=np.bool_)
    try:  # numbers that count the time, or a time column that was declared later
        ends = [vault.read(digest, [column])[column].max() for digest in {each.snapshot for each in audits}]
        return np.asarray(values > max(ends), dtype=np.bool_)
    except (SnapshotError, KeyError, TypeError) as error:
        raise _CannotTell(
            f"the rows of earlier audits are no longer kept, or have no {column!r}, so old rows cannot be "
            "told from new ones"
        ) from error


def _unlike(audits: Sequence[AuditSummary], rows: Rows) -> Mask:
    """Return which rows have features, or a group, that no snapshot of an earlier audit holds."""
    columns, vault = _identity(rows), rows.tools.vault
    ours = _hashes(vault.read(rows.replicates.layout.digest, columns))
    if rows.plan.data.group is None and np.unique(ours).size < (1.0 - _ALIKE) * ours.size:
        raise _CannotTell(
            "its rows have no order and many are alike, so old ones cannot be told from new ones"
        )
    new = np.ones(ours.size, dtype=np.bool_)
    for digest, number in {each.snapshot: each.id for each in audits}.items():
        try:
            new &= ~np.isin(ours, _hashes(vault.read(digest, columns)))
        except (SnapshotError, KeyError) as error:
            raise _CannotTell(
                f"the rows of audit {number} are no longer kept, or have other columns, so old rows cannot "
                "be told from new ones"
            ) from error
    return new


def _identity(rows: Rows) -> tuple[str, ...]:
    """Return the columns that tell one row from another: the group, or all but the target.

    Not the target: a label that was corrected later does not make a new row.
    """
    data, snapshot = rows.plan.data, rows.audit.snapshot
    if data.group is not None:
        return (data.group,)
    names = [column.name for column in snapshot.columns if column.name != data.target] if snapshot else []
    if not names:
        raise _CannotTell("its rows have nothing but a target, so old ones cannot be told from new ones")
    return tuple(names)


def _hashes(columns: Mapping[str, npt.NDArray[Any]]) -> npt.NDArray[np.uint64]:
    """Return a hash of each row; equal for equal values, whether whole numbers are kept as floats or not."""
    import pandas as pd

    frame = pd.DataFrame({name: _plain(values) for name, values in columns.items()})
    return np.asarray(pd.util.hash_pandas_object(frame, index=False), dtype=np.uint64)


def _plain(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    if values.dtype.kind in "biuf":
        return values.astype(np.float64) + 0.0  # no negative zero
    return values.astype("datetime64[ns]") if values.dtype.kind == "M" else values
