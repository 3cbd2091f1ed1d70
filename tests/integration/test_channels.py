"""Messages to real receivers on this machine: quick, slow, failing, refusing, hanging up, untrusted."""

import hashlib
import hmac
import json
import logging
import socket
import ssl
import subprocess
import threading
from dataclasses import replace
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult

from auditor.errors import ChannelError, DeclarationError
from auditor.notify import open_channels
from tests.examples import NOON
from tests.receivers import AUDIT, MESSAGE, NOTICE, Box, answering, mail_server, receiving

# Apprise still looks for a module that Python has dropped.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")

KEY = "key7"


def hook(url: str, *, secret: str = "", seconds: float = 60.0):
    (channel,) = open_channels([f"{url}/services/verysecret"], secret=secret)
    return replace(channel, seconds=seconds)


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "*")


# ---------------------------------------------------------------- webhooks


def test_a_webhook_gets_json_for_programs_and_text_for_chats():
    with receiving(answering(204)) as (url, received):
        hook(url).send(MESSAGE)

    (headers, body), sent = received[0], json.loads(received[0][1])
    assert headers["Content-Type"] == "application/json"
    assert headers["X-Auditor-Message"] == sent["id"] == MESSAGE.id
    assert "X-Auditor-Signature" not in headers
    assert sent["news"] == [
        {
            "id": "7/verdict",
            "audit": 7,
            "model": "ünïcode <b>",
            "reason": "gone stale",
            "headline": AUDIT.headline,
            "sentence": NOTICE.news.sentence,
            "started_at": NOON.isoformat(),
            "link": "https://auditor.example.org/churn/7.html",
        }
    ]
    assert sent["text"].startswith("STALE: ünïcode <b> - ")
    assert body.isascii()


def test_a_webhook_is_signed_where_a_secret_is_set():
    with receiving(answering(200)) as (url, received):
        hook(url, secret=KEY).send(MESSAGE)

    (headers, body) = received[0]
    wanted = hmac.new(KEY.encode(), body, hashlib.sha256).hexdigest()
    assert headers["X-Auditor-Signature"] == f"sha256={wanted}"


@pytest.mark.parametrize("status", [301, 307, 404, 500])
def test_an_answer_that_is_not_2xx_is_a_failure_and_redirections_are_not_followed(status):
    with (
        receiving(answering(status, {"Location": "/elsewhere"})) as (url, received),
        pytest.raises(ChannelError, match=f"answered {status}"),
    ):
        hook(url).send(MESSAGE)

    assert len(received) == 1


def test_a_webhook_that_refuses_the_connection():
    with socket.socket() as deaf:  # bound, so that nobody else listens there
        deaf.bind(("127.0.0.1", 0))
        with pytest.raises(ChannelError, match="ConnectError"):
            hook(f"http://localhost:{deaf.getsockname()[1]}").send(MESSAGE)


def test_a_webhook_that_hangs_up_in_the_middle():
    def hang_up(request: BaseHTTPRequestHandler, _body: bytes) -> None:
        request.wfile.write(b"HTTP/1.1 2")
        request.wfile.flush()
        request.connection.shutdown(socket.SHUT_RDWR)
        request.close_connection = True

    with (
        receiving(hang_up) as (url, _),
        pytest.raises(ChannelError, match=r"RemoteProtocolError|ReadError"),
    ):
        hook(url).send(MESSAGE)


def test_a_webhook_that_dribbles_its_answer_is_left_in_time():
    stop = threading.Event()

    def dribble(request: BaseHTTPRequestHandler, _body: bytes) -> None:
        request.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not stop.wait(0.05):
            request.wfile.write(b"X: y\r\n")
            request.wfile.flush()

    with receiving(dribble) as (url, _):
        with pytest.raises(ChannelError, match=r"no answer within 0\.4 s; it may have been taken"):
            hook(url, seconds=0.4).send(MESSAGE)
        stop.set()  # until now the answer had no end


def test_an_answer_without_an_end_is_not_read():
    stop = threading.Event()

    def flood(request: BaseHTTPRequestHandler, _body: bytes) -> None:
        request.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while not stop.is_set():
            request.wfile.write(b"x" * 65536)

    with receiving(flood) as (url, _):
        hook(url).send(MESSAGE)
        stop.set()


def test_no_line_of_any_log_holds_the_secret_of_a_webhook(caplog):
    caplog.set_level(logging.DEBUG)
    with receiving(answering(200)) as (url, _):
        hook(url, secret=KEY).send(MESSAGE)

    assert "verysecret" not in caplog.text
    assert KEY not in caplog.text


# ---------------------------------------------------------------- certificates


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> tuple[Path, Path]:
    """A key and a certificate for localhost that nobody trusts until told to."""
    folder = tmp_path_factory.mktemp("tls")
    key, cert = folder / "key.pem", folder / "cert.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"),
            *("-keyout", str(key), "-out", str(cert), "-days", "2", "-subj", "/CN=localhost"),
            *("-addext", "subjectAltName=DNS:localhost"),
        ],
        check=True,
        capture_output=True,
    )
    return key, cert


@pytest.fixture
def served(certificate) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate[1], certificate[0])
    return context


def test_a_certificate_that_nobody_vouches_for_is_refused(served):
    with (
        receiving(answering(200), served) as (url, received),
        pytest.raises(ChannelError, match="certificate of the host is not trusted"),
    ):
        hook(url).send(MESSAGE)

    assert received == []


