"""Triage: what moved in the data since production was tuned. It explains and triggers; it never convicts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import numpy as np

from auditor.core.cells import Cells
from auditor.core.column_drift import compare, same_kind
from auditor.core.drift import assumption, corrected, headline, ranked
from auditor.core.records import Change, ColumnDrift, ColumnKind, DataSpec, Drift, OpenAudit, Plan
from auditor.errors import SnapshotError
from auditor.ports import Tools, Vault

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def triage(plan: Plan, opened: OpenAudit, tools: Tools) -> Drift | None:
    """Compare the fresh rows with those production was tuned on; None where these are not known.

    Rows of then that are gone from the vault make a drift that says so, not a failed audit.
    """
    reference = tools.ledger.reference(opened.capture)
    if reference is None:
        return None
    try:
        return drift_between(reference, opened.snapshot.digest, data=plan.data, vault=tools.vault)
    except SnapshotError as error:
        return Drift(
            reference=reference,
            rows_then=0,
            rows_now=opened.snapshot.rows,
            headline=f"what moved cannot be told: {error}",
        )


def drift_between(then: str, now: str, *, data: DataSpec, vault: Vault) -> Drift:
    """Compare two snapshots, given by their digests, column by column.

    One column at a time is read, in pieces, so that memory does not grow with the rows.

    Raises
    ------
    SnapshotError
        If one of the two is gone from the vault, or is damaged.
    """
    before, after = (_Side.of(digest, vault, leaving_out=data.drop) for digest in (then, now))
    ordered = data.time is not None
    columns, retyped = [], []
    for name, pair in _pairs(before, after, data):
        alike = same_kind(*pair)
        if alike is None:
            retyped.append(Change(name, *(cells.kind.value for cells in pair)))
        else:
            columns.append(compare(name, *alike, ordered=ordered))
    checked = corrected(columns)
    (first_then, last_then), (first_now, last_now) = before.span(data.time), after.span(data.time)
    drift = Drift(
        reference=then,
        rows_then=before.rows,
        rows_now=after.rows,
        headline="",
        assumes=assumption(min(before.rows, after.rows), ordered=ordered),
        columns=ranked([column for column in checked if column.name != data.target]),
        target=_target(checked, data.target),
        appeared=after.without(before),
        gone=before.without(after),
        retyped=tuple(retyped),
        first_then=first_then,
        last_then=last_then,
        first_now=first_now,
        last_now=last_now,
    )
    return replace(drift, headline=headline(drift))


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the two snapshots: the names of its columns, and where to read them."""

    digest: str
    names: tuple[str, ...]
    rows: int
    vault: Vault

    @classmethod
    def of(cls, digest: str, vault: Vault, *, leaving_out: Sequence[str]) -> "_Side":
        names = tuple(column.name for column in vault.columns(digest) if column.name not in leaving_out)
        return cls(digest, names, vault.scan(digest, names[0]).rows, vault)

    def cells(self, name: str) -> Cells:
        return self.vault.scan(self.digest, name)

    def without(self, other: "_Side") -> tuple[str, ...]:
        theirs = set(other.names)
        return tuple(name for name in self.names if name not in theirs)

    def span(self, time: str | None) -> tuple[datetime | None, datetime | None]:
        if time is None or time not in self.names:
            return None, None
        cells = self.cells(time)
        if cells.kind is not ColumnKind.MOMENT:
            return None, None
        ends = [(np.nanmin(piece), np.nanmax(piece)) for piece in cells.pieces()]
        return _moment(min(low for low, _ in ends)), _moment(max(high for _, high in ends))


def _pairs(before: _Side, after: _Side, data: DataSpec) -> Iterator[tuple[str, tuple[Cells, Cells]]]:
    theirs = set(before.names)
    for name in after.names:
        if name in theirs and name not in (data.time, data.group):
            yield name, (before.cells(name), after.cells(name))


def _target(columns: Sequence[ColumnDrift], name: str) -> ColumnDrift | None:
    return next((column for column in columns if column.name == name), None)


def _moment(seconds: float) -> datetime:
    return _EPOCH + timedelta(microseconds=round(float(seconds) * 1e6))
