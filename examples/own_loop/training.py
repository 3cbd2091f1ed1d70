"""A training loop of one's own: a linear model by stochastic gradient descent, in NumPy."""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd
from sklearn.datasets import load_diabetes

EPOCHS = 30


def rows() -> pd.DataFrame:
    """Return 442 patients and how their diabetes progressed, everything standardised."""
    frame = load_diabetes(as_frame=True).frame
    return (frame - frame.mean()) / frame.std()


def train(
    settings: Mapping[str, float], fit_rows: pd.DataFrame, score_rows: pd.DataFrame, seed: int
) -> Iterator[tuple[int, np.ndarray]]:
    """Train, and yield predictions for the rows to score after each epoch: a learning curve."""
    chance = np.random.default_rng(seed)
    features, target = fit_rows.drop(columns="target").to_numpy(), fit_rows["target"].to_numpy()
    weights = np.zeros(features.shape[1])
    for epoch in range(1, EPOCHS + 1):
        for row in chance.permutation(len(target)):
            error = features[row] @ weights - target[row]
            weights -= settings["rate"] * (error * features[row] + settings["penalty"] * weights)
        if not np.isfinite(weights).all():
            raise FloatingPointError(f"the weights diverged in epoch {epoch}")
        yield epoch, score_rows[fit_rows.columns.drop("target")].to_numpy() @ weights
