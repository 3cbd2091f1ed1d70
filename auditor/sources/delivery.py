"""Rows handed over to the vault: one Parquet file, or a list of chunks of which the new ones lie beside it.

::

    rows.parquet                one chunk is all there is
    rows.json                   the list of chunks, as core/chunks.py writes it
    3f9a...c1.parquet           a chunk that the vault may not have yet
    memory.json                 what is to be remembered of the source, and under which name
"""

import hashlib
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from auditor.core.addresses import without_secrets
from auditor.core.chunks import Chunk, listing
from auditor.core.records import DataSpec
from auditor.errors import StorageError
from auditor.sources import memory
from auditor.sources.cuts import first_cut, most_rows
from auditor.sources.importing import told
from auditor.sources.memory import Known, Origin, Recalled
from auditor.sources.tables import ROW_GROUP, encoded, numbers_of, plain, texts_of, words_of
from auditor.sources.target import Checks, gist


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows that are chosen: those of a source from the first to before the end.

    Attributes
    ----------
    since
        Yields the rows from one on, some at a time; more than those that are chosen, maybe.
    """

    first: int
    end: int
    since: Callable[[int], Iterator[pa.Table]]


def deliver(
    rows: Rows,
    spec: DataSpec,
    into: str,
    *,
    most: int,
    recalled: Recalled | None = None,
    groups: Sequence[tuple[str, int]] = (),
    name: str = "",
) -> str:
    """Write rows into a folder as the vault takes them over, and return the path of the file or the list.

    Parameters
    ----------
    most
        Rows of a chunk.
    recalled
        What is known of the rows' chunks, so that they need not be read.
    groups, name
        What is to be remembered, and where.

    Raises
    ------
    DataError
        If the rows cannot be learned from.
    StorageError
        If the folder's disk is full.
    """
    cutting = _Cutting(rows, spec, most, recalled or Recalled(None, (), lambda _: False))
    folder = Path(into)
    chunks = list(cutting.chunks(folder))
    cutting.checks.conclude()
    if len(chunks) == 1:
        whole = folder / "rows.parquet"
        (folder / f"{chunks[0].chunk.digest}.parquet").replace(whole)
        return str(whole)
    if name:
        # The last one ends where the rows do, and a longer table has another one there.
        _write(folder / f"{name}.memory", memory.written(Origin(tuple(groups), tuple(chunks[:-1]))))
    path = folder / "rows.json"
    _write(path, listing([each.chunk for each in chunks]))
    return str(path)


def deliver_table(table: pa.Table, spec: DataSpec, into: str) -> str:
    """Write rows that are held in memory, as ``deliver`` does."""
    rows = Rows(0, table.num_rows, lambda row: iter([table.slice(row)]))
    return deliver(rows, spec, into, most=most_rows(table.num_columns, of=ROW_GROUP))


class _Cutting:
    """Cuts rows into chunks, and looks at what they are on the way."""

    def __init__(self, rows: Rows, spec: DataSpec, most: int, recalled: Recalled) -> None:
        self.checks = Checks(spec, without_secrets(spec.source))
        self._rows, self._most, self._recalled, self._time = rows, most, recalled, spec.time
        self._target = spec.target
        self._ahead = _Ahead(rows)

    def chunks(self, into: Path) -> Iterator[Known]:
        """Yield every chunk, those that are new written to a folder."""
        row = self._rows.first
        while row < self._rows.end:
            known = self._recalled.at(row, decided_by=self._most + 1, end=self._rows.end)
            if known is None:
                known = self._next(row, into)
            else:
                self.checks.take(known.chunk.rows, known.first, known.alike)
            yield known
            row += known.chunk.rows

    def _next(self, row: int, into: Path) -> Known:
        ahead = self._ahead.take(row, self._most + 1)
        count = ahead.num_rows
        if count > self._most:
            times = None if self._time is None else numbers_of(ahead[self._time])
            count = first_cut(times, self._most)
        table = plain(ahead.slice(0, count))
        self.checks.look(table)
        alone = count == self._rows.end - self._rows.first
        chunk = write_chunk(_sorted(table) if alone else _coded(table), into)
        return Known(row, chunk, *gist(table[self._target]))


class _Ahead:
    """Rows from any one on, of which as many are held as were asked for last."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._tables: deque[pa.Table] = deque()
        self._next: Iterator[pa.Table] = iter(())
        self._start, self._end = -1, -1

    def take(self, row: int, count: int) -> pa.Table:
        """Return so many rows from one on, or as many as there are."""
        if not self._start <= row <= self._end:
            self._tables.clear()
            self._next, self._start, self._end = self._rows.since(row), row, row
        while self._tables and self._start + self._tables[0].num_rows <= row:
            self._start += self._tables.popleft().num_rows
        wanted = min(row + count, self._rows.end)
        while self._end < wanted:
            table = next(self._next)
            self._tables.append(table)
            self._end += table.num_rows
        return pa.concat_tables(self._tables).slice(row - self._start, wanted - row)


def _sorted(table: pa.Table) -> pa.Table:
    return encoded(table, {name: words_of(table[name]) for name in texts_of(table.schema)})


def _coded(table: pa.Table) -> pa.Table:
    """Return text as categories in the order in which words come: whoever joins chunks sorts them all."""
    for name in texts_of(table.schema):
        coded = table[name].chunk(0).dictionary_encode()
        table = table.set_column(table.column_names.index(name), name, coded)
    return table


def write_chunk(table: pa.Table, into: Path) -> Chunk:
    """Write rows to a Parquet file in a folder, named by its digest.

    Equal rows give equal bytes: no pandas index, no metadata, one compression. Only text is written as a
    dictionary: of numbers pyarrow tries one in each row group, which takes three times as long as all else.
    """
    texts = [field.name for field in table.schema if pa.types.is_dictionary(field.type)]
    sink = pa.BufferOutputStream()
    with pq.ParquetWriter(sink, table.schema, compression="zstd", use_dictionary=texts) as writer:
        writer.write_table(table)
    content = sink.getvalue()
    digest = hashlib.sha256(content).hexdigest()
    _write(into / f"{digest}.parquet", content)
    return Chunk(digest, table.num_rows, content.size)


def _write(path: Path, content: bytes) -> None:
    try:
        with path.open("wb") as file:
            file.write(content)
    except OSError as error:
        problem = os.strerror(error.errno).lower() if error.errno else told(error)
        raise StorageError(
            f"the rows cannot be written to {str(path.parent)!r}: {problem}; free some space there, "
            "or set TMPDIR"
        ) from error
