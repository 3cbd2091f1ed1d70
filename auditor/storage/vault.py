"""The vault: snapshots as Parquet files, filed under the SHA-256 of their bytes.

::

    vault/
    ├── 3f/3f9a...c1.parquet     a snapshot; never changed
    ├── 52/520c...77.json        a large one: the list of its chunks; see chunks.py
    ├── chunks/ab/...            chunks, shared by snapshots of a table that grows
    ├── frames/3f9a...c1.arrow   the same rows as workers map them; derived, may be deleted
    └── locks/                   see locks.py

Why Parquet: it keeps column types (a CSV does not), it is small, and any tool reads it. Why a
second copy: an uncompressed Arrow file is mapped, not read. Opening 100 MB (500 000 rows of 26
columns) takes a worker 1.2 ms, against 250 ms for ``pandas.read_parquet``, and all workers share
the pages; taking a tenth of the rows takes 8 ms and copies those 10 MB only.
"""

import functools
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from auditor.core.cells import Cells
from auditor.core.chunks import Chunk, chunks_of
from auditor.core.records import Column, Snapshot
from auditor.errors import SnapshotError
from auditor.files import digest_of_file, move
from auditor.storage.arrow_cells import cells_of_arrow
from auditor.storage.checkpoints import checkpoint_trouble
from auditor.storage.chunks import (
    check,
    chunk_path,
    files_of,
    forget,
    gone,
    list_path,
    make_view,
    memory_path,
    rows_and_bytes,
    snapshot_path,
    take_over,
    touch,
)
from auditor.storage.facts import columns_of, facts_of, opened
from auditor.storage.folders import explained
from auditor.storage.frames import frame_path, make_frame

_FRAMES_KEPT = 2
"""Frames that a process keeps mapped: an audit reads one; two so that a switch costs nothing."""


class FileVault:
    """A vault in a folder, which is made when something is filed.

    Parameters
    ----------
    folder
        Reached by every worker under the same path.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder.absolute()

    @property
    def folder(self) -> str:
        """Where a worker finds the vault."""
        return str(self._folder)

    def checkpoint_trouble(self, digest: str) -> str | None:
        """Return why a live model cannot be gone on with from a checkpoint, or None when it can."""
        return checkpoint_trouble(str(self._folder), digest)

    def file(self, path: str, *, source: str, time: str | None, taken_at: datetime) -> Snapshot:
        """Take over the Parquet file or the list of chunks at ``path`` (moved, whole or not at all).

        Rows that are in the vault already, to the byte, are not written again, and count as filed now.
        Chunks that do not lie beside their list have to be there.

        Parameters
        ----------
        source
            Where the rows came from, for people.
        time
            Name of the time column, if there is one.
        taken_at
            Aware moment at which the rows were read.

        Raises
        ------
        SnapshotError
            If the file is no Parquet file.
        StorageError
            If the vault cannot be written, or its disk is full.
        """
        incoming = Path(path)
        with explained(self._folder):
            digest = digest_of_file(incoming)
            if incoming.suffix == ".json":
                facts = self._file_chunks(incoming, digest, time)
            else:
                facts = facts_of(incoming, time)
                take_over(incoming, snapshot_path(self._folder, digest), digest)
        return Snapshot(digest=digest, source=source, taken_at=taken_at, **facts)

    def recall(self, name: str) -> bytes | None:
        """Return what was remembered under a name, or None; a hint, which may be out of date."""
        try:
            return memory_path(self._folder, name).read_bytes()
        except OSError:
            return None

    def holds(self, chunk: Chunk) -> bool:
        """Return whether a chunk is there; if so, it counts as filed now."""
        path = chunk_path(self._folder, chunk.digest)
        with explained(self._folder):
            there = path.is_file() and path.stat().st_size == chunk.bytes
            if there:
                touch(path)
        return there

    def _file_chunks(self, incoming: Path, digest: str, time: str | None) -> dict[str, Any]:
        """Take over the chunks beside a list, then the list, then what is remembered."""
        chunks = chunks_of(incoming.read_bytes())
        for chunk in chunks:
            beside = incoming.with_name(f"{chunk.digest}.parquet")
            if beside.is_file():
                take_over(beside, chunk_path(self._folder, chunk.digest), chunk.digest)
            elif not self.holds(chunk):
                forget(self._folder)
                raise SnapshotError(
                    f"chunk {chunk.digest[:12]} went from the vault {str(self._folder)!r} while rows were "
                    "read; run the same command again"
                )
        # Rows are in the order of their times, so the first and the last chunk tell the window.
        ends = [facts_of(self._end_of(chunks[place]), time) for place in (0, -1)]
        take_over(incoming, list_path(self._folder, digest), digest)
        for kept in incoming.parent.glob("*.memory"):
            move(kept, memory_path(self._folder, kept.stem))
        rows, size = rows_and_bytes(chunks)
        return {**ends[0], "rows": rows, "bytes": size, "last": ends[1]["last"]}

    def _end_of(self, chunk: Chunk) -> Path:
        return chunk_path(self._folder, chunk.digest)

    def verify(self, digest: str) -> None:
        """Read a snapshot's bytes, and make its frame anew for the workers.

        Raises
        ------
        SnapshotError
            If the snapshot is gone, or its bytes are not what they were.
        StorageError
            If the vault cannot be read or written.
        """
        self.prepare(digest)

    def prepare(self, digest: str) -> None:
        """Make a snapshot's frame from its verified bytes, replacing one that is there.

        Replaced even if it looks well: a frame has no digest to check it by.

        Raises
        ------
        SnapshotError
            If the snapshot is gone, or its bytes are not what they were.
        StorageError
            If the vault cannot be read or written.
        """
        with explained(self._folder):
            check(self._folder, digest)
            _make_frame(self._folder, digest)

    def read(self, digest: str, columns: Sequence[str]) -> Mapping[str, npt.NDArray[Any]]:
        """Return columns of a verified snapshot as arrays, in row order.

        Raises
        ------
        SnapshotError
            If the snapshot is gone, or was damaged and never verified.
        """
        frame = open_frame(str(self._folder), digest)
        return {name: frame[name].to_numpy() for name in columns}

    def path(self, digest: str) -> str:
        """Return where a snapshot's Parquet file, or a folder of them, lies: to be read, never written to."""
        with explained(self._folder):
            whole = snapshot_path(self._folder, digest)
            chunked = not whole.is_file() and list_path(self._folder, digest).is_file()
            return str(make_view(self._folder, digest) if chunked else whole)

    def columns(self, digest: str) -> tuple[Column, ...]:
        """Return the columns of a verified snapshot, in their order.

        Raises
        ------
        SnapshotError
            If the snapshot is gone, or is no Parquet file.
        """
        with explained(self._folder):
            path = files_of(self._folder, digest)[0][0]
            if not path.is_file():
                raise gone(self._folder, digest)
            with opened(path) as file:
                return columns_of(file)

    def scan(self, digest: str, column: str) -> Cells:
        """Return one column of a verified snapshot, to be read in pieces that fit in any memory.

        Raises
        ------
        SnapshotError
            If the snapshot is gone, has no such column, or was damaged and never verified.
        """
        table = _table(str(self._folder), digest)
        place = table.schema.get_field_index(column)  # a list of the names would be made for each column
        if place < 0:
            raise SnapshotError(f"snapshot {digest[:12]} has no column {column!r}")
        return cells_of_arrow(_in_one_piece(table.column(place)))


