"""Networks of any module, stacked by ``torch.func``: the module is called once for all of their weights.

What cannot be known of a user's module is tried: on the first batch every network's gradients, and what it
says of scored rows, must be what the network gives by itself. Where they are not, where anything is raised,
and where torch warns that it goes through the stack row by row, each network is trained by itself instead.

Each comes out as it does alone, but for rounding, which may follow the company: a module of any kind has sums
that are not reckoned in one order. Plain networks have a way of their own, to the bit (``stacked.py``).
"""

import types
import warnings
from collections.abc import Hashable, Mapping, Sequence
from enum import Enum

import torch
from torch import nn
from torch.func import functional_call, grad, vmap
from torch.utils.flop_counter import FlopCounterMode

from auditor.core.records import Round
from auditor.trainers.failing import TrialError
from auditor.trainers.networks.alone import called
from auditor.trainers.networks.candidates import Candidate, Ground
from auditor.trainers.networks.chance import order, seed_dropout
from auditor.trainers.networks.passes import Pass, in_one_pass
from auditor.trainers.networks.steps import RowOptimizer
from auditor.trainers.training import Trained

FEWEST = {"cpu": 10}
"""Networks that make it worth the while: a step of a stack takes 1 ms and 0.05 for each small network, a step
of one by itself 0.15 to 0.7 (one core of an AMD EPYC). Elsewhere two: on a GPU one costs as much as many."""

MOST_WEIGHTS, MOST_OPERATIONS = 40_000, 4_000_000
"""Of a network, and of its forward pass of a batch: above, on a CPU, the work is in the core and its memory,
and a stack gains nothing (performance, section 2)."""

TOLERANCE = {torch.float32: 1e-4, torch.float64: 1e-10}
"""How far a gradient may be off, relative to the largest of its network's: a check weight by weight would
misfire before a norm, where gradients are nothing but rounding."""

_BORDER = 16
"""Weights of every tensor begin at a multiple of this, so that they are reckoned alike in every row."""

_OWN = frozenset({"_parameters", "_buffers", "_modules", "training", "_non_persistent_buffers_set"})
_HOOKS = ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks")
_PLAIN = (int, float, str, bytes, bool, complex, type(None), type, Enum, torch.dtype, torch.device)
_FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType)

_Weights = dict[str, torch.Tensor]


def likeness(candidate: Candidate, ground: Ground) -> Hashable | None:
    """Return what those that share a stack have in common, or None for one that has to be trained by itself.

    What production runs is always trained by itself, so that it comes out with the same bits whenever it is
    trained again.
    """
    recipe, module = candidate.recipe, candidate.module
    if candidate.task.job.trial.proposal.round is Round.PRODUCTION:
        return None
    if recipe.optimizer != "sgd" and recipe.eps == 0.0:
        return None  # what lies between the tensors would become 0 / 0
    made = _made(module)
    if made is None or not _worth_it(module, recipe.batch_size, ground):
        return None
    tensors = tuple(
        (name, tuple(tensor.shape), tensor.dtype, tensor.requires_grad)
        for name, tensor in (*module.named_parameters(), *module.named_buffers())
    )
    flags = (recipe.optimizer, recipe.nesterov, recipe.amsgrad, recipe.centered, recipe.batch_size)
    return made, tensors, flags


def _made(module: nn.Module) -> Hashable | None:
    """Return the classes of a module's parts, and what was set on them; None where that is unknown."""
    found: list[Hashable] = []
    for name, part in module.named_modules(remove_duplicate=False):
        if any(getattr(part, hooks, None) for hooks in _HOOKS):
            return None
        settings = {key: value for key, value in vars(part).items() if key not in _OWN}
        shown = [(key, _shown(value)) for key, value in settings.items() if not (key[0] == "_" and not value)]
        if any(value is None for _, value in shown):
            return None
        found.append((name, type(part), tuple(shown)))
    return tuple(found)


def _shown(value: object) -> str | None:
    """Return a plain value as text; None for what two modules could have in common without being alike."""
    if isinstance(value, _FUNCTIONS):
        return f"{value.__module__}.{value.__qualname__}.{id(value)}"
    if isinstance(value, _PLAIN):
        return repr(value)
    if isinstance(value, tuple | list | set | frozenset):
        parts = [_shown(each) for each in value]
        return None if None in parts else f"{type(value).__name__}{parts}"
    if isinstance(value, dict):  # not its own items: settings would count as read
        return _shown([part for pair in dict.items(value) for part in pair])
    return None


