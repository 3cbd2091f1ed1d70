"""``auditor apply``: an audit's recommendation, put where production's settings are written down."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli.arguments import AuditId, Json
from auditor.cli.finding import finished
from auditor.errors import AuditorError, DeclarationError
from auditor.settings import Settings

if TYPE_CHECKING:
    from auditor.core.records import Application, Audit, Plan
    from auditor.edits.applying import Prepared
    from auditor.ports import Tools


def apply(
    audit: AuditId,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Write it; without, the change is only shown.")
    ] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Put the former values back.")] = False,
    env_file: Annotated[
        Path | None, typer.Option(help="The file that sets the variables, for production from env:.")
    ] = None,
    json: Json = False,
) -> None:
    """Change production as an audit recommends, where its settings are written down.

    Shows the change as a diff; --yes writes it, with comments and layout kept, and captures what production
    runs then, so that later audits measure whether it held. Refuses when production is not what the audit
    looked at any more, and when the audit is not stale. JSON, TOML and YAML files, the schedule itself and
    files of environment variables (--env-file) can be edited. A version in an MLflow registry gets a tag, and
    nothing of it is written over. For other places it says what to do instead.
    """
    settings = Settings.here()
    prepared, recorded = _applied(settings, audit, yes=yes, undo=undo, env_file=env_file)
    if json:
        _print_json(prepared, recorded)
    else:
        _print(prepared, recorded, undo=undo)


def _applied(
    settings: Settings, number: int, *, yes: bool, undo: bool, env_file: Path | None
) -> "tuple[Prepared, Application | None]":
    from auditor.declarations import find_plan
    from auditor.progress import silent
    from auditor.reporting.overview import schedule_name
    from auditor.wiring import only_one, open_tools

    with open_tools(settings, workers=1, progress=silent()) as tools:
        audit = finished(tools.ledger, number)
        plan = find_plan(settings.schedules, schedule_name(audit))
        if plan.model != audit.model:
            raise DeclarationError(
                f"{plan.path} audits {plan.model!r} by now, and audit {number} was of {audit.model!r}"
            )
        with only_one(settings, audit.model):
            prepared = _prepared(audit, plan, tools, undo=undo, env_file=env_file)
            if not yes or prepared.already is not None:
                return prepared, None
            return prepared, _carried_out(prepared, settings, plan, tools)


def _prepared(
    audit: "Audit", plan: "Plan", tools: "Tools", *, undo: bool, env_file: Path | None
) -> "Prepared":
    from auditor.edits.applying import prepare, recommended, reversed_changes

    expected = audit.capture.config
    every = tools.ledger.applications(audit.model)
    mine = [one for one in every if one.audit == audit.id]
    if not undo:
        changes = recommended(audit)
        prepared = prepare(audit, changes, plan=plan, expected=expected, env_file=env_file, tools=tools)
        # The newest of all: after another audit's change this one is not what production was last set to.
        done = not prepared.edits and mine and mine[-1] == every[-1] and not mine[-1].back
        return replace(prepared, already=mine[-1]) if done else prepared
    if not mine or mine[-1].back:
        raise AuditorError(f"audit {audit.id} is not applied, so there is nothing to take back")
    changes = reversed_changes(mine[-1])
    applied = {**expected, **{change.name: change.before for change in changes}}
    return prepare(audit, changes, plan=plan, expected=applied, env_file=env_file, tools=tools, back=True)


def _carried_out(prepared: "Prepared", settings: Settings, plan: "Plan", tools: "Tools") -> "Application":
    from auditor.core.records import Application
    from auditor.declarations import find_plan
    from auditor.edits.applying import carry_out
    from auditor.stages.capture import capture

    carry_out(prepared)
    if any(edit.place == str(Path(plan.path)) for edit in prepared.edits):
        plan = find_plan(settings.schedules, plan.name)
    told = {change.name: change.after for change in prepared.changes if change.origin.startswith("env:")}
    fresh, tuned_on = prepared.audit.snapshot, prepared.audit.capture.snapshot
    rows = tuned_on if prepared.back or fresh is None else fresh.digest
    captured = capture(plan, tools, settings=told, snapshot=rows)
    return tools.ledger.add_application(
        Application(
            audit=prepared.audit.id,
            model=prepared.audit.model,
            changes=prepared.changes,
            capture=captured.id,
            applied_at=tools.clock.now(),
            back=prepared.back,
        )
    )


def _print(prepared: "Prepared", recorded: "Application | None", *, undo: bool) -> None:
    from auditor.core.wording import shown

    number = prepared.audit.id
    for edit in prepared.edits:
        print(_plainly(edit.diff), end="")
    if prepared.already is not None:
        when = f"{prepared.already.applied_at:%Y-%m-%d %H:%M}Z"
        print(
            f"audit {number} was applied on {when} and captured as capture {prepared.already.capture}, and "
            f"production runs its values: nothing to do. `auditor apply {number} --undo` takes it back"
        )
        return
    if not prepared.edits:
        print("production runs these values already:")
        for change in prepared.changes:
            print(f"  {change.name} = {shown(change.after)}")
    again = f"auditor apply {number}{' --undo' if undo else ''} --yes"
    if recorded is None:
        print(f"\nnothing is written; `{again}` {'writes' if prepared.edits else 'records'} it")
        return
    print(f"\n{'taken back' if undo else 'applied'} and captured as capture {recorded.capture}")
    if not undo:
        then = prepared.edits[0].then if prepared.edits else "now deploy"
        print(f"{then}; later audits measure whether it held. `auditor apply {number} --undo` takes it back")


def _plainly(diff: str) -> str:
    """Return a diff that cannot steer a terminal; tabs are layout, and stay."""
    from auditor.errors import printable

    return "\t".join(printable(part) for part in diff.split("\t"))


def _print_json(prepared: "Prepared", recorded: "Application | None") -> None:
    import json

    done = recorded or prepared.already
    facts = {
        "audit": prepared.audit.id,
        "changes": [
            {"name": one.name, "before": one.before, "after": one.after, "origin": one.origin}
            for one in prepared.changes
        ],
        "files": [{"path": edit.place, "diff": edit.diff} for edit in prepared.edits],
        "written": recorded is not None,
        "capture": None if done is None else done.capture,
        "applied": done is not None and not done.back,
        "undo": prepared.back,
    }
    print(json.dumps(facts, indent=2))
