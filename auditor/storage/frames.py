"""Frames: a snapshot's rows as workers map them, one uncompressed Arrow batch.

One batch, because only that can be mapped as it is. A snapshot that is large is turned some columns at a
time, by way of files that are mapped in their turn, so that a column is in memory and not all.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from auditor.files import replacing

AT_ONCE = 256 * 2**20
"""Bytes of rows that are held at once; above, disk is taken twice for a while."""

_OPEN_AT_ONCE = 256
"""Files that are open at once."""


def frame_path(folder: Path, digest: str) -> Path:
    """Return where the frame lies that workers map."""
    return folder / "frames" / f"{digest}.arrow"


def make_frame(snapshot: Sequence[Path], frame: Path, *, at_once: int = AT_ONCE) -> None:
    """Write the rows of Parquet files as one Arrow batch, whole or not at all.

    Text that is categories has one list of them in a frame: as it was filed where all rows are in one file,
    otherwise in the order of the alphabet.

    Parameters
    ----------
    at_once
        Above so many bytes, some columns at a time: a quarter of so many bytes, one at least.
    """
    size = sum(map(_size, snapshot))
    if size <= at_once:
        _write(_mappable([_read(path, None) for path in snapshot]), frame)
    else:
        _write_by_columns(snapshot, frame, share=at_once / 4 / size)


def _write_by_columns(snapshot: Sequence[Path], frame: Path, *, share: float) -> None:
    with _opened(snapshot[0]) as file:
        schema = file.schema_arrow
    step = max(1, int(len(schema.names) * share))
    frame.parent.mkdir(parents=True, exist_ok=True)
    # Beside the frame: where there is room for it, and no memory behind a folder for temporary files.
    with TemporaryDirectory(dir=frame.parent, prefix=".") as folder, ExitStack() as opened:
        # Opened once where there are few: each would otherwise be opened for every column.
        few = len(snapshot) <= _OPEN_AT_ONCE
        sources = [opened.enter_context(_opened(path)) for path in snapshot] if few else snapshot
        columns, fields = list[pa.ChunkedArray](), list[pa.Field]()
        for first in range(0, len(schema.names), step):
            part, names = Path(folder) / f"{first}.arrow", schema.names[first : first + step]
            _write(_mappable([_read(source, names) for source in sources]), part)
            with pa.memory_map(str(part)) as mapped:
                some = pa.ipc.open_file(mapped).read_all()
            columns += some.columns
            fields += some.schema
        _write(pa.Table.from_arrays(columns, schema=pa.schema(fields, metadata=schema.metadata)), frame)


def _size(path: Path) -> int:
    with _opened(path) as file:
        groups = (file.metadata.row_group(number) for number in range(file.num_row_groups))
        return sum(group.total_byte_size for group in groups)


@contextmanager
def _opened(path: Path) -> Iterator[pq.ParquetFile]:
    with pq.ParquetFile(path, memory_map=True, pre_buffer=False) as file:
        yield file


def _read(source: Path | pq.ParquetFile, names: Sequence[str] | None) -> pa.Table:
    if isinstance(source, Path):
        with _opened(source) as file:
            return _read(file, names)
    # Selected again: where names have dots, "a" brings "a.b" with it.
    return source.read() if names is None else source.read(columns=names).select(names)


def _write(table: pa.Table, target: Path) -> None:
    with (
        replacing(target, durable=False) as part,
        pa.OSFile(str(part), "wb") as sink,
        pa.ipc.new_file(sink, table.schema) as writer,
    ):
        writer.write_table(table)


def _mappable(pieces: Sequence[pa.Table]) -> pa.Table:
    """Return tables as one in one piece, its strings in the form that pandas keeps without a copy."""
    table = pieces[0] if len(pieces) == 1 else pa.concat_tables(_one_alphabet(pieces))
    wide = [
        field.with_type(pa.large_string()) if pa.types.is_string(field.type) else field
        for field in table.schema
    ]
    return table.cast(pa.schema(wide, metadata=table.schema.metadata)).combine_chunks()


def _one_alphabet(pieces: Sequence[pa.Table]) -> Sequence[pa.Table]:
    """Return the same rows, the categories of each column one list in the order of the alphabet."""
    for place, field in enumerate(pieces[0].schema):
        if pa.types.is_dictionary(field.type):
            columns = _recoded([each.column(place) for each in pieces])
            pairs = zip(pieces, columns, strict=True)
            pieces = [each.set_column(place, field, column) for each, column in pairs]
    return pieces


def _recoded(columns: Sequence[pa.ChunkedArray]) -> list[pa.ChunkedArray]:
    found = [chunk.dictionary for column in columns for chunk in column.chunks]
    words = pa.chunked_array(found).unique() if found else pa.array([], columns[0].type.value_type)
    words = words.take(pc.sort_indices(words))

    def recoded(chunk: pa.DictionaryArray) -> pa.DictionaryArray:
        codes = pc.index_in(chunk.dictionary, value_set=words).take(chunk.indices)
        return pa.DictionaryArray.from_arrays(codes, words)

    return [
        pa.chunked_array([recoded(chunk) for chunk in column.chunks], pa.dictionary(pa.int32(), words.type))
        for column in columns
    ]
