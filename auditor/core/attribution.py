"""Which of the changed settings carries the gain.

Configurations between production and the challenger are really run: a *coalition* is the set of
settings that stand at the challenger's value while the others stay at production's. Every
statement made here is a contrast, a weighted sum of the losses of coalitions on the same rows of
the same trainings, so that `variance.two_way` gives its interval like any other difference's.

With up to four changed settings all coalitions are run and the gain is shared out by Shapley's
value: a setting's effect is what it adds to the coalitions before it, averaged over all orders. The
effects sum to the whole gain. With more settings, an effect is the mean of what the setting does alone
and of what its loss costs at the end. Greedy paths do worse than either (statistics, section 3).
"""

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from auditor.core.boundaries import deviate_of
from auditor.core.records import Attribution, Effect, Estimate
from auditor.core.variance import Replicate, contrast, two_way

Coalition: TypeAlias = frozenset[str]
"""Settings that stand at the challenger's value; the others stand at production's."""

Weights: TypeAlias = Mapping[Coalition, float]
"""A contrast: what the loss of each coalition is multiplied by."""

MOST_FOR_SHAPLEY = 4
"""With more changed settings than this, 2^n coalitions cost too much (statistics, section 3)."""

_MOST_OF_IT = 2.0 / 3.0
"""A setting recovers "most" of a gain from this share up."""


def coalitions(changed: Sequence[str]) -> tuple[Coalition, ...]:
    """Return the configurations to run, as the settings that stand at the challenger's value in each.

    Parameters
    ----------
    changed
        Names of the settings in which the challenger differs from production.

    Returns
    -------
    tuple of frozenset
        Production (the empty set) first, the challenger (all of ``changed``) last. For up to four settings
        all subsets; beyond, also each setting alone and each one left out.

    Examples
    --------
    >>> [sorted(names) for names in coalitions(["a", "b"])]
    [[], ['a'], ['b'], ['a', 'b']]
    >>> len(coalitions("abcde"))
    12
    """
    last = len(changed)
    sizes = range(last + 1) if last <= MOST_FOR_SHAPLEY else (0, 1, last - 1, last)
    return tuple(frozenset(names) for size in sizes for names in itertools.combinations(changed, size))


def share_out(
    values: Mapping[Coalition, Sequence[Replicate]],
    *,
    changed: Sequence[str],
    confidence: float,
    margin: float,
) -> Attribution:
    """Share the gain of the challenger out over the settings that changed.

    Parameters
    ----------
    values
        For every one of `coalitions` its losses in each replicate; replicate r of all of them on the same
        training rows, seed and scored rows.
    changed
        As given to `coalitions`.
    confidence
        In (0, 1), of all intervals of the effects together: each is at ``1 - (1 - confidence) / settings``.
    margin
        Smallest gain worth having, in units of loss.

    Raises
    ------
    ValueError
        If a coalition is missing, or replicates do not match.

    Notes
    -----
    ``groups`` and ``either_of`` are named conservatively; every condition must hold, on the same
    intervals as the effects. v(S) is the gain of coalition S over production.

    *Only together* (AND), a smallest set S of two or more settings: v(S) is estimated to be worth the
    margin and shown to be above 0; no part of S alone is estimated to be worth the margin; and each
    member is shown to be needed, v(S) - v(S without it) > 0.

    *Either of* (OR), a largest set in which for every two settings i and j: each alone is estimated to
    be worth the margin, is shown to be above 0 and recovers at least two thirds of v(i, j); and they
    are shown to overlap, v(i) + v(j) - v(i, j) > 0. Shapley's value splits such a gain, so that neither
    looks like much.

    With more than four settings v is known for single settings and for all but one only; the last step
    of a setting, v(all) - v(all but it), then stands for what it does beside the others. *Only together*
    are settings whose last step is worth the margin while they alone are not, and is shown to be larger
    than what they do alone; *either of* those that are worth the margin alone, recover at least two thirds
    of v(all), and whose last step is shown to be smaller than that. One such setting makes no set.
    """
    missing = [sorted(names) for names in coalitions(changed) if names not in values]
    if missing:
        raise ValueError(f"coalitions {missing!r} were not run")
    outcome = _Outcome(values, deviate=_deviate(confidence, settings=len(changed)))
    method = _shapley if len(changed) <= MOST_FOR_SHAPLEY else _one_at_a_time
    return method(outcome, changed, margin)


