"""Rows, jobs and modules for the tests of the torch trainer."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import torch
from torch import nn

from auditor.core.records import Fold, Job, Layout, Part, Proposal, Round, TrainerSpec, Trial, Value

HERE = "tests.integration.networks.networks"
MLP = "auditor.trainers.networks.modules:mlp"


def frame(rows: int = 300) -> pd.DataFrame:
    """Return two numbers, gaps, a truth value, a name, and a target of classes and one of numbers."""
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(2, rows))
    made = pd.DataFrame({"a": a, "b": b * 50 + 7, "flag": rng.random(rows) < 0.5})
    made["carrier"] = rng.choice(["AA", "BB", "CC"], rows)
    made.loc[::7, "b"] = np.nan
    made.loc[::11, "carrier"] = None
    odds = a + np.where(made["carrier"] == "AA", 1.5, -0.5)
    made["late"] = np.where(rng.random(rows) < 1 / (1 + np.exp(-2 * odds)), "late", "on time")
    made["delay"] = 100 + 20 * odds + rng.normal(size=rows)
    return made


def job(
    config: Mapping[str, Value],
    *,
    entry: str = MLP,
    metric: str = "log_loss",
    target: str = "late",
    fidelity: float = 1.0,
    fold: Fold = Fold(Part.SEARCH, 0),  # noqa: B008 - frozen
    number: int = 0,
    seed: int = 7,
    kind: str = "torch",
    **options: str,
) -> Job:
    proposal = Proposal(config=config, round=Round.COARSE, fold=fold, fidelity=fidelity)
    return Job(
        trial=Trial(id=number, proposal=proposal, seed=seed),
        trainer=TrainerSpec(kind=kind, entry=entry, options=options),
        layout=Layout(
            digest="0" * 64,
            target=target,
            seed=3,
            classes=target == "late",
            drop=("delay",) if target == "late" else ("late",),
        ),
        metric=metric,
        vault="/nowhere",
        timeout_seconds=60,
        memory_bytes=2**30,
    )


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
