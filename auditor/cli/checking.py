"""``auditor check``: every schedule tried once; all that is wrong is said at once."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from auditor.check import TWINS, Checked, TurnCost, check
from auditor.cli import complain
from auditor.core.document import record_to_json
from auditor.core.records import Plan
from auditor.core.wording import shown
from auditor.declarations import find_plan, load_plans
from auditor.errors import AuditorError, DeclarationError
from auditor.progress import silent
from auditor.settings import Settings
from auditor.wiring import SystemClock, for_reading, open_tools, scratch


def check_all(settings: Settings, name: str | None, *, json: bool) -> int:
    """Check one schedule or all, print what was found, and return the exit code."""
    plans, errors = _declared(settings, name)
    checked: list[Checked] = []
    for plan in plans:
        try:
            checked.append(_check(plan, settings))
        except AuditorError as wrong:
            errors.append(wrong)
            continue
        if not json:
            _print(checked[-1])
    if json:
        print(record_to_json(tuple(checked), tuple[Checked, ...], indent=2))
    for error in errors:
        complain(error)
    return 2 if errors else 0


def check_one(settings: Settings, name: str, *, quiet: bool) -> None:
    """Check one schedule and print what was found, unless that is not wanted.

    Raises
    ------
    AuditorError
        With the first thing that would keep an audit from being carried out.
    """
    checked = _check(find_plan(settings.schedules, name), settings)
    if not quiet:
        _print(checked)


def _declared(settings: Settings, name: str | None) -> tuple[Sequence[Plan], list[AuditorError]]:
    if name is not None:
        return [find_plan(settings.schedules, name)], []
    plans, broken = load_plans(settings.schedules)
    if not plans and not broken:
        raise DeclarationError(
            f"no schedules in {str(settings.schedules)!r}; write one, or try `auditor demo`"
        )
    return plans, list(broken)


def _check(plan: Plan, settings: Settings) -> Checked:
    # A vault of its own, thrown away, and no ledger where there is none: a check leaves nothing behind.
    with scratch() as folder, for_reading(settings) as found:
        tried = found.aside(Path(folder))
        with open_tools(tried, workers=1, progress=silent()) as tools:
            try:
                return check(plan, tools)
            except DeclarationError:
                raise
            except AuditorError as error:
                raise type(error)(f"{plan.path}: {error}") from error


def _print(found: Checked) -> None:
    print(f"{found.name}: ready")
    print(
        f"  production  {', '.join(f'{name} = {shown(value)}' for name, value in found.production.items())}"
    )
    print(f"  data        {found.rows:,} rows, {found.columns} columns")
    part = "search part" if found.turn is None else "rows of the first turn"
    print(f"  training    {found.seconds:.2g} s, loss {found.loss:.4g} on the {part}")
    if found.reason:
        print(f"  strategy    {found.strategy}: {found.reason}")
    if found.turn is None:
        cost = f"at most about {found.trainings} full trainings, {_minutes(found.cost_seconds)}"
        print(f"  an audit    {cost}, until the call; one that says stale takes about as many again,")
        print("              to say which settings, why, and between which values")
    else:
        _print_turn(found, found.turn)
    print(f"  next due    {_moment(found.due.due)}: {found.due.reason}")
    for warning in found.warnings:
        print(f"  warning     {warning}")


def _moment(due: datetime | None) -> str:
    if due is None:
        return "by hand"
    return f"{due:%Y-%m-%d %H:%M}Z" if due > SystemClock().now() else "now"


def _print_turn(found: Checked, turn: TurnCost) -> None:
    print(f"  it begins   with that training and its first turn, {_minutes(found.cost_seconds)}")
    each = f"at most {TWINS} trainings from a checkpoint, {_minutes(turn.seconds)} each"
    print(f"  a turn      on {turn.rows:,} fresh rows: {each}")
    print(
        f"  a day       {turn.rows_a_day:,.0f} fresh rows: at most {_minutes(turn.day_seconds)} of a worker"
    )


def _minutes(seconds: float) -> str:
    if seconds < 10:
        return f"{seconds:.2g} s"
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
