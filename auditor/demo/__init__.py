"""A real model that went stale, bundled: ``README.md`` tells the story.

Nothing of the auditor depends on this package; it holds what ``auditor demo`` audits.
"""

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

_SCHEDULE, _ROWS = "flight-delays.toml", "flights.parquet"


def copy_demo(folder: Path) -> Path:
    """Lay out the demo as a project folder: its rows, and its schedule in ``schedules/``.

    Parameters
    ----------
    folder
        Created where absent; files of the same names are replaced.

    Returns
    -------
    Path
        The schedule.

    Raises
    ------
    OSError
        If the folder cannot be written to.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     copy_demo(Path(folder)).relative_to(folder).as_posix()
    'schedules/flight-delays.toml'
    """
    schedule = folder / "schedules" / _SCHEDULE
    schedule.parent.mkdir(parents=True, exist_ok=True)
    for name, target in ((_ROWS, folder / _ROWS), (_SCHEDULE, schedule)):
        target.write_bytes((files(__name__) / name).read_bytes())
    return schedule


def tuned_on(folder: Path) -> "pd.DataFrame":
    """Return the rows that the demo's production was tuned on: those of January."""
    import pandas as pd

    return pd.read_parquet(folder / _ROWS).query("ts < '2013-02-01'")
