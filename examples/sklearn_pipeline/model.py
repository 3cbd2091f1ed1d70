"""What a user brings: a function that returns the untrained pipeline, and one that returns rows."""

import pandas as pd
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler


def build() -> Pipeline:
    """Return the pipeline, untrained; its settings are named step__setting."""
    return Pipeline([("scale", StandardScaler()), ("model", LogisticRegression(max_iter=500))])


def rows() -> pd.DataFrame:
    """Return 569 biopsies, and whether each was malignant."""
    return load_breast_cancer(as_frame=True).frame
