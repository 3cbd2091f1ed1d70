"""A vault on another machine, at any URL that fsspec knows, with copies of what is needed here.

Snapshots and checkpoints lie there under the same names as in a vault's folder, so that a folder can be
copied there and back. A snapshot counts as filed when all of it is there; what is fetched is checked by
its digest before it is used.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy.typing as npt

from auditor.core.cells import Cells
from auditor.core.chunks import Chunk
from auditor.core.records import Column, Snapshot
from auditor.errors import SnapshotError
from auditor.storage.nearby import Nearby, chunk_key, memory_key
from auditor.storage.remote import Filed, Remote
from auditor.storage.vault import FileVault


class RemoteVault(FileVault):
    """A vault at a URL, and this machine's copies of it.

    Parameters
    ----------
    url
        Without secrets; reached by every worker.
    folder
        Of the copies.
    """

    def __init__(self, url: str, folder: Path) -> None:
        super().__init__(folder)
        self._url = url
        self._nearby = Nearby(self._folder, url)
        self._there: dict[str, Filed] | None = None  # listed once for each snapshot
        self._now = datetime.max.replace(tzinfo=UTC)

    @property
    def folder(self) -> str:
        """Where a worker finds the vault: its URL."""
        return self._url

    def file(self, path: str, *, source: str, time: str | None, taken_at: datetime) -> Snapshot:
        """Take over the file or the list of chunks at ``path``; it is filed when all of it is in the vault.

        Raises
        ------
        SnapshotError
            If the file is no Parquet file.
        StorageError
            If the vault cannot be reached or written, or a disk is full.
        """
        learned = [kept.stem for kept in Path(path).parent.glob("*.memory")]
        snapshot = super().file(path, source=source, time=time, taken_at=taken_at)
        self._nearby.send_snapshot(snapshot.digest, now=taken_at)
        for name in learned:
            self._nearby.send_memory(name)
        self._there = None
        return snapshot

    def recall(self, name: str) -> bytes | None:
        """Return what was remembered under a name by whichever machine, or None."""
        return Remote(self._url).read(memory_key(name))

    def holds(self, chunk: Chunk) -> bool:
        """Return whether a chunk is in the vault; if so, it counts as filed lately."""
        if self._there is None:
            self._there, self._now = self._nearby.chunks_there(), self._nearby.clock()
        filed = self._there.get(chunk_key(chunk.digest))
        if filed is None or filed.bytes != chunk.bytes:
            return False
        self._nearby.renew_chunk(filed, now=self._now)
        return True

    def _end_of(self, chunk: Chunk) -> Path:
        self._nearby.bring_chunk(chunk.digest)
        return super()._end_of(chunk)

    def prepare(self, digest: str) -> None:
        """Fetch a snapshot unless it is here, and make its frame from its verified bytes.

        A copy that is damaged is fetched again.

        Raises
        ------
        SnapshotError
            If the snapshot is gone, or its bytes are not what they were.
        StorageError
            If the vault cannot be reached.
        """
        try:
            self._nearby.bring_snapshot(digest)
            super().prepare(digest)
        except SnapshotError:
            self._nearby.forget_snapshot(digest)
            try:
                self._nearby.bring_snapshot(digest)
            except SnapshotError:
                self._nearby.forget_memory()  # so that the next snapshot writes all of its chunks anew
                raise
            super().prepare(digest)

    def checkpoint_trouble(self, digest: str) -> str | None:
        """Return why a live model cannot be gone on with from a checkpoint, or None when it can.

        A copy that is damaged is fetched again.
        """
        try:
            self._nearby.bring_checkpoint(digest)
            if super().checkpoint_trouble(digest) is not None:
                self._nearby.forget_checkpoint(digest)
                self._nearby.bring_checkpoint(digest)
        except SnapshotError as error:
            return str(error)
        return super().checkpoint_trouble(digest)

    def read(self, digest: str, columns: Sequence[str]) -> Mapping[str, npt.NDArray[Any]]:
        """Return columns of a verified snapshot as arrays; raises SnapshotError if it is gone."""
        self._nearby.bring_snapshot(digest)
        return super().read(digest, columns)

    def path(self, digest: str) -> str:
        """Return where this machine's copy of a snapshot lies; raises SnapshotError if it is gone."""
        self._nearby.bring_snapshot(digest)
        return super().path(digest)

    def columns(self, digest: str) -> tuple[Column, ...]:
        """Return the columns of a verified snapshot, in their order; raises SnapshotError if it is gone."""
        self._nearby.bring_snapshot(digest)
        return super().columns(digest)

    def scan(self, digest: str, column: str) -> Cells:
        """Return one column of a verified snapshot, read in pieces; raises SnapshotError if it is gone."""
        self._nearby.bring_snapshot(digest)
        return super().scan(digest, column)
