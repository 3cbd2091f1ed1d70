"""How far an audit is, for people at a terminal and for logs."""

import io
import sys

import pytest

from auditor.progress import open_progress, silent


class Terminal(io.StringIO):
    def isatty(self):
        return True


def told(steps, *, quiet=False):
    with open_progress(quiet=quiet) as progress:
        for step in steps:
            progress.step(*step)


def test_off_a_terminal_a_line_opens_a_stage_and_every_tenth_training_has_one(capsys):
    told([("search", number, 30) for number in range(1, 31)] + [("confirm", 31, None)])

    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.splitlines() == [
        "search: 1 of about 30 trainings done",
        "search: 10 of about 30 trainings done",
        "search: 20 of about 30 trainings done",
        "search: 30 of about 30 trainings done",
        "confirm: 31 trainings done",
    ]


def test_a_note_follows_the_count(capsys):
    told([("search", 1, None, "(2 failed)")])

    assert capsys.readouterr().err == "search: 1 trainings done (2 failed)\n"


def test_quiet_says_nothing(capsys):
    told([("search", 10, 30)], quiet=True)
    silent().step("search", 10, 30)

    assert capsys.readouterr() == ("", "")


def test_on_a_terminal_one_line_is_rewritten_and_cleared(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")

    told([("search", 1, 30), ("search", 2, 30, "[not markup]")])

    assert "\x1b[?25h" in terminal.getvalue()  # the cursor is back


def test_a_terminal_is_left_clean_when_an_audit_fails(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")

    with pytest.raises(RuntimeError), open_progress(quiet=False):
        raise RuntimeError

    assert "\x1b[?25h" in terminal.getvalue()
