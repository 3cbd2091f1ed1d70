"""The daemon as a command: its parts put together, run, and closed."""

import importlib.metadata
from contextlib import closing

from auditor.daemon.folder import Folder
from auditor.daemon.loop import Daemon
from auditor.daemon.serve import Chore, serve
from auditor.logs import set_up_logging
from auditor.settings import Settings
from auditor.wiring import SystemClock, open_dispatch, open_queue, open_schedules

OUTBOX_SECONDS, SWEEP_SECONDS = 10.0, 60.0


def run_daemon(
    settings: Settings,
    *,
    audits: int,
    tick_seconds: float,
    grace_seconds: float,
    lease_seconds: float,
    as_json: bool | None,
) -> None:
    """Run until told to stop.

    Raises
    ------
    StorageError
        If the database cannot be opened at the start; later it is waited for.
    """
    as_json = set_up_logging(as_json=as_json)
    with closing(open_queue(settings, lease_seconds=lease_seconds)) as queue:
        daemon = Daemon(
            queue=queue,
            schedules=open_schedules(queue),
            folder=Folder(settings.schedules),
            clock=SystemClock(),
            version=importlib.metadata.version("auditor"),
            audits=audits,
            tick_seconds=tick_seconds,
            lease_seconds=lease_seconds,
            as_json=as_json,
        )
        serve(daemon, grace_seconds=grace_seconds, chores=_chores(settings))


def _chores(settings: Settings) -> list[Chore]:
    dispatch = open_dispatch(settings)
    if dispatch is None:
        return []
    return [Chore("outbox", OUTBOX_SECONDS, dispatch.send), Chore("sweep", SWEEP_SECONDS, dispatch.sweep)]
