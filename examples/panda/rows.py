"""Write the clicks of so many days to rows.parquet: ``python rows.py 60``."""

import sys

import numpy as np
import pandas as pd

PER_DAY = 400
MOST_DAYS = 365


def clicks(days: int) -> pd.DataFrame:
    """Return the rows of the first days, always the same ones."""
    chance = np.random.default_rng(1)
    weights = chance.standard_normal(12)
    count = MOST_DAYS * PER_DAY
    features = chance.standard_normal((count, 12))
    clicked = chance.random(count) < 1 / (1 + np.exp(-0.8 * features @ weights))
    rows = pd.DataFrame(features, columns=[f"x{place}" for place in range(12)]).assign(
        clicked=clicked.astype(int),
        at=pd.date_range("2026-01-01", periods=count, freq=f"{86_400 // PER_DAY}s"),
    )
    return rows.iloc[: days * PER_DAY]


if __name__ == "__main__":
    clicks(int(sys.argv[1])).to_parquet("rows.parquet")
