"""The schema that is shipped is the schema that holds."""

import json

import jsonschema
import pytest

from auditor.core.document import audit_to_json
from auditor.core.records import SCHEMA_VERSION, Audit
from auditor.reporting.schema import SCHEMA_FILE, schema_text
from tests.examples import an_audit
from tests.gallery import failed, fresh, stale, undecided
from tests.panda_life import panda


def test_the_schema_is_up_to_date() -> None:
    assert SCHEMA_FILE.read_text("utf-8") == schema_text(), "run `python -m auditor.reporting.schema`"


@pytest.mark.parametrize(
    "audit",
    [stale(), fresh(), undecided(), failed(), panda(), an_audit()],
    ids=["stale", "fresh", "undecided", "failed", "panda", "awkward"],
)
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


def test_the_schema_says_of_which_version_it_is_and_takes_no_other() -> None:
    schema = json.loads(SCHEMA_FILE.read_text("utf-8"))
    twin = json.loads(audit_to_json(stale()))

    assert schema["$id"] == f"urn:auditor:audit:{SCHEMA_VERSION}"
    assert not jsonschema.Draft202012Validator(schema).is_valid(twin | {"schema_version": SCHEMA_VERSION + 1})