def open_frame(folder: str, digest: str) -> pd.DataFrame:
    """Return the rows of a snapshot as a worker sees them: mapped, shared, not to be written to.

    Columns come back with the types they were filed with: dictionary-encoded strings as
    categoricals, strings as pandas strings, timestamps with their zone. Numbers without gaps,
    timestamps and the codes of categoricals are views of the file; selecting rows copies only
    these rows.

    Parameters
    ----------
    folder
        Of the vault, as ``Vault.folder`` gives it.
    digest
        Of the snapshot.

    Raises
    ------
    SnapshotError
        If the snapshot is gone, or its frame is missing and its bytes are not what they were.
    StorageError
        If the vault cannot be read, or the frame not be made.
    """
    return _mapped(folder, digest)


@functools.lru_cache(maxsize=_FRAMES_KEPT)
def _mapped(folder: str, digest: str) -> pd.DataFrame:
    frame: pd.DataFrame = _table(folder, digest).to_pandas(split_blocks=True)
    return frame


@functools.lru_cache(maxsize=_FRAMES_KEPT)
def _table(folder: str, digest: str) -> Any:
    """Return the mapped rows of a snapshot: a table of one piece, none of which is read yet."""
    vault = Path(folder)
    path = frame_path(vault, digest)
    with explained(vault):
        if not path.is_file():
            check(vault, digest)
            _make_frame(vault, digest)
        with _readable(path, digest), pa.memory_map(str(path)) as mapped:
            return pa.ipc.open_file(mapped).read_all()


def _in_one_piece(column: Any) -> Any:
    """Return the one chunk of a mapped column: joining chunks would copy it."""
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _make_frame(folder: Path, digest: str) -> None:
    files = [path for path, _ in files_of(folder, digest)]
    make_frame(files, frame_path(folder, digest))


@contextmanager
def _readable(path: Path, digest: str) -> Iterator[None]:
    try:
        yield
    except pa.ArrowInvalid as error:
        raise SnapshotError(
            f"the frame of snapshot {digest[:12]} is damaged ({error}); "
            f"delete {str(path)!r}, it is made again"
        ) from error
