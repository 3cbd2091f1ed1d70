"""Which networks are plain: linear layers, activations and dropout in a row, nothing else.

Those can be stacked: their gradients are known, and a wider layer of zeros is the same network.
"""

from dataclasses import dataclass

import torch
from torch import nn

ACTIVATIONS = {nn.ReLU: "relu", nn.Tanh: "tanh", nn.GELU: "gelu", nn.SiLU: "silu"}
"""Activations that are 0 at 0, so that a unit of zero weights says nothing and learns nothing."""

WIDTH = 64
"""Hidden layers are filled up to multiples of this, with zeros: networks of nearly one size share a stack.

Inputs and outputs are filled up to multiples of 16: every matrix of a stack then begins on a border of 64
bytes, wherever in the stack it is, and is reckoned in the same order of operations. So a network comes out
with the same bits alone and in any company (tests/integration/networks)."""

LANES = 16

MOST_WEIGHTS = 150_000
"""Above this, where there is no library in C, networks are not stacked on a CPU: products and updates are
bound by the core and its memory. Stacks ran at 1.0 times the speed of torch's own loop at 200 k weights, at
0.8 at 380 k (benchmarks/torch_caviar.py, before it was trained in C)."""


@dataclass(frozen=True, slots=True, eq=False)
class Plain:
    """A network of linear layers.

    Attributes
    ----------
    weights, biases
        Of each layer: shapes (outputs, inputs) and (outputs,).
    activations
        Between the layers, by their names.
    dropouts
        After each activation, a rate; None where there is no such layer.
    """

    weights: tuple[torch.Tensor, ...]
    biases: tuple[torch.Tensor, ...]
    activations: tuple[str, ...]
    dropouts: tuple[float | None, ...]

    @property
    def widths(self) -> tuple[int, ...]:
        """Columns, units of every hidden layer, outputs."""
        return (self.weights[0].shape[1], *(weight.shape[0] for weight in self.weights))

    @property
    def size(self) -> int:
        """How many weights there are."""
        return sum(weight.numel() for weight in (*self.weights, *self.biases))


def plain(module: nn.Module) -> Plain | None:
    """Return a module as linear layers, or None where it is anything else."""
    steps = _steps(module)
    if not steps or type(steps[-1]) is not nn.Linear:
        return None
    layers: list[nn.Linear] = []
    activations: list[str] = []
    dropouts: list[float | None] = []
    for step in steps:
        if type(step) is nn.Linear and len(activations) == len(layers):
            layers.append(step)
        elif type(step) in ACTIVATIONS and len(activations) == len(layers) - 1 and _usual(step):
            activations.append(ACTIVATIONS[type(step)])
            dropouts.append(None)
        elif (
            type(step) is nn.Dropout and dropouts and len(activations) == len(layers) and dropouts[-1] is None
        ):
            dropouts[-1] = step.p
        else:
            return None
    if not all(_trained(layer) for layer in layers):
        return None
    weights = tuple(layer.weight.detach() for layer in layers)
    biases = tuple(layer.bias.detach() for layer in layers)
    return Plain(weights, biases, tuple(activations), tuple(dropouts))


def filled(widths: tuple[int, ...]) -> tuple[int, ...]:
    """Return the widths of a network as they are in a stack.

    Examples
    --------
    >>> filled((64, 100, 10))
    (64, 128, 16)
    """
    first, *hidden, last = widths
    return _up_to(first, LANES), *(_up_to(units, WIDTH) for units in hidden), _up_to(last, LANES)


def _up_to(count: int, multiple: int) -> int:
    return -(-count // multiple) * multiple


def _steps(module: nn.Module) -> list[nn.Module] | None:
    """Return the modules of nested ``nn.Sequential``, in order; None where something else looks on."""
    if type(module) is not nn.Sequential:
        return [module] if _untouched(module) else None
    if not _untouched(module):
        return None
    steps: list[nn.Module] = []
    for child in module:
        inner = _steps(child)
        if inner is None:
            return None
        steps += inner
    return steps


def _untouched(module: nn.Module) -> bool:
    """Return whether a module does what its class says: no hooks, no weights that are made of others."""
    hooks = (module._forward_hooks, module._forward_pre_hooks, module._backward_hooks)  # noqa: SLF001 - no other way
    return not any(hooks) and not nn.utils.parametrize.is_parametrized(module)


def _usual(activation: nn.Module) -> bool:
    return getattr(activation, "approximate", "none") == "none"


def _trained(layer: nn.Linear) -> bool:
    named = dict(layer.named_parameters())
    return named.keys() == {"weight", "bias"} and all(weight.requires_grad for weight in named.values())
