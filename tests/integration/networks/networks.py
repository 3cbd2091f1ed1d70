"""Modules for the tests of the torch trainer, and the rows and jobs."""

import ctypes
import shutil
from typing import Any

import pandas as pd
import pytest
import torch
from torch import nn

from auditor.trainers.networks import native
from tests.jobs_of_networks import MLP, frame, job

__all__ = ["HERE", "MLP", "compiled", "frame", "job"]

HERE = "tests.integration.networks.networks"


def compiled() -> ctypes.CDLL:
    """Return the library in C. Skips where there is no compiler; where there is one, it must be there."""
    found = native.library()
    if found is None:
        if shutil.which("cc") or shutil.which("gcc"):
            pytest.fail("the library in C is not compiled, or from other sources: pip install --no-deps -e .")
        pytest.skip("no C compiler")
    return found


class Embedded(nn.Module):
    """Embeds categories, in a forward of its own."""

    def __init__(self, settings: Any, inputs: int, outputs: int, categories: tuple[int, ...]) -> None:
        super().__init__()
        self.tables = nn.ModuleList(nn.Embedding(size, settings["width"]) for size in categories)
        self.last = nn.Linear(inputs + len(categories) * settings["width"], outputs)

    def forward(self, numbers: torch.Tensor, codes: torch.Tensor) -> torch.Tensor:
        found = [table(codes[:, place]) for place, table in enumerate(self.tables)]
        return self.last(torch.cat([numbers, *found], dim=1))


def only_a(rows: pd.DataFrame, fit: pd.DataFrame) -> torch.Tensor:
    """A user's own dataset function."""
    return torch.tensor(rows[["a"]].to_numpy(), dtype=torch.float32) / float(fit["a"].std())


def too_few(rows: pd.DataFrame, fit: pd.DataFrame) -> torch.Tensor:
    return torch.zeros(len(rows) - 1, 2)


def pinball(outputs: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """A user's own loss, per row."""
    gap = target - outputs[:, 0]
    return torch.maximum(0.5 * gap, -0.5 * gap)


def mean_pinball(outputs: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    return pinball(outputs, target).mean()


def no_module(settings: Any) -> int:
    return 3


def squeezed(settings: Any, inputs: int) -> nn.Module:
    return nn.Sequential(nn.Linear(inputs, 1), nn.Flatten(0))
