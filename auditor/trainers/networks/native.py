"""Plain networks trained by a small program in C, one after another, each staying in the cache.

It is compiled as the package is installed (``_native.c``), where there is a C compiler, and loaded with
ctypes. Where there was none, `library` returns None, and networks are stacked in torch, with the same results
but for rounding. Measured beside torch's own loop in ``benchmarks/torch_caviar.py``.
"""

import ctypes
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from itertools import pairwise

import torch

from auditor.trainers.networks.plain import LANES, Plain, filled
from auditor.trainers.networks.recipes import Recipe

VERSION = 1
"""Of the library: one that was compiled from other sources is left alone."""

MOST_LAYERS = 31
"""Linear layers that it has room for: with what goes in, 32 layers of values."""

TYPES = (torch.float32, torch.float64)
"""What it reckons in."""

_ACTIVATIONS = ("relu", "tanh", "gelu", "silu")
_LOSSES = ("cross_entropy", "binary_cross_entropy", "mse", "mae", "huber")
_OPTIMIZERS = {"sgd": 0, "adam": 1, "adamw": 1, "rmsprop": 2}
_NUMBERS = ("momentum", "dampening", "beta1", "beta2", "alpha", "eps", "weight_decay")
_FLAGS = ("nesterov", "amsgrad", "centered")


class _Network(ctypes.Structure):
    """``network`` of ``_native.c``."""

    _fields_ = (
        *((name, ctypes.c_int64) for name in ("layers", "loss", "optimizer", "decoupled", *_FLAGS, "step")),
        *((name, ctypes.POINTER(ctypes.c_int64)) for name in ("widths", "activations", "dropped", "drawn")),
        ("dropouts", ctypes.POINTER(ctypes.c_double)),
        *((name, ctypes.c_double) for name in ("rate", *_NUMBERS)),
        ("weights", ctypes.c_void_p),
        ("states", ctypes.c_void_p * 3),
        ("draws", ctypes.POINTER(ctypes.c_void_p)),
    )


class _Batches(ctypes.Structure):
    """``batches`` of ``_native.c``."""

    _fields_ = (
        ("rows", ctypes.c_int64),
        ("batch", ctypes.c_int64),
        *((name, ctypes.c_void_p) for name in ("straight", "across", "truth", "room")),
    )


@cache
def library() -> ctypes.CDLL | None:
    """Return the compiled library, or None where there is none that suits."""
    found = find_spec("auditor.trainers.networks._native")
    if found is None or found.origin is None:
        return None
    try:
        loaded = ctypes.CDLL(found.origin)
        if loaded.auditor_version() != VERSION:
            return None
    except (OSError, AttributeError):  # made for another machine, or something else altogether
        return None
    whole, where = ctypes.c_int64, ctypes.c_void_p
    loaded.auditor_room.argtypes, loaded.auditor_room.restype = (where, whole), whole
    loaded.auditor_learn.argtypes = (ctypes.c_int, ctypes.c_int, where, whole, where)
    loaded.auditor_learn.restype = loaded.auditor_predict.restype = None
    loaded.auditor_predict.argtypes = (*loaded.auditor_learn.argtypes, where)
    loaded.auditor_finite.argtypes = (ctypes.c_int, ctypes.c_int, where)
    return loaded


@dataclass(frozen=True, slots=True, eq=False)
class Batches:
    """Rows in batches, laid out in both ways in which they are read.

    Attributes
    ----------
    rows, batch
        How many there are, and how many make a batch.
    straight
        Shape (batches, filled batch, filled columns).
    across
        Shape (batches, columns, filled batch).
    truth
        Shape (batches, filled batch): codes of classes, or numbers.
    """

    rows: int
    batch: int
    straight: torch.Tensor
    across: torch.Tensor
    truth: torch.Tensor


def batches_of(inputs: torch.Tensor, batch: int, target: torch.Tensor) -> Batches:
    """Lay rows out in batches.

    Parameters
    ----------
    inputs
        Shape (rows, columns).
    target
        Shape (rows,).
    """
    rows, columns = inputs.shape
    straight = in_batches(inputs, batch)
    return Batches(
        rows,
        batch,
        torch.nn.functional.pad(straight, (0, _up(columns) - columns)).contiguous(),
        straight.transpose(1, 2).contiguous(),
        in_batches(target[:, None].to(inputs.dtype), batch)[..., 0].contiguous(),
    )


