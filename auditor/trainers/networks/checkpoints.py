"""A training on disk: weights, the optimizer's state, and how far it is.

Read with ``weights_only=True``: tensors and plain values, no code.
"""

from pathlib import Path
from typing import Any

import torch

from auditor.core.records import Config
from auditor.errors import TrainerError, one_line
from auditor.trainers.networks.alone import Training

FORMAT = 1


def save(training: Training, path: str | Path, *, config: Config) -> None:
    """Write a training to a file.

    The optimizer's state is torch's own, with its ``param_groups``: what production runs can be read
    from it as from any checkpoint of the user's.
    """
    document = {
        "format": FORMAT,
        "epoch": training.epoch,
        "settings": dict(config),
        "model": training.module.state_dict(),
        "optimizer": training.optimizer.state_dict(),
    }
    torch.save(document, str(path))


def load(training: Training, path: str | Path) -> None:
    """Go on from a file: its weights, its averages, its epoch; the settings stay those of the training.

    Averages that the file's optimizer did not keep begin anew.

    Raises
    ------
    TrainerError
        If the file is no checkpoint, or of another network.
    """
    document = _document(path)
    try:
        training.module.load_state_dict(document["model"])
        if document["optimizer"]["state"]:
            # The groups hold settings, and these are the own ones: a nudge must not be undone by a load.
            groups = training.optimizer.state_dict()["param_groups"]
            training.optimizer.load_state_dict({**document["optimizer"], "param_groups": groups})
        training.epoch = int(document["epoch"])
    except (KeyError, RuntimeError, ValueError, TypeError) as error:
        raise TrainerError(
            f"the checkpoint {str(path)!r} is not of this network: {one_line(error)}"
        ) from error


def _document(path: str | Path) -> dict[str, Any]:
    try:
        document = torch.load(str(path), map_location="cpu", weights_only=True)
    except Exception as error:  # damaged files raise from pickle, zipfile and torch alike
        raise TrainerError(f"{str(path)!r} is no checkpoint that can be read: {one_line(error)}") from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise TrainerError(f"{str(path)!r} is no checkpoint of ours: it has no format {FORMAT}")
    return document
