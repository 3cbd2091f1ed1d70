"""Write the JSON Schema of the twin beside this file: ``python -m auditor.reporting.schema``."""

import json
from pathlib import Path

from auditor.core.document import audit_json_schema

SCHEMA_FILE = Path(__file__).with_name("schema.json")
"""The schema as it is shipped."""


def schema_text() -> str:
    """Return the schema of today's records, as it is to be shipped."""
    return json.dumps(audit_json_schema(), indent=1) + "\n"


if __name__ == "__main__":
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8")
