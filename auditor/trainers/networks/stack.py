"""Many plain networks as one: weights stacked along a leading axis, forward and backward written out.

Row k of every tensor is network k. No operation mixes rows, so what one of them does, running away
included, never touches another. Outputs are kept as (rows, outputs, batch): a softmax over the middle
axis is five times as fast as over a last axis of ten.
"""

from collections.abc import Callable, Mapping, Sequence

import torch

from auditor.trainers.networks.plain import LANES, Plain, filled
from auditor.trainers.networks.slopes import Slope

_aten = torch.ops.aten


class Stack:
    """Plain networks of one shape.

    Parameters
    ----------
    networks
        Their widths are equal once they are filled up; their activations and places of dropout are the same.
    """

    def __init__(self, networks: Sequence[Plain], *, device: str = "cpu") -> None:
        first = networks[0]
        self.widths = filled(first.widths)
        self.outputs = first.widths[-1]
        self.activations = first.activations
        kind = first.weights[0].dtype
        # Padded to whole lanes, so that no row has a remainder that is reckoned in another way.
        size = sum(self._sizes()) + -sum(self._sizes()) % (4 * LANES)
        begun = torch.zeros(len(networks), size, dtype=kind)  # on the CPU: to a GPU it goes as a whole
        matrices, biases = self._layers(begun)
        for row, network in enumerate(networks):
            for layer, (weight, bias) in enumerate(zip(network.weights, network.biases, strict=True)):
                matrices[layer][row, : weight.shape[0], : weight.shape[1]] = weight
                biases[layer][row, : bias.shape[0]] = bias
        self.weights = begun.to(device)
        self.gradients = torch.zeros_like(self.weights)
        self._view()
        self.rates = torch.tensor(
            [[rate or 0.0 for rate in network.dropouts] for network in networks], dtype=kind, device=device
        )
        self.dropped = tuple(rate is not None for rate in first.dropouts)

    def __len__(self) -> int:
        return len(self.weights)

    def keep(self, rows: Sequence[int]) -> None:
        """Go on with some of the networks."""
        chosen = list(rows)
        self.weights, self.rates = self.weights[chosen].contiguous(), self.rates[chosen]
        self.gradients = torch.zeros_like(self.weights)
        self._view()

    def finite(self) -> list[bool]:
        """Return which networks have nothing but numbers for weights."""
        return [bool(found) for found in torch.isfinite(self.weights).all(dim=1).tolist()]

    def unstacked(
        self, row: int, network: Plain
    ) -> tuple[tuple[torch.Tensor, ...], tuple[torch.Tensor, ...]]:
        """Return weights and biases of one network, in the shapes that it came with."""
        weights = [
            own[row, : old.shape[0], : old.shape[1]]
            for own, old in zip(self._matrices, network.weights, strict=True)
        ]
        biases = [own[row, : old.shape[0]] for own, old in zip(self._biases, network.biases, strict=True)]
        return tuple(weights), tuple(biases)

    def predict(self, inputs: torch.Tensor) -> torch.Tensor:
        """Return what every network says of some rows: shape (networks, rows, outputs).

        Parameters
        ----------
        inputs
            Shape (rows, filled columns).
        """
        values = inputs.expand(len(self), *inputs.shape)
        for layer, activation in enumerate(self.activations):
            values = FORWARD[activation](self._linear(layer, values))
        return self._last(values).transpose(1, 2).clone()

    def learn(
        self,
        inputs: torch.Tensor,
        truth: torch.Tensor,
        slope: Slope,
        draws: Sequence[torch.Tensor | None] | None = None,
    ) -> None:
        """Set the gradients of a batch.

        Parameters
        ----------
        inputs
            Shape (rows, filled columns).
        truth
            Shape (outputs, rows), as `slopes.truths_of` gives it.
        slope
            One of `slopes.SLOPES`.
        draws
            What dropout has drawn, shape (rows, filled units) for each hidden layer, for all networks alike:
            each drops the units whose draw lies below its own rate.
        """
        values = [inputs.expand(len(self), *inputs.shape)]
        known: list[torch.Tensor] = []  # what the slope of each activation is told from
        masks: list[torch.Tensor | None] = []
        for layer, activation in enumerate(self.activations):
            before = self._linear(layer, values[-1])
            after = FORWARD[activation](before)
            mask = None if draws is None else self._mask(layer, draws[layer])
            known.append(before if after is not before else after)
            # Where nothing is dropped, what comes out is what the slope is told from; it must not be spoilt.
            values.append(after if mask is None else after * mask)
            masks.append(mask)
        outputs = self._last(values[-1])
        change = self._room("change", len(self.activations), *outputs.shape)
        change[:, self.outputs :] = 0.0
        change[:, : self.outputs] = slope(outputs[:, : self.outputs], truth)
        torch.bmm(change, values[-1], out=self._gradient_matrices[-1])
        torch.sum(change, 2, out=self._gradient_biases[-1])
        back = change.transpose(1, 2)
        for layer in reversed(range(len(self.activations))):
            room = self._room("change", layer, *values[layer + 1].shape)
            change = torch.bmm(back, self._matrices[layer + 1], out=room)
            if (mask := masks[layer]) is not None:
                change.mul_(mask)
            BACKWARD[self.activations[layer]](change, known[layer])
            torch.bmm(change.transpose(1, 2), values[layer], out=self._gradient_matrices[layer])
            torch.sum(change, 1, out=self._gradient_biases[layer])
            back = change

    def _linear(self, layer: int, values: torch.Tensor) -> torch.Tensor:
        room = self._room("values", layer, *values.shape[:2], self.widths[layer + 1])
        matrix = self._matrices[layer].transpose(1, 2)
        return torch.baddbmm(self._biases[layer][:, None], values, matrix, out=room)

    def _last(self, values: torch.Tensor) -> torch.Tensor:
        """Return the outputs, shape (networks, filled outputs, rows)."""
        room = self._room("values", len(self.activations), len(self), self.widths[-1], values.shape[1])
        return torch.baddbmm(
            self._biases[-1][:, :, None], self._matrices[-1], values.transpose(1, 2), out=room
        )

    def _room(self, use: str, layer: int, *shape: int) -> torch.Tensor:
        """Return memory to be written over; asking the system for it anew took half of a step's time."""
        key: tuple[str | int, ...] = (use, layer, *shape)
        if key not in self._rooms:
            self._rooms[key] = torch.empty(shape, dtype=self.weights.dtype, device=self.weights.device)
        return self._rooms[key]

    def _mask(self, layer: int, drawn: torch.Tensor | None) -> torch.Tensor | None:
        if drawn is None:
            return None
        rates = self.rates[:, layer, None, None]
        return (drawn >= rates).to(drawn.dtype).div_(1.0 - rates)

    def _sizes(self) -> list[int]:
        pairs = zip(self.widths, self.widths[1:], strict=False)
        return [size for before, after in pairs for size in (before * after, after)]

    def _view(self) -> None:
        """Find every layer's weights and gradients in the rows."""
        self._rooms: dict[tuple[str | int, ...], torch.Tensor] = {}
        self._matrices, self._biases = self._layers(self.weights)
        self._gradient_matrices, self._gradient_biases = self._layers(self.gradients)

    def _layers(self, rows: torch.Tensor) -> tuple[list[torch.Tensor], list[torch.Tensor]]:
        matrices, biases, begin = [], [], 0
        for before, after in zip(self.widths, self.widths[1:], strict=False):
            end = begin + before * after
            matrices.append(rows[:, begin:end].view(len(rows), after, before))
            biases.append(rows[:, end : end + after])
            begin = end + after
        return matrices, biases


FORWARD: Mapping[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "relu": torch.relu_,
    "tanh": torch.tanh_,
    "gelu": torch.nn.functional.gelu,
    "silu": torch.nn.functional.silu,
}

BACKWARD: Mapping[str, Callable[[torch.Tensor, torch.Tensor], torch.Tensor]] = {
    "relu": lambda change, after: _aten.threshold_backward.grad_input(change, after, 0, grad_input=change),
    "tanh": lambda change, after: _aten.tanh_backward.grad_input(change, after, grad_input=change),
    "gelu": lambda change, before: _aten.gelu_backward.grad_input(change, before, grad_input=change),
    "silu": lambda change, before: _aten.silu_backward.grad_input(change, before, grad_input=change),
}
"""Turns, in place, the gradient by what comes out of an activation into that by what goes in: from what came
out, where the activation works in place, else from what went in."""
