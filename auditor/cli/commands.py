"""One function per command: what it is asked, what it calls, what it leaves with."""

import enum
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli import COULD_NOT_RUN, STALE, UNDECIDED, keeping, tidying
from auditor.cli.applying import apply
from auditor.cli.finding import finished
from auditor.cli.helping import INTERRUPTED, Commands, print_version, schedule_names
from auditor.cli.notifying import telling
from auditor.cli.rendering import Format
from auditor.errors import AuditorError, DeclarationError
from auditor.settings import Settings

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from auditor.audit import Outcome
    from auditor.core.records import Asked, Call, Plan
    from auditor.ports import Ledger


app = typer.Typer(
    name="auditor",
    cls=Commands,
    epilog="Exit codes: 0 all fresh, 1 something stale, 2 could not run, 3 none stale but some undecided.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.callback()
def main(
    version: Annotated[
        bool,
        typer.Option("--version", callback=print_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Tell when the hyperparameters of models in production have gone stale, with the evidence.

    Begin with `auditor demo`, or with `auditor init NAME --data rows.csv` for a model of your own; each
    command says more with --help. A project is a folder with schedules/, where commands are run.
    """


_LARGEST_ID, _LARGEST_SEED = 2**31 - 1, 2**63 - 1
"""What the ledger's columns hold."""

_YEAR = 365 * 24 * 60.0
"""In minutes."""

Name = Annotated[
    str,
    typer.Argument(help="A schedule: the stem of its file in schedules/.", autocompletion=schedule_names),
]
Json = Annotated[bool, typer.Option("--json", help="Print facts as JSON.")]
AuditId = Annotated[
    int, typer.Argument(help="The number of an audit, as `auditor log` shows it.", min=1, max=_LARGEST_ID)
]


class Strategy(enum.StrEnum):
    """How an audit looks for settings."""

    AUTO = "auto"
    CAVIAR = "caviar"
    PANDA = "panda"


@app.command()
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

    try:
        schedule = copy_demo(folder)
    except OSError as error:
        raise AuditorError(f"cannot make the demo project in {str(folder)!r}: {error.strerror}") from error
    if not json:
        print(f"A demo project in {folder}/: flights out of New York, k-nearest neighbours tuned on January.")
    os.chdir(folder)
    with _ledger() as ledger:
        known = ledger.latest_capture(schedule.stem) is not None
    if not known:
        # What a deploy job does: file the rows that production was tuned on beside its settings.
        record(schedule.stem, data=tuned_on(Path()))
    _audit(Settings.here(), schedule.stem, Asked(), json=json, root=folder)


@app.command()
def init(
    name: Annotated[str, typer.Argument(help="What the audit is to be called: the stem of its file.")],
    data: Annotated[
        str | None,
        typer.Option(
            help="Fresh rows: CSV or Parquet path or URL, package.module:function, or a database URL."
        ),
    ] = None,
    origin: Annotated[
        str | None,
        typer.Option(
            "--from",
            help="Where production's settings live: joblib:model.joblib, json:params.json#/model, ...",
        ),
    ] = None,
    estimator: Annotated[
        str | None, typer.Option(help="What is trained: sklearn.ensemble:RandomForestClassifier.")
    ] = None,
    module: Annotated[
        str | None, typer.Option(help="Your function that builds a torch network: shop.churn:network.")
    ] = None,
    target: Annotated[str | None, typer.Option(help="The column to be predicted.")] = None,
    time: Annotated[
        str | None, typer.Option(help="The column that says when a row is from, or none.")
    ] = None,
    group: Annotated[
        str | None, typer.Option(help="Rows of one group never straddle a split: a customer's, for example.")
    ] = None,
    drop: Annotated[
        list[str] | None, typer.Option(help="A column that is no feature; may be given often.")
    ] = None,
    setting: Annotated[
        list[str] | None,
        typer.Option("--set", help="What production runs, as name=value; may be given often."),
    ] = None,
    query: Annotated[str | None, typer.Option(help="SQL that selects the rows of a database.")] = None,
    metric: Annotated[str | None, typer.Option(help="What a model is scored by.")] = None,
    margin: Annotated[str, typer.Option(help="The smallest gain worth a redeployment.")] = "1%",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing; take every proposal.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Write over a schedule of that name.")] = False,
    check: Annotated[bool, typer.Option(help="Try what was written.")] = True,
    json: Json = False,
) -> None:
    """Write a schedule from a data file, an estimator or a saved model, and try it.

    What is not given is proposed, each proposal with its reason, and asked about on a terminal; a data file
    alone is enough. The file holds a range for every setting that is known, with its source. It is written
    over only with --force, and tried as `auditor check` does unless --no-check.
    """
    from auditor.cli.asking import ask_for_production, ask_for_query, ask_for_rows
    from auditor.cli.drafting import at_terminal, init_schedule
    from auditor.declarations.forms import is_database
    from auditor.drafts.arguments import as_origin, read_settings
    from auditor.drafts.drafting import Asked

    ask = not (yes or json) and at_terminal()
    if data is None and ask:
        data = ask_for_rows()
    if data is None:
        raise DeclarationError("say where fresh rows are: `auditor init NAME --data rows.csv`")
    if query is None and ask and is_database(data):
        query = ask_for_query()
    asked = Asked(
        name=name,
        data=data,
        query=query,
        origin=None if origin is None else as_origin(origin),
        estimator=estimator,
        module=module,
        target=target,
        time="" if time == "none" else time,
        group=group,
        drop=tuple(drop or ()),
        settings=read_settings(setting or ()),
        metric=metric,
        margin=margin,
    )
    if ask:
        asked = ask_for_production(asked)
    raise typer.Exit(init_schedule(Settings.here(), asked, ask=ask, force=force, check=check, json=json))


@app.command()
def check(
    name: Annotated[str | None, typer.Argument(help="One schedule; all of them when left out.")] = None,
    json: Json = False,
) -> None:
    """Try everything that an audit needs, once: schedule, production, data, one training. Audits nothing."""
    from auditor.cli.checking import check_all

    raise typer.Exit(check_all(Settings.here(), name, json=json))


@app.command()
def capture(
    name: Name,
    data: Annotated[bool, typer.Option(help="File the rows it was tuned on, too.")] = True,
    if_changed: Annotated[
        bool, typer.Option("--if-changed", help="Only if its settings are others than before; files no rows.")
    ] = False,
    json: Json = False,
) -> None:
    """Record what production runs now, with its environment and code; made for the deploy job."""
    from auditor.cli.printing import print_capture
    from auditor.interface import capture as record
    from auditor.interface import notice

    recorded = notice(name) if if_changed else record(name, data=data)
    if recorded is not None:
        print_capture(recorded, json=json)
    else:
        print("null" if json else f"{name}: production runs what was captured last")


@app.command()
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
        int | None, typer.Option(help="Get the same audit again.", min=0, max=_LARGEST_SEED)
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
        keeping.queue_audit(name, asked)
        return
    settings = Settings.here()
    with telling(settings):
        outcome = _audit(settings, name, asked, json=json)
    raise typer.Exit(_exit_code([outcome.audit.call]))


@app.command()
def status(json: Json = False) -> None:
    """Every model: its last call, since when, when it is next due and why; and what the daemon does now."""
    from auditor.cli.standing import look_around, print_standings
    from auditor.core.records import OrderState

    found = look_around(Settings.here())
    print_standings(found, json=json)
    code = _exit_code([summary.call for summary in found.models])
    failed = any(summary.state == "failed" for summary in found.models)
    failed |= any(order.state is OrderState.QUARANTINED for order in found.orders)
    raise typer.Exit(COULD_NOT_RUN if failed and code != STALE else code)


@app.command()
def log(
    name: Annotated[
        str | None, typer.Argument(help="A schedule or a model; all of them when left out.")
    ] = None,
    limit: Annotated[int, typer.Option(help="At most this many.", min=1)] = 20,
    json: Json = False,
) -> None:
    """Audits, newest first."""
    from auditor.cli.printing import print_log

    model = None if name is None else _model(name)
    with _ledger() as ledger:
        print_log(ledger.summaries(model, limit), json=json, of=name)


@app.command()
def show(audit: AuditId, json: Json = False) -> None:
    """One audit: its verdict, every setting, and the evidence."""
    from auditor.cli.printing import print_audit

    with _ledger() as ledger:
        print_audit(finished(ledger, audit), json=json)


@app.command()
def report(
    audit: AuditId,
    into: Annotated[
        Format,
        typer.Option(
            "--format",
            help="html writes the page, its JSON twin, its CSV of trials and the listings again; "
            "json and csv print.",
        ),
    ] = Format.HTML,
) -> None:
    """Render an audit again, from the ledger: its page and the listings that it is on, or its facts."""
    from auditor.cli.rendering import render_again

    with _ledger() as ledger:
        render_again(Settings.here(), finished(ledger, audit), ledger, into=into)


app.command()(apply)


keeping.register(app)
tidying.register(app)


@app.command()
def doctor(json: Json = False) -> None:
    """Look at database, disk, clock, executor, schedules and daemon: what is wrong, and what mends it."""
    from auditor.cli.doctoring import examine, print_findings

    raise typer.Exit(print_findings(examine(Settings.here()), json=json))


@app.command()
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

    settings = Settings.here()
    plan = with_asked(_plan(settings, name), Asked(trials=trials))
    try:
        replay_history(settings, plan, every=every, start=start, trials=trials, json=json)
    except KeyboardInterrupt:
        raise _interrupted() from None


@app.command()
def serve() -> None:
    """Serve the reports, the API and the figures where `AUDITOR_LISTEN` says; audits nothing."""
    from auditor.cli.serving import serve_until_stopped

    serve_until_stopped(Settings.here())


@app.command()
def notify(
    test: Annotated[bool, typer.Option("--test", help="Send a test message to every channel.")] = False,
    json: Json = False,
) -> None:
    """Send what is to be told and is due, and show what became of it. `AUDITOR_NOTIFY` names the channels."""
    from auditor.cli.notifying import send_due, try_channels

    raise typer.Exit(
        try_channels(Settings.here(), json=json) if test else send_due(Settings.here(), json=json)
    )


def _interrupted(more: str = "") -> typer.Exit:
    said = "auditor: interrupted; what was trained is recorded, and the same command goes on from there"
    print(f"{said}{more}", file=sys.stderr)
    return typer.Exit(INTERRUPTED)


def _audit(settings: Settings, name: str, asked: "Asked", *, json: bool, root: Path = Path()) -> "Outcome":
    from auditor.cli.printing import print_outcome
    from auditor.daemon.by_hand import audit_by_hand
    from auditor.progress import open_progress

    plan = _plan(settings, name)
    try:
        with open_progress(quiet=json) as progress:
            outcome = audit_by_hand(plan, asked, settings, progress)
    except KeyboardInterrupt:
        raise _interrupted(keeping.goes_on(settings, name)) from None
    print_outcome(outcome, root=root, json=json)
    return outcome


def _plan(settings: Settings, name: str) -> "Plan":
    from auditor.declarations import find_plan

    return find_plan(settings.schedules, name)


def _model(name: str) -> str:
    """Return the model that a schedule audits; a name without a schedule is taken as the model's own."""
    try:
        return _plan(Settings.here(), name).model
    except DeclarationError:
        return name


def _ledger() -> "AbstractContextManager[Ledger]":
    from auditor.wiring import ledger_to_read

    return ledger_to_read(Settings.here())


def _exit_code(calls: "Iterable[Call | None]") -> int:
    from auditor.core.records import Call

    seen = set(calls)
    if Call.STALE in seen:
        return STALE
    return UNDECIDED if Call.UNDECIDED in seen else 0
