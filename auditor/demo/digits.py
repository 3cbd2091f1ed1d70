"""The network that ``auditor demo --torch`` audits, and the rows that come in day after day.

The 1,797 digits of 8 x 8 pixels come with scikit-learn (UCI, "Optical recognition of handwritten digits").
Each is there nine times, as it is and moved by a pixel to every side and corner, which makes rows for two
months; when they came is made up. So is that production learns at ten times the rate at which it should.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd
    from torch import nn

PER_DAY = 270
FIRST_DAYS, MORE_DAYS = 40, 4
"""Days whose rows are there at first, and how many more come in each time that the demo is run again."""

SCHEDULES = ("digits-panda", "digits-caviar")
"""In this order: one network is carried on, then many are trained side by side."""

_ROWS, _SIDE = "digits.parquet", 8
_MOVES = tuple((down, right) for down in (0, 1, -1) for right in (0, 1, -1))
LAST_DAY = 1797 * len(_MOVES) // PER_DAY
_START = datetime(2026, 1, 1, tzinfo=UTC)


def copy_digits(folder: Path, *, more: bool) -> int:
    """Lay out the demo as a project folder: its rows, and two schedules in ``schedules/``.

    Parameters
    ----------
    folder
        Created where absent; schedules of the same names are replaced.
    more
        Whether the rows of some more days come in, where there are rows already and days are left.

    Returns
    -------
    int
        The days whose rows are there.

    Raises
    ------
    OSError
        If the folder cannot be written to.
    """
    (folder / "schedules").mkdir(parents=True, exist_ok=True)
    for name in SCHEDULES:
        text = (files(__package__) / f"{name}.toml").read_bytes()
        (folder / "schedules" / f"{name}.toml").write_bytes(text)
    there = days_there(folder)
    days = min(LAST_DAY, there + MORE_DAYS * more) if there else FIRST_DAYS
    if days != there:
        beside = folder / f".{_ROWS}"  # whole or not at all: a command may be stopped here
        rows(days).to_parquet(beside, index=False)
        beside.replace(folder / _ROWS)
    return days


def days_there(folder: Path) -> int:
    """Return how many days' rows a project has; 0 for none."""
    import pyarrow.parquet as pq

    path = folder / _ROWS
    return int(pq.read_metadata(path).num_rows) // PER_DAY if path.is_file() else 0


def rows(days: int) -> "pd.DataFrame":
    """Return the rows of the first days, always the same ones.

    Returns
    -------
    pandas.DataFrame
        64 columns of pixels, ``digit``, and ``at``, when it came.

    Examples
    --------
    >>> frame = rows(2)
    >>> len(frame), int(frame["digit"].nunique()), str(frame["at"].max().date())
    (540, 10, '2026-01-02')
    """
    import numpy as np
    import pandas as pd
    from sklearn.datasets import load_digits

    images, digits = load_digits(return_X_y=True)
    square = images.reshape(-1, _SIDE, _SIDE)
    pixels = np.concatenate([np.roll(square, move, axis=(1, 2)) for move in _MOVES])
    came = np.random.default_rng(2013).permutation(len(pixels))[: days * PER_DAY]
    names = [f"p{place:02}" for place in range(_SIDE * _SIDE)]
    return pd.DataFrame(pixels[came].reshape(len(came), -1), columns=names).assign(
        digit=np.tile(digits, len(_MOVES))[came],
        at=pd.date_range(_START, periods=len(came), freq=pd.Timedelta(days=1) / PER_DAY),
    )


def build(settings: Mapping[str, Any], inputs: int, outputs: int) -> "nn.Module":
    """Build the network from its settings: one layer of hidden units.

    Parameters
    ----------
    inputs, outputs
        How many columns there are, and how many digits.
    """
    from torch import nn

    return nn.Sequential(
        nn.Linear(inputs, settings["hidden_units"]), nn.ReLU(), nn.Linear(settings["hidden_units"], outputs)
    )
