"""A network on disk: weights, the optimizer's state, how far it is, and how its columns became numbers.

Read with ``weights_only=True``: tensors and plain values, no code.
"""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from auditor.core.records import Config
from auditor.errors import TrainerError, one_line
from auditor.trainers.failing import rejected
from auditor.trainers.networks.alone import Training
from auditor.trainers.networks.tensors import Encoding

FORMAT = 1


@dataclass(frozen=True, slots=True, eq=False)
class Saved:
    """What a checkpoint holds.

    Attributes
    ----------
    epoch
        Epochs done.
    """

    weights: dict[str, Any]
    optimizer: dict[str, Any]
    epoch: int
    encoding: Encoding


def save(training: Training, path: str | Path, *, config: Config, encoding: Encoding) -> None:
    """Write a training to a file; the same training gives the same bytes.

    The optimizer's state is torch's own, with its ``param_groups``: what production runs can be read
    from it as from any checkpoint of the user's.
    """
    document = {
        "format": FORMAT,
        "epoch": training.epoch,
        "settings": dict(config),
        "encoding": encoding.plain(),
        "model": training.module.state_dict(),
        "optimizer": training.optimizer.state_dict(),
    }
    # Written to a file, the archive would hold the file's name.
    archive = io.BytesIO()
    torch.save(document, archive)
    Path(path).write_bytes(archive.getvalue())


def read(path: str | Path) -> Saved:
    """Return what a checkpoint holds.

    Raises
    ------
    TrainerError
        If the file is no checkpoint of ours.
    """
    try:
        document = torch.load(str(path), map_location="cpu", weights_only=True)
    except Exception as error:  # damaged files raise from pickle, zipfile and torch alike
        raise TrainerError(f"{str(path)!r} is no checkpoint that can be read: {one_line(error)}") from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise TrainerError(f"{str(path)!r} is no checkpoint of ours: it has no format {FORMAT}")
    return Saved(
        document["model"], document["optimizer"], int(document["epoch"]), Encoding(**document["encoding"])
    )


def restore(training: Training, saved: Saved) -> None:
    """Go on from a checkpoint: its weights, its averages, its epoch; the settings stay the training's own.

    Averages that the checkpoint's optimizer did not keep begin anew.

    Raises
    ------
    TrialError
        If the checkpoint is of another network.
    """
    try:
        training.module.load_state_dict(saved.weights)
        if saved.optimizer["state"]:
            # The groups hold settings: a nudge must not be undone by what was saved.
            groups = training.optimizer.state_dict()["param_groups"]
            training.optimizer.load_state_dict({**saved.optimizer, "param_groups": groups})
    except (KeyError, RuntimeError, ValueError, TypeError) as error:
        raise rejected(f"the checkpoint is not of this network: {one_line(error)}") from error
    training.epoch = saved.epoch
