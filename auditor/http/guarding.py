"""What holds for every request: the host's name is checked, and answers are safe in a browser."""

from collections.abc import Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_SECURITY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
"""As in the pages, and what a page cannot say of itself: nobody frames it, no form leaves it."""

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": CONTENT_SECURITY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",
}


class Guarded:
    """An application behind these checks.

    Parameters
    ----------
    hosts
        Names that are answered; None for all.
    """

    def __init__(self, app: ASGIApp, *, hosts: frozenset[str] | None) -> None:
        self._app, self._hosts = app, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        if self._hosts is not None and host_of(Headers(scope=scope).get("host", "")) not in self._hosts:
            refusal = JSONResponse(
                {"error": "this host's name is not served here; set AUDITOR_SITE to where it is read"},
                status_code=421,
            )
            await refusal(scope, receive, sending)
            return
        await self._app(scope, receive, sending)


def host_of(header: str) -> str:
    """Return the host of a ``Host`` header, without its port.

    Examples
    --------
    >>> host_of("LocalHost:8321"), host_of("[::1]:80"), host_of("127.0.0.1"), host_of("a:b:c")
    ('localhost', '::1', '127.0.0.1', '')
    """
    text = header.strip().lower()
    if text.startswith("["):
        host, closed, port = text[1:].partition("]")
        return host if closed and (not port or port[1:].isdigit()) else ""
    host, _, port = text.partition(":")
    return host if not port or port.isdigit() else ""