def in_batches(rows: torch.Tensor, batch: int) -> torch.Tensor:
    """Return rows in batches, filled up with zeros: shape (batches, filled batch, columns)."""
    count = -(-len(rows) // batch)
    whole = torch.nn.functional.pad(rows, (0, 0, 0, count * batch - len(rows)))
    return torch.nn.functional.pad(whole.view(count, batch, -1), (0, 0, 0, _up(batch) - batch))


class NativeNetwork:
    """A network in the memory of the library: its weights, their averages, and how it is trained.

    Parameters
    ----------
    network
        Where it begins.
    loss
        One of `losses.LOSSES`.

    Attributes
    ----------
    shape
        Widths as dropout draws for them, and after which layers.
    """

    def __init__(self, network: Plain, recipe: Recipe, *, loss: str) -> None:
        widths, self.kind = network.widths, network.weights[0].dtype
        sizes = [size for before, after in _pairs(widths) for size in (after * _up(before), _up(after))]
        states = _states(recipe)
        self._memory = torch.zeros(1 + states, sum(sizes), dtype=self.kind)
        self._pieces = list(zip(_pairs(widths), *_halves(self._memory[0], sizes), strict=True))
        for own, given in zip(self.weights(), _in_turn(network.weights, network.biases), strict=True):
            own.copy_(given)
        drawn = filled(widths)[1:-1]
        dropped = tuple(rate is not None for rate in network.dropouts)
        self.shape = (drawn, dropped)
        self._draws = (ctypes.c_void_p * len(drawn))()
        self.struct = _Network(
            layers=len(widths) - 1,
            loss=_LOSSES.index(loss),
            optimizer=_OPTIMIZERS[recipe.optimizer],
            decoupled=recipe.optimizer == "adamw",
            widths=_integers(widths),
            activations=_integers([_ACTIVATIONS.index(name) for name in network.activations]),
            dropped=_integers(dropped),
            drawn=_integers(drawn),
            dropouts=(ctypes.c_double * len(dropped))(*[rate or 0.0 for rate in network.dropouts]),
            weights=self._memory[0].data_ptr(),
            states=(ctypes.c_void_p * 3)(*[state.data_ptr() for state in self._memory[1:]]),
            draws=self._draws,
            **{name: getattr(recipe, name) for name in (*_FLAGS, *_NUMBERS)},
        )

    def weights(self) -> list[torch.Tensor]:
        """Return weights and biases, layer by layer, in the shapes that torch has them in."""
        return [
            piece
            for (before, after), matrix, biases in self._pieces
            for piece in (matrix.view(after, -1)[:, :before], biases[:after])
        ]

    def draw(self, draws: Sequence[torch.Tensor | None]) -> None:
        """Take what dropout has drawn for the next batches: shape (batches, drawn, filled batch) a layer."""
        self._draws[:] = [None if one is None else one.data_ptr() for one in draws]


class Native:
    """Calls the library for networks of one type of number, which need not have one shape.

    Parameters
    ----------
    batch
        Rows of the largest batch.
    instructions
        0: those of every processor of this kind; 1: AVX2; 2: AVX-512; by default the best there are.
    """

    def __init__(
        self,
        found: ctypes.CDLL,
        networks: Iterable[NativeNetwork],
        *,
        batch: int,
        instructions: int | None = None,
    ) -> None:
        self._library = found
        self._set = found.auditor_best() if instructions is None else instructions
        self.networks = list(networks)
        self._kind = self.networks[0].kind
        room = max(found.auditor_room(ctypes.byref(each.struct), batch) for each in self.networks)
        self._room = torch.empty(room, dtype=self._kind)

    @property
    def _single(self) -> bool:
        return self._kind == torch.float32

    def learn(self, batches: Batches, rates: Sequence[float]) -> None:
        """Train every network on batches, at its learning rate."""
        for network, rate in zip(self.networks, rates, strict=True):
            network.struct.rate = rate
        self._library.auditor_learn(self._single, self._set, *self._asked(batches))

    def predict(self, batches: Batches) -> torch.Tensor:
        """Return what every network says of rows: shape (networks, rows, outputs)."""
        struct = self.networks[0].struct
        out = torch.empty(len(self.networks), batches.rows, struct.widths[struct.layers], dtype=self._kind)
        self._library.auditor_predict(self._single, self._set, *self._asked(batches), out.data_ptr())
        return out

    def finite(self) -> list[bool]:
        """Return which networks have nothing but numbers for weights."""
        ask = self._library.auditor_finite
        return [bool(ask(self._single, self._set, ctypes.byref(each.struct))) for each in self.networks]

    def keep(self, rows: Sequence[int]) -> None:
        """Go on with some of the networks."""
        self.networks = [self.networks[row] for row in rows]

    def _asked(self, batches: Batches) -> tuple[object, int, object]:
        pointers = (ctypes.POINTER(_Network) * len(self.networks))(
            *[ctypes.pointer(network.struct) for network in self.networks]
        )
        tensors = (batches.straight, batches.across, batches.truth, self._room)
        given = _Batches(batches.rows, batches.batch, *[tensor.data_ptr() for tensor in tensors])
        return pointers, len(self.networks), ctypes.byref(given)


def _states(recipe: Recipe) -> int:
    """Return how many numbers are kept for a weight."""
    if recipe.optimizer == "sgd":
        return int(recipe.momentum > 0)
    return 2 + (recipe.amsgrad if recipe.optimizer in ("adam", "adamw") else recipe.centered)


def _halves(
    whole: torch.Tensor, sizes: Sequence[int]
) -> tuple[Sequence[torch.Tensor], Sequence[torch.Tensor]]:
    """Return matrices and biases, which lie in turns."""
    pieces = torch.split(whole, list(sizes))
    return pieces[::2], pieces[1::2]


def _in_turn(weights: Sequence[torch.Tensor], biases: Sequence[torch.Tensor]) -> list[torch.Tensor]:
    return [one for pair in zip(weights, biases, strict=True) for one in pair]


def _pairs(widths: Sequence[int]) -> list[tuple[int, int]]:
    return list(pairwise(widths))


def _up(count: int) -> int:
    """Return a count, filled up to whole vectors."""
    return -(-count // LANES) * LANES


def _integers(values: Sequence[int]) -> "ctypes.Array[ctypes.c_int64]":
    return (ctypes.c_int64 * len(values))(*values)
