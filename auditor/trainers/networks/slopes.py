"""Gradients of the named losses by the outputs of a stack, shape (networks, outputs, rows)."""

from collections.abc import Callable, Mapping

import torch

Slope = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]
"""Outputs and truths in, the gradient of the mean loss of a batch out."""


def truths_of(loss: str, target: torch.Tensor, outputs: int, kind: torch.dtype) -> torch.Tensor:
    """Return a target as slopes want it, shape (outputs, rows): which class it is, or the number.

    Parameters
    ----------
    target
        Shape (rows,): codes of classes or numbers.
    """
    if loss == "cross_entropy":
        return torch.nn.functional.one_hot(target, outputs).T.to(kind).contiguous()
    return target.to(kind)[None]


def _mean(each: Slope) -> Slope:
    return lambda given, truth: each(given, truth).mul_(1.0 / truth.shape[1])


SLOPES: Mapping[str, Slope] = {
    "cross_entropy": _mean(lambda given, truth: torch.softmax(given, 1).sub_(truth)),
    "binary_cross_entropy": _mean(lambda given, truth: torch.sigmoid(given).sub_(truth)),
    "mse": _mean(lambda given, truth: (given - truth).mul_(2.0)),
    "mae": _mean(lambda given, truth: (given - truth).sign_()),
    "huber": _mean(lambda given, truth: (given - truth).clamp_(-1.0, 1.0)),
}
"""By the loss's name."""
