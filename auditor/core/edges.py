"""Whether the optimum of one setting leaves the searched box.

A test on draws that were spread over the whole box beforehand, and on nothing else: draws that were placed
by what earlier ones had found crowd wherever the search went, edge or not.

An optimum outside shows in the outer part of the box: the loss falls all the way to the end. Just inside, it
turns before. So the draws in the outer part are ranked, cleared of what the other settings do to them,
and ranks are compared with places (Spearman). A response surface fitted to the whole box told more often
of an optimum outside, but took a V or a saturating surface with its optimum inside for one in a third of
all cases.

In simulation (``benchmarks/edges.py``: seven shapes of surface, settings of unequal weight, 600 searches
each) the box grew wrongly, with the optimum at random in the inner 80 % of every axis, in 2.0 % of searches
(18 draws, 2 settings), 3.9 % (18 draws, 4 settings) and 0.8 % (36 draws, 3 settings); 5 % at worst. With
the optimum of the heaviest setting a tenth to half an axis outside it grew in 62, 52 and 67 % of them, of
any setting in 44, 23 and 38 %: what a light setting does is lost among so few draws, and a surface that
saturates looks flat. At twice the level it grew wrongly twice as often and rightly in a fifth more. The
test is for safety first: a growth that is missed still leaves the good values at the edge, where the fine
round searches.
"""

import math

import numpy as np

from auditor.core.boundaries import as_deviate, deviate_of
from auditor.core.records import FloatArray

OUTER = 0.4
"""Share of the axis, towards the end in question, whose draws are ranked."""

NEAREST = 11
"""At most this many of them are ranked, those nearest to the end: with more draws the test looks closer."""

FEWEST = 5
"""Draws there that a test needs: five can be in order by chance once in 120 times."""

LEVEL = 0.025
"""Error of all tests of one search together, for a surface that does not depend on the setting at all. Below
five per cent, because surfaces that bend near the edge are told from falling ones only so well."""

LEANING_THIRD = 0.35
"""The best draw, and most of the best three, must lie within this share of the end."""

_BEST = 3
_IN_ORDER = 1e-9  # ranks that agree to this are in perfect order
_SPARE = 5  # degrees of freedom that fitting the other settings must leave


def falls_outwards(places: FloatArray, ranks: FloatArray, axis: int, *, high: bool, tests: int) -> bool:
    """Return whether losses fall all the way to one end of an axis.

    Parameters
    ----------
    places
        Shape (draws, axes): where each draw lies, in [0, 1]; NaN where it has no place on an axis.
    ranks
        Shape (draws,): 0 for the best draw.
    axis
        Column of ``places``.
    high
        Whether the upper end is in question.
    tests
        How many ends the search tests, for the correction.
    """
    seen = np.isfinite(places[:, axis])
    inside, order = places[seen], ranks[seen]
    if inside.shape[0] < FEWEST:
        return False
    distance = 1.0 - inside[:, axis] if high else inside[:, axis]
    if not _best_lean(distance, order):
        return False
    outer = distance <= min(OUTER, float(np.sort(distance)[:NEAREST][-1]))
    if np.count_nonzero(outer) < FEWEST:
        return False
    cleared = _cleared(inside, order, axis)
    return _rises_with(distance[outer], cleared[outer], level=LEVEL / max(1, tests))


def _best_lean(distance: FloatArray, ranks: FloatArray) -> bool:
    """Whether the best draw and most of the best few lie near the end."""
    best = distance[np.argsort(ranks, kind="stable")[:_BEST]] <= LEANING_THIRD
    return bool(best[0]) and 2 * int(np.count_nonzero(best)) > best.size


def _cleared(places: FloatArray, ranks: FloatArray, axis: int) -> FloatArray:
    """Return ranks as normal scores, less what a quadratic in the other settings explains of them.

    With too few draws for that the other settings enter as straight lines, and then not at all.
    """
    from scipy.special import ndtri  # costs 0.3 s to import

    scores = np.asarray(ndtri((np.argsort(np.argsort(ranks)) + 0.5) / ranks.size))
    others = np.delete(places, axis, axis=1)
    others = others[:, np.isfinite(others).all(axis=0)]
    own = places[:, [axis]]
    for terms in ((others, others**2), (others,)):
        design = np.hstack([*terms, np.ones_like(own), own, own**2])
        if ranks.size - design.shape[1] >= _SPARE:
            weights = np.linalg.lstsq(design, scores, rcond=None)[0]
            width = design.shape[1] - 3
            return np.asarray(scores - design[:, :width] @ weights[:width])
    return scores


def _rises_with(distance: FloatArray, scores: FloatArray, *, level: float) -> bool:
    """Whether losses rise with the distance from the end, by Spearman's rank correlation."""
    count = distance.size
    if 1.0 / math.factorial(count) > level or np.ptp(distance) == 0.0:
        return False  # not even perfect order would be rare enough
    correlation = float(np.corrcoef(_ranks(distance), _ranks(scores))[0, 1])
    unexplained = 1.0 - correlation**2
    if unexplained < _IN_ORDER:
        return correlation > 0.0
    statistic = correlation * math.sqrt((count - 2) / unexplained)
    return as_deviate(statistic, degrees_of_freedom=count - 2.0) >= deviate_of(level)


def _ranks(values: FloatArray) -> FloatArray:
    """Return ranks from 0; equal values share their mean rank."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(counts) - (counts + 1) / 2.0)[inverse])
