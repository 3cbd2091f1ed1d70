"""One network trained by itself, with torch's own optimizers: the reference for every stack."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from auditor.errors import TrainerError
from auditor.trainers.networks.chance import order, seed_dropout
from auditor.trainers.networks.losses import Loss
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
    step = quick_step(training.optimizer)
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
        training.epoch = epoch + 1
        after_epoch(training)


def quick_step(optimizer: torch.optim.Optimizer) -> Callable[[], None]:
    """Return an optimizer's step without what torch does around its fused kernel.

    That took a third of the time of a small network. The state stays the optimizer's own, and the bits are
    the same. Where there is no such kernel, and in the first step, which makes the state, it is torch's.
    """
    (group,) = optimizer.param_groups
    weights: list[torch.Tensor] = group["params"]
    states: list[list[torch.Tensor]] = []

    def step() -> None:
        slopes = [weight.grad for weight in weights if weight.grad is not None]
        if not states or len(slopes) < len(weights):
            optimizer.step()
            states[:] = _states(optimizer, weights) if group.get("fused") else []
        elif isinstance(optimizer, torch.optim.SGD):
            names = ("lr", "weight_decay", "momentum", "dampening", "nesterov")
            settings = {name: group[name] for name in names}
            torch._fused_sgd_(weights, slopes, *states, maximize=False, is_first_step=False, **settings)
        else:
            update = torch._fused_adamw_ if isinstance(optimizer, torch.optim.AdamW) else torch._fused_adam_
            torch._foreach_add_(states[-1], 1)
            beta1, beta2 = group["betas"]
            settings = {name: group[name] for name in ("lr", "weight_decay", "eps", "amsgrad")}
            update(weights, slopes, *states, beta1=beta1, beta2=beta2, maximize=False, **settings)

    return step


def _states(optimizer: torch.optim.Optimizer, weights: list[torch.Tensor]) -> list[list[torch.Tensor]]:
    """Return what a fused kernel wants beside weights and gradients; nothing where some of it lacks."""
    (group,) = optimizer.param_groups
    if isinstance(optimizer, torch.optim.SGD):
        wanted = {"momentum_buffer": bool(group["momentum"])}
    else:
        amsgrad = bool(group["amsgrad"])
        wanted = {"exp_avg": True, "exp_avg_sq": True, "max_exp_avg_sq": amsgrad, "step": True}
    found = [
        [optimizer.state[weight].get(name) for weight in weights] if needed else []
        for name, needed in wanted.items()
    ]
    return [] if any(tensor is None for state in found for tensor in state) else found


def outputs_of(module: nn.Module, inputs: tuple[torch.Tensor, ...], *, device: str = "cpu") -> torch.Tensor:
    """Return what a network says of some rows, shape (rows, outputs)."""
    module.eval()
    pieces = zip(*(torch.split(tensor, SCORED_AT_ONCE) for tensor in inputs), strict=True)
    with torch.no_grad():
        return torch.cat([called(module, [tensor.to(device) for tensor in piece]) for piece in pieces])


def called(module: Callable[..., Any], inputs: Sequence[torch.Tensor]) -> torch.Tensor:
    """Call a module and return its outputs, shape (rows, outputs)."""
    outputs: Any = module(*inputs)
    rows = len(inputs[0])
    if not isinstance(outputs, torch.Tensor) or outputs.ndim == 0 or len(outputs) != rows:
        got = tuple(outputs.shape) if isinstance(outputs, torch.Tensor) else type(outputs).__name__
        raise TrainerError(f"the module must give one row of outputs a row, got {got} for {rows} rows")
    return outputs[:, None] if outputs.ndim == 1 else outputs.flatten(1)
