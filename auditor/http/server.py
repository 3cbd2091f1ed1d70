"""The server: uvicorn in a thread of its own, on a socket that is bound beforehand."""

import logging
import socket
from threading import Thread
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from auditor.http.listening import Address, listen

logger = logging.getLogger(__name__)

_MOST_AT_ONCE = 256
"""Connections; more are answered with 503 at once."""

_GRACE_SECONDS = 5
"""For answers that are under way when it is stopped."""


class Server:
    """Serves an application until it is stopped.

    Attributes
    ----------
    address
        Where it listens, the port that was taken included.

    Raises
    ------
    DeclarationError
        If the address cannot be listened on.
    """

    def __init__(self, app: ASGIApp, address: Address) -> None:
        self._socket: socket.socket = listen(address)
        self.address = Address(address.host, self._socket.getsockname()[1])
        # No line of a log can hold what a request held, whoever listens to that logger.
        logging.getLogger("uvicorn.access").disabled = True
        # That it starts is said in our own words.
        logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
        config = uvicorn.Config(
            app,
            access_log=False,
            log_config=None,
            server_header=False,
            proxy_headers=False,
            lifespan="off",
            ws="none",
            limit_concurrency=_MOST_AT_ONCE,
            timeout_keep_alive=5,
            timeout_graceful_shutdown=_GRACE_SECONDS,
        )
        self._server = uvicorn.Server(config)
        self._thread = Thread(target=self._run, name="http", daemon=True)

    @property
    def url(self) -> str:
        """Where it is reached from this machine."""
        return f"http://{self.address.from_here}"

    @property
    def alive(self) -> bool:
        """Whether its thread runs."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Serve in a thread."""
        self._say()
        self._thread.start()

    def wait(self) -> None:
        """Wait until it has stopped."""
        while self._thread.is_alive():
            self._thread.join(1.0)

    def stop(self) -> None:
        """Finish what is under way, for a moment, and stop; safe to call twice."""
        self._server.should_exit = True
        if self._thread.is_alive():
            self._thread.join(_GRACE_SECONDS + 2)
        self._socket.close()

    def _run(self) -> None:
        try:
            self._server.run(sockets=[self._socket])
        except Exception:
            logger.exception("the web side has stopped", extra={"action": "http_broken"})

    def _say(self) -> None:
        extra: dict[str, Any] = {"action": "http_started", "address": str(self.address)}
        logger.info("serving on %s", self.url, extra=extra)
        if not self.address.is_loopback:
            logger.warning(
                "everybody who reaches %s can read the reports; put a proxy that asks for a login before it",
                self.address,
                extra={"action": "http_open", "address": str(self.address)},
            )
