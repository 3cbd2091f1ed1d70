"""The daemons that work off a queue, and when each was last heard of."""

from datetime import datetime

from sqlmodel import SQLModel

import auditor.storage.queue_tables  # noqa: F401  # fills the metadata
from auditor.core.records import Instance
from auditor.storage.events import note
from auditor.storage.lines import instance_of_cells
from auditor.storage.orders import seconds_now
from auditor.storage.queue import SqlQueue

INSTANCES = SQLModel.metadata.tables["instance"]


class SqlInstances:
    """The daemons in the database of a queue."""

    def __init__(self, queue: SqlQueue) -> None:
        self._queue = queue

    def announce(self, instance: str, *, version: str, tick_seconds: float, now: datetime) -> None:
        """Record that a daemon has started."""
        with self._queue.writing() as connection:
            connection.execute(
                INSTANCES.insert().values(
                    id=instance,
                    started_at=now,
                    version=version,
                    tick_seconds=tick_seconds,
                    last_tick=seconds_now(connection),
                    stopped=False,
                )
            )
            note(connection, "daemon_started", at=now, facts={"daemon": instance, "version": version})

    def tick(self, instance: str) -> None:
        """Record that a daemon is alive."""
        with self._queue.writing(at_once=False) as connection:
            this = INSTANCES.update().where(INSTANCES.c.id == instance)
            connection.execute(this.values(last_tick=seconds_now(connection)))

    def farewell(self, instance: str, *, now: datetime) -> None:
        """Record that a daemon has stopped."""
        with self._queue.writing() as connection:
            connection.execute(INSTANCES.update().where(INSTANCES.c.id == instance).values(stopped=True))
            note(connection, "daemon_stopped", at=now, facts={"daemon": instance})

    def known(self) -> tuple[Instance, ...]:
        """Return the daemons that run or ran, newest first."""
        with self._queue.reading() as connection:
            silent = (seconds_now(connection) - INSTANCES.c.last_tick).label("silent_seconds")
            wanted = INSTANCES.select().add_columns(silent).order_by(INSTANCES.c.started_at.desc())
            return tuple(instance_of_cells(dict(row)) for row in connection.execute(wanted).mappings())

    def any_alive(self) -> bool:
        """Return whether a daemon ticks."""
        return any(each.alive for each in self.known())
