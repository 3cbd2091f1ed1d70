"""Every error that is raised on purpose, drawn as a tree.

::

    AuditorError                 what a user can mend; anything else that escapes is our bug
    ├── DeclarationError         a file in schedules/, or a command-line value, is wrong
    │   └── ScaleError           a value or range has no place on its scale
    ├── CaptureError             production could not be read, or has never been captured
    ├── DataError                fresh data is missing, empty, too small, or cannot be learned from
    │   └── EarlyError           too few rows have come since the last turn; later there will be more
    ├── TrainerError             the trainer cannot be built, or production itself fails to train
    ├── SnapshotError            a snapshot is not the bytes it was, or is gone
    ├── AwayError                what an audit needs is not there now; the audit stays open, and goes on later
    │   ├── StorageError         the database or a folder cannot be read or written
    │   │   └── FencedError      another process has taken over this audit
    │   └── ClusterError         the cluster that trials run on does not answer, or has no workers
    ├── BusyError                another process is auditing the same model
    └── ChannelError             a message could not be sent

Messages are written for the person who reads them at three in the morning: what is wrong,
what was given, what is allowed, and the next step.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_STEERING = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""What steers a terminal, and what no encoding knows; line ends are left alone."""


class AuditorError(Exception):
    """Something a user can mend; shown as one line, exit code 2."""


class DeclarationError(AuditorError):
    """A schedule, or a value given on the command line, is wrong."""


class ScaleError(DeclarationError):
    """A value or a range has no place on its scale."""


class CaptureError(AuditorError):
    """Production's settings could not be read, or were never captured."""


class DataError(AuditorError):
    """The fresh data is missing, empty, too small, or cannot be learned from."""


class EarlyError(DataError):
    """Too few rows have come since the last turn of a live model: nothing is wrong, and nothing was begun."""


class TrainerError(AuditorError):
    """The trainer cannot be built, or production itself does not train."""


class SnapshotError(AuditorError):
    """A snapshot is gone, or is not the bytes that it was."""


class AwayError(AuditorError):
    """What an audit needs is not there now: nothing is wrong with the audit, which goes on later."""


class StorageError(AwayError):
    """The database or a folder cannot be read or written."""


class ClusterError(AwayError):
    """The cluster that trials run on does not answer, or has no workers."""


class FencedError(StorageError):
    """Another process has taken over this audit, or it was cancelled: nothing more is to be written."""


class BusyError(AuditorError):
    """Another process is auditing the same model."""


class ChannelError(AuditorError):
    """A message was not taken by its channel, or nobody can say whether it was; holds no secret."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a declaration.

    Attributes
    ----------
    where
        The key as the user wrote it, dotted: ``search.learning_rate.high``.
    what
        What is wrong, what was given, what is allowed.
    """

    where: str
    what: str


def declaration_error(path: str, problems: Sequence[Problem]) -> DeclarationError:
    """Return one error that lists every mistake of a declaration.

    Examples
    --------
    >>> print(declaration_error("a.toml", [Problem("policy.margn", "unknown key")]))
    a.toml: 1 problem
      policy.margn  unknown key
    """
    # A key may be any text: one with a line end in it must not look like two mistakes.
    said = [
        tuple(printable(text).replace("\n", "\\n") for text in (each.where, each.what)) for each in problems
    ]
    width = max(len(where) for where, _ in said)
    head = f"{path}: {len(problems)} problem{'s' if len(problems) != 1 else ''}"
    return DeclarationError("\n".join([head, *(f"  {where.ljust(width)}  {what}" for where, what in said)]))


def one_line(error: BaseException, limit: int = 300) -> str:
    r"""Return what user code or a library raised as one line of at most ``limit`` characters.

    Examples
    --------
    >>> one_line(ValueError("expected 2 columns,\n  got 3"))
    'ValueError: expected 2 columns, got 3'
    """
    said = str(error).strip()
    return in_a_line(f"{type(error).__name__}: {said}" if said else type(error).__name__, limit)


def in_a_line(text: str, limit: int = 160) -> str:
    r"""Return a text of several lines as one of at most ``limit`` characters.

    Examples
    --------
    >>> in_a_line("a.toml: 1 problem\n  policy.margn  unknown key")
    'a.toml: 1 problem policy.margn unknown key'
    """
    said = printable(" ".join(text.split()))
    return said if len(said) <= limit else f"{said[: limit - 1]}…"


def printable(text: str) -> str:
    r"""Return a text whose control characters are spelled out, so that it cannot steer a terminal.

    Examples
    --------
    >>> print(printable("\x1b[31mred"))
    \x1b[31mred
    """
    return _STEERING.sub(lambda found: repr(found.group())[1:-1], text)
