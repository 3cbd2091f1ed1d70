"""``auditor serve`` as a user runs it: a process, a port, a signal."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.acceptance.conftest import PATIENCE


@contextmanager
def serving(folder: Path, **environment: str) -> Iterator[tuple[subprocess.Popen, str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "auditor", "serve"],
        cwd=folder,
        env={**os.environ, "AUDITOR_LISTEN": "127.0.0.1:0", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            said = process.stdout.readline()
            yield process, said
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_it_serves_and_stops_when_told(tmp_path, number):
    with serving(tmp_path) as (process, said):
        (url,) = re.findall(r"reports: (http://127\.0\.0\.1:\d+)/", said)
        answers = [
            httpx.get(f"{url}/{path}", trust_env=False, timeout=PATIENCE)
            for path in ("", "readyz", "api/v1/models")
        ]

        process.send_signal(number)
        out, err = process.communicate(timeout=PATIENCE)

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert (process.returncode, out, err) == (0, "stopped\n", "")


def test_an_address_that_is_taken_is_one_line_and_code_2(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        with serving(tmp_path, AUDITOR_LISTEN=address) as (process, said):
            _, err = process.communicate(timeout=PATIENCE)

    assert (process.returncode, said) == (2, "")
    assert err.startswith(f"auditor: cannot listen on {address} (Address already in use); set AUDITOR_LISTEN")
    assert err.count("\n") == 1


def test_off_is_said(tmp_path):
    with serving(tmp_path, AUDITOR_LISTEN="off") as (process, _):
        _, err = process.communicate(timeout=PATIENCE)

    assert process.returncode == 2
    assert err.startswith("auditor: AUDITOR_LISTEN is off")