# ---------------------------------------------------------------- contrasts


@dataclass(frozen=True, slots=True)
class _Outcome:
    """The losses of every coalition that was run, and how wide the intervals of contrasts are to be."""

    values: Mapping[Coalition, Sequence[Replicate]]
    deviate: float

    def of(self, weights: Weights) -> Estimate:
        """Return the interval of a contrast."""
        series = [[(weight, value) for value in self.values[names]] for names, weight in weights.items()]
        return two_way([contrast(terms) for terms in zip(*series, strict=True)]).interval(self.deviate)


def _deviate(confidence: float, *, settings: int) -> float:
    """Return how many standard errors reach to an interval's ends, as a normal deviate."""
    return deviate_of((1.0 - confidence) / (2.0 * max(1, settings)))


_NONE: Coalition = frozenset()


def _sum(*parts: tuple[float, Weights]) -> Weights:
    """Return a weighted sum of contrasts."""
    total: dict[Coalition, float] = {}
    for factor, weights in parts:
        for names, weight in weights.items():
            total[names] = total.get(names, 0.0) + factor * weight
    return total


def _step(start: Coalition, stop: Coalition) -> Weights:
    """Return the gain of going from one coalition to another."""
    return {start: 1.0, stop: -1.0}


def _gain(names: Coalition) -> Weights:
    """Return v(S), the gain of a coalition over production."""
    return _step(_NONE, names)


def _effects(
    outcome: _Outcome, changed: Sequence[str], weights: Callable[[str, Sequence[str]], Weights]
) -> tuple[Effect, ...]:
    """Return the effect of every setting, largest first."""
    effects = [Effect(name=name, effect=outcome.of(weights(name, changed))) for name in changed]
    return tuple(sorted(effects, key=lambda effect: -effect.effect.estimate))


def _ordered(names: Coalition, changed: Sequence[str]) -> tuple[str, ...]:
    """Return a coalition's settings in the order of the challenger's."""
    return tuple(name for name in changed if name in names)


def _subsets(changed: Sequence[str], *, least: int = 1) -> tuple[Coalition, ...]:
    """Return all subsets of at least so many settings, small ones first."""
    sizes = range(least, len(changed) + 1)
    return tuple(frozenset(names) for size in sizes for names in itertools.combinations(changed, size))


# ---------------------------------------------------------------- all coalitions


def _shapley(outcome: _Outcome, changed: Sequence[str], margin: float) -> Attribution:
    """Share a gain out with every coalition known."""
    gains = {names: outcome.of(_gain(names)) for names in _subsets(changed)}
    return Attribution(
        method="shapley",
        effects=_effects(outcome, changed, shapley_weights),
        groups=_together(outcome, gains, changed, margin=margin),
        either_of=_either(outcome, gains, changed, margin=margin),
    )


def shapley_weights(name: str, changed: Sequence[str]) -> Weights:
    """Return Shapley's value of a setting as a contrast.

    The sum over coalitions S without i, of s members out of d settings, of
    ``s! (d - s - 1)! / d! (loss(S) - loss(S + i))``.

    Examples
    --------
    >>> {"".join(sorted(names)): weight for names, weight in shapley_weights("a", "ab").items()}
    {'': 0.5, 'a': -0.5, 'b': 0.5, 'ab': -0.5}
    """
    others = [other for other in changed if other != name]
    steps = []
    for before in (_NONE, *_subsets(others)):
        orders = math.factorial(len(before)) * math.factorial(len(others) - len(before))
        steps.append((orders / math.factorial(len(changed)), _step(before, before | {name})))
    return _sum(*steps)


