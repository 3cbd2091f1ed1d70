from dataclasses import replace

import pytest

from auditor.core.records import Audit, Call, Finding
from auditor.reporting.numbers import GAP
from auditor.reporting.page import Tile
from auditor.reporting.view import audit_page
from tests.examples import an_audit
from tests.gallery import CHURN, failed, fresh, past, stale, undecided


def tiles(audit: Audit) -> dict[str, Tile]:
    return {tile.name: tile for tile in audit_page(audit, past()).tiles}


def test_a_title_begins_with_the_call() -> None:
    assert audit_page(stale(), ()).title == "STALE: learning_rate, momentum - churn - 2026-11-22"
    assert audit_page(fresh(), ()).title == "FRESH: flight-delays - 2026-11-22"
    assert audit_page(undecided(), ()).title == "UNDECIDED: energy-demand - 2026-11-22"
    assert audit_page(failed(), ()).title == "FAILED: fraud - 2026-11-21"


def test_a_title_counts_stale_settings_past_the_third() -> None:
    settings = tuple(
        Finding(name=f"s{n}", production=1, recommended=2, call=Call.STALE, sentence="") for n in range(5)
    )

    assert audit_page(replace(stale(), settings=settings), ()).title.startswith(
        "STALE: s0, s1, s2 and 2 more - "
    )


def test_headline_and_sentence_are_printed_as_they_come() -> None:
    page = audit_page(stale(), ())

    assert (page.headline, page.sentence) == (stale().headline, stale().sentence)


def test_the_first_screen_leads_with_the_call_and_the_gain() -> None:
    call, gain, *_ = audit_page(stale(), past()).tiles

    assert call.mark is not None
    assert call.mark.word == "stale"
    assert gain.value == f"2.9{GAP}%"
    assert f"1.5 to 4.3{GAP}%" in gain.detail
    assert "0.0099 (0.0052 to 0.0146)" in gain.detail


@pytest.mark.parametrize("to_the_end", [True, False])
def test_what_all_audits_say_together_stands_with_the_evidence(to_the_end: bool) -> None:
    repeated = an_audit().repeated
    assert repeated is not None
    audit = replace(stale(), repeated=replace(repeated, to_the_end=to_the_end))

    said = audit_page(audit, past()).confirming

    assert {repeated.sentence, repeated.promise} <= set(said)
    assert any("not for stale" in line for line in said) is to_the_end


def test_the_promise_of_the_search_stands_beside_what_was_confirmed() -> None:
    promise = tiles(stale())["Promised by the search"]

    assert promise.value == f"4.0{GAP}%"
    assert f"confirmed on rows it never saw: 2.9{GAP}%" in promise.detail


def test_a_call_that_holds_says_since_when() -> None:
    since = tiles(stale())["Stale since"]

    assert since.value == "2026-08-24"
    assert since.detail.startswith("stale in 2 audits running; fresh on ")


def test_the_first_audit_of_a_model_says_so() -> None:
    first = {tile.name: tile for tile in audit_page(stale(), ()).tiles}

    assert first["Stale since"].detail == "the first audit of this model"


def test_a_failed_audit_has_only_the_tiles_that_have_facts() -> None:
    assert list(tiles(failed())) == ["Call", "Budget spent"]


def test_an_audit_that_failed_says_what_to_run_once_it_is_mended() -> None:
    advice = audit_page(failed(), ()).advice

    assert [command.text for command in advice.commands] == ["auditor check fraud", "auditor run fraud"]


def test_an_error_that_the_headline_cuts_short_is_shown_in_full() -> None:
    audit = replace(failed(), headline="The audit failed: 2 problems", error="2 problems\n  a\n  b")

    assert audit_page(audit, ()).error == "2 problems\n  a\n  b"
    assert audit_page(failed(), ()).error == ""


def test_only_changed_settings_are_in_the_diff_written_exactly() -> None:
    diff = audit_page(stale(), ()).advice.diff

    assert [(line.name, line.production, line.recommended) for line in diff] == [
        ("learning_rate", "0.0003", "0.0016"),
        ("momentum", "0.9", "0.97"),
    ]


def test_fresh_says_nothing_to_change() -> None:
    advice = audit_page(fresh(), ()).advice

    assert advice.diff == ()
    assert advice.lead.startswith("Nothing to change")


def test_undecided_says_what_it_would_take() -> None:
    rows = audit_page(undecided(), ()).advice.steps
    confirmation = undecided().confirmation
    assert confirmation is not None
    runs = replace(confirmation, more_rows=None, more_replicates=14)

    assert "4,100 confirming rows" in rows[0]
    assert (
        "14 more paired trainings" in audit_page(replace(undecided(), confirmation=runs), ()).advice.steps[0]
    )


@pytest.mark.parametrize(
    "schedule", ["schedules/churn.v2.toml", "churn.v2", "C:\\work\\schedules\\churn.v2.toml"]
)
def test_commands_name_the_schedule_as_the_command_line_does(schedule: str) -> None:
    audit = replace(stale(), provenance=replace(stale().provenance, schedule=schedule))

    assert audit_page(audit, ()).advice.commands[1].text == "auditor run churn.v2"


def test_a_setting_at_the_edge_of_its_range_is_warned_about() -> None:
    warned = {row.name: row.warning for row in audit_page(stale(), ()).settings if row.warning}

    assert list(warned) == ["dropout"]
    assert "lower edge" in warned["dropout"]


def test_groups_and_alternatives_are_said_in_words() -> None:
    audit = replace(stale(), groups=(("a", "b"),), either_of=(("c", "d"),))

    together = audit_page(audit, ()).together

    assert together == (
        "a and b carry the gain only together: change all of them.",
        "c or d: changing any one of them would do.",
    )


def test_every_searched_setting_has_a_scatter() -> None:
    search = audit_page(stale(), ()).search

    assert search is not None
    assert [figure.title for figure in search.figures] == ["Learning curves", *CHURN]


def test_without_curves_there_is_no_chart_of_them() -> None:
    search = audit_page(fresh(), ()).search

    assert search is not None
    assert "Learning curves" not in [figure.title for figure in search.figures]


def test_effects_are_drawn_only_where_they_were_attributed() -> None:
    assert [figure.title for figure in audit_page(stale(), ()).evidence] == [
        "Which setting carries the gain",
        "How the evidence accumulated",
    ]
    assert [figure.title for figure in audit_page(fresh(), ()).evidence] == ["How the evidence accumulated"]


def test_every_chart_has_its_numbers_as_a_table() -> None:
    page = audit_page(stale(), ())
    assert page.search is not None

    for figure in (*page.evidence, *page.search.figures):
        assert figure.table.rows
        assert all(
            len(row) == len(figure.table.head) == len(figure.table.numeric) for row in figure.table.rows
        )


def test_failures_are_listed_once_per_cause() -> None:
    search = audit_page(stale(), ()).search

    assert search is not None
    assert [line.split(",")[0] for line in search.failures] == ["diverged", "timeout"]
