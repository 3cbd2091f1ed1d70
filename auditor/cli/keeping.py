"""``auditor daemon``, ``serve`` and ``notify``, and what is said to a daemon: pause, resume, cancel."""

from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli.arguments import Json, Name
from auditor.errors import AuditorError
from auditor.settings import Settings

if TYPE_CHECKING:
    from auditor.core.records import Asked


def daemon(
    audits: Annotated[int, typer.Option(help="Audits at once.", min=1)] = 1,
    tick: Annotated[float, typer.Option(help="Seconds from one look to the next.", min=0.1, max=60.0)] = 15.0,
    grace: Annotated[
        float, typer.Option(help="Seconds that a running lot may take to end when told to stop.", min=0.0)
    ] = 30.0,
    lease: Annotated[
        float,
        typer.Option(
            help="Seconds without a sign of life until another daemon goes on.", min=0.5, max=3600.0
        ),
    ] = 60.0,
    watch: Annotated[
        float, typer.Option(help="Minutes from one look at triggers to the next.", min=0.02)
    ] = 60.0,
    json: Annotated[
        bool | None, typer.Option("--json/--lines", help="Log as JSON; the default unless on a terminal.")
    ] = None,
) -> None:
    """Audit whenever a schedule says so; SIGTERM stops after the running lot, a second one at once."""
    from auditor.daemon.run import run_daemon

    run_daemon(
        Settings.here(),
        audits=audits,
        tick_seconds=tick,
        grace_seconds=grace,
        lease_seconds=lease,
        watch_seconds=60.0 * watch,
        as_json=json,
    )


def pause(name: Name) -> None:
    """Begin no audit of a schedule until it is resumed; one that runs goes on."""
    _pause(name, paused=True)


def resume(name: Name) -> None:
    """Go on with a schedule that was paused, from now."""
    _pause(name, paused=False)


def cancel(
    which: Annotated[
        str, typer.Argument(help="A schedule, or the number of an order as `auditor status` shows it.")
    ],
) -> None:
    """End what is queued or running of a schedule; a running audit stops at its next sign of life."""
    from contextlib import closing

    from auditor.core.wording import counted
    from auditor.wiring import open_queue

    with closing(open_queue(Settings.here())) as queue:
        number = int(which) if which.isdigit() else None
        ended = queue.cancel(
            order_id=number, schedule=None if number is not None else which, reason="cancelled by hand"
        )
    if not ended:
        raise AuditorError(f"nothing of {which!r} is queued or running; `auditor status` shows what is")
    print(f"cancelled {counted(ended, 'order')} of {which}")


def serve() -> None:
    """Serve the reports, the API and the figures where `AUDITOR_LISTEN` says; audits nothing."""
    from auditor.cli.serving import serve_until_stopped

    serve_until_stopped(Settings.here())


def notify(
    test: Annotated[bool, typer.Option("--test", help="Send a test message to every channel.")] = False,
    json: Json = False,
) -> None:
    """Send what is to be told and is due, and show what became of it. `AUDITOR_NOTIFY` names the channels."""
    from auditor.cli.notifying import send_due, try_channels

    raise typer.Exit(
        try_channels(Settings.here(), json=json) if test else send_due(Settings.here(), json=json)
    )


def queue_audit(name: str, asked: "Asked") -> None:
    """Ask the daemon for an audit, and say so."""
    import uuid
    from contextlib import closing

    from auditor.core.records import Occasion, Why
    from auditor.declarations import find_plan
    from auditor.wiring import SystemClock, open_instances, open_queue, open_schedules

    settings = Settings.here()
    plan = find_plan(settings.schedules, name)
    with closing(open_queue(settings)) as queue:
        queue.order(
            key=f"request {uuid.uuid4().hex}",
            schedule=plan.name,
            model=plan.model,
            occasion=Occasion(why=Why.REQUEST, said="asked for by hand", due=SystemClock().now()),
            asked=asked,
        )
        alive = open_instances(queue).any_alive()
        paused = any(each.paused for each in open_schedules(queue).known() if each.name == plan.name)
    print(
        f"queued an audit of {plan.model!r}"
        + (f"; it waits for `auditor resume {plan.name}`" if paused else "")
        + ("" if alive else "; no daemon runs: start `auditor daemon`")
    )


def goes_on(settings: Settings, name: str) -> str:
    """Return what a daemon that runs does with a schedule's interrupted audit; empty where none runs."""
    from contextlib import closing

    from auditor.errors import StorageError
    from auditor.wiring import open_instances, open_queue

    try:
        with closing(open_queue(settings)) as queue:
            alive = open_instances(queue).any_alive()
    except StorageError:
        return ""
    return f"; so does the daemon, unless you say `auditor cancel {name}`" if alive else ""


def _pause(name: str, *, paused: bool) -> None:
    from contextlib import closing

    from auditor.declarations import find_plan
    from auditor.wiring import SystemClock, open_queue, open_schedules

    settings = Settings.here()
    plan = find_plan(settings.schedules, name)
    with closing(open_queue(settings)) as queue:
        changed = open_schedules(queue).pause(plan, paused=paused, now=SystemClock().now())
    said = {
        (True, True): f"paused {plan.name}",
        (True, False): f"{plan.name} is paused already",
        (False, True): f"resumed {plan.name}",
        (False, False): f"{plan.name} is not paused",
    }
    print(said[paused, changed])