def _worth_it(module: nn.Module, batch: int, ground: Ground) -> bool:
    weights = [weight for weight in module.parameters() if weight.requires_grad]
    kinds = {weight.dtype for weight in weights}
    if len(kinds) != 1 or not kinds <= TOLERANCE.keys():
        return False
    if ground.device != "cpu":
        return True
    if sum(weight.numel() for weight in weights) > MOST_WEIGHTS:
        return False
    with torch.no_grad(), torch.random.fork_rng(devices=[]), FlopCounterMode(display=False) as counter:
        # In that mode a norm notes nothing of the rows that it sees.
        module.eval()(*[tensor[:batch].clone() for tensor in ground.tables.fit])
    module.train()
    return bool(counter.get_total_flops() <= MOST_OPERATIONS)


class VmapEngine:
    """Networks that are alike but for their weights, stacked.

    Parameters
    ----------
    candidates
        Of one `likeness`.
    """

    def __init__(self, candidates: Sequence[Candidate], ground: Ground) -> None:
        self._ground, self._seed = ground, candidates[0].task.seed
        self._batch = candidates[0].recipe.batch_size
        self._fit = [tensor.to(ground.device) for tensor in ground.tables.fit]
        self._score = [tensor.to(ground.device) for tensor in ground.tables.score]
        self._target = ground.tables.target.to(ground.device)
        self._base = candidates[0].module.to(ground.device)
        modules = [candidate.module for candidate in candidates]
        trained = {name: weight for name, weight in modules[0].named_parameters() if weight.requires_grad}
        self._places = _places(trained)
        size = max(begin + shape.numel() for begin, shape in self._places.values())
        kind = next(iter(trained.values())).dtype
        self._weights = torch.zeros(len(modules), _up(size, 4 * _BORDER), dtype=kind, device=ground.device)
        self._gradients = torch.zeros_like(self._weights)
        others = [dict(_others(module)) for module in modules]
        self._others = {
            name: torch.stack([one[name].detach() for one in others]).to(ground.device) for name in others[0]
        }
        for row, module in enumerate(modules):
            named = dict(module.named_parameters())
            for name, own in self._views(self._weights).items():
                own[row] = named[name].detach()
        self._optimizer = RowOptimizer(
            [candidate.recipe for candidate in candidates], self._weights, self._gradients
        )

    def learn(self, epoch: int, rates: Sequence[float]) -> None:
        """Train every network for an epoch, counted from 0, at its learning rate."""
        seed_dropout(self._seed, epoch, device=self._ground.device)
        self._base.train()
        now = order(self._seed, epoch, len(self._target)).to(self._target.device)
        for rows in torch.split(now, self._batch):
            self._slopes(rows)
            self._optimizer.step(rates)

    def finite(self) -> list[bool]:
        """Return which networks have nothing but numbers for weights."""
        return [bool(found) for found in torch.isfinite(self._weights).all(dim=1).tolist()]

    def keep(self, rows: Sequence[int]) -> None:
        """Go on with some of the networks."""
        chosen = list(rows)
        self._weights = self._weights[chosen].contiguous()
        self._gradients = torch.zeros_like(self._weights)
        self._others = {name: other[chosen] for name, other in self._others.items()}
        self._optimizer.keep(chosen, self._weights, self._gradients)

    def outputs(self) -> torch.Tensor:
        """Return what every network says of the scored rows: shape (networks, rows, outputs)."""
        pieces = zip(*(torch.split(tensor, 256) for tensor in self._score), strict=True)
        return torch.cat([self._predict(piece) for piece in pieces], dim=1)

    def agrees(self, candidates: Sequence[Candidate]) -> bool:
        """Return whether every network learns from the first batch what it learns by itself.

        The stack has learned nothing afterwards.
        """
        before = {name: other.clone() for name, other in self._others.items()}
        rows = order(self._seed, 0, len(self._target)).to(self._target.device)[: self._batch]
        scored = [tensor[: self._batch] for tensor in self._score]
        said = self._predict(scored)
        self._base.train()
        seed_dropout(self._seed, 0, device=self._ground.device)
        self._slopes(rows)
        after, self._others = self._others, before
        return all(
            self._alike(row, candidate.module.to(self._ground.device), rows, said[row], scored, after)
            for row, candidate in enumerate(candidates)
        )

    def _alike(
        self,
        row: int,
        module: nn.Module,
        rows: torch.Tensor,
        said: torch.Tensor,
        scored: list[torch.Tensor],
        after: _Weights,
    ) -> bool:
        others = {name: other.detach().clone() for name, other in _others(module)}
        weights: _Weights = {
            name: weight for name, weight in module.named_parameters() if weight.requires_grad
        }
        bound = TOLERANCE[self._weights.dtype]
        with torch.no_grad():
            alone = _called(module.eval(), (weights, others), [tensor.clone() for tensor in scored])
        with torch.enable_grad():
            seed_dropout(self._seed, 0, device=self._ground.device)
            loss = self._loss(
                module.train(), weights, others, [tensor[rows] for tensor in self._fit], self._target[rows]
            )
            own = torch.autograd.grad(loss, list(weights.values()), allow_unused=True)
        if any(slope is None for slope in own):  # torch's optimizers pass over such weights
            return False
        stacked = self._views(self._gradients)
        largest = max(float(slope.abs().max()) for slope in own)
        gaps = [
            float((stacked[name][row] - slope).abs().max()) for name, slope in zip(weights, own, strict=True)
        ]
        return (
            max(gaps) <= bound * largest
            and _near(said, alone, bound)
            and all(_near(after[name][row], other, bound) for name, other in others.items())
        )

    def _loss(
        self,
        module: nn.Module,
        weights: _Weights,
        others: _Weights,
        inputs: list[torch.Tensor],
        target: torch.Tensor,
    ) -> torch.Tensor:
        return self._ground.loss.mean(_called(module, (weights, others), inputs), target)

    def _slopes(self, rows: torch.Tensor) -> None:
        """Set the gradients of a batch."""

        def loss(
            weights: _Weights, others: _Weights, inputs: list[torch.Tensor], target: torch.Tensor
        ) -> torch.Tensor:
            return self._loss(self._base, weights, others, inputs, target)

        slopes = vmap(grad(loss), in_dims=(0, 0, None, None), randomness="same")(
            self._views(self._weights),
            self._others,
            [tensor[rows] for tensor in self._fit],
            self._target[rows],
        )
        for name, own in self._views(self._gradients).items():
            own.copy_(slopes[name])

    def _predict(self, inputs: Sequence[torch.Tensor]) -> torch.Tensor:
        self._base.eval()
        copies = [tensor.clone() for tensor in inputs]  # a module may work in place on what it is given

        def said(weights: _Weights, others: _Weights) -> torch.Tensor:
            return _called(self._base, (weights, others), copies)

        with torch.no_grad():
            return vmap(said, randomness="same")(self._views(self._weights), self._others)

    def _views(self, rows: torch.Tensor) -> _Weights:
        """Return every tensor of the stacked weights, where it lies."""
        return {
            name: rows[:, begin : begin + shape.numel()].view(len(rows), *shape)
            for name, (begin, shape) in self._places.items()
        }


