"""Where a training's chance comes from: counted, not continued, so that any part of it can be replayed.

The order of the rows in an epoch, and what dropout drops in it, follow from the trial's seed and the epoch's
number alone. All configurations of a batch share a seed, so they see the rows in the same order: common
random numbers, and a paired comparison for free.
"""

from collections.abc import Sequence

import numpy as np
import torch

_ORDER, _DROPOUT = 1, 2


def order(seed: int, epoch: int, rows: int) -> torch.Tensor:
    """Return the order in which an epoch goes through the rows, shape (rows,)."""
    return torch.randperm(rows, generator=_stream(seed, epoch, _ORDER))


def dropout_stream(seed: int, epoch: int) -> torch.Generator:
    """Return the stream from which an epoch's dropout is drawn."""
    return _stream(seed, epoch, _DROPOUT)


def draws(
    stream: torch.Generator, rows: int, widths: Sequence[int], dropped: Sequence[bool], kind: torch.dtype
) -> list[torch.Tensor | None]:
    """Draw for dropout: a number in [0, 1) for each row and unit of the hidden layers that are dropped from.

    Networks of one shape share them: each drops the units whose draw lies below its own rate.
    """
    return [
        torch.rand(rows, width, generator=stream, dtype=kind) if drop else None
        for width, drop in zip(widths, dropped, strict=True)
    ]


def seed_dropout(seed: int, epoch: int, *, device: str) -> None:
    """Let modules that draw from torch's own stream repeat an epoch exactly."""
    seed_torch(_number(seed, epoch, _DROPOUT), device=device)


def seed_torch(seed: int, *, device: str = "cpu") -> None:
    """Seed torch's own streams of the CPU and of the device.

    ``torch.manual_seed`` also leaves a call for every GPU there may be, with the stack it was called from.
    """
    torch.default_generator.manual_seed(seed)
    if device.startswith("cuda"):
        torch.cuda.manual_seed(seed)


def _stream(seed: int, epoch: int, purpose: int) -> torch.Generator:
    return torch.Generator().manual_seed(_number(seed, epoch, purpose))


def _number(seed: int, epoch: int, purpose: int) -> int:
    return int(np.random.SeedSequence([seed, epoch, purpose]).generate_state(1, np.uint64)[0] >> np.uint64(1))
