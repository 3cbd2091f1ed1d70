"""``auditor prune`` and ``auditor backup``: what goes, what stays, and a copy of it all."""

import os
from collections.abc import Collection, Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.reporting.numbers import count_text
from auditor.settings import Settings

if TYPE_CHECKING:
    from auditor.storage.archive import Archive

Json = Annotated[bool, typer.Option("--json", help="Print facts as JSON.")]


def register(app: typer.Typer) -> None:
    """Add these commands to the others."""
    for command in (prune, backup):
        app.command()(command)


def prune(
    newest: Annotated[int, typer.Option(help="Audits of each model that are kept whole.", min=1)] = 20,
    days: Annotated[float, typer.Option(help="Audits younger than this are kept whole.", min=1.0)] = 400.0,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go; delete nothing.")] = False,
    json: Json = False,
) -> None:
    """Throw away losses row by row, snapshots and checkpoints of old audits; verdicts and pages stay."""
    from auditor.core.retention import Retention, doomed
    from auditor.storage.archive import Archive
    from auditor.wiring import SystemClock, open_stock

    settings = _settings()
    now = SystemClock().now()
    young = now - timedelta(days=1)  # it may belong to what begins just now
    stock = open_stock(settings)
    with closing(Archive(settings.database_url, stock)) as archive:
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
        carried = _needless_checkpoints(archive, settings, going.audits, stock.checkpoints(before=young))
        freed = 0
        if not dry_run:
            archive.drop_losses(audits)
            freed = stock.drop_snapshots(going.snapshots, before=young)
            freed += stock.drop_checkpoints(carried, before=young)
            freed += stock.drop_parts(before=young)
            if audits:
                archive.give_space_back()
    _say(audits, going.snapshots, carried, freed=freed, dry_run=dry_run, json=json)


def backup(
    folder: Annotated[
        Path, typer.Argument(help="Where the copy goes; an older copy there is brought up to date.")
    ],
    json: Json = False,
) -> None:
    """Copy ledger, vault and schedules into a folder, as they are at one moment, while audits run.

    The folder is a project folder itself: a copy of it elsewhere goes on where this one was.
    """
    from auditor.storage.archive import Archive
    from auditor.storage.files import mirror
    from auditor.wiring import open_stock

    settings = _settings()
    with closing(Archive(settings.database_url, open_stock(settings))) as archive:
        copied = archive.copy(folder)
    if settings.schedules.is_dir():
        mirror(settings.schedules, folder / "schedules")
    sqlite = settings.database_url.startswith("sqlite")
    if json:
        from dataclasses import asdict
        from json import dumps

        print(dumps({"folder": str(folder), "ledger": sqlite, **asdict(copied)}, indent=2))
        return
    ledger = "the ledger, " if sqlite else ""
    files = f"{count_text(copied.snapshots, 'snapshot')}, {count_text(copied.checkpoints, 'checkpoint')}"
    print(f"{folder}: {ledger}{files} ({copied.new} new), the schedules")
    if not sqlite:
        print("the ledger is in PostgreSQL: copy it with `pg_dump --format=custom`, before this command")
    else:
        print(f"to go back to it: copy it elsewhere, `cd` there, and run auditor as ever ({_RESTORED})")


_RESTORED = "`auditor status` first; `auditor report ID` makes a page again"


def _needless_checkpoints(
    archive: "Archive", settings: Settings, going: Collection[int], filed: Sequence[str]
) -> list[str]:
    """Return the checkpoints that no audit which stays made or went on from, nor any live model needs."""
    from auditor.core.trails import checkpoints_needed
    from auditor.wiring import open_ledger

    by_audit, models = archive.checkpoints()
    needed = set().union(*(digests for audit, digests in by_audit.items() if audit not in going))
    with closing(open_ledger(settings)) as ledger:
        for model in models:
            ended = (ledger.audit(each.id) for each in ledger.summaries(model) if each.state == "done")
            newest = next((audit.panda for audit in ended if audit is not None and audit.panda), None)
            needed |= checkpoints_needed(newest) if newest is not None else set()
    return [digest for digest in filed if digest not in needed]


def _say(
    audits: list[int],
    snapshots: tuple[str, ...],
    carried: list[str],
    *,
    freed: int,
    dry_run: bool,
    json: bool,
) -> None:
    if json:
        from json import dumps

        facts = {"losses_of_audits": audits, "snapshots": list(snapshots)}
        facts |= {"checkpoints": carried, "dry_run": dry_run, "bytes": freed}
        print(dumps(facts, indent=2))
        return
    would = "would go" if dry_run else "gone"
    print(f"{would}: the losses of {len(audits)} audits, {len(snapshots)} snapshots", end="")
    print(f", {len(carried)} checkpoints" if carried else "", end="")
    print("" if dry_run else f" ({freed / 1024**2:,.1f} MiB)")
    if dry_run and (audits or snapshots):
        print(f"  audits: {', '.join(map(str, audits)) or 'none'}")
        print(f"  snapshots: {', '.join(digest[:12] for digest in snapshots) or 'none'}")


def _settings() -> Settings:
    return Settings.from_environment(os.environ)
