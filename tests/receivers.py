"""Real receivers of messages on this machine: an HTTP server and a mail server on free ports."""

import asyncio
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from aiosmtpd.controller import Controller

from auditor.core.notices import message_of, news_of
from auditor.core.records import Notice, Reason
from tests.examples import NOON, an_audit

AUDIT = replace(an_audit(7, model="ünïcode <b>"), sentence="Change it; ünïcode.")


NOTICE = Notice(
    id=1,
    channel="c",
    news=news_of(AUDIT, Reason.STALE),
    state="waiting",
    made_at=NOON,
    attempts=1,
    next_try=NOON,
)


MESSAGE = message_of([NOTICE], ["https://auditor.example.org/churn/7.html"])


@contextmanager
def receiving(answer: Callable[[BaseHTTPRequestHandler, bytes], None], context: ssl.SSLContext | None = None):
    """Serve HTTP on a free port; yields its address and the list of what was received."""
    received: list[tuple[dict[str, str], bytes]] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.append((dict(self.headers), body))
            answer(self, body)

        do_GET = do_POST  # noqa: N815 - its name is the library's

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """A client that hangs up is what is tested."""

    server = Server(("127.0.0.1", 0), Receiver)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"{'https' if context else 'http'}://localhost:{server.server_port}", received
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def answering(status: int, headers: dict[str, str] | None = None):
    def answer(request: BaseHTTPRequestHandler, _body: bytes) -> None:
        request.send_response(status)
        for name, value in (headers or {}).items():
            request.send_header(name, value)
        request.send_header("Content-Length", "0")
        request.end_headers()

    return answer


class Box:
    """What a mail server does with what it is sent."""

    def __init__(self) -> None:
        self.mails: list = []
        self.delay = 0.0
        self.answer = "250 OK"
        self.refused: tuple[str, ...] = ()

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:  # noqa: N802
        if address in self.refused:
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802
        self.mails.append((envelope, session))
        await asyncio.sleep(self.delay)
        return self.answer


class MailServer(Controller):
    """A mail server on a free port."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def mail_server(box: Box, **options) -> Iterator[int]:
    controller = MailServer(box, hostname="127.0.0.1", port=0, ready_timeout=120.0, **options)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()
