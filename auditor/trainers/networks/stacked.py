"""Networks that can be trained in one pass, found and trained so.

Which networks share a stack follows from their settings alone, and each comes out with the same bits in any
company and by itself: so findings do not depend on how trials were dealt out to workers.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import torch

from auditor.trainers.failing import TrialError
from auditor.trainers.networks.candidates import Candidate, Ground, losses_of
from auditor.trainers.networks.chance import dropout_stream, order
from auditor.trainers.networks.plain import MOST_WEIGHTS, Plain, filled, plain
from auditor.trainers.networks.slopes import SLOPES, truths_of
from auditor.trainers.networks.solo import ran_away
from auditor.trainers.networks.stack import Stack
from auditor.trainers.networks.steps import RowOptimizer
from auditor.trainers.training import Trained

CACHE_BYTES = 3_000_000
"""What a pass may hold on a CPU. Measured with 1 MiB of second-level cache a core: 10 k weights trained best
16 at once (28 µs a network and step; 61 by itself, 32 with 32), 177 k weights 4 or fewer at once."""

_SCORED_AT_ONCE = 256
"""Rows that all networks of a stack predict in one piece: what that takes should stay in the cache."""


@dataclass(frozen=True, slots=True, eq=False)
class Stackable:
    """A candidate whose network is plain."""

    candidate: Candidate
    network: Plain

    @property
    def shape(self) -> Hashable:
        """What those that share a stack have in common."""
        recipe, network = self.candidate.recipe, self.network
        dropped = tuple(rate is not None for rate in network.dropouts)
        flags = (recipe.optimizer, recipe.nesterov, recipe.amsgrad, recipe.centered, recipe.batch_size)
        kinds = tuple(weight.dtype for weight in network.weights)
        return filled(network.widths), network.activations, dropped, flags, kinds


def stackable(candidate: Candidate, ground: Ground) -> Stackable | None:
    """Return a candidate as a row of a stack, or None where it has to be trained by itself."""
    inputs = ground.tables.fit
    if not ground.loss.named or len(inputs) != 1 or inputs[0].ndim != 2:
        return None
    network = plain(candidate.module)
    if network is None or not _suits(network, inputs[0], candidate, ground):
        return None
    too_large = network.size > MOST_WEIGHTS and ground.device == "cpu"
    return None if too_large else Stackable(candidate, network)


def _suits(network: Plain, inputs: torch.Tensor, candidate: Candidate, ground: Ground) -> bool:
    outputs = ground.loss.outputs(ground.tables.outputs)
    kinds = {weight.dtype for weight in (*network.weights, *network.biases)}
    # With an epsilon of 0, a weight without a gradient, such as those that fill a layer, becomes 0 / 0.
    divides = candidate.recipe.optimizer == "sgd" or candidate.recipe.eps > 0.0
    return (
        divides
        and kinds == {inputs.dtype}
        and network.widths[0] == inputs.shape[1]
        and network.widths[-1] == outputs
    )


def train_stack(rows: Sequence[Stackable], ground: Ground) -> tuple[Trained | TrialError, ...]:
    """Train networks of one shape, and return what came of each, or why it failed.

    On a CPU, as many go in one pass as stay in its cache, with their gradients and averages.
    """
    weights = sum((before + 1) * after for before, after in pairwise(filled(rows[0].network.widths)))
    most = max(1, CACHE_BYTES // (16 * weights)) if ground.device == "cpu" else len(rows)
    parts = [rows[begin : begin + most] for begin in range(0, len(rows), most)]
    return tuple(trained for part in parts for trained in _Pass(part, ground).run())


class _Pass:
    """One pass over the epochs; networks leave it as they are done or run away."""

    def __init__(self, rows: Sequence[Stackable], ground: Ground) -> None:
        self._rows, self._ground = dict(enumerate(rows)), ground
        self._stack = Stack([row.network for row in rows], device=ground.device)
        recipes = [row.candidate.recipe for row in rows]
        self._optimizer = RowOptimizer(recipes, self._stack.weights, self._stack.gradients)
        self._seed, self._batch = rows[0].candidate.task.seed, recipes[0].batch_size
        self._fit, self._score = (
            self._filled(tensor) for tensor in (ground.tables.fit[0], ground.tables.score[0])
        )
        kind, outputs = self._stack.weights.dtype, self._stack.outputs
        self._truths = truths_of(ground.loss.name, ground.tables.target, outputs, kind).to(ground.device)
        self._found: dict[int, Trained | TrialError] = {}

    def run(self) -> tuple[Trained | TrialError, ...]:
        """Train until every network is done."""
        epoch = 0
        with torch.no_grad():
            while self._rows:
                self._epoch(epoch)
                epoch += 1
                self._look(epoch)
        return tuple(self._found[place] for place in sorted(self._found))

    def _epoch(self, epoch: int) -> None:
        rates = [row.candidate.recipe.rate(epoch) for row in self._rows.values()]
        now = order(self._seed, epoch, len(self._fit)).to(self._fit.device)
        stream = dropout_stream(self._seed, epoch) if any(self._stack.dropped) else None
        slope = SLOPES[self._ground.loss.name]
        inputs = torch.split(self._fit[now], self._batch)
        truths = torch.split(self._truths[:, now], self._batch, dim=1)
        for batch, truth in zip(inputs, truths, strict=True):
            self._stack.learn(batch, truth, slope, stream)
            self._optimizer.step(rates)

    def _look(self, epoch: int) -> None:
        """Note the losses after an epoch, and part with those that are done."""
        staying = []
        finite = self._stack.finite()
        done = [row.candidate.epochs == epoch for row in self._rows.values()]
        outputs = self._outputs() if self._ground.watched or any(done) else None
        losses = self._losses(outputs, finite) if outputs is not None and self._ground.watched else {}
        for number, (place, row) in enumerate(self._rows.items()):
            if not finite[number]:
                self._found[place] = ran_away(epoch)
                continue
            if number in losses:
                row.candidate.note(epoch, losses[number])
            if outputs is not None and done[number]:
                self._found[place] = _finished(row.candidate, self._ground, outputs[number])
            else:
                staying.append(number)
        if 0 < len(staying) < len(self._rows):
            self._stack.keep(staying)
            self._optimizer.keep(staying, self._stack.weights, self._stack.gradients)
        places = list(self._rows)
        self._rows = {places[number]: self._rows[places[number]] for number in staying}

    def _losses(self, outputs: torch.Tensor, finite: Sequence[bool]) -> dict[int, float]:
        """Return the losses of the networks that have not run away: scorers refuse what is no number."""
        sound = [number for number, found in enumerate(finite) if found]
        return dict(zip(sound, losses_of(self._ground, outputs[sound]), strict=True)) if sound else {}

    def _outputs(self) -> torch.Tensor:
        pieces = torch.split(self._score, _SCORED_AT_ONCE)
        return torch.cat([self._stack.predict(piece)[..., : self._stack.outputs] for piece in pieces], dim=1)

    def _filled(self, inputs: torch.Tensor) -> torch.Tensor:
        missing = self._stack.widths[0] - inputs.shape[1]
        return torch.nn.functional.pad(inputs, (0, missing)).to(self._ground.device)


def _finished(candidate: Candidate, ground: Ground, outputs: torch.Tensor) -> Trained | TrialError:
    try:
        return candidate.finish(ground, outputs)
    except TrialError as error:  # of one network: the others go on
        return error
