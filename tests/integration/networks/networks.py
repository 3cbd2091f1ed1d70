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


class Sharing(nn.Module):
    """What a stack must get right in a user's module: embeddings, norms, dropout, and attributes."""

    def __init__(self, settings: Any, inputs: int, outputs: int, categories: tuple[int, ...]) -> None:
        super().__init__()
        width = int(settings.get("width", 4))
        self.slope = float(settings.get("slope", 0.1))
        self.tables = nn.ModuleList(nn.Embedding(size, width) for size in categories)
        self.first = nn.Linear(inputs + len(categories) * width, 21)
        self.norm = nn.BatchNorm1d(21) if settings.get("batch_norm") else nn.LayerNorm(21)
        self.drop = nn.Dropout(float(settings.get("drop", 0.2)))
        self.last = nn.Linear(21, outputs)

    def forward(self, numbers: torch.Tensor, codes: torch.Tensor) -> torch.Tensor:
        found = [table(codes[:, place]) for place, table in enumerate(self.tables)]
        hidden = self.norm(self.first(torch.cat([numbers, *found], dim=1)))
        outputs: torch.Tensor = self.last(self.drop(nn.functional.leaky_relu(hidden, self.slope)))
        return outputs


class Folding(nn.Module):
    """Folds its columns, one after another."""

    def __init__(self, settings: Any, inputs: int, outputs: int) -> None:
        super().__init__()
        self.fold = nn.Conv1d(1, 6, 3, padding=1)
        self.last = nn.Linear(6 * inputs, outputs)

    def forward(self, numbers: torch.Tensor) -> torch.Tensor:
        outputs: torch.Tensor = self.last(torch.tanh(self.fold(numbers[:, None])).flatten(1))
        return outputs


class _Stubborn(nn.Module):
    def __init__(self, settings: Any, inputs: int, outputs: int) -> None:
        super().__init__()
        self.first, self.last = nn.Linear(inputs, 7), nn.Linear(7, outputs)

    def hidden(self, numbers: torch.Tensor) -> torch.Tensor:
        return torch.sigmoid(self.first(numbers))


class Looking(_Stubborn):
    """Looks at a value, which a stack has many of."""

    def forward(self, numbers: torch.Tensor) -> Any:
        hidden = self.hidden(numbers)
        return self.last(hidden if float(hidden.sum()) > 0 else -hidden)


class Idle(_Stubborn):
    """Has weights that it does not use, which torch's optimizers leave alone."""

    def __init__(self, settings: Any, inputs: int, outputs: int) -> None:
        super().__init__(settings, inputs, outputs)
        self.unused = nn.Parameter(torch.ones(3))

    def forward(self, numbers: torch.Tensor) -> Any:
        return self.last(self.hidden(numbers))


class Secretive(_Stubborn):
    """Keeps what it was told where nobody compares it."""

    told: dict[int, float] = {}  # noqa: RUF012 - that is the point

    def __init__(self, settings: Any, inputs: int, outputs: int) -> None:
        super().__init__(settings, inputs, outputs)
        self.told[id(self)] = float(settings.get("scale", 1.0))

    def forward(self, numbers: torch.Tensor) -> Any:
        return self.last(self.hidden(numbers) * self.told[id(self)])


class Unknown(_Stubborn):
    """Has an attribute that cannot be compared."""

    def __init__(self, settings: Any, inputs: int, outputs: int) -> None:
        super().__init__(settings, inputs, outputs)
        self.helper = object()

    def forward(self, numbers: torch.Tensor) -> Any:
        return self.last(self.hidden(numbers))


class Spoiling(_Stubborn):
    """Works in place on what it is given."""

    def forward(self, numbers: torch.Tensor) -> Any:
        return self.last(self.hidden(numbers.mul_(0.5)))


class Careful(_Stubborn):
    """The same, on a copy."""

    def forward(self, numbers: torch.Tensor) -> Any:
        return self.last(self.hidden(numbers * 0.5))


class Recurrent(nn.Module):
    """Has an operation without a rule for stacks."""

    def __init__(self, settings: Any, inputs: int, outputs: int) -> None:
        super().__init__()
        self.cell, self.last = nn.LSTM(1, 4, batch_first=True), nn.Linear(4, outputs)

    def forward(self, numbers: torch.Tensor) -> Any:
        return self.last(self.cell(numbers[:, :, None])[0][:, -1])
