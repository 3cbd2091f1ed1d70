"""What a torch checkpoint tells of how a network was trained. Never unpickles; runs in a worker process.

A checkpoint is opened with ``weights_only=True``: tensors, numbers, texts and containers of them, and nothing
whose loading runs code.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from auditor.errors import CaptureError
from auditor.sources.importing import told
from auditor.sources.lists import Found, gathered

_NOT_SETTINGS = frozenset(
    {"params", "initial_lr", "foreach", "fused", "capturable", "differentiable", "maximize", "param_names"}
    | {"decoupled_weight_decay"}  # which makes AdamW of Adam, and is the optimizer itself
)
"""Keys of ``param_groups`` that say how an optimiser is run, not how it learns."""

_USUAL = ("optimizer", "optimizer_state_dict", "optimizer_states", "hyper_parameters")
"""Where checkpoints keep what was set, as PyTorch's tutorials and Lightning name it."""

_SHOWN = 12
"""Keys that a message lists: a large network has thousands."""

_RENAMED = {"betas[0]": "beta1", "betas[1]": "beta2"}
"""As the torch trainer and most papers call them."""


def settings_of_checkpoint(rest: str, fixed: tuple[str, ...], origin: str) -> Found:
    """Return the settings at a place of a checkpoint.

    Parameters
    ----------
    rest
        ``path#key/key``.
    fixed
        Names to leave out.

    Raises
    ------
    CaptureError
        If it cannot be opened without unpickling it, or holds no settings there.
    """
    path, _, pointer = rest.partition("#")
    place = part_of(open_checkpoint(path, origin), pointer, origin)
    settings = settings_of_groups(place) if is_optimizer(place) else place
    if not isinstance(settings, Mapping):
        raise CaptureError(
            f"{origin}: must lead to an optimiser or a dictionary, got {type(settings).__name__}"
        )
    renamed = {_RENAMED.get(name, name): value for name, value in _flat(settings).items()}
    return gathered(renamed, fixed, origin=origin)


def open_checkpoint(path: str, origin: str) -> object:
    """Return what a checkpoint holds.

    Raises
    ------
    CaptureError
        If there is none, it is cut short, or it cannot be opened without unpickling it.
    """
    import torch

    if not Path(path).is_file():
        raise CaptureError(f"{origin}: no file {path!r} in {str(Path.cwd())!r}")
    held: object
    try:
        held = torch.load(path, map_location="cpu", weights_only=True, mmap=True)
    except Exception:  # older checkpoints cannot be mapped
        try:
            held = torch.load(path, map_location="cpu", weights_only=True)
        except Exception as error:
            raise CaptureError(
                f"{origin}: cannot be opened without unpickling it, or is cut short: {_why(error)}"
            ) from error
    return held


def _why(error: Exception) -> str:
    if "Weights only load failed" not in str(error):
        return told(error)
    return (
        "it holds more than tensors and plain values; save state_dict() of module and optimizer rather than "
        "the objects themselves"
    )


def part_of(held: object, pointer: str, origin: str) -> object:
    """Return what keys lead to; without keys the optimiser, where it usually lies.

    Raises
    ------
    CaptureError
        If they lead nowhere.
    """
    keys = [key for key in pointer.split("/") if key]
    if not keys and isinstance(held, Mapping) and not is_optimizer(held):
        usual = next((key for key in _USUAL if key in held), None)
        if usual is None and all(hasattr(value, "shape") for value in held.values()):
            raise CaptureError(
                f"{origin}: holds the weights alone and no settings; save the optimizer's state_dict() "
                "beside them, or write the settings into [production]"
            )
        if usual is None:
            raise CaptureError(f"{origin}: name a key after '#'; there are: {_listed(held)}")
        keys = [usual]
    for key in keys:
        if isinstance(held, list | tuple) and key.isdecimal() and int(key) < len(held):
            held = held[int(key)]
        elif isinstance(held, Mapping) and key in held:
            held = held[key]
        else:
            there = _listed(held) if isinstance(held, Mapping) else f"a {type(held).__name__}"
            raise CaptureError(f"{origin}: no {key!r} in the checkpoint; there are: {there}")
    return held[0] if isinstance(held, list | tuple) and len(held) == 1 else held


def is_optimizer(held: object) -> bool:
    """Return whether it is the state of an optimiser."""
    return isinstance(held, Mapping) and "param_groups" in held


def settings_of_groups(optimizer: Any) -> dict[str, object]:
    """Return what every group of an optimiser's parameters agrees on; the others by group.

    Where a schedule has lowered a learning rate meanwhile, it is the one that was set at the start.
    """
    groups = [_as_set(group) for group in optimizer["param_groups"]]
    settings: dict[str, object] = {}
    for name in dict.fromkeys(name for group in groups for name in group if name not in _NOT_SETTINGS):
        values = [group.get(name) for group in groups]
        if all(value == values[0] for value in values):
            settings[name] = values[0]
        else:
            settings |= {f"{name}.{number}": value for number, value in enumerate(values)}
    return settings


def _as_set(group: Mapping[str, object]) -> dict[str, object]:
    return {**group, "lr": group["initial_lr"]} if "initial_lr" in group else dict(group)


def _flat(settings: Mapping[Any, object]) -> dict[str, object]:
    """Return settings with tensors of one number as numbers, and pairs of numbers by their place."""
    flat: dict[str, object] = {}
    for name, value in settings.items():
        value = value.item() if hasattr(value, "item") and getattr(value, "ndim", 0) == 0 else value
        if isinstance(value, list | tuple) and name == "betas":
            flat |= {f"{name}[{place}]": part for place, part in enumerate(value)}
        else:
            flat[str(name)] = value
    return flat


def _listed(held: Mapping[Any, object]) -> str:
    keys: Sequence[str] = sorted(map(str, held))
    more = f" and {len(keys) - _SHOWN} more" if len(keys) > _SHOWN else ""
    return f"{', '.join(keys[:_SHOWN])}{more}" if keys else "none"
