"""``auditor demo``, ``run`` and ``backtest``: the commands that audit."""

import enum
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli import exit_code
from auditor.cli.arguments import LARGEST_SEED, Json, Name
from auditor.cli.helping import INTERRUPTED
from auditor.cli.keeping import goes_on, queue_audit
from auditor.cli.notifying import telling
from auditor.errors import AuditorError
from auditor.settings import Settings

if TYPE_CHECKING:
    from auditor.audit import Outcome
    from auditor.core.records import Asked

_YEAR = 365 * 24 * 60.0
"""In minutes."""


class Strategy(enum.StrEnum):
    """How an audit looks for settings."""

    AUTO = "auto"
    CAVIAR = "caviar"
    PANDA = "panda"


def demo(
    folder: Annotated[Path, typer.Option(help="Where the demo project is made.")] = Path("auditor-demo"),
    torch: Annotated[
        bool, typer.Option("--torch", help="Networks: one carried on day after day, and many side by side.")
    ] = False,
    json: Json = False,
) -> None:
    """Audit a real, bundled example end to end, and say where its report lies.

    Leaves with 0 whatever the verdict is: it shows what an audit does.
    """
    from auditor.core.records import Asked

    if torch:
        from auditor.cli.showing import show_networks

        def shown(name: str, seed: int) -> None:
            _audit(Settings.here(), name, Asked(seed=seed), json=json, root=folder)

        show_networks(folder, shown, quiet=json)
        return
    from auditor.demo import copy_demo, tuned_on
    from auditor.interface import capture as record
    from auditor.wiring import ledger_to_read

    try:
        schedule = copy_demo(folder)
    except OSError as error:
        raise AuditorError(f"cannot make the demo project in {str(folder)!r}: {error.strerror}") from error
    if not json:
        print(f"A demo project in {folder}/: flights out of New York, k-nearest neighbours tuned on January.")
    os.chdir(folder)
    with ledger_to_read(Settings.here()) as ledger:
        known = ledger.latest_capture(schedule.stem) is not None
    if not known:
        # What a deploy job does: file the rows that production was tuned on beside its settings.
        record(schedule.stem, data=tuned_on(Path()))
    _audit(Settings.here(), schedule.stem, Asked(), json=json, root=folder)


def run(
    name: Name,
    trials: Annotated[int | None, typer.Option(help="Configurations to search.", min=6)] = None,
    minutes: Annotated[
        float | None, typer.Option("--time", help="Minutes for searching.", min=0.01, max=_YEAR)
    ] = None,
    workers: Annotated[int | None, typer.Option(help="Trainings at once.", min=1)] = None,
    strategy: Annotated[
        Strategy | None,
        typer.Option(help="Many side by side, one live model carried on, or what the budget allows."),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help="Get the same audit again.", min=0, max=LARGEST_SEED)
    ] = None,
    queue: Annotated[
        bool,
        typer.Option("--queue", help="Leave it to the daemon, which goes on with other things meanwhile."),
    ] = False,
    json: Json = False,
) -> None:
    """Audit now. Ctrl-C is safe: the same command goes on from there."""
    from auditor.core.records import Asked

    asked = Asked(trials=trials, minutes=minutes, workers=workers, seed=seed, strategy=strategy)
    if queue:
        queue_audit(name, asked)
        return
    settings = Settings.here()
    with telling(settings):
        outcome = _audit(settings, name, asked, json=json)
    raise typer.Exit(exit_code([outcome.audit.call]))


def backtest(
    name: Name,
    every: Annotated[str, typer.Option(help="From one audit to the next.")] = "30 days",
    start: Annotated[str | None, typer.Option(help="Date of the first audit, as 2025-03-31.")] = None,
    trials: Annotated[int | None, typer.Option(help="Configurations each audit searches.", min=6)] = None,
    json: Json = False,
) -> None:
    """Replay history without peeking: what audits would have said, and what following them would have gained.

    Ctrl-C is safe: the same command goes on from there. Leaves with 0 whatever the audits would have said.
    """
    from auditor.cli.replaying import replay_history
    from auditor.core.asking import with_asked
    from auditor.core.records import Asked
    from auditor.declarations import find_plan

    settings = Settings.here()
    plan = with_asked(find_plan(settings.schedules, name), Asked(trials=trials))
    try:
        replay_history(settings, plan, every=every, start=start, trials=trials, json=json)
    except KeyboardInterrupt:
        raise _interrupted() from None


def _audit(settings: Settings, name: str, asked: "Asked", *, json: bool, root: Path = Path()) -> "Outcome":
    from auditor.cli.printing import print_outcome
    from auditor.daemon.by_hand import audit_by_hand
    from auditor.declarations import find_plan
    from auditor.progress import open_progress

    plan = find_plan(settings.schedules, name)
    try:
        with open_progress(quiet=json) as progress:
            outcome = audit_by_hand(plan, asked, settings, progress)
    except KeyboardInterrupt:
        raise _interrupted(goes_on(settings, name)) from None
    print_outcome(outcome, root=root, json=json)
    return outcome


def _interrupted(more: str = "") -> typer.Exit:
    said = "auditor: interrupted; what was trained is recorded, and the same command goes on from there"
    print(f"{said}{more}", file=sys.stderr)
    return typer.Exit(INTERRUPTED)
