"""``auditor init``: from a file or an import path to a schedule that has been tried."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.cli import complain
from auditor.core.records import Config
from auditor.errors import AuditorError, DeclarationError
from auditor.settings import Settings

if TYPE_CHECKING:
    from auditor.drafts.columns import ColumnFacts, Roles
    from auditor.drafts.drafting import Given
    from auditor.drafts.models import ModelFacts
    from auditor.drafts.trained import Module
    from auditor.drafts.writing import Draft
    from auditor.ports import Tools


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What was written: the schedule, and a module beside ``schedules/`` where one was needed."""

    schedule: Path
    module: "Module | None"
    text: str
    target: str
    time: str | None
    because: tuple[str, ...]


def init_schedule(
    settings: Settings, asked: "Given", *, ask: bool, force: bool, check: bool, json: bool
) -> int:
    """Draft a schedule, write it, try it, and return the exit code.

    Parameters
    ----------
    ask
        Whether somebody sits at a terminal who can be asked.
    check
        Whether to try what was written, as ``auditor check`` does.
    """
    path = settings.schedules / f"{asked.name}.toml"
    _refuse_overwriting(path, force=force)
    written = _drafted(settings, asked, path, ask=ask, force=force)
    _write(written)
    if json:
        _print_json(written)
    else:
        _print(written)
    if not check:
        return 0
    return _tried(settings, asked.name, written, json=json)