def test_a_certificate_that_the_system_trusts_is_taken_but_not_for_another_host(
    served, certificate, monkeypatch
):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[1]))
    with receiving(answering(200), served) as (url, received):
        hook(url).send(MESSAGE)
        with pytest.raises(ChannelError, match="certificate of the host is not trusted"):
            hook(url.replace("localhost", "127.0.0.1")).send(MESSAGE)

    assert len(received) == 1


# ---------------------------------------------------------------- mail


def mail(port: int, *, user: str = "", tls: str = "none", seconds: float = 60.0, scheme: str = "smtp"):
    at = f"{user}@" if user else ""
    option = "" if scheme == "smtps" else f"&tls={tls}"
    to = "from=robot@example.org&to=a@example.org,b@example.org"
    (channel,) = open_channels([f"{scheme}://{at}localhost:{port}?{to}{option}"])
    return replace(channel, seconds=seconds)


def test_a_mail_arrives_whole_at_all_receivers():
    box = Box()
    with mail_server(box) as port:
        mail(port).send(MESSAGE)

    ((envelope, _),) = box.mails
    parsed = message_from_bytes(envelope.content, policy=policy.default)
    assert envelope.rcpt_tos == ["a@example.org", "b@example.org"]
    assert parsed["Subject"] == MESSAGE.subject
    assert parsed["Message-ID"] == f"<{MESSAGE.id}@auditor.invalid>"
    text = parsed.get_content()
    assert "Change it; ünïcode." in text
    assert "https://auditor.example.org/churn/7.html" in text
    assert "audit 7 (verdict)" in text


def test_a_password_goes_over_starttls_and_the_certificate_is_checked(served, certificate, monkeypatch):
    box, seen = Box(), []

    def authenticator(_server, session, _envelope, _mechanism, data):
        seen.append((data.login, data.password, session.ssl is not None))
        right = data.password == b"hunter2"
        return AuthResult(success=right, handled=right)

    options = {"tls_context": served, "authenticator": authenticator, "require_starttls": True}
    with mail_server(box, **options) as port:
        with pytest.raises(ChannelError, match="certificate of the host is not trusted"):
            mail(port, user="robot:hunter2", tls="starttls").send(MESSAGE)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate[1]))
        mail(port, user="robot:hunter2", tls="starttls").send(MESSAGE)
        with pytest.raises(ChannelError, match="answered 535") as wrong:
            mail(port, user="robot:hunter3", tls="starttls").send(MESSAGE)

    assert seen[0] == (b"robot", b"hunter2", True)
    assert len(box.mails) == 1
    assert "hunter3" not in str(wrong.value)


def test_a_server_that_offers_no_encryption_gets_no_password():
    with (
        mail_server(Box()) as port,
        pytest.raises(ChannelError, match=r"SMTPNotSupportedError: STARTTLS"),
    ):
        mail(port, user="robot:hunter2", tls="starttls").send(MESSAGE)


def test_mail_over_tls_from_the_first_byte(served, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[1]))
    box = Box()
    with mail_server(box, ssl_context=served) as port:
        mail(port, scheme="smtps").send(MESSAGE)

    assert len(box.mails) == 1


def test_a_server_that_fails_or_refuses_is_quoted():
    box = Box()
    box.answer = "451 try later"
    with mail_server(box) as port:
        with pytest.raises(ChannelError, match="answered 451 try later"):
            mail(port).send(MESSAGE)
        box.refused = ("a@example.org", "b@example.org")
        with pytest.raises(ChannelError, match="no receiver was accepted: 550 no such user"):
            mail(port).send(MESSAGE)


def test_one_refused_receiver_does_not_send_the_mail_to_the_others_again(caplog):
    box = Box()
    box.refused = ("b@example.org",)
    with mail_server(box) as port:
        mail(port).send(MESSAGE)

    assert "1 of 2 receivers were refused" in caplog.text


def test_a_slow_mail_server_is_left_in_time():
    box = Box()
    box.delay = 10.0  # it would take the mail in the end
    late = pytest.raises(ChannelError, match=r"may have been taken all the same|timed out")
    with mail_server(box) as port, late:
        mail(port, seconds=0.4).send(MESSAGE)


def test_a_mail_server_that_is_not_there_or_hangs_up():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        with pytest.raises(ChannelError, match="Connection refused"):
            mail(port).send(MESSAGE)
        listening.listen()

        def hang_up() -> None:
            connection, _ = listening.accept()
            connection.sendall(b"220 hello\r\n")
            connection.recv(100)
            connection.close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        with pytest.raises(ChannelError, match="the connection was lost; it may have been taken"):
            mail(port).send(MESSAGE)
        thread.join()


# ---------------------------------------------------------------- Apprise


def test_apprise_carries_a_message_and_says_when_it_could_not(caplog):
    caplog.set_level(logging.DEBUG)
    with receiving(answering(200)) as (url, received):
        (channel,) = open_channels([url.replace("http", "json") + "/verysecret"])
        channel.send(MESSAGE)
    with pytest.raises(ChannelError, match="Apprise could not deliver"):
        channel.send(MESSAGE)

    sent = json.loads(received[0][1])
    assert (sent["title"], sent["message"].startswith("STALE: ")) == (MESSAGE.subject, True)
    assert "verysecret" not in caplog.text


def test_a_kind_of_url_that_apprise_does_not_know_is_one_line_without_it() -> None:
    with pytest.raises(DeclarationError, match="Apprise does not know this kind of URL") as refused:
        open_channels(["nosuchservice://hunter2/x"])

    assert "hunter2" not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_what_is_printed_of_a_channel_of_apprise_holds_no_secret():
    shown = repr(open_channels(["json://u:hunter2@localhost/verysecret"], secret=KEY))

    assert not any(secret in shown for secret in ("hunter2", "verysecret", KEY))
