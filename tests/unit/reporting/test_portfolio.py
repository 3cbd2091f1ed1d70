from dataclasses import replace
from datetime import timedelta

import pytest

from auditor.core.records import AuditSummary
from auditor.reporting.list_page import IndexPage
from auditor.reporting.numbers import GAP
from auditor.reporting.portfolio import index_pages, standings
from tests.gallery import NIGHT, everything


def pages_of(audits: tuple[AuditSummary, ...] | list[AuditSummary]) -> dict[str, IndexPage]:
    models = {one.model: one.model for one in audits}
    return index_pages(standings(audits, as_of=NIGHT + timedelta(minutes=13)), folders=models, pages={})


def models_of(page: IndexPage) -> list[str]:
    return [row.model for row in page.rows]


def test_models_that_need_a_hand_come_first_and_of_those_the_overdue() -> None:
    page = pages_of(everything())["index"]

    assert models_of(page) == [
        *("recommendations", "churn", "spam", "fraud", "energy-demand", "pricing", "flight-delays")
    ]
    assert [row.overdue for row in page.rows] == [True, False, True, False, False, True, False]


def test_the_same_rows_come_in_three_other_orders() -> None:
    pages = pages_of(everything())

    assert models_of(pages["by-name"]) == sorted(models_of(pages["index"]))
    assert models_of(pages["by-gain"])[:3] == ["recommendations", "churn", "energy-demand"]
    assert models_of(pages["by-due"])[0] == "pricing"
    assert {frozenset(models_of(page)) for page in pages.values()} == {frozenset(models_of(pages["index"]))}


def test_a_column_that_rows_can_go_by_links_the_page_on_which_they_do() -> None:
    head = {column.text: column for column in pages_of(everything())["by-gain"].head}

    assert (head["Best gain"].to, head["Best gain"].order) == ("", "descending")
    assert (head["Call"].to, head["Model"].to, head["Next due"].to) == (
        "index.html",
        "by-name.html",
        "by-due.html",
    )
    assert head["Since"].to == ""


def test_rows_can_be_narrowed_down_to_a_call_or_to_what_is_overdue() -> None:
    choices = {choice.key: choice.text for choice in pages_of(everything())["index"].choices}

    assert choices == {
        "all": "all 7",
        "stale": "2 stale",
        "failed": "2 failed",
        "undecided": "1 undecided",
        "fresh": "2 fresh",
        "overdue": "3 overdue",
    }


def test_models_that_are_all_alike_leave_nothing_to_choose() -> None:
    alike = [one for one in everything() if one.model == "flight-delays"]

    assert pages_of(alike)["index"].choices == ()


def test_more_models_than_fit_take_several_pages() -> None:
    one = next(one for one in everything() if one.model == "churn")
    pages = pages_of([replace(one, model=f"model-{number:03}") for number in range(401)])

    assert [len(pages[stem].rows) for stem in ("index", "index-2", "index-3")] == [200, 200, 1]
    assert [link.to for link in pages["by-name-2"].parts] == ["by-name.html", "", "by-name-3.html"]
    assert pages["index-3"].lead == "401 models: 401 stale"


def test_the_grid_says_what_went_stale_where_how_often_and_after_how_long() -> None:
    grid = pages_of(everything())["index"].grid

    assert grid is not None
    assert [head.text for head in grid.head] == ["all models", "churn", "fraud", "recommendations"]
    rows = {row.name: row.cells for row in grid.rows}
    assert [*rows] == ["learning_rate", "max_depth", "momentum"]
    overall, churn, fraud, _ = rows["learning_rate"]
    assert (overall.text, overall.note) == ("stale in 2 of 4 models", "after 270 days typically")
    assert (churn.mark and churn.mark.word, churn.text) == ("stale", "2 times in 10")
    assert (fraud.mark and fraud.mark.word, fraud.text, fraud.note) == ("fresh", "never in 5", "")
    assert rows["max_depth"][1].mark is None  # churn has no such setting


def test_without_anything_stale_there_is_no_grid() -> None:
    assert pages_of([one for one in everything() if one.model == "pricing"])["index"].grid is None


def test_the_index_says_gains_as_the_history_does() -> None:
    (row,) = [row for row in pages_of(everything())["index"].rows if row.model == "churn"]

    assert row.gain == f"2.9{GAP}%"
    assert row.sparkline is not None
    assert "% of production" in row.sparkline.text.replace("&#x27;", "'")


@pytest.mark.parametrize("state", ["running", "failed"])
def test_a_model_without_any_call_is_listed(state: str) -> None:
    finished = NIGHT if state == "failed" else None
    one = replace(everything()[0], state=state, call=None, gain=None, finished_at=finished, next_due=None)

    (row,) = pages_of([one])["index"].rows

    assert (row.state, row.since, row.gain, row.due) == (state, "–", "–", "by hand")
