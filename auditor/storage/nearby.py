"""What a machine has copies of, of a vault that is elsewhere: each file is fetched once, by its digest.

The folder looks as a vault's does, so that all that reads a vault reads the copies. A copy may be deleted at
any time: it is fetched again. What has not been fetched for a week is, so that a worker's disk does not
fill up.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from auditor.core.chunks import Chunk
from auditor.errors import SnapshotError
from auditor.files import alone, digest_of_file
from auditor.storage.checkpoints import FOLDER, checkpoint_file
from auditor.storage.chunks import (
    CHUNKS,
    MEMORY,
    chunk_path,
    files_of,
    forget,
    list_path,
    memory_path,
    read_list,
    snapshot_path,
)
from auditor.storage.folders import explained
from auditor.storage.frames import frame_path
from auditor.storage.remote import Filed, Remote

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
        if not self.url or self._has(digest):
            return
        if Remote(self.url).look(snapshot_key(digest)) is not None:
            self._bring(snapshot_key(digest), digest, snapshot_path(self.folder, digest))
            return
        self.bring_list(digest)
        for chunk in read_list(self.folder, digest):
            self.bring_chunk(chunk.digest)

    def bring_list(self, digest: str) -> None:
        """Have the list of a snapshot's chunks here; raises as ``bring_snapshot`` does."""
        self._bring(list_key(digest), digest, list_path(self.folder, digest))

    def bring_chunk(self, digest: str) -> None:
        """Have a chunk's file here; raises as ``bring_snapshot`` does."""
        self._bring(chunk_key(digest), digest, chunk_path(self.folder, digest))

    def bring_checkpoint(self, digest: str) -> None:
        """Have a checkpoint's file here; raises as ``bring_snapshot`` does."""
        self._bring(checkpoint_key(digest), digest, checkpoint_file(str(self.folder), digest))

    def send_snapshot(self, digest: str, *, now: datetime) -> None:
        """File the copy that is here in the vault; raises StorageError if that cannot be done."""
        if not self.url:
            return
        since, whole = now - AGAIN_AFTER, snapshot_path(self.folder, digest)
        if whole.is_file():
            Remote(self.url).upload(whole, snapshot_key(digest), unless_since=since)
            return
        self._send_chunks(read_list(self.folder, digest), since=since)
        path = list_path(self.folder, digest)  # last: a list that is there has all of its chunks
        Remote(self.url).upload(path, list_key(digest), unless_since=since)

    def _send_chunks(self, chunks: Iterable[Chunk], *, since: datetime) -> None:
        remote, there = Remote(self.url), self.chunks_there()
        for chunk in chunks:
            filed = there.get(chunk_key(chunk.digest))
            if filed is None or filed.bytes != chunk.bytes or filed.at <= since:
                self.bring_chunk(chunk.digest)
                remote.upload(chunk_path(self.folder, chunk.digest), chunk_key(chunk.digest))

    def chunks_there(self) -> dict[str, Filed]:
        """Return all chunks of the vault, by their keys: one question, and not one for each."""
        return {each.key: each for each in Remote(self.url).files(CHUNKS)}

    def renew_chunk(self, filed: Filed, *, now: datetime) -> None:
        """Have a chunk count as filed lately."""
        if filed.at <= now - AGAIN_AFTER:
            Remote(self.url).renew(filed.key)

    def clock(self) -> datetime:
        """Return the time by the disk's own clock."""
        with self._alone() as now:
            return datetime.fromtimestamp(now, UTC)

    def send_memory(self, name: str) -> None:
        """File what was learned of a source in the vault."""
        if self.url:
            Remote(self.url).upload(memory_path(self.folder, name), memory_key(name))

    def send_checkpoint(self, digest: str) -> None:
        """File the copy that is here in the vault; raises StorageError if that cannot be done."""
        if self.url:
            path = checkpoint_file(str(self.folder), digest)
            Remote(self.url).upload(path, checkpoint_key(digest))

    def forget_snapshot(self, digest: str) -> None:
        """Delete the copy that is here, which may be damaged."""
        with suppress(SnapshotError):
            for path, expected in files_of(self.folder, digest):
                if path.is_file() and digest_of_file(path) != expected:
                    path.unlink(missing_ok=True)
        for path in (
            snapshot_path(self.folder, digest),
            list_path(self.folder, digest),
            frame_path(self.folder, digest),
        ):
            path.unlink(missing_ok=True)

    def forget_memory(self) -> None:
        """Forget what was learned of sources, here and in the vault."""
        forget(self.folder)
        for each in Remote(self.url).files(MEMORY):
            Remote(self.url).forget(each.key)

    def forget_checkpoint(self, digest: str) -> None:
        """Delete the copy that is here, which may be damaged."""
        checkpoint_file(str(self.folder), digest).unlink(missing_ok=True)

    def _has(self, digest: str) -> bool:
        try:
            return all(path.is_file() for path, _ in files_of(self.folder, digest))
        except SnapshotError:  # it is not here, or its list is damaged
            list_path(self.folder, digest).unlink(missing_ok=True)
            return False

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
        with alone(lock):
            lock.touch()
            yield lock.stat().st_mtime

    def _tidy(self, *, before: float) -> None:
        for pattern in ("??/*.parquet", "??/*.json", f"{CHUNKS}/??/*", "frames/*.arrow", f"{FOLDER}/??/*"):
            for path in self.folder.glob(pattern):
                with suppress(OSError):  # another process tidies too
                    if path.stat().st_mtime < before:
                        path.unlink()


def snapshot_key(digest: str) -> str:
    """Return under which key a snapshot lies in a vault that is elsewhere."""
    return snapshot_path(Path(), digest).as_posix()


def list_key(digest: str) -> str:
    """Return under which key the list of a snapshot's chunks lies in a vault that is elsewhere."""
    return list_path(Path(), digest).as_posix()


def chunk_key(digest: str) -> str:
    """Return under which key a chunk lies in a vault that is elsewhere."""
    return chunk_path(Path(), digest).as_posix()


def memory_key(name: str) -> str:
    """Return under which key it lies what was learned of a source."""
    return memory_path(Path(), name).as_posix()


def checkpoint_key(digest: str) -> str:
    """Return under which key a checkpoint lies in a vault that is elsewhere."""
    return checkpoint_file("", digest).as_posix()
