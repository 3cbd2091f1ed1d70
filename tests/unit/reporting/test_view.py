from dataclasses import replace

import pytest

from auditor.core.records import Audit, Call, Finding
from auditor.reporting.numbers import GAP
from auditor.reporting.page import Tile
from auditor.reporting.render import render_audit
from auditor.reporting.view import audit_page
from tests.examples import an_audit
from tests.gallery import CHURN, back_from, failed, fresh, stale, undecided
from tests.panda_life import panda


def tiles(audit: Audit) -> dict[str, Tile]:
    page = audit_page(audit, back_from(audit))
    return {tile.name: tile for tile in (*page.tiles, *page.more)}


def advice_steps(audit: Audit) -> tuple[str, ...]:
    return audit_page(audit, ()).advice.steps


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


def test_headline_and_sentence_are_printed_as_they_come_but_no_line_breaks_before_a_per_cent() -> None:
    page = audit_page(stale(), ())

    assert (page.headline, page.sentence.replace(GAP, " ")) == (stale().headline, stale().sentence)
    assert " %" not in page.sentence


def test_the_first_screen_leads_with_the_call_and_the_gain() -> None:
    call, gain, since = audit_page(stale(), back_from(stale())).tiles

    assert call.mark is not None
    assert call.mark.word == "stale"
    assert gain.value == f"2.9{GAP}%"
    assert f"1.5 to 4.3{GAP}%" in gain.detail
    assert "0.0099 (0.0052 to 0.0146)" in gain.detail
    assert since.name == "Stale since"


def test_what_to_do_stands_above_what_one_asks_next() -> None:
    text = render_audit(stale(), back_from(stale()))

    places = [text.index(word) for word in ("Gain if changed", "What to do", "Cause<", "Every setting<")]
    assert places == sorted(places)


def test_doing_nothing_has_its_price() -> None:
    cost, *_ = audit_page(stale(), ()).advice.steps
    at_most, *_ = audit_page(undecided(), ()).advice.steps

    assert cost == (
        f"Doing nothing gives away 2.9{GAP}% of production's log-loss (95{GAP}% interval 1.5 to 4.3{GAP}%), "
        "on rows like these, against the challenger as a whole."
    )
    assert at_most == (
        f"Doing nothing gives away 7.4{GAP}% of production's squared error at most, "
        f"by the 95{GAP}% intervals of the challengers tested."
    )
    assert audit_page(fresh(), ()).advice.steps == ()


def test_no_price_is_bounded_by_evidence_that_does_not_bound_it() -> None:
    audit = undecided()
    confirmation = audit.confirmation
    assert confirmation is not None
    failed = replace(audit, confirmation=replace(confirmation, failed=1))
    correlated = replace(audit, confirmation=replace(confirmation, p_value=1.0))

    assert not any("Doing nothing" in step for step in advice_steps(failed))
    assert not any("Doing nothing" in step for step in advice_steps(correlated))


def test_the_price_is_bounded_by_the_challenger_of_which_most_may_be_true() -> None:
    audit = undecided()
    confirmation = audit.confirmation
    assert confirmation is not None
    (only, *_) = confirmation.finalists
    gain = only.looks[-1].gain
    wider = replace(only.looks[-1], gain=replace(gain, high=2.0 * gain.high))
    both = replace(confirmation, finalists=(*confirmation.finalists, replace(only, looks=(wider,))))
    excluded = replace(
        both, finalists=(*confirmation.finalists, replace(only, looks=(wider,), excluded=True))
    )

    assert f"away 15{GAP}%" in advice_steps(replace(audit, confirmation=both))[0]
    assert advice_steps(replace(audit, confirmation=excluded))[0] == advice_steps(audit)[0]


def test_a_change_of_a_setting_that_is_not_stale_by_itself_says_why() -> None:
    rate, momentum, *others = stale().settings
    audit = replace(stale(), change=None, settings=(rate, replace(momentum, call=Call.UNDECIDED), *others))

    assert any(step.startswith("momentum is not shown to be stale alone") for step in advice_steps(audit))
    assert not any("stale alone" in step for step in advice_steps(stale()))


@pytest.mark.parametrize("to_the_end", [True, False])
def test_what_all_audits_say_together_stands_with_the_evidence(to_the_end: bool) -> None:
    repeated = an_audit().repeated
    assert repeated is not None
    audit = replace(stale(), repeated=replace(repeated, to_the_end=to_the_end))

    said = audit_page(audit, back_from(audit)).confirming

    assert {repeated.sentence, repeated.promise} <= set(said)
    assert any("not for stale" in line for line in said) is to_the_end


def test_the_promise_of_the_search_stands_beside_what_was_confirmed() -> None:
    assert (
        f"The search promised 4.0{GAP}%; on rows it never saw, it is 2.9{GAP}%: the best of many scores "
        "flatters itself."
    ) in audit_page(stale(), ()).confirming


def test_a_call_that_holds_says_since_when() -> None:
    since = tiles(stale())["Stale since"]

    assert since.value == "2026-08-23"
    assert since.detail.startswith("stale in 2 audits running; undecided on ")


