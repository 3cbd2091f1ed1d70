"""The HTTP interface is what its own OpenAPI document says.

Schemathesis asks a real server what the document allows, and what it does not: other types, values out of
range, other methods, no token. Every answer must have a status, a type and a body that the document names.
"""

import pytest
import schemathesis
from hypothesis import HealthCheck, given
from hypothesis import settings as example_settings
from schemathesis import GenerationMode

from auditor.http.openapi import openapi
from tests.integration.http import test_serving as serving

pytestmark = pytest.mark.slow

settings, place = serving.settings, serving.place
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
ASKED = [
    pytest.param(path, method, mode, id=f"{method} {path} {mode.value}")
    for path, methods in openapi()["paths"].items()
    for method, operation in methods.items()
    for mode in MODES
    if mode is GenerationMode.POSITIVE or operation["parameters"]  # else there is nothing to get wrong
]


@pytest.fixture(scope="module")
def document(place):
    return schemathesis.openapi.from_url(f"{place.server.url}/api/v1/openapi.json")


@pytest.mark.parametrize(("path", "method", "mode"), ASKED)
def test_every_answer_is_one_that_the_document_describes(document, path, method, mode):
    cases = document[path][method.upper()].as_strategy(generation_mode=mode)

    @given(cases)
    @example_settings(suppress_health_check=list(HealthCheck))
    def ask(case):
        case.call_and_validate(headers={"Authorization": f"Bearer {serving.TOKEN}"})

    ask()
