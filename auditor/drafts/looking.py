"""Columns of a data source, as far as a draft has to know them."""

from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from auditor.core.addresses import is_function, without_secrets
from auditor.declarations.forms import is_database
from auditor.drafts.columns import ColumnFacts
from auditor.errors import DataError
from auditor.sources.data import FUNCTION_SECONDS, columns_of_function, read_source
from auditor.sources.tables import refuse_twins

MOST_ROWS = 200_000
"""Rows that are looked at: the last ones. What a column is shows in them."""


def look_at_data(source: str, query: str | None, *, call: Callable[..., Any]) -> tuple[ColumnFacts, ...]:
    """Return what each column of a source holds.

    Parameters
    ----------
    call
        Runs a function where user code may run: a source that is one is called there.

    Raises
    ------
    DataError
        If the source is missing, empty, or cannot be read.
    """
    if query is None and is_database(source):
        raise DataError(f"{without_secrets(source)}: is a database; say with --query which rows, as SQL")
    if query is None and is_function(source):
        found: tuple[ColumnFacts, ...] = call(look_at_function, source, timeout_seconds=FUNCTION_SECONDS)
        return found
    return _facts(read_source(source, query), source)


def look_at_function(source: str) -> tuple[ColumnFacts, ...]:
    """Return what each column of the DataFrame holds that a function returns. Runs in a worker process."""
    return _facts(columns_of_function(source), source)


def _facts(table: pa.Table, source: str) -> tuple[ColumnFacts, ...]:
    if table.num_rows == 0:
        raise DataError(f"{source}: has no rows")
    refuse_twins(table.column_names, source)
    seen = table.slice(max(0, table.num_rows - MOST_ROWS))
    return tuple(_column(name, seen[name]) for name in table.column_names)


def _column(name: str, column: pa.ChunkedArray) -> ColumnFacts:
    kind = _kind(column)
    if pa.types.is_dictionary(column.type):  # pandas' categories; pyarrow counts none as they are
        column = column.cast(column.type.value_type)
    # pyarrow counts nothing in a column that holds nothing.
    countable = kind != "other" and not pa.types.is_null(column.type)
    distinct = pc.count_distinct(column).as_py() if countable else 0
    missing = column.null_count
    return ColumnFacts(name=name, kind=kind, rows=len(column), distinct=distinct, missing=missing)


def _kind(column: pa.ChunkedArray) -> str:
    kind = column.type
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    if pa.types.is_boolean(kind):
        return "bool"
    if pa.types.is_integer(kind):
        return "integer"
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind) or pa.types.is_null(kind):
        return "number"
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return "time"
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return "time" if _are_dates(column) else "text"
    return "other"


def _are_dates(column: pa.ChunkedArray) -> bool:
    """Return whether texts are dates such as 2025-03-31 or 2025-03-31T12:30:00, by the first of them."""
    some = column.drop_null().slice(0, 200)
    if pa.types.is_dictionary(some.type):
        some = some.cast(some.type.value_type)
    if not len(some):
        return False
    return bool(pc.all(pc.match_substring_regex(some, r"^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}.*)?$")).as_py())
