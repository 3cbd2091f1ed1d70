"""The folder of schedules, looked at again and again; only files that changed are read."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from auditor.core.records import Plan
from auditor.declarations import parse_plan, read_schedule, schedule_files
from auditor.errors import DeclarationError

_Stamp = tuple[int, int, int]
"""What changes when a file does: its number, its size, and when it was written."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """A schedule as it could last be read.

    Attributes
    ----------
    text
        Of the file, passwords included: it is handed to the process that audits and kept nowhere else.
    """

    plan: Plan
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What is different since the folder was last looked at.

    Attributes
    ----------
    mended
        Schedules that are new, changed, or can be read again.
    broken
        By name, what is wrong with files that cannot be read any more, and stood so twice in a row: an editor
        that saves leaves half a file for a moment.
    gone
        Names of files that were not there twice in a row: an editor that saves takes one away for a moment.
    """

    mended: tuple[Schedule, ...] = ()
    broken: dict[str, str] = field(default_factory=dict)
    gone: tuple[str, ...] = ()


@dataclass(slots=True)
class Folder:
    """``schedules/``.

    Attributes
    ----------
    schedules
        By name, as they could last be read: a file that was broken since keeps its last good text.
    problems
        By name, what is wrong with a file now. The empty name is the folder itself.
    """

    path: Path
    schedules: dict[str, Schedule] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    _stamps: dict[str, _Stamp] = field(default_factory=dict)
    _untold: dict[str, str] = field(default_factory=dict)
    _missing: set[str] = field(default_factory=set)
    _kept: set[str] = field(default_factory=set)

    def expect(self, kept: Iterable[str]) -> None:
        """Hear the names of schedules that were kept before this daemon ran: their files may be gone."""
        self._kept.update(kept)

    def look(self) -> Changes:
        """Read what changed, and say what did."""
        if not self.path.is_dir():
            # A disk that is not mounted yet is not a wish to audit nothing.
            told = "" in self.problems
            self.problems[""] = f"there is no folder {str(self.path)!r}; set AUDITOR_SCHEDULES, or make it"
            return Changes() if told else Changes(broken={"": self.problems[""]})
        self.problems.pop("", None)
        there = {path.stem: path for path in schedule_files(self.path)}
        mended, broken = [], {}
        for name, path in there.items():
            stamp = _stamp(path)
            if stamp is None:
                continue
            problem = self._untold.pop(name, "")
            if stamp == self._stamps.get(name):
                if problem:
                    broken[name] = problem
                continue
            self._stamps[name] = stamp
            found = self._read(name, path)
            if isinstance(found, Schedule):
                mended.append(found)
            else:
                self._untold[name] = found
        return Changes(mended=tuple(mended), broken=broken, gone=self._gone(there))

    def _read(self, name: str, path: Path) -> Schedule | str:
        try:
            text = read_schedule(path)
            plan = parse_plan(text, path)
        except DeclarationError as error:
            self.problems[name] = str(error)
            return str(error)
        self.problems.pop(name, None)
        # Thousands of schedules are kept: the text once, and not twice.
        self.schedules[name] = Schedule(replace(plan, text=""), text)
        return self.schedules[name]

    def _gone(self, there: Collection[str]) -> tuple[str, ...]:
        # An empty folder is a disk that is not mounted yet rather than a wish to forget everything.
        missing = (self._stamps.keys() | (self._kept if there else set())) - set(there)
        gone = missing & self._missing
        self._missing = missing - gone
        for name in gone:
            for kept in (self._stamps, self._untold, self.schedules, self.problems):
                kept.pop(name, None)
        self._kept -= gone
        return tuple(sorted(gone))


def _stamp(path: Path) -> _Stamp | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns
