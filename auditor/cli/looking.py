"""``auditor status``, ``log``, ``show`` and ``report``: what was found."""

from typing import Annotated

import typer

from auditor.cli import COULD_NOT_RUN, STALE, exit_code
from auditor.cli.arguments import AuditId, Json
from auditor.cli.finding import finished
from auditor.cli.rendering import Format
from auditor.errors import DeclarationError
from auditor.settings import Settings


def status(json: Json = False) -> None:
    """Every model: its last call, since when, when it is next due and why; and what the daemon does now."""
    from auditor.cli.standing import look_around, print_standings
    from auditor.core.records import OrderState

    found = look_around(Settings.here())
    print_standings(found, json=json)
    code = exit_code([summary.call for summary in found.models])
    failed = any(summary.state == "failed" for summary in found.models)
    failed |= any(order.state is OrderState.QUARANTINED for order in found.orders)
    raise typer.Exit(COULD_NOT_RUN if failed and code != STALE else code)


def log(
    name: Annotated[
        str | None, typer.Argument(help="A schedule or a model; all of them when left out.")
    ] = None,
    limit: Annotated[int, typer.Option(help="At most this many.", min=1)] = 20,
    json: Json = False,
) -> None:
    """Audits, newest first."""
    from auditor.cli.printing import print_log
    from auditor.wiring import ledger_to_read

    model = None if name is None else _model(name)
    with ledger_to_read(Settings.here()) as ledger:
        print_log(ledger.summaries(model, limit), json=json, of=name)


def show(audit: AuditId, json: Json = False) -> None:
    """One audit: its verdict, every setting, and the evidence."""
    from auditor.cli.printing import print_audit
    from auditor.wiring import ledger_to_read

    with ledger_to_read(Settings.here()) as ledger:
        print_audit(finished(ledger, audit), json=json)


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
    from auditor.wiring import ledger_to_read

    with ledger_to_read(Settings.here()) as ledger:
        render_again(Settings.here(), finished(ledger, audit), ledger, into=into)


def _model(name: str) -> str:
    """Return the model that a schedule audits; a name without a schedule is taken as the model's own."""
    from auditor.declarations import find_plan

    try:
        return find_plan(Settings.here().schedules, name).model
    except DeclarationError:
        return name
