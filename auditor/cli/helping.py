"""What ``auditor --help`` says beyond a command's own words: examples, whole sentences, the version.

Examples stand here rather than in each command, so that one test can try them all.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup

from auditor.cli import ReaderLeft

INTERRUPTED = 130
"""What a command that Ctrl-C ended leaves with, as shells have it."""

Example = tuple[str, str]
"""A command line, and what it is for."""

EXAMPLES: Mapping[str, tuple[Example, ...]] = {
    "demo": (
        ("auditor demo", "a real audit in ./auditor-demo, in under two minutes"),
        ("auditor demo --torch", "networks, with both strategies; again, for some more days"),
        ("auditor demo --folder /tmp/demo --json", "elsewhere, as facts for a program"),
    ),
    "init": (
        ("auditor init churn --data churn.csv", "rows alone: everything else is proposed"),
        ("auditor init churn --data churn.csv --from model.joblib", "the model that is served"),
        ("auditor init churn --data rows.parquet --from params.json#/model", "settings in a file"),
        (
            "auditor init churn --data churn.csv --estimator sklearn.svm:SVC --set C=3 -y",
            "told by name, nothing asked",
        ),
    ),
    "check": (
        ("auditor check", "every schedule"),
        ("auditor check churn", "one of them"),
    ),
    "capture": (
        ("auditor capture churn", "at the end of a deploy job, with the rows it was tuned on"),
        ("auditor capture churn --no-data", "settings, environment and code only"),
    ),
    "run": (
        ("auditor run churn", "now; interrupted, the same command goes on"),
        ("auditor run churn --trials 60 --time 45", "with a larger search"),
        ("auditor run churn --strategy panda", "one live model, carried on by a turn"),
        ("auditor run churn --seed 7 --json", "repeatable, for a program"),
    ),
    "status": (
        ("auditor status", "leaves with 1 when something is stale"),
        ("auditor status --json", "for a program"),
    ),
    "log": (
        ("auditor log", "the last twenty of all models"),
        ("auditor log churn --limit 5", "the last five of one"),
    ),
    "show": (
        ("auditor show 12", "in the terminal"),
        ("auditor show 12 --json", "everything that is known of it"),
    ),
    "report": (("auditor report 12", "prints the path of the page"),),
    "apply": (
        ("auditor apply 12", "show the change; write nothing"),
        ("auditor apply 12 --yes", "write it, and capture the new production"),
        ("auditor apply 12 --undo --yes", "put the former values back"),
        ("auditor apply 12 --yes --env-file .env", "where production comes from env:"),
    ),
    "daemon": (("auditor daemon", "until SIGTERM; one process is enough"),),
    "pause": (("auditor pause churn", "begin none of its audits"),),
    "resume": (("auditor resume churn", "go on, from now"),),
    "cancel": (("auditor cancel churn", "end what is queued or running of it"),),
    "doctor": (("auditor doctor", "what is wrong here, and the command that mends it"),),
    "prune": (
        ("auditor prune --dry-run", "say what would go"),
        ("auditor prune --newest 12 --days 200", "keep less"),
    ),
    "backup": (("auditor backup /mnt/copies/auditor", "while audits run; again, it is brought up to date"),),
    "backtest": (
        ("auditor backtest churn", "an audit every 30 days of the past"),
        ("auditor backtest churn --every '90 days' --start 2025-01-31", "fewer, from a day on"),
    ),
    "serve": (("auditor serve", "at AUDITOR_LISTEN, 127.0.0.1:8321 by default"),),
    "notify": (
        ("auditor notify --test", "try every channel of AUDITOR_NOTIFY"),
        ("auditor notify", "send what is due"),
    ),
}
"""By command."""


class Commands(TyperGroup):
    """All commands. Left alone, typer would leave with 1, which means stale, when nobody reads on."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command and all of its output."""
        try:
            try:
                return super().invoke(ctx)
            finally:
                sys.stdout.flush()
        except BrokenPipeError as error:
            raise ReaderLeft from error
        except (KeyboardInterrupt, EOFError, typer.Abort):  # typer would leave with 1, which means stale
            print("auditor: interrupted", file=sys.stderr)
            raise typer.Exit(INTERRUPTED) from None

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command, whose help ends with its examples."""
        command = super().get_command(ctx, cmd_name)
        if command is not None and cmd_name in EXAMPLES and not command.epilog:
            command.epilog = examples_of(cmd_name)
        return command

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """List the commands with the whole first sentence of what they do."""
        found = [(name, super(Commands, self).get_command(ctx, name)) for name in self.list_commands(ctx)]
        rows = [(name, command.get_short_help_str(300)) for name, command in found if command is not None]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


def examples_of(name: str) -> str:
    r"""Return the examples of a command as click prints them: ``\b`` keeps lines as they are."""
    lines = [f"  {line}\n      {purpose}" for line, purpose in EXAMPLES[name]]
    return "\n".join(["\b", "Examples:", *lines])


def print_version(wanted: bool) -> None:
    """Print the version and leave, if that is wanted."""
    if not wanted:
        return
    from importlib.metadata import version

    print(f"auditor {version('auditor')}")
    raise typer.Exit


def schedule_names(incomplete: str) -> list[str]:
    """Return the schedules whose names begin so, for the shell to complete."""
    folder = Path(os.environ.get("AUDITOR_SCHEDULES") or "schedules")
    return sorted(path.stem for path in folder.glob("*.toml") if path.stem.startswith(incomplete))
