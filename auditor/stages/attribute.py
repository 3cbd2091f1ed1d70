"""Attribute: move settings one by one and together, by real re-runs, and share the gain out."""

from collections.abc import Mapping, Sequence

import numpy as np

from auditor.core.attribution import coalitions, share_out
from auditor.core.comparison import Replicate, difference
from auditor.core.records import Attribution, Config, Confirmation, Effect, Policy, Round, Value
from auditor.core.verdict import Blame, worth_alone
from auditor.replicates import Replicates, folds

PASSES = range(2)
"""Passes that every coalition is trained in: 4 paired trainings each (statistics, section 3)."""

_KEPT = 0.9
"""The smallest change must keep this share of the whole gain (design, section 3)."""

_Values = Mapping[frozenset[str], Sequence[Replicate]]


def attribute(
    confirmation: Confirmation,
    *,
    production: Config,
    units: Sequence[tuple[str, ...]],
    policy: Policy,
    replicates: Replicates,
) -> Blame:
    """Share a confirmed gain out over the settings that changed.

    Parameters
    ----------
    units
        Settings that move together: a setting first, then those that exist only because of it.
    """
    winner = confirmation.finalists[confirmation.winner]
    changed = [
        unit for unit in units if any(_at(winner.config, name) != _at(production, name) for name in unit)
    ]
    heads = [unit[0] for unit in changed]
    bundles = {unit[0]: unit[1:] for unit in changed if len(unit) > 1}
    if len(heads) == 1:
        sole = Attribution(method="single", effects=(Effect(name=heads[0], effect=winner.looks[-1].gain),))
        return Blame(attribution=sole, moved=tuple(heads), kept=1.0, bundles=bundles)
    mixes = {
        coalition: _mix(
            production,
            winner.config,
            moved={name for unit in changed if unit[0] in coalition for name in unit},
        )
        for coalition in coalitions(heads)
    }
    replicates.train(list(mixes.values()), passes=PASSES, purpose=Round.ATTRIBUTE)
    values = _values(mixes, replicates)
    if len(values[frozenset()]) < 2:
        # Mixtures of the two configurations do not train: the gain stands, its owner stays unknown.
        return Blame(attribution=Attribution(method="none"), moved=tuple(heads), kept=1.0, bundles=bundles)
    shared = share_out(values, changed=heads, confidence=policy.confidence, margin=confirmation.margin)
    moved, kept = _smallest(values, changed=heads, needed=worth_alone(shared, margin=confirmation.margin))
    return Blame(attribution=shared, moved=moved, kept=kept, bundles=bundles)


_ABSENT = object()


def _at(config: Config, name: str) -> Value | object:
    return config.get(name, _ABSENT)


def _mix(production: Config, challenger: Config, *, moved: set[str]) -> Config:
    names = [*production, *(name for name in challenger if name not in production)]
    taken = {name: (challenger if name in moved else production) for name in names}
    return {name: source[name] for name, source in taken.items() if name in source}


def _values(mixes: Mapping[frozenset[str], Config], replicates: Replicates) -> _Values:
    """Return the losses of each coalition in the replicates that every coalition survived."""
    losses = {coalition: replicates.losses(config, passes=PASSES) for coalition, config in mixes.items()}
    common = [fold for fold in folds(PASSES) if all(fold in found for found in losses.values())]
    return {coalition: [found[fold] for fold in common] for coalition, found in losses.items()}


def _smallest(
    values: _Values, *, changed: Sequence[str], needed: frozenset[str]
) -> tuple[tuple[str, ...], float]:
    """Return the fewest settings that keep most of the gain, and the share that they keep.

    Parameters
    ----------
    needed
        Settings that are stale by themselves: leaving one out would give up a gain worth having.
    """
    whole = _gain(values, frozenset(changed))
    everything = (tuple(changed), 1.0)
    if whole <= 0.0:
        return everything
    worthy = [
        coalition
        for coalition in values
        if coalition and coalition >= needed and _gain(values, coalition) >= _KEPT * whole
    ]
    best = min(worthy, key=lambda coalition: (len(coalition), -_gain(values, coalition)))
    if len(best) == len(changed):
        return everything
    return tuple(name for name in changed if name in best), min(1.0, _gain(values, best) / whole)


def _gain(values: _Values, coalition: frozenset[str]) -> float:
    pairs = zip(values[frozenset()], values[coalition], strict=True)
    return float(np.mean(np.concatenate([difference(ours, theirs).values for ours, theirs in pairs])))
