"""A vault on another machine, at any URL that fsspec knows, with copies of what is needed here.

Snapshots and checkpoints lie there under the same names as in a vault's folder, so that a folder can be
copied there and back. A snapshot counts as filed when all of it is there; what is fetched is checked by
its digest before it is used.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy.typing as npt

from auditor.core.cells import Cells
from auditor.core.records import Column, Snapshot
from auditor.errors import SnapshotError
from auditor.storage.nearby import Nearby
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

    @property
    def folder(self) -> str:
        """Where a worker finds the vault: its URL."""
        return self._url

    def file(self, path: str, *, source: str, time: str | None, taken_at: datetime) -> Snapshot:
        """Take over the Parquet file at ``path``; it counts as filed when all of it is in the vault.

        Raises
        ------
        SnapshotError
            If the file is no Parquet file.
        StorageError
            If the vault cannot be reached or written, or a disk is full.
        """
        snapshot = super().file(path, source=source, time=time, taken_at=taken_at)
        self._nearby.send_snapshot(snapshot.digest, now=taken_at)
        return snapshot

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
            self._nearby.bring_snapshot(digest)
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