def test_the_first_audit_of_a_model_says_so() -> None:
    first = {tile.name: tile for tile in audit_page(stale(), (stale().summary,)).tiles}

    assert "Stale since" not in first  # it may have been stale for long
    assert first["Found stale"].value == "2026-11-22"
    assert first["Found stale"].detail == "the first audit of this model"


def test_a_first_audit_has_no_tile_that_takes_back_its_call() -> None:
    repeated = stale().repeated
    assert repeated is not None
    first = replace(stale(), repeated=replace(repeated, audits=1, alarm=False))

    assert not [name for name in tiles(first) if name.startswith("Over ")]


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
    rows = advice_steps(undecided())
    confirmation = undecided().confirmation
    assert confirmation is not None
    runs = replace(confirmation, more_rows=None, more_replicates=14)

    assert "4,100 confirming rows" in rows[1]
    assert "14 more paired trainings" in advice_steps(replace(undecided(), confirmation=runs))[1]


@pytest.mark.parametrize(
    "schedule", ["schedules/churn.v2.toml", "churn.v2", "C:\\work\\schedules\\churn.v2.toml"]
)
def test_commands_name_the_schedule_as_the_command_line_does(schedule: str) -> None:
    audit = replace(stale(), provenance=replace(stale().provenance, schedule=schedule))

    assert audit_page(audit, ()).advice.commands[-1].text == "auditor run churn.v2"


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


def test_every_fact_that_only_some_audits_have_is_on_the_stale_page() -> None:
    page = audit_page(stale(), back_from(stale()))

    assert page.cause is not None
    assert page.moved is not None
    assert page.carried is not None
    assert page.ranged
    assert {"Cause", "Gain of retraining alone", "Over 3 audits"} <= set(tiles(stale()))


def test_a_fact_that_is_absent_leaves_no_section_behind() -> None:
    page = audit_page(undecided(), back_from(undecided()))

    assert (page.cause, page.moved, page.carried, page.ranged) == (None, None, None, False)


def test_as_good_and_safe_are_two_ranges() -> None:
    rows = {row.name: row for row in audit_page(stale(), ()).settings}

    assert (rows["momentum"].as_good, rows["momentum"].safe) == ("0.952 to 0.984", "0.961 to 0.979")
    assert (rows["layers"].as_good, rows["layers"].safe) == ("", "")


def test_whole_ends_of_a_range_are_written_whole() -> None:
    finding = replace(stale().settings[0], range=(20_000.0, 123_456.0), safe_range=(96.0, 96.0))

    (row,) = audit_page(replace(stale(), settings=(finding,)), ()).settings

    assert (row.as_good, row.safe) == ("20000 to 123456", "96")


def test_an_end_where_trainings_fail_is_no_reason_to_widen_the_range() -> None:
    row = next(row for row in audit_page(stale(), ()).settings if row.name == "learning_rate")

    assert row.warning == ""
    assert "fail or diverge" in row.also


@pytest.mark.parametrize(("shown", "words"), [(True, "nine tenths is shown"), (False, "not shown")])
def test_the_advice_says_how_much_the_smallest_change_keeps(shown: bool, words: str) -> None:
    assert stale().change is not None
    audit = replace(stale(), change=replace(stale().change, shown=shown))

    _, step = audit_page(audit, ()).advice.steps

    assert step.startswith(f"Changing only learning_rate and momentum keeps 95{GAP}% (91 to 99{GAP}%)")
    assert words in step


def test_the_alarm_over_all_audits_has_a_tile_with_its_promise() -> None:
    over = tiles(stale())["Over 3 audits"]

    assert over.value == "Alarm"
    assert "once in 100 audits" in over.detail
    assert tiles(fresh())["Over 7 audits"].value == "No alarm"


def test_a_challenger_of_an_earlier_audit_says_so_among_the_finalists() -> None:
    page = audit_page(stale(), ())

    assert page.finalists is not None
    assert page.finalists.rows[1][4] == "not the best; left undecided before"
    assert page.carried is not None
    assert page.carried.rows == (("6.4", "2", "not shown", "learning_rate = 0.0009, dropout = 0.21"),)


def test_a_box_that_grew_says_from_where_and_why() -> None:
    search = audit_page(stale(), ()).search
    assert search is not None
    momentum = next(figure for figure in search.figures if figure.title == "momentum")

    assert "Searched beyond 0.95, the dotted line, because the loss fell" in momentum.caption
    assert 'class="declared"' in momentum.svg.text
    assert "declared as 0.5 to 0.95, and grown: the loss fell" in search.space.rows[1][3]


def test_configurations_of_earlier_audits_are_counted() -> None:
    search = audit_page(stale(), ()).search

    assert search is not None
    assert any(
        line.startswith("3 configurations that did well in earlier audits were") for line in search.lines
    )


def test_when_to_look_again_says_how_fast_settings_go_stale() -> None:
    assert f"about 15{GAP}% a month" in audit_page(stale(), ()).next_audit[-1]
    assert len(audit_page(fresh(), ()).next_audit) == 1


def test_the_budget_counts_what_scanning_and_explaining_took() -> None:
    turns = tiles(panda())["Budget spent"]
    assert "in turns" in turns.detail
    assert "to search" not in turns.detail
    budget = tiles(stale())["Budget spent"]

    assert budget.value.startswith("162 runs")
    assert f"26{GAP}to scan ranges" in budget.detail
