"""The schema that is shipped is the schema that holds."""

import json

import jsonschema
import pytest

from auditor.core.document import audit_to_json
from auditor.core.records import Audit
from auditor.reporting.schema import SCHEMA_FILE, schema_text
from tests.examples import an_audit
from tests.gallery import failed, fresh, stale, undecided


def test_the_schema_is_up_to_date() -> None:
    assert SCHEMA_FILE.read_text("utf-8") == schema_text(), "run `python -m auditor.reporting.schema`"


@pytest.mark.parametrize("audit", [stale(), fresh(), undecided(), failed(), an_audit()])
def test_every_twin_holds_to_the_schema(audit: Audit) -> None:
    schema = json.loads(SCHEMA_FILE.read_text("utf-8"))

    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads(audit_to_json(audit)), schema)
