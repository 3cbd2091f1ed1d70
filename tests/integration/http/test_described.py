"""The HTTP interface is what its own OpenAPI document says.

Schemathesis asks a real server what the document allows, and what it does not: other types, values out of
range, other methods, no token. Every answer must have a status, a type and a body that the document names.
"""

import pytest
import schemathesis
from hypothesis import HealthCheck, given
from hypothesis import settings as example_settings
from hypothesis import strategies as st
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
    again = st.sampled_from([None, "monday", "tuesday"]) if method == "post" else st.none()

    @given(cases, again)
    @example_settings(suppress_health_check=list(HealthCheck))
    def ask(case, key):
        # Few keys, so that other requests come under one that was used.
        more = {} if key is None else {"Idempotency-Key": key}
        case.call_and_validate(headers={"Authorization": f"Bearer {serving.TOKEN}"} | more)

    ask()


def test_two_requests_under_one_key_are_a_conflict_as_the_document_says(document):
    operation = document["/api/v1/audits"]["POST"]

    answers = [
        operation.Case(
            body={"schedule": "churn", "trials": trials},
            headers={"Idempotency-Key": "twice", "Authorization": f"Bearer {serving.TOKEN}"},
            media_type="application/json",
        ).call_and_validate()
        for trials in (7, 7, 8)
    ]

    assert [answer.status_code for answer in answers] == [202, 200, 409]


@pytest.mark.parametrize(
    "token", [None, "", "Bearer", "Bearer nobody", f"Basic {serving.TOKEN}", serving.TOKEN]
)
def test_nobody_without_the_token_writes_whatever_they_send(document, place, token):
    before = place.orders
    headers = {} if token is None else {"Authorization": token}

    @given(document["/api/v1/audits"]["POST"].as_strategy(generation_mode=GenerationMode.POSITIVE))
    @example_settings(suppress_health_check=list(HealthCheck), max_examples=5)
    def ask(case):
        case.headers = {name: text for name, text in case.headers.items() if name.lower() != "authorization"}
        assert case.call(headers=headers).status_code == 401

    ask()
    assert place.orders == before


def borders():
    """Return every bounded number of the document, at its ends and just beyond, and whether it is allowed."""
    for path, methods in openapi()["paths"].items():
        for parameter in methods["get"]["parameters"] if "get" in methods else ():
            schema = parameter["schema"]
            if schema["type"] == "integer":
                low, high = schema["minimum"], schema["maximum"]
                for number, allowed in ((low, True), (high, True), (low - 1, False), (high + 1, False)):
                    yield pytest.param(
                        path, parameter, number, allowed, id=f"{path} {parameter['name']} {number}"
                    )


@pytest.mark.parametrize(("path", "parameter", "number", "allowed"), [*borders()])
def test_numbers_are_allowed_to_their_ends_and_not_beyond(place, path, parameter, number, allowed):
    inside = parameter["in"] == "path"
    path = path.replace(f"{{{parameter['name']}}}", str(number)) if inside else path

    answer = place.get(path, params={} if inside else {parameter["name"]: number})

    if allowed:
        assert answer.status_code in ((200, 404) if inside else (200,))
    else:
        assert answer.status_code == (404 if inside else 400)
