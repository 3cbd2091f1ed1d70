"""A network trained by itself, from its first epoch to its result."""

import torch

from auditor.trainers.failing import TrialError, diverged
from auditor.trainers.networks.alone import Training, begin, outputs_of, train
from auditor.trainers.networks.candidates import Candidate, Ground, losses_of
from auditor.trainers.training import Trained


def train_solo(candidate: Candidate, ground: Ground) -> Trained:
    """Train one network by itself and score it.

    Raises
    ------
    TrialError
        If it diverges.
    """
    training = begin(candidate.module, candidate.recipe, device=ground.device)
    outputs = torch.empty(0)

    def look(now: Training) -> None:
        if not all(bool(torch.isfinite(weight).all()) for weight in now.module.parameters()):
            raise ran_away(now.epoch)
        nonlocal outputs
        if ground.watched or now.epoch == candidate.epochs:
            outputs = outputs_of(now.module, ground.tables.score, device=ground.device)
        if ground.watched:
            candidate.note(now.epoch, losses_of(ground, outputs[None])[0])

    train(
        training,
        candidate.recipe,
        ground.tables,
        loss=ground.loss,
        seed=candidate.task.seed,
        epochs=candidate.epochs,
        device=ground.device,
        after_epoch=look,
    )
    return candidate.finish(ground, outputs)


def ran_away(epoch: int) -> TrialError:
    """Return the error of a network whose weights are no numbers any more."""
    return diverged(f"the weights are no finite numbers any more after epoch {epoch}")
