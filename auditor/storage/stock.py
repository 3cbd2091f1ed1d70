"""What a vault holds, for one who tidies up or copies: in its folder, or wherever it is."""

import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from auditor.core.chunks import Chunk
from auditor.errors import SnapshotError
from auditor.files import digest_of_file, replacing
from auditor.storage.checkpoints import FOLDER, checkpoint_file
from auditor.storage.chunks import CHUNKS, chunk_path, drop_view, list_path, read_list, snapshot_path
from auditor.storage.folders import explained
from auditor.storage.frames import frame_path
from auditor.storage.nearby import Nearby, checkpoint_key, chunk_key, list_key, snapshot_key
from auditor.storage.remote import Filed, Remote

_SNAPSHOT = re.compile(r"[0-9a-f]{2}/([0-9a-f]{64})\.(?:parquet|json)")
_LIST = re.compile(r"[0-9a-f]{2}/([0-9a-f]{64})\.json")
_CHUNK = re.compile(CHUNKS + r"/[0-9a-f]{2}/([0-9a-f]{64})\.parquet")
_CHECKPOINT = re.compile(FOLDER + r"/[0-9a-f]{2}/([0-9a-f]{64})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """What a copy of a vault holds, and how many of its files are new.

    Attributes
    ----------
    damaged
        What is wrong with the files that could not be copied, a line each.
    """

    snapshots: int
    checkpoints: int
    new: int
    damaged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stock:
    """The snapshots and checkpoints of a vault.

    Attributes
    ----------
    folder
        Of the vault, or of this machine's copies of it.
    url
        Where the vault is, if it is not in the folder.
    """

    folder: Path
    url: str = ""

    def snapshots(self, *, before: datetime | None = None) -> tuple[str, ...]:
        """Return the digests of all snapshots, or of those that were last filed before a moment."""
        return tuple(_digests(_SNAPSHOT, self._filed("", "??/*.*"), before))

    def checkpoints(self, *, before: datetime | None = None) -> tuple[str, ...]:
        """Return the digests of all checkpoints, or of those that were last filed before a moment."""
        return tuple(_digests(_CHECKPOINT, self._filed(FOLDER, f"{FOLDER}/??/*"), before))

    def drop_snapshots(self, digests: Iterable[str], *, before: datetime | None = None) -> int:
        """Delete snapshots and the frames made of them, and return how many bytes that were.

        One that was filed again since ``before`` stays: an audit begins on it at this moment. Chunks go that
        no list names any more, those of snapshots that were never filed as a whole too; while a list cannot
        be read, all of them stay, as it may name any.
        """
        freed = sum(self._drop_snapshot(digest, before) for digest in digests)
        return freed + self._drop_chunks(before)

    def _drop_snapshot(self, digest: str, before: datetime | None) -> int:
        frame = frame_path(self.folder, digest)
        freed = self._drop(snapshot_key(digest), (snapshot_path(self.folder, digest), frame), before)
        freed += self._drop(list_key(digest), (list_path(self.folder, digest), frame), before)
        if freed:
            with explained(self.folder):
                drop_view(self.folder, digest)
        return freed

    def _drop_chunks(self, before: datetime | None) -> int:
        # Looked for first: a list that is filed after this names chunks that count as filed lately.
        there = tuple(_digests(_CHUNK, self._filed(CHUNKS, f"{CHUNKS}/??/*"), before))
        if not there:
            return 0
        lists = self._lists()
        if any(isinstance(each, SnapshotError) for each in lists.values()):
            return 0
        named = {chunk.digest for each in lists.values() if isinstance(each, tuple) for chunk in each}
        return sum(
            self._drop(chunk_key(digest), (chunk_path(self.folder, digest),), before)
            for digest in there
            if digest not in named
        )

    def damaged(self) -> tuple[str, ...]:
        """Return what is wrong with snapshots whose list cannot be read or names a chunk that is gone."""
        there = set(_digests(_CHUNK, self._filed(CHUNKS, f"{CHUNKS}/??/*"), None))
        found = []
        for digest, each in sorted(self._lists().items()):
            if isinstance(each, SnapshotError):
                found.append(str(each))
                continue
            lost = [chunk.digest for chunk in each if chunk.digest not in there]
            if lost:
                found.append(_lost(digest, lost[0]))
        return tuple(found)

    def _lists(self) -> dict[str, "tuple[Chunk, ...] | SnapshotError"]:
        """Return, by snapshot, the chunks that its list names, or why that cannot be read."""
        found: dict[str, tuple[Chunk, ...] | SnapshotError] = {}
        for digest in _digests(_LIST, self._filed("", "??/*.json"), None):
            try:
                found[digest] = self._chunks(digest)
            except SnapshotError as error:
                found[digest] = error
        return found

    def _chunks(self, digest: str) -> tuple[Chunk, ...]:
        """Return the chunks that a list names."""
        if self.url:
            Nearby(self.folder, self.url).bring_list(digest)
        try:
            return read_list(self.folder, digest)
        except OSError as error:
            raise SnapshotError(
                f"the list of snapshot {digest[:12]} cannot be read ({error.strerror}); make "
                f"{str(list_path(self.folder, digest))!r} readable, or restore it from a backup"
            ) from error

    def drop_checkpoints(self, digests: Iterable[str], *, before: datetime | None = None) -> int:
        """Delete checkpoints, and return how many bytes that were; one that was filed again since stays."""
        return sum(
            self._drop(checkpoint_key(digest), (checkpoint_file(str(self.folder), digest),), before)
            for digest in digests
        )

    def drop_parts(self, *, before: datetime) -> int:
        """Delete what uploads and processes that were cut short left, and return how many bytes that were."""
        there = self._filed("", "**/.*.part")  # in a folder, as `replacing` names them
        parts = [each for each in there if each.key.endswith(".part") and each.at < before]
        for each in parts:
            if self.url:
                Remote(self.url).forget(each.key)
            else:
                with explained(self.folder):
                    (self.folder / each.key).unlink(missing_ok=True)
        return sum(each.bytes for each in parts)

    def copy(self, snapshots: Iterable[str], carried: Iterable[str], vault: Path) -> Copied:
        """Copy snapshots and checkpoints into another vault's folder, each checked by its digest.

        What is gone was pruned, and the ledger still tells of it: it is passed over. What is not the bytes
        that were filed is told of, and does not take the place of an older copy.

        Raises
        ------
        StorageError
            If one of the vaults cannot be reached.
        """
        damaged: list[str] = []

        def tried(copy: Callable[[], tuple[bool, bool]]) -> tuple[bool, bool]:
            try:
                return copy()
            except SnapshotError as error:
                damaged.append(str(error))
                return False, False

        rows = [tried(partial(self._copy_snapshot, digest, vault)) for digest in sorted(snapshots)]
        models = [
            tried(partial(self._copy, checkpoint_key(digest), digest, vault)) for digest in sorted(carried)
        ]
        return Copied(
            snapshots=sum(found for found, _ in rows),
            checkpoints=sum(found for found, _ in models),
            new=sum(new for _, new in (*rows, *models)),
            damaged=tuple(damaged),
        )

    def _copy_snapshot(self, digest: str, vault: Path) -> tuple[bool, bool]:
        if self._look(list_key(digest)) is None:
            return self._copy(snapshot_key(digest), digest, vault)
        for chunk in self._chunks(digest):
            there, _ = self._copy(chunk_key(chunk.digest), chunk.digest, vault)
            if not there:
                raise SnapshotError(_lost(digest, chunk.digest))
        return self._copy(list_key(digest), digest, vault)

    def _copy(self, key: str, digest: str, vault: Path) -> tuple[bool, bool]:
        """Copy a file, and return whether it is there, and whether it is new in the other vault."""
        target, found = vault / key, self._look(key)
        if found is None:
            return False, False
        if target.is_file() and target.stat().st_size == found.bytes:
            return True, False
        if self.url:
            Remote(self.url).fetch(key, digest, target)
            return True, True
        source = self.folder / key
        with replacing(target) as part:
            shutil.copyfile(source, part)
            if digest_of_file(part) != digest:
                raise SnapshotError(
                    f"{digest[:12]} is not the bytes that were filed; restore {str(source)!r} from an older "
                    "backup"
                )
        return True, True

    def _filed(self, below: str, pattern: str) -> tuple[Filed, ...]:
        if self.url:
            return Remote(self.url).files(below)
        with explained(self.folder):
            found = [_filed_here(self.folder, path) for path in sorted(self.folder.glob(pattern))]
        return tuple(each for each in found if each is not None)

    def _look(self, key: str) -> Filed | None:
        if self.url:
            return Remote(self.url).look(key)
        with explained(self.folder):
            path = self.folder / key
            return _filed_here(self.folder, path) if path.is_file() else None

    def _drop(self, key: str, here: tuple[Path, ...], before: datetime | None) -> int:
        found = self._look(key)
        if found is None or (before is not None and found.at >= before):
            return 0
        if self.url:
            Remote(self.url).forget(key)
        freed = found.bytes if self.url else 0
        with explained(self.folder):
            for path in here:
                freed += path.stat().st_size if path.is_file() else 0
                path.unlink(missing_ok=True)
        return freed


def _lost(digest: str, chunk: str) -> str:
    return f"chunk {chunk[:12]} of snapshot {digest[:12]} is not in the vault; restore it from a backup"


def _filed_here(folder: Path, path: Path) -> Filed | None:
    try:
        facts = path.stat()
    except FileNotFoundError:  # moved into its place, or tidied by another, since it was listed
        return None
    return Filed(
        path.relative_to(folder).as_posix(), facts.st_size, datetime.fromtimestamp(facts.st_mtime, UTC)
    )


def _digests(pattern: re.Pattern[str], filed: Iterable[Filed], before: datetime | None) -> Iterator[str]:
    for each in filed:
        named = pattern.fullmatch(each.key)
        if named and (before is None or each.at < before):
            yield named[1]
