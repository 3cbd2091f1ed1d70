"""The kind ``torch``: networks, described and trained.

What a schedule says in ``[trainer]``:

``module``
    The user's function that builds a ``torch.nn.Module`` from settings; see `modules.build`.
``loss``
    A name of `losses.LOSSES`, or an import path of a function of outputs and targets. Of a function, the
    losses of single rows are the metric too, unless the schedule names another.
``classes``
    Whether the target is a class label, where neither loss nor metric says so.
``dataset``
    An import path of a function that makes tensors of rows; see `tensors.Dataset`.
``device``
    ``cpu``, ``auto``, or what torch calls it.
"""

import contextlib
from collections.abc import Hashable, Sequence
from dataclasses import fields

import torch

from auditor.core.metrics import Metric, Needs
from auditor.core.records import Config, TrainerFacts, TrainerSpec
from auditor.errors import TrainerError
from auditor.trainers.failing import TrialError
from auditor.trainers.importing import import_object
from auditor.trainers.networks.candidates import Candidate, candidate_of, ground_of, option
from auditor.trainers.networks.devices import device_named
from auditor.trainers.networks.living import carried_on, uncarried
from auditor.trainers.networks.losses import Loss, loss_named
from auditor.trainers.networks.modules import wants_categories
from auditor.trainers.networks.recipes import OPTIMIZERS, Recipe, Settings, idle_settings, recipe_of
from auditor.trainers.networks.solo import train_solo
from auditor.trainers.networks.stacked import Stackable, stackable, train_stack
from auditor.trainers.networks.vmapped import likeness, train_alike
from auditor.trainers.scoring import scorer_named
from auditor.trainers.training import Task, Trained


def describe(trainer: TrainerSpec, config: Config, metric: Metric) -> TrainerFacts:
    """Read what can be read without rows: the settings of the loop, the loss, the user's functions.

    The module is built with the first training, since it takes the number of columns to build it.
    """
    settings = Settings({**trainer.fixed, **config})
    optimizer = recipe_of(settings).optimizer
    _refuse_idle(settings, optimizer)
    wants_categories(trainer)
    if dataset := option(trainer, "dataset"):
        import_object(dataset)
    device_named(option(trainer, "device"))
    if metric.needs is Needs.SCORER:
        scorer_named(metric.name)
    loss = loss_named(option(trainer, "loss"), metric)
    return TrainerFacts(
        classifier=_classes(trainer, loss),
        curve="epochs",
        defaults=_defaults(optimizer),
        continues=True,
        uncarried=uncarried(config),
    )


def train(task: Task) -> Trained:
    """Train one network and score it: as a stack of one, if it could be in a stack."""
    torch.set_num_threads(1)
    if task.carry is not None:
        return carried_on(task, task.carry)
    ground = ground_of(task)
    candidate = candidate_of(task, ground)
    row = stackable(candidate, ground)
    if row is None:
        return train_solo(candidate, ground)
    (trained,) = train_stack([row], ground)
    if trained is None:
        return train_solo(candidate, ground)
    if isinstance(trained, TrialError):
        raise trained
    return trained


def train_together(tasks: Sequence[Task]) -> tuple[Trained | TrialError | None, ...]:
    """Train those networks that can share a pass; None for the others."""
    torch.set_num_threads(1)
    ground = ground_of(tasks[0])
    stacks: dict[Hashable, dict[int, Stackable]] = {}
    alike: dict[Hashable, dict[int, Candidate]] = {}
    for place, task in enumerate(tasks):
        # What a user's function raises is said when the task is tried by itself.
        with contextlib.suppress(Exception, SystemExit):
            candidate = candidate_of(task, ground)
            row = stackable(candidate, ground)
            if row is not None:
                stacks.setdefault(row.shape, {})[place] = row
            elif (like := likeness(candidate, ground)) is not None:
                alike.setdefault(like, {})[place] = candidate
    found: dict[int, Trained | TrialError | None] = {}
    for rows in stacks.values():
        found.update(zip(rows, train_stack(list(rows.values()), ground), strict=True))
    for candidates in alike.values():
        found.update(zip(candidates, train_alike(list(candidates.values()), ground), strict=True))
    return tuple(found.get(place) for place in range(len(tasks)))


def _classes(trainer: TrainerSpec, loss: Loss) -> bool | None:
    declared = trainer.options.get("classes")
    return loss.classes if declared is None else bool(declared)


def _refuse_idle(settings: Settings, optimizer: str) -> None:
    idle = idle_settings(dict(settings), optimizer)
    if idle:
        owners = [name for name, own in OPTIMIZERS.items() if idle[0] in own]
        raise TrainerError(
            f"the optimizer {optimizer!r} has no {idle[0]!r} ({' and '.join(owners)} have); "
            "leave it out of production"
        )


def _defaults(optimizer: str) -> Config:
    """Return the settings that this optimizer reads, with torch's own values."""
    recipe = recipe_of(Settings({"optimizer": optimizer}))
    foreign = idle_settings({field.name: None for field in fields(Recipe)}, optimizer)
    return {field.name: getattr(recipe, field.name) for field in fields(Recipe) if field.name not in foreign}
