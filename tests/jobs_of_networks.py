"""Rows and jobs for the tests of networks, without importing torch (1 s)."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from auditor.core.records import Fold, Job, Layout, Part, Proposal, Round, TrainerSpec, Trial, Value

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
