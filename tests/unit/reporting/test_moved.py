from dataclasses import replace

import pytest

from auditor.core.records import Audit, Change, ColumnDrift, ColumnKind, Drift, Overlay
from auditor.reporting.moved import moved_section
from auditor.reporting.numbers import GAP
from auditor.reporting.page import MovedSection
from tests.gallery import fresh, stale, undecided


def drift_of(audit: Audit) -> Drift:
    assert audit.drift is not None
    return audit.drift


def section(drift: Drift) -> MovedSection:
    found = moved_section(replace(stale(), drift=drift))
    assert found is not None
    return found


def test_without_rows_of_then_there_is_no_section() -> None:
    assert moved_section(undecided()) is None


def test_only_columns_that_moved_are_drawn_and_the_others_are_in_the_table() -> None:
    drift = drift_of(stale())
    found = section(drift)

    assert found.others is not None
    assert [figure.title for figure in found.figures] == [one.name for one in drift.columns if one.moved]
    assert [row[0] for row in found.others.rows] == [
        "left (target)",
        *(one.name for one in drift.columns if not one.moved),
    ]


def test_a_column_of_which_it_cannot_be_told_is_drawn_with_the_doubt_and_is_not_said_to_have_held() -> None:
    untold = replace(_moved(), moved=False, p_value=0.46)
    bare = replace(untold, name="bare", overlay=Overlay())

    found = section(replace(drift_of(fresh()), columns=(untold, bare)))

    assert [figure.title for figure in found.figures] == [untold.name]
    assert "chance is not ruled out (p 0.46)" in found.figures[0].caption
    assert found.others is not None
    assert [row[:2] for row in found.others.rows if row[0] == "bare"] == [("bare", "untold")]


def test_where_nothing_moved_it_is_said_and_every_column_is_in_the_table() -> None:
    drift = drift_of(fresh())
    found = section(drift)

    assert found.headline == "None of 6 columns moved; the target held."
    assert found.figures == ()
    assert found.others is not None
    assert len(found.others.rows) == len(drift.columns) + 1


def test_a_target_that_moved_is_drawn_first_and_named_as_such() -> None:
    drift = drift_of(stale())
    target = replace(drift.columns[0], name="left")

    figures = section(replace(drift, target=target)).figures

    assert figures[0].title == "left"
    assert figures[0].caption.startswith("The target; ")


def test_rows_that_stand_in_for_those_it_was_tuned_on_are_said_to() -> None:
    audit = stale()
    drift = drift_of(audit)
    known = replace(audit, capture=replace(audit.capture, snapshot=drift.reference))
    unknown = replace(audit, capture=replace(audit.capture, snapshot=None))

    said = [found.lines[0] for one in (known, unknown) if (found := moved_section(one))]

    assert "when production was last tuned. Now: " in said[0]
    assert "of the first audit of these settings, as no capture filed those that" in said[1]


def test_it_says_that_it_decides_nothing() -> None:
    assert any("no part of it" in line for line in section(drift_of(stale())).lines)


def test_new_values_and_gaps_are_said_beside_the_chart() -> None:
    captions = {figure.title: figure.caption for figure in section(drift_of(stale())).figures}

    assert f"new: family, 18{GAP}%" in captions["plan"]
    assert f"missing: 0.2{GAP}% then, 3.1{GAP}% now" in captions["days_since_login"]


def test_values_beyond_the_listed_ones_are_counted() -> None:
    column = drift_of(stale()).columns[1]
    many = replace(column, new_count=12, new_categories=("a", "b"))

    (figure,) = section(replace(drift_of(stale()), columns=(many,))).figures

    assert "new: a, b and 10 more" in figure.caption


def test_columns_that_only_one_side_has_are_in_the_table() -> None:
    retyped = (Change("age", "numeric", "categorical"),)
    found = section(replace(drift_of(stale()), appeared=("x",), gone=("y",), retyped=retyped))

    assert found.others is not None
    assert [(row[0], row[1]) for row in found.others.rows[-3:]] == [
        ("x", "only now"),
        ("y", "only then"),
        ("age", "other kind"),
    ]


def test_the_shares_of_a_chart_add_up_in_its_table() -> None:
    for figure in section(drift_of(stale())).figures:
        shown = [float(row[1].replace(f"{GAP}%", "")) for row in figure.table.rows]
        assert 2 <= len(shown) <= 8
        assert sum(shown) == pytest.approx(100.0, abs=2.5)


def test_moments_are_written_as_days() -> None:
    (figure,) = [one for one in section(drift_of(stale())).figures if one.title == "signed_up"]

    assert "2025-10-09" in figure.svg.text
    assert all(row[0].count("-") == 4 for row in figure.table.rows)


@pytest.mark.parametrize("edge", [1e18, -1e18])
def test_moments_beyond_the_calendar_do_not_stop_a_page(edge: float) -> None:
    overlay = Overlay(edges=(min(edge, 0.0), max(edge, 0.0)), then=(1.0,), now=(1.0,))
    column = replace(_moved(), kind=ColumnKind.MOMENT, overlay=overlay)

    assert section(replace(drift_of(stale()), columns=(column,))).figures


def _moved() -> ColumnDrift:
    return next(column for column in drift_of(stale()).columns if column.moved)
