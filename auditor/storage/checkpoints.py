"""Checkpoints: models that are carried on, in ``vault/checkpoints``, under the SHA-256 of their bytes.

Written by the worker that trained, before its result is recorded: a result never names a file that is not
there. A file that no result names, because a process was killed in between, is made again, the same.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from auditor.errors import SnapshotError
from auditor.files import digest_of_file, move
from auditor.storage.folders import explained

FOLDER = "checkpoints"


@contextmanager
def room_for_one(vault: str) -> Iterator[Path]:
    """Yield a path to write a checkpoint to; it is gone at the end unless it was filed.

    Raises
    ------
    StorageError
        If the vault cannot be written.
    """
    folder = Path(vault) / FOLDER
    with explained(Path(vault)):
        folder.mkdir(parents=True, exist_ok=True)
        # Beside the others, so that filing it is a rename; and with one name for all, because formats that
        # put the file's name into the file would give equal models different bytes.
        with TemporaryDirectory(dir=folder, prefix=".") as room:
            yield Path(room) / "checkpoint"


def file_checkpoint(vault: str, path: Path) -> str:
    """Take over a checkpoint (moved, whole or not at all) and return its digest."""
    digest = digest_of_file(path)
    target = checkpoint_file(vault, digest)
    with explained(Path(vault)):
        if target.is_file():
            with suppress(PermissionError):  # of another user, in a vault that is shared
                target.touch()  # in use from now: `auditor prune` leaves young files alone
        else:
            move(path, target)
    return digest


def checkpoint_path(vault: str, digest: str) -> Path:
    """Return where a checkpoint lies, its bytes verified.

    Raises
    ------
    SnapshotError
        If it is gone, or its bytes are not what they were.
    """
    trouble = checkpoint_trouble(vault, digest)
    if trouble is not None:
        raise SnapshotError(
            f"{trouble}; restore the file from a backup, or capture production again to begin a new live "
            "model"
        )
    return checkpoint_file(vault, digest)


def checkpoint_trouble(vault: str, digest: str) -> str | None:
    """Return why a checkpoint cannot be gone on from: it is gone, or not what it was; None if it can."""
    path = checkpoint_file(vault, digest)
    with explained(Path(vault)):
        if not path.is_file():
            return f"checkpoint {digest[:12]} is not in the vault {vault!r}"
        whole = digest_of_file(path) == digest
    return None if whole else f"checkpoint {digest[:12]} in {str(path)!r} is not the bytes that were filed"


def checkpoint_file(vault: str, digest: str) -> Path:
    """Return where a checkpoint lies in a vault's folder."""
    return Path(vault) / FOLDER / digest[:2] / digest
