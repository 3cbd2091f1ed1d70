"""Promises of ``ports.Progress``, over every implementation."""

import errno
import io
import os
import sys
from collections.abc import Iterator

import pytest

from auditor.backtest.stand_ins import OnDate
from auditor.ports import Progress
from auditor.progress import Lines, Live, Silent
from tests.fakes import RecordingProgress

PORT = Progress
IMPLEMENTATIONS = (Lines, Live, Silent, OnDate, RecordingProgress)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(params=IMPLEMENTATIONS, ids=lambda kind: kind.__name__)
def progress(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Progress]:
    if request.param is Live:
        monkeypatch.setattr(sys, "stderr", Terminal())
        with Live() as live:
            yield live
    else:
        yield OnDate(Lines(), "2026-03-15") if request.param is OnDate else request.param()


@pytest.mark.parametrize(
    "step",
    [
        ("search", 1, 30),
        ("search", 31, 30, "more than were thought"),
        ("canary", 0, None),
        ("confirm", 10**12, 0, "[bold]no markup[/]"),
        ("", 1, 1, "ünïcode \x1b[31m \n"),
    ],
    ids=["usual", "late", "unknown total", "markup", "hostile"],
)
def test_nothing_that_is_said_can_stop_an_audit_or_reaches_its_output(
    progress: Progress, step: tuple[str, int, int | None], capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(3):
        progress.step(*step)

    assert capsys.readouterr().out == ""


class Deaf(Terminal):
    """A stream that nothing can be written to any more."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number

    def write(self, _: str) -> int:
        raise OSError(self.number, os.strerror(self.number))


@pytest.mark.parametrize("number", [errno.EPIPE, errno.ENOSPC, errno.EIO])
def test_an_audit_goes_on_when_nobody_can_be_told(
    progress: Progress, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever read it is gone, the log's disk is full, or the terminal was closed."""
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stderr", Deaf(number))
        for done in range(1, 4):
            progress.step("search", done, 30)
            progress.step("confirm", done, 30)
