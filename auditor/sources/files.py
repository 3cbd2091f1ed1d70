"""Rows out of CSV and Parquet files, here or behind any URL that fsspec knows."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import fsspec
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from auditor.core.addresses import scheme_of, without_secrets
from auditor.core.records import DataSpec
from auditor.errors import DataError
from auditor.ports import Held
from auditor.sources.importing import told

_DELIMITERS = {".csv": ",", ".csv.gz": ",", ".tsv": "\t", ".tsv.gz": "\t"}
_PARQUET = (".parquet", ".pq")

# What pandas reads as missing; pyarrow's own list lacks "None" and "<NA>".
_MISSING = ["", "NA", "N/A", "n/a", "NaN", "nan", "-nan", "null", "NULL", "None", "<NA>", "#N/A", "#NA"]

# Tried in this order; the first that every value of a column fits is the column's kind.
_KINDS = (pa.int64(), pa.float64(), pa.bool_(), pa.timestamp("us"), pa.timestamp("us", tz="UTC"))


def read_file(address: str) -> pa.Table:
    """Return the rows of a CSV or Parquet file, or of a folder of Parquet files.

    Raises
    ------
    DataError
        If it is missing, empty, cut short, or of another kind.
    """
    shown = without_secrets(address)
    with _explained(address, shown):
        system, path = fsspec.core.url_to_fs(address)
        if not system.exists(path):
            raise DataError(f"{shown}: no such file; paths are relative to the folder auditor is run in")
        if system.isdir(path):
            _refuse_strangers(path, system, shown)
            return _parquet(path, system, shown)
        if system.size(path) == 0:
            raise DataError(f"{shown}: is empty")
        return _by_suffix(address, path, system, shown)


def write_parquet_rows(address: str, spec: DataSpec, into: str, *, held: Held | None = None) -> str | None:
    """Write the rows of the window of Parquet files, a chunk in memory at a time, and return the path.

    None where the source is no Parquet, is not there, or has to be read as a whole.

    Raises
    ------
    DataError
        If it is damaged, lacks a declared column, or cannot be learned from.
    StorageError
        If they cannot be written.
    """
    named = urlsplit(address).path if scheme_of(address) else address
    if any(named.lower().endswith(suffix) for suffix in _DELIMITERS):
        return None
    with _explained(address, without_secrets(address)):
        system, path = fsspec.core.url_to_fs(address)
        folder = system.isdir(path)
        if not folder and not (
            named.lower().endswith(_PARQUET) and system.exists(path) and system.size(path)
        ):
            return None
        import pyarrow.dataset as ds

        from auditor.sources.streams import write_streamed

        hive = ds.HivePartitioning.discover(infer_dictionary=True) if folder else None
        rows = ds.dataset(path, filesystem=system, format="parquet", partitioning=hive)
        return write_streamed(rows, spec, into, held=held) if rows.schema.names else None


def _by_suffix(address: str, path: str, system: Any, shown: str) -> pa.Table:
    named = (urlsplit(address).path if scheme_of(address) else address).lower()
    if named.endswith(_PARQUET):
        return _parquet(path, system, shown)
    for suffix, delimiter in _DELIMITERS.items():
        if named.endswith(suffix):
            with system.open(path, "rb", compression="infer") as file:
                return _separated(file.read(), delimiter, shown)
    if named.endswith((".db", ".sqlite", ".sqlite3")):
        raise DataError(f"{shown}: is a database by its name: write sqlite:///{shown}, and a query")
    allowed = ", ".join([*_DELIMITERS, *_PARQUET])
    raise DataError(f"{shown}: must be a folder of Parquet files, or end in one of {allowed}")


def _refuse_strangers(path: str, system: Any, shown: str) -> None:
    """Refuse a folder whose files say by their names that they are no Parquet."""
    names = sorted(found.rstrip("/").rpartition("/")[2] for found in system.find(path))
    strange = [name for name in names if name.lower().endswith((*_DELIMITERS, ".json", ".xlsx", ".txt"))]
    if strange:
        first = f"{shown.rstrip('/')}/{strange[0]}"
        raise DataError(
            f"{shown}: is a folder, and not all in it is Parquet; name one file of it, such as {first}"
        )


def _parquet(path: str, system: Any, shown: str) -> pa.Table:
    table: pa.Table = pq.read_table(path, filesystem=system)
    if not table.column_names:
        raise DataError(f"{shown}: holds no Parquet file")
    return table


def _separated(content: bytes, delimiter: str, shown: str) -> pa.Table:
    if not content.strip():
        raise DataError(f"{shown}: is empty")
    parsing = pa.csv.ParseOptions(delimiter=delimiter, newlines_in_values=True)
    names = pa.csv.open_csv(pa.BufferReader(content), parse_options=parsing).schema.names
    # Read as text first: pyarrow would settle a column's kind by its first megabyte.
    as_text = pa.csv.ConvertOptions(
        column_types=dict.fromkeys(names, pa.string()), null_values=_MISSING, strings_can_be_null=True
    )
    text = pa.csv.read_csv(pa.BufferReader(content), parse_options=parsing, convert_options=as_text)
    return pa.Table.from_arrays([_inferred(column) for column in text.columns], names=text.column_names)


def _inferred(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if column.null_count == len(column):
        return column.cast(pa.float64())
    for kind in _KINDS:
        try:
            return column.cast(kind)
        except pa.ArrowInvalid:
            continue
    return column


@contextmanager
def _explained(address: str, shown: str) -> Iterator[None]:
    try:
        yield
    except ImportError as error:
        raise DataError(f"{shown}: {scheme_of(address)!r} needs another package: {told(error)}") from error
    except EOFError as error:
        raise DataError(f"{shown}: is cut short: {without_secrets(told(error))}") from error
    except (OSError, ValueError, pa.ArrowException) as error:
        # ArrowInvalid is a ValueError: a file that is no CSV or Parquet, or the first half of one.
        said = without_secrets(told(error))
        raise DataError(
            f"{shown}: cannot be read; it is damaged, cut short, or not what it is called: {said}"
        ) from error
