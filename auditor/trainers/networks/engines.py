"""What trains a pass of networks: torch, all of them at once, or the library in C, one after another.

Both see the same rows in the same order and drop the same units, so that they differ by rounding only.
"""

import ctypes
from collections.abc import Iterator, Sequence
from typing import Protocol

import torch

from auditor.trainers.networks.alone import PORTION
from auditor.trainers.networks.candidates import Ground
from auditor.trainers.networks.chance import draws, dropout_stream, order
from auditor.trainers.networks.native import Native, NativeNetwork, batches_of, in_batches
from auditor.trainers.networks.plain import Plain
from auditor.trainers.networks.recipes import Recipe
from auditor.trainers.networks.slopes import SLOPES, truths_of
from auditor.trainers.networks.stack import Stack
from auditor.trainers.networks.steps import RowOptimizer

_SCORED_AT_ONCE = 256
"""Rows that all networks of a stack predict in one piece: what that takes should stay in the cache."""

_SCORED_IN_C = 64
"""The same in C, where one network predicts at a time."""


class Engine(Protocol):
    """Networks of one pass."""

    def learn(self, epoch: int, rates: Sequence[float]) -> None:
        """Train every network for an epoch, counted from 0, at its learning rate."""

    def finite(self) -> list[bool]:
        """Return which networks have nothing but numbers for weights."""

    def keep(self, rows: Sequence[int]) -> None:
        """Go on with some of the networks."""

    def outputs(self) -> torch.Tensor:
        """Return what every network says of the scored rows: shape (networks, rows, outputs)."""


class StackEngine:
    """Networks of one shape, stacked in torch.

    Parameters
    ----------
    networks, recipes
        One each a network; batches are of one size.
    seed
        What all chance follows.
    """

    def __init__(
        self, networks: Sequence[Plain], recipes: Sequence[Recipe], ground: Ground, *, seed: int
    ) -> None:
        self._stack = Stack(networks, device=ground.device)
        self._optimizer = RowOptimizer(recipes, self._stack.weights, self._stack.gradients)
        self._seed, self._batch = seed, recipes[0].batch_size
        self._slope = SLOPES[ground.loss.name]
        self._fit, self._score = (
            self._filled(tensor, ground.device) for tensor in (ground.tables.fit[0], ground.tables.score[0])
        )
        kind, outputs = self._stack.weights.dtype, self._stack.outputs
        self._truths = truths_of(ground.loss.name, ground.tables.target, outputs, kind).to(ground.device)

    def learn(self, epoch: int, rates: Sequence[float]) -> None:
        """Train every network for an epoch, counted from 0, at its learning rate."""
        stream = dropout_stream(self._seed, epoch)
        for now in _portions(self._seed, epoch, len(self._fit), self._batch):
            masks = [
                None if one is None else torch.split(one.to(self._fit.device), self._batch)
                for one in draws(
                    stream, len(now), self._stack.widths[1:-1], self._stack.dropped, self._fit.dtype
                )
            ]
            there = now.to(self._fit.device)
            inputs = torch.split(self._fit[there], self._batch)
            truths = torch.split(self._truths[:, there], self._batch, dim=1)
            for number, (batch, truth) in enumerate(zip(inputs, truths, strict=True)):
                drawn = [None if mask is None else mask[number] for mask in masks]
                self._stack.learn(batch, truth, self._slope, drawn)
                self._optimizer.step(rates)

    def finite(self) -> list[bool]:
        """Return which networks have nothing but numbers for weights."""
        return self._stack.finite()

    def keep(self, rows: Sequence[int]) -> None:
        """Go on with some of the networks."""
        self._stack.keep(rows)
        self._optimizer.keep(rows, self._stack.weights, self._stack.gradients)

    def outputs(self) -> torch.Tensor:
        """Return what every network says of the scored rows: shape (networks, rows, outputs)."""
        pieces = torch.split(self._score, _SCORED_AT_ONCE)
        return torch.cat([self._stack.predict(piece)[..., : self._stack.outputs] for piece in pieces], dim=1)

    def _filled(self, inputs: torch.Tensor, device: str) -> torch.Tensor:
        missing = self._stack.widths[0] - inputs.shape[1]
        return torch.nn.functional.pad(inputs, (0, missing)).to(device)


class NativeEngine:
    """Networks of any shapes, trained in C.

    Parameters
    ----------
    networks, recipes
        One each a network; batches are of one size, weights of one type.
    seed
        What all chance follows.
    """

    def __init__(
        self,
        found: ctypes.CDLL,
        networks: Sequence[Plain],
        recipes: Sequence[Recipe],
        ground: Ground,
        *,
        seed: int,
    ) -> None:
        self._seed = seed
        self._fit, self._target = ground.tables.fit[0], ground.tables.target
        # A batch is filled up with zeros: one that is larger than all rows would be mostly that.
        self._batch = max(1, min(recipes[0].batch_size, len(self._fit)))
        score = ground.tables.score[0]
        self._score = batches_of(score, _SCORED_IN_C, torch.zeros(len(score)))
        pairs = zip(networks, recipes, strict=True)
        self._native = Native(
            found,
            [NativeNetwork(network, recipe, loss=ground.loss.name) for network, recipe in pairs],
            batch=max(self._batch, _SCORED_IN_C),
        )

    def learn(self, epoch: int, rates: Sequence[float]) -> None:
        """Train every network for an epoch, counted from 0, at its learning rate."""
        shapes = {network.shape for network in self._native.networks}
        streams = {shape: dropout_stream(self._seed, epoch) for shape in shapes if any(shape[1])}
        for now in _portions(self._seed, epoch, len(self._fit), self._batch):
            drawn = {
                shape: [
                    None if one is None else in_batches(one, self._batch).transpose(1, 2).contiguous()
                    for one in draws(stream, len(now), *shape, self._fit.dtype)
                ]
                for shape, stream in streams.items()
            }
            for network in self._native.networks:
                if network.shape in drawn:
                    network.draw(drawn[network.shape])
            self._native.learn(batches_of(self._fit[now], self._batch, self._target[now]), rates)

    def finite(self) -> list[bool]:
        """Return which networks have nothing but numbers for weights."""
        return self._native.finite()

    def keep(self, rows: Sequence[int]) -> None:
        """Go on with some of the networks."""
        self._native.keep(rows)

    def outputs(self) -> torch.Tensor:
        """Return what every network says of the scored rows: shape (networks, rows, outputs)."""
        return self._native.predict(self._score)


def _portions(seed: int, epoch: int, rows: int, batch: int) -> Iterator[torch.Tensor]:
    """Return the order of the rows in an epoch, in portions of whole batches."""
    yield from torch.split(order(seed, epoch, rows), max(1, PORTION // batch) * batch)
