"""The health check of a container."""

import http.server
import threading

import pytest

from auditor.http.probe import ask, main


@pytest.fixture
def daemon():
    """Something that lives and is not ready."""

    class Answers(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/livez" else 503)
            self.end_headers()
            self.wfile.write(b'{"ready": false}')

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.HTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def test_what_lives_is_0_and_what_is_not_ready_is_1_with_the_reason(daemon, monkeypatch, capsys):
    monkeypatch.setenv("AUDITOR_LISTEN", f"0.0.0.0:{daemon}")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")

    assert [main([]), main(["ready"])] == [0, 1]
    assert capsys.readouterr().out.splitlines()[-1] == '{"ready": false}'


@pytest.mark.parametrize(
    ("listen", "reason"),
    [("off", "is off"), ("127.0.0.1:1", "does not answer"), ("x", "AUDITOR_LISTEN is 'x'")],
)
def test_who_cannot_be_asked_is_not_well(listen, reason):
    code, answer = ask(listen, "livez")

    assert code == 1
    assert reason in answer
