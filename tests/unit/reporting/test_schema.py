"""The schema that is shipped is the schema that holds."""

import json

import jsonschema
import pytest

from auditor.core.document import audit_to_json
from auditor.core.records import Audit
from auditor.reporting.schema import SCHEMA_FILE, schema_text
from tests.examples import an_audit
from tests.gallery import failed, stale


def test_the_schema_is_up_to_date() -> None:
    assert SCHEMA_FILE.read_text("utf-8") == schema_text(), "run `python -m auditor.reporting.schema`"


@pytest.mark.parametrize("audit", [stale(), failed(), an_audit()], ids=["stale", "failed", "awkward"])
def test_every_twin_holds_to_the_schema(audit: Audit) -> None:
    validator = jsonschema.Draft202012Validator(json.loads(SCHEMA_FILE.read_text("utf-8")))

    validator.validate(json.loads(audit_to_json(audit)))


def test_a_twin_that_lost_a_field_does_not_hold() -> None:
    validator = jsonschema.Draft202012Validator(json.loads(SCHEMA_FILE.read_text("utf-8")))
    twin = json.loads(audit_to_json(failed()))
    del twin["headline"]

    assert not validator.is_valid(twin)


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(SCHEMA_FILE.read_text("utf-8")))
