"""What a Parquet file says of itself: its rows, its columns, and the stretch of time that they are of."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from auditor.core.records import Column
from auditor.errors import SnapshotError


def facts_of(path: Path, time: str | None) -> dict[str, Any]:
    """Return of a Parquet file what a snapshot says of itself."""
    with opened(path) as file:
        first, last = (None, None) if time is None else _span(file, time)
        return {
            "rows": file.metadata.num_rows,
            "bytes": path.stat().st_size,
            "columns": columns_of(file),
            "first": first,
            "last": last,
        }


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    """Open a Parquet file; raises SnapshotError if it is none."""
    try:
        with pq.ParquetFile(path) as file:
            yield file
    except pa.ArrowInvalid as error:
        raise SnapshotError(f"{str(path)!r} is no Parquet file, or was cut short ({error})") from error


def columns_of(file: Any) -> tuple[Column, ...]:
    """Return the columns of an open file, with their types."""
    return tuple(Column(field.name, str(field.type)) for field in file.schema_arrow)


def _span(file: Any, column: str) -> tuple[datetime | None, datetime | None]:
    """Return the oldest and the newest time, one row group in memory at a time."""
    bounds: list[pa.Scalar] = []
    for group in range(file.metadata.num_row_groups):
        ends = pc.min_max(file.read_row_group(group, columns=[column]).column(0))
        bounds += [ends["min"], ends["max"]]
    moments = [moment for moment in map(_moment, bounds) if moment is not None]
    return (min(moments), max(moments)) if moments else (None, None)


def _moment(scalar: pa.Scalar) -> datetime | None:
    """Return a time as an aware datetime; one without a zone counts as UTC, a number as no time."""
    if pa.types.is_timestamp(scalar.type):
        # Python has no nanoseconds.
        found = scalar.cast(pa.timestamp("us", scalar.type.tz), safe=False).as_py()
    else:
        found = scalar.as_py()
    if isinstance(found, datetime):
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    return datetime.combine(found, time(), UTC) if isinstance(found, date) else None
