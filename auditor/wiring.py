"""Settings to tools: the only place where vendors are chosen.

Adapters are imported inside the functions that build them, so that a command pays only for
what it uses.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from auditor.errors import ClusterError, DeclarationError, StorageError
from auditor.settings import Settings, copies_of

if TYPE_CHECKING:
    from auditor.core.records import Backtest, Config, Fence, News, TrainerFacts, TrainerSpec
    from auditor.dispatch import Dispatch
    from auditor.ports import Executor, Ledger, Progress, Publisher, Tools, Vault
    from auditor.storage.instances import SqlInstances
    from auditor.storage.keeping import SqlSchedules
    from auditor.storage.ledger import SqlLedger
    from auditor.storage.locks import HeldModel
    from auditor.storage.queue import SqlQueue
    from auditor.storage.stock import Stock

EXECUTORS = ("pool", "inline", "dask://host:8786")


class SystemClock:
    """The machine's clock; the only place that reads it."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - this is the Clock port


@contextmanager
def open_tools(
    settings: Settings, *, workers: int, progress: "Progress", fence: "Fence | None" = None
) -> Iterator["Tools"]:
    """Open everything that an audit needs, and stop the workers at the end.

    Parameters
    ----------
    fence
        Of the daemon's order, if it is for one: the ledger refuses to write once that is lost.

    Raises
    ------
    StorageError
        If the ledger or a folder cannot be opened.
    DeclarationError
        If ``AUDITOR_EXECUTOR`` names no executor.
    ClusterError
        If it names a cluster that does not answer or has no worker.
    """
    from auditor.ports import Tools
    from auditor.sources import LocalSources

    ledger = open_ledger(settings, fence=fence)
    with scratch():  # tried here: what needs one later could not say so
        pass
    with closing(open_executor(settings, workers=workers)) as executor:
        yield Tools(
            clock=SystemClock(),
            executor=executor,
            vault=open_vault(settings),
            ledger=ledger,
            sources=LocalSources(executor.call),
            describe=WorkerDescribe(executor),
            publisher=open_publisher(settings),
            progress=progress,
        )


def replay_tools(tools: "Tools", settings: Settings) -> "Tools":
    """Return the same tools with a ledger and a vault of their own, for replays of the past.

    Both lie in ``backtests`` in the vault (the ledger, where the vault is elsewhere, among this machine's
    copies); deleted, they are made again by the next backtest.

    Raises
    ------
    StorageError
        If the folder cannot be written.
    """
    from dataclasses import replace

    from auditor.storage.folders import explained
    from auditor.storage.ledger import SqlLedger

    folder = settings.vault / "backtests"
    with explained(folder):
        folder.mkdir(parents=True, exist_ok=True)
    ledger = SqlLedger(f"sqlite:///{(folder / 'ledger.db').resolve()}")
    return replace(tools, ledger=ledger, vault=open_vault(settings, below="backtests"))


def open_vault(settings: Settings, *, below: str = "") -> "Vault":
    """Open the vault, in its folder or wherever it is; ``below`` names a vault within it.

    Raises
    ------
    DeclarationError
        If ``AUDITOR_VAULT`` is a URL that nothing installed can keep files at.
    """
    from auditor.storage.remote_vault import RemoteVault
    from auditor.storage.vault import FileVault

    if not settings.vault_url:
        return FileVault(settings.vault / below)
    url = f"{settings.vault_url}/{below}".rstrip("/")
    return RemoteVault(url, copies_of(url, settings.cache))


def open_stock(settings: Settings) -> "Stock":
    """Return what the vault holds, for one who tidies up or copies."""
    from auditor.storage.stock import Stock

    return Stock(settings.vault, settings.vault_url)


def scratch() -> AbstractContextManager[str]:
    """Return a temporary folder that is gone at the end of a ``with`` block.

    Raises
    ------
    StorageError
        If there is no place for one: fresh rows pass through one, and workers are reached through another.
    """
    import tempfile

    try:
        return tempfile.TemporaryDirectory(prefix="auditor-")
    except OSError as error:
        raise StorageError(
            f"no temporary folder can be made ({error.strerror}); free some space, or set TMPDIR to a folder "
            "that can be written to"
        ) from error


def open_ledger(settings: Settings, *, fence: "Fence | None" = None) -> "SqlLedger":
    """Open the ledger, made or migrated where needed."""
    from auditor.notify import channel_names, split_urls
    from auditor.storage.ledger import SqlLedger

    channels = channel_names(split_urls(settings.notify))
    return SqlLedger(settings.database_url, channels=channels, fence=fence)


@contextmanager
def for_reading(settings: Settings) -> Iterator[Settings]:
    """Yield settings for what only reads: where no database is yet, with an empty one that leaves none."""
    from auditor.storage.database import is_still_to_be_made
    from auditor.storage.schema import make_empty

    if not is_still_to_be_made(settings.database_url):
        yield settings
        return
    with scratch() as folder:
        empty = replace(settings, database_url=f"sqlite:///{folder}/empty.db")
        make_empty(empty.database_url)
        yield empty


@contextmanager
def ledger_to_read(settings: Settings) -> Iterator["SqlLedger"]:
    """Open the ledger as it is."""
    with for_reading(settings) as found, closing(open_ledger(found)) as ledger:
        yield ledger


