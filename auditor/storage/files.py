"""Files that are there whole or not at all, and what goes wrong with them in one line."""

import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from auditor.errors import StorageError

_NEXT_STEPS = {
    errno.ENOSPC: "free some space, then run the same command again",
    errno.EDQUOT: "the quota is used up: free some space, then run the same command again",
    errno.EFBIG: "the file is larger than is allowed here: raise the limit, then run the same command again",
    errno.EACCES: "make the folder writable for this user",
    errno.EPERM: "make the folder writable for this user",
    errno.EROFS: "the disk is read-only: set AUDITOR_VAULT to a folder that can be written to",
    errno.ENOTDIR: "one of its folders is a file: set AUDITOR_VAULT to another folder",
    errno.EIO: "check the disk",
}


@contextmanager
def explained(folder: Path, *, what: str = "the vault") -> Iterator[None]:
    """Turn an error of the file system into one line and the next step.

    Parameters
    ----------
    what
        The folder is, in words.

    Raises
    ------
    StorageError
        If the folder cannot be read or written.
    """
    try:
        yield
    except OSError as error:
        step = _NEXT_STEPS.get(error.errno or 0, "check that the folder can be read and written")
        # Arrow says more than the system does, and nothing that helps.
        problem = os.strerror(error.errno) if error.errno else str(error)
        raise StorageError(f"{what} {str(folder)!r}: {problem.lower()}; {step}") from error


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
        # mkstemp makes files that only their owner may read; a vault may be shared.
        part.chmod(0o644)
        if durable:
            _sync(part)
        part.replace(target)
        if durable:
            _sync(target.parent)
    finally:
        part.unlink(missing_ok=True)


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


def mirror(source: Path, target: Path) -> None:
    """Make a folder the same as another: what is not there any more goes.

    Whole or not at all, but for a moment in which it has its old name with ``.old`` at its end.

    Raises
    ------
    StorageError
        If it cannot be written.
    """
    part, old = (target.with_name(f"{target.name}.{ending}") for ending in ("part", "old"))
    with explained(target, what="the copy"):
        for left in (part, old):
            shutil.rmtree(left, ignore_errors=True)
        shutil.copytree(source, part)
        if target.exists():
            target.rename(old)
        part.rename(target)
        shutil.rmtree(old, ignore_errors=True)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
