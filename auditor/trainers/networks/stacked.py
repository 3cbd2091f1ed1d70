"""Networks that can be trained in one pass, found and trained so.

Which networks share a pass follows from their settings alone, and each comes out with the same bits in any
company and by itself: so findings do not depend on how trials were dealt out to workers.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import torch

from auditor.trainers.failing import TrialError
from auditor.trainers.networks import native
from auditor.trainers.networks.candidates import Candidate, Ground
from auditor.trainers.networks.engines import Engine, NativeEngine, StackEngine
from auditor.trainers.networks.passes import Pass, in_one_pass
from auditor.trainers.networks.plain import MOST_WEIGHTS, Plain, filled, plain
from auditor.trainers.training import Trained

CACHE_BYTES = 3_000_000
"""What a stack may hold on a CPU. Measured with 1 MiB of second-level cache a core: 10 k weights trained best
16 at once (28 µs a network and step; 61 by itself, 32 with 32), 177 k weights 4 or fewer at once."""

OUTPUT_BYTES = 256_000_000
"""What all networks of a pass may say of the scored rows at once, in float32."""


@dataclass(frozen=True, slots=True, eq=False)
class Stackable:
    """A candidate whose network is plain.

    Attributes
    ----------
    native
        Whether it is trained in C, not in torch.
    """

    candidate: Candidate
    network: Plain
    native: bool

    @property
    def shape(self) -> Hashable:
        """What those that share a pass have in common."""
        recipe, network = self.candidate.recipe, self.network
        kind = network.weights[0].dtype
        if self.native:
            return recipe.batch_size, kind
        dropped = tuple(rate is not None for rate in network.dropouts)
        flags = (recipe.optimizer, recipe.nesterov, recipe.amsgrad, recipe.centered, recipe.batch_size)
        return filled(network.widths), network.activations, dropped, flags, kind


def stackable(candidate: Candidate, ground: Ground) -> Stackable | None:
    """Return a candidate as a row of a stack, or None where it has to be trained by itself."""
    inputs = ground.tables.fit
    if not ground.loss.named or len(inputs) != 1 or inputs[0].ndim != 2:
        return None
    network = plain(candidate.module)
    if network is None or not _suits(network, inputs[0], ground):
        return None
    if _native(network, ground):
        return Stackable(candidate, network, native=True)
    too_large = network.size > MOST_WEIGHTS and ground.device == "cpu"
    # With an epsilon of 0, a weight without a gradient, such as those that fill a layer, becomes 0 / 0.
    divides = candidate.recipe.optimizer == "sgd" or candidate.recipe.eps > 0.0
    return Stackable(candidate, network, native=False) if divides and not too_large else None


def _suits(network: Plain, inputs: torch.Tensor, ground: Ground) -> bool:
    outputs = ground.loss.outputs(ground.tables.outputs)
    kinds = {weight.dtype for weight in (*network.weights, *network.biases)}
    return (
        kinds == {inputs.dtype} and network.widths[0] == inputs.shape[1] > 0 and network.widths[-1] == outputs
    )


def _native(network: Plain, ground: Ground) -> bool:
    return (
        ground.device == "cpu"
        and network.weights[0].dtype in native.TYPES
        and len(network.weights) <= native.MOST_LAYERS
        and native.library() is not None
    )


def train_stack(rows: Sequence[Stackable], ground: Ground) -> tuple[Trained | TrialError | None, ...]:
    """Train networks of one shape, and return what came of each, or why it failed."""

    def begin(part: Sequence[Stackable]) -> Pass:
        return Pass([row.candidate for row in part], ground, _engine(part, ground))

    most = _most(rows[0], ground)
    parts = [rows[first : first + most] for first in range(0, len(rows), most)]
    return tuple(trained for part in parts for trained in in_one_pass(part, begin))


def _most(row: Stackable, ground: Ground) -> int:
    """Return how many networks go in one pass.

    Stacked on a CPU, as many as stay in its cache, with their gradients and averages.
    """
    most = OUTPUT_BYTES // (4 * len(ground.tables.score[0]) * row.network.widths[-1])
    if not row.native and ground.device == "cpu":
        weights = sum((before + 1) * after for before, after in pairwise(filled(row.network.widths)))
        most = min(most, CACHE_BYTES // (16 * weights))
    return max(1, most)


def _engine(rows: Sequence[Stackable], ground: Ground) -> Engine:
    networks, recipes = [row.network for row in rows], [row.candidate.recipe for row in rows]
    seed, found = rows[0].candidate.task.seed, native.library()
    if rows[0].native and found is not None:
        return NativeEngine(found, networks, recipes, ground, seed=seed)
    return StackEngine(networks, recipes, ground, seed=seed)
