"""Rows made ready for the vault: checked, in time order, cut to the window, always the same bytes.

All of it is Arrow, because an audit may bring millions of rows and only some are kept.
"""

import difflib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from auditor.core.addresses import without_secrets
from auditor.core.records import DataSpec
from auditor.errors import DataError, EarlyError

ROW_GROUP = 65_536
"""Rows of a chunk, which is one Parquet row group: some megabytes, what a reader holds at a time."""

_DRAW_SEED = 20_130_101
_MOST_SHOWN = 20


def prepared(table: pa.Table, spec: DataSpec) -> pa.Table:
    """Return the rows and columns that an audit looks at.

    Times without a zone are taken as UTC. Rows without a time are left out; the others are in
    time order, equal times in the order of the source.

    Raises
    ------
    DataError
        If a declared column is missing, or no rows are left.
    """
    source = without_secrets(spec.source)
    check_names(table.column_names, spec, source)
    table = table.drop_columns(list(spec.drop))
    if table.num_rows == 0:
        raise DataError(f"{source}: has no rows, only the columns {_listed(table.column_names)}")
    table = normalised(table, source)
    if spec.time is not None:
        table = _in_time_order(table, spec.time, source)
        table = _between(table, spec, source=source)
        table = _windowed(table, spec.time, window=spec.window, source=source)
    return _at_most(table, spec.rows, newest=spec.time is not None)


def plain(table: pa.Table) -> pa.Table:
    """Return a table in one piece, with nothing in it but its rows."""
    return table.replace_schema_metadata(None).combine_chunks()


def check_names(names: Sequence[str], spec: DataSpec, source: str) -> None:
    """Refuse columns that an audit cannot do with.

    Raises
    ------
    DataError
        If a declared column is missing, a name is there twice, or nothing is left to learn from.
    """
    refuse_twins(names, source)
    roles = {"target": spec.target, "time": spec.time, "group": spec.group}
    for role, column in [*roles.items(), *(("drop", column) for column in spec.drop)]:
        if column is not None and column not in names:
            raise DataError(f"{source}: has no column {column!r} (data.{role}){_nearest(column, names)}")
    features = [name for name in names if name not in {*roles.values(), *spec.drop}]
    if not features:
        raise DataError(f"{source}: has no column to learn from beside {_listed(names)}")


def refuse_twins(names: Sequence[str], source: str) -> None:
    """Refuse columns of one name.

    Raises
    ------
    DataError
        If a name is there twice.
    """
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise DataError(f"{source}: several columns are called {_listed(twice)}; give each its own name")


def _nearest(column: str, names: Sequence[str]) -> str:
    near = difflib.get_close_matches(column, names, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    return f"; there are: {_listed(names)}{hint}"


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_SHOWN} more" if len(names) > _MOST_SHOWN else ""
    return ", ".join(names[:_MOST_SHOWN]) + more


def normalised(table: pa.Table, source: str) -> pa.Table:
    """Return columns of few kinds: numbers, truth values, text, timestamps."""
    columns = {name: _one_kind(table[name], name, source) for name in table.column_names}
    return pa.table(columns)


def _one_kind(column: pa.ChunkedArray, name: str, source: str) -> pa.ChunkedArray:
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _one_kind(column.cast(kind.value_type), name, source)
    if pa.types.is_decimal(kind) or pa.types.is_null(kind):
        return column.cast(pa.float64())
    if pa.types.is_floating(kind):
        # NaN and null both mean "missing"; one of them gives one digest.
        return pc.if_else(pc.is_nan(column), pa.scalar(None, kind), column)
    if pa.types.is_date(kind):
        return column.cast(pa.timestamp("us"))
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return column.cast(pa.string())
    if pa.types.is_integer(kind) or pa.types.is_boolean(kind) or pa.types.is_timestamp(kind):
        return column
    raise DataError(
        f"{source}: column {name!r} holds {kind}, which cannot be learned from; name it in data.drop"
    )


def _in_time_order(table: pa.Table, time: str, source: str) -> pa.Table:
    table = timed(table, time, source)
    if table.num_rows == 0:
        raise DataError(f"{source}: no row has a time in column {time!r} (data.time)")
    order = np.argsort(numbers_of(table[time]), kind="stable")
    return table if _is_sorted(order) else table.take(pa.array(order))


def timed(table: pa.Table, time: str, source: str) -> pa.Table:
    """Return the rows that have a time, in the order in which they are, their times in UTC."""
    moments = _moments(table[time], time, source)
    return table.set_column(table.column_names.index(time), time, moments).filter(moments.is_valid())


def _is_sorted(order: npt.NDArray[np.int64]) -> bool:
    return bool((order == np.arange(len(order))).all())


def numbers_of(column: pa.ChunkedArray) -> npt.NDArray[np.int64 | np.float64]:
    """Return times as the numbers that they are compared by."""
    plain = column.cast(pa.int64()) if pa.types.is_timestamp(column.type) else column
    numbers: npt.NDArray[np.int64 | np.float64] = plain.to_numpy()
    return numbers


