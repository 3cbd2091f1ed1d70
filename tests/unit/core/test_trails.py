"""A panda's turns in its document, and in words."""

import json

import jsonschema

from auditor.core.document import audit_from_json, audit_to_json
from auditor.core.records import Call
from auditor.core.trails import call_of, headline_of
from auditor.reporting.render import render_audit
from auditor.reporting.schema import SCHEMA_FILE
from tests.panda_life import BAD_DAY, panda


def test_a_panda_survives_the_ledger_and_holds_to_the_schema():
    text = audit_to_json(panda())

    assert audit_from_json(text) == panda()
    jsonschema.Draft202012Validator(json.loads(SCHEMA_FILE.read_text("utf-8"))).validate(json.loads(text))


def test_the_spoiled_setting_is_named_and_the_other_is_not():
    audit = panda()
    found = {finding.name: finding for finding in audit.settings}

    assert audit.call is Call.STALE
    assert audit.headline == "1 of 2 settings has gone stale"
    assert found["eta0"].recommended == audit.panda.live["eta0"]
    assert found["alpha"].recommended == found["alpha"].production
    assert "moving eta0 from 0.01 to" in audit.sentence
    assert audit.summary.stale_settings == ("eta0",)
    assert audit.summary.margin == audit.panda.margin


def test_the_bad_day_is_gone_back_from():
    turns = panda().panda.turns

    assert [turn.number for turn in turns if turn.rolled_back] == [BAD_DAY + 1]
    assert turns[BAD_DAY].parent == BAD_DAY - 1


def test_evidence_crosses_what_is_needed_at_the_turn_that_is_named():
    trail = panda().panda.trails[0]
    crossing = next(point.turn for point in trail.points if point.evidence >= point.needed)

    assert trail.stale_since == crossing
    assert f"since turn {crossing}" in trail.sentence


def test_the_words_of_a_young_panda_claim_nothing():
    record = panda().panda
    trails = tuple(trail for trail in record.trails if trail.call is Call.UNDECIDED)
    from dataclasses import replace

    young = replace(record, trails=trails, turns=record.turns[:1])

    assert call_of(young) is Call.UNDECIDED
    assert headline_of(young) == "Cannot tell yet: 1 turn so far"


def test_its_page_can_be_drawn():
    assert "1 of 2 settings has gone stale" in render_audit(panda(), ())
