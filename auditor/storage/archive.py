"""What of the ledger and the vault may go, and its going; and a copy of both that fits together."""

import shutil
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlmodel import SQLModel

import auditor.storage.tables  # noqa: F401  # fills the metadata
from auditor.core.retention import Holding
from auditor.errors import SnapshotError, StorageError
from auditor.storage.checkpoints import is_older
from auditor.storage.database import explained, for_writing
from auditor.storage.files import digest_of_file, replacing
from auditor.storage.files import explained as explained_files
from auditor.storage.schema import open_current

_AUDITS, _CAPTURES, _TRIALS, _LOSSES = (
    SQLModel.metadata.tables[name] for name in ("audit", "capture", "trial", "trial_losses")
)


class Archive:
    """The ledger and the vault, as one who tidies up sees them.

    Parameters
    ----------
    url
        Of the ledger.
    vault
        The vault's folder.
    """

    def __init__(self, url: str, vault: Path) -> None:
        self._engine = open_current(url, self)
        self._vault = vault

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def holdings(self) -> tuple[Holding, ...]:
        """Return every audit with the snapshot that it stands on."""
        ended = func.coalesce(_AUDITS.c.finished_at, _AUDITS.c.started_at).label("at")
        wanted = select(
            _AUDITS.c.id, _AUDITS.c.model, _AUDITS.c.state, _AUDITS.c.snapshot_digest, ended
        ).order_by(_AUDITS.c.id)
        with explained(self._engine.url), self._engine.connect() as connection:
            return tuple(
                Holding(
                    id=row.id,
                    model=row.model,
                    state=row.state,
                    at=row.at,
                    snapshots=frozenset({row.snapshot_digest}),
                )
                for row in connection.execute(wanted)
            )

    def needed(self) -> tuple[frozenset[int], frozenset[str]]:
        """Return the audits and the snapshots that stay whatever their age.

        Of each model, by its newest capture: the rows it was captured with; the first audit on it, whose
        rows are the reference where none were captured, and whose trainings a canary runs again; and,
        where rows have no order in time, the rows of all audits on it: by them it is told which rows are new.
        """
        newest = select(func.max(_CAPTURES.c.id)).group_by(_CAPTURES.c.model)
        done = (_AUDITS.c.state == "done") & _AUDITS.c.capture_id.in_(newest)
        firsts = select(func.min(_AUDITS.c.id)).where(done).group_by(_AUDITS.c.capture_id)
        rows = select(_AUDITS.c.snapshot_digest).where(
            done, _AUDITS.c.last_time.is_(None) | _AUDITS.c.id.in_(firsts)
        )
        captured = select(_CAPTURES.c.snapshot).where(_CAPTURES.c.snapshot.is_not(None))
        with explained(self._engine.url), self._engine.connect() as connection:
            return (
                frozenset(connection.execute(firsts).scalars()),
                frozenset((*connection.execute(rows).scalars(), *connection.execute(captured).scalars())),
            )

    def with_losses(self) -> frozenset[int]:
        """Return the audits whose losses are there."""
        with explained(self._engine.url), self._engine.connect() as connection:
            return frozenset(connection.execute(select(_LOSSES.c.audit_id).distinct()).scalars())

    def snapshots(self, *, before: datetime) -> tuple[str, ...]:
        """Return the snapshots filed before a moment: a newer one may belong to what begins just now."""
        return tuple(
            path.stem
            for path in self._files()
            if path.stat().st_mtime < before.timestamp() and len(path.stem) == 64
        )

    def checkpoints(self) -> tuple[dict[int, frozenset[str]], frozenset[str]]:
        """Return, by audit, the checkpoints that it made or went on from; and the models that have any."""
        named = _TRIALS.c.checkpoint.is_not(None) | _TRIALS.c.resume_from.is_not(None)
        wanted = (
            select(_AUDITS.c.model, _TRIALS.c.audit_id, _TRIALS.c.checkpoint, _TRIALS.c.resume_from)
            .join(_AUDITS, _AUDITS.c.id == _TRIALS.c.audit_id)
            .where(named)
        )
        found: dict[int, set[str]] = {}
        models = set[str]()
        with explained(self._engine.url), self._engine.connect() as connection:
            for row in connection.execute(wanted):
                models.add(row.model)
                found.setdefault(row.audit_id, set()).update({row.checkpoint, row.resume_from} - {None})
        return {number: frozenset(digests) for number, digests in found.items()}, frozenset(models)

    def drop_losses(self, audits: Sequence[int]) -> None:
        """Delete the losses of trials, row by row; the trials and their scores stay."""
        for first in range(0, len(audits), 100):
            with explained(self._engine.url), for_writing(self._engine).begin() as connection:
                connection.execute(
                    _LOSSES.delete().where(_LOSSES.c.audit_id.in_(audits[first : first + 100]))
                )

    def give_space_back(self) -> None:
        """Let SQLite return to the disk what was deleted."""
        if self._engine.dialect.name == "sqlite":
            with explained(self._engine.url), closing(self._engine.raw_connection()) as connection:
                connection.cursor().execute("VACUUM")

    def drop_snapshots(self, digests: Iterable[str], *, before: datetime) -> int:
        """Delete snapshots and the frames made of them, and return how many bytes that were.

        One that was filed again since ``before`` stays: an audit begins on it at this moment.
        """
        freed = 0
        with explained_files(self._vault):
            for digest in digests:
                filed = self._vault / digest[:2] / f"{digest}.parquet"
                if not filed.is_file() or not is_older(filed, before):
                    continue
                for path in (filed, self._vault / "frames" / f"{digest}.arrow"):
                    freed += path.stat().st_size if path.is_file() else 0
                    path.unlink(missing_ok=True)
        return freed

    def copy(self, target: Path) -> tuple[int, int]:
        """Copy ledger and vault into a folder, and return how many snapshots there are, and how many are new.

        The ledger first, as it is at one moment; then the snapshots that this copy speaks of: each was filed
        before it was spoken of. Every snapshot is checked by its digest.

        Raises
        ------
        StorageError
            If the folder cannot be written.
        SnapshotError
            If a snapshot is not the bytes that it was.
        """
        with explained_files(target):
            target.mkdir(parents=True, exist_ok=True)
            if self._engine.dialect.name == "sqlite":
                with replacing(target / "auditor.db") as part:
                    self._copy_sqlite(part)
                wanted = _spoken_of(target / "auditor.db")
            else:
                wanted = frozenset(path.stem for path in self._files())
            new = 0
            for digest in sorted(wanted):
                new += self._copy_snapshot(digest, target / "vault")
        return len(wanted), new

    def _copy_sqlite(self, part: Path) -> None:
        source = self._engine.url.database or ""
        try:
            with closing(sqlite3.connect(source)) as ours, closing(sqlite3.connect(part)) as theirs:
                ours.backup(theirs, pages=2000)
        except sqlite3.Error as error:
            raise StorageError(
                f"the ledger cannot be copied: {error}; check the disk of {str(part.parent)!r}"
            ) from error

    def _copy_snapshot(self, digest: str, vault: Path) -> bool:
        source, target = (folder / digest[:2] / f"{digest}.parquet" for folder in (self._vault, vault))
        if target.is_file() and source.is_file() and target.stat().st_size == source.stat().st_size:
            return False
        if not source.is_file():
            return False  # pruned: the ledger still tells of it
        with replacing(target) as part:
            shutil.copyfile(source, part)
            if digest_of_file(part) != digest:
                raise SnapshotError(
                    f"snapshot {digest[:12]} is not the bytes that were filed; restore {str(source)!r} "
                    "from an older backup"
                )
        return True

    def _files(self) -> list[Path]:
        return list(self._vault.glob("??/*.parquet"))


def _spoken_of(database: Path) -> frozenset[str]:
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute(
            "SELECT digest FROM snapshot UNION SELECT snapshot FROM capture WHERE snapshot IS NOT NULL"
        )
        return frozenset(row[0] for row in rows)
