"""Pages on disk: each written beside its target and renamed, so that none is ever half there."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path

from auditor.core.document import audit_to_json, record_to_json
from auditor.core.records import Audit, AuditSummary, Backtest
from auditor.errors import StorageError
from auditor.files import in_turn, replacing
from auditor.ports import Ledger
from auditor.reporting.history import month_of, month_pages, month_stem
from auditor.reporting.listing import MOST_ROWS, RECENT, stem_of
from auditor.reporting.numbers import date_text
from auditor.reporting.render import (
    render_audit,
    render_backtest,
    render_history,
    render_index,
    render_month,
)
from auditor.reporting.trials import trials_csv

_UNSAFE = re.compile(r"[^\w.-]+")
_LONGEST = 80
"""Characters of a folder's name that are the model's own: far below any file system's limit."""

_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d|gallery)(\..*)?", re.IGNORECASE)


NEWEST_BACKTEST = "backtest.html"
"""Name of the page of a model's newest backtest."""


def folder_name(model: str) -> str:
    """Return a name for a model's folder that any file system takes, and that no other model has.

    A plain name is kept as it is. What could leave the folder, clash on a file system that
    ignores case, or hit a reserved name is replaced, and the model's digest is appended.

    Examples
    --------
    >>> folder_name("churn-model.v2")
    'churn-model.v2'
    >>> folder_name("../etc/passwd")
    'etc-passwd-7fef78f5'
    """
    # Letters beyond ASCII are spelled in several ways that look the same; only these stay plain.
    text = unicodedata.normalize("NFKD", model).encode("ascii", "ignore").decode()
    plain = _UNSAFE.sub("-", text).strip(".-_ ")[:_LONGEST].lower().strip(".-_ ")
    if plain and plain == model and not _RESERVED.fullmatch(plain):
        return plain
    digest = hashlib.sha256(model.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{plain or 'model'}-{digest}"


class FolderPublisher:
    """Publishes into a folder, which opens in a browser straight from the disk.

    Attributes
    ----------
    folder
        Made when it is missing.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def publish(self, audit: Audit, ledger: Ledger) -> str:
        """Write the page, its twin and its trials, refresh the listings, and return the page's path.

        The page comes after what it links and the index last. Of the ledger, at most
        `MOST_ROWS` audits of the model, those of one month, and `RECENT` of every model are read; of the
        listings, those that this audit is on are written.

        Raises
        ------
        StorageError
            If the folder cannot be written.
        """
        model_folder, stem = self.folder / folder_name(audit.model), stem_of(audit.summary)
        past = ledger.summaries(audit.model, MOST_ROWS, up_to=audit.id)
        try:
            model_folder.mkdir(parents=True, exist_ok=True)
            _write(model_folder / f"{stem}.json", audit_to_json(audit))
            _write(model_folder / f"{stem}.csv", trials_csv(audit))
            _write(model_folder / f"{stem}.html", render_audit(audit, past, beside=True))
            # What is listed is read within the turn too: whoever writes last has read what all have done.
            with in_turn(self.folder):
                self._refresh_model(audit, ledger)
                self._refresh_index(ledger)
        except OSError as error:
            raise StorageError(
                f"the report cannot be written to {str(model_folder)!r}: {error.strerror or error}; "
                f"free the disk or mend the permissions, then `auditor report {audit.id}`"
            ) from error
        return str(model_folder / f"{stem}.html")

    def publish_backtest(self, backtest: Backtest, ledger: Ledger) -> str:
        """Write a backtest's page and its twin beside the model's audits, and return the page's path.

        The model's newest one lies in `NEWEST_BACKTEST` as well: the history links it, without reading a
        folder of thousands through.

        Raises
        ------
        StorageError
            If the folder cannot be written.
        """
        model_folder = self.folder / folder_name(backtest.model)
        stem = f"backtest-{date_text(backtest.finished_at)}"
        try:
            model_folder.mkdir(parents=True, exist_ok=True)
            listed = (model_folder / "index.html").is_file()
            _write(model_folder / f"{stem}.json", record_to_json(backtest, indent=2) + "\n")
            for name in (f"{stem}.html", NEWEST_BACKTEST):
                _write(model_folder / name, render_backtest(backtest, listed=listed))
            if listed:
                with in_turn(self.folder):
                    self._write_history(backtest.model, ledger)
        except OSError as error:
            raise StorageError(
                f"the report cannot be written to {str(model_folder)!r}: {error.strerror or error}; "
                f"free the disk or mend the permissions, then `{backtest.command}` again"
            ) from error
        return str(model_folder / f"{stem}.html")

    def old_backtests(self, before: datetime) -> tuple[Path, ...]:
        """Return pages and twins of backtests that ended on an earlier day, but for each model's newest."""
        first = f"backtest-{date_text(before)}"
        found = sorted(self.folder.glob("*/backtest-????-??-??.*"))
        newest = {path.parent: path.stem for path in found}
        return tuple(
            path
            for path in found
            if path.suffix in {".html", ".json"} and path.stem < first and path.stem != newest[path.parent]
        )

    def with_pages(self, audits: Sequence[AuditSummary]) -> tuple[AuditSummary, ...]:
        """Return those audits that have a page, its twin, or its trials here."""
        return tuple(one for one in audits if any(path.is_file() for path in self._files(one)))

    def forget(self, audits: Sequence[AuditSummary], ledger: Ledger) -> int:
        """Delete what was written of audits, and return how many bytes that were.

        The listings first, which then link them no more: no link leads nowhere at any moment. `auditor
        report` makes a page again.

        Raises
        ------
        StorageError
            If the folder cannot be written.
        """
        freed = 0
        for model, mine in groupby(sorted(audits, key=lambda one: one.model), key=lambda one: one.model):
            gone = tuple(mine)
            with self._deleting(), in_turn(self.folder):
                self._unlink(model, gone, ledger)
            freed += self.delete([path for one in gone for path in self._files(one) if path.is_file()])
        return freed

    def delete(self, files: Sequence[Path]) -> int:
        """Delete files of this folder, and return how many bytes that were.

        Raises
        ------
        StorageError
            If the folder cannot be written.
        """
        freed = 0
        with self._deleting():
            for path in files:
                freed += path.stat().st_size
                path.unlink()
        return freed

    @contextmanager
    def _deleting(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise StorageError(
                f"pages cannot be deleted from {str(self.folder)!r}: {error.strerror or error}; mend the "
                "permissions, then run the same command again"
            ) from error

    def _files(self, one: AuditSummary) -> tuple[Path, ...]:
        folder, stem = self.folder / folder_name(one.model), stem_of(one)
        return tuple(folder / f"{stem}.{ending}" for ending in ("html", "json", "csv"))

    def _unlink(self, model: str, gone: Sequence[AuditSummary], ledger: Ledger) -> None:
        """Write the listings of a model again that link pages which are to go."""
        folder, stems = self.folder / folder_name(model), frozenset(map(stem_of, gone))
        for month in sorted({month_of(one.started_at) for one in gone}):
            parts = month_pages(ledger.summaries(model, within=month))
            for part, shown in enumerate(parts, start=1):
                path, pages = _month_file(folder, month[0], part), _with_pages(shown, folder)
                if pages & stems and path.is_file():
                    _write(path, render_month(shown, part=part, parts=len(parts), pages=pages - stems))
        if _with_pages(ledger.summaries(model, MOST_ROWS), folder) & stems:
            self._write_history(model, ledger, without=stems)

    def _refresh_model(self, audit: Audit, ledger: Ledger) -> None:
        """Write the page of the audit's month, and the one of the model's newest audits."""
        folder = self.folder / folder_name(audit.model)
        newest = ledger.summaries(audit.model, MOST_ROWS)
        self._write_month(audit, ledger, audit.started_at)
        if len(newest) == MOST_ROWS and not _month_file(folder, newest[-1].started_at).is_file():
            self._write_month(audit, ledger, newest[-1].started_at)  # before its audits fall off the list
        self._write_history(audit.model, ledger, newest=newest)

    def _write_history(
        self,
        model: str,
        ledger: Ledger,
        *,
        newest: Sequence[AuditSummary] = (),
        without: frozenset[str] = frozenset(),
    ) -> None:
        """Write the page of a model's newest audits, whose pages are linked but for those that are to go."""
        folder = self.folder / folder_name(model)
        newest = newest or ledger.summaries(model, MOST_ROWS)
        if not newest:
            return  # the page is of another ledger
        months = _months(folder, ledger.began(model) or newest[-1].started_at, newest[0].started_at)
        backtest = NEWEST_BACKTEST if (folder / NEWEST_BACKTEST).is_file() else ""
        pages = _with_pages(newest, folder) - without
        history = render_history(newest, pages=pages, months=months, backtest=backtest)
        _write(folder / "index.html", history)

    def _write_month(self, audit: Audit, ledger: Ledger, moment: datetime) -> None:
        folder = self.folder / folder_name(audit.model)
        parts = month_pages(ledger.summaries(audit.model, within=month_of(moment)))
        for part, shown in enumerate(parts, start=1):
            path = _month_file(folder, moment, part)
            # A full page was written when it filled up; only the one with this audit has something new.
            if any(one.id == audit.id for one in shown) or not path.is_file():
                pages = _with_pages(shown, folder)
                _write(path, render_month(shown, part=part, parts=len(parts), pages=pages))

    def _refresh_index(self, ledger: Ledger) -> None:
        recent = ledger.latest(RECENT)
        folders = {summary.model: folder_name(summary.model) for summary in recent}
        pages = {
            model: _with_pages(
                [one for one in mine if one.state != "running"][:1], self.folder / folders[model]
            )
            for model, mine in groupby(recent, key=lambda one: one.model)
        }
        # What was finished last is the nearest thing to now that a pure function can know.
        as_of = max(summary.finished_at or summary.started_at for summary in recent)
        # Its other orders first: whatever it links is there.
        for stem, text in reversed(render_index(recent, as_of=as_of, folders=folders, pages=pages).items()):
            _write(self.folder / f"{stem}.html", text)


def _with_pages(audits: Sequence[AuditSummary], folder: Path) -> frozenset[str]:
    """Return the stems of those audits that have a page; a folder of thousands is not read through."""
    return frozenset(stem for one in audits if (folder / f"{(stem := stem_of(one))}.html").is_file())


def _month_file(folder: Path, moment: datetime, part: int = 1) -> Path:
    return folder / f"{month_stem(moment, part)}.html"


def _months(folder: Path, began: datetime, newest: datetime) -> tuple[str, ...]:
    """Return the stems of the months' pages that exist, newest month first, its pages in their order."""
    found: list[str] = []
    month, _ = month_of(newest)
    while month >= month_of(began)[0]:
        part = 1
        while _month_file(folder, month, part).is_file():
            found.append(month_stem(month, part))
            part += 1
        month, _ = month_of(month - timedelta(days=1))
    return tuple(found)


def _write(path: Path, text: str) -> None:
    with replacing(path) as page:
        page.write_bytes(text.encode("utf-8"))
