"""Which rungs a search goes through: by the trainer's learning curve, and by the rows that it has."""

from dataclasses import replace

from auditor.core.records import Fold, Layout, Part, TrainerFacts
from auditor.core.shortages import FEWEST_GROUPS
from auditor.core.splits import Partition
from auditor.core.splits import thinned as thinned_rows
from auditor.core.strategies.halving import IN_FULL, Ladder

RUNGS = (1 / 9, 1 / 3, 1.0)
"""Shares of a full training at which hopeless trials are cut, for trainers with a learning curve."""

BY_CURVE = {
    "staged": Ladder((1 / 3, 1.0)),
    "rounds": Ladder((1 / 3, 1.0)),
    "warm": Ladder((1 / 9, 1.0), close=True),
}
"""The same for boosting and forests, by the kind of their curve. After a ninth of its rounds a small
learning rate looks hopeless, which no allowance for noise mends; after a third it seldom does. A forest is
the mean of its trees, so that a ninth of them is a fair sample and a third tells hardly more
(benchmarks/README.md, "A scikit-learn search with halving")."""

FEWEST_THINNED = 1500
"""Rows to fit on from which a share of them tells configurations apart: with 2,000 it did, with 665 one of
three kernels and two of three perceptrons lost their winner (the same place)."""

FEWEST_OF_CLASS_THINNED = 40
"""Rows of the rarest class that the share must hold: of searches of support vectors by AUC, 24 candidates
each on a planted surface, 13 of 14 kept their winner with 39 (0.03 % of the loss lost), 6 of 10 with 19
(3.7 %)."""

FEWEST_OF_CLASS_SCORED = 150
"""Rows of the rarest class that a search scores on, from which forests are cut once. Of searches of 24
forests each, by AUC on planted rows, 7 of 8 kept their winner with 180 of them, as on all of `RUNGS`; with
60, 7 of 8 and with 18, 12 of 16, where `RUNGS` kept 8 of 8 and 15 of 16."""


def ladder_for(facts: TrainerFacts, layout: Layout, partition: Partition) -> Ladder:
    """Return the rungs that a search goes through with a trainer."""
    if layout.thinned:
        return Ladder((facts.thins, 1.0), thinned=True, close=True)
    if facts.curve is None:
        return IN_FULL
    rare = layout.classes and partition.rarest_among(partition.search_fold.score) < FEWEST_OF_CLASS_SCORED
    return Ladder(RUNGS) if facts.curve == "warm" and rare else BY_CURVE.get(facts.curve, Ladder(RUNGS))


def thinned(layout: Layout, facts: TrainerFacts, partition: Partition) -> Layout:
    """Return a layout under which configurations are told apart on a share of the rows, where that is sound.

    A share of grouped rows is made of whole groups: of large ones it may hold no row, or nearly all, and
    a few are no sample of the others. Where a class is rare, what tells configurations apart are its rows.
    """
    whole = partition.search_fold.fit
    if facts.thins >= 1.0 or whole.size < FEWEST_THINNED:
        return layout
    left = thinned_rows(whole, facts.thins, partition, Fold(Part.SEARCH, 0), layout)
    few = layout.group is not None and partition.groups_among(left) < FEWEST_GROUPS
    rare = layout.classes and partition.rarest_among(left) < FEWEST_OF_CLASS_THINNED
    share = left.size / (facts.thins * whole.size)
    return replace(layout, thinned=not few and not rare and 0.5 <= share <= 2.0)
