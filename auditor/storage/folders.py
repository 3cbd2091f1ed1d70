"""Folders: what goes wrong with one in a line, and one made the same as another."""

import errno
import os
import shutil
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
