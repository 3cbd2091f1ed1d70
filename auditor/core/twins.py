"""Two models on the same rows: how much one is better, and how far luck of the rows may have moved that."""

import math

import numpy as np

from auditor.core.records import FloatArray, IntArray


def paired_gain(ours: FloatArray, theirs: FloatArray, clusters: IntArray) -> tuple[float, float]:
    """Return the mean of ours minus theirs, and its standard error over clusters of rows.

    Parameters
    ----------
    ours, theirs
        Shape (rows,): losses on the same rows.
    clusters
        Shape (rows,): rows of one cluster, such as a block of time, are not independent.

    Raises
    ------
    ValueError
        If the rows are not the same, or all in one cluster: then nothing is known of luck.

    Examples
    --------
    >>> paired_gain(np.array([2.0, 1.0, 3.0, 2.0]), np.array([1.0, 1.0, 1.0, 1.0]), np.array([0, 0, 1, 1]))
    (1.0, 0.5)
    """
    if not ours.shape == theirs.shape == clusters.shape:
        raise ValueError(f"models must be scored on the same rows, got {ours.shape} and {theirs.shape}")
    differences = ours - theirs
    gain = float(differences.mean())
    sums = np.bincount(clusters, weights=differences - gain)
    count = int(np.unique(clusters).size)
    if count < 2:
        raise ValueError("one cluster of rows says nothing of luck")
    return gain, math.sqrt(count / (count - 1) * float(np.sum(sums**2))) / differences.size
