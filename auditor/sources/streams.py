"""Rows of Parquet files on their way to the vault, a row group in memory at a time (eight, with text).

The same rows as ``tables.py`` would choose, and the same bytes. Where that takes all rows at once, because
they are not in the order of their times or times are text, ``tables.py`` has to do it.

The columns that decide which rows are chosen (the time) and how they are written (the words of text) are read
first, by themselves; all columns are read once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from auditor.core.addresses import without_secrets
from auditor.core.records import DataSpec
from auditor.sources.tables import (
    ROW_GROUP,
    check_names,
    drawn,
    encoded,
    microseconds,
    normalised,
    numbers_of,
    plain,
    texts_of,
    timed,
    words_of,
    write_pieces,
)
from auditor.sources.target import Checks

_PAGES = 2**20
"""Bytes of a column that are read at once."""

_ENCODED_AT_ONCE = 8
"""Row groups that are held at once where there is text."""


def write_streamed(rows: ds.Dataset, spec: DataSpec, into: str) -> str | None:
    """Write the rows of the window to a Parquet file in a folder, and return its path.

    None if that cannot be done a row group at a time, or if there is nothing to write.

    Raises
    ------
    DataError
        If a declared column is missing, or the rows cannot be learned from.
    StorageError
        If the folder's disk is full.
    """
    source = without_secrets(spec.source)
    check_names(rows.schema.names, spec, source)
    chosen = _chosen(rows, spec, source)
    if chosen is None or chosen.end <= chosen.first:
        return None
    stream = _Stream(rows, spec, source, chosen)
    words = stream.words()
    checks = Checks(spec, source)

    def pieces() -> Iterator[pa.Table]:
        # Whoever looks words up has to sort all of them first, so that is done for several row groups.
        for table in _in_lots(stream.tables(stream.names), of=ROW_GROUP * (_ENCODED_AT_ONCE if words else 1)):
            checks.look(table)
            written = plain(encoded(table, words))
            yield from (written.slice(first, ROW_GROUP) for first in range(0, written.num_rows, ROW_GROUP))
        checks.conclude()

    return write_pieces(pieces(), into)


@dataclass(frozen=True, slots=True)
class _Chosen:
    """Which of the rows that have a time: from the first to before the end, or those at some positions."""

    first: int
    end: int
    at: npt.NDArray[np.int64] | None = None

    def of(self, table: pa.Table, before: int) -> pa.Table:
        """Return the chosen rows of a piece that ``before`` rows come before."""
        if self.at is not None:
            low, high = np.searchsorted(self.at, (before, before + table.num_rows))
            return table.take(pa.array(self.at[low:high] - before))
        low = max(0, self.first - before)
        return table.slice(low, max(0, self.end - before - low))


@dataclass(frozen=True, slots=True)
class _Stream:
    """The chosen rows of a dataset, some columns at a time."""

    rows: ds.Dataset
    spec: DataSpec
    source: str
    chosen: _Chosen

    @property
    def names(self) -> list[str]:
        """The columns that an audit looks at."""
        return [name for name in self.rows.schema.names if name not in self.spec.drop]

    def tables(self, names: Sequence[str]) -> Iterator[pa.Table]:
        """Yield the chosen rows, as many at a time as the files give."""
        before, time = 0, self.spec.time
        extra = [time] if time is not None and time not in names else []
        for table in _read(self.rows, [*names, *extra]):
            table = normalised(table, self.source)
            if time is not None:
                table = timed(table, time, self.source)
            yield self.chosen.of(table, before).drop_columns(extra)
            before += table.num_rows

    def words(self) -> dict[str, pa.Array]:
        """Return the words of every column of text."""
        texts = texts_of(normalised(self.rows.schema.empty_table().select(self.names), self.source).schema)
        found = {name: _Words() for name in texts}
        for table in self.tables(texts) if texts else ():
            for name, words in found.items():
                words.add(table[name])
        return {name: words_of(words.all()) for name, words in found.items()}


@dataclass(slots=True)
class _Words:
    """The words of a column, each once. Joined only when as many are new, so that none is looked at often."""

    known: pa.Array = field(default_factory=lambda: pa.array([], pa.string()))
    new: list[pa.Array] = field(default_factory=list)
    count: int = 0

    def add(self, column: pa.ChunkedArray) -> None:
        """Take in more of the column."""
        self.new.append(column.unique())
        self.count += len(self.new[-1])
        if self.count > max(ROW_GROUP, len(self.known)):
            self.all()

    def all(self) -> pa.Array:
        """Return all words."""
        self.known = pa.chunked_array([self.known, *self.new], pa.string()).unique()
        self.new, self.count = [], 0
        return self.known


@dataclass(slots=True)
class _Times:
    """What is to be known of times that come in order: how many there are, and before which moments."""

    limits: list[float | int | None]
    count: int = 0
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
        self.count, self.newest = self.count + times.size, times[-1]
        for place, limit in enumerate(self.limits):
            under = times.size if limit is None else int(np.searchsorted(times, limit, side="left"))
            self.below[place] += under
            if under:
                self.last_below[place] = times[under - 1]


def _chosen(rows: ds.Dataset, spec: DataSpec, source: str) -> _Chosen | None:
    if spec.time is None:
        count = rows.count_rows()
        some = spec.rows is not None and spec.rows < count
        return _Chosen(0, count, drawn(spec.rows or 0, of=count) if some else None)
    kind = rows.schema.field(spec.time).type
    dated = pa.types.is_timestamp(kind) or pa.types.is_date(kind)
    cut = spec.window is not None or spec.since is not None or spec.until is not None
    if not dated and (cut or not (pa.types.is_integer(kind) or pa.types.is_floating(kind))):
        return None
    since, until = (None if moment is None else microseconds(moment) for moment in (spec.since, spec.until))
    times = _times(rows, spec, source, [until, since])
    if not times.sorted:
        return None
    end, first = times.below[0], 0 if since is None else times.below[1]
    if spec.window is not None and end > first:
        # Half open, so that daily rows and a window of 90 days make 90 rows.
        oldest = int(times.last_below[0]) - spec.window // timedelta(microseconds=1) + 1
        first = max(first, _times(rows, spec, source, [oldest]).below[0])
    if spec.rows is not None:
        first = max(first, end - spec.rows)
    return _Chosen(first, end)


def _times(rows: ds.Dataset, spec: DataSpec, source: str, limits: list[float | int | None]) -> _Times:
    times, name = _Times(limits), spec.time or ""
    for table in _read(rows, [name]):
        times.look(numbers_of(timed(normalised(table, source), name, source)[name]))
        if not times.sorted:
            break
    return times


def _read(rows: ds.Dataset, names: Sequence[str]) -> Iterator[pa.Table]:
    wanted = pa.schema([rows.schema.field(name) for name in names])
    for fragment in rows.get_fragments():
        of_file = {field.name: field.type for field in fragment.physical_schema}
        if all(of_file.get(field.name) == field.type for field in wanted):
            yield from _read_file(fragment, names)
        else:  # a column is in the names of folders, or of another type than in other files
            some = fragment.scanner(schema=rows.schema, columns=list(names), batch_size=ROW_GROUP)
            yield from (pa.Table.from_batches([batch]) for batch in some.to_batches())


def _read_file(fragment: ds.ParquetFileFragment, names: Sequence[str]) -> Iterator[pa.Table]:
    """Yield the rows of one file. Read page by page: a scanner holds two row groups, and takes longer."""
    with (
        fragment.filesystem.open_input_file(fragment.path) as opened,
        pq.ParquetFile(opened, pre_buffer=False, buffer_size=_PAGES) as file,
    ):
        for batch in file.iter_batches(ROW_GROUP, columns=list(names)):
            yield pa.Table.from_batches([batch]).select(list(names))


def _in_lots(tables: Iterator[pa.Table], *, of: int) -> Iterator[pa.Table]:
    """Yield the same rows, so many at a time."""
    waiting: list[pa.Table] = []
    count = 0
    for table in tables:
        waiting.append(table)
        count += table.num_rows
        if count >= of:
            together = pa.concat_tables(waiting)
            for first in range(0, count - of + 1, of):
                yield together.slice(first, of)
            left = together.slice(count - count % of)
            waiting, count = [left], left.num_rows
    if count:
        yield pa.concat_tables(waiting)