def train_alike(candidates: Sequence[Candidate], ground: Ground) -> tuple[Trained | TrialError | None, ...]:
    """Train networks of one likeness in one pass; None for each that has to be trained by itself."""

    def begin(part: Sequence[Candidate]) -> Pass | None:
        engine = _engine(part, ground)
        return None if engine is None else Pass(part, ground, engine)

    few = len(candidates) < FEWEST.get(ground.device, 2)
    return (None,) * len(candidates) if few else in_one_pass(candidates, begin)


def _engine(candidates: Sequence[Candidate], ground: Ground) -> VmapEngine | None:
    try:
        with warnings.catch_warnings(), torch.no_grad():
            warnings.simplefilter("error")  # that an operation has no rule for stacks and goes row by row
            engine = VmapEngine(candidates, ground)
            return engine if engine.agrees(candidates) else None
    except torch.OutOfMemoryError:
        raise
    except Exception:  # whatever a user's module does, it may do by itself
        return None


def _called(
    module: nn.Module, tensors: tuple[_Weights, _Weights], inputs: list[torch.Tensor]
) -> torch.Tensor:
    """Call a module with other tensors than its own; return outputs, shape (rows, outputs)."""
    outputs = functional_call(module, tensors, tuple(inputs))
    return called(lambda *_: outputs, inputs)


def _others(module: nn.Module) -> list[tuple[str, torch.Tensor]]:
    """Return what of a module is not trained: buffers, and weights that are held still."""
    still = [(name, weight) for name, weight in module.named_parameters() if not weight.requires_grad]
    return [*module.named_buffers(), *still]


def _places(trained: Mapping[str, torch.Tensor]) -> dict[str, tuple[int, torch.Size]]:
    """Return where in a row every tensor begins, and its shape."""
    places, begin = {}, 0
    for name, weight in trained.items():
        places[name] = (begin, weight.shape)
        begin += _up(weight.numel(), _BORDER)
    return places


def _up(count: int, multiple: int) -> int:
    return -(-count // multiple) * multiple


def _near(one: torch.Tensor, other: torch.Tensor, bound: float) -> bool:
    if not other.is_floating_point():
        return torch.equal(one, other)
    scale = max(1.0, float(other.abs().max())) if other.numel() else 1.0
    return float((one - other).abs().max()) <= bound * scale if other.numel() else True
