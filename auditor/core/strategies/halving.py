"""Successive halving that forgives noise: who goes on from a rung to the next.

Plain successive halving (Jamieson and Talwalkar, 2016) keeps the best third of each rung. Scored on a few
hundred rows, the order of near equals is mostly chance, and the later winner is often cut early: up to 1.7
points of accuracy were lost. Keeping, besides the third, whatever is within two standard errors of the cut
lost nothing in 8 of 8 cases and still saved 1.8 to 2.75 times the work (performance, section 3).
"""

import math
from collections.abc import Sequence

import numpy as np

from auditor.core.records import Result

ETA = 3
"""One in this many goes on from a rung, plus what cannot be told from the last of them."""

CROWD = 2 / 3
"""When more than this share of a rung goes on, it goes to a full training at once: halving is not worth
its price. In a simulation whose noise hid most differences, a search took the work of 57 full trainings
instead of 66, against 54 without any rungs, and promised as much."""

NOISE = 2.0
"""Standard errors of a paired difference within which two configurations cannot be told apart."""


def standing(rung: Sequence[Result]) -> tuple[Result, ...]:
    """Return the results of a rung that have a loss, best first; equals keep their order."""
    return tuple(sorted((result for result in rung if scored(result)), key=loss_of))


def survivors(rung: Sequence[Result], *, at_least: int = 1) -> tuple[Result, ...]:
    """Return the results that go on to the next rung, best first.

    Parameters
    ----------
    rung
        Results of one rung: one fold, one fidelity, one seed. Failed ones drop out.
    at_least
        How many go on even when that is more than one in ``ETA``.

    Returns
    -------
    tuple[Result, ...]
        The best one in ``ETA`` of those that were run, and those that are within noise of the last of these.
    """
    ranked = standing(rung)
    kept = max(at_least, math.ceil(len(rung) / ETA))
    if len(ranked) <= kept:
        return ranked
    cut = ranked[kept - 1]
    return ranked[:kept] + tuple(result for result in ranked[kept:] if within_noise(result, cut))


def next_rung(
    rung: Sequence[Result], rungs: Sequence[float], *, at_least: int = 1
) -> tuple[tuple[Result, ...], float]:
    """Return the results that go on from a rung that is not the last one, and the fidelity of the next.

    Parameters
    ----------
    rungs
        All fidelities, ascending.
    """
    kept = survivors(rung, at_least=at_least)
    reached = rung[0].trial.proposal.fidelity
    # A search that another version began may stand on a rung that is none any more.
    above = next(each for each in rungs if each > reached)
    # What can hardly be told apart here will hardly be on the next rung: no need to pay for both.
    return kept, rungs[-1] if len(kept) > CROWD * len(rung) else above


def within_noise(worse: Result, better: Result) -> bool:
    """Return whether two scored results cannot be told apart by their rows.

    The standard error is that of the paired per-row difference. Without per-row losses nothing is known of
    the noise, and only equal losses cannot be told apart.
    """
    return loss_of(worse) - loss_of(better) <= NOISE * paired_error(worse, better)


def paired_error(one: Result, other: Result) -> float:
    """Return the standard error of the mean paired difference, in units of loss; 0 where it is unknown."""
    if one.losses is None or other.losses is None or one.losses.shape != other.losses.shape:
        return 0.0
    if one.losses.size < 2:
        return 0.0
    differences = one.losses - other.losses
    return float(np.std(differences, ddof=1)) / math.sqrt(differences.size)


def scored(result: Result) -> bool:
    """Return whether a result has a loss to compare."""
    return result.failure is None and result.loss is not None and math.isfinite(result.loss)


def loss_of(result: Result) -> float:
    """Return the loss of a result.

    Raises
    ------
    ValueError
        If it has none.
    """
    if result.loss is None:
        raise ValueError(f"trial {result.trial.id} has no loss")
    return result.loss
