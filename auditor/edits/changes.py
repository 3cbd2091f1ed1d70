"""One change of production, wherever it is written down: shown, looked at once more, written, put back."""

import difflib
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from auditor.core.addresses import without_secrets
from auditor.errors import CaptureError
from auditor.files import write_text


class Edit(Protocol):
    """A place as it is, and as it is to be."""

    @property
    def place(self) -> str:
        """Where it is, as the user calls it."""

    @property
    def diff(self) -> str:
        """The change, to be read."""

    @property
    def then(self) -> str:
        """What is left to do once it is written."""

    def must_be_as_read(self) -> None:
        """Look at the place once more.

        Raises
        ------
        CaptureError
            If it changed since it was read.
        """

    def write(self) -> None:
        """Carry the change out, whole or not at all.

        Raises
        ------
        AuditorError
            If that is not possible.
        """

    def put_back(self) -> None:
        """Undo what `write` did, because another place could not be written."""


@dataclass(frozen=True, slots=True)
class FileEdit:
    """A file as it is, and as it is to be."""

    path: Path
    old: str
    new: str
    context: int

    @property
    def diff(self) -> str:
        """The change as a unified diff; without neighbours where they may hold secrets."""
        lines = difflib.unified_diff(
            self.old.splitlines(keepends=True),
            self.new.splitlines(keepends=True),
            fromfile=str(self.path),
            tofile=str(self.path),
            n=self.context,
        )
        whole = (line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)
        return without_secrets("".join(whole))

    @property
    def place(self) -> str:
        """The file."""
        return str(self.path)

    def must_be_as_read(self) -> None:
        """Look once more before anything is written."""
        if read(self.path) != self.old:
            raise CaptureError(f"{self.path} changed just now; look at it, then run the same command again")

    def write(self) -> None:
        """Write the new text; its comments and its layout are in it."""
        write_text(self.path, self.new)

    def put_back(self) -> None:
        """Write the old text."""
        write_text(self.path, self.old)

    @property
    def then(self) -> str:
        """What has to be done with it."""
        return "now deploy"


def read(path: Path) -> str:
    """Return a file's text, its line ends as they are.

    Raises
    ------
    CaptureError
        If there is none, or it is no text.
    """
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError as error:
        raise CaptureError(f"no file {str(path)!r} in {str(Path.cwd())!r}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise CaptureError(f"{path} cannot be read: {error}") from error
