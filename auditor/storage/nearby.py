"""What a machine has copies of, of a vault that is elsewhere: each file is fetched once, by its digest.

The folder looks as a vault's does, so that all that reads a vault reads the copies. A copy may be deleted at
any time: it is fetched again. What has not been fetched for a week is, so that a worker's disk does not
fill up.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from auditor.storage.checkpoints import FOLDER, checkpoint_file
from auditor.storage.folders import explained
from auditor.storage.frames import frame_path
from auditor.storage.remote import Remote
from auditor.storage.vault import snapshot_path

KEPT = timedelta(days=7)
"""How long a copy is kept that is not asked for."""

AGAIN_AFTER = timedelta(hours=8)
"""What was filed longer ago is filed anew: `auditor prune` takes a file of a day ago for an old one."""


@dataclass(frozen=True, slots=True)
class Nearby:
    """Copies of a vault on this machine.

    Attributes
    ----------
    folder
        Where they are.
    url
        Of the vault; empty if the folder is the vault itself, and nothing has to be fetched.
    """

    folder: Path
    url: str = ""

    def bring_snapshot(self, digest: str) -> None:
        """Have a snapshot's file here.

        Raises
        ------
        SnapshotError
            If it is not in the vault, or is not the bytes that were filed.
        StorageError
            If the vault does not answer, or this machine has no room.
        """
        self._bring(snapshot_key(digest), digest, snapshot_path(self.folder, digest))

    def bring_checkpoint(self, digest: str) -> None:
        """Have a checkpoint's file here; raises as ``bring_snapshot`` does."""
        self._bring(checkpoint_key(digest), digest, checkpoint_file(str(self.folder), digest))

    def send_snapshot(self, digest: str, *, now: datetime) -> None:
        """File the copy that is here in the vault; raises StorageError if that cannot be done."""
        if self.url:
            path = snapshot_path(self.folder, digest)
            Remote(self.url).upload(path, snapshot_key(digest), unless_since=now - AGAIN_AFTER)

    def send_checkpoint(self, digest: str) -> None:
        """File the copy that is here in the vault; raises StorageError if that cannot be done."""
        if self.url:
            path = checkpoint_file(str(self.folder), digest)
            Remote(self.url).upload(path, checkpoint_key(digest))

    def forget_snapshot(self, digest: str) -> None:
        """Delete the copy that is here, which may be damaged."""
        for path in (snapshot_path(self.folder, digest), frame_path(self.folder, digest)):
            path.unlink(missing_ok=True)

    def forget_checkpoint(self, digest: str) -> None:
        """Delete the copy that is here, which may be damaged."""
        checkpoint_file(str(self.folder), digest).unlink(missing_ok=True)

    def _bring(self, key: str, digest: str, target: Path) -> None:
        if not self.url or target.is_file():
            return
        with explained(self.folder), self._alone() as now:
            if not target.is_file():  # another worker may have fetched it meanwhile
                self._tidy(before=now - KEPT.total_seconds())
                Remote(self.url).fetch(key, digest, target)

    @contextmanager
    def _alone(self) -> Iterator[float]:
        """Let one of this machine's processes fetch at a time; yields the time by the disk's own clock."""
        lock = self.folder / "locks" / ".fetching"
        lock.parent.mkdir(parents=True, exist_ok=True)
        with lock.open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # the kernel gives it back when the process dies
            lock.touch()
            yield lock.stat().st_mtime

    def _tidy(self, *, before: float) -> None:
        for pattern in ("??/*.parquet", "frames/*.arrow", f"{FOLDER}/??/*"):
            for path in self.folder.glob(pattern):
                with suppress(OSError):  # another process tidies too
                    if path.stat().st_mtime < before:
                        path.unlink()


def snapshot_key(digest: str) -> str:
    """Return under which key a snapshot lies in a vault that is elsewhere."""
    return snapshot_path(Path(), digest).as_posix()


def checkpoint_key(digest: str) -> str:
    """Return under which key a checkpoint lies in a vault that is elsewhere."""
    return checkpoint_file("", digest).as_posix()
