import dataclasses
import json
import math
from datetime import datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.core.document import (
    audit_from_json,
    audit_json_schema,
    audit_to_json,
    config_from_json,
    config_to_json,
    record_from_json,
    record_to_json,
)
from auditor.core.records import CapturedSetting, Snapshot, TrainerSpec, Value
from tests.examples import AWKWARD, NOON, a_snapshot, an_audit

values = st.none() | st.booleans() | st.integers() | st.floats() | st.text()


def exactly(value: Value) -> str:
    return f"{type(value).__name__} {value!r}"


def test_an_audit_comes_back_equal() -> None:
    audit = an_audit()

    assert audit_from_json(audit_to_json(audit)) == audit


def test_a_failed_audit_comes_back_equal() -> None:
    audit = dataclasses.replace(
        an_audit(), call=None, gain=None, snapshot=None, confirmation=None, search=None, error="no rows"
    )

    assert audit_from_json(audit_to_json(audit)) == audit


def test_an_audit_of_before_trainers_had_kinds_is_still_read() -> None:
    audit = an_audit()
    trainer = TrainerSpec(kind="sklearn", entry="shop.churn:build", fixed={"max_iter": 5})
    audit = dataclasses.replace(audit, provenance=dataclasses.replace(audit.provenance, trainer=trainer))
    document = json.loads(audit_to_json(audit))
    document["provenance"]["trainer"] = {
        "kind": "sklearn", "estimator": "shop.churn:build", "fixed": {"max_iter": 5}
    }  # fmt: skip

    assert audit_from_json(json.dumps(document)) == audit


def test_settings_keep_their_types_wherever_a_union_hides_them() -> None:
    back = audit_from_json(audit_to_json(an_audit()))

    assert back.confirmation is not None
    assert back.search is not None
    for config in (
        back.confirmation.finalists[0].config,
        back.search.trials[0].config,
        back.capture.config,
    ):
        assert [exactly(value) for value in config.values()] == [exactly(value) for value in AWKWARD.values()]
        assert list(config) == list(AWKWARD)
    assert back.search.space[0].choices is not None
    assert [type(choice) for choice in back.search.space[0].choices] == [bool, int, float, str, type(None)]


@given(st.dictionaries(st.text(), values))
def test_every_configuration_survives(config: dict[str, Value]) -> None:
    back = config_from_json(config_to_json(config))

    assert {key: exactly(value) for key, value in back.items()} == {
        key: exactly(value) for key, value in config.items()
    }


@given(values)
def test_every_captured_value_survives(value: Value) -> None:
    setting = CapturedSetting(name="x", raw="x", value=value, origin="inline")

    back = record_from_json(record_to_json(setting), CapturedSetting)

    assert exactly(back.value) == exactly(value)


def test_infinite_evidence_is_written_as_valid_json_and_comes_back() -> None:
    text = audit_to_json(an_audit())

    json.loads(text, parse_constant=pytest.fail)
    back = audit_from_json(text).confirmation
    assert back is not None
    assert back.finalists[0].looks[0].z_stale == math.inf


def test_the_same_audit_gives_the_same_ascii_bytes() -> None:
    text = audit_to_json(an_audit())

    assert audit_to_json(audit_from_json(text)) == text
    assert text.isascii()
    assert text.endswith("}\n")


def test_a_datetime_keeps_its_moment_and_its_zone() -> None:
    kolkata = timezone(timedelta(hours=5, minutes=30))
    snapshot = dataclasses.replace(a_snapshot(), taken_at=NOON.astimezone(kolkata))

    back = record_from_json(record_to_json(snapshot), Snapshot)

    assert back.taken_at == NOON
    assert back.taken_at.utcoffset() == timedelta(hours=5, minutes=30)
    assert isinstance(back.taken_at, datetime)


def test_a_value_that_no_field_allows_is_refused_rather_than_bent() -> None:
    setting = CapturedSetting(name="x", raw="1", value=np.int64(1), origin="inline")  # type: ignore[arg-type]

    with pytest.raises(ValueError, match="int64"):
        record_to_json(setting)


def test_a_document_that_lacks_a_field_is_refused() -> None:
    document = json.loads(audit_to_json(an_audit()))
    del document["headline"]

    with pytest.raises(ValueError, match="headline"):
        audit_from_json(json.dumps(document))


def test_the_schema_names_every_field_and_admits_infinite_numbers() -> None:
    schema = audit_json_schema()

    properties = schema["properties"]
    assert isinstance(properties, dict)
    assert list(properties) == [field.name for field in dataclasses.fields(an_audit())]
    text = json.dumps(schema)
    assert '{"anyOf": [{"type": "number"}, {"$ref": "#/$defs/NotFinite"}]}' in text
