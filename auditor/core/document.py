"""Records as JSON, exactly: what the ledger keeps and what the twin beside a page prints.

One form for both, so that the twin of an audit *is* its row in the ledger. Values come back
as they were: ``True``, ``1`` and ``1.0`` stay apart, floats keep all their digits, datetimes
their zone. JSON has no word for the floats that are not finite; they are written as an
object of one key, ``{"$float": "inf"}``, because a string could not be told from a setting
that really is the text ``inf``, and ``null`` from one that is absent.

The text is ASCII (no database or terminal can spoil it), keeps the order of fields and of
settings, and is the same for equal records: rendering twice gives the same bytes.

Pydantic is imported inside the functions: it costs 0.1 s, and the command line does without.
"""

import functools
import json
import math
from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, cast

from auditor.core.records import SCHEMA_VERSION, Audit, Config, CurvePoint, Value

if TYPE_CHECKING:
    from pydantic import TypeAdapter

T = TypeVar("T")

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
"""What a JSON text holds."""

_NOT_FINITE = "$float"
_WORDS = ("inf", "-inf", "nan")
_COMPACT = json.JSONEncoder(separators=(",", ":"), allow_nan=False)


def audit_to_json(audit: Audit) -> str:
    """Return an audit as the JSON of its twin: indented, ending in a newline.

    Raises
    ------
    ValueError
        If a field holds what its type does not allow (a numpy integer for a setting, say).
    """
    return record_to_json(audit, indent=2) + "\n"


def audit_from_json(text: str) -> Audit:
    """Return the audit that ``audit_to_json`` wrote, equal to the original.

    Raises
    ------
    ValueError
        If the text is no JSON, or lacks a field.
    """
    return _adapter(Audit).validate_python(_renewed(_loads(text)))


def audit_json_schema() -> dict[str, Json]:
    """Return the JSON Schema (draft 2020-12) of the twin, under its name."""
    schema = record_json_schema(Audit)
    properties = cast("dict[str, dict[str, Json]]", schema["properties"])
    properties["schema_version"] |= {"const": SCHEMA_VERSION}
    return {"$schema": schema["$schema"], "$id": f"urn:auditor:audit:{SCHEMA_VERSION}", **schema}


def record_json_schema(kind: type[Any]) -> dict[str, Json]:
    """Return the JSON Schema (draft 2020-12) of what ``record_to_json`` makes of a class."""
    schema = _adapter(kind).json_schema(mode="serialization")
    widened = cast("dict[str, Json]", _with_not_finite(schema))
    definitions = cast("dict[str, Json]", widened.setdefault("$defs", {}))
    definitions["NotFinite"] = _not_finite_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **widened}


def record_to_json(record: T, kind: type[T] | None = None, *, indent: int | None = None) -> str:
    """Return any record of ``core.records``, or a tuple of them, as JSON; compact unless indented.

    Parameters
    ----------
    kind
        What the record is, where its class does not say it: ``tuple[Column, ...]``.

    Raises
    ------
    ValueError
        If a field holds what its type does not allow.
    """
    plain = _adapter(kind or type(record)).dump_python(record, mode="json", warnings="error")
    return _dumps(plain, indent=indent)


def record_from_json(text: str, kind: type[T]) -> T:
    """Return the record of class ``kind`` that ``record_to_json`` wrote.

    Raises
    ------
    ValueError
        If the text is no JSON, or lacks a field.
    """
    return _adapter(kind).validate_python(_loads(text))


def config_to_json(config: Config) -> str:
    """Return a configuration as compact JSON, in the order of its settings.

    Examples
    --------
    >>> config_to_json({"rate": 1.0, "missing": float("nan")})
    '{"rate":1.0,"missing":{"$float":"nan"}}'
    """
    return _dumps(dict(config))


def config_from_json(text: str) -> dict[str, Value]:
    """Return the configuration that ``config_to_json`` wrote.

    Examples
    --------
    >>> config_from_json('{"deep":true,"width":1,"rate":1.0}')
    {'deep': True, 'width': 1, 'rate': 1.0}
    """
    return cast("dict[str, Value]", _loads(text))


def curve_to_json(curve: Sequence[CurvePoint]) -> str:
    """Return a learning curve as compact JSON, a pair per point.

    Examples
    --------
    >>> curve_to_json((CurvePoint(10, 0.5), CurvePoint(20, float("inf"))))
    '[[10,0.5],[20,{"$float":"inf"}]]'
    """
    return _dumps([[point.step, point.loss] for point in curve])


def curve_from_json(text: str) -> tuple[CurvePoint, ...]:
    """Return the learning curve that ``curve_to_json`` wrote."""
    pairs = cast("list[tuple[int, float]]", _loads(text))
    return tuple(CurvePoint(step, loss) for step, loss in pairs)


def _adapter(kind: type[T]) -> "TypeAdapter[T]":
    return _built(cast("Hashable", kind))


@functools.cache
def _built(kind: Any) -> "TypeAdapter[Any]":
    """Return the adapter of a class, built once per process: it takes 20 ms for an audit."""
    from pydantic import TypeAdapter

    return TypeAdapter(kind)


def _dumps(plain: object, *, indent: int | None = None) -> str:
    encoder = _COMPACT if indent is None else json.JSONEncoder(indent=indent, allow_nan=False)
    try:
        return encoder.encode(plain)
    except ValueError:  # a float that is not finite, which is rare
        return encoder.encode(_tagged(plain))


def _loads(text: str) -> Json:
    return cast("Json", json.loads(text, object_hook=_untagged))


def _renewed(audit: Json) -> Json:
    """Return an audit with the names of today: an ``entry`` was once called an ``estimator``."""
    provenance = audit.get("provenance") if isinstance(audit, dict) else None
    trainer = provenance.get("trainer") if isinstance(provenance, dict) else None
    if isinstance(trainer, dict) and "estimator" in trainer:
        trainer["entry"] = trainer.pop("estimator")
    return audit


def _tagged(plain: object) -> object:
    """Return plain JSON values with every float that is not finite made an object."""
    if isinstance(plain, float):
        return plain if math.isfinite(plain) else {_NOT_FINITE: repr(float(plain))}
    if isinstance(plain, Mapping):
        return {key: _tagged(value) for key, value in plain.items()}
    if isinstance(plain, list):
        return [_tagged(value) for value in plain]
    return plain


def _untagged(found: dict[str, Json]) -> Json:
    word = found.get(_NOT_FINITE) if len(found) == 1 else None
    return float(word) if isinstance(word, str) and word in _WORDS else found


def _with_not_finite(schema: object) -> object:
    """Return a schema in which every number may also be a float that is not finite.

    And which does not call a length of time a "duration": those of JSON Schema know no fractions of a second.
    """
    if isinstance(schema, Mapping):
        kept = {key: value for key, value in schema.items() if (key, value) != ("format", "duration")}
        widened = {key: _with_not_finite(value) for key, value in kept.items()}
        if schema.get("type") != "number":
            return widened
        notes = {key: widened.pop(key) for key in ("title", "default") if key in widened}
        return {**notes, "anyOf": [widened, {"$ref": "#/$defs/NotFinite"}]}
    if isinstance(schema, list):
        return [_with_not_finite(item) for item in schema]
    return schema


def _not_finite_schema() -> dict[str, Json]:
    return {
        "title": "NotFinite",
        "description": "A float that JSON has no word for.",
        "type": "object",
        "properties": {_NOT_FINITE: {"enum": list(_WORDS)}},
        "required": [_NOT_FINITE],
        "additionalProperties": False,
    }
