"""Evidence that may be looked at after every turn: a t-test that no number of looks can wear out.

A turn of a panda gives one number, the mean difference of two twins on the turn's rows. What luck does to
it is not known beforehand: luck of the rows, of the batches, of the day. So the turns themselves have to
tell, as in a t-test; and the test is looked at every day for as long as the model lives, which a t-test
does not stand. The evidence here does: the likelihood ratio of "the mean is delta standard deviations of a
turn above the bar" to "it is at the bar", made of what no unit of measurement changes, and averaged over a
few deltas [1]_ [2]_. While the mean is at the bar or below, it ever reaches ``1 / level`` with a chance of
at most ``level``, however many turns follow [3]_.

It is exact for normal differences of one standard deviation. A turn's difference is a mean over hundreds of
rows, so normal is near enough; where some days are noisier than others it errs on the safe side, as Student's
t does for symmetric errors [4]_. ``benchmarks/panda.py`` measures both.

References
----------
.. [1] Perez-Ortiz, Lardy, de Heide and Grunwald (2024), "E-statistics, group invariance and anytime-valid
   testing", Annals of Statistics 52:1410-1432: the ratio of maximal invariants, one-sided as well.
.. [2] Wang and Ramdas (2025), "Anytime-valid t-tests and confidence sequences for Gaussian means with
   unknown variance", Sequential Analysis 44:56-110.
.. [3] Ville (1939), "Etude critique de la notion de collectif".
.. [4] Efron (1969), "Student's t-test under symmetry conditions", JASA 64:1278-1302.
"""

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from auditor.core.records import Estimate

EFFECTS = (0.4, 0.8, 1.6, 3.2)
"""Gains per turn, in standard deviations of a turn, that the evidence is averaged over."""

MOST_EVIDENCE = 1e12
"""Evidence is capped here: far beyond any doubt, and far from what a float cannot hold."""

_REACH, _STEP = 9.0, 0.02
"""Of the integral over the standard deviation: nine of its own widths either way, in small steps."""

_HALVINGS = 60
_FARTHEST = 2.0**40
"""An interval ends within this many standard errors of the estimate, or nowhere."""


@dataclass(frozen=True, slots=True)
class Contrast:
    """What one turn says: a mean difference, and how many rows it is over."""

    value: float
    rows: int


def evidence_above(contrasts: Sequence[Contrast], bar: float = 0.0) -> float:
    """Return the evidence that the mean of all such contrasts lies above the bar; 1 says nothing.

    Turns with four times the rows count as having half the standard deviation.

    Examples
    --------
    >>> same = [Contrast(1.0 + 0.2 * (-1) ** turn, 500) for turn in range(5)]
    >>> round(evidence_above(same[:1]), 2), round(evidence_above(same)), evidence_above(same, 2.0) < 0.1
    (1.69, 227, True)
    """
    if not contrasts:
        return 1.0
    weights = [_weight(each, contrasts[0]) for each in contrasts]
    pairs = list(zip(contrasts, weights, strict=True))
    spread = math.sqrt(math.fsum(weight * (each.value - bar) ** 2 for each, weight in pairs))
    if spread == 0.0:  # all at the bar
        return 1.0
    lean = math.fsum(weight * (each.value - bar) for each, weight in pairs) / spread
    return _evidence(len(contrasts), round(math.fsum(weights), 9), round(lean, 9))


def mean_of(contrasts: Sequence[Contrast]) -> float:
    """Return the mean of some contrasts, weighted by their rows; 0 for none."""
    if not contrasts:
        return 0.0
    weights = [_weight(each, contrasts[0]) for each in contrasts]
    return math.fsum(
        weight * each.value for each, weight in zip(contrasts, weights, strict=True)
    ) / math.fsum(weights)


def interval_of(contrasts: Sequence[Contrast], *, below: float, above: float) -> Estimate | None:
    """Return the mean with an interval that holds at every look, or None while there are too few turns.

    Parameters
    ----------
    below, above
        Evidence with which values at its low and at its high end are refuted: the low end lies above a bar
        exactly when the evidence for that reaches ``below``.
    """
    middle = mean_of(contrasts)
    low = _end(contrasts, middle, needed=below, side=-1.0)
    high = _end(contrasts, middle, needed=above, side=1.0)
    return None if low is None or high is None else Estimate(middle, low, high)


def _end(contrasts: Sequence[Contrast], middle: float, *, needed: float, side: float) -> float | None:
    """Return the bar nearest to the mean, on one side of it, that is refuted."""
    turned = [Contrast(-side * each.value, each.rows) for each in contrasts]
    centre = -side * middle  # bars below it are refuted by evidence that the mean lies above them
    scale = max((abs(each.value - centre) for each in turned), default=0.0)
    if scale == 0.0:
        return middle if len(contrasts) > len(EFFECTS) else None
    far = scale
    while evidence_above(turned, centre - far) < needed:
        far *= 2.0
        if far > _FARTHEST * scale:
            return None
    near = 0.0
    for _ in range(_HALVINGS):
        half = (near + far) / 2.0
        near, far = (near, half) if evidence_above(turned, centre - half) >= needed else (half, far)
    return middle + side * far


def _weight(each: Contrast, first: Contrast) -> float:
    """Return the weight of a turn: its rows against those of the first, within reason.

    Rows beyond some number shrink luck no more: that of the training and of the day stays.
    """
    return min(4.0, max(0.25, each.rows / max(1, first.rows)))


@functools.lru_cache(maxsize=65_536)
def _evidence(turns: int, weight: float, lean: float) -> float:
    logs = [_log_ratio(turns, weight, lean, effect) for effect in EFFECTS]
    return min(MOST_EVIDENCE, math.fsum(math.exp(min(log, 60.0)) for log in logs) / len(EFFECTS))


def _log_ratio(turns: int, weight: float, lean: float, effect: float) -> float:
    """Return the log likelihood ratio of an effect to none, by the maximal invariant.

    With y the weighted differences, N the sum of the weights and r = sum(sqrt(w) y) / |y|, it is
    ``exp(-N d^2 / 2) E exp(d r W)`` with W chi-distributed with as many degrees of freedom as turns: the
    integral over the unknown standard deviation, which has the scale-invariant prior.
    """
    slope, power = effect * lean, turns - 1
    peak = (slope + math.sqrt(slope**2 + 4.0 * power)) / 2.0
    points = np.arange(max(_STEP / 1e6, peak - _REACH), max(peak, 0.0) + _REACH, _STEP)
    logs = power * np.log(points) - points**2 / 2.0 + slope * points
    top = float(logs.max())
    heights = np.exp(logs - top)
    area = float(heights.sum() - (heights[0] + heights[-1]) / 2.0) * _STEP
    norm = (turns / 2.0 - 1.0) * math.log(2.0) + math.lgamma(turns / 2.0)
    return top + math.log(area) - norm - weight * effect**2 / 2.0
