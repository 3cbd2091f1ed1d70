"""Do two sets of rows come from one distribution? Distance and test on counts in shared bins.

Two questions that must not be mixed up: how far apart (``distance``, which does not grow with the
number of rows) and whether chance alone would do that (``p_value``, which does). A million rows make
everything significant and fifty make nothing so; whoever calls something *moved* needs both.

Rows in time order are not independent: neighbours are alike, so that there are fewer independent
rows than rows. Counts therefore come in blocks of consecutive rows, and what the shares do from
block to block, dependence included, is what counts as chance (Rao and Scott 1981, with the F
reference of Thomas and Rao 1987). With a single block rows are taken as independent, and the test
is Pearson's.

References
----------
Rao and Scott (1981), "The analysis of categorical data from complex sample surveys", JASA 76:221-230.
Thomas and Rao (1987), "Small-sample comparisons of level and power for simple goodness-of-fit
statistics under cluster sampling", JASA 82:630-636. Cochran (1954), Biometrics 10:417-451. Esty (1983),
"A normal limit law for a nonparametric estimator of the coverage of a random sample", Annals of
Statistics 11:905-912. Benjamini and Hochberg (1995), JRSS B 57:289-300.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from auditor.core.records import FloatArray, IntArray

FEWEST_EXPECTED = 5.0
"""Rows that a bin must hold on average to be tested by itself (Cochran 1954); sparser ones are joined."""

FEWEST_BLOCKS = 5
"""Blocks that the spread between blocks is measured on at least."""

_RARE = 1e-4


@dataclass(frozen=True, slots=True)
class Difference:
    """How far apart, what of it chance alone makes on average, and the p-value of "not at all"."""

    distance: float
    chance: float
    p_value: float

    @property
    def beyond_chance(self) -> float:
        """The distance less what chance makes of it, 0 or more."""
        return max(0.0, self.distance - self.chance)


def stability_index(then: IntArray, now: IntArray) -> float:
    """Return the population stability index of two sets of counts, each of shape (bins,).

    ``sum((p - q) * log(p / q))``, the symmetrised Kullback-Leibler divergence. Half a row is added to
    every bin, as Jeffreys' prior does, so that an empty bin has a logarithm.

    Examples
    --------
    >>> stability_index(np.array([50, 50]), np.array([500, 500]))
    0.0
    >>> round(stability_index(np.array([50, 50]), np.array([30, 70])), 2)
    0.17
    """
    p = (then + 0.5) / (then.sum() + 0.5 * then.size)
    q = (now + 0.5) / (now.sum() + 0.5 * now.size)
    return float(((p - q) * np.log(p / q)).sum())


def difference(then: IntArray, now: IntArray) -> Difference:
    """Compare counts of shape (blocks, bins); the two may differ in blocks, not in bins."""
    occupied = (then.sum(axis=0) + now.sum(axis=0)) > 0
    then, now = then[:, occupied], now[:, occupied]
    freedom = then.shape[1] - 1
    if freedom < 1:
        return Difference(0.0, 0.0, 1.0)
    p_value, inflation = _chance_of(*_joined(then, now))
    rows_then, rows_now = int(then.sum()), int(now.sum())
    return Difference(
        distance=stability_index(then.sum(axis=0), now.sum(axis=0)),
        chance=inflation * freedom * (1.0 / rows_then + 1.0 / rows_now),
        p_value=p_value,
    )


def novelty(then: IntArray, now: IntArray) -> Difference:
    """Compare the share of rows of now whose word then never had with what then let expect.

    A word of its own in every row is new in every fresh row, and nothing has moved. Good and Turing's
    estimate of the chance that the next row holds an unseen word is the share of rows whose word was
    seen once. Fewer new words than that are no news: the two may share rows.

    Parameters
    ----------
    then, now
        Shape (words,): rows that hold each word, over the words of both.

    Notes
    -----
    The variance of the estimate is Esty's (1983). Rows are taken as independent.
    """
    rows_then, rows_now = int(then.sum()), int(now.sum())
    if rows_then == 0 or rows_now == 0:
        return Difference(0.0, 0.0, 1.0)
    once, twice = np.count_nonzero(then == 1), np.count_nonzero(then == 2)
    new = int(now[then == 0].sum())
    if new * rows_then <= once * rows_now:
        return Difference(0.0, 0.0, 1.0)
    share = (new + 0.5) / (rows_now + 1.0)
    pooled = (new + once + 1.0) / (rows_now + rows_then + 2.0)
    variance = share * (1.0 - share) / rows_now
    variance += (once * (1.0 - once / rows_then) + 2.0 * twice) / rows_then**2
    deviate = (new / rows_now - once / rows_then) / np.sqrt(variance)
    return Difference(
        distance=stability_index(np.array([rows_then - once, once]), np.array([rows_now - new, new])),
        chance=float(variance / (pooled * (1.0 - pooled))),
        p_value=_above(float(deviate)),
    )


def novelty_in_blocks(expected: FloatArray, found: FloatArray) -> Difference:
    """Compare shares of rows with unseen words, block by block, for rows whose neighbours may be alike.

    Good and Turing's idea with blocks in the place of rows: what a block of then holds that no other block
    of then does is what a fresh block may be expected to bring.

    Parameters
    ----------
    expected
        Shape (blocks of then,): the share of each block's rows whose words no other block holds.
    found
        Shape (blocks of now,): the share of each block's rows whose words then never had.
    """
    from scipy.special import stdtr

    gap = float(found.mean() - expected.mean())
    if gap <= 0.0:
        return Difference(0.0, 0.0, 1.0)
    variance = sum(float(side.var(ddof=1)) / side.size for side in (expected, found))
    freedom = expected.size + found.size - 2
    pooled = (found.mean() + expected.mean()) / 2.0
    p, q = (np.clip(side.mean(), _RARE, 1.0 - _RARE) for side in (expected, found))
    return Difference(
        distance=float((p - q) * np.log(p / q) + (p - q) * np.log((1.0 - q) / (1.0 - p))),
        chance=variance / max(_RARE, float(pooled * (1.0 - pooled))),
        p_value=float(stdtr(freedom, -gap / np.sqrt(variance))) if variance > 0.0 else 0.0,
    )


def longer_blocks(blocks: tuple[int, int]) -> tuple[tuple[int, int], ...]:
    """Return numbers of blocks, then and now, that a difference is to be looked at with: ever fewer.

    Examples
    --------
    >>> longer_blocks((20, 12))
    ((20, 12), (10, 6))
    """
    halved = (-(-blocks[0] // 2), -(-blocks[1] // 2))
    return (blocks, *longer_blocks(halved)) if min(blocks) >= 2 * FEWEST_BLOCKS else (blocks,)


def largest(parts: Sequence[Difference]) -> Difference:
    """Return the difference that is largest beyond chance, the first of equals; its p-value pays for all."""
    most = max(parts, key=lambda part: part.beyond_chance)
    return Difference(most.distance, most.chance, min(1.0, most.p_value * len(parts)))


def adjusted(p_values: Sequence[float]) -> tuple[float, ...]:
    """Return p-values corrected for how many there are, after Benjamini and Hochberg.

    Calling those below 0.05 lets 5 % of what is called be false, on average.

    Examples
    --------
    >>> adjusted([0.01, 0.04, 0.03, 0.5])
    (0.04, 0.05333333333333334, 0.05333333333333334, 0.5)
    """
    if not p_values:
        return ()
    raw = np.array(p_values)
    order = np.argsort(raw, kind="stable")[::-1]
    scaled = raw[order] * raw.size / np.arange(raw.size, 0, -1)
    corrected = np.empty_like(raw)
    corrected[order] = np.minimum(1.0, np.minimum.accumulate(scaled))
    return tuple(corrected.tolist())


def _joined(then: IntArray, now: IntArray) -> tuple[IntArray, IntArray]:
    """Join sparse bins into one, and that one with the sparsest other if it is still sparse."""
    pooled = then.sum(axis=0) + now.sum(axis=0)
    smaller = min(then.sum(), now.sum())
    expected = pooled * (smaller / pooled.sum())
    order = np.argsort(expected, kind="stable")
    running = np.cumsum(expected[order])
    sparse = int(np.count_nonzero(expected < FEWEST_EXPECTED))
    enough = int(np.searchsorted(running, FEWEST_EXPECTED)) + 1
    count = max(sparse, enough) if sparse else 0
    if count < 2:
        return then, now
    return _with_joined(then, order, count), _with_joined(now, order, count)


def _with_joined(counts: IntArray, order: IntArray, count: int) -> IntArray:
    return np.column_stack([counts[:, order[:count]].sum(axis=1), counts[:, order[count:]]])


def _chance_of(then: IntArray, now: IntArray) -> tuple[float, float]:
    """Return the p-value of equal shares, and by how much dependence between rows inflates chance.

    Blocks that are shorter than the dependence is long hide some of it, so they are joined by twos and
    again by twos, and the least favourable answer counts.
    """
    p_value, inflation = _at_these_blocks(then, now)
    while min(then.shape[0], now.shape[0]) >= 2 * FEWEST_BLOCKS:
        then, now = (np.add.reduceat(counts, np.arange(0, counts.shape[0], 2)) for counts in (then, now))
        longer = _at_these_blocks(then, now)
        p_value, inflation = max(p_value, longer[0]), max(inflation, longer[1])
    return p_value, inflation


def _at_these_blocks(then: IntArray, now: IntArray) -> tuple[float, float]:
    from scipy.special import chdtrc, fdtrc

    freedom = then.shape[1] - 1
    if freedom < 1:
        return 1.0, 1.0
    rows_then, rows_now = int(then.sum()), int(now.sum())
    pooled = (then.sum(axis=0) + now.sum(axis=0)) / (rows_then + rows_now)
    effective = rows_then * rows_now / (rows_then + rows_now)
    gap = then.sum(axis=0) / rows_then - now.sum(axis=0) / rows_now
    statistic = float(effective * (gap**2 / pooled).sum())
    blocks = (then.shape[0] - 1) + (now.shape[0] - 1)
    if blocks == 0:
        return float(chdtrc(freedom, statistic)), 1.0
    spread = effective * (_covariance(then) + _covariance(now)) / np.sqrt(np.outer(pooled, pooled))
    total, squares = float(np.trace(spread)), float((spread**2).sum())
    inflation = max(1.0, total / freedom)
    modes = min(freedom, max(1.0, total**2 / squares)) if squares > 0.0 else float(freedom)
    return float(fdtrc(modes, modes * blocks, statistic / (inflation * freedom))), inflation


def _covariance(counts: IntArray) -> FloatArray:
    """Return the covariance of the mean shares, shape (bins, bins), from what they do from block to block."""
    blocks = counts.shape[0]
    if blocks < 2:
        return np.zeros((counts.shape[1], counts.shape[1]))
    shares = counts / counts.sum(axis=1, keepdims=True)
    around = shares - shares.mean(axis=0)
    covariance: FloatArray = around.T @ around / ((blocks - 1) * blocks)
    return covariance


def _above(deviate: float) -> float:
    from scipy.special import ndtr

    return float(ndtr(-deviate))
