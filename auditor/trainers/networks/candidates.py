"""A training about to begin, what it shares with the others of its batch, and what comes of it."""

import math
from collections.abc import Hashable
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import torch
from torch import nn

from auditor.core.losses import row_losses
from auditor.core.metrics import Needs
from auditor.core.records import CurvePoint, FloatArray, TrainerSpec
from auditor.errors import TrainerError
from auditor.trainers.failing import diverged, rejected
from auditor.trainers.importing import import_object, nearest
from auditor.trainers.networks.devices import device_named
from auditor.trainers.networks.losses import Loss, loss_named
from auditor.trainers.networks.modules import build, wants_categories
from auditor.trainers.networks.predictions import predictions
from auditor.trainers.networks.recipes import Recipe, Settings, recipe_of
from auditor.trainers.networks.tensors import Encoding, Tables, learned, tables_of, target_of
from auditor.trainers.scoring import Judge, method_for
from auditor.trainers.training import Task, Trained

_MEANS = ("log_loss", "brier", "zero_one", "squared_error", "absolute_error")
"""Metrics that are means of what each row gives by itself."""

_KEPT_CELLS = 4_000_000
"""Tensors of rows with so many cells are kept, 16 MB of numbers; training on more takes longer than making
them, and memory may be short."""

_SCORED_BYTES = 16_000_000
"""Outputs of several networks that are scored at once, in float64."""


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """What the trainings of one batch have in common.

    Attributes
    ----------
    watched
        Whether learning curves are wanted.
    """

    tables: Tables
    judge: Judge
    loss: Loss
    device: str
    watched: bool


@dataclass(slots=True, eq=False)
class Candidate:
    """A network on its way to a result.

    Attributes
    ----------
    epochs
        How many it is trained for.
    curve
        Its loss on the scored rows after each epoch so far.
    """

    task: Task
    settings: Settings
    recipe: Recipe
    module: nn.Module
    epochs: int
    curve: list[CurvePoint] = field(default_factory=list)

    def note(self, epoch: int, loss: float) -> None:
        """Add a point to the learning curve."""
        if math.isfinite(loss):
            self.curve.append(CurvePoint(epoch, loss))

    def finish(self, ground: Ground, outputs: torch.Tensor) -> Trained:
        """Score the network: outputs on the scored rows, shape (rows, outputs).

        Raises
        ------
        TrialError
            If its losses are no finite numbers, or a setting was read by nobody.
        """
        self._refuse_unread()
        if ground.judge.metric.needs is Needs.OWN:
            losses = _own(ground, outputs)
            if not np.isfinite(losses).all():
                raise diverged("the loss is not a finite number on some of the scored rows")
        else:
            losses = ground.judge.losses(predictions(outputs, ground.tables.encoding, ground.loss))
        return Trained(losses, self.epochs, tuple(self.curve))

    def _refuse_unread(self) -> None:
        # Nobody reads it, so it has no effect, and must not be called fresh.
        unread = self.settings.unread
        if unread:
            known = [name for name in self.settings.read if name not in self.settings]
            raise rejected(
                f"nobody reads the setting {unread[0]!r}, neither the training loop nor "
                f"{self.task.trainer.entry}{nearest(unread[0], known)}"
            )


def ground_of(task: Task, encoding: Encoding | None = None) -> Ground:
    """Open what a batch has in common: its tensors, its loss, who scores it.

    Parameters
    ----------
    encoding
        Of a network that is carried on; None to learn it from the rows fitted on.

    Raises
    ------
    TrainerError
        If the loss does not suit the rows, or a function of the user's is missing.
    """
    trainer, layout = task.trainer, task.job.layout
    loss = loss_named(option(trainer, "loss"), task.judge.metric)
    dataset = option(trainer, "dataset")
    apart = wants_categories(trainer)
    if dataset is None and encoding is None and _is_kept(task):
        tables = _kept_tables(_Wanted((task.opened, apart), task, apart))
    else:
        encoding = learned(task.rows, classes=layout.classes) if encoding is None else encoding
        function = import_object(dataset) if dataset else None
        tables = tables_of(task.rows, task.judge.features, encoding, apart=apart, dataset=function)
    if loss.single and tables.outputs != 2:
        raise TrainerError(f"the loss {loss.name!r} is for two classes, and the rows have {tables.outputs}")
    device = device_named(option(trainer, "device"))
    return Ground(tables, task.judge, loss, device, watched=task.extent.watched)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The tensors of some rows; equal to what wants the same ones."""

    key: Hashable
    task: Task = field(compare=False)
    apart: bool = field(compare=False)


@lru_cache(maxsize=2)
def _kept_tables(wanted: _Wanted) -> Tables:
    """Return tensors, kept for the trainings that follow: making them took as long as a few epochs."""
    task = wanted.task
    encoding = learned(task.rows, classes=task.job.layout.classes)
    return tables_of(task.rows, task.judge.features, encoding, apart=wanted.apart)


def _is_kept(task: Task) -> bool:
    cells = task.rows.features.size + task.judge.features.size
    return task.opened is not None and cells <= _KEPT_CELLS


def losses_of(ground: Ground, outputs: torch.Tensor) -> list[float]:
    """Return the loss of every network on the scored rows.

    Parameters
    ----------
    outputs
        Shape (networks, scored rows, outputs).
    """
    judge, encoding = ground.judge, ground.tables.encoding
    if judge.metric.needs is Needs.OWN:
        return [float(_own(ground, one).mean()) for one in outputs]
    if judge.metric.name not in _MEANS:
        return [judge.loss(predictions(one, encoding, ground.loss)) for one in outputs]
    # Many at once: asked one by one, they took as long as the training.
    some = max(1, _SCORED_BYTES // (8 * outputs[0].numel()))
    return [loss for part in torch.split(outputs, some) for loss in _mean_losses(ground, part)]


def _mean_losses(ground: Ground, outputs: torch.Tensor) -> list[float]:
    judge, encoding = ground.judge, ground.tables.encoding
    model = predictions(outputs.flatten(0, 1), encoding, ground.loss)
    target = np.tile(judge.target, len(outputs))
    predicted = getattr(model, method_for(judge.metric, model))(target)
    losses = row_losses(judge.metric, target, predicted, classes=encoding.classes)
    return [float(loss) for loss in losses.reshape(len(outputs), -1).mean(axis=1)]


def _own(ground: Ground, outputs: torch.Tensor) -> FloatArray:
    """Return what the loss itself says of every scored row."""
    target = target_of(ground.judge.target, ground.tables.encoding)
    with torch.no_grad():
        losses = ground.loss.of_rows(outputs.to("cpu"), target)
    return np.asarray(losses.to(torch.float64).numpy())


def candidate_of(task: Task, ground: Ground) -> Candidate:
    """Build the network of a task.

    Raises
    ------
    TrialError
        If a setting holds what it must not.
    """
    settings = Settings({**task.trainer.fixed, **task.config})
    recipe = recipe_of(settings)
    outputs = ground.loss.outputs(ground.tables.outputs)
    module = build(task.trainer, settings, ground.tables, outputs=outputs, seed=task.seed)
    return Candidate(task, settings, recipe, module, recipe.epochs_at(task.extent.fidelity))


def option(trainer: TrainerSpec, name: str) -> str | None:
    """Return an option of the trainer's table, or None where it is not given."""
    value = trainer.options.get(name)
    return None if value is None else str(value)
