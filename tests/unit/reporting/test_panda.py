from dataclasses import replace

import pytest

from auditor.core.records import Audit, PandaRecord
from auditor.reporting.numbers import plain
from auditor.reporting.panda import panda_section, panda_tile
from auditor.reporting.render import render_audit
from tests.gallery import back_from, stale
from tests.panda_life import BAD_DAY, panda


def record() -> PandaRecord:
    found = panda().panda
    assert found is not None
    return found


def with_record(changed: PandaRecord) -> Audit:
    return replace(panda(), panda=changed)


def test_every_turn_is_listed_newest_first_with_what_was_tried_and_what_came_of_it() -> None:
    section = panda_section(panda(), plain("log-loss"))

    assert section is not None
    rows = section.turns.rows
    assert [int(row[0]) for row in rows] == [turn.number for turn in reversed(record().turns)]
    assert {row[4] for row in rows} == {"kept", "not kept"}
    assert rows[-BAD_DAY - 1][2] == str(BAD_DAY - 1)  # the turn after the bad day went on from the one before


def test_the_curve_says_where_the_live_model_is_and_where_production_s_settings_would_be() -> None:
    section = panda_section(panda(), plain("log-loss"))

    assert section is not None
    text = section.live.svg.text
    assert text.count('class="back-arrow"') == record().rollbacks == 1
    assert f"{record().turns[-1].production_loss:.5g}" in text


def test_evidence_is_drawn_for_every_setting_that_was_challenged() -> None:
    section = panda_section(panda(), plain("log-loss"))

    assert section is not None
    assert [figure.title for figure in section.evidence] == [
        one.name for one in record().trails if one.points
    ]
    assert [row[0] for row in section.trails.rows] == [trail.name for trail in record().trails]


def test_settings_that_are_left_alone_are_named_with_the_reason() -> None:
    text = render_audit(panda(), back_from(panda()))

    assert record().left_out
    for one in record().left_out:
        assert f"{one.name} is left alone: {one.reason}" in text


def test_a_tile_counts_turns_nudges_and_rollbacks() -> None:
    tile = panda_tile(panda())

    assert tile is not None
    assert tile.value == f"{len(record().turns)} turns"
    assert f"{record().nudges} nudges, {record().keeps} kept; 1 rollback" in tile.detail


def test_an_audit_of_many_models_has_no_such_section() -> None:
    assert (panda_section(stale(), plain("")), panda_tile(stale())) == (None, None)


@pytest.mark.parametrize("turns", [0, 1])
def test_a_young_panda_can_be_shown(turns: int) -> None:
    trails = tuple(replace(trail, points=(), gain=None) for trail in record().trails)
    young = replace(record(), turns=record().turns[:turns], trails=trails, lead=None)

    render_audit(with_record(young), ())


def test_a_twin_that_did_not_train_can_be_shown() -> None:
    last = replace(record().turns[-1], tried_loss=None, gain=None, error=None, failure="it <b>crashed</b>")

    text = render_audit(with_record(replace(record(), turns=(*record().turns[:-1], last))), ())

    assert "it &lt;b&gt;crashed" in text
    assert 'class="lost"' in text


def test_the_heading_the_sentence_and_the_margin_tell_the_same_figures() -> None:
    page = render_audit(panda(), ())

    assert '<dd class="value">2.72 %' in page.replace("\xa0", " ") or ">2.72 %<" in page.replace("\xa0", " ")
    assert "production&#39;s settings by 2.72 % (95 % interval 2.56 % to 2.89 %)" in page.replace("\xa0", " ")
    assert record().margin == pytest.approx(0.01 * record().production_loss, rel=0.02)


def test_turns_of_one_audit_lie_apart_on_the_curve_by_the_days_of_their_rows() -> None:
    at_once = replace(record(), turns=tuple(replace(turn, at=panda().started_at) for turn in record().turns))

    assert (
        panda_section(with_record(at_once), plain("log-loss")).live
        == panda_section(  # type: ignore[union-attr]
            panda(), plain("log-loss")
        ).live
    )  # type: ignore[union-attr]
