"""Rows to learn from: two thousand flights that never were."""

import numpy as np
import pandas as pd


def flights() -> pd.DataFrame:
    """Return flights that are late when they leave late in the day, in wind."""
    chance = np.random.default_rng(11)
    rows = pd.DataFrame({"hour": chance.uniform(-1, 1, 2_000), "wind": chance.standard_normal(2_000)})
    pull = 2.0 * rows["hour"] + 1.5 * rows["wind"]
    rows["late"] = (chance.random(2_000) < 1.0 / (1.0 + np.exp(-pull))).astype(int)
    return rows
