"""What else people do to find out whether a re-tune pays, on the same fresh rows as the audit.

All of them first draw configurations at random and take the one that is best on validation rows.
They differ in what they make of it. Each is given rows so that it trains on as many as a confirming
replicate of the auditor does. Formulas: statistics, section 1 and 8.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from auditor.core.boundaries import as_statistic
from auditor.core.records import Config, config_key
from benchmarks.beds import FITTED, Bed

LEVEL = 0.05
SEEDS = 10
FOLDS, REPEATS = 5, 2

_ONE_SIDED = 1.6448536269514722  # the normal deviate that is exceeded with probability 5 %


@dataclass(frozen=True)
class Opinion:
    """What a peer says of one fresh data set.

    Attributes
    ----------
    stale, fresh
        At most one of them.
    low
        Lower bound of the gain at 95 %, where the peer has one.
    """

    stale: bool
    fresh: bool = False
    gain: float | None = None
    low: float | None = None


@dataclass(frozen=True)
class Verdicts:
    """All peers on one fresh data set, and the challenger that they speak of."""

    challenger: Config
    opinions: dict[str, Opinion]
    trainings: int


def ask_peers(bed: Bed, rows: pd.DataFrame, production: Config, *, trials: int, seed: int) -> Verdicts:
    """Search once by best-of-N and let every peer judge the winner.

    Parameters
    ----------
    rows
        2,000 fresh rows: 1,200 to fit on, 400 to choose by, 400 that the choice has not seen.
    """
    rng = np.random.default_rng([seed, 7])
    shuffled = rows.iloc[rng.permutation(len(rows))].reset_index(drop=True)
    fit, choose, held = shuffled[:FITTED], shuffled[FITTED : FITTED + 400], shuffled[FITTED + 400 :]
    ours = bed.losses(production, fit, choose, seed=seed).mean()
    draws = [config for config in bed.pool if config_key(config) != config_key(production)]
    picked = [draws[place] for place in rng.permutation(len(draws))[:trials]]
    gains = [float(ours - bed.losses(config, fit, choose, seed=seed).mean()) for config in picked]
    challenger, gain = picked[int(np.argmax(gains))], max(gains)
    seeds = [_gain(bed, production, challenger, fit, held, seed=seed + 1 + n) for n in range(SEEDS)]
    # Cross-validation fits on four fifths: of 1,500 rows, those are 1,200.
    crossed = list(_cross_validated(bed, shuffled[: FITTED * 5 // 4], production, challenger, rng))
    return Verdicts(
        challenger=challenger,
        opinions={
            "best of N": Opinion(stale=gain > 0.0, gain=gain),
            "best of N, by the margin": Opinion(stale=gain >= bed.margin, gain=gain),
            "paired t over seeds": _paired_t(seeds, bed.margin),
            "Nadeau-Bengio 2x5": _corrected_t(crossed, bed.margin),
            "Bayesian t, ROPE": _bayesian(crossed, bed.margin),
        },
        trainings=1 + len(picked) + 2 * SEEDS + 2 * FOLDS * REPEATS,
    )


def _gain(
    bed: Bed, production: Config, challenger: Config, fit: pd.DataFrame, score: pd.DataFrame, *, seed: int
) -> float:
    ours, theirs = (bed.losses(config, fit, score, seed=seed) for config in (production, challenger))
    return float((ours - theirs).mean())


def _cross_validated(
    bed: Bed, rows: pd.DataFrame, production: Config, challenger: Config, rng: np.random.Generator
) -> Iterator[float]:
    """Yield the gain on each fold of each repeat."""
    for repeat in range(REPEATS):
        fold = rng.permutation(np.arange(len(rows)) % FOLDS)
        for number in range(FOLDS):
            fit, score = rows[fold != number], rows[fold == number]
            yield _gain(bed, production, challenger, fit, score, seed=100 * repeat + number)


def _paired_t(gains: list[float], margin: float) -> Opinion:
    """Student's t over seeds, the rows held: what luck of the rows does is not seen."""
    return _judged(gains, np.var(gains, ddof=1) / len(gains), margin)


def _corrected_t(gains: list[float], margin: float) -> Opinion:
    """Nadeau and Bengio (2003): the variance times 1/k + (rows scored / rows fitted)."""
    return _judged(gains, _corrected_variance(gains), margin)


def _judged(gains: list[float], variance: float, margin: float) -> Opinion:
    reach = as_statistic(_ONE_SIDED, degrees_of_freedom=len(gains) - 1.0)
    gain = float(np.mean(gains))
    low = gain - reach * float(np.sqrt(variance))
    return Opinion(stale=low > 0.0 and gain >= margin, gain=gain, low=low)


def _bayesian(gains: list[float], margin: float) -> Opinion:
    """Benavoli et al. (2017): a posterior t around the mean; stale or fresh when 95 % of it says so."""
    from scipy.special import stdtr

    gain, spread = float(np.mean(gains)), float(np.sqrt(_corrected_variance(gains)))
    degrees = len(gains) - 1.0
    below = float(stdtr(degrees, (margin - gain) / spread)) if spread > 0.0 else float(gain < margin)
    reach = as_statistic(_ONE_SIDED, degrees_of_freedom=degrees)
    return Opinion(stale=below < LEVEL, fresh=below > 1.0 - LEVEL, gain=gain, low=gain - reach * spread)


def _corrected_variance(gains: list[float]) -> float:
    return float(np.var(gains, ddof=1)) * (1.0 / len(gains) + 1.0 / (FOLDS - 1))
