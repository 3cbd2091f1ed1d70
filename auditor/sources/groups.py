"""The row groups of Parquet files: read one by one, and told again by the bytes that they are.

A row group that is the same bytes holds the same rows. On this machine its bytes are read and their SHA-256
taken, which takes a tenth of the time that decoding and writing them takes. Elsewhere a file is told by the
tag that its store gives to its content (an ETag), and is not read; where there is none, nothing is known.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from pyarrow import fs

_PAGES, _ALL_PAGES = 2**20, 2**26
"""Bytes of a column that are read at once, and of all columns together."""

_AT_ONCE = 2**22
"""Bytes that are read at once to be told again."""

_TAGS = ("ETag", "etag", "md5Hash", "content_md5")
"""What stores call it: S3, Azure, Google."""


@dataclass(frozen=True, slots=True)
class Group:
    """A row group: its file, its number there, and its rows."""

    fragment: ds.ParquetFileFragment
    number: int
    rows: int


class ParquetRows:
    """The rows of Parquet files, row group by row group.

    Parameters
    ----------
    rows
        The files, and the types that their columns are to have.
    """

    def __init__(self, rows: ds.Dataset) -> None:
        self.schema: pa.Schema = rows.schema
        self._rows = rows

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """All row groups, in the order of the rows."""
        return tuple(
            Group(fragment, number, fragment.metadata.row_group(number).num_rows)
            for fragment in self._rows.get_fragments()
            for number in range(fragment.metadata.num_row_groups)
        )

    def read(self, names: Sequence[str], *, since: int = 0, at_once: int) -> Iterator[tuple[int, pa.Table]]:
        """Yield columns of the rows from a row group on, some rows at a time, each with its group's place."""
        wanted = pa.schema([self.schema.field(name) for name in names])
        places = enumerate(self.groups[since:], since)
        for _, of_file in groupby(places, key=lambda each: id(each[1].fragment)):
            yield from _read_file(list(of_file), wanted, at_once=at_once)

    def digests(self) -> tuple[str, ...] | None:
        """Return by what each row group is told again, or None where that cannot be."""
        found: list[str] = []
        for fragment in self._rows.get_fragments():
            told = _told(fragment)
            if told is None:
                return None
            found += told
        return tuple(found)


def _read_file(
    groups: Sequence[tuple[int, Group]], wanted: pa.Schema, *, at_once: int
) -> Iterator[tuple[int, pa.Table]]:
    fragment = groups[0][1].fragment
    in_file = {field.name: field.type for field in fragment.physical_schema}
    if any(in_file.get(field.name) != field.type for field in wanted):
        # A column is in the names of folders, or of another type than in other files.
        for place, group in groups:
            part = fragment.subset(row_group_ids=[group.number])
            scanner = part.scanner(schema=wanted, columns=wanted.names, batch_size=at_once)
            yield from ((place, pa.Table.from_batches([batch])) for batch in scanner.to_batches())
        return
    with (
        fragment.filesystem.open_input_file(fragment.path) as opened,
        # Page by page: a scanner holds two row groups, and takes longer.
        pq.ParquetFile(opened, pre_buffer=False, buffer_size=_buffer(len(wanted))) as file,
    ):
        for place, group in groups:
            for batch in file.iter_batches(at_once, row_groups=[group.number], columns=wanted.names):
                # Selected again: where names have dots, "a" brings "a.b" with it.
                yield place, pa.Table.from_batches([batch]).select(wanted.names)


def _buffer(columns: int) -> int:
    return min(_PAGES, max(2**12, _ALL_PAGES // max(1, columns)))


def _told(fragment: ds.ParquetFileFragment) -> list[str] | None:
    where = f"{fragment.partition_expression}\n{fragment.physical_schema.to_string()}"
    count = fragment.metadata.num_row_groups
    if isinstance(fragment.filesystem, fs.LocalFileSystem):
        with fragment.filesystem.open_input_file(fragment.path) as file:
            return [_of_bytes(file, fragment.metadata.row_group(number), where) for number in range(count)]
    tag = _tag(fragment)
    if tag is None:
        return None
    return [hashlib.sha256(f"{where}\n{tag}\n{number}".encode()).hexdigest() for number in range(count)]


def _of_bytes(file: Any, group: pq.RowGroupMetaData, where: str) -> str:
    """Return the digest of a row group's pages, and of all that says how to read them."""
    columns = [group.column(number) for number in range(group.num_columns)]
    begins = [
        each.data_page_offset
        if each.dictionary_page_offset is None
        else min(each.dictionary_page_offset, each.data_page_offset)
        for each in columns
    ]
    first = min(begins)
    facts = [
        (begin - first, each.data_page_offset - begin, each.total_compressed_size, each.compression)
        for begin, each in zip(begins, columns, strict=True)
    ]
    taken = hashlib.sha256(f"{where}\n{group.num_rows}\n{facts}\n".encode())
    end = max(begin + each.total_compressed_size for begin, each in zip(begins, columns, strict=True))
    for begin in range(first, end, _AT_ONCE):
        taken.update(file.read_at(min(_AT_ONCE, end - begin), begin))
    return taken.hexdigest()


def _tag(fragment: ds.ParquetFileFragment) -> str | None:
    handler = getattr(fragment.filesystem, "handler", None)
    if handler is None or not hasattr(handler, "fs"):
        return None
    facts = handler.fs.info(fragment.path)
    tag = next((str(facts[name]) for name in _TAGS if facts.get(name)), None)
    return None if tag is None else f"{tag} {facts.get('size')}"
