"""The rows of the example: 1,797 handwritten digits of 8 x 8 pixels, which come with scikit-learn."""

import pandas as pd
from sklearn.datasets import load_digits


def rows() -> pd.DataFrame:
    """Return 64 columns of pixels, and the digit itself in the column ``target``."""
    frame: pd.DataFrame = load_digits(as_frame=True).frame
    return frame
