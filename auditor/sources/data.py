"""Fresh rows, from where they live to Parquet files that the vault takes over.

=============================  ====================================================================
``data.source``                is
=============================  ====================================================================
``rows.csv``, ``rows.tsv``     text, also ``.gz``; kinds of columns follow from all of their values
``rows.parquet``, a folder     Parquet; any URL that fsspec knows will do
``dialect://...`` + ``query``  a database that SQLAlchemy knows
``package.module:function``    returns a DataFrame; called in a worker, which writes the file itself
=============================  ====================================================================

``${NAME}`` in a source is replaced by the environment variable of that name: the place for a
password. No message shows one.
"""

import os
import re
from collections.abc import Callable
from typing import Any

import pyarrow as pa

from auditor.core.addresses import is_function
from auditor.core.records import DataSpec
from auditor.errors import DataError
from auditor.ports import Vault
from auditor.sources.delivery import deliver_table
from auditor.sources.importing import imported, told
from auditor.sources.tables import prepared, refuse_twins

FUNCTION_SECONDS = 3_600.0
"""How long a user's function may take to bring the rows: it may well query a warehouse."""

_VARIABLE = re.compile(r"\$\{(\w+)\}")


def fetch_rows(spec: DataSpec, into: str, *, call: Callable[..., Any], held: Vault | None = None) -> str:
    """Write the rows of the window to the folder ``into``, and return the path of what the vault takes over.

    Parameters
    ----------
    call
        Runs a function where user code may run, with a ``timeout_seconds``, and returns what it
        returns.
    held
        What the vault has already, and need not be written again.

    Raises
    ------
    DataError
        If the source is missing, empty, cut short, lacks a declared column, or cannot be learned
        from.
    """
    if spec.query is None and is_function(spec.source):
        path: str = call(write_function_rows, spec, into, timeout_seconds=FUNCTION_SECONDS)
        return path
    if spec.query is None:
        from auditor.sources.files import write_file_rows

        written = write_file_rows(_address(spec.source), spec, into, held=held)
        if written is not None:
            return written
    return deliver_table(prepared(read_source(spec.source, spec.query), spec), spec, into)


def write_function_rows(spec: DataSpec, into: str) -> str:
    """Call the function that a source names, write its rows, and return the path of what is written.

    Runs in a worker process: what it returns is a path, so that no rows are pickled.

    Raises
    ------
    DataError
        If the function cannot be imported, raises, or returns no DataFrame.
    """
    return deliver_table(prepared(columns_of_function(spec.source), spec), spec, into)


def columns_of_function(source: str) -> pa.Table:
    """Call the function that a source names, and return its rows. User code: only called in a worker.

    Raises
    ------
    DataError
        If the function cannot be imported, raises, or returns no DataFrame.
    """
    import pandas as pd

    function = imported(source, error=DataError)
    if not callable(function):
        raise DataError(f"{source!r} must be a function that returns a DataFrame, got {function!r}")
    try:
        frame = function()
    except Exception as error:  # whatever the user's function raises
        raise DataError(f"{source!r} raised {told(error)}") from error
    if not isinstance(frame, pd.DataFrame):
        raise DataError(f"{source!r} must return a pandas DataFrame, got {type(frame).__name__}")
    return table_of_frame(frame, repr(source))


def table_of_frame(frame: Any, source: str) -> pa.Table:
    """Return the rows of a pandas DataFrame, without its index.

    Raises
    ------
    DataError
        If two columns have one name, or a column holds what no column of a file can.
    """
    named = frame.rename(columns=str)
    refuse_twins(list(named.columns), source)
    try:
        return pa.Table.from_pandas(named, preserve_index=False)
    except (pa.ArrowException, ValueError, TypeError, OverflowError) as error:
        raise DataError(f"{source}: {_strange_column(named)}: {told(error)}") from error


def _strange_column(frame: Any) -> str:
    """Name the first column that Arrow takes no values of."""
    for name in frame.columns:
        try:
            pa.Array.from_pandas(frame[name])
        except (pa.ArrowException, ValueError, TypeError, OverflowError):
            return f"column {name!r} holds values of mixed kinds, or too large; make them numbers or text"
    return "cannot be read"


def read_source(source: str, query: str | None) -> pa.Table:
    """Return the rows of a file, or those that a query gives, all of them and as they are.

    Raises
    ------
    DataError
        If the source is missing, empty, cut short, or the query fails.
    """
    address = _address(source)
    # Each reader is imported where it is needed: SQLAlchemy and fsspec cost a third of a second.
    if query is not None:
        from auditor.sources.databases import read_query

        return read_query(address, query)
    from auditor.sources.files import read_file

    return read_file(address)


def _address(source: str) -> str:
    return _VARIABLE.sub(lambda found: _variable(found.group(1)), source)


def _variable(name: str) -> str:
    value = os.environ.get(name)
    if value is None:
        raise DataError(f"data.source asks for the environment variable {name!r}, which is not set")
    return value
