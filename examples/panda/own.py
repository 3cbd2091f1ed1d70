"""A training loop of one's own that can go on from where it stopped: logistic regression, in NumPy."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

COLUMNS = [f"x{place}" for place in range(12)]
PASSES = 2


def train(
    settings: Mapping[str, float],
    fit_rows: pd.DataFrame,
    score_rows: pd.DataFrame,
    seed: int,
    resume_from: str | None = None,
    checkpoint_to: str | None = None,
) -> Iterator[np.ndarray]:
    """Train, and yield the chances of both classes for the rows to score after each pass.

    Begins with the weights in the one file, or anew, and leaves its own in the other. Asked to go on from a
    file and to leave nothing, it says what the model in there predicts, as it is.
    """
    weights = np.zeros(len(COLUMNS)) if resume_from is None else np.load(resume_from)
    features = score_rows[COLUMNS].to_numpy()
    if resume_from is None or checkpoint_to is not None:
        for _ in range(PASSES):
            weights = one_pass(weights, settings, fit_rows, np.random.default_rng(seed))
            yield chances(features, weights)
    if checkpoint_to is not None:
        with Path(checkpoint_to).open("wb") as file:
            np.save(file, weights)
    yield chances(features, weights)


def one_pass(
    weights: np.ndarray, settings: Mapping[str, float], fit_rows: pd.DataFrame, chance: np.random.Generator
) -> np.ndarray:
    """Return the weights after one pass over the rows, in a random order."""
    features, clicked = fit_rows[COLUMNS].to_numpy(), fit_rows["clicked"].to_numpy()
    for row in chance.permutation(len(clicked)):
        error = clicked[row] - 1.0 / (1.0 + np.exp(-features[row] @ weights))
        weights = weights + settings["rate"] * (error * features[row] - settings["penalty"] * weights)
    return weights


def chances(features: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the chance of each class for each row."""
    clicked = 1.0 / (1.0 + np.exp(-features @ weights))
    return np.stack([1.0 - clicked, clicked], axis=1)
