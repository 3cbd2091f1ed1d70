"""The API's description can be made, and every reference in it leads somewhere."""

import json
import re

from auditor.http.openapi import openapi


def test_every_reference_leads_to_a_schema():
    document = openapi()

    named = set(re.findall(r'"\$ref": "#/components/schemas/(\w+)"', json.dumps(document)))
    assert {"Audit", "AuditSummary", "Asked", "Declared", "Wanted", "Error"} <= named
    assert named <= set(document["components"]["schemas"])
    assert '"$id"' not in json.dumps(document)  # it would lead references elsewhere
