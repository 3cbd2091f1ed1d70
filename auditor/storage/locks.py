"""One audit of a model at a time, on this machine.

An advisory lock on a file. The kernel releases it when the process dies, however it dies, so there
is no stale lock to clean up; that is why the file itself is left where it is.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import quote

from auditor.errors import BusyError
from auditor.storage.folders import explained

_LONGEST = 200
"""Characters of a file's name that are the model's own; file systems allow 255 in all."""

_LONGEST_NOTE = 4096
"""Characters that are read of a lock's file."""


@dataclass(frozen=True, slots=True)
class HeldModel:
    """A model that this process holds.

    Attributes
    ----------
    before
        What whoever held it before had noted; its process is not there any more, as the lock was free.
    """

    before: str
    _file: IO[str]

    def note(self, text: str) -> None:
        """Leave a line of ASCII for whoever holds the model next, however this process ends."""
        _write(self._file, text)


@dataclass(frozen=True, slots=True)
class ModelLock:
    """Locks in ``<folder>/locks``, one per model."""

    folder: Path

    @contextmanager
    def hold(self, model: str) -> Iterator[HeldModel]:
        """Hold a model's lock for the length of a ``with`` block.

        Raises
        ------
        BusyError
            If another process, or another block of this one, holds it.
        StorageError
            If the folder cannot be written.
        """
        with self._opened(model) as file:
            with explained(self.folder):
                before = _take(file, model)
            try:
                yield HeldModel(before, file)
            finally:
                fcntl.flock(file, fcntl.LOCK_UN)

    def _opened(self, model: str) -> IO[str]:
        with explained(self.folder):
            folder = self.folder / "locks"
            folder.mkdir(parents=True, exist_ok=True)
            return (folder / _file_name(model)).open("a+", encoding="ascii")


def _file_name(model: str) -> str:
    name = quote(model, safe=" ")
    if len(name) > _LONGEST:  # a letter beyond ASCII takes up to 12 characters here
        name = f"{name[:_LONGEST]}-{hashlib.sha256(model.encode()).hexdigest()[:16]}"
    return f"{name}.lock"


def _take(file: IO[str], model: str) -> str:
    """Take the lock, and return what its last holder had noted."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise BusyError(
            f"another process ({_holder(file)}) is auditing {model!r}; wait until it is done, or stop it"
        ) from error
    file.seek(0)
    _, _, before = file.read(_LONGEST_NOTE).partition("\n")
    # Kept until something else is noted: we may die before.
    _write(file, before.strip())
    return before.strip()


def _write(file: IO[str], text: str) -> None:
    # Past the buffer: what does not fit on the disk must not be tried again as the file is closed.
    os.ftruncate(file.fileno(), 0)
    os.write(file.fileno(), f"{os.getpid()}\n{text}\n".encode("ascii"))


def _holder(file: IO[str]) -> str:
    """Return who holds the lock, as far as the file says so."""
    file.seek(0)
    written = file.readline(20).strip()
    return f"pid {written}" if written.isdigit() else "pid unknown"
