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
    return trained_on(begin(candidate.module, candidate.recipe, device=ground.device), candidate, ground)


def trained_on(training: Training, candidate: Candidate, ground: Ground) -> Trained:
    """Train on until the candidate's epochs are done, if they are not, and score.

    Raises
    ------
    TrialError
        If it diverges.
    """

    def look(now: Training) -> None:
        if not all(bool(torch.isfinite(weight).all()) for weight in now.module.parameters()):
            raise ran_away(now.epoch)
        if ground.watched and now.epoch < candidate.epochs:
            candidate.note(now.epoch, losses_of(ground, _outputs(now, ground)[None])[0])

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
    outputs = _outputs(training, ground)
    if ground.watched:
        candidate.note(training.epoch, losses_of(ground, outputs[None])[0])
    return candidate.finish(ground, outputs)


def ran_away(epoch: int) -> TrialError:
    """Return the error of a network whose weights are no numbers any more."""
    return diverged(f"the weights are no finite numbers any more after epoch {epoch}")


def _outputs(training: Training, ground: Ground) -> torch.Tensor:
    return outputs_of(training.module, ground.tables.score, device=ground.device)
