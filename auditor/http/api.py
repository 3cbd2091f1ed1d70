"""``/api/v1``: what is known, as JSON and CSV; and asking for an audit."""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from auditor.core.document import record_to_json
from auditor.core.notices import is_overdue
from auditor.core.records import AuditSummary, Value
from auditor.errors import DeclarationError
from auditor.http.asking import authorise, read_request
from auditor.http.facts import Declared, Facts, Orders, Standing, Wanted
from auditor.http.openapi import openapi
from auditor.ports import Clock

T = TypeVar("T")

PREFIX = "/api/v1"
MOST_LISTED, LISTED = 1000, 100

_LARGEST_ID = 2**31 - 1
"""What the ledger's column holds."""


@dataclass(slots=True)
class Api:
    """The API's answers.

    Attributes
    ----------
    token
        Who has it may ask for audits; empty if nobody may.
    """

    facts: Facts
    orders: Orders
    clock: Clock
    token: str

    def routes(self) -> list[Route]:
        """Return every path and what answers it."""
        return [
            Route(f"{PREFIX}/openapi.json", self.document),
            Route(f"{PREFIX}/models", self.models),
            Route(f"{PREFIX}/audits", self.audits, methods=["GET"]),
            Route(f"{PREFIX}/audits", self.ask, methods=["POST"]),
            Route(f"{PREFIX}/audits/{{number}}", self.audit),
            Route(f"{PREFIX}/audits/{{number}}/trials.csv", self.trials),
            Route(f"{PREFIX}/schedules", self.schedules),
            Route(f"{PREFIX}/queue", self.queue),
        ]

    def document(self, _request: Request) -> Response:
        """Say what this API is."""
        return JSONResponse(openapi())

    def models(self, _request: Request) -> Response:
        """Say how every model stands."""
        now = self.clock.now()
        return _json({"models": [_standing(one, now) for one in self.facts.standings()]})

    def audits(self, request: Request) -> Response:
        """List audits, newest first."""
        limit = _number(request.query_params.get("limit"), "limit", default=LISTED, most=MOST_LISTED)
        before = request.query_params.get("before")
        found = self.facts.audits(
            model=request.query_params.get("model"),
            before=None if before is None else _number(before, "before", default=1, most=_LARGEST_ID),
            limit=limit,
        )
        following = found[-1].id if len(found) == limit else None
        return _json({"audits": [_plain(one, AuditSummary) for one in found], "before": following})

    def audit(self, request: Request) -> Response:
        """Return the twin of an audit, to the byte."""
        twin = self.facts.twin(_id(request))
        if twin is None:
            raise HTTPException(404, "no audit of that number has ended")
        return Response(twin, media_type="application/json")

    def trials(self, request: Request) -> Response:
        """Return every trial of an audit as a table, a line at a time."""
        number = _id(request)
        trials = self.facts.trials(number)
        if trials is None:
            raise HTTPException(404, "no audit has that number")
        headers = {"Content-Disposition": f'attachment; filename="audit-{number}-trials.csv"'}
        return StreamingResponse(_lines(trials), media_type="text/csv; charset=utf-8", headers=headers)

    def schedules(self, _request: Request) -> Response:
        """List schedules, and what is wrong with those that cannot be read."""
        return _json({"schedules": [_plain(one, Declared) for one in self.facts.schedules()]})

    def queue(self, request: Request) -> Response:
        """List audits that are wanted, newest first."""
        limit = _number(request.query_params.get("limit"), "limit", default=LISTED, most=MOST_LISTED)
        return _json({"queue": [_plain(one, Wanted) for one in self.facts.queue(limit=limit)]})

    async def ask(self, request: Request) -> Response:
        """Queue an audit."""
        authorise(request.headers.get("authorization"), self.token)
        wanted = await read_request(request)
        try:
            queued = await run_in_threadpool(self.orders.ask, wanted)
        except DeclarationError as error:
            raise HTTPException(404, str(error)) from error
        except ValueError as error:
            raise HTTPException(409, str(error)) from error
        body = {"order": _plain(queued.order, Wanted), "new": queued.new}
        return _json(body, status=202 if queued.new else 200)


def _standing(standing: Standing, now: datetime) -> dict[str, Any]:
    ended = standing.ended
    return {
        "model": standing.model,
        "running": standing.newest.state == "running",
        "last_success": None if standing.last_success is None else standing.last_success.isoformat(),
        "overdue": ended is not None and is_overdue(ended, now),
        "audit": None if ended is None else _plain(ended, AuditSummary),
    }


def _plain(record: T, kind: type[T]) -> Any:
    return json.loads(record_to_json(record, kind))


def _json(body: Mapping[str, Any], *, status: int = 200) -> Response:
    # ASCII, so that text of any kind, lone surrogates included, can be sent.
    return Response(json.dumps(body), status_code=status, media_type="application/json")


def _id(request: Request) -> int:
    text = request.path_params["number"]
    if not (text.isascii() and text.isdigit() and 0 < int(text[:20]) <= _LARGEST_ID):
        raise HTTPException(404, "an audit has a number, as `auditor log` shows it")
    return int(text)


def _number(text: str | None, name: str, *, default: int, most: int) -> int:
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:20]) <= most):
        raise HTTPException(400, f"{name} must be a number from 1 to {most}")
    return int(text)


def _lines(trials: Iterator[Mapping[str, Value]]) -> Iterator[str]:
    """Yield a table: a column for every setting is left to who reads it, as trials may differ in them."""
    buffer = io.StringIO()
    writer: Any = None
    for cells in trials:
        if writer is None:
            writer = csv.DictWriter(buffer, fieldnames=list(cells))
            writer.writeheader()
        writer.writerow({name: _cell(value) for name, value in cells.items()})
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def _cell(value: Value) -> Value:
    """Return a cell that no spreadsheet takes for a formula."""
    if isinstance(value, str):
        text = value.encode("utf-8", "backslashreplace").decode("utf-8")
        return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
    return value


__all__: Sequence[str] = ("LISTED", "MOST_LISTED", "PREFIX", "Api")
