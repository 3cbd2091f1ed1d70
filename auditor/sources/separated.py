"""Rows of CSV and TSV files, piece by piece: read twice, as the kinds of columns follow from all values."""

import codecs
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from auditor.errors import DataError
from auditor.sources.tables import ROW_GROUP

# What pandas reads as missing; pyarrow's own list lacks "None" and "<NA>".
_MISSING = ["", "NA", "N/A", "n/a", "NaN", "nan", "-nan", "null", "NULL", "None", "<NA>", "#N/A", "#NA"]

_SEPARATORS = {",": "commas", "\t": "tabs", ";": "semicolons", "|": "bars"}

# Tried in this order; the first that every value of a column fits is the column's kind.
_KINDS = (pa.int64(), pa.float64(), pa.bool_(), pa.timestamp("us"), pa.timestamp("us", tz="UTC"))

AT_ONCE = 2**23
"""Bytes that are read at once; no row may be longer."""

Open = Callable[[], AbstractContextManager[Any]]
"""Opens the file, unpacked, from its beginning."""


def table_of(opened: Open, delimiter: str, shown: str) -> pa.Table:
    """Return all rows.

    Raises
    ------
    DataError
        If there is nothing in the file.
    """
    pieces = list(_typed(opened, delimiter, kinds_of(opened, delimiter, shown)))
    return pa.concat_tables(pieces)


def spool(opened: Open, delimiter: str, kinds: pa.Schema, path: Path) -> None:
    """Write all rows to a Parquet file, some in memory at a time."""
    with pq.ParquetWriter(path, kinds, compression="none", use_dictionary=False) as writer:
        for table in _typed(opened, delimiter, kinds):
            writer.write_table(table, row_group_size=ROW_GROUP)


def kinds_of(opened: Open, delimiter: str, shown: str) -> pa.Schema:
    """Return what every column holds, by all of its values; nothing at all counts as numbers.

    Raises
    ------
    DataError
        If there is nothing in the file.
    """
    names: list[str] = []
    possible: list[list[pa.DataType]] = []
    filled: list[bool] = []
    with opened() as file:
        _refuse_strange(file.read(AT_ONCE), delimiter, shown)
    for table in _texts(opened, delimiter):
        names = table.column_names
        possible = possible or [list(_KINDS) for _ in names]
        filled = filled or [False for _ in names]
        for place, column in enumerate(table.columns):
            possible[place] = [kind for kind in possible[place] if _fits(column, kind)]
            filled[place] |= column.null_count < len(column)
    # Text is what fits none; where there is nothing at all, anything would do.
    kinds = [(fits or [pa.string()])[0] for fits in possible]
    chosen = [kind if some else pa.float64() for kind, some in zip(kinds, filled, strict=True)]
    return pa.schema([pa.field(name, kind) for name, kind in zip(names, chosen, strict=True)])


def _refuse_strange(start: bytes, delimiter: str, shown: str) -> None:
    """Refuse, by its beginning, a file that is empty, is UTF-16, or parts its columns otherwise."""
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise DataError(f"{shown}: is UTF-16 text; save it as UTF-8")
    lines = start.removeprefix(codecs.BOM_UTF8).strip().splitlines()
    if not lines:
        raise DataError(f"{shown}: is empty")
    other = next((mark for mark in _SEPARATORS if mark.encode() in lines[0]), None)
    if delimiter.encode() not in lines[0] and other is not None:
        cure = "name it .csv" if other == "," else "name it .tsv" if other == "\t" else "write it with commas"
        found, wanted = _SEPARATORS[other], _SEPARATORS[delimiter]
        raise DataError(f"{shown}: its columns are separated by {found}, not by {wanted}; {cure}")


def _fits(column: pa.ChunkedArray, kind: pa.DataType) -> bool:
    try:
        column.cast(kind)
    except pa.ArrowInvalid:
        return False
    return True


def _typed(opened: Open, delimiter: str, kinds: pa.Schema) -> Iterator[pa.Table]:
    for table in _texts(opened, delimiter):
        columns = [column.cast(field.type) for column, field in zip(table.columns, kinds, strict=True)]
        yield pa.Table.from_arrays(columns, schema=kinds)


def _texts(opened: Open, delimiter: str) -> Iterator[pa.Table]:
    """Yield the rows as text: pyarrow would settle a column's kind by its first piece."""
    parsing = pa.csv.ParseOptions(delimiter=delimiter, newlines_in_values=True)
    reading = pa.csv.ReadOptions(block_size=AT_ONCE, use_threads=False)
    with opened() as file:
        names = pa.csv.open_csv(file, read_options=reading, parse_options=parsing).schema.names
    as_text = pa.csv.ConvertOptions(
        column_types=dict.fromkeys(names, pa.string()), null_values=_MISSING, strings_can_be_null=True
    )
    with opened() as file:
        rows = pa.csv.open_csv(file, read_options=reading, parse_options=parsing, convert_options=as_text)
        yield pa.Table.from_batches([], rows.schema)  # a file may have names and no rows
        yield from (pa.Table.from_batches([batch]) for batch in rows)
