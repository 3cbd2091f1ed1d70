"""Files that are there whole or not at all, wherever they lie."""

import errno
import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from auditor.errors import StorageError


def digest_of_file(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def replacing(target: Path, *, durable: bool = True) -> Iterator[Path]:
    """Yield a path beside ``target`` to write to; it becomes ``target`` when all went well.

    Whoever opens ``target`` sees the old file or the new one, never a part of one.

    Parameters
    ----------
    durable
        Whether the new file is on the disk, name and all, when this returns, so that it survives a
        power cut. False for what is made anew at every start.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:16]}-", suffix=".part")
    os.close(handle)
    part = Path(name)
    try:
        yield part
        # mkstemp makes files that only their owner may read: a vault may be shared, a web server reads pages.
        part.chmod(0o644)
        if durable:
            _sync(part)
        part.replace(target)
        if durable:
            _sync(target.parent)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """Let one process at a time do what is done in the block, by a file that is left where it is.

    The kernel gives the turn back when a process dies, however it dies.

    Raises
    ------
    OSError
        If the file cannot be made, or its file system has no locks.
    """
    handle = os.open(lock, os.O_RDONLY | os.O_CREAT, 0o666)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


@contextmanager
def in_turn(folder: Path) -> Iterator[None]:
    """Let one process at a time do what is done in the block, for one folder.

    A file system that has no locks gives no turn, nor does a file that another user keeps to himself: there
    everybody goes ahead.
    """
    with ExitStack() as held:
        with suppress(OSError):
            held.enter_context(alone(folder / ".turn"))
        yield


def write_text(target: Path, text: str) -> None:
    """Write a text file of its owner's, whole or not at all; one that was there keeps its mode.

    What a link leads to is written, not the link.

    Raises
    ------
    StorageError
        If it cannot be written; what stood there still does.
    """
    real = target.resolve()
    try:
        mode = real.stat().st_mode & 0o777 if real.exists() else 0o644
        with replacing(real) as part:
            part.write_bytes(text.encode("utf-8"))
            part.chmod(mode)
        real.chmod(mode)
    except OSError as error:
        raise StorageError(f"{target} cannot be written: {error.strerror or error}") from error


def move(source: Path, target: Path) -> None:
    """Move a file, whole or not at all, from whatever disk it is on."""
    with replacing(target) as part:
        try:
            source.replace(part)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            shutil.copyfile(source, part)
            source.unlink()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
