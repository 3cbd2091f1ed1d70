"""Differences of two configurations' losses, and what luck does to their mean.

A difference of losses D[r, i] of one row i in one paired training r is the gain, plus luck of the
training, plus luck of the row, plus the rest. `two_way` estimates what all of these do to the mean
difference; more trainings shrink the first and the last but never the luck of the rows. What the
estimate amounts to as evidence is left to `comparison`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from auditor.core.boundaries import as_statistic
from auditor.core.history import hidden_variance
from auditor.core.records import Estimate, FloatArray, IntArray
from auditor.core.skewness import as_skewed, skewness_of_mean


@dataclass(frozen=True, slots=True, eq=False)
class Replicate:
    """One paired training: a value per scored row, and the cluster each row belongs to.

    Attributes
    ----------
    clusters
        Shape (rows,): small whole numbers from 0; rows of one cluster are not independent.
    values
        Shape (rows,): losses, or differences of losses.
    left_out
        Share of the history that all replicates were fitted on which this one was not; 0 where each was
        fitted on rows from everywhere, or where trainings have luck of their own (see `history`).
    """

    clusters: IntArray
    values: FloatArray
    left_out: float = 0.0


def contrast(terms: Sequence[tuple[float, Replicate]]) -> Replicate:
    """Return the weighted sum of replicates that were scored on the same rows.

    Raises
    ------
    ValueError
        Without terms, or if two of them hold different rows.
    """
    if not terms:
        raise ValueError("a contrast needs at least one term")
    clusters = terms[0][1].clusters
    for _, term in terms:
        if term.clusters is not clusters and not np.array_equal(term.clusters, clusters):
            raise ValueError("replicates of one pair must be scored on the same rows")
    weights = np.array([weight for weight, _ in terms])
    return replace(terms[0][1], values=weights @ np.stack([term.values for _, term in terms]))


def difference(a: Replicate, b: Replicate) -> Replicate:
    """Return a minus b, row by row: the gain of b when both hold losses.

    Raises
    ------
    ValueError
        If they hold different rows.
    """
    return contrast([(1.0, a), (-1.0, b)])


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoWay:
    """A mean over replicates and rows, and how far luck in both may have moved it.

    Attributes
    ----------
    estimate
        Mean of all values.
    standard_error, degrees_of_freedom
        Of the estimate. With no spread at all they are 0 and ``replicates - 1``.
    clusters, replicates
        How many of each were seen.
    example_variance
        The part of the squared standard error that more replicates on the same rows leave as it is.
    replicate_variance
        The rest of it, which shrinks as 1 / replicates.
    skewness
        Of the estimate, for the luck of the rows: above 0 where few rows have a large value.
    """

    estimate: float
    standard_error: float
    degrees_of_freedom: float
    clusters: int
    replicates: int
    example_variance: float
    replicate_variance: float
    skewness: float = 0.0

    def interval(self, deviate: float) -> Estimate:
        """Return the estimate, give or take the t statistic that is as extreme as a normal deviate.

        Where the luck of the rows is lopsided, it reaches farther on the side of the rare large values.
        """
        if self.standard_error == 0.0:
            return Estimate(self.estimate, self.estimate, self.estimate)
        reach = as_statistic(deviate, degrees_of_freedom=self.degrees_of_freedom)
        below, above = (as_skewed(reach, skewness=sign * self.skewness) for sign in (1.0, -1.0))
        return Estimate(
            self.estimate,
            self.estimate - below * self.standard_error,
            self.estimate + above * self.standard_error,
        )


def two_way(replicates: Sequence[Replicate]) -> TwoWay:
    """Estimate a mean and its variance, crossed over replicates and clusters of rows.

    Parameters
    ----------
    replicates
        At least two. They need not hold the same rows.

    Raises
    ------
    ValueError
        With fewer than two replicates or two clusters: one value has no spread.

    Notes
    -----
    With e = D - mean(D) over all M values, R replicates and n clusters,

    - v_ex = n / (n - 1) sum over clusters of (sum of their e)^2 / M^2,
    - v_rep = R / (R - 1) sum over replicates of (sum of their e)^2 / M^2,
    - v_cell = sum over replicate x cluster cells of (sum of their e)^2 / M^2,

    V = v_ex + max(0, v_rep - v_cell): two-way clustering [1]_, in which v_cell is what the first two
    count twice, kept from ever taking away from v_ex. Replicates that were all fitted on parts of one
    history add what that history did to all of them, v_hist (`hidden_variance`). Degrees of freedom by [2]_:
    V^2 / (v_ex^2 / (n - 1) + (v_rep + v_hist)^2 / (R - 1)).

    In the model of statistics, section 0, with P cells per cluster, the luck of the rows alone is
    (v_ex - v_cell) / (1 - 1 / P); that, and v_hist, is ``example_variance``, kept within [0, V].

    Where every replicate scored a cluster of its own there is nothing to cross: V = v_ex, with n - 1
    degrees of freedom, and the luck of the rows cannot be told from the rest.

    References
    ----------
    .. [1] Cameron, Gelbach and Miller (2011), "Robust inference with multiway clustering", Journal of
       Business and Economic Statistics 29:238-249.
    .. [2] Satterthwaite (1946), "An approximate distribution of estimates of variance components",
       Biometrics Bulletin 2:110-114.
    """
    sums, counts = _cells(replicates)
    total, seen = counts.sum(), counts > 0.0
    groups, clusters = len(replicates), int(np.count_nonzero(seen.any(axis=0)))
    if groups < 2 or clusters < 2:
        raise ValueError(f"a spread needs two replicates and two clusters, got {groups} and {clusters}")
    mean = float(sums.sum() / total)
    errors = (sums - mean * counts) / total
    by_cluster = clusters / (clusters - 1) * float(np.square(errors.sum(axis=0)).sum())
    by_replicate = groups / (groups - 1) * float(np.square(errors.sum(axis=1)).sum())
    by_cell = float(np.square(errors).sum())
    if groups == clusters == np.count_nonzero(seen):
        by_replicate = by_cell = 0.0  # the clusters say it all
    variance = by_cluster + max(0.0, by_replicate - by_cell)
    lasting = _lasting(by_cluster - by_cell, np.count_nonzero(seen) / clusters, most=variance)
    crossed = bool((seen.any(axis=0) == seen.all(axis=0)).all())
    left_out = replicates[0].left_out if crossed else 0.0
    hidden = hidden_variance(errors[:, seen.any(axis=0)], left_out=left_out)
    variance, lasting = variance + hidden, lasting + hidden
    shares = (by_cluster / variance, (by_replicate + hidden) / variance) if variance > 0.0 else (0.0, 1.0)
    return TwoWay(
        estimate=mean,
        standard_error=float(np.sqrt(variance)),
        degrees_of_freedom=1.0 / (shares[0] ** 2 / (clusters - 1) + shares[1] ** 2 / (groups - 1)),
        clusters=clusters,
        replicates=groups,
        example_variance=lasting,
        replicate_variance=variance - lasting,
        # The skewness of the rows' part of the error, thinned by the parts that are not lopsided.
        skewness=_skewness(replicates, errors[:, seen.any(axis=0)].sum(axis=0)) * shares[0] ** 1.5,
    )


def _skewness(replicates: Sequence[Replicate], by_cluster: FloatArray) -> float:
    """Return the skewness of a mean for the luck of the rows.

    Where all replicates score the same rows, in fewer clusters, single rows tell more of it than a dozen
    sums do: as many as their spread, over that of the clusters, makes of them.
    """
    first, clusters = replicates[0], by_cluster.size
    alike = all(np.array_equal(each.clusters, first.clusters) for each in replicates)
    rows = first.values.size
    if not alike or rows <= clusters:
        return skewness_of_mean(by_cluster)
    values = np.mean([each.values for each in replicates], axis=0)
    errors = (values - values.mean()) / rows
    single = float(np.square(errors).sum()) * rows / (rows - 1)
    clustered = float(np.square(by_cluster).sum()) * clusters / (clusters - 1)
    inflation = max(1.0, clustered / single) if single > 0.0 else 1.0
    return skewness_of_mean(errors, worth=rows / inflation)


def can_be_told(replicates: Sequence[Replicate]) -> bool:
    """Return whether ``two_way`` can say anything: two replicates, and values of two clusters among them."""
    seen = {int(cluster) for replicate in replicates for cluster in np.unique(replicate.clusters)}
    return len(replicates) >= 2 and len(seen) >= 2


def _cells(replicates: Sequence[Replicate]) -> tuple[FloatArray, FloatArray]:
    """Return the sum and the number of values in each cell, both of shape (replicates, clusters)."""
    width = max((int(replicate.clusters.max(initial=-1)) for replicate in replicates), default=-1) + 1
    sums = np.empty((len(replicates), width))
    counts = np.empty((len(replicates), width))
    for number, replicate in enumerate(replicates):
        sums[number] = np.bincount(replicate.clusters, weights=replicate.values, minlength=width)
        counts[number] = np.bincount(replicate.clusters, minlength=width)
    return sums, counts


def _lasting(excess: float, cells_per_cluster: float, *, most: float) -> float:
    """Return the variance that is due to the rows alone, from what clusters have beyond their cells."""
    if cells_per_cluster <= 1.0:
        return most  # each cluster was scored once: its luck cannot be told from the rest
    return min(max(0.0, excess / (1.0 - 1.0 / cells_per_cluster)), most)


def decorrelation_time(series: FloatArray) -> float:
    """Return over how many rows a series in time order forgets itself; 1 for independent rows.

    The integrated autocorrelation time 1 + 2 (rho_1 + rho_2 + ...): the mean of n rows is worth that
    of n / time independent ones. An AR(1) series with coefficient phi has (1 + phi) / (1 - phi).

    Parameters
    ----------
    series
        Shape (rows,), of finite numbers.

    Returns
    -------
    float
        At least 1. Exactly 1 for a constant, or for fewer than four rows.

    Notes
    -----
    The sum ends where a pair of neighbouring autocorrelations is no longer positive, and no pair
    counts for more than the one before it: the initial monotone sequence of [1]_. Autocorrelations
    by FFT, O(n log n).

    References
    ----------
    .. [1] Geyer (1992), "Practical Markov chain Monte Carlo", Statistical Science 7:473-483.
    """
    rows = len(series)
    centred = series - series.mean() if rows else series
    power = float(centred @ centred)
    if rows < 4 or power <= (np.finfo(np.float64).eps * rows) ** 2 * float(series @ series):
        return 1.0
    # Padded to twice the length, so that the end of the series does not meet its beginning.
    spectrum = np.square(np.abs(np.fft.rfft(centred, 2 ** int(np.ceil(np.log2(2 * rows))))))
    correlations = np.fft.irfft(spectrum)[: rows // 2 * 2] / power
    pairs = correlations.reshape(-1, 2).sum(axis=1)
    negative = np.flatnonzero(pairs <= 0.0)
    kept = pairs[: negative[0]] if len(negative) else pairs
    return max(1.0, 2.0 * float(np.minimum.accumulate(kept).sum()) - 1.0) if len(kept) else 1.0