def open_dispatch(settings: Settings) -> "Dispatch | None":
    """Open the outbox and every channel of ``AUDITOR_NOTIFY``; None when there is none.

    Raises
    ------
    DeclarationError
        If a channel is declared wrongly.
    StorageError
        If the ledger cannot be opened.
    """
    from auditor.dispatch import Dispatch
    from auditor.notify import open_channels, split_urls
    from auditor.storage.outbox import SqlOutbox

    channels = open_channels(split_urls(settings.notify), secret=settings.notify_secret)
    if not channels:
        return None
    return Dispatch(
        outbox=SqlOutbox(settings.database_url),
        channels=channels,
        clock=SystemClock(),
        link=_Links(settings),
        remind_every=_reminders(settings),
        declared=_Declared(settings),
    )


def open_queue(settings: Settings, *, lease_seconds: float | None = None) -> "SqlQueue":
    """Open the queue of audits that are wanted; it lies in the ledger's database."""
    from auditor.storage.queue import LEASE_SECONDS, SqlQueue

    return SqlQueue(settings.database_url, SystemClock(), lease_seconds=lease_seconds or LEASE_SECONDS)


def open_schedules(queue: "SqlQueue") -> "SqlSchedules":
    """Return the schedules as they are kept in the database of a queue."""
    from auditor.storage.keeping import SqlSchedules

    return SqlSchedules(queue)


def open_instances(queue: "SqlQueue") -> "SqlInstances":
    """Return the daemons as they are known in the database of a queue."""
    from auditor.storage.instances import SqlInstances

    return SqlInstances(queue)


def open_publisher(settings: Settings) -> "Publisher":
    """Return the publisher of pages."""
    from auditor.reporting.publish import FolderPublisher

    return FolderPublisher(settings.reports)


def publish_backtest(settings: Settings, backtest: "Backtest", ledger: "Ledger") -> str:
    """Write a backtest's page and its twin, link it, and return the page's path."""
    from auditor.reporting.publish import FolderPublisher

    return FolderPublisher(settings.reports).publish_backtest(backtest, ledger)


def open_executor(settings: Settings, *, workers: int) -> "Executor":
    """Start the place where trials run."""
    from auditor.executors.inline import InlineExecutor
    from auditor.executors.pool import PoolExecutor
    from auditor.worker import perform, perform_together

    if settings.executor == "inline":
        return InlineExecutor(perform, together=perform_together)
    if settings.executor == "pool":
        return PoolExecutor(perform, workers=workers, together=perform_together)
    if settings.executor.startswith("dask://"):
        return _open_cluster(settings.executor)
    allowed = ", ".join(EXECUTORS)
    raise DeclarationError(f"AUDITOR_EXECUTOR is {settings.executor!r}; allowed: {allowed}")


def _open_cluster(executor: str) -> "Executor":
    from auditor.worker import bring, perform, perform_together

    address = executor.replace("dask://", "tcp://", 1)
    if not address.rpartition(":")[2].isdigit():
        raise DeclarationError(
            f"AUDITOR_EXECUTOR needs a host and a port, as dask://host:8786, got {executor!r}"
        )
    try:
        from auditor.executors.dask import DaskExecutor
    except ModuleNotFoundError as error:
        raise ClusterError(
            f"AUDITOR_EXECUTOR is {executor!r}, which needs the module {error.name!r}; "
            "run `pip install 'auditor[dask]'`"
        ) from error
    return DaskExecutor(address, perform, together=perform_together, ready=bring)


def only_one(settings: Settings, model: str) -> "AbstractContextManager[HeldModel]":
    """Hold a model against every other process that would audit it.

    Raises
    ------
    BusyError
        If another process holds it.
    """
    from auditor.storage.locks import ModelLock

    return ModelLock(settings.vault).hold(model)


def _reminders(settings: Settings) -> timedelta:
    from auditor.declarations.quantities import parse_span

    if settings.remind.strip().lower() in ("never", "0"):
        return timedelta(0)
    try:
        return parse_span(settings.remind)
    except ValueError as error:
        raise DeclarationError(f"AUDITOR_NOTIFY_REMIND {error}, or 'never'") from error


@dataclass(frozen=True, slots=True)
class _Links:
    """Where the page of some news is: an address, or a path without ``AUDITOR_SITE``."""

    settings: Settings

    def __call__(self, news: "News") -> str:
        from auditor.reporting.listing import page_stem
        from auditor.reporting.publish import folder_name

        page = f"{folder_name(news.model)}/{page_stem(news.started_at, news.audit_id)}.html"
        return f"{self.settings.site or self.settings.reports.absolute()}/{page}"


@dataclass(frozen=True, slots=True)
class _Declared:
    """The models that schedules ask to be audited; None where one cannot be read, so that nobody can say."""

    settings: Settings

    def __call__(self) -> frozenset[str] | None:
        from auditor.declarations import load_plans

        plans, errors = load_plans(self.settings.schedules)
        return None if errors else frozenset(plan.model for plan in plans)


class WorkerDescribe:
    """Asks a trainer about itself where the executor runs user code."""

    def __init__(self, executor: "Executor") -> None:
        self._executor = executor

    def __call__(self, trainer: "TrainerSpec", config: "Config", metric: str) -> "TrainerFacts":
        """Build the trainer once with a configuration, and say what it is.

        Raises
        ------
        TrainerError
            If it does not exist, refuses a setting, or cannot give what the metric needs.
        """
        from auditor.worker import describe

        return self._executor.call(describe, trainer, config, metric)
