"""Whether a challenger beats production by enough to matter: the evidence at one look.

`look` turns what `variance.two_way` estimates into evidence for "there is a gain" and for "a gain of
the margin is excluded", against boundaries that allow for looking several times. The design, and the
simulations it was chosen by, are in statistics, section 2.

Left to others: where the boundaries come from (`boundaries`), and what is called from the evidence on all
finalists (`standing`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from auditor.core.boundaries import (
    FARTHEST,
    as_deviate,
    chi_squared,
    spending_boundaries,
)
from auditor.core.records import FloatArray, Look
from auditor.core.skewness import less_skewed
from auditor.core.variance import Replicate, TwoWay, two_way

PASSES = (3, 4, 6)
"""Confirming passes after which the evidence is looked at.

Statistics, section 2, also looks after pass 2. With as many degrees of freedom as four replicates have,
that look decides next to nothing, and what it does decide comes with an interval of twenty standard errors.
"""

UNLUCKY = 0.02
"""How unlikely it is that replicates agree by chance as well as is allowed for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookPlan:
    """When the evidence is looked at, and how strong it must be then; fixed before confirming.

    Attributes
    ----------
    passes
        Ascending; the look after the last one is the last look.
    stale
        Boundary on ``z_stale`` per look, for an error of ``(1 - confidence) / finalists`` on each
        finalist: any of them may be found better, so the chances of a false find add up. With one finalist it
        is as with two, so that its interval, which may miss the truth on either side, holds it as often as it
        says, and a stale call never comes with an interval that holds 0.
    fresh
        Boundary on ``z_fresh`` per look, for an error of ``1 - confidence``: all finalists must be
        excluded, so one with a gain of the margin is overlooked no more often than if it were alone.
    to_the_end
        Whether *stale* may be called at the last look only. Evidence that stops at its first crossing is
        too weak to add up over audits (statistics, section 6).
    """

    passes: tuple[int, ...]
    stale: tuple[float, ...]
    fresh: tuple[float, ...]
    confidence: float
    finalists: int
    to_the_end: bool = False

    @property
    def fractions(self) -> tuple[float, ...]:
        """Information at each look, as a share of that at the last."""
        return tuple(number / self.passes[-1] for number in self.passes)


def plan_looks(
    confidence: float, finalists: int, passes: tuple[int, ...] = PASSES, *, to_the_end: bool = False
) -> LookPlan:
    """Return the looks and their boundaries for a verdict of the given confidence.

    Parameters
    ----------
    confidence
        In (0, 1), for the call on all finalists together.
    finalists
        How many are confirmed; at least 1.
    to_the_end
        Whether to call *stale* at the last look only. The boundaries stay as they are, which at the last
        look asks for a hair more than one look needs to (1.99 against 1.96).

    Examples
    --------
    >>> plan = plan_looks(0.95, finalists=2)
    >>> [round(bound, 2) for bound in plan.stale], [round(bound, 2) for bound in plan.fresh]
    ([2.96, 2.54, 1.99], [2.54, 2.18, 1.7])
    """
    if not 0.0 < confidence < 1.0 or finalists < 1:
        raise ValueError(f"confidence in (0, 1) and finalists >= 1, got {confidence!r} and {finalists!r}")
    level = 1.0 - confidence
    fractions = tuple(number / passes[-1] for number in passes)
    return LookPlan(
        passes=passes,
        stale=spending_boundaries(level / max(2, finalists), fractions),
        fresh=spending_boundaries(level, fractions),
        confidence=confidence,
        finalists=finalists,
        to_the_end=to_the_end,
    )


