"""The command line: arguments in, one call, an exit code out.

Nothing heavy is imported before a command needs it: ``auditor --help`` must answer at once.
Exit codes: 0 all fresh, 1 something stale, 2 could not run, 3 nothing stale but something undecided.
"""

import os
import sys

from auditor.errors import AuditorError

COULD_NOT_RUN = 2


def main() -> None:
    """Run one command and leave with its exit code."""
    from auditor.cli.commands import app

    try:
        app(prog_name="auditor")
    except AuditorError as error:
        print(f"auditor: {error}", file=sys.stderr)
        sys.exit(COULD_NOT_RUN)
    except BrokenPipeError:
        # Whoever read our output has left (`auditor log | head`); that is not an error.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
