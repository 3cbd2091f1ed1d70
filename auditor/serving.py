"""The web side put together: what it stands on, chosen as ``wiring`` chooses for audits."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.core.records import Asked, AuditSummary, Occasion, Order, Value, Why
from auditor.errors import DeclarationError
from auditor.http.facts import Counts, Declared, Pulse, Queued, Request, Standing, Wanted
from auditor.settings import Settings
from auditor.wiring import SystemClock, open_queue, open_schedules

if TYPE_CHECKING:
    from auditor.http.server import Server
    from auditor.storage.queue import SqlQueue
    from auditor.storage.reading import Reader


LISTEN = "127.0.0.1:8321"
"""Where the web side listens unless told otherwise: nobody else reaches it there."""


def open_server(settings: Settings, *, pulse: Callable[[], Pulse] | None = None) -> "Server | None":
    """Return a server that listens where the settings say and serves once it is started; None for ``off``.

    Parameters
    ----------
    pulse
        Of the daemon in this process, if there is one.

    Raises
    ------
    DeclarationError
        If the address cannot be listened on.
    StorageError
        If the database cannot be opened.
    """
    import importlib.metadata

    from auditor.http.app import Parts, make_app
    from auditor.http.listening import allowed_hosts, parse_address
    from auditor.http.server import Server
    from auditor.storage.reading import Reader
    from auditor.storage.room import Room

    address = parse_address(settings.listen or LISTEN)
    if address is None:
        return None
    queue = open_queue(settings)
    parts = Parts(
        facts=SiteFacts(Reader(settings.database_url), queue, settings),
        orders=QueueOrders(queue, settings),
        clock=SystemClock(),
        reports=settings.reports,
        version=importlib.metadata.version("auditor"),
        token=settings.token,
        hosts=allowed_hosts(address, settings.site),
        pulse=pulse,
        room=Room(_places(settings)).check,
    )
    return Server(make_app(parts), address)


def _places(settings: Settings) -> dict[str, Path]:
    """Return the folders that audits write to."""
    from auditor.storage.database import folder_of

    ledger = folder_of(settings.database_url)
    places = {"vault": settings.vault, "reports": settings.reports}
    return places if ledger is None else {**places, "ledger": ledger}


@dataclass(frozen=True, slots=True)
class QueueOrders:
    """Takes orders for the daemon: into its queue, from which nothing gets lost."""

    waiting: "SqlQueue"
    settings: Settings

    def ask(self, request: Request) -> Queued:
        """Queue an audit, unless the same request was queued before.

        Raises
        ------
        DeclarationError
            If there is no such schedule, or it cannot be read.
        ValueError
            If another request had the same key.
        """
        from auditor.declarations import find_plan

        plan = find_plan(self.settings.schedules, request.schedule)
        asked = Asked(
            trials=request.trials,
            minutes=request.minutes,
            workers=request.workers,
            seed=request.seed,
            strategy=request.strategy,
        )
        key = f"request {request.key}"
        new = self.waiting.order(
            key=key,
            schedule=plan.name,
            model=plan.model,
            occasion=Occasion(why=Why.REQUEST, said="asked for over the API", due=SystemClock().now()),
            asked=asked,
        )
        order = self.waiting.of_key(key)
        if order is None or (order.schedule, order.asked) != (plan.name, asked):
            raise ValueError("another request had this Idempotency-Key")
        return Queued(_wanted(order), new)


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """What the web side knows: from the database, and from the schedules' folder."""

    reader: "Reader"
    waiting: "SqlQueue"
    settings: Settings

    def probe(self) -> None:
        """Ask the database the least that shows that it answers."""
        self.reader.probe()

    def standings(self) -> tuple[Standing, ...]:
        """Return how every model stands, by model."""
        return tuple(
            Standing(model=newest.model, newest=newest, ended=ended, last_success=success)
            for newest, ended, success in self.reader.standings()
        )

    def audits(self, *, model: str | None, before: int | None, limit: int) -> tuple[AuditSummary, ...]:
        """Return audits, newest first."""
        return self.reader.audits(model=model, before=before, limit=limit)

    def twin(self, audit_id: int) -> str | None:
        """Return the document of an audit that has ended, or None."""
        return self.reader.twin(audit_id)

    def trials(self, audit_id: int) -> Iterator[Mapping[str, Value]] | None:
        """Return every trial of an audit in order, or None."""
        return self.reader.trials(audit_id)

    def schedules(self) -> tuple[Declared, ...]:
        """Return every schedule, by name: as the daemon keeps them, or from the folder before it ever ran."""
        kept = open_schedules(self.waiting).known()
        if kept:
            return tuple(
                Declared(
                    name=one.name,
                    model=one.model,
                    paused=one.paused,
                    problem=one.problem,
                    next_due=one.next_due,
                    next_reason=one.next_reason,
                )
                for one in kept
            )
        return self._in_folder()

    def queue(self, *, limit: int) -> tuple[Wanted, ...]:
        """Return the queue, newest first."""
        return tuple(map(_wanted, self.waiting.orders(limit=limit)))

    def counts(self) -> Counts:
        """Return what is counted."""
        return Counts(
            audits=self.reader.audit_counts(),
            queue={state.value: count for state, count in self.waiting.depth().items()},
            notices=self.reader.notice_counts(),
            oldest_queued=self.reader.oldest_queued(),
            leases_expired=self.reader.leases_expired(),
            slots_missed=self.reader.slots_missed(),
        )

    def _in_folder(self) -> tuple[Declared, ...]:
        from auditor.declarations import load_plans

        plans, errors = load_plans(self.settings.schedules)
        readable = [Declared(name=plan.name, model=plan.model) for plan in plans]
        broken = [Declared(name=_named(error), model="", problem=str(error)) for error in errors]
        return tuple(sorted((*readable, *broken), key=lambda one: one.name))


def _wanted(order: Order) -> Wanted:
    return Wanted(
        id=order.id,
        schedule=order.schedule,
        model=order.model,
        state=order.state.value,
        because=order.occasion.said,
        ordered_at=order.ordered_at,
        attempts=order.attempts,
        audit_id=order.audit_id,
        reason=order.reason,
    )


def _named(error: DeclarationError) -> str:
    """Return the name of the schedule that an error tells of: the stem of the file it begins with."""
    from pathlib import PurePath

    return PurePath(str(error).partition(":")[0]).stem
