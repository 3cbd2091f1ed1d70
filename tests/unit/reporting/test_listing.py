from dataclasses import replace

from auditor.reporting.listing import gain_words, measured, page_stem, stem_of
from auditor.reporting.numbers import GAP
from tests.gallery import NIGHT, back_from, past, stale


def test_gains_are_shares_of_what_production_lost() -> None:
    gain, _, unit = gain_words(back_from(stale())[1])

    assert (gain, unit) == (f"2.1{GAP}%", "of log-loss")


def test_gains_are_in_units_of_loss_where_production_s_loss_is_not_known() -> None:
    gain, _, unit = gain_words(replace(back_from(stale())[1], production_loss=None))

    assert (gain, unit) == ("0.0072", "log-loss")


def test_gains_over_time_never_mix_shares_with_units() -> None:
    known, *others = back_from(stale())

    assert {yard.suffix for _, yard, _ in measured([known, *others])} == {f"{GAP}%"}
    assert {yard.suffix for _, yard, _ in measured([replace(known, production_loss=None), *others])} == {""}


def test_a_page_is_named_by_its_day_and_number() -> None:
    assert stem_of(past()[0]) == page_stem(past()[0].started_at, past()[0].id)
    assert page_stem(NIGHT, 184) == "2026-11-22-184"
