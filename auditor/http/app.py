"""The application: which path is answered by what."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import anyio.to_thread
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from auditor.errors import AuditorError
from auditor.http.api import Api
from auditor.http.facts import Check, Facts, Orders, Pulse
from auditor.http.guarding import Guarded
from auditor.http.health import Health
from auditor.http.metrics import Figures, exposition
from auditor.http.site import Site
from auditor.ports import Clock

logger = logging.getLogger(__name__)

_THREADS = 8
"""That read the database and files at once; connections to the database are at most as many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What the application stands on.

    Attributes
    ----------
    pulse
        Of the daemon in this process; None where there is none.
    hosts
        Names of this host that are answered; None for all.
    room
        Tries every place that audits write to, and raises where one cannot be written to.
    """

    facts: Facts
    orders: Orders
    clock: Clock
    reports: Path
    version: str
    token: str = ""
    hosts: frozenset[str] | None = None
    pulse: Callable[[], Pulse] | None = None
    room: Callable[[], None] = lambda: None


def make_app(parts: Parts) -> ASGIApp:
    """Return the application."""
    api = Api(parts.facts, parts.orders, parts.clock, parts.token)
    signs = _Signs(
        Health(parts.facts, parts.reports, parts.pulse, parts.room),
        Figures(parts.facts, parts.clock, parts.version, parts.pulse),
    )
    app = Starlette(
        routes=[
            *api.routes(),
            Route("/metrics", signs.metrics),
            Route("/livez", signs.livez),
            Route("/readyz", signs.readyz),
            Mount("/", Site(parts.reports)),
        ],
        exception_handlers={
            HTTPException: _refused,
            AuditorError: _unavailable,
            Exception: _broken,
        },
    )
    return _WithFewThreads(Guarded(app, hosts=parts.hosts))


@dataclass(frozen=True, slots=True)
class _Signs:
    """How things are, for machines that watch."""

    health: Health
    figures: Figures

    async def livez(self, _request: Request) -> Response:
        return _checked("live", await self.health.live())

    async def readyz(self, _request: Request) -> Response:
        return _checked("ready", await self.health.ready())

    async def metrics(self, _request: Request) -> Response:
        body = await run_in_threadpool(exposition, self.figures)
        return Response(body, media_type=CONTENT_TYPE_LATEST)


class _WithFewThreads:
    """Holds the threads that answer to a few: the default is 40, and each may hold a connection."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        _few_threads()
        await self._app(scope, receive, send)


def _few_threads() -> None:
    limiter = anyio.to_thread.current_default_thread_limiter()
    if limiter.total_tokens != _THREADS:
        limiter.total_tokens = _THREADS


def _checked(word: str, checks: tuple[Check, ...]) -> Response:
    well = all(check.ok for check in checks)
    body = {
        word: well,
        "checks": [{"name": check.name, "ok": check.ok, "reason": check.reason} for check in checks],
    }
    return JSONResponse(body, status_code=200 if well else 503)


async def _refused(_request: Request, error: Exception) -> Response:
    found = error if isinstance(error, HTTPException) else HTTPException(500)
    return JSONResponse({"error": found.detail}, status_code=found.status_code, headers=found.headers)


async def _unavailable(request: Request, error: Exception) -> Response:
    logger.warning("%s: %s", request.url.path, error, extra={"action": "request_failed"})
    return JSONResponse({"error": str(error)}, status_code=503)


async def _broken(request: Request, error: Exception) -> Response:
    logger.error("%s failed", request.url.path, exc_info=error, extra={"action": "request_broken"})
    return JSONResponse({"error": "a bug of ours; the log has it"}, status_code=500)
