"""Optimizers of a stack: one step of every row, each with settings of its own.

The same updates as torch's. On a CPU each row is updated by torch's fused kernels, one pass over the memory
of a row that fits in the cache: a chain of operations over the whole stack is bound by memory and loses
(performance, section 2). Elsewhere, and for RMSprop, which has no fused kernel, it is such a chain.
"""

from collections.abc import Sequence

import torch

from auditor.trainers.networks.recipes import Recipe

_STATES = {
    "sgd": ("momentum",),
    "adam": ("mean", "square"),
    "adamw": ("mean", "square"),
    "rmsprop": ("square",),
}


class RowOptimizer:
    """Updates the rows of a stack; all of one kind, with the same flags.

    Parameters
    ----------
    recipes
        One a row.
    weights, gradients
        Shape (rows, weights); the weights are changed in place.
    fused
        Whether to use fused kernels, where there are some.
    """

    def __init__(
        self, recipes: Sequence[Recipe], weights: torch.Tensor, gradients: torch.Tensor, *, fused: bool = True
    ) -> None:
        self._recipes = list(recipes)
        self._kind = recipes[0].optimizer
        self._steps = 0
        self._rates: Sequence[float] | None = None
        self._wanted = fused
        names = _STATES[self._kind]
        if recipes[0].amsgrad and self._kind in ("adam", "adamw"):
            names = (*names, "largest")
        if self._kind == "rmsprop":
            names = (*names, "momentum", *(("mean",) if recipes[0].centered else ()))
        self._state = {name: torch.zeros_like(weights) for name in names}
        self._attach(weights, gradients)

    def keep(self, rows: Sequence[int], weights: torch.Tensor, gradients: torch.Tensor) -> None:
        """Go on with some of the rows, whose weights now lie elsewhere."""
        self._recipes = [self._recipes[row] for row in rows]
        self._state = {name: state[list(rows)].contiguous() for name, state in self._state.items()}
        self._attach(weights, gradients)

    def step(self, rates: Sequence[float]) -> None:
        """Update every row, at its learning rate."""
        self._steps += 1
        if self._fused:
            self._step_by_row(rates)
        else:
            if self._rates is not rates:  # once an epoch: a copy to a GPU waits for it
                self._rates = rates
                self._column = torch.tensor(rates, dtype=self._weights.dtype)[:, None].to(
                    self._weights.device
                )
            _CHAINS[self._kind](self, self._column)

    def _attach(self, weights: torch.Tensor, gradients: torch.Tensor) -> None:
        self._weights, self._gradients = weights, gradients
        self._fused = self._wanted and weights.device.type == "cpu" and self._kind != "rmsprop"
        self._rows = [
            [[row] for row in state.unbind(0)] for state in (weights, gradients, *self._state.values())
        ]
        self._columns = {
            name: torch.tensor([getattr(recipe, name) for recipe in self._recipes], dtype=weights.dtype)[
                :, None
            ].to(weights.device)
            for name in ("momentum", "dampening", "beta1", "beta2", "alpha", "eps", "weight_decay")
        }

    def _step_by_row(self, rates: Sequence[float]) -> None:
        if self._kind == "sgd":
            for recipe, rate, weight, gradient, buffer in zip(self._recipes, rates, *self._rows, strict=True):
                torch._fused_sgd_(
                    weight,
                    gradient,
                    buffer if recipe.momentum else [],
                    weight_decay=recipe.weight_decay,
                    momentum=recipe.momentum,
                    lr=rate,
                    dampening=recipe.dampening,
                    nesterov=recipe.nesterov,
                    maximize=False,
                    is_first_step=self._steps == 1,
                )
            return
        update = torch._fused_adam_ if self._kind == "adam" else torch._fused_adamw_
        count = [torch.tensor(float(self._steps))]
        amsgrad = "largest" in self._state
        largest = self._rows[4] if amsgrad else [[]] * len(self._recipes)
        for recipe, rate, weight, gradient, mean, square, most in zip(
            self._recipes, rates, *self._rows[:4], largest, strict=True
        ):
            update(
                weight,
                gradient,
                mean,
                square,
                most,
                count,
                lr=rate,
                beta1=recipe.beta1,
                beta2=recipe.beta2,
                weight_decay=recipe.weight_decay,
                eps=recipe.eps,
                amsgrad=amsgrad,
                maximize=False,
            )

    def _decayed(self) -> torch.Tensor:
        return self._gradients + self._columns["weight_decay"] * self._weights

    def _sgd(self, rates: torch.Tensor) -> None:
        momentum, gradient, buffer = self._columns["momentum"], self._decayed(), self._state["momentum"]
        if self._steps == 1:
            buffer.copy_(gradient)
        else:  # without momentum, torch keeps no buffer, and dampens nothing
            damped = torch.where(momentum > 0, 1.0 - self._columns["dampening"], 1.0)
            buffer.mul_(momentum).add_(damped * gradient)
        self._weights.sub_(rates * (gradient + momentum * buffer if self._recipes[0].nesterov else buffer))

    def _adam(self, rates: torch.Tensor) -> None:
        beta1, beta2, gradient = self._columns["beta1"], self._columns["beta2"], self._gradients
        if self._kind == "adam":
            gradient = self._decayed()
        else:
            self._weights.mul_(1.0 - rates * self._columns["weight_decay"])
        mean, square = self._state["mean"], self._state["square"]
        mean.lerp_(gradient, 1.0 - beta1)
        square.mul_(beta2).addcmul_(gradient * (1.0 - beta2), gradient)
        if "largest" in self._state:
            square = torch.maximum(self._state["largest"], square, out=self._state["largest"])
        spread = square.sqrt().div_((1.0 - beta2**self._steps).sqrt()).add_(self._columns["eps"])
        self._weights.sub_(mean / spread * (rates / (1.0 - beta1**self._steps)))

    def _rmsprop(self, rates: torch.Tensor) -> None:
        alpha, gradient, square = self._columns["alpha"], self._decayed(), self._state["square"]
        square.mul_(alpha).addcmul_(gradient * (1.0 - alpha), gradient)
        if "mean" in self._state:
            mean = self._state["mean"].lerp_(gradient, 1.0 - alpha)
            spread = square.addcmul(mean, mean, value=-1.0).sqrt_()
        else:
            spread = square.sqrt()
        gradient.div_(spread.add_(self._columns["eps"]))
        buffer = self._state["momentum"].mul_(self._columns["momentum"]).add_(gradient)
        self._weights.sub_(rates * buffer)


_CHAINS = {
    "sgd": RowOptimizer._sgd,  # noqa: SLF001 - its own class
    "adam": RowOptimizer._adam,  # noqa: SLF001
    "adamw": RowOptimizer._adam,  # noqa: SLF001
    "rmsprop": RowOptimizer._rmsprop,  # noqa: SLF001
}
