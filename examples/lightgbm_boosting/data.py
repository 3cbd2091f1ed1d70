"""Rows of a regression whose noise hides small steps."""

import pandas as pd
from sklearn.datasets import make_friedman1


def rows() -> pd.DataFrame:
    """Return 1,500 rows of Friedman's first problem."""
    features, target = make_friedman1(1500, n_features=8, noise=2.0, random_state=3)
    frame = pd.DataFrame(features, columns=[f"x{number}" for number in range(1, 9)])
    return frame.assign(y=target)
