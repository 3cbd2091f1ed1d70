"""``auditor doctor``, ``prune`` and ``backup``: what is wrong, what goes and what stays, a copy of it all."""

from collections.abc import Collection, Iterable, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli.arguments import Json
from auditor.settings import Settings

if TYPE_CHECKING:
    from auditor.ports import Ledger
    from auditor.storage.archive import Archive


def doctor(json: Json = False) -> None:
    """Look at database, disk, clock, executor, schedules and daemon: what is wrong, and what mends it."""
    from auditor.cli.doctoring import examine, print_findings

    raise typer.Exit(print_findings(examine(Settings.here()), json=json))


def prune(
    newest: Annotated[int, typer.Option(help="Audits of each model that are kept whole.", min=1)] = 20,
    days: Annotated[
        float, typer.Option(help="Audits younger than this are kept whole.", min=1.0, max=36_525.0)
    ] = 400.0,
    keep_pages: Annotated[bool, typer.Option("--keep-pages", help="Keep the pages of all audits.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go; delete nothing.")] = False,
    json: Json = False,
) -> None:
    """Throw away losses row by row, snapshots, checkpoints and pages of old audits; verdicts stay.

    An audit is kept whole while it is young enough, or among the newest of its model. `auditor report ID`
    makes a page again that is gone. Pages of backtests go by their age; the newest of each model stays.
    Where a snapshot is damaged, all that it may need stays, the rest goes, and the exit code is 2.
    """
    from auditor.core.retention import Retention, doomed
    from auditor.reporting.publish import FolderPublisher
    from auditor.storage.archive import Archive
    from auditor.wiring import SystemClock, open_ledger, open_stock

    settings = Settings.here()
    now = SystemClock().now()
    young = now - timedelta(days=1)  # it may belong to what begins just now
    stock, publisher = open_stock(settings), FolderPublisher(settings.reports)
    with closing(Archive(settings.database_url, stock)) as archive, closing(open_ledger(settings)) as ledger:
        pinned, needed = archive.needed()
        going = doomed(
            archive.holdings(),
            pinned=pinned,
            needed=needed,
            snapshots=stock.snapshots(before=young),
            limits=Retention(newest=newest, younger_than=timedelta(days=days)),
            now=now,
        )
        audits = sorted(set(going.audits) & archive.with_losses())
        carried = _needless_checkpoints(archive, ledger, going.audits, stock.checkpoints(before=young))
        old = frozenset(() if keep_pages else going.audits)
        pages = publisher.with_pages([one for one in ledger.summaries() if one.id in old])
        backtests = publisher.old_backtests(now - timedelta(days=days)) if not keep_pages else ()
        freed = 0
        if not dry_run:
            freed = publisher.forget(pages, ledger) + publisher.delete(backtests)
            archive.drop_losses(audits)
            freed += stock.drop_snapshots(going.snapshots, before=young)
            freed += stock.drop_checkpoints(carried, before=young)
            freed += stock.drop_parts(before=young)
            if audits:
                archive.give_space_back()
    of_backtests = sorted({f"{path.parent.name}/{path.stem}" for path in backtests})
    gone = Gone(
        audits, going.snapshots, carried, sorted(one.id for one in pages), of_backtests, stock.damaged()
    )
    _say(gone, freed=freed, dry_run=dry_run, json=json)
    _complain(gone.damaged)


@dataclass(frozen=True, slots=True)
class Gone:
    """What went, or would go: losses and pages by audit, snapshots, checkpoints, pages of backtests.

    Attributes
    ----------
    damaged
        What is wrong with snapshots for whose sake chunks stayed, a line each.
    """

    losses_of_audits: Sequence[int]
    snapshots: Sequence[str]
    checkpoints: Sequence[str]
    pages: Sequence[int]
    backtests: Sequence[str]
    damaged: Sequence[str]