def at_terminal() -> bool:
    """Return whether somebody is there to be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def _refuse_overwriting(path: Path, *, force: bool) -> None:
    if path.exists() and not force:
        raise DeclarationError(f"{path} is there already; --force writes over it, or take another name")


def _drafted(settings: Settings, asked: "Given", path: Path, *, ask: bool, force: bool) -> Written:
    from auditor.drafts.looking import look_at_data
    from auditor.progress import silent
    from auditor.wiring import open_tools, scratch

    # A vault and a ledger of its own, thrown away: a draft leaves nothing behind but itself.
    with scratch() as folder:
        tried = replace(settings.aside(Path(folder)), database_url=f"sqlite:///{folder}/draft.db")
        with open_tools(tried, workers=1, progress=silent()) as tools:
            columns = look_at_data(asked.data, asked.query, call=tools.executor.call)
            asked, roles = _roles(asked, columns, ask=ask)
            return _written(asked, roles, columns, tools, path, ask=ask, force=force)


def _roles(asked: "Given", columns: "Sequence[ColumnFacts]", *, ask: bool) -> "tuple[Given, Roles]":
    from auditor.declarations.suggestions import nearest
    from auditor.drafts.columns import propose_roles

    names = [column.name for column in columns]
    for flag, column in (("--target", asked.target), ("--time", asked.time), ("--group", asked.group)):
        if column and column not in names:
            near = nearest(column, names)
            hint = f"; did you mean {near!r}?" if near else f"; there are: {', '.join(names[:20])}"
            raise DeclarationError(f"{flag}: {asked.data} has no column {column!r}{hint}")
    roles = propose_roles(columns, target=asked.target, time=asked.time)
    if not ask:
        return _accepted(asked, roles)
    from auditor.cli.asking import choose_column

    target = asked.target or choose_column("target, the column to be predicted", roles.target.column, names)
    question = "time, the column that says when a row is from"
    time = asked.time
    if time is None:
        time = choose_column(question, roles.time.column, names, none=True)
    return replace(asked, target=target, time=time), propose_roles(columns, target=target, time=time)


def _accepted(asked: "Given", roles: "Roles") -> "tuple[Given, Roles]":
    if roles.target.column is None:
        raise DeclarationError(f"{asked.data}: {roles.target.because}; name it with --target")
    return asked, roles


def _written(
    asked: "Given",
    roles: "Roles",
    columns: "Sequence[ColumnFacts]",
    tools: "Tools",
    path: Path,
    *,
    ask: bool,
    force: bool,
) -> Written:
    from auditor.drafts.drafting import drafted, with_search
    from auditor.drafts.trained import trained
    from auditor.drafts.writing import text_of

    if ask:
        asked = _told_what_is_trained(asked, roles, columns, tools)
    found = trained(asked, roles, columns, call=tools.executor.call)
    if found.module is not None:
        _refuse_overwriting(Path(found.module.file), force=force)
    draft = drafted(asked, roles, columns, found.model, found.lines, only=found.origin)
    production = _production(draft, asked, path, tools, found.model)
    model = found.model_of(production)
    full = with_search(replace(draft, fixed=found.fixed(production)), production, model)
    if ask and asked.origin is None and not asked.settings:
        from auditor.cli.asking import ask_for_values

        full = ask_for_values(full, model)
    written = Written(
        schedule=path,
        module=found.module,
        text=text_of(full),
        target=str(roles.target.column),
        time=roles.time.column,
        because=(*_reasons(asked, roles), *found.because),
    )
    _must_parse(written)
    return written


def _told_what_is_trained(
    asked: "Given", roles: "Roles", columns: "Sequence[ColumnFacts]", tools: "Tools"
) -> "Given":
    from auditor.cli.asking import ask_for_trainer
    from auditor.drafts.drafting import proposed_estimator
    from auditor.drafts.models import look_at_path

    proposed = proposed_estimator(columns, str(roles.target.column))
    return ask_for_trainer(asked, proposed, look=lambda path: tools.executor.call(look_at_path, path))


def _production(draft: "Draft", asked: "Given", path: Path, tools: "Tools", model: "ModelFacts") -> Config:
    """Return what production runs, as an audit would read it, whose names the model must know."""
    from auditor.declarations import parse_plan
    from auditor.drafts.writing import text_of

    plan = parse_plan(text_of(draft), path)
    found = {one.name: one.value for one in tools.sources.production(plan.production, plan.trainer)}
    known = {facts.name for facts in model.settings}
    named = asked.estimator is not None or asked.network
    strange = [] if named else [name for name in found if name not in known]
    if strange and asked.origin and asked.origin.partition(":")[0] not in ("joblib", "skops"):
        raise DeclarationError(
            f"{asked.origin} holds {', '.join(strange)}, which {model.kind} does not have; name what is "
            "trained with --estimator package.module:name"
        )
    return found


def _reasons(asked: "Given", roles: "Roles") -> list[str]:
    lines = []
    if asked.target is None:
        lines.append(f"target    {roles.target.column}: {roles.target.because}")
    if asked.time is None:
        lines.append(f"time      {roles.time.column or 'none'}: {roles.time.because}")
    if asked.group is None and roles.group.column:
        lines.append(f"group     {roles.group.column}: {roles.group.because}")
    return lines + [f"dropped   {each.column}: {each.because}" for each in roles.drop]


def _must_parse(written: Written) -> None:
    from auditor.declarations import parse_plan

    try:
        parse_plan(written.text, written.schedule)
    except DeclarationError as error:
        raise DeclarationError(
            f"nothing was written: what was asked for makes no schedule: {error}"
        ) from error


def _write(written: Written) -> None:
    if written.module is not None:
        _write_file(Path(written.module.file), written.module.text)
    _write_file(written.schedule, written.text)


def _write_file(path: Path, text: str) -> None:
    from auditor.files import write_text

    write_text(path, text)


def _print(written: Written) -> None:
    print(f"wrote {written.schedule}")
    if written.module is not None:
        print(f"wrote {written.module.file}: {written.module.says}")
    for line in written.because:
        print(f"  {line}")


def _print_json(written: Written) -> None:
    import json

    facts = {
        "schedule": str(written.schedule),
        "module": None if written.module is None else written.module.file,
        "target": written.target,
        "time": written.time,
        "because": list(written.because),
    }
    print(json.dumps(facts, indent=2))


def _tried(settings: Settings, name: str, written: Written, *, json: bool) -> int:
    from auditor.cli.checking import check_one

    try:
        check_one(settings, name, quiet=json)
    except AuditorError as error:
        complain(error)
        print(
            f"auditor: {written.schedule} is written, but no audit can run yet; mend it, then "
            f"`auditor check {name}`",
            file=sys.stderr,
        )
        return 2
    if not json:
        print(f"next: read {written.schedule}, then `auditor run {name}`")
    return 0
