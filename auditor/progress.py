"""How far an audit is: a live line on a terminal, plain lines elsewhere."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from auditor.ports import Progress

_SAID = {"canary": "repeat of an earlier training"}
"""Stages whose names in the ledger are no words for a user."""

_EVERY = 10
"""Off a terminal, one line for this many trainings."""


class Silent:
    """Says nothing."""

    def step(self, stage: str, done: int, total: int | None, note: str = "") -> None:
        """Say nothing."""


class Lines:
    """Plain lines on stderr: one when a stage begins, then one every so many trainings."""

    def __init__(self) -> None:
        self._stage = ""

    def step(self, stage: str, done: int, total: int | None, note: str = "") -> None:
        """Print a line, unless the last one still says enough."""
        if stage != self._stage or done % _EVERY == 0:
            self._stage = stage
            with suppress(OSError):  # whoever read it is gone, or the disk of the log is full
                print(_said(stage, done, total, note), file=sys.stderr, flush=True)


class Live:
    """A spinner that names the stage and counts trainings."""

    def __init__(self) -> None:
        from rich.console import Console

        self._status = Console(stderr=True).status("reading production and data")

    def __enter__(self) -> "Live":
        """Start to spin."""
        self._status.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Clear the line."""
        self._status.stop()

    def step(self, stage: str, done: int, total: int | None, note: str = "") -> None:
        """Rewrite the line."""
        from rich.markup import escape

        self._status.update(escape(_said(stage, done, total, note)))


def _said(stage: str, done: int, total: int | None, note: str) -> str:
    of = f" of about {total}" if total else ""
    return f"{_SAID.get(stage, stage)}: {done}{of} trainings done {note}".rstrip()


@contextmanager
def open_progress(*, quiet: bool) -> Iterator[Progress]:
    """Yield what tells the user how far an audit is."""
    if quiet:
        yield Silent()
    elif sys.stderr.isatty():
        with Live() as live:
            yield live
    else:
        yield Lines()


def silent() -> Progress:
    """Return a progress that says nothing."""
    return Silent()
