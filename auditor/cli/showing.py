"""``auditor demo --torch``: one network carried on, and many side by side, each with its page."""

import os
from collections.abc import Callable
from pathlib import Path

from auditor.errors import AuditorError
from auditor.settings import Settings

SEED = 1
"""The same demo for everyone, whatever was audited in the folder before."""


def show_networks(folder: Path, audit: Callable[[str, int], None], *, quiet: bool) -> None:
    """Lay out the demo of networks, audit both of its schedules, and say where everything lies.

    Each further time the rows of some more days have come in, and the live model is carried on over them.

    Parameters
    ----------
    audit
        Audits a schedule with a seed in the folder, and shows what was found.

    Raises
    ------
    AuditorError
        If the folder cannot be written to, or there are no more days.
    """
    from auditor.demo.digits import SCHEDULES, copy_digits, days_there

    try:
        folder.mkdir(parents=True, exist_ok=True)
        os.chdir(folder)
        before, carried = days_there(Path()), _carried()
        days = copy_digits(Path(), more=carried)
    except OSError as error:
        raise AuditorError(f"cannot make the demo project in {str(folder)!r}: {error.strerror}") from error
    if carried and days == before:
        raise AuditorError(
            f"all {days} days of the demo have come in; `auditor demo --torch --folder NAME` begins another"
        )
    if not quiet:
        _introduce(folder, days, more=carried)
    for name in SCHEDULES:
        if not quiet:
            print(f"\n{_SAID[name]}")
        audit(name, SEED)
    if not quiet:
        _say_what_next(folder)


_SAID = {
    "digits-panda": "Panda: one network, carried on turn by turn, each on rows that no turn before has seen.",
    "digits-caviar": "Caviar: many networks side by side, and the best of them confirmed on rows set aside.",
}


def _carried() -> bool:
    """Return whether the live model of an earlier demo has taken its turns, so that more rows may come."""
    from contextlib import closing

    from auditor.demo.digits import SCHEDULES
    from auditor.wiring import for_reading, open_ledger

    with (
        for_reading(Settings.here()) as found,
        closing(open_ledger(found)) as ledger,
    ):
        newest = ledger.summaries(SCHEDULES[0], 1)
    return bool(newest) and newest[0].state == "done"


def _introduce(folder: Path, days: int, *, more: bool) -> None:
    came = f"the rows of {days} days, some of them new" if more else f"the rows of {days} days"
    print(
        f"A demo project in {folder}/: a network that reads handwritten digits, {came}. Its learning rate is "
        "ten times what is right."
    )


def _say_what_next(folder: Path) -> None:
    print(f"\nboth pages, side by side: {folder / 'reports' / 'index.html'}")
    print("the same command lets the rows of some more days come in, and carries the live model on")
