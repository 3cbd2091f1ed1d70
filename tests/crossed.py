"""Differences as the model of crossed luck draws them: of the training, of the row, and of the rest."""

import numpy as np
from hypothesis import strategies as st

from auditor.core.variance import Replicate

SEEDS = st.integers(0, 2**32 - 1)


def crossed(seed, *, gain=0.0, replicates=4, rows=30, training=1.0, row=1.0, rest=1.0):
    """Differences of the model of statistics, section 0, every row in every replicate."""
    rng = np.random.default_rng(seed)
    lasting = row * rng.standard_normal(rows)
    return [
        Replicate(
            np.arange(rows),
            gain + training * rng.standard_normal() + lasting + rest * rng.standard_normal(rows),
        )
        for _ in range(replicates)
    ]
