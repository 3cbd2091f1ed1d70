"""One audit of a model at a time, on this machine.

An advisory lock on a file. The kernel releases it when the process dies, however it dies, so there
is no stale lock to clean up; that is why the file itself is left where it is.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import quote

from auditor.errors import BusyError
from auditor.storage.files import explained


@dataclass(frozen=True, slots=True)
class ModelLock:
    """Locks in ``<folder>/locks``, one per model."""

    folder: Path

    @contextmanager
    def hold(self, model: str) -> Iterator[None]:
        """Hold a model's lock for the length of a ``with`` block.

        Raises
        ------
        BusyError
            If another process, or another block of this one, holds it.
        StorageError
            If the folder cannot be written.
        """
        with self._opened(model) as file:
            _take(file, model)
            try:
                yield
            finally:
                fcntl.flock(file, fcntl.LOCK_UN)

    def _opened(self, model: str) -> IO[str]:
        with explained(self.folder):
            folder = self.folder / "locks"
            folder.mkdir(parents=True, exist_ok=True)
            return (folder / f"{quote(model, safe=' ')}.lock").open("a+", encoding="ascii")


def _take(file: IO[str], model: str) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise BusyError(
            f"another process ({_holder(file)}) is auditing {model!r}; wait until it is done, or stop it"
        ) from error
    file.truncate(0)
    file.write(f"{os.getpid()}\n")
    file.flush()


def _holder(file: IO[str]) -> str:
    """Return who holds the lock, as far as the file says so."""
    file.seek(0)
    written = file.read(20).strip()
    return f"pid {written}" if written.isdigit() else "pid unknown"
