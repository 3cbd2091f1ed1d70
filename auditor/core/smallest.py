"""The smallest change that keeps most of a confirmed gain, and how much of it that keeps.

Of all mixtures of production and the challenger the one with the fewest changed settings is taken that is
estimated to keep nine tenths of the gain. Chosen for its estimate, it owes part of that to luck. So it is
trained again in the replicates that took no part in the choice, and its share is told from all replicates,
with an interval that holds for every mixture it was chosen from (Bonferroni); if nine tenths are no longer
estimated then, all settings are to be changed.

The share is a ratio of two gains, whose interval is Fieller's: the shares k for which v(S) - k v(all) cannot
be told from 0. That difference is a contrast of losses like any other.
"""

from collections.abc import Callable, Mapping, Sequence

from auditor.core.boundaries import deviate_of
from auditor.core.records import FARTHEST, Estimate
from auditor.core.variance import Replicate, TwoWay, contrast, two_way

KEPT = 0.9
"""The smallest change must keep this share of the whole gain (design, section 3)."""

_STEPS = 24  # of bisection: to 2e-7 of a share

_Coalition = frozenset[str]
_Losses = Mapping[_Coalition, Sequence[Replicate]]


def gain_of(losses: _Losses, coalition: _Coalition) -> float:
    """Return the mean gain of a coalition over production, the empty coalition."""
    pairs = zip(losses[frozenset()], losses[coalition], strict=True)
    return two_way([contrast([(1.0, ours), (-1.0, theirs)]) for ours, theirs in pairs]).estimate


def smallest(
    losses: _Losses,
    *,
    changed: Sequence[str],
    needed: _Coalition,
    either_of: Sequence[Sequence[str]] = (),
    spare: _Coalition = frozenset(),
) -> _Coalition:
    """Return the fewest settings that are estimated to keep most of the gain; of equals, the best.

    Parameters
    ----------
    losses
        Of every coalition that was run, in the same replicates.
    changed
        All settings in which the challenger differs.
    needed
        Settings that are stale by themselves, or in a group: without one, a gain worth having is given up.
    either_of
        Settings any one of which would do: one of each set is needed.
    spare
        Settings that nothing speaks for: changed only where all are.
    """
    everything = frozenset(changed)
    whole = gain_of(losses, everything)
    if whole <= 0.0:
        return everything
    gains = {
        names: gain_of(losses, names)
        for names in losses
        if names and names >= needed and names.isdisjoint(spare)
        if not any(names.isdisjoint(choice) for choice in either_of)
    }
    worthy = [names for names, gain in gains.items() if gain >= KEPT * whole]
    return min(worthy, key=lambda names: (len(names), -gains[names]), default=everything)


def share_kept(
    nothing: Sequence[Replicate],
    some: Sequence[Replicate],
    everything: Sequence[Replicate],
    *,
    confidence: float,
    choices: int,
) -> Estimate:
    """Return the share of a gain that part of a change keeps, with its interval.

    Parameters
    ----------
    nothing, some, everything
        Losses of production, of the part and of the whole change, in the same replicates.
    confidence
        In (0, 1), two-sided, for all choices together.
    choices
        How many parts it was chosen from.

    Raises
    ------
    ValueError
        If the whole change is not estimated to gain anything: then nothing is a share of it.
    """
    whole = _excess(nothing, nothing, everything, share=-1.0).estimate
    if whole <= 0.0:
        raise ValueError("there is no share of no gain")
    middle = _excess(nothing, some, everything, share=0.0).estimate / whole
    deviate = deviate_of((1.0 - confidence) / (2.0 * max(1, choices)))

    def told_apart(step: float) -> bool:
        """Whether a share this far from the estimate is excluded."""
        found = _excess(nothing, some, everything, share=middle + step).interval(deviate)
        return found.low > 0.0 or found.high < 0.0

    return Estimate(
        middle,
        middle - _reach(lambda step: told_apart(-step)),
        middle + _reach(lambda step: told_apart(step)),
    )


def _excess(
    nothing: Sequence[Replicate], some: Sequence[Replicate], everything: Sequence[Replicate], *, share: float
) -> TwoWay:
    """Return v(some) - share v(everything)."""
    triples = zip(nothing, some, everything, strict=True)
    return two_way([contrast([(1.0 - share, a), (-1.0, b), (share, c)]) for a, b, c in triples])


def _reach(told_apart: Callable[[float], bool]) -> float:
    """Return how far from the estimate shares cannot be told from it, at most ``FARTHEST``."""
    near, far = 0.0, FARTHEST
    if not told_apart(far):
        return far
    for _ in range(_STEPS):
        middle = (near + far) / 2.0
        near, far = (near, middle) if told_apart(middle) else (middle, far)
    return far
