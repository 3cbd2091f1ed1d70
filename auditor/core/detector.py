"""What many audits say together: evidence that adds up, and false alarms that do not.

One audit with 95 % confidence cries *stale* at most once in twenty when nothing is. Twelve of them
a year, on forty models, cry often. Two ways out, both in statistics, section 6:

- *Evidence adds up* over the audits of one model. Each audit's p-value is turned into an e-value,
  which is 1 on average (or less) while nothing is stale, and the e-values are multiplied; whenever
  the product falls below 1, it starts again from 1 [1]_. An alarm is raised at 100, and then false
  alarms are at least 100 audits apart on average, whatever happens between them.
- *Benjamini and Hochberg's procedure* [2]_ over the newest audits of many models: of the models that
  it names, at most a tenth are named wrongly, on average.

Both need p-values that were not cut short: an audit that stops the moment its evidence for *stale*
crosses a boundary has a p-value just below that boundary, and never more to add. And both need
every audit to bring rows of its own: rows that speak twice are believed twice.

References
----------
.. [1] Shin, Ramdas and Rinaldo (2023), "E-detectors: a nonparametric framework for sequential change
   detection", New England Journal of Statistics in Data Science 2:229-260.
.. [2] Benjamini and Hochberg (1995), "Controlling the false discovery rate", JRSS B 57:289-300.
.. [3] Ville (1939), "Etude critique de la notion de collectif": a product of e-values ever reaches
   1 / alpha with a chance of at most alpha.
"""

import math
from collections.abc import Mapping, Sequence

from auditor.core.boundaries import deviate_of, normal_above

FALSE_SHARE = 0.10
"""Of the models named together, at most this share wrongly (statistics, section 6)."""

_LARGEST = 1e12
"""Evidence is capped here: far beyond any doubt, and far from what a float cannot hold."""

_TILT = 2.0
"""The e-value is the likelihood ratio of a deviate shifted by this much; effects of 2 to 3 standard errors
were what section 6 simulated."""


def p_value_of(deviates: Sequence[float], *, tried: int) -> float:
    """Return the p-value of "no challenger is better" from the last planned look.

    Parameters
    ----------
    deviates
        Evidence for a gain above 0 of every challenger that is still in the race; without any, nothing
        speaks for a gain.
    tried
        How many challengers were in the race at its start: ``min(1, tried (1 - Phi(largest)))``.

    Examples
    --------
    >>> round(p_value_of([3.0, 1.0], tried=2), 4), p_value_of([], tried=2)
    (0.0027, 1.0)
    """
    return min(1.0, tried * normal_above(max(deviates))) if deviates else 1.0


def e_value_of(p_value: float) -> float:
    """Return evidence that is 1 on average, or less, while the p-value's null hypothesis holds.

    ``exp(2 z - 2)`` with z the normal deviate that is exceeded with probability p: the likelihood ratio
    of a shift by 2. Valid for any p-value, however conservative.

    Parameters
    ----------
    p_value
        In [0, 1].

    Examples
    --------
    >>> [round(e_value_of(p), 2) for p in (1.0, 0.5, 0.05, 0.001)]
    [0.0, 0.14, 3.63, 65.4]
    """
    if not 0.0 <= p_value <= 1.0:
        raise ValueError(f"a p-value lies in [0, 1], got {p_value!r}")
    if p_value in (0.0, 1.0):
        return _LARGEST if p_value == 0.0 else 0.0
    exponent = _TILT * deviate_of(p_value) - _TILT**2 / 2.0
    return min(_LARGEST, math.exp(min(exponent, math.log(_LARGEST))))


def detected(before: float, e_value: float) -> float:
    """Return the detector after one more audit: ``max(1, before) * e_value``.

    Examples
    --------
    >>> detected(0.02, 3.0), detected(40.0, 3.0)
    (3.0, 120.0)
    """
    return min(_LARGEST, max(1.0, before) * e_value)


def multiplied(before: float, e_value: float) -> float:
    """Return the evidence on one challenger that was named before the audit; it may fall below 1 for good."""
    return min(_LARGEST, before * e_value)


def evidence_needed(place: int, *, confidence: float) -> float:
    """Return the evidence that shows a carried challenger to be better, as a product of its e-values.

    Parameters
    ----------
    place
        Its place among the challengers that were carried over while production stayed as it is, from 1.
    confidence
        That nobody who is no better is ever shown, however many are carried over.

    Notes
    -----
    A product of e-values ever reaches 1 / a with a chance of at most a [3]_. The k-th challenger is given the
    share 6 / (pi k)^2 of ``1 - confidence``; over all k these shares add up to 1.

    Examples
    --------
    >>> [round(evidence_needed(place, confidence=0.95)) for place in (1, 2, 3)]
    [33, 132, 296]
    """
    return (math.pi * place) ** 2 / 6.0 / (1.0 - confidence)


def named_together(p_values: Mapping[str, float], *, share: float = FALSE_SHARE) -> frozenset[str]:
    """Return the models that stand out among all, by Benjamini and Hochberg.

    Parameters
    ----------
    p_values
        One per model, from the newest audit of each.
    share
        Of those named, at most this share is named wrongly, on average.

    Examples
    --------
    >>> sorted(named_together({"a": 0.001, "b": 0.06, "c": 0.9}))
    ['a', 'b']
    >>> sorted(named_together({"b": 0.06, "c": 0.9}))
    []
    """
    ranked = sorted(p_values.values())
    passing = [p for rank, p in enumerate(ranked, start=1) if p <= share * rank / len(ranked)]
    return frozenset(model for model, p in p_values.items() if passing and p <= passing[-1])


def false_alarms_alone(confidence: float, audits: float) -> float:
    """Return the chance of at least one false alarm in so many audits that each stand for themselves.

    Examples
    --------
    >>> round(false_alarms_alone(0.95, 12), 2)
    0.46
    """
    return float(1.0 - confidence**audits)