def least_variance(losses: Sequence[FloatArray], *, margin: float, rows: int) -> float:
    """Return how large the squared standard error is at least, where the gain is the margin.

    Parameters
    ----------
    losses
        Of production and of the challenger, a number per row.
    margin
        In units of loss.
    rows
        How many different rows were scored.

    Notes
    -----
    With s the smallest step from one loss to another, a difference D is 0 or at least s. So D^2 >= s |D|, and
    with a mean of the margin m the variance is at least s m - m^2. It matters where losses are counts, as
    errors are: where a gain of the margin means two rows of two hundred, one time in seven none of them is
    there, nothing differs, and a spread of nothing would pass for certainty. Where losses are fine-grained it
    is next to 0.
    """
    seen, step = np.empty(0), 0.0
    for values in losses:
        seen = np.union1d(seen, values)
        step = float(np.diff(seen).min(initial=np.inf))
        if step <= margin:
            return 0.0  # seen as a rule in the first of them
    return margin * (step - margin) / rows if np.isfinite(step) else 0.0


def look(
    replicates: Sequence[Replicate], *, number: int, plan: LookPlan, margin: float, least: float = 0.0
) -> Look:
    """Weigh the evidence on one finalist.

    Parameters
    ----------
    replicates
        All differences so far, loss of production minus loss of the finalist.
    number
        Which planned look this is, counted from 1.
    margin
        Smallest gain worth having, above 0, in units of loss.
    least
        What the squared standard error is at least (`least_variance`).

    Returns
    -------
    Look
        Its interval is a repeated confidence interval: over all looks, it holds the true gain of its
        finalist with ``plan.confidence``, counting misses on both sides. Without any spread the interval is
        a point and the evidence is as strong as can be, unless ``least`` says that there are too few rows for
        that: two configurations that never differ exclude a gain of the margin.
    """
    if not margin > 0.0:
        raise ValueError(f"a margin is above 0, got {margin!r}")
    summary = _cautious(_raised(two_way(replicates), least))
    stale, fresh = plan.stale[number - 1], plan.fresh[number - 1]
    return Look(
        number=number,
        replicates=summary.replicates,
        gain=summary.interval(max(stale, fresh)),
        standard_error=summary.standard_error,
        degrees_of_freedom=summary.degrees_of_freedom,
        z_stale=_evidence(summary.estimate, summary, skewness=summary.skewness),
        z_fresh=_evidence(margin - summary.estimate, summary, skewness=-summary.skewness),
        boundary_stale=stale,
        boundary_fresh=fresh,
        example_variance=summary.example_variance,
        replicate_variance=summary.replicate_variance,
        skewness=summary.skewness,
    )


def _raised(summary: TwoWay, least: float) -> TwoWay:
    """Return a mean whose squared standard error is at least this; what is added is the rows' luck."""
    missing = least - summary.standard_error**2
    if missing <= 0.0:
        return summary
    raised = float(np.sqrt(least))
    return replace(
        summary,
        standard_error=raised,
        skewness=summary.skewness * (summary.standard_error / raised) ** 3,
        degrees_of_freedom=max(summary.degrees_of_freedom, summary.clusters - 1.0),
        example_variance=summary.example_variance + missing,
    )


def _cautious(summary: TwoWay) -> TwoWay:
    """Return a mean with no more degrees of freedom than are safe.

    Six replicates now and then agree by chance; Satterthwaite's formula then takes the variance for well
    known. So when degrees are counted, the luck of the trainings is taken to be as large as it can be
    (`UNLUCKY`): they are those of the replicates where it is most of the noise, and more where the luck of
    the rows is, which hundreds of rows tell. Measured in tests/integration/test_calibration.py.
    """
    spare = summary.replicates - 1.0
    largest = summary.replicate_variance * spare / chi_squared(UNLUCKY, degrees_of_freedom=spare)
    whole = summary.example_variance + largest
    share = largest / whole if whole > 0.0 else 1.0
    degrees = spare / share**2 if share > 0.0 else summary.degrees_of_freedom
    return replace(summary, degrees_of_freedom=min(summary.degrees_of_freedom, degrees))


def _evidence(distance: float, summary: TwoWay, *, skewness: float) -> float:
    """Return the evidence, as a normal deviate, that a distance estimated as this is above 0."""
    if summary.standard_error == 0.0:
        return float(np.sign(distance)) * FARTHEST
    statistic = less_skewed(distance / summary.standard_error, skewness=skewness)
    return as_deviate(statistic, degrees_of_freedom=summary.degrees_of_freedom)
