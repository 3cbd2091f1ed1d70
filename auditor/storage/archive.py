"""What of the ledger and the vault may go, and its going; and a copy of both that fits together."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from sqlalchemy import func, select
from sqlmodel import SQLModel

import auditor.storage.tables  # noqa: F401  # fills the metadata
from auditor.core.retention import Holding
from auditor.errors import StorageError
from auditor.files import replacing
from auditor.storage.database import explained, for_writing
from auditor.storage.folders import explained as explained_files
from auditor.storage.schema import open_current
from auditor.storage.stock import Copied, Stock

_AUDITS, _CAPTURES, _TRIALS, _LOSSES = (
    SQLModel.metadata.tables[name] for name in ("audit", "capture", "trial", "trial_losses")
)


class Archive:
    """The ledger and the vault, as one who tidies up sees them.

    Parameters
    ----------
    url
        Of the ledger.
    stock
        What the vault holds.
    """

    def __init__(self, url: str, stock: Stock) -> None:
        self._engine = open_current(url, self)
        self._stock = stock

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

    def copy(self, target: Path) -> Copied:
        """Copy ledger and vault into a folder.

        The ledger first, as it is at one moment; then the snapshots and the checkpoints that this copy speaks
        of: each was filed before it was spoken of. Every file is checked by its digest; what is damaged is
        told of, and left out.

        Raises
        ------
        StorageError
            If the folder cannot be written, or is this very project.
        """
        self._refuse_itself(target)
        with explained_files(target, what="the copy"):
            target.mkdir(parents=True, exist_ok=True)
            if self._engine.dialect.name == "sqlite":
                with replacing(target / "auditor.db") as part:
                    self._copy_sqlite(part)
                snapshots, carried = _spoken_of(target / "auditor.db")
            else:
                snapshots = frozenset(self._stock.snapshots())
                carried = frozenset(self._stock.checkpoints())
            return self._stock.copy(snapshots, carried, target / "vault")

    def _refuse_itself(self, target: Path) -> None:
        pairs = [(self._stock.folder, target / "vault")]
        if self._engine.dialect.name == "sqlite":
            pairs.append((Path(self._engine.url.database or ""), target / "auditor.db"))
        if any(ours.exists() and theirs.exists() and ours.samefile(theirs) for ours, theirs in pairs):
            raise StorageError(
                f"{str(target)!r} is the project itself, and a copy would write over it; name another folder"
            )

    def _copy_sqlite(self, part: Path) -> None:
        source = self._engine.url.database or ""
        try:
            with closing(sqlite3.connect(source)) as ours, closing(sqlite3.connect(part)) as theirs:
                ours.backup(theirs, pages=2000)
        except sqlite3.Error as error:
            raise StorageError(
                f"the ledger cannot be copied: {error}; check the disk of {str(part.parent)!r}"
            ) from error


def _spoken_of(database: Path) -> tuple[frozenset[str], frozenset[str]]:
    """Return the snapshots and the checkpoints that a ledger speaks of."""
    with closing(sqlite3.connect(database)) as connection:
        snapshots = connection.execute(
            "SELECT digest FROM snapshot UNION SELECT snapshot FROM capture WHERE snapshot IS NOT NULL"
        )
        carried = connection.execute(
            "SELECT checkpoint FROM trial WHERE checkpoint IS NOT NULL "
            "UNION SELECT resume_from FROM trial WHERE resume_from IS NOT NULL"
        )
        return frozenset(row[0] for row in snapshots), frozenset(row[0] for row in carried)
