"""What several commands are asked for: a schedule, an audit, facts as JSON."""

from typing import Annotated

import typer

from auditor.cli.helping import schedule_names

LARGEST_ID, LARGEST_SEED = 2**31 - 1, 2**63 - 1
"""What the ledger's columns hold."""

Name = Annotated[
    str,
    typer.Argument(help="A schedule: the stem of its file in schedules/.", autocompletion=schedule_names),
]
Json = Annotated[bool, typer.Option("--json", help="Print facts as JSON.")]
AuditId = Annotated[
    int, typer.Argument(help="The number of an audit, as `auditor log` shows it.", min=1, max=LARGEST_ID)
]
