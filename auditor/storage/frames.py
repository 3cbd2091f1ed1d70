"""Frames: a snapshot's rows as workers map them, one uncompressed Arrow batch.

One batch, because only that can be mapped as it is. A snapshot that is large is turned a column at a time, by
way of files that are mapped in their turn, so that one column is in memory and not all.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq

from auditor.files import replacing

AT_ONCE = 256 * 2**20
"""Bytes of rows that are held at once; above, disk is taken twice for a while."""


def frame_path(folder: Path, digest: str) -> Path:
    """Return where the frame lies that workers map."""
    return folder / "frames" / f"{digest}.arrow"


def make_frame(snapshot: Path, frame: Path, *, at_once: int = AT_ONCE) -> None:
    """Write the rows of a Parquet file as one Arrow batch, whole or not at all.

    Parameters
    ----------
    at_once
        Above so many bytes, a column at a time.
    """
    with pq.ParquetFile(snapshot, memory_map=True, pre_buffer=False) as file:
        groups = (file.metadata.row_group(number) for number in range(file.num_row_groups))
        if sum(group.total_byte_size for group in groups) <= at_once:
            _write(_mappable(file.read()), frame)
        else:
            _write_by_columns(file, frame)


def _write_by_columns(file: pq.ParquetFile, frame: Path) -> None:
    frame.parent.mkdir(parents=True, exist_ok=True)
    # Beside the frame: where there is room for it, and no memory behind a folder for temporary files.
    with TemporaryDirectory(dir=frame.parent, prefix=".") as folder:
        columns = []
        for number, name in enumerate(file.schema_arrow.names):
            part = Path(folder) / f"{number}.arrow"
            # Selected again: where names have dots, "a" brings "a.b" with it.
            _write(_mappable(file.read(columns=[name]).select([name])), part)
            with pa.memory_map(str(part)) as mapped:
                columns.append(pa.ipc.open_file(mapped).read_all())
        whole = pa.Table.from_arrays(
            [each.column(0) for each in columns], schema=pa.schema([each.schema.field(0) for each in columns])
        )
        _write(whole.replace_schema_metadata(file.schema_arrow.metadata), frame)


def _write(table: pa.Table, target: Path) -> None:
    with (
        replacing(target, durable=False) as part,
        pa.OSFile(str(part), "wb") as sink,
        pa.ipc.new_file(sink, table.schema) as writer,
    ):
        writer.write_table(table)


def _mappable(table: pa.Table) -> pa.Table:
    """Return a table in one piece, its strings in the form that pandas keeps without a copy."""
    wide = [
        field.with_type(pa.large_string()) if pa.types.is_string(field.type) else field
        for field in table.schema
    ]
    return table.cast(pa.schema(wide, metadata=table.schema.metadata)).combine_chunks()
