"""The web side put together: what it stands on, chosen as ``wiring`` chooses for audits."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditor.core.records import AuditSummary, Value
from auditor.errors import DeclarationError
from auditor.http.facts import Counts, Declared, Orders, Pulse, Standing, Wanted
from auditor.settings import Settings
from auditor.wiring import SystemClock

if TYPE_CHECKING:
    from auditor.http.server import Server
    from auditor.storage.reading import Reader


def open_server(
    settings: Settings, *, pulse: Callable[[], Pulse] | None = None, orders: Orders | None = None
) -> "Server | None":
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

    address = parse_address(settings.listen)
    if address is None:
        return None
    parts = Parts(
        facts=SiteFacts(Reader(settings.database_url), settings),
        orders=orders,
        clock=SystemClock(),
        reports=settings.reports,
        version=importlib.metadata.version("auditor"),
        token=settings.token,
        hosts=allowed_hosts(address, settings.site),
        pulse=pulse,
    )
    return Server(make_app(parts), address)


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """What the web side knows: from the database, and from the schedules' folder."""

    reader: "Reader"
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
        """Return every schedule, by name."""
        from auditor.declarations import load_plans

        plans, errors = load_plans(self.settings.schedules)
        readable = [Declared(name=plan.name, model=plan.model) for plan in plans]
        broken = [Declared(name=_named(error), model="", problem=str(error)) for error in errors]
        return tuple(sorted((*readable, *broken), key=lambda one: one.name))

    def queue(self, *, limit: int) -> tuple[Wanted, ...]:
        """Return the queue, newest first."""
        return ()

    def counts(self) -> Counts:
        """Return what is counted."""
        return Counts(audits=self.reader.audit_counts(), notices=self.reader.notice_counts())


def _named(error: DeclarationError) -> str:
    """Return the name of the schedule that an error tells of: the stem of the file it begins with."""
    from pathlib import PurePath

    return PurePath(str(error).partition(":")[0]).stem
