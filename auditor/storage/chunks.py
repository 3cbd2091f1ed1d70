"""Where a snapshot's rows lie in a vault's folder: one Parquet file, or the files that a list names.

::

    vault/
    ├── 3f/3f9a...c1.parquet            a snapshot of one file
    ├── 52/520c...77.json               a snapshot of several: the list of its chunks (core/chunks.py)
    ├── chunks/ab/ab01...9e.parquet     a chunk, of any number of snapshots
    └── memory/7c11...02                what was learned of a source (sources/memory.py); may be deleted

A list is written when all of its chunks are there, and deleted before them. So a snapshot is there whole or
not at all, whenever a process is killed; a chunk that no list names is taken away by `auditor prune`.
"""

import hashlib
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from auditor.core.chunks import Chunk, chunks_of
from auditor.errors import SnapshotError
from auditor.files import digest_of_file, move

CHUNKS, MEMORY, VIEWS = "chunks", "memory", "views"


def snapshot_path(folder: Path, digest: str) -> Path:
    """Return where a snapshot of one Parquet file lies in a vault's folder."""
    return folder / digest[:2] / f"{digest}.parquet"


def list_path(folder: Path, digest: str) -> Path:
    """Return where the list of a snapshot's chunks lies in a vault's folder."""
    return folder / digest[:2] / f"{digest}.json"


def chunk_path(folder: Path, digest: str) -> Path:
    """Return where a chunk lies in a vault's folder."""
    return folder / CHUNKS / digest[:2] / f"{digest}.parquet"


def memory_path(folder: Path, name: str) -> Path:
    """Return where it is kept what was learned of a source."""
    return folder / MEMORY / name


def view_path(folder: Path, digest: str) -> Path:
    """Return the folder that shows a snapshot's chunks under names in their order."""
    return folder / VIEWS / digest


def files_of(folder: Path, digest: str) -> tuple[tuple[Path, str], ...]:
    """Return a snapshot's Parquet files in the order of its rows, each with the digest it is to have.

    Raises
    ------
    SnapshotError
        If the snapshot is gone, or its list is not the bytes that were filed.
    """
    whole = snapshot_path(folder, digest)
    if whole.is_file():
        return ((whole, digest),)
    return tuple((chunk_path(folder, each.digest), each.digest) for each in read_list(folder, digest))


def read_list(folder: Path, digest: str) -> tuple[Chunk, ...]:
    """Return the chunks of a snapshot that is filed as a list of them.

    Raises
    ------
    SnapshotError
        If it is gone, or is not the bytes that were filed.
    """
    path = list_path(folder, digest)
    if not path.is_file():
        raise gone(folder, digest)
    content = path.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != digest:
        raise changed(path, digest, found)
    try:
        return chunks_of(content)
    except ValueError as error:
        raise SnapshotError(f"{str(path)!r} is {error}; restore the file from a backup") from error


def check(folder: Path, digest: str) -> None:
    """Read all bytes of a snapshot.

    What was learned of sources is forgotten if a chunk is damaged, so that the next snapshot writes it anew.

    Raises
    ------
    SnapshotError
        If the snapshot is gone, or its bytes are not what they were.
    """
    for path, expected in files_of(folder, digest):
        found = digest_of_file(path) if path.is_file() else ""
        if found != expected:
            forget(folder)
            raise changed(path, expected, found) if found else gone(folder, expected)


def forget(folder: Path) -> None:
    """Forget what was learned of sources."""
    for path in (folder / MEMORY).glob("*"):
        path.unlink(missing_ok=True)


def take_over(incoming: Path, target: Path, digest: str) -> None:
    """Move a file into the vault; one that is there already, to the byte, counts as filed now."""
    if target.is_file() and digest_of_file(target) == digest:
        touch(target)
        incoming.unlink()
    else:
        move(incoming, target)


def touch(path: Path) -> None:
    """Have a file count as filed now: `auditor prune` leaves young files alone."""
    with suppress(PermissionError):  # of another user, in a vault that is shared
        path.touch()


def make_view(folder: Path, digest: str) -> Path:
    """Return a folder of links to a snapshot's chunks, which others read as one table of Parquet files."""
    view = view_path(folder, digest)
    view.mkdir(parents=True, exist_ok=True)
    for number, (path, _) in enumerate(files_of(folder, digest)):
        link, part = view / f"{number:06d}.parquet", view / f".{number:06d}-{os.getpid()}"
        if not link.exists():
            part.unlink(missing_ok=True)
            part.symlink_to(os.path.relpath(path, view))
            part.replace(link)
    return view


def drop_view(folder: Path, digest: str) -> None:
    """Take the links away again."""
    view = view_path(folder, digest)
    if view.is_dir():
        for link in view.iterdir():
            link.unlink(missing_ok=True)
        view.rmdir()


def changed(path: Path, digest: str, found: str) -> SnapshotError:
    """Return what is said of a file that is not the bytes that were filed."""
    return SnapshotError(
        f"snapshot {digest[:12]} in {str(path)!r} is not the bytes that were filed "
        f"(expected {digest[:12]}, found {found[:12]}); restore the file from a backup"
    )


def gone(folder: Path, digest: str) -> SnapshotError:
    """Return what is said of a snapshot that is not there."""
    return SnapshotError(
        f"snapshot {digest[:12]} is not in the vault {str(folder)!r}; restore the file from a backup"
    )


def rows_and_bytes(chunks: Sequence[Chunk]) -> tuple[int, int]:
    """Return how many rows and bytes chunks have together."""
    return sum(chunk.rows for chunk in chunks), sum(chunk.bytes for chunk in chunks)
