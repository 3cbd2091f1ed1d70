"""Asking for an audit: who may, and what may be asked. Pure, but for the reading of the body."""

import hashlib
import hmac
import json
import re
import uuid
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from starlette.exceptions import HTTPException
from starlette.requests import Request as WebRequest

from auditor.http.facts import Request

MOST_BYTES = 16 * 1024
"""Of a body; what can be asked fits into a hundredth of it."""

_KEY = re.compile(r"[\x21-\x7e]{1,200}")


class Asked(BaseModel):
    """The body of a request for an audit; what is left out is left to the schedule."""

    model_config = ConfigDict(extra="forbid", strict=True)

    schedule: Annotated[str, Field(min_length=1, max_length=200, description="The stem of its file.")]
    trials: Annotated[int | None, Field(ge=6, le=1_000_000, description="Configurations to search.")] = None
    minutes: Annotated[float | None, Field(ge=0.01, le=525_600.0, description="For searching.")] = None
    workers: Annotated[int | None, Field(ge=1, le=1024, description="Trainings at once.")] = None
    seed: Annotated[int | None, Field(ge=0, le=2**63 - 1, description="Get the same audit again.")] = None
    strategy: Annotated[
        Literal["auto", "caviar", "panda"] | None,
        Field(description="Many side by side, one live model carried on, or what the budget allows."),
    ] = None

    @field_validator("trials", "workers", "seed", mode="before")
    @classmethod
    def _whole(cls, value: object) -> object:
        """To JSON 6.0 is the same number as 6, and some programs write it so."""
        return int(value) if isinstance(value, float) and value.is_integer() else value


def authorise(header: str | None, token: str) -> None:
    """Let pass who has the token.

    Compared in a time that tells nothing, digest against digest, as the length is nobody's business either.

    Raises
    ------
    HTTPException
        403 if no token is configured, 401 if another or none is given.
    """
    if not token:
        raise HTTPException(403, "asking for audits is switched off; set AUDITOR_TOKEN to switch it on")
    scheme, _, given = (header or "").partition(" ")
    if scheme.lower() != "bearer" or not hmac.compare_digest(_digest(given.strip()), _digest(token)):
        raise HTTPException(
            401,
            "the bearer token is missing or wrong",
            headers={"WWW-Authenticate": "Bearer"},
        )


async def read_request(request: WebRequest) -> Request:
    """Return what is asked for.

    Raises
    ------
    HTTPException
        415, 413 or 400 if the body is no JSON, too large, or asks for what there is not.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise HTTPException(415, "the body must be JSON, sent as application/json")
    asked = _parsed(await _body(request))
    given = request.headers.get("idempotency-key")
    if given is not None and not _KEY.fullmatch(given):
        raise HTTPException(400, "Idempotency-Key must be 1 to 200 visible ASCII characters without spaces")
    key = uuid.uuid4().hex if given is None else hashlib.sha256(given.encode()).hexdigest()
    return Request(key=key, **asked.model_dump())


async def _body(request: WebRequest) -> bytes:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            raise HTTPException(413, f"the body must not exceed {MOST_BYTES} bytes")
    return bytes(body)


def _parsed(body: bytes) -> Asked:
    try:
        return Asked.model_validate(json.loads(body, parse_constant=_refuse))
    except ValidationError as error:
        raise HTTPException(400, "; ".join(map(_problem, error.errors()))) from error
    except (ValueError, RecursionError) as error:
        raise HTTPException(400, 'the body is no JSON object, as {"schedule": "churn"}') from error


def _problem(found: object) -> str:
    place = ".".join(map(str, found["loc"]))  # type: ignore[index]
    return f"{place or 'the body'}: {found['msg']}"  # type: ignore[index]


def _refuse(word: str) -> float:
    raise ValueError(f"{word} is no number of JSON")


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
