"""Successive halving that forgives noise: who goes on from a rung to the next.

Plain successive halving (Jamieson and Talwalkar, 2016) keeps the best third of each rung. Scored on a few
hundred rows, the order of near equals is mostly chance, and the later winner is often cut early: up to 1.7
points of accuracy were lost. Keeping, besides the third, whatever is within two standard errors of the cut
lost nothing in 8 of 8 cases and still saved 1.8 to 2.75 times the work (performance, section 3).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from auditor.core.records import FailureKind, Result

ETA = 3
"""One in this many goes on from a rung, plus what cannot be told from the last of them."""

CROWD = 2 / 3
"""When more than this share of a rung goes on, it goes to a full training at once: halving is not worth
its price. In a simulation whose noise hid most differences, a search took the work of 57 full trainings
instead of 66, against 54 without any rungs, and promised as much."""

NOISE = 2.0
"""Standard errors of a paired difference within which two configurations cannot be told apart."""


@dataclass(frozen=True, slots=True)
class Ladder:
    """The rungs of a search, and who goes on from one to the next.

    Attributes
    ----------
    rungs
        Ascending fidelities, the last of them 1. Just ``(1.0,)`` where nothing is told apart by less than a
        full training.
    thinned
        Whether a fidelity is a share of the rows to fit on rather than of a training. What fails there for
        want of rows goes on too: more neighbours or components than so few rows have may be what all of
        them ask for.
    close
        Whether, beside the third, only what cannot be told from the *best* goes on (and what is just like the
        last of the third); else what cannot be told from the last of the third, which is more, up to all.
    """

    rungs: tuple[float, ...] = (1.0,)
    thinned: bool = False
    close: bool = False

    def __post_init__(self) -> None:
        """Refuse rungs that do not lead up to a full training."""
        ascending = list(self.rungs) == sorted(set(self.rungs))
        if not (ascending and self.rungs and self.rungs[0] > 0.0 and self.rungs[-1] == 1.0):
            raise ValueError(f"rungs must ascend within (0, 1] and end in 1, got {self.rungs!r}")


IN_FULL = Ladder()
"""Nothing is cut."""


def standing(rung: Sequence[Result]) -> tuple[Result, ...]:
    """Return the results of a rung that have a loss, best first; equals keep their order."""
    return tuple(sorted((result for result in rung if scored(result)), key=loss_of))


def survivors(rung: Sequence[Result], *, at_least: int = 1, close: bool = False) -> tuple[Result, ...]:
    """Return the results that go on to the next rung, best first.

    Parameters
    ----------
    rung
        Results of one rung: one fold, one fidelity, one seed. Failed ones drop out.
    at_least
        How many go on even when that is more than one in ``ETA``.
    close
        As in `Ladder`.

    Returns
    -------
    tuple[Result, ...]
        The best one in ``ETA`` of those that were run, and those that are within noise of the last of these;
        of the best, where only what is close goes on, with those that are just like the last of the third.
    """
    ranked = standing(rung)
    kept = max(at_least, math.ceil(len(rung) / ETA))
    if len(ranked) <= kept:
        return ranked
    cut = ranked[kept - 1]
    bar = ranked[0] if close else cut
    return ranked[:kept] + tuple(
        result for result in ranked[kept:] if within_noise(result, bar) or alike(result, cut)
    )


def next_rung(
    rung: Sequence[Result], ladder: Ladder, *, at_least: int = 1
) -> tuple[tuple[Result, ...], float]:
    """Return the results that go on from a rung that is not the last one, and the fidelity of the next."""
    kept = survivors(rung, at_least=at_least, close=ladder.close)
    if ladder.thinned:
        kept += tuple(result for result in rung if refused(result))
    reached = rung[0].trial.proposal.fidelity
    # A search that another version began may stand on a rung that is none any more.
    above = next(each for each in ladder.rungs if each > reached)
    # What can hardly be told apart here will hardly be on the next rung: no need to pay for both.
    return kept, ladder.rungs[-1] if len(kept) > CROWD * len(rung) else above


def within_noise(worse: Result, better: Result) -> bool:
    """Return whether two scored results cannot be told apart by their rows.

    The standard error is that of the paired per-row difference. Without per-row losses nothing is known of
    the noise, and only equal losses cannot be told apart.
    """
    return loss_of(worse) - loss_of(better) <= NOISE * paired_error(worse, better)


def alike(one: Result, other: Result) -> bool:
    """Return whether two scored results have the same loss on every row.

    On few rows many classifiers see nothing but the commonest class: which of them comes first is no merit.
    """
    return loss_of(one) == loss_of(other) and paired_error(one, other) == 0.0


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


def refused(result: Result) -> bool:
    """Return whether a result failed in a way that more rows may mend."""
    return result.failure is not None and result.failure.kind in (FailureKind.REJECTED, FailureKind.ERROR)


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
