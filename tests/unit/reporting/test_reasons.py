from dataclasses import replace

import pytest

from auditor.core.records import Audit, Canary, CanaryCall, Cause, CauseCall, Estimate
from auditor.reporting.numbers import GAP, yardstick
from auditor.reporting.page import CauseSection
from auditor.reporting.reasons import cause_section, cause_tile, retrain_tile
from tests.gallery import fresh, stale, undecided

YARD = yardstick(0.3412, "log-loss")


def cause_of(audit: Audit) -> Cause:
    assert audit.cause is not None
    return audit.cause


def canary_of(audit: Audit) -> Canary:
    assert audit.canary is not None
    return audit.canary


def section(audit: Audit) -> CauseSection:
    found = cause_section(audit, YARD)
    assert found is not None
    return found


def test_without_cause_and_canary_there_is_no_section_and_no_tile() -> None:
    assert cause_section(undecided(), YARD) is None
    assert cause_tile(undecided(), YARD) is None
    assert retrain_tile(undecided(), YARD) is None


def test_the_same_change_is_shown_then_now_and_apart() -> None:
    found = section(stale())

    assert found.title == "Why it went stale"
    assert found.square is not None
    assert found.square.rows[0] == (
        "12,748 rows, then and now alike",
        f"0.2{GAP}% (\N{MINUS SIGN}0.4 to 0.9{GAP}%)",
        f"2.7{GAP}% (1.4 to 4.0{GAP}%)",
        f"2.5{GAP}% (1.1 to 3.9{GAP}%)",
    )


@pytest.mark.parametrize(("older_rows", "column"), [(31_870, 2), (90_000, 1)])
def test_the_gain_at_full_size_stands_with_the_rows_that_are_more(older_rows: int, column: int) -> None:
    cause = cause_of(stale())
    assert cause.reference is not None
    larger = replace(cause, reference=replace(cause.reference, rows=older_rows))

    square = section(replace(stale(), cause=larger)).square

    assert square is not None
    assert square.rows[1][column] == f"2.9{GAP}% (1.5 to 4.3{GAP}%)"


def test_without_older_rows_the_cause_is_words_alone() -> None:
    unknown = Cause(
        call=CauseCall.UNDETERMINED, sentence="It cannot be told.", certain=False, next_step="file rows"
    )
    audit = replace(stale(), cause=unknown)
    tile = cause_tile(audit, YARD)

    found = section(audit)

    assert found.square is None
    assert found.figure is None
    assert found.lines == ("It cannot be told.", "So that the next audit can tell: file rows.")
    assert tile is not None
    assert (tile.value, tile.detail) == ("Cannot be told", "no older rows to compare with")


def test_a_cause_that_is_only_likely_says_so() -> None:
    audit = replace(stale(), cause=replace(cause_of(stale()), certain=False))
    tile = cause_tile(audit, YARD)

    assert any("not as certain" in line for line in section(audit).lines)
    assert tile is not None
    assert tile.detail.endswith("likely, not certain")


def test_an_interval_without_an_end_is_in_the_table_and_not_in_a_chart() -> None:
    open_ended = Estimate(0.0, float("-inf"), 0.1)
    found = section(replace(stale(), cause=replace(cause_of(stale()), gain_then=open_ended)))

    assert found.figure is None
    assert found.square is not None
    assert "unbounded" in found.square.rows[0][1]


def test_a_canary_stands_alone_where_nothing_went_stale() -> None:
    found = section(fresh())

    assert found.title == "Was it code or environment?"
    assert found.lines == ()
    assert found.canary[0] == "Code and environment did not change the outcome."
    assert "to the bit" in found.canary[-1]


@pytest.mark.parametrize("call", CanaryCall)
def test_every_call_of_a_canary_has_its_words(call: CanaryCall) -> None:
    audit = replace(stale(), canary=replace(canary_of(stale()), call=call, expected=None))

    lead, reason = section(audit).canary

    assert lead.endswith(".")
    assert reason == canary_of(stale()).reason


@pytest.mark.parametrize("call", CauseCall)
def test_every_cause_has_a_word_for_its_tile(call: CauseCall) -> None:
    tile = cause_tile(replace(stale(), cause=replace(cause_of(stale()), call=call)), YARD)

    assert tile is not None
    assert tile.value[0].isupper()


def test_retraining_alone_is_told_apart_from_the_gain() -> None:
    tile = retrain_tile(stale(), YARD)

    assert tile is not None
    assert tile.value == f"1.2{GAP}%"
    assert "stale weights are not stale settings" in tile.detail


def test_a_gain_of_retraining_that_may_be_none_is_not_set_in_bold() -> None:
    tile = retrain_tile(replace(stale(), retrain_gain=Estimate(0.02, -0.03, 0.07)), YARD)

    assert tile is not None
    assert tile.value == "Not shown"
    assert tile.detail.startswith(YARD.full(Estimate(0.02, -0.03, 0.07)))
