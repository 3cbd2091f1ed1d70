"""``auditor backtest``: what it is asked, what it prints, and where its page lies."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from auditor.core.records import Backtest, Plan, Replay
from auditor.errors import DeclarationError
from auditor.settings import Settings

if TYPE_CHECKING:
    from auditor.core.wording import Ruler


def replay_history(
    settings: Settings, plan: Plan, *, every: str, start: str | None, trials: int | None, json: bool
) -> None:
    """Carry out a backtest, or go on with one, publish its page, and print what it says.

    Parameters
    ----------
    every, start, trials
        As given on the command line.
    """
    from auditor.backtest import BacktestAssignment, run_backtest
    from auditor.core.document import record_to_json
    from auditor.progress import open_progress
    from auditor.wiring import only_one, open_tools, publish_backtest, replay_tools

    asked = {"--every": f"'{every}'", "--start": start, "--trials": trials}
    options = [f"{option} {value}" for option, value in asked.items() if value is not None]
    assignment = BacktestAssignment(
        plan=plan,
        every=_span(every),
        start=_moment(start),
        command=" ".join(["auditor backtest", plan.name, *options]),
    )
    with (
        only_one(settings, f"{plan.model} (backtest)"),
        open_progress(quiet=json) as progress,
        open_tools(settings, workers=plan.budget.workers, progress=progress) as tools,
    ):
        backtest = run_backtest(assignment, tools, replay_tools(tools, settings))
        page = publish_backtest(settings, backtest, tools.ledger)
    if json:
        print(record_to_json(backtest, indent=2))
    else:
        _print(backtest, page)


def _span(given: str) -> timedelta:
    from auditor.declarations.quantities import parse_span

    try:
        return parse_span(given)
    except ValueError as error:
        raise DeclarationError(f"--every {error}") from error


def _moment(given: str | None) -> datetime | None:
    """Return a date as an aware moment; one without a zone counts as UTC."""
    if given is None:
        return None
    try:
        found = datetime.fromisoformat(given)
    except ValueError as error:
        raise DeclarationError(f"--start must be a date such as 2025-03-31, got {given!r}") from error
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _print(backtest: Backtest, page: str) -> None:
    from auditor.cli.printing import print_table
    from auditor.cli.terminal import open_terminal
    from auditor.core.wording import Ruler

    console = open_terminal()
    console.print(f"\n{backtest.headline}", style="bold", highlight=False, markup=False)
    console.print(backtest.sentence, highlight=False, markup=False)
    print()
    ruler = Ruler(
        production_loss=backtest.never_loss or 0.0,
        unit=backtest.unit,
        confidence=backtest.policy.confidence,
    )
    heads = ("audit of", "would have said", "changed", "gain, followed", "gain, re-tuned")
    print_table(heads, [_row(replay, ruler) for replay in backtest.replays])
    for note in backtest.notes:
        console.print(note, highlight=False, markup=False)
    print(f"\nreport: {page}")


def _row(replay: Replay, ruler: "Ruler") -> tuple[str, ...]:
    from auditor.cli.printing import MARKS

    gains = (
        "–" if gain is None else ruler.amount(gain.estimate, width=gain.high - gain.low)
        for gain in (replay.followed_gain, replay.retuned_gain)
    )
    return (f"{replay.date:%Y-%m-%d}", MARKS[replay.call], ", ".join(replay.changed) or "–", *gains)
