"""An optimizer's step without what torch does around its fused kernel.

That took a third of the time of a small network. The state stays the optimizer's own, and the bits are the
same.
"""

from typing import Any

import torch


class QuickStep:
    """Updates weights as an optimizer would, and is called in its stead.

    Where there is no fused kernel, where some weights have no gradient, and in the first step, which makes
    the state, it is torch's own step.

    Parameters
    ----------
    optimizer
        With one group of weights. Its counts of steps are right again after `settle`.
    """

    def __init__(self, optimizer: torch.optim.Optimizer) -> None:
        self._optimizer = optimizer
        (self._group,) = optimizer.param_groups
        self._weights: list[torch.Tensor] = self._group["params"]
        self._states: list[list[torch.Tensor]] = []
        self._counts: list[torch.Tensor] = []
        self._apart: list[torch.Tensor] = []

    def __call__(self) -> None:
        """Update the weights by their gradients."""
        slopes = [weight.grad for weight in self._weights if weight.grad is not None]
        if not self._states or len(slopes) < len(self._weights):
            self.settle()
            self._optimizer.step()
            self._open()
        elif isinstance(self._optimizer, torch.optim.SGD):
            names = ("lr", "weight_decay", "momentum", "dampening", "nesterov")
            settings = {name: self._group[name] for name in names}
            torch._fused_sgd_(
                self._weights, slopes, *self._states, maximize=False, is_first_step=False, **settings
            )
        else:
            adamw = isinstance(self._optimizer, torch.optim.AdamW)
            update: Any = torch._fused_adamw_ if adamw else torch._fused_adam_
            torch._foreach_add_(self._apart, 1)
            beta1, beta2 = self._group["betas"]
            settings = {name: self._group[name] for name in ("lr", "weight_decay", "eps", "amsgrad")}
            update(
                self._weights,
                slopes,
                *self._states,
                self._counts,
                beta1=beta1,
                beta2=beta2,
                maximize=False,
                **settings,
            )

    def settle(self) -> None:
        """Tell the optimizer how many steps were made."""
        for weight, count in zip(self._weights, self._counts, strict=False):  # SGD counts none
            self._optimizer.state[weight]["step"].copy_(count)

    def _open(self) -> None:
        """Find what a fused kernel wants beside weights and gradients; nothing where some of it lacks."""
        self._states, self._counts, self._apart = [], [], []
        if not self._group.get("fused"):
            return
        if isinstance(self._optimizer, torch.optim.SGD):
            wanted, counted = {"momentum_buffer": bool(self._group["momentum"])}, False
        else:
            wanted, counted = (
                {"exp_avg": True, "exp_avg_sq": True, "max_exp_avg_sq": bool(self._group["amsgrad"])},
                True,
            )
        states = [self._of_each(name) if needed else [] for name, needed in wanted.items()]
        steps = self._of_each("step") if counted else []
        if any(tensor is None for state in (*states, steps) for tensor in state):
            return
        # As a rule all weights have seen as many steps: one count for all, since adding to each took as long
        # as a tenth of a small network's step.
        alike: dict[float, torch.Tensor] = {}
        self._counts = [alike.setdefault(float(step), step.clone()) for step in steps]
        self._states, self._apart = states, list(alike.values())

    def _of_each(self, name: str) -> list[Any]:
        return [self._optimizer.state[weight].get(name) for weight in self._weights]
