"""What a network is trained to make small: named losses, or the user's own function."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import torch
import torch.nn.functional as F  # noqa: N812 - torch's own custom

from auditor.core.metrics import Metric
from auditor.errors import TrainerError
from auditor.trainers.failing import rejected
from auditor.trainers.importing import import_object, nearest

Function = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]
"""Outputs and targets in; a loss per row, or their mean, out."""


@dataclass(frozen=True, slots=True)
class Loss:
    """A loss by its name.

    Attributes
    ----------
    classes
        Whether targets are class labels; None if it does not say.
    single
        Whether two classes have one output: how much the second is favoured.
    named
        Whether it is one of `LOSSES`, whose gradient is known.
    whole
        Gives the mean loss of a batch at once, where torch has that: two operations fewer in a step, and two
        in its gradient.
    """

    name: str
    function: Function
    classes: bool | None
    single: bool = False
    named: bool = True
    whole: Function | None = None

    def outputs(self, count: int) -> int:
        """Return how many outputs a network needs for so many classes, or for a number (1)."""
        return 1 if self.single else count

    def of_rows(self, outputs: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        """Return the loss of every row.

        Raises
        ------
        TrialError
            If the function gives only their mean.
        """
        losses = self.function(outputs, target)
        if losses.shape != target.shape:
            raise rejected(
                f"{self.name} gives a tensor of shape {tuple(losses.shape)} for {len(target)} rows; as a "
                "metric it must give a loss a row; or name another policy.metric"
            )
        return losses

    def mean(self, outputs: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        """Return the mean loss of a batch."""
        whole = self.whole
        return self.function(outputs, target).mean() if whole is None else whole(outputs, target)


def _cross_entropy(outputs: torch.Tensor, target: torch.Tensor, reduction: str = "none") -> torch.Tensor:
    return F.cross_entropy(outputs, target, reduction=reduction)


def _binary_cross_entropy(
    outputs: torch.Tensor, target: torch.Tensor, reduction: str = "none"
) -> torch.Tensor:
    return F.binary_cross_entropy_with_logits(outputs[:, 0], target.to(outputs.dtype), reduction=reduction)


def _mse(outputs: torch.Tensor, target: torch.Tensor, reduction: str = "none") -> torch.Tensor:
    return F.mse_loss(outputs[:, 0], target, reduction=reduction)


def _mae(outputs: torch.Tensor, target: torch.Tensor, reduction: str = "none") -> torch.Tensor:
    return F.l1_loss(outputs[:, 0], target, reduction=reduction)


def _huber(outputs: torch.Tensor, target: torch.Tensor, reduction: str = "none") -> torch.Tensor:
    return F.huber_loss(outputs[:, 0], target, reduction=reduction)


def _named(name: str, function: Callable[..., torch.Tensor], *, classes: bool, single: bool = False) -> Loss:
    return Loss(name, function, classes=classes, single=single, whole=partial(function, reduction="mean"))


LOSSES: Mapping[str, Loss] = {
    loss.name: loss
    for loss in (
        _named("cross_entropy", _cross_entropy, classes=True),
        _named("binary_cross_entropy", _binary_cross_entropy, classes=True, single=True),
        _named("mse", _mse, classes=False),
        _named("mae", _mae, classes=False),
        _named("huber", _huber, classes=False),
    )
}
"""Losses that need no function of the user's."""


def loss_named(name: str | None, metric: Metric) -> Loss:
    """Return the loss of a name or an import path; without one, that which goes with the metric.

    Raises
    ------
    TrainerError
        If there is none of that name, or it does not go with the metric.
    """
    if metric.name == "score":
        raise TrainerError("a network has a loss and no score of its own; name another metric, or none")
    name = name or _usual(metric)
    if ":" in name:
        return Loss(name, import_object(name), classes=metric.classes, named=False)
    if name not in LOSSES:
        raise TrainerError(f"there is no loss {name!r}{nearest(name, LOSSES)}; allowed: {', '.join(LOSSES)}")
    loss = LOSSES[name]
    if metric.classes is not None and metric.classes != loss.classes:
        raise TrainerError(
            f"the loss {name!r} is for {_targets(loss.classes)}, "
            f"and the metric {metric.name!r} for {_targets(metric.classes)}"
        )
    return loss


def _usual(metric: Metric) -> str:
    if metric.classes is None:
        raise TrainerError(
            f"the metric {metric.name!r} does not say what to train for; "
            f"give trainer.loss: {', '.join(LOSSES)}, or an import path"
        )
    if metric.classes:
        return "cross_entropy"
    return "mae" if metric.name == "absolute_error" else "mse"


def _targets(classes: bool | None) -> str:
    return "class labels" if classes else "numbers"