def backup(
    folder: Annotated[
        Path, typer.Argument(help="Where the copy goes; an older copy there is brought up to date.")
    ],
    json: Json = False,
) -> None:
    """Copy ledger, vault and schedules into a folder, as they are at one moment, while audits run.

    The folder is a project folder itself: a copy of it elsewhere goes on where this one was. What is damaged
    is left out and told of, and the exit code is 2; an older copy of it stays.
    """
    from auditor.core.wording import counted
    from auditor.storage.archive import Archive
    from auditor.storage.folders import mirror
    from auditor.wiring import open_stock

    settings = Settings.here()
    with closing(Archive(settings.database_url, open_stock(settings))) as archive:
        copied = archive.copy(folder)
    if settings.schedules.is_dir():
        mirror(settings.schedules, folder / "schedules")
    sqlite = settings.database_url.startswith("sqlite")
    if json:
        from json import dumps

        print(dumps({"folder": str(folder), "ledger": sqlite, **asdict(copied)}, indent=2))
        _complain(copied.damaged)
        return
    ledger = "the ledger, " if sqlite else ""
    files = f"{counted(copied.snapshots, 'snapshot')}, {counted(copied.checkpoints, 'checkpoint')}"
    print(f"{folder}: {ledger}{files} ({copied.new} new), the schedules")
    if not sqlite:
        print("the ledger is in PostgreSQL: copy it with `pg_dump --format=custom`, before this command")
    else:
        print(f"to go back to it: copy it elsewhere, `cd` there, and run auditor as ever ({_RESTORED})")
    _complain(copied.damaged)


def _complain(damaged: Sequence[str]) -> None:
    """Tell of damaged snapshots, and leave with the code of what could not be done."""
    from auditor.cli import COULD_NOT_RUN, complain
    from auditor.errors import AuditorError

    for line in damaged:
        complain(AuditorError(line))
    if damaged:
        raise typer.Exit(COULD_NOT_RUN)


_RESTORED = "`auditor status` first; `auditor report ID` makes a page again"


def _needless_checkpoints(
    archive: "Archive", ledger: "Ledger", going: Collection[int], filed: Sequence[str]
) -> list[str]:
    """Return the checkpoints that no audit which stays made or went on from, nor any live model needs."""
    from auditor.core.trails import checkpoints_needed

    by_audit, models = archive.checkpoints()
    needed = set().union(*(digests for audit, digests in by_audit.items() if audit not in going))
    for model in models:
        ended = (ledger.audit(each.id) for each in ledger.summaries(model) if each.state == "done")
        newest = next((audit.panda for audit in ended if audit is not None and audit.panda), None)
        needed |= checkpoints_needed(newest) if newest is not None else set()
    return [digest for digest in filed if digest not in needed]


def _say(gone: Gone, *, freed: int, dry_run: bool, json: bool) -> None:
    if json:
        from json import dumps

        print(dumps({**asdict(gone), "dry_run": dry_run, "bytes": freed}, indent=2))
        return
    from auditor.core.wording import counted

    counts = (
        f"the losses of {counted(len(gone.losses_of_audits), 'audit')}",
        counted(len(gone.snapshots), "snapshot"),
        counted(len(gone.checkpoints), "checkpoint"),
        f"the pages of {counted(len(gone.pages), 'audit')}",
        f"the pages of {counted(len(gone.backtests), 'backtest')}",
    )
    print(f"{'would go' if dry_run else 'gone'}: {', '.join(counts)}", end="")
    print("" if dry_run else f" ({freed / 1024**2:,.1f} MiB)")
    if dry_run:
        _list("losses of audits", map(str, gone.losses_of_audits))
        _list("snapshots", (digest[:12] for digest in gone.snapshots))
        _list("pages of audits", map(str, gone.pages))
        _list("pages of backtests", gone.backtests)


def _list(what: str, names: Iterable[str]) -> None:
    listed = ", ".join(names)
    if listed:
        print(f"  {what}: {listed}")
