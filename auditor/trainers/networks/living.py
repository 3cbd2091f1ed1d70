"""Networks that are carried on from a checkpoint: begun, trained on with other settings, or only scored.

A live network keeps the encoding of the rows that it began with. A turn makes as many epochs over its rows as
production's own training took; the learning rate falls within each turn as it does within a training. Chance
follows the seed of the turn, so that twins see the same rows in the same order.
"""

from collections.abc import Mapping
from dataclasses import fields, replace

from auditor.core.records import Config
from auditor.trainers.networks.alone import begin
from auditor.trainers.networks.candidates import candidate_of, ground_of
from auditor.trainers.networks.checkpoints import read, restore, save
from auditor.trainers.networks.recipes import Recipe
from auditor.trainers.networks.solo import trained_on
from auditor.trainers.training import Carry, Task, Trained

_FREE = frozenset({"dropout", "dropout_rate", "lr", "optimiser", "beta_1", "beta_2"})
_FIXED = {
    "optimizer": "the state of one optimizer is nothing to another",
    "optimiser": "the state of one optimizer is nothing to another",
    "amsgrad": "the state of one optimizer is nothing to another",
    "centered": "the state of one optimizer is nothing to another",
    "epochs": "a turn decides itself how long it trains",
}


def carried_on(task: Task, carry: Carry) -> Trained:
    """Begin a live network, carry it on, or score it as it is.

    Raises
    ------
    TrialError
        If it diverges, or the checkpoint is of another network.
    """
    saved = None if carry.resume is None else read(carry.resume)
    ground = ground_of(task, None if saved is None else saved.encoding)
    candidate = candidate_of(task, ground)
    training = begin(candidate.module, candidate.recipe, device=ground.device)
    if saved is not None:
        restore(training, saved)
        training.epoch = 0
        candidate.epochs = 0 if carry.leave is None else task.extent.horizon or candidate.recipe.epochs
    trained = trained_on(training, candidate, ground)
    if carry.leave is not None:
        save(training, carry.leave, config=task.config, encoding=ground.tables.encoding)
    return replace(trained, curve=())


def uncarried(config: Config) -> Mapping[str, str]:
    """Return the settings that going on from a checkpoint cannot change, each with the reason."""
    ours = {field.name for field in fields(Recipe)} | _FREE
    builds = "it builds the network, whose weights are there already"
    return {name: _FIXED.get(name, builds) for name in config if name in _FIXED or name not in ours}
