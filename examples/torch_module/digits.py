"""A small network that reads handwritten digits, and the rows it is audited on.

The 1,797 digits of 8 x 8 pixels come with scikit-learn (UCI, "Optical recognition of handwritten digits").
"""

import pandas as pd
from sklearn.datasets import load_digits
from torch import nn


def rows() -> pd.DataFrame:
    """Return 64 columns of pixels, and the digit itself in the column ``target``."""
    frame: pd.DataFrame = load_digits(as_frame=True).frame
    return frame


def build(settings, inputs, outputs):  # type: ignore[no-untyped-def]
    """Build the network that production runs, from its settings and the number of columns and digits."""
    width = settings["hidden_units"]
    return nn.Sequential(
        nn.Linear(inputs, width),
        nn.ReLU(),
        nn.Dropout(settings["dropout"]),
        nn.Linear(width, outputs),
    )
