"""Facts as tables."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from auditor.audit import Outcome
from auditor.cli.printing import MARKS, print_audit, print_log, print_outcome, print_status
from auditor.core.records import Call, Repeat
from tests.examples import NOON, an_audit

AUDIT = an_audit(7)
SUMMARY = AUDIT.summary


def test_every_call_has_a_word_and_a_shape():
    assert len({mark.split()[0] for mark in MARKS.values()}) == len(MARKS) == 4
    assert all(call.value in mark for call, mark in MARKS.items() if call)


def test_an_outcome_ends_with_the_page_inside_its_project(capsys):
    print_outcome(Outcome(AUDIT, "reports/churn/7.html"), root=Path("demo"), json=False)

    lines = capsys.readouterr().out.splitlines()
    assert lines[1:4] == ["▲ STALE", AUDIT.headline, AUDIT.sentence]
    said = f"next:   cd demo && auditor apply {AUDIT.id} (shows the change where it is written down)"
    assert lines[-2:] == [said, "report: demo/reports/churn/7.html"]


def test_there_is_nothing_to_apply_unless_stale(capsys):
    print_outcome(Outcome(replace(AUDIT, call=Call.FRESH), "7.html"), root=Path(), json=False)

    assert "apply" not in capsys.readouterr().out


def test_an_audit_is_printed_with_every_setting_and_how_to_get_it_again(capsys):
    print_audit(AUDIT, json=False)

    out = capsys.readouterr().out
    assert "rate     1           1            ▲ stale  stale (the loss still falls towards the high" in out
    assert "flag     True        True         ● fresh  holds" in out
    assert "trainings: 1 to search, 2 to confirm, 3 to attribute, " in out
    assert "1 of them failed; 12 s in all" in out
    assert "because: the whole interval lies above 0" in out
    assert "again: auditor audit churn --seed 42" in out


def test_a_failed_audit_has_no_settings_to_print(capsys):
    failed = replace(AUDIT, call=None, settings=(), confirmation=None, error="no rows")

    print_audit(failed, json=False)

    out = capsys.readouterr().out
    assert "– FAILED" in out
    assert "because" not in out


def test_square_brackets_in_what_users_named_are_no_markup(capsys):
    print_outcome(Outcome(replace(AUDIT, headline="[bold]x[/bold]"), "p"), root=Path(), json=False)

    assert "[bold]x[/bold]" in capsys.readouterr().out


def test_status_says_what_is_overdue(capsys):
    late = replace(SUMMARY, model="late", next_due=NOON - timedelta(seconds=1))
    by_hand = replace(SUMMARY, model="manual", next_due=None, stale_settings=(), gain=None)

    print_status([late, by_hand], now=NOON, json=False)

    lines = capsys.readouterr().out.splitlines()
    assert "2026-03-15 11:59Z OVERDUE" in lines[1]
    assert "rate" in lines[1]
    assert "by hand" in lines[2]
    assert "–" in lines[2]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"repeat": Repeat.EVIDENCE, "detector": 63.2, "alarm": False}, "63 of 100"),
        ({"repeat": Repeat.EVIDENCE, "detector": 240.0, "alarm": True}, "ALARM 240 of 100"),
        ({"repeat": Repeat.FLEET, "detector": None, "alarm": False}, "no alarm"),
        ({"repeat": Repeat.FLEET, "detector": None, "alarm": True}, "ALARM"),
        ({"repeat": Repeat.ALONE, "detector": None, "alarm": True}, "–"),
        ({"repeat": None, "detector": None, "alarm": None}, "–"),
    ],
)
def test_status_says_what_all_audits_of_a_model_say_together(capsys, changes, words):
    print_status([replace(SUMMARY, **changes)], now=NOON, json=False)

    head, line, *_ = capsys.readouterr().out.splitlines()
    start = head.index("over audits")
    assert line[start : head.index("next due")].strip() == words


def test_status_says_why_an_audit_is_due_then(capsys):
    print_status([replace(SUMMARY, next_reason="stale once in 3 months")], now=NOON, json=False)

    assert capsys.readouterr().out.endswith("why then:\n  churn: stale once in 3 months\n")


def test_status_says_since_when_a_call_holds_and_gives_no_reason_twice(capsys):
    there = replace(SUMMARY, next_reason="stale once in 3 months")

    print_status([there], now=NOON, json=False, since={SUMMARY.model: NOON}, told={SUMMARY.model})

    head, line, *rest = capsys.readouterr().out.splitlines()
    assert line[head.index("since") :].startswith("2026-03-15 ")
    assert rest == []


def test_status_gives_no_reason_where_nothing_is_due(capsys):
    print_status([replace(SUMMARY, next_due=None)], now=NOON, json=False)

    assert "why then" not in capsys.readouterr().out


def test_an_audit_is_printed_with_what_its_model_s_audits_say_together(capsys):
    print_audit(AUDIT, json=False)

    out = capsys.readouterr().out
    assert f"over audits: {AUDIT.repeated.sentence}\npromised: {AUDIT.repeated.promise}\n" in out


@pytest.mark.parametrize(
    ("state", "call", "words"),
    [("running", None, "… not finished"), ("failed", None, "– failed"), ("done", Call.FRESH, "● fresh")],
)
def test_a_log_tells_states_apart(capsys, state, call, words):
    print_log([replace(SUMMARY, state=state, call=call, headline="")], json=False)

    line = capsys.readouterr().out.splitlines()[1]
    assert words in line
    assert "not finished" in line


def test_no_word_is_lost_off_a_terminal(capsys):
    print_log([replace(SUMMARY, headline="long " * 100)], json=False)

    assert capsys.readouterr().out.count("long") == 100
