"""Modules: the user's function, and a plain one for whoever has none."""

import inspect
from collections.abc import Mapping
from typing import Any

from torch import nn

from auditor.core.records import TrainerSpec, Value
from auditor.errors import TrainerError
from auditor.trainers.failing import rejected
from auditor.trainers.importing import import_object
from auditor.trainers.networks.chance import seed_torch
from auditor.trainers.networks.recipes import Settings
from auditor.trainers.networks.tensors import Tables

ACTIVATIONS: Mapping[str, type[nn.Module]] = {
    "relu": nn.ReLU,
    "tanh": nn.Tanh,
    "gelu": nn.GELU,
    "silu": nn.SiLU,
}


def mlp(settings: Mapping[str, Value], inputs: int, outputs: int) -> nn.Module:
    """Return a multilayer perceptron: ``layers`` hidden layers of ``hidden_units`` each.

    Parameters
    ----------
    settings
        ``hidden_units`` (64), ``layers`` (1), ``activation`` (relu, tanh, gelu, silu) and ``dropout`` (0).
    """
    width, depth = _count(settings, "hidden_units", 64), _count(settings, "layers", 1)
    activation = str(settings.get("activation", "relu"))
    if activation not in ACTIVATIONS:
        raise rejected(f"activation must be one of {', '.join(ACTIVATIONS)}, got {activation!r}")
    dropout = settings.get("dropout")
    if dropout is not None and not 0.0 <= float(dropout) < 1.0:
        raise rejected(f"dropout must lie in [0, 1), got {dropout!r}")
    steps: list[nn.Module] = []
    for number in range(depth):
        steps += [nn.Linear(width if number else inputs, width), ACTIVATIONS[activation]()]
        if dropout is not None:
            steps.append(nn.Dropout(float(dropout)))
    return nn.Sequential(*steps, nn.Linear(width, outputs))


def wants_categories(trainer: TrainerSpec) -> bool:
    """Return whether a builder takes categories as numbers, for embeddings of its own."""
    return "categories" in _parameters(import_object(trainer.entry))


def build(trainer: TrainerSpec, settings: Settings, tables: Tables, *, outputs: int, seed: int) -> nn.Module:
    """Build a module; its first weights follow the seed.

    The function is handed the settings, and by name whichever it has of ``inputs`` (columns),
    ``outputs`` (classes, or 1) and ``categories`` (how many each categorical column has).

    Raises
    ------
    TrainerError
        If there is no such function, or what it gives is no module.
    """
    function = import_object(trainer.entry)
    offered = {"inputs": tables.inputs, "outputs": outputs, "categories": tables.categories}
    taken = _parameters(function)
    seed_torch(seed)
    module = function(settings, **{name: value for name, value in offered.items() if name in taken})
    if not isinstance(module, nn.Module):
        raise TrainerError(f"{trainer.entry!r} gives {type(module).__name__!r}, which is no torch.nn.Module")
    return module


def _parameters(function: Any) -> tuple[str, ...]:
    if not callable(function):
        raise TrainerError(f"{function!r} cannot be called; it must be a function of the settings")
    return tuple(inspect.signature(function).parameters)


def _count(settings: Mapping[str, Value], name: str, default: int) -> int:
    value = settings.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 1 or value != int(value):
        raise rejected(f"{name} must be a whole number of at least 1, got {value!r}")
    return int(value)
