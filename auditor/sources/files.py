"""Rows out of CSV and Parquet files, here or behind any URL that fsspec knows."""

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq

from auditor.core.addresses import scheme_of, without_secrets
from auditor.core.records import DataSpec
from auditor.errors import DataError
from auditor.ports import Vault
from auditor.sources.importing import told
from auditor.sources.separated import Open, kinds_of, spool, table_of

_DELIMITERS = {".csv": ",", ".csv.gz": ",", ".tsv": "\t", ".tsv.gz": "\t"}
_PARQUET = (".parquet", ".pq")


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


def write_file_rows(address: str, spec: DataSpec, into: str, *, held: Vault | None = None) -> str | None:
    """Write the rows of the window of files, a chunk in memory at a time, and return the path.

    None where there is no such file, or it has to be read as a whole: it is not in the order of its times.

    Raises
    ------
    DataError
        If it is damaged, lacks a declared column, or cannot be learned from.
    StorageError
        If they cannot be written.
    """
    named = (urlsplit(address).path if scheme_of(address) else address).lower()
    shown = without_secrets(address)
    with _explained(address, shown):
        system, path = fsspec.core.url_to_fs(address)
        folder = system.isdir(path)
        if not folder and not (system.exists(path) and system.size(path)):
            return None
        delimiter = next((mark for suffix, mark in _DELIMITERS.items() if named.endswith(suffix)), None)
        if delimiter is not None and not folder:
            opened = functools.partial(system.open, path, "rb", compression="infer")
            return _write_separated(opened, delimiter, spec, into, held=held)
        if delimiter is not None or not (folder or named.endswith(_PARQUET)):
            return None
        import pyarrow.dataset as ds

        from auditor.sources.streams import write_streamed

        hive = ds.HivePartitioning.discover(infer_dictionary=True) if folder else None
        rows = ds.dataset(path, filesystem=system, format="parquet", partitioning=hive)
        return write_streamed(rows, spec, into, held=held) if rows.schema.names else None


def _write_separated(opened: Open, delimiter: str, spec: DataSpec, into: str, *, held: Vault | None) -> str:
    """Write the rows of a CSV file by way of a Parquet file, whose row groups can be told again."""
    import pyarrow.dataset as ds

    from auditor.sources.delivery import deliver_table
    from auditor.sources.streams import write_streamed
    from auditor.sources.tables import check_names, prepared

    with TemporaryDirectory(dir=into) as folder:
        path, shown = Path(folder) / "rows.parquet", without_secrets(spec.source)
        kinds = kinds_of(opened, delimiter, shown)
        check_names(kinds.names, spec, shown)
        spool(opened, delimiter, kinds, path)
        written = write_streamed(ds.dataset(path, format="parquet"), spec, into, held=held)
        return written or deliver_table(prepared(pq.read_table(path), spec), spec, into)


def _by_suffix(address: str, path: str, system: Any, shown: str) -> pa.Table:
    named = (urlsplit(address).path if scheme_of(address) else address).lower()
    if named.endswith(_PARQUET):
        return _parquet(path, system, shown)
    for suffix, delimiter in _DELIMITERS.items():
        if named.endswith(suffix):
            return table_of(lambda: system.open(path, "rb", compression="infer"), delimiter, shown)
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


@contextmanager
def _explained(address: str, shown: str) -> Iterator[None]:
    try:
        yield
    except ImportError as error:
        raise DataError(f"{shown}: {scheme_of(address)!r} needs another package: {told(error)}") from error
    except EOFError as error:
        raise DataError(f"{shown}: is cut short: {without_secrets(told(error))}") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{shown}: is not UTF-8 text; save it as UTF-8: {told(error)}") from error
    except (OSError, ValueError, pa.ArrowException) as error:
        # ArrowInvalid is a ValueError: a file that is no CSV or Parquet, or the first half of one.
        said = without_secrets(told(error))
        if "invalid UTF8" in said:
            raise DataError(f"{shown}: is not UTF-8 text; save it as UTF-8: {said}") from error
        raise DataError(
            f"{shown}: cannot be read; it is damaged, cut short, or not what it is called: {said}"
        ) from error
