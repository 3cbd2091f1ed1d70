"""How strong the evidence must be at each planned look, so that looking often costs nothing.

Looking at the data four times with the boundary of one look would find a gain where there is none
far more often than promised. Here the promised error is *spent* over the looks, little at first
and most at the end (O'Brien and Fleming's shape), by the spending function of [1]_; the
boundaries follow from it by numerical integration [2]_. Also here: the passage between Student's t
and the normal deviates that boundaries are stated in.

References
----------
.. [1] Lan and DeMets (1983), "Discrete sequential boundaries for clinical trials", Biometrika 70:659-663.
.. [2] Armitage, McPherson and Rowe (1969), "Repeated significance tests on accumulating data",
   JRSS A 132:235-244; Jennison and Turnbull (1999), "Group sequential methods", chapter 19.
"""

import functools

import numpy as np

from auditor.core.records import FloatArray

FARTHEST = 38.0
"""Deviates are capped here: the normal tail beyond it is not a floating-point number."""

_NODES = 64
"""Gauss-Legendre nodes per look; boundaries differ from those with 400 by less than 1e-9."""

_FAR_LEFT = -8.0
"""Where the integral over the continuation region begins; the normal mass below it is 6e-16."""

_HALVINGS = 50
"""Bisection steps from a bracket of 64 deviates: to 6e-14."""

_LEVELS_PER_DECADE = 16
_LEAST_LEVEL = 1e-9


@functools.lru_cache(maxsize=64)
def spending_boundaries(level: float, fractions: tuple[float, ...]) -> tuple[float, ...]:
    """Return the one-sided normal deviate to be reached at each look.

    Parameters
    ----------
    level
        Probability, in (0, 1), that a standard Brownian path crosses at any look.
    fractions
        Information at each look as a share of the last look's; ascending, ending in 1.

    Raises
    ------
    ValueError
        If ``level`` or ``fractions`` are out of range.

    Examples
    --------
    >>> [round(bound, 3) for bound in spending_boundaries(0.05, (2 / 6, 3 / 6, 4 / 6, 1.0))]
    [3.2, 2.552, 2.18, 1.698]
    """
    if not 0.0 < level < 1.0:
        raise ValueError(f"an error level lies in (0, 1), got {level!r}")
    if not fractions or fractions[-1] != 1.0 or np.any(np.diff((0.0, *fractions)) <= 0.0):
        raise ValueError(f"information fractions ascend from above 0 to 1, got {fractions!r}")
    return tuple(_boundaries(np.array([level]), np.array(fractions))[0].tolist())


def smallest_level(deviates: tuple[float, ...], fractions: tuple[float, ...]) -> float:
    """Return the smallest error level whose boundary is reached by any of the looks seen so far.

    Parameters
    ----------
    deviates
        One per look seen, from the first on; at most as many as ``fractions``.
    fractions
        As for `spending_boundaries`.

    Returns
    -------
    float
        From a grid of 16 levels per decade from 1e-9 to 0.5, so rounded up by at most 16 %; 1 if no
        level of the grid is reached.
    """
    levels, table = _level_table(fractions)
    reached = (np.asarray(deviates) >= table[:, : len(deviates)]).any(axis=1)
    return float(levels[np.argmax(reached)]) if reached.any() else 1.0


@functools.lru_cache(maxsize=8)
def _level_table(fractions: tuple[float, ...]) -> tuple[FloatArray, FloatArray]:
    """Return ascending levels, shape (levels,), and their boundaries, shape (levels, looks)."""
    decades = np.log10(0.5 / _LEAST_LEVEL)
    levels = np.geomspace(_LEAST_LEVEL, 0.5, int(np.ceil(decades * _LEVELS_PER_DECADE)) + 1)
    return levels, _boundaries(levels, np.array(fractions))


def _boundaries(levels: FloatArray, fractions: FloatArray) -> FloatArray:
    """Return boundaries of shape (levels, looks), following the path that has not yet crossed.

    The path is Brownian, B(t) = Z sqrt(t). At each look, ``points`` and ``masses``, both of shape
    (levels, nodes), are a quadrature of the law of B on the event that no boundary was crossed before.
    """
    spent = _spent(levels, fractions)
    points, masses = np.zeros((len(levels), 1)), np.ones((len(levels), 1))
    steps = np.sqrt(np.diff(fractions, prepend=0.0))
    bounds = np.empty_like(spent)
    for number, (fraction, step) in enumerate(zip(fractions, steps, strict=True)):
        to_spend = np.diff(spent, axis=1, prepend=0.0)[:, number]
        crossing = _crossing(points, masses, step=float(step), probability=to_spend)
        bounds[:, number] = crossing / np.sqrt(fraction)
        points, masses = _moved(points, masses, step=float(step), below=crossing)
    return bounds