def _moments(column: pa.ChunkedArray, time: str, source: str) -> pa.ChunkedArray:
    """Return the time column as UTC timestamps, or as the numbers that it holds."""
    kind = column.type
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        return column
    if pa.types.is_string(kind):
        return _read_times(column, time, source)
    if not pa.types.is_timestamp(kind):
        raise DataError(f"{source}: column {time!r} (data.time) must hold dates or numbers, it holds {kind}")
    if kind.tz is None:
        return column.cast(pa.timestamp("us"), safe=False).cast(pa.timestamp("us", tz="UTC"))
    return column.cast(pa.timestamp("us", tz="UTC"), safe=False)


def _read_times(column: pa.ChunkedArray, time: str, source: str) -> pa.ChunkedArray:
    import pandas as pd

    text = column.to_pandas()
    read = pd.to_datetime(text, utc=True, format="ISO8601", errors="coerce").astype("datetime64[us, UTC]")
    bad = text[read.isna() & text.notna()]
    if len(bad):
        raise DataError(
            f"{source}: column {time!r} (data.time) holds {str(bad.iloc[0])!r}, which is no date "
            f"({len(bad)} of {len(text)} rows); write dates as 2025-03-31 or 2025-03-31T12:30:00"
        )
    return pa.chunked_array([pa.Array.from_pandas(read)])


def _between(table: pa.Table, spec: DataSpec, *, source: str) -> pa.Table:
    """Return the rows of a stretch of time, in time order as they came."""
    if spec.time is None or (spec.since is None and spec.until is None):
        return table
    if not pa.types.is_timestamp(table[spec.time].type):
        raise DataError(f"{source}: column {spec.time!r} (data.time) holds numbers; a past needs dates")
    numbers = numbers_of(table[spec.time])
    first, end = (
        default if moment is None else int(np.searchsorted(numbers, microseconds(moment), side="left"))
        for moment, default in ((spec.since, 0), (spec.until, table.num_rows))
    )
    if spec.fewest is not None and end - first < spec.fewest:
        raise EarlyError(_too_early(spec, source, rows=max(0, end - first)))
    if end <= first:
        since = f" since {spec.since:%Y-%m-%d %H:%M:%S}Z" if spec.since is not None else ""
        until = f" before {spec.until:%Y-%m-%d %H:%M:%S}Z" if spec.until is not None else ""
        raise DataError(f"{source}: has no rows{since}{until}; run the same command again when there are")
    return table.slice(first, end - first)


def _too_early(spec: DataSpec, source: str, *, rows: int) -> str:
    some = {0: "no rows", 1: "one row"}.get(rows, f"{rows} rows")
    return (
        f"{source}: has {some} since {spec.since:%Y-%m-%d %H:%M:%S}Z, the newest of the last turn, and a "
        f"turn takes {spec.fewest} at least; run the same command again when there are more"
    )


def microseconds(moment: datetime) -> int:
    """Return a moment as the number that times are compared by."""
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def _windowed(table: pa.Table, time: str, *, window: timedelta | None, source: str) -> pa.Table:
    if window is None:
        return table
    if not pa.types.is_timestamp(table[time].type):
        raise DataError(
            f"{source}: data.window needs dates, and column {time!r} (data.time) holds numbers; use data.rows"
        )
    numbers = numbers_of(table[time])
    # Half open, so that daily rows and a window of 90 days make 90 rows.
    first = int(np.searchsorted(numbers, numbers[-1] - window // timedelta(microseconds=1), side="right"))
    return table.slice(first)


def _at_most(table: pa.Table, rows: int | None, *, newest: bool) -> pa.Table:
    if rows is None or table.num_rows <= rows:
        return table
    if newest:
        return table.slice(table.num_rows - rows)
    return table.take(pa.array(drawn(rows, of=table.num_rows)))


def drawn(rows: int, *, of: int) -> npt.NDArray[np.int64]:
    """Draw rows, and return their positions in order.

    One seed for all: the same rows must make the same snapshot, whoever asks and whenever.
    """
    return np.sort(np.random.default_rng(_DRAW_SEED).choice(of, size=rows, replace=False))


def texts_of(schema: pa.Schema) -> tuple[str, ...]:
    """Return the columns that hold text."""
    return tuple(field.name for field in schema if pa.types.is_string(field.type))


def words_of(column: pa.ChunkedArray) -> pa.Array:
    """Return the texts that a column holds, each once, in the order of the alphabet."""
    words = pc.unique(column).drop_null()
    return words.take(pc.sort_indices(words))


def encoded(table: pa.Table, words: Mapping[str, pa.Array]) -> pa.Table:
    """Return text as categories, in the order of the alphabet, so that codes follow from the values."""
    columns = {name: _categories(table[name], words.get(name)) for name in table.column_names}
    return pa.table(columns)


def _categories(column: pa.ChunkedArray, words: pa.Array | None) -> pa.ChunkedArray | pa.Array:
    if words is None:
        return column
    codes = pc.index_in(column, value_set=words).combine_chunks()
    return pa.DictionaryArray.from_arrays(codes, words)
