"""Rows out of any database that SQLAlchemy knows."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from auditor.core.addresses import without_secrets
from auditor.errors import DataError
from auditor.sources.importing import told

_BATCH = 50_000
"""Rows that are Python objects at a time, before they become Arrow columns."""


def read_query(address: str, query: str) -> pa.Table:
    """Return the rows that a query gives; nothing that it changes is kept.

    Parameters
    ----------
    address
        An SQLAlchemy URL.
    query
        SQL, passed on as it is: no parameters, so ``%`` and ``:`` mean what they say.

    Raises
    ------
    DataError
        If the database is unknown, absent or refuses; if its driver is not installed; if the
        query fails or gives no rows.
    """
    engine = _engine(address)
    try:
        with engine.connect() as connection:
            options = {"no_parameters": True, "stream_results": True, "max_row_buffer": _BATCH}
            result = connection.execution_options(**options).exec_driver_sql(query)
            if not result.returns_rows:
                raise DataError(f"{_shown(engine.url)}: data.query selects nothing; it must be a SELECT")
            names = list(result.keys())
            batches = [_batch(rows, names, engine.url) for rows in result.partitions(_BATCH)]
    except SQLAlchemyError as error:
        raise DataError(f"{_shown(engine.url)}: data.query failed: {_said(error, engine.url)}") from error
    finally:
        engine.dispose()
    if not batches:
        raise DataError(f"{_shown(engine.url)}: data.query gives no rows")
    return _joined(batches, engine.url)


def _engine(address: str) -> sa.Engine:
    try:
        url = sa.make_url(address)
        _must_exist(url)
        return sa.create_engine(url)
    except NoSuchModuleError as error:
        raise DataError(f"{without_secrets(address)}: SQLAlchemy knows no such database") from error
    except ArgumentError as error:
        # Not quoted: what cannot be taken apart may hold a password anywhere.
        raise DataError("data.source must be an SQLAlchemy URL such as 'sqlite:///shop.db'") from error
    except ImportError as error:
        raise DataError(f"{without_secrets(address)}: its driver is not installed: {told(error)}") from error


def _must_exist(url: sa.URL) -> None:
    # SQLite makes the file that it does not find.
    name = url.database
    on_disk = (
        url.get_backend_name() == "sqlite" and name and name != ":memory:" and not name.startswith("file:")
    )
    if on_disk and name and not Path(name).is_file():
        raise DataError(f"{_shown(url)}: no such file; paths are relative to the folder auditor is run in")


def _batch(rows: Iterable[Sequence[object]], names: list[str], url: sa.URL) -> pa.Table:
    columns = zip(*rows, strict=True)
    try:
        return pa.Table.from_arrays([pa.array(column) for column in columns], names=names)
    except (pa.ArrowException, TypeError) as error:
        raise DataError(
            f"{_shown(url)}: a column of data.query mixes kinds: {told(error)}; cast it"
        ) from error


def _joined(batches: list[pa.Table], url: sa.URL) -> pa.Table:
    try:
        return pa.concat_tables(batches, promote_options="permissive")
    except pa.ArrowException as error:
        raise DataError(
            f"{_shown(url)}: a column of data.query mixes kinds: {told(error)}; cast it"
        ) from error


def _shown(url: sa.URL) -> str:
    return without_secrets(url.render_as_string(hide_password=True))


def _said(error: SQLAlchemyError, url: sa.URL) -> str:
    """Return what the database said, in one line, without the password should it have quoted it."""
    cause = getattr(error, "orig", None) or error
    said = without_secrets(told(cause))
    return said.replace(str(url.password), "***") if url.password else said
