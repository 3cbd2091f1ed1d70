"""The command line: arguments in, one call, an exit code out.

Nothing heavy is imported before a command needs it: ``auditor --help`` must answer at once.
Exit codes: 0 all fresh, 1 something stale, 2 could not run, 3 nothing stale but something undecided.
"""

import atexit
import errno
import gc
import io
import os
import sys
from typing import TYPE_CHECKING

from auditor.errors import AuditorError, printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from auditor.core.records import Call

STALE = 1
COULD_NOT_RUN = 2
UNDECIDED = 3

_FULL = (errno.ENOSPC, errno.EDQUOT)
"""What the disk says that our output goes to, or temporary files; folders of ours speak for themselves."""


class ReaderLeft(Exception):  # noqa: N818 - nothing went wrong
    """Whoever read our output has left (``auditor log | head``)."""


def exit_code(calls: "Iterable[Call | None]") -> int:
    """Return what a command leaves with that found these calls."""
    from auditor.core.records import Call

    seen = set(calls)
    if Call.STALE in seen:
        return STALE
    return UNDECIDED if Call.UNDECIDED in seen else 0


def main() -> None:
    """Run one command and leave with its exit code."""
    from auditor.cli.commands import app

    # Or the interpreter looks for garbage as it ends, which takes a quarter of a short command.
    atexit.register(gc.freeze)
    if isinstance(sys.stdout, io.TextIOWrapper):  # where its encoding lacks our marks, they are spelled out
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        app(prog_name="auditor")
    except AuditorError as error:
        complain(error)
        sys.exit(COULD_NOT_RUN)
    except ReaderLeft:
        _drop_output()
        sys.exit(0)
    except OSError as error:
        if error.errno not in _FULL:
            sys.excepthook(*sys.exc_info())
            sys.exit(COULD_NOT_RUN)
        complain(AuditorError("no space left on device; free some space, then run the same command again"))
        _drop_output()
        sys.exit(COULD_NOT_RUN)
    except Exception:  # ours to mend, but never to be taken for "something stale"
        sys.excepthook(*sys.exc_info())
        sys.exit(COULD_NOT_RUN)


def complain(error: AuditorError) -> None:
    """Print what is wrong, on stderr."""
    print(f"auditor: {printable(str(error))}", file=sys.stderr)


def _drop_output() -> None:
    """Send what is still to be written nowhere: the interpreter would try once more as it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
