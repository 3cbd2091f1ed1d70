"""Rows of Parquet files on their way to the vault, a chunk in memory at a time.

The same rows as ``tables.py`` would choose, and the same bytes. Where that takes all rows at once, because
they are not in the order of their times or times are text, ``tables.py`` has to do it.

The times, which decide which rows are chosen, are read first, by themselves; all columns are read once, and
of row groups that are what they were the last time nothing but the times.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import accumulate
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.dataset as ds

from auditor.core.addresses import without_secrets
from auditor.core.records import DataSpec
from auditor.ports import Vault
from auditor.sources.cuts import most_rows
from auditor.sources.delivery import Rows, deliver
from auditor.sources.groups import ParquetRows
from auditor.sources.memory import Recalled, name_of, read
from auditor.sources.tables import (
    ROW_GROUP,
    check_names,
    drawn,
    microseconds,
    normalised,
    numbers_of,
    timed,
)


def write_streamed(
    dataset: ds.Dataset, spec: DataSpec, into: str, *, held: Vault | None = None
) -> str | None:
    """Write the rows of the window to a folder as the vault takes them over, and return the path of it.

    None if that cannot be done a chunk at a time, or if there is nothing to write.

    Parameters
    ----------
    held
        What is there already, and need not be written again.

    Raises
    ------
    DataError
        If a declared column is missing, or the rows cannot be learned from.
    StorageError
        If the folder's disk is full.
    """
    source = without_secrets(spec.source)
    check_names(dataset.schema.names, spec, source)
    stream = _Stream(ParquetRows(dataset), spec, source)
    chosen = _chosen(stream)
    if chosen is None or chosen.end <= chosen.first:
        return None
    at = chosen.at
    if at is not None:
        rows = Rows(0, len(at), lambda _: stream.drawn(at))
        return deliver(rows, spec, into, most=stream.most)
    rows = Rows(chosen.first, chosen.end, lambda row: stream.tables(row, counts=chosen.counts))
    digests = None if held is None or chosen.end - chosen.first <= stream.most else stream.rows.digests()
    if held is None or digests is None:
        return deliver(rows, spec, into, most=stream.most)
    groups = tuple(zip(digests, chosen.counts, strict=True))
    name = name_of(spec, stream.rows.schema, stream.most)
    recalled = Recalled(read(held.recall(name)), groups, held.holds)
    return deliver(rows, spec, into, most=stream.most, recalled=recalled, groups=groups, name=name)


@dataclass(frozen=True, slots=True)
class _Chosen:
    """Which of the rows that have a time: from the first to before the end, or those at some positions.

    Attributes
    ----------
    counts
        How many rows each row group has that have a time.
    """

    first: int
    end: int
    counts: Sequence[int]
    at: npt.NDArray[np.int64] | None = None


@dataclass(frozen=True, slots=True)
class _Stream:
    """The rows of a source that have a time, if rows have one."""

    rows: ParquetRows
    spec: DataSpec
    source: str

    @property
    def names(self) -> list[str]:
        """The columns that an audit looks at."""
        return [name for name in self.rows.schema.names if name not in self.spec.drop]

    @property
    def most(self) -> int:
        """The rows that are read at once, and those of a chunk."""
        return most_rows(len(self.names), of=ROW_GROUP)

    def tables(self, row: int, *, counts: Sequence[int]) -> Iterator[pa.Table]:
        """Yield the rows from one on, as many at a time as the files give."""
        starts = [0, *accumulate(counts)]
        since = int(np.searchsorted(starts, row, side="right")) - 1
        before = starts[since]
        for _, table in self.rows.read(self.names, since=since, at_once=self.most):
            ready = self._ready(table)
            yield ready.slice(min(ready.num_rows, max(0, row - before)))
            before += ready.num_rows

    def drawn(self, at: npt.NDArray[np.int64]) -> Iterator[pa.Table]:
        """Yield the rows at some positions."""
        before = 0
        for _, table in self.rows.read(self.names, at_once=self.most):
            low, high = np.searchsorted(at, (before, before + table.num_rows))
            yield self._ready(table).take(pa.array(at[low:high] - before))
            before += table.num_rows

    def times(self, limits: list[float | int | None]) -> "_Times":
        """Look at the times alone, as long as they are in order."""
        found, name = _Times(limits, counts=[0] * len(self.rows.groups)), self.spec.time or ""
        for place, table in self.rows.read([name], at_once=ROW_GROUP):
            times = numbers_of(timed(normalised(table, self.source), name, self.source)[name])
            found.counts[place] += times.size
            found.look(times)
            if not found.sorted:
                break
        return found

    def _ready(self, table: pa.Table) -> pa.Table:
        table = normalised(table, self.source)
        return table if self.spec.time is None else timed(table, self.spec.time, self.source)


@dataclass(slots=True)
class _Times:
    """What is to be known of times that come in order: how many there are, and before which moments.

    Attributes
    ----------
    counts
        How many each row group has.
    """

    limits: list[float | int | None]
    counts: list[int]
    below: list[int] = field(default_factory=list)
    newest: Any = None
    last_below: list[Any] = field(default_factory=list)
    sorted: bool = True

    def __post_init__(self) -> None:
        self.below = [0] * len(self.limits)
        self.last_below = [None] * len(self.limits)

    def look(self, times: npt.NDArray[Any]) -> None:
        """Take in the next times."""
        if times.size == 0:
            return
        joined = bool(self.newest is None or self.newest <= times[0])
        self.sorted = self.sorted and joined and bool((times[:-1] <= times[1:]).all())
        self.newest = times[-1]
        for place, limit in enumerate(self.limits):
            under = times.size if limit is None else int(np.searchsorted(times, limit, side="left"))
            self.below[place] += under
            if under:
                self.last_below[place] = times[under - 1]


def _chosen(stream: _Stream) -> _Chosen | None:
    spec = stream.spec
    if spec.time is None:
        counts = [group.rows for group in stream.rows.groups]
        some = spec.rows is not None and spec.rows < sum(counts)
        at = drawn(spec.rows or 0, of=sum(counts)) if some else None
        return _Chosen(0, sum(counts), counts, at)
    kind = stream.rows.schema.field(spec.time).type
    dated = pa.types.is_timestamp(kind) or pa.types.is_date(kind)
    cut = spec.window is not None or spec.since is not None or spec.until is not None
    if not dated and (cut or not (pa.types.is_integer(kind) or pa.types.is_floating(kind))):
        return None
    since, until = (None if moment is None else microseconds(moment) for moment in (spec.since, spec.until))
    times = stream.times([until, since])
    if not times.sorted:
        return None
    end, first = times.below[0], 0 if since is None else times.below[1]
    if spec.window is not None and end > first:
        # Half open, so that daily rows and a window of 90 days make 90 rows.
        oldest = int(times.last_below[0]) - spec.window // timedelta(microseconds=1) + 1
        first = max(first, stream.times([oldest]).below[0])
    if spec.rows is not None:
        first = max(first, end - spec.rows)
    return _Chosen(first, end, times.counts)
