"""``python -m auditor.http.probe``: asks the daemon of this machine how it is; a container's health check.

Leaves with 0 if it lives (or is ready, with ``ready`` as its argument), else with 1 and the reason.
"""

import os
import sys
import urllib.error
import urllib.request
from collections.abc import Sequence

from auditor.errors import DeclarationError
from auditor.http.listening import parse_address

SECONDS = 4.0


def ask(listen: str, question: str) -> tuple[int, str]:
    """Return the exit code and what was answered.

    Parameters
    ----------
    listen
        As ``AUDITOR_LISTEN``; empty for the usual address.
    question
        ``livez`` or ``readyz``.
    """
    try:
        address = parse_address(listen or "127.0.0.1:8321")
    except DeclarationError as error:
        return 1, str(error)
    if address is None:
        return 1, "AUDITOR_LISTEN is off, so nobody can be asked"
    there = address.from_here
    # No proxy: it is this machine that is asked.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://{there}/{question}", timeout=SECONDS) as answer:
            return 0, answer.read(4096).decode("utf-8", "replace")
    except urllib.error.HTTPError as error:
        with error:
            return 1, error.read(4096).decode("utf-8", "replace")
    except OSError as error:
        return 1, f"{there} does not answer: {error}"


def main(arguments: Sequence[str]) -> int:
    """Print what was answered, and return the exit code."""
    code, answer = ask(os.environ.get("AUDITOR_LISTEN", ""), "readyz" if "ready" in arguments else "livez")
    print(answer)  # noqa: T201 - Docker keeps it beside the state
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
