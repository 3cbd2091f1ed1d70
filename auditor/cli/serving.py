"""``auditor serve``: the reports, the API and the figures, without auditing anything."""

import signal
from types import FrameType

from auditor.errors import AuditorError
from auditor.settings import Settings


def serve_until_stopped(settings: Settings) -> None:
    """Serve until Ctrl-C or SIGTERM.

    Raises
    ------
    AuditorError
        If it cannot listen, or the database cannot be opened.
    """
    from auditor.serving import open_server

    server = open_server(settings)
    if server is None:
        raise AuditorError("AUDITOR_LISTEN is off; set it to an address, as 127.0.0.1:8321")
    print(f"reports: {server.url}/   API: {server.url}/api/v1/openapi.json   Ctrl-C stops", flush=True)

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    server.start()
    try:
        server.wait()
    except KeyboardInterrupt:
        print("stopped", flush=True)
    finally:
        signal.signal(signal.SIGTERM, before)
        server.stop()
