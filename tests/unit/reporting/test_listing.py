from dataclasses import replace

from auditor.core.records import AuditSummary
from auditor.reporting.listing import history_page, index_page
from auditor.reporting.numbers import GAP
from tests.gallery import NIGHT, past


def churn() -> list[AuditSummary]:
    return [summary for summary in past() if summary.model == "churn"]


def test_gains_are_shares_of_what_production_lost() -> None:
    newest = history_page(churn(), pages=()).rows[0]

    assert (newest.gain, newest.unit) == (f"2.1{GAP}%", "of log-loss")


def test_gains_are_in_units_of_loss_where_production_s_loss_is_not_known() -> None:
    newest = history_page([replace(one, production_loss=None) for one in churn()], pages=()).rows[0]

    assert (newest.gain, newest.unit) == ("0.0072", "log-loss")


def test_a_chart_over_time_never_mixes_shares_with_units() -> None:
    shares = history_page(churn(), pages=()).chart
    units = history_page([replace(churn()[0], production_loss=None), *churn()[1:]], pages=()).chart

    assert shares is not None
    assert units is not None
    assert "% of production's log-loss" in shares.caption
    assert "%" not in units.caption


def test_the_index_says_gains_as_the_history_does() -> None:
    folders = {summary.model: summary.model for summary in past()}
    rows = index_page(past(), as_of=NIGHT, folders=folders, pages={}).rows

    (row,) = [row for row in rows if row.model == "churn"]
    assert row.gain == f"2.1{GAP}%"
    assert row.sparkline is not None
    assert "% of production" in row.sparkline.text.replace("&#x27;", "'")
