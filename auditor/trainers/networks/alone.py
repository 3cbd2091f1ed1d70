"""One network trained by itself, with torch's own optimizers: the reference for every stack."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from auditor.errors import TrainerError
from auditor.trainers.networks.chance import order, seed_dropout
from auditor.trainers.networks.losses import Loss
from auditor.trainers.networks.quick import QuickStep
from auditor.trainers.networks.recipes import Recipe
from auditor.trainers.networks.tensors import Tables

PORTION = 4096
"""Rows of an epoch that are looked up at once."""

SCORED_AT_ONCE = 4096
"""Rows that are predicted in one piece."""


@dataclass(slots=True, eq=False)
class Training:
    """A network, its optimizer, and how far they are.

    Attributes
    ----------
    epoch
        Epochs done.
    """

    module: nn.Module
    optimizer: torch.optim.Optimizer
    epoch: int = 0


def begin(module: nn.Module, recipe: Recipe, *, device: str = "cpu") -> Training:
    """Return a training that has not seen a row yet."""
    module = module.to(device)
    return Training(module, optimizer_of(module, recipe))


def optimizer_of(module: nn.Module, recipe: Recipe) -> torch.optim.Optimizer:
    """Return torch's own optimizer for a recipe, in one pass over the memory where torch has one."""
    shared: dict[str, Any] = {"lr": recipe.learning_rate, "weight_decay": recipe.weight_decay}
    weights = [weight for weight in module.parameters() if weight.requires_grad]
    if not weights:
        raise TrainerError(f"the module {type(module).__name__!r} has no weights to train")
    if recipe.optimizer == "sgd":
        return torch.optim.SGD(
            weights,
            momentum=recipe.momentum,
            dampening=recipe.dampening,
            nesterov=recipe.nesterov,
            fused=True,
            **shared,
        )
    if recipe.optimizer == "rmsprop":
        return torch.optim.RMSprop(
            weights,
            alpha=recipe.alpha,
            eps=recipe.eps,
            momentum=recipe.momentum,
            centered=recipe.centered,
            **shared,
        )
    kind = torch.optim.Adam if recipe.optimizer == "adam" else torch.optim.AdamW
    betas = (recipe.beta1, recipe.beta2)
    return kind(weights, betas=betas, eps=recipe.eps, amsgrad=recipe.amsgrad, fused=True, **shared)


def train(
    training: Training,
    recipe: Recipe,
    tables: Tables,
    *,
    loss: Loss,
    seed: int,
    epochs: int,
    device: str = "cpu",
    after_epoch: Callable[[Training], None] = lambda _: None,
) -> None:
    """Train on until so many epochs are done.

    Parameters
    ----------
    after_epoch
        Is shown the training after every epoch.
    """
    inputs, target = [tensor.to(device) for tensor in tables.fit], tables.target.to(device)
    step = QuickStep(training.optimizer)
    weights = training.optimizer.param_groups[0]["params"]
    for epoch in range(training.epoch, epochs):
        for group in training.optimizer.param_groups:
            group["lr"] = recipe.rate(epoch)
        seed_dropout(seed, epoch, device=device)
        training.module.train()
        now = order(seed, epoch, len(target)).to(device)
        # Rows are looked up for many batches at once, and each batch is a view.
        for some in torch.split(now, max(1, PORTION // recipe.batch_size) * recipe.batch_size):
            pieces = [torch.split(tensor[some], recipe.batch_size) for tensor in (*inputs, target)]
            for *batch, truth in zip(*pieces, strict=True):
                for weight in weights:
                    weight.grad = None
                loss.mean(called(training.module, batch), truth).backward()  # type: ignore[no-untyped-call]  # torch's own
                step()
        step.settle()
        training.epoch = epoch + 1
        after_epoch(training)


def outputs_of(module: nn.Module, inputs: tuple[torch.Tensor, ...], *, device: str = "cpu") -> torch.Tensor:
    """Return what a network says of some rows, shape (rows, outputs)."""
    module.eval()
    pieces = zip(*(torch.split(tensor, SCORED_AT_ONCE) for tensor in inputs), strict=True)
    with torch.no_grad():
        # A copy of each piece: a module may work in place on what it is given.
        copies = ([tensor.to(device, copy=True) for tensor in piece] for piece in pieces)
        return torch.cat([called(module, copy) for copy in copies])


def called(module: Callable[..., Any], inputs: Sequence[torch.Tensor]) -> torch.Tensor:
    """Call a module and return its outputs, shape (rows, outputs)."""
    outputs: Any = module(*inputs)
    rows = len(inputs[0])
    if not isinstance(outputs, torch.Tensor) or outputs.ndim == 0 or len(outputs) != rows:
        got = tuple(outputs.shape) if isinstance(outputs, torch.Tensor) else type(outputs).__name__
        raise TrainerError(f"the module must give one row of outputs a row, got {got} for {rows} rows")
    return outputs[:, None] if outputs.ndim == 1 else outputs.flatten(1)
