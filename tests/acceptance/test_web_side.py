"""The daemon over the web: asked for an audit, it audits once, shows the page, and tells once."""

import hashlib
import hmac
import http.server
import json
import os
import re
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.acceptance.conftest import NEIGHBOURS, PATIENCE, Project, wait_until

pytestmark = pytest.mark.slow

TOKEN, KEY = "a-token-of-ours", "a-key-of-ours"


@pytest.fixture
def chat() -> Iterator[tuple[str, list]]:
    """A webhook that takes what it is sent."""
    received: list[tuple[str, bytes]] = []

    class Chat(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.append((self.headers["X-Auditor-Signature"], body))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Chat) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/hooks/very-secret-path", received
        server.shutdown()
        thread.join()


class Log:
    """What a daemon logs, read as it comes, so that it never waits for a reader."""

    def __init__(self, process: subprocess.Popen) -> None:
        self.lines: list[str] = []
        self._thread = threading.Thread(target=self._read, args=(process.stderr,))
        self._thread.start()

    def _read(self, stream) -> None:
        self.lines.extend(iter(stream.readline, ""))

    def address(self) -> str:
        """Wait until it has said where it is reached."""
        wait_until(lambda: re.search(r"http://127\.0\.0\.1:\d+", "".join(self.lines)))
        return re.findall(r"http://127\.0\.0\.1:\d+", "".join(self.lines))[0]

    def join(self) -> None:
        self._thread.join(PATIENCE)


def test_an_audit_that_is_asked_for_over_the_web_is_run_shown_and_told_once(tmp_path: Path, waves, chat):
    hook, received = chat
    project = Project(tmp_path)
    project.rows(waves(1500, noise=1.0, seed=1))
    project.write("schedules/waves.toml", NEIGHBOURS.format(neighbours=3, margin="2%"))
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(PATIENCE)
        process = project.start(
            *("daemon", "--tick", "0.5", "--json"),
            AUDITOR_TOKEN=TOKEN,
            AUDITOR_NOTIFY=hook,
            AUDITOR_NOTIFY_SECRET=KEY,
            AUDITOR_SITE="https://auditor.example.org",
            NOTIFY_SOCKET=str(tmp_path / "notify"),
            WATCHDOG_USEC="120000000",
        )
        try:
            log = Log(process)
            assert "READY=1" in systemd.recv(4096).decode()
            with httpx.Client(base_url=log.address(), trust_env=False, timeout=PATIENCE) as client:
                ask_and_look(client, received)
            assert "WATCHDOG=1" in systemd.recv(4096).decode()
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE) == 0
            log.join()
        finally:
            process.kill()
            process.wait()
            process.stdout.close()
            process.stderr.close()

    said = "".join(log.lines)
    assert not [secret for secret in (TOKEN, KEY, "very-secret-path") if secret in said]
    kept = (tmp_path / "auditor.db").read_bytes() + b"".join(
        path.read_bytes() for path in tmp_path.glob("auditor.db-*")
    )
    assert not [secret for secret in (TOKEN, KEY, "very-secret-path") if secret.encode() in kept]
    actions = [json.loads(line)["action"] for line in log.lines]
    assert actions.count("notices_sent") == 1


def ask_and_look(client: httpx.Client, received: list) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}", "Idempotency-Key": "deploy-17"}
    answers = [
        client.post("/api/v1/audits", json={"schedule": "waves", "seed": 11}, headers=headers)
        for _ in range(3)
    ]
    assert [answer.status_code for answer in answers] == [202, 200, 200]
    wait_until(lambda: client.get("/readyz").status_code == 200)  # a tick may be late

    wait_until(lambda: client.get("/api/v1/queue").json()["queue"][0]["state"] == "done")
    (order,) = client.get("/api/v1/queue").json()["queue"]
    twin = client.get(f"/api/v1/audits/{order['audit_id']}").json()
    assert (twin["model"], twin["call"], twin["provenance"]["seed"]) == ("waves", "stale", 11)
    trials = client.get(f"/api/v1/audits/{order['audit_id']}/trials.csv").text.splitlines()
    assert len(trials) > 25

    wait_until(lambda: 'auditor_notices{state="sent"} 1.0' in client.get("/metrics").text)
    signed, body = received[0]
    assert signed == f"sha256={hmac.new(KEY.encode(), body, hashlib.sha256).hexdigest()}"
    (news,) = json.loads(body)["news"]
    assert (news["audit"], news["reason"]) == (order["audit_id"], "stale at first sight")
    page = client.get(news["link"].removeprefix("https://auditor.example.org"))
    assert page.status_code == 200
    assert "STALE" in page.text
    figures = client.get("/metrics").text
    assert 'auditor_stale_settings{model="waves"}' in figures
    assert f'auditor_build{{python="{".".join(map(str, os.sys.version_info[:3]))}"' in figures