def _together(
    outcome: _Outcome, gains: Mapping[Coalition, Estimate], changed: Sequence[str], *, margin: float
) -> tuple[tuple[str, ...], ...]:
    """Return the smallest sets of settings that are worth the margin only together."""
    found: list[Coalition] = []
    for names in _subsets(changed, least=2):
        if any(smaller <= names for smaller in found) or not _worth(gains[names], margin=margin):
            continue
        parts = [part for part in gains if part < names]
        alone = any(gains[part].estimate >= margin for part in parts)
        if not alone and all(outcome.of(_step(names - {name}, names)).low > 0.0 for name in names):
            found.append(names)
    return tuple(_ordered(names, changed) for names in found)


def _either(
    outcome: _Outcome, gains: Mapping[Coalition, Estimate], changed: Sequence[str], *, margin: float
) -> tuple[tuple[str, ...], ...]:
    """Return the largest sets of settings of which any one would do."""
    pairs = {
        frozenset(pair)
        for pair in itertools.combinations(changed, 2)
        if _would_each_do(outcome, gains, pair, margin=margin)
    }
    found: list[Coalition] = []
    for names in reversed(_subsets(changed, least=2)):
        inside = {frozenset(pair) for pair in itertools.combinations(names, 2)}
        if inside <= pairs and not any(names <= larger for larger in found):
            found.append(names)
    return tuple(_ordered(names, changed) for names in found)


def _would_each_do(
    outcome: _Outcome, gains: Mapping[Coalition, Estimate], pair: tuple[str, str], *, margin: float
) -> bool:
    """Whether either setting of a pair recovers most of what both do, and the other then adds little."""
    first, second = (frozenset({name}) for name in pair)
    most = _MOST_OF_IT * gains[first | second].estimate
    for alone in (gains[first], gains[second]):
        if not _worth(alone, margin=margin) or alone.estimate < most:
            return False
    overlap = _sum((1.0, _gain(first)), (1.0, _gain(second)), (-1.0, _gain(first | second)))
    return outcome.of(overlap).low > 0.0


def _worth(gain: Estimate, *, margin: float) -> bool:
    """Whether a gain is estimated to be worth having and shown to be above 0."""
    return gain.estimate >= margin and gain.low > 0.0


# ---------------------------------------------------------------- first steps and last steps only


def _one_at_a_time(outcome: _Outcome, changed: Sequence[str], margin: float) -> Attribution:
    """Share a gain out with each setting's first and last step known."""
    whole = outcome.of(_gain(frozenset(changed)))
    together, either = [], []
    for name in changed:
        first = outcome.of(_first(name))
        last = outcome.of(_last(name, changed))
        growth = outcome.of(_sum((1.0, _last(name, changed)), (-1.0, _first(name))))
        if _worth(last, margin=margin) and first.estimate < margin and growth.low > 0.0:
            together.append(name)
        most = first.estimate >= _MOST_OF_IT * whole.estimate
        if _worth(first, margin=margin) and most and growth.high < 0.0:
            either.append(name)
    return Attribution(
        method="one-at-a-time",
        effects=_effects(outcome, changed, _first_and_last),
        groups=(tuple(together),) if len(together) > 1 else (),
        either_of=(tuple(either),) if len(either) > 1 else (),
    )


def _first(name: str) -> Weights:
    """Return what a setting gains alone, from production."""
    return _gain(frozenset({name}))


def _last(name: str, changed: Sequence[str]) -> Weights:
    """Return what a setting gains when all the others are changed already."""
    everything = frozenset(changed)
    return _step(everything - {name}, everything)


def _first_and_last(name: str, changed: Sequence[str]) -> Weights:
    """Return the mean of a setting's first step and its last."""
    return _sum((0.5, _first(name)), (0.5, _last(name, changed)))
