"""Paired replicates: the same rows and the same seed for every configuration.

What ``confirm`` and ``attribute`` share: which folds a pass has, which seed each replicate
trains with (never one that the search used), and whose losses stand beside whose.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from auditor.core.history import trains_alike
from auditor.core.metrics import metric_named
from auditor.core.records import (
    Config,
    Fold,
    IntArray,
    Layout,
    Part,
    Proposal,
    Round,
    config_key,
)
from auditor.core.splits import Partition, rows_of
from auditor.core.units import jackknife_units
from auditor.core.variance import Replicate
from auditor.runner import Runner, key_of

HALVES = 2
"""Replicates in one pass: cross-fits of two random halves, or two draws of training blocks."""

_SEEDS = {Part.CONFIRM: 3, Part.NOW: 4, Part.THEN: 5, Part.THEN_WHOLE: 5, Part.UNRETRAINED: 3}
"""Last in the key of each replicate's stream: a key that ends in a 0 is the same as one without it, so
``[seed, 3, 2, 0]`` would be the stream of a search after three trials. Trainings that are compared as pairs
share a seed; those on other rows have their own."""


@dataclass(frozen=True, slots=True, eq=False)
class _Fold:
    """The clusters of what a training reports, and how many rows it is fitted on."""

    clusters: IntArray
    fitted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Replicates:
    """The confirming replicates of one audit.

    Attributes
    ----------
    seed
        Of the audit; each replicate's own seed follows from it.
    part
        Which rows; the layout and the partition are theirs.
    """

    runner: Runner
    layout: Layout
    partition: Partition
    metric: str
    seed: int
    part: Part = Part.CONFIRM
    # The rows of a fold are drawn at random from all: once is enough.
    _folds: dict[Fold, "_Fold"] = field(default_factory=dict, init=False, repr=False, compare=False)

    def train(self, configs: Sequence[Config], *, passes: range, purpose: Round) -> None:
        """Train every configuration in every replicate of some passes, unless it was already.

        One lot per pass: all of a pass is recorded, or none of it.
        """
        for number in passes:
            done = self.runner.done()
            wanted = [
                Proposal(config=config, round=purpose, fold=fold)
                for fold in folds(range(number, number + 1), self.part)
                for config in configs
                if key_of(config, fold) not in done
            ]
            if wanted:
                seeds = [self._seed(proposal.fold) for proposal in wanted]
                self.runner.run(wanted, seeds=seeds, stage=str(purpose))

    def losses(self, config: Config, *, passes: range) -> Mapping[Fold, Replicate]:
        """Return a configuration's losses in the replicates where it trained."""
        done, shared = self.runner.done(), self._one_history()
        found: dict[Fold, Replicate] = {}
        for fold in folds(passes, self.part):
            result = done.get(key_of(config, fold))
            if result is not None and result.losses is not None:
                kept = self._fold(fold).fitted / self.partition.search.size if shared else 1.0
                found[fold] = Replicate(self.clusters(fold), result.losses, left_out=1.0 - kept)
        return found

    def _one_history(self) -> bool:
        """Whether all trainings are fitted on parts of one history, and differ by nothing else.

        Told from the search, in which production was trained several times on the same rows.
        """
        if not self.partition.ordered:
            return False
        searched = [each for each in self.runner.history if each.trial.proposal.fold.part is Part.SEARCH]
        return trains_alike([each for each in searched if each.key == searched[0].key])

    def seconds(self, config: Config) -> float:
        """Return how long a training of this configuration took on average; 0 if it never ran."""
        key = config_key(config)
        taken = [
            result.seconds
            for result in self.runner.history
            if result.trial.proposal.fold.part is self.part and result.key == key
        ]
        return sum(taken) / len(taken) if taken else 0.0

    def first_failure(self, *configs: Config) -> str:
        """Return what the first failed replicate of some configurations says."""
        keys = {config_key(config) for config in configs}
        failures = (
            result.failure.message
            for result in self.runner.history
            if result.failure is not None
            and result.trial.proposal.fold.part is self.part
            and result.key in keys
        )
        return next(failures, "none")

    def clusters(self, fold: Fold) -> IntArray:
        """Return the cluster of each loss that a training on this fold reports, in its order."""
        return self._fold(fold).clusters

    def _fold(self, fold: Fold) -> "_Fold":
        if fold not in self._folds:
            rows = rows_of(self.partition, fold, self.layout)
            self._folds[fold] = _Fold(self._of_values(rows.clusters), rows.fit.size)
        return self._folds[fold]

    def _of_values(self, clusters: IntArray) -> IntArray:
        """Return the clusters of the values that a training gives, from those of the rows it scores."""
        if self.layout.units is not None:
            return np.unique(clusters)
        return clusters if metric_named(self.metric).per_row else np.unique(jackknife_units(clusters))

    def _seed(self, fold: Fold) -> int:
        stream = np.random.default_rng([self.seed, fold.index, fold.half, _SEEDS[self.part]])
        return int(stream.integers(2**31))


def folds(passes: range, part: Part = Part.CONFIRM) -> tuple[Fold, ...]:
    """Return the confirming folds of some passes, in order."""
    return tuple(Fold(part, number, half) for number in passes for half in range(HALVES))
