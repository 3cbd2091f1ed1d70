"""Whether there is room to write: tried, and told with its reason. For readiness and for `auditor doctor`."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from auditor.errors import StorageError

LEAST_FREE, FREE_AGAIN = 64 * 1024**2, 128 * 1024**2
"""Bytes below which a disk counts as full, and above which it does so no longer: one that is just at the
limit must not be ready at one look and not at the next. Fewer would not hold the rows of a middling audit."""

_TRIED_BYTES = 4096


def why_not_writable(folder: Path) -> str:
    """Return why nothing can be written into a folder; empty where it can.

    Where it is still to be made, the nearest folder above it is tried.
    """
    there = next((place for place in (folder, *folder.absolute().parents) if place.exists()), folder)
    try:
        with tempfile.NamedTemporaryFile(dir=there, prefix=".auditor-tried-") as file:
            file.write(b"x" * _TRIED_BYTES)
            file.flush()
    except OSError as error:
        return f"{str(folder)!r} cannot be written to: {(error.strerror or str(error)).lower()}"
    return ""


@dataclass(slots=True)
class Room:
    """The places that a daemon writes to, and those among them that were full at the last look.

    Attributes
    ----------
    places
        By what they are for: ``{"vault": Path("vault")}``.
    """

    places: Mapping[str, Path]
    _full: set[str] = field(default_factory=set)

    def check(self) -> None:
        """Try every place.

        Raises
        ------
        StorageError
            If one is full or cannot be written to, with all reasons.
        """
        reasons = tuple(self._reasons())
        if reasons:
            raise StorageError("; ".join(reasons))

    def _reasons(self) -> Iterator[str]:
        for what, folder in self.places.items():
            problem = why_not_writable(folder)
            if problem:
                yield f"the {what} {problem}"
            elif (free := self._is_full(what, folder)) is not None:
                yield (
                    f"the {what} {str(folder)!r} has {free // 1024**2} MiB left; free some space, to "
                    f"{FREE_AGAIN // 1024**2} MiB at least, or run `auditor prune`"
                )

    def _is_full(self, what: str, folder: Path) -> int | None:
        """Return how many bytes are left where that is too few."""
        there = next(place for place in (folder, *folder.absolute().parents) if place.exists())
        free = shutil.disk_usage(there).free
        full = free < (FREE_AGAIN if what in self._full else LEAST_FREE)
        (self._full.add if full else self._full.discard)(what)
        return free if full else None
