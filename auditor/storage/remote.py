"""Files on another machine, at any URL that fsspec knows: ``s3://bucket/audits``, ``gs://``, ``sftp://``, ...

A file is there whole or not at all. Object stores show an object only when all of it is there; elsewhere
it is written beside its place, and moved. Keys and passwords come from the environment, as the libraries
themselves read them (``AWS_SECRET_ACCESS_KEY``, ``FSSPEC_SFTP_PASSWORD``), and pass through nothing of ours.
"""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from auditor.errors import DeclarationError, SnapshotError, StorageError, one_line
from auditor.files import digest_of_file, replacing
from auditor.storage.folders import explained

OBJECT_STORES = frozenset({"s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "oss", "oci"})
"""Protocols that show an object only when all of it is there."""

CANNOT_KEEP = frozenset({"http", "https", "memory", "data", "github", "git", "zip", "tar"})
"""Protocols that fsspec knows and that keep no file: read-only, or gone with the process."""

_OF_THIS_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG})


@dataclass(frozen=True, slots=True)
class Filed:
    """A file that is there: its key, its bytes, and when it was last filed."""

    key: str
    bytes: int
    at: datetime


class Remote:
    """Files under one URL, each by its key: a path below it.

    Parameters
    ----------
    url
        Without secrets.

    Raises
    ------
    DeclarationError
        If nothing that is installed can keep files there.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._files, self._root = _connected(url)
        protocol = self._files.protocol
        self._whole = not OBJECT_STORES.isdisjoint((protocol,) if isinstance(protocol, str) else protocol)

    def upload(self, path: Path, key: str, *, unless_since: datetime | None = None) -> None:
        """File a copy of a file under a key, whole or not at all.

        Parameters
        ----------
        unless_since
            One of as many bytes that was filed after this moment is left as it is.

        Raises
        ------
        StorageError
            If it cannot be.
        """
        if unless_since is not None:
            there = self.look(key)
            if there is not None and there.bytes == path.stat().st_size and there.at > unless_since:
                return
        with self._explained():
            self._put(path, self._path(key))

    def fetch(self, key: str, digest: str, target: Path) -> None:
        """Make ``target`` a copy of what lies under a key, once its bytes are found to have this digest.

        Raises
        ------
        SnapshotError
            If it is not there, or its bytes are others.
        StorageError
            If it cannot be read, or this machine has no room for it.
        """
        with explained(target.parent), self._explained(), replacing(target) as part:
            try:
                self._files.get_file(self._path(key), str(part))
            except FileNotFoundError as error:
                raise SnapshotError(
                    f"{Path(key).stem[:12]} is not in the vault {self.url!r}; restore the file from a backup"
                ) from error
            found = digest_of_file(part)
            if found != digest:
                raise SnapshotError(
                    f"{digest[:12]} in the vault {self.url!r} is not the bytes that were filed (found "
                    f"{found[:12]}); restore the file from a backup"
                )

    def look(self, key: str) -> Filed | None:
        """Return what lies under a key, or None."""
        with self._explained():
            self._files.invalidate_cache()
            try:
                return _filed(key, self._files.info(self._path(key)))
            except FileNotFoundError:
                return None

    def files(self, below: str = "") -> tuple[Filed, ...]:
        """Return every file whose key begins with the folder ``below``."""
        with self._explained():
            self._files.invalidate_cache()
            try:
                found = self._files.find(self._path(below), detail=True)
            except FileNotFoundError:
                return ()
            skip = len(self._root) + 1
            return tuple(_filed(name[skip:], facts) for name, facts in sorted(found.items()))

    def read(self, key: str) -> bytes | None:
        """Return the bytes under a key, or None."""
        with self._explained():
            try:
                content: bytes = self._files.cat_file(self._path(key))
            except FileNotFoundError:
                return None
            return content

    def renew(self, key: str) -> None:
        """Have a file count as filed now, without its bytes passing through this machine."""
        path = self._path(key)
        part = f"{path}.{os.urandom(6).hex()}.part"
        with self._explained():
            try:
                self._files.copy(path, part)
                self._files.mv(part, path)
            except BaseException:
                with suppress(Exception):  # there may be nothing, or nobody there any more
                    self._files.rm_file(part)
                raise

    def forget(self, key: str) -> None:
        """Delete what lies under a key, if anything does."""
        with self._explained(), suppress(FileNotFoundError):
            self._files.rm_file(self._path(key))

    def probe(self) -> None:
        """Write a small file, read it back and delete it.

        Raises
        ------
        StorageError
            If one of these cannot be done.
        """
        path = self._path(f".doctor-{os.urandom(6).hex()}")
        with self._explained():
            self._make_room(path)
            self._files.pipe_file(path, b"auditor")
            try:
                if self._files.cat_file(path) != b"auditor":
                    raise StorageError(f"the vault {self.url!r} gives back other bytes than it was given")
            finally:
                self._files.rm_file(path)

    def _put(self, path: Path, target: str) -> None:
        self._make_room(target)
        if self._whole:
            self._files.put_file(str(path), target)
            return
        part = f"{target}.{os.urandom(6).hex()}.part"
        try:
            self._files.put_file(str(path), part)
            self._files.mv(part, target)
        except BaseException:
            with suppress(Exception):  # there may be nothing, or nobody there any more
                self._files.rm_file(part)
            raise

    def _make_room(self, target: str) -> None:
        if not self._whole:  # these have no folders
            self._files.makedirs(target.rpartition("/")[0], exist_ok=True)

    def _path(self, key: str) -> str:
        return f"{self._root}/{key}".rstrip("/")

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn whatever a vendor raises into one line and the next step."""
        try:
            yield
        except (SnapshotError, StorageError):
            raise
        except Exception as error:  # each vendor has errors of its own
            if isinstance(error, OSError) and error.errno in _OF_THIS_DISK:
                raise
            what = one_line(error)
            raise StorageError(
                f"the vault {self.url!r}: {what}; check the address, the keys in the environment and "
                "the network"
            ) from error


def _connected(url: str) -> tuple[Any, str]:
    import fsspec

    protocol = url.partition(":")[0].lower()
    if protocol in CANNOT_KEEP:
        raise DeclarationError(
            f"AUDITOR_VAULT is {url!r}, and {protocol!r} keeps no files; allowed: a folder, or a URL such as "
            "s3://bucket/audits, gs://, abfs:// or sftp://"
        )
    try:
        files, root = fsspec.core.url_to_fs(url)
    except ImportError as error:
        how = "pip install 'auditor[s3]'" if protocol in ("s3", "s3a") else one_line(error)
        raise DeclarationError(f"AUDITOR_VAULT is {url!r}, which needs another library: {how}") from error
    except Exception as error:  # an unknown protocol, or half an address
        raise DeclarationError(f"AUDITOR_VAULT is {url!r}: {one_line(error)}") from error
    return files, str(root).rstrip("/")


def _filed(key: str, facts: dict[str, Any]) -> Filed:
    at = next(
        (facts[name] for name in ("LastModified", "mtime", "modified", "updated") if name in facts), None
    )
    if isinstance(at, int | float):
        at = datetime.fromtimestamp(at, UTC)
    if not isinstance(at, datetime):
        at = datetime.max.replace(tzinfo=UTC)  # of unknown age: not old enough to be deleted
    return Filed(key, int(facts.get("size") or 0), at if at.tzinfo else at.replace(tzinfo=UTC))