def _spent(levels: FloatArray, fractions: FloatArray) -> FloatArray:
    """Return the error spent up to each look: 2 (1 - Phi(z(level / 2) / sqrt(t)))."""
    from scipy.special import ndtr, ndtri

    return np.asarray(2.0 * ndtr(ndtri(levels / 2.0)[:, np.newaxis] / np.sqrt(fractions)))


def _crossing(points: FloatArray, masses: FloatArray, *, step: float, probability: FloatArray) -> FloatArray:
    """Return, per level, what B is above with the given probability after one more step."""
    from scipy.special import ndtr

    low, high = np.full(len(points), -32.0), np.full(len(points), 32.0)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2.0
        above = (masses * ndtr((points - middle[:, np.newaxis]) / step)).sum(axis=1)
        low, high = (
            np.where(above > probability, middle, low),
            np.where(above > probability, high, middle),
        )
    return np.asarray((low + high) / 2.0)


def _moved(
    points: FloatArray, masses: FloatArray, *, step: float, below: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return the quadrature after one more step, cut off at ``below``, shape (levels,)."""
    nodes, weights = _gauss_legendre()
    half = (below - _FAR_LEFT)[:, np.newaxis] / 2.0
    new = _FAR_LEFT + half * (nodes + 1.0)
    deviates = (new[:, :, np.newaxis] - points[:, np.newaxis, :]) / step
    kernel = np.exp(-np.square(deviates) / 2.0) / (step * np.sqrt(2.0 * np.pi))
    density = np.einsum("lij,lj->li", kernel, masses)
    return new, density * weights * half


@functools.cache
def _gauss_legendre() -> tuple[FloatArray, FloatArray]:
    """Return nodes and weights on [-1, 1]."""
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    return np.asarray(nodes), np.asarray(weights)


def as_deviate(statistic: float, *, degrees_of_freedom: float) -> float:
    """Return the normal deviate that is as extreme as a t statistic: Phi^-1(T(statistic)).

    Computed in the lower tail, where probabilities near 0 keep their digits, and mirrored. May be
    given infinities; never NaN, and never beyond `FARTHEST`.

    Examples
    --------
    >>> round(as_deviate(2.0, degrees_of_freedom=5.0), 3)
    1.636
    >>> as_deviate(float("inf"), degrees_of_freedom=5.0)
    38.0
    """
    from scipy.special import ndtri, stdtr

    tail = float(stdtr(degrees_of_freedom, -abs(statistic)))
    size = min(-float(ndtri(tail)), FARTHEST) if tail > 0.0 else FARTHEST
    return float(np.copysign(size, statistic))


def as_statistic(deviate: float, *, degrees_of_freedom: float) -> float:
    """Return the t statistic that is as extreme as a normal deviate: T^-1(Phi(deviate)).

    Examples
    --------
    >>> round(as_statistic(1.637, degrees_of_freedom=5.0), 2)
    2.0
    """
    from scipy.special import ndtr, stdtrit

    size = -float(stdtrit(degrees_of_freedom, float(ndtr(-abs(deviate)))))
    return float(np.copysign(size, deviate))


def chi_squared(tail: float, *, degrees_of_freedom: float) -> float:
    """Return what a chi-squared variable falls below with a probability in (0, 1).

    Examples
    --------
    >>> round(chi_squared(0.05, degrees_of_freedom=11.0), 3)
    4.575
    """
    from scipy.special import chdtri

    return float(chdtri(degrees_of_freedom, 1.0 - tail))


def normal_above(deviate: float) -> float:
    """Return the chance that a standard normal lies above a deviate."""
    from scipy.special import ndtr

    return float(ndtr(-deviate))


def deviate_of(tail: float) -> float:
    """Return the normal deviate that is exceeded with a probability in (0, 1)."""
    from scipy.special import ndtri

    return -float(ndtri(tail))
