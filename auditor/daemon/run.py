"""The daemon as a command: its parts put together, run, and closed."""

import importlib.metadata
import logging
import os
from contextlib import closing
from typing import TYPE_CHECKING

from auditor.daemon.folder import Folder
from auditor.daemon.loop import Daemon
from auditor.daemon.serve import serve
from auditor.daemon.systemd import Systemd
from auditor.daemon.timer import Chore
from auditor.daemon.watching import Watch
from auditor.errors import DeclarationError
from auditor.logs import set_up_logging
from auditor.serving import open_server
from auditor.settings import Settings
from auditor.wiring import SystemClock, open_dispatch, open_instances, open_queue, open_schedules

if TYPE_CHECKING:
    from auditor.http.server import Server

logger = logging.getLogger(__name__)

OUTBOX_SECONDS, SWEEP_SECONDS = 10.0, 60.0


def run_daemon(
    settings: Settings,
    *,
    audits: int,
    tick_seconds: float,
    grace_seconds: float,
    lease_seconds: float,
    watch_seconds: float,
    as_json: bool | None,
) -> None:
    """Run until told to stop.

    Raises
    ------
    StorageError
        If the database cannot be opened at the start; later it is waited for.
    """
    as_json = set_up_logging(as_json=as_json)
    for secret in ("AUDITOR_TOKEN", "AUDITOR_NOTIFY_SECRET"):
        os.environ.pop(secret, None)  # the daemon has them; trainers are other people's code
    with closing(open_queue(settings, lease_seconds=lease_seconds)) as queue:
        daemon = Daemon(
            queue=queue,
            instances=open_instances(queue),
            schedules=open_schedules(queue),
            folder=Folder(settings.schedules),
            clock=SystemClock(),
            version=importlib.metadata.version("auditor"),
            audits=audits,
            tick_seconds=tick_seconds,
            lease_seconds=lease_seconds,
            as_json=as_json,
        )
        watch = Watch(daemon.folder, as_json)
        systemd = Systemd.from_environment(os.environ, tick_seconds=tick_seconds)
        server = _web_side(settings, daemon)
        if server is not None:
            server.start()
        try:
            serve(
                daemon,
                grace_seconds=grace_seconds,
                chores=[*_chores(settings), Chore("watch", watch_seconds, watch.look)],
                on_tick=systemd.ticked,
                on_drain=systemd.stopping,
            )
        finally:
            watch.stop()
            if server is not None:
                server.stop()


def _web_side(settings: Settings, daemon: Daemon) -> "Server | None":
    try:
        return open_server(settings, pulse=daemon.pulse)
    except DeclarationError as error:
        if settings.listen:
            raise
        # Another daemon of this machine has the usual address: audits matter more than pages.
        logger.warning("no web side: %s", error, extra={"action": "http_off"})
        return None


def _chores(settings: Settings) -> list[Chore]:
    dispatch = open_dispatch(settings)
    if dispatch is None:
        return []
    return [Chore("outbox", OUTBOX_SECONDS, dispatch.send), Chore("sweep", SWEEP_SECONDS, dispatch.sweep)]
