"""Attribute: move settings one by one and together, by real re-runs, and share the gain out."""

from collections.abc import Mapping, Sequence

from auditor.core.attribution import coalitions, share_out
from auditor.core.comparison import PASSES as CONFIRMING
from auditor.core.records import (
    Attribution,
    Config,
    Confirmation,
    Effect,
    Estimate,
    Policy,
    Round,
    SmallestChange,
    Value,
)
from auditor.core.smallest import KEPT, share_kept, smallest
from auditor.core.variance import Replicate
from auditor.core.verdict import Blame, idle, worth_alone
from auditor.replicates import Replicates, folds

PASSES = range(2)
"""Passes that every coalition is trained in: 4 paired trainings each (statistics, section 3)."""

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
    needed = worth_alone(shared, margin=confirmation.margin).union(*shared.groups)
    found = smallest(
        values,
        changed=heads,
        needed=needed,
        either_of=shared.either_of,
        spare=idle(shared, margin=confirmation.margin),
    )
    kept = None
    if len(found) < len(heads):
        ends = (mixes[frozenset()], mixes[found], mixes[frozenset(heads)])
        kept = _share_kept(ends, choices=len(mixes) - 2, policy=policy, replicates=replicates)
    if kept is None or kept.estimate < KEPT:  # nothing smaller, or it owed its place to luck
        return Blame(attribution=shared, moved=tuple(heads), kept=1.0, bundles=bundles)
    moved = tuple(name for name in heads if name in found)
    return Blame(
        attribution=shared,
        moved=moved,
        kept=min(1.0, kept.estimate),
        bundles=bundles,
        change=SmallestChange(settings=moved, kept=kept, shown=kept.low >= KEPT),
    )


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


def _share_kept(
    ends: tuple[Config, Config, Config], *, choices: int, policy: Policy, replicates: Replicates
) -> Estimate | None:
    """Return what share of the gain the middle configuration keeps, of production, it, and the challenger.

    It is trained in every pass in which the challenger was confirmed, not only in those it was chosen by.
    None when it no longer gains, or fails.
    """
    every = range(PASSES.stop, CONFIRMING[-1])
    apart = [replicates.losses(config, passes=every) for config in (ends[0], ends[-1])]
    last = max((fold.index for fold in apart[0] if fold in apart[1]), default=PASSES.stop - 1)
    replicates.train([ends[1]], passes=range(PASSES.stop, last + 1), purpose=Round.ATTRIBUTE)
    found = [replicates.losses(config, passes=range(last + 1)) for config in ends]
    common = [fold for fold in folds(range(last + 1)) if all(fold in losses for losses in found)]
    nothing, some, everything = ([losses[fold] for fold in common] for losses in found)
    try:
        return share_kept(nothing, some, everything, confidence=policy.confidence, choices=choices)
    except ValueError:
        return None
