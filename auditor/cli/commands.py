"""Every command, in the order of ``auditor --help``, and the module that says what it is asked and does."""

from typing import Annotated

import typer

from auditor.cli.applying import apply
from auditor.cli.auditing import backtest, demo, run
from auditor.cli.declaring import capture, check, init
from auditor.cli.helping import Commands, print_version
from auditor.cli.keeping import cancel, daemon, notify, pause, resume, serve
from auditor.cli.looking import log, report, show, status
from auditor.cli.tidying import backup, doctor, prune

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


for command in (
    *(demo, init, check, capture, run),
    *(status, log, show, report, apply),
    *(daemon, pause, resume, cancel),
    *(prune, backup, doctor),
    *(backtest, serve, notify),
):
    app.command()(command)
