from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from auditor.core.records import AuditSummary, Call
from auditor.reporting.history import history_page, month_page, month_pages, month_stem
from auditor.reporting.listing import MOST_ROWS
from tests.gallery import back_from, stale


def churn() -> list[AuditSummary]:
    return [*back_from(stale())]


def many(count: int) -> list[AuditSummary]:
    """Return that many hourly audits, newest first."""
    start = datetime(2026, 3, 1, tzinfo=UTC)
    one = churn()[0]
    return [replace(one, id=n, started_at=start + timedelta(hours=n)) for n in range(count)][::-1]


def test_a_history_says_since_when_its_call_holds_and_what_is_next() -> None:
    tiles = {tile.name: tile for tile in history_page(churn(), pages=()).tiles}

    assert tiles["Stale since"].value == "2026-08-23"
    assert tiles["Stale since"].detail == "2 audits running; undecided on 2026-05-25"
    assert tiles["Next audit"].value == "2027-02-09"
    assert tiles["Next audit"].detail == stale().next_audit.reason  # in full, though it is long


def test_a_chart_over_time_is_in_what_all_its_audits_are_measured_in() -> None:
    shares = history_page(churn(), pages=()).chart
    units = history_page([replace(churn()[0], production_loss=None), *churn()[1:]], pages=()).chart

    assert shares is not None
    assert units is not None
    assert "% of production's log-loss" in shares.caption
    assert "%" not in units.caption


def test_the_grid_has_every_setting_at_every_audit_newest_first() -> None:
    grid = history_page(churn(), pages={"2026-11-22-184"}).grid

    assert grid is not None
    assert [head.to for head in grid.head][:2] == ["2026-11-22-184.html", ""]
    assert [head.text for head in grid.head] == [f"{one.started_at:%Y-%m-%d}" for one in churn()]
    words = {row.name: [cell.mark.word if cell.mark else "" for cell in row.cells] for row in grid.rows}
    assert words["learning_rate"] == [
        *("stale", "stale", "undecided", "fresh", "fresh", "fresh", "stale", "undecided", "fresh", "fresh")
    ]
    assert set(words["dropout"]) == {"fresh"}


def test_a_value_that_production_was_given_is_marked_where_it_was_first_audited() -> None:
    grid = history_page(churn(), pages=()).grid

    assert grid is not None
    rate = next(row for row in grid.rows if row.name == "learning_rate")
    assert [place for place, cell in enumerate(rate.cells) if cell.note] == [5]
    assert rate.cells[5].note.endswith("0.0003")


def test_audits_of_before_settings_were_kept_still_tell_what_was_stale() -> None:
    grid = history_page([replace(one, settings=()) for one in churn()], pages=()).grid

    assert grid is not None
    assert {row.name for row in grid.rows} == {"learning_rate", "momentum"}


def test_a_failed_audit_is_said_in_the_grid_and_calls_nothing() -> None:
    broken = replace(churn()[0], id=999, state="failed", call=None, settings=(), stale_settings=())

    grid = history_page([broken, *churn()], pages=()).grid

    assert grid is not None
    assert {(row.cells[0].mark, row.cells[0].note) for row in grid.rows} == {(None, "failed")}


def test_a_model_whose_audits_fill_the_page_says_no_more_than_it_knows() -> None:
    tiles = {tile.name: tile for tile in history_page(many(MOST_ROWS), pages=()).tiles}

    assert tiles["Stale since"].value == "before 2026-03-01"
    assert tiles["Stale since"].detail == "200 audits or more running"


def test_older_audits_are_linked_month_by_month_once_they_do_not_fit() -> None:
    months = ("2026-04", "2026-04-part-2", "2025-12")

    few = history_page(many(9), pages=(), months=months)
    full = history_page(many(MOST_ROWS), pages=(), months=months)

    assert few.years == ()
    assert [(year.name, [link.text for link in year.months]) for year in full.years] == [
        ("2026", ["04", "04 page 2"]),
        ("2025", ["12"]),
    ]


def test_a_busy_month_has_pages_of_which_only_the_last_can_still_change() -> None:
    before, after = month_pages(many(450)), month_pages(many(451))

    assert [len(page) for page in before] == [200, 200, 50]
    assert after[:2] == before[:2]
    assert [page[0].id for page in after] == [199, 399, 450]


@pytest.mark.parametrize(("part", "stem"), [(1, "2026-03"), (3, "2026-03-part-3")])
def test_the_pages_of_a_month_link_each_other(part: int, stem: str) -> None:
    page = month_page(month_pages(many(450))[part - 1], part=part, parts=3, pages=())

    assert page.month == "2026-03"
    assert month_stem(datetime(2026, 3, 31, tzinfo=UTC), part) == stem
    assert [link.to for link in page.parts].index("") == part - 1
    assert f"page {part} of 3" in page.lead


def test_a_month_counts_its_calls() -> None:
    audits = [
        replace(one, call=call) for one, call in zip(many(3), (Call.FRESH, None, Call.FRESH), strict=True)
    ]

    assert month_page(audits, part=1, parts=1, pages=()).lead == "3 audits: 2 fresh and 1 failed."
