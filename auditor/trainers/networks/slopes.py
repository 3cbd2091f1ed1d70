"""Gradients of the named losses by the outputs of a stack, shape (networks, outputs, rows)."""

from collections.abc import Callable, Mapping

import torch


def slope_of(loss: str, target: torch.Tensor, outputs: int) -> Callable[[torch.Tensor], torch.Tensor]:
    """Return the gradient of the mean loss of a batch, as a function of the outputs.

    Parameters
    ----------
    target
        Shape (rows,): codes of classes or numbers.
    outputs
        How many outputs a network has.
    """
    if loss == "cross_entropy":
        truth = torch.nn.functional.one_hot(target, outputs).T
        return lambda given: torch.softmax(given, 1).sub_(truth).div_(len(target))
    return lambda given: SLOPES[loss](given, target.to(given.dtype)).div_(len(target))


SLOPES: Mapping[str, Callable[[torch.Tensor, torch.Tensor], torch.Tensor]] = {
    "binary_cross_entropy": lambda given, target: torch.sigmoid(given).sub_(target),
    "mse": lambda given, target: (given - target).mul_(2.0),
    "mae": lambda given, target: (given - target).sign_(),
    "huber": lambda given, target: (given - target).clamp_(-1.0, 1.0),
}
"""Of a single row, by the one output, for losses of one output."""
