"""The API's description, in OpenAPI 3.1: made from the records and forms that it answers and reads."""

import functools
import importlib.metadata
from typing import Any

from pydantic import TypeAdapter

from auditor.core.document import record_json_schema
from auditor.core.records import Audit, AuditSummary
from auditor.http.asking import MOST_BYTES, Asked
from auditor.http.facts import Declared, Wanted

_ERRORS = {
    400: "what was asked for cannot be",
    401: "the bearer token is missing or wrong",
    403: "no token is configured, so nobody may",
    404: "there is no such thing",
    409: "another request had this Idempotency-Key",
    413: f"the body exceeds {MOST_BYTES} bytes",
    415: "the body is not sent as JSON",
    503: "the database does not answer",
}
_LIMIT = {
    "name": "limit",
    "in": "query",
    "description": "At most this many.",
    "schema": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100},
}
_BEFORE = {
    "name": "before",
    "in": "query",
    "description": "Audits with numbers below this one: `before` of the answer leads to the next page.",
    "schema": {"type": "integer", "minimum": 1, "maximum": 2**31 - 1},
}
_MODEL = {"name": "model", "in": "query", "schema": {"type": "string"}}
_NUMBER = {
    "name": "number",
    "in": "path",
    "required": True,
    "schema": {"type": "integer", "minimum": 1, "maximum": 2**31 - 1},
}
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "The same request sent twice with one key is queued once.",
    "schema": {"type": "string", "pattern": "^[!-~]{1,200}$"},
}


@functools.cache
def openapi() -> dict[str, Any]:
    """Return the document; made once, it takes a tenth of a second."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "auditor",
            "version": importlib.metadata.version("auditor"),
            "description": "Which hyperparameters of models in production have gone stale.",
        },
        "paths": {
            "/api/v1/openapi.json": {"get": _reads("This document.", {"type": "object"})},
            "/api/v1/models": {"get": _reads("How every model stands.", _listing("models", _standing()))},
            "/api/v1/audits": {
                "get": _reads("Audits, newest first.", _audits(), parameters=[_MODEL, _LIMIT, _BEFORE]),
                "post": _asks(),
            },
            "/api/v1/audits/{number}": {
                "get": _reads("An audit's twin.", _ref("Audit"), parameters=[_NUMBER], errors=(404, 503))
            },
            "/api/v1/audits/{number}/trials.csv": {"get": _table()},
            "/api/v1/schedules": {"get": _reads("Schedules.", _listing("schedules", _ref("Declared")))},
            "/api/v1/queue": {
                "get": _reads(
                    "Audits that are wanted, newest first.",
                    _listing("queue", _ref("Wanted")),
                    parameters=[_LIMIT],
                )
            },
        },
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _reads(
    said: str,
    schema: dict[str, Any],
    *,
    parameters: list[dict[str, Any]] | None = None,
    errors: tuple[int, ...] = (),
) -> dict[str, Any]:
    refused = errors or ((400, 503) if parameters else (503,))
    return {
        "summary": said,
        "parameters": parameters or [],
        "responses": {"200": _answer(said, schema), **_errors(*refused)},
    }


def _asks() -> dict[str, Any]:
    queued = {
        "type": "object",
        "properties": {"order": _ref("Wanted"), "new": {"type": "boolean"}},
        "required": ["order", "new"],
    }
    return {
        "summary": "Queue an audit, durably.",
        "parameters": [_KEY],
        "security": [{"token": []}],
        "requestBody": {"required": True, "content": {"application/json": {"schema": _ref("Asked")}}},
        "responses": {
            "202": _answer("Queued.", queued),
            "200": _answer("The same request was queued before.", queued),
            **_errors(400, 401, 403, 404, 409, 413, 415, 503),
        },
    }


def _table() -> dict[str, Any]:
    answer = {"description": "A line a trial.", "content": {"text/csv": {"schema": {"type": "string"}}}}
    return {
        "summary": "Every trial of an audit, as a table.",
        "parameters": [_NUMBER],
        "responses": {"200": answer, **_errors(404, 503)},
    }


def _audits() -> dict[str, Any]:
    found = _listing("audits", _ref("AuditSummary"))
    found["properties"]["before"] = {"type": ["integer", "null"]}
    return found


def _standing() -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {
            "model": {"type": "string"},
            "running": {"type": "boolean"},
            "last_success": {"type": ["string", "null"], "format": "date-time"},
            "overdue": {"type": "boolean"},
            "audit": {"anyOf": [_ref("AuditSummary"), {"type": "null"}]},
        },
        "required": ["model", "running", "last_success", "overdue", "audit"],
    }


def _listing(name: str, item: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {name: {"type": "array", "items": item}},
        "required": [name],
    }


def _answer(said: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": said, "content": {"application/json": {"schema": schema}}}


def _errors(*codes: int) -> dict[str, Any]:
    return {str(code): _answer(_ERRORS[code], _ref("Error")) for code in codes}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _schemas() -> dict[str, Any]:
    found: dict[str, Any] = {
        "Error": {"type": "object", "properties": {"error": {"type": "string"}}, "required": ["error"]},
        "Asked": _moved(TypeAdapter(Asked).json_schema()),
    }
    for kind in (Audit, AuditSummary, Declared, Wanted):
        schema = _moved(record_json_schema(kind))
        schema.pop("$schema", None)
        found |= schema.pop("$defs", {})
        found[kind.__name__] = schema
    return found


def _moved(schema: Any) -> Any:
    """Return a schema whose references lead to where OpenAPI keeps them."""
    if isinstance(schema, dict):
        return {
            key: value.replace("#/$defs/", "#/components/schemas/") if key == "$ref" else _moved(value)
            for key, value in schema.items()
        }
    return [_moved(item) for item in schema] if isinstance(schema, list) else schema
