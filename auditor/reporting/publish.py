"""Pages on disk: each written beside its target and renamed, so that none is ever half there."""

import hashlib
import os
import re
import tempfile
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from auditor.core.document import audit_to_json, record_to_json
from auditor.core.records import Audit, AuditSummary, Backtest
from auditor.errors import StorageError
from auditor.reporting.listing import stem_of
from auditor.reporting.numbers import date_text
from auditor.reporting.past import with_audit
from auditor.reporting.render import render_audit, render_backtest, render_history, render_index

_UNSAFE = re.compile(r"[^\w.-]+")
_LONGEST = 80
"""Characters of a folder's name that are the model's own: far below any file system's limit."""

_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d|gallery)(\..*)?", re.IGNORECASE)


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

    def publish(self, audit: Audit, past: Sequence[AuditSummary]) -> str:
        """Write the page and its twin, refresh both listings, and return the page's path.

        The twin goes first and the index last: whatever is listed is there.

        Parameters
        ----------
        past
            Every model's audits, newest first, this one among them or not.

        Raises
        ------
        StorageError
            If the folder cannot be written.
        """
        model_folder, stem = self.folder / folder_name(audit.model), stem_of(audit.summary)
        try:
            model_folder.mkdir(parents=True, exist_ok=True)
            write_whole(model_folder / f"{stem}.json", audit_to_json(audit))
            write_whole(model_folder / f"{stem}.html", render_audit(audit, past))
            self._refresh(audit, past)
        except OSError as error:
            raise StorageError(
                f"the report cannot be written to {str(model_folder)!r}: {error.strerror or error}; "
                f"free the disk or mend the permissions, then `auditor report {audit.id}`"
            ) from error
        return str(model_folder / f"{stem}.html")

    def publish_backtest(self, backtest: Backtest) -> str:
        """Write a backtest's page and its twin beside the model's audits, and return the page's path.

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
            write_whole(model_folder / f"{stem}.json", record_to_json(backtest, indent=2) + "\n")
            write_whole(model_folder / f"{stem}.html", render_backtest(backtest, listed=listed))
        except OSError as error:
            raise StorageError(
                f"the report cannot be written to {str(model_folder)!r}: {error.strerror or error}; "
                f"free the disk or mend the permissions, then `{backtest.command}` again"
            ) from error
        return str(model_folder / f"{stem}.html")

    def _refresh(self, audit: Audit, past: Sequence[AuditSummary]) -> None:
        audits = with_audit(audit, past)
        folders = {summary.model: folder_name(summary.model) for summary in audits}
        pages = {model: self._pages(folder) for model, folder in folders.items()}
        mine = [summary for summary in audits if summary.model == audit.model]
        history = render_history(mine, pages=pages[audit.model])
        write_whole(self.folder / folders[audit.model] / "index.html", history)
        # What was finished last is the nearest thing to now that a pure function can know.
        as_of = max(summary.finished_at or summary.started_at for summary in audits)
        index = render_index(audits, as_of=as_of, folders=folders, pages=pages)
        write_whole(self.folder / "index.html", index)

    def _pages(self, folder: str) -> frozenset[str]:
        return frozenset(path.stem for path in (self.folder / folder).glob("*.html"))


def write_whole(path: Path, text: str) -> None:
    """Write a file so that readers see the old text or the new one, never a part.

    Raises
    ------
    OSError
        If it cannot be written; what stood at ``path`` still does, and nothing is left beside it.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.", suffix=".part")
    beside = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.chmod(0o644)  # mkstemp's 0600 would keep a web server out
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
