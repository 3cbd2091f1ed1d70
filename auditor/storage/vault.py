"""The vault: snapshots as Parquet files, filed under the SHA-256 of their bytes.

::

    vault/
    ├── 3f/3f9a...c1.parquet     a snapshot; never changed
    ├── frames/3f9a...c1.arrow   the same rows as workers map them; derived, may be deleted
    └── locks/                   see locks.py

Why Parquet: it keeps column types (a CSV does not), it is small, and any tool reads it. Why a
second copy: an uncompressed Arrow file is mapped, not read. Opening 100 MB (500 000 rows of 26
columns) takes a worker 1.2 ms, against 250 ms for ``pandas.read_parquet``, and all workers share
the pages; taking a tenth of the rows takes 8 ms and copies those 10 MB only.
"""

import functools
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from auditor.core.cells import Cells
from auditor.core.records import Column, Snapshot
from auditor.errors import SnapshotError
from auditor.files import digest_of_file, move
from auditor.storage.arrow_cells import cells_of_arrow
from auditor.storage.checkpoints import checkpoint_trouble
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
        """Take over the Parquet file at ``path`` (moved, whole or not at all).

        Rows that are in the vault already, to the byte, are not written again, and count as filed now.

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
            size = incoming.stat().st_size
            with _parquet(incoming) as file:
                columns = _columns(file)
                rows = file.metadata.num_rows
                first, last = (None, None) if time is None else _span(file, time)
            self._take_over(incoming, digest)
        return Snapshot(
            digest=digest,
            rows=rows,
            bytes=size,
            columns=columns,
            source=source,
            taken_at=taken_at,
            first=first,
            last=last,
        )

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
            _check(self._folder, digest)
            make_frame(snapshot_path(self._folder, digest), frame_path(self._folder, digest))

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
        """Return where a snapshot's Parquet file lies, to be read and never written to."""
        return str(snapshot_path(self._folder, digest))

    def columns(self, digest: str) -> tuple[Column, ...]:
        """Return the columns of a verified snapshot, in their order.

        Raises
        ------
        SnapshotError
            If the snapshot is gone, or is no Parquet file.
        """
        path = snapshot_path(self._folder, digest)
        with explained(self._folder):
            if not path.is_file():
                raise _gone(self._folder, digest)
            with _parquet(path) as file:
                return _columns(file)

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

    def _take_over(self, incoming: Path, digest: str) -> None:
        target = snapshot_path(self._folder, digest)
        if target.is_file() and digest_of_file(target) == digest:
            with suppress(PermissionError):  # of another user, in a vault that is shared
                target.touch()  # in use from now: `auditor prune` leaves young files alone
            incoming.unlink()
        else:
            move(incoming, target)


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
            _check(vault, digest)
            make_frame(snapshot_path(vault, digest), path)
        with _readable(path, digest), pa.memory_map(str(path)) as mapped:
            return pa.ipc.open_file(mapped).read_all()


def _in_one_piece(column: Any) -> Any:
    """Return the one chunk of a mapped column: joining chunks would copy it."""
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def snapshot_path(folder: Path, digest: str) -> Path:
    """Return where a snapshot's Parquet file lies in a vault's folder."""
    return folder / digest[:2] / f"{digest}.parquet"


def _check(folder: Path, digest: str) -> None:
    path = snapshot_path(folder, digest)
    if not path.is_file():
        raise _gone(folder, digest)
    found = digest_of_file(path)
    if found != digest:
        raise SnapshotError(
            f"snapshot {digest[:12]} in {str(path)!r} is not the bytes that were filed "
            f"(expected {digest[:12]}, found {found[:12]}); restore the file from a backup"
        )


def _gone(folder: Path, digest: str) -> SnapshotError:
    return SnapshotError(
        f"snapshot {digest[:12]} is not in the vault {str(folder)!r}; restore the file from a backup"
    )


@contextmanager
def _parquet(path: Path) -> Iterator[Any]:
    try:
        with pq.ParquetFile(path) as file:
            yield file
    except pa.ArrowInvalid as error:
        raise SnapshotError(f"{str(path)!r} is no Parquet file, or was cut short ({error})") from error


@contextmanager
def _readable(path: Path, digest: str) -> Iterator[None]:
    try:
        yield
    except pa.ArrowInvalid as error:
        raise SnapshotError(
            f"the frame of snapshot {digest[:12]} is damaged ({error}); "
            f"delete {str(path)!r}, it is made again"
        ) from error


def _columns(file: Any) -> tuple[Column, ...]:
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
