"""What of a configuration says how a network is trained: optimizer, learning rate, batches, epochs.

The settings have the names that torch gives them, except that ``betas`` are two settings, ``beta1`` and
``beta2``, because each is searched on its own scale. Their defaults are torch's. Everything else in a
configuration is for the function that builds the module.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields

from auditor.core.defaults import is_number
from auditor.core.records import Value
from auditor.trainers.failing import rejected
from auditor.trainers.importing import nearest

OPTIMIZERS: Mapping[str, tuple[str, ...]] = {
    "sgd": ("momentum", "dampening", "nesterov"),
    "adam": ("beta1", "beta2", "eps", "amsgrad"),
    "adamw": ("beta1", "beta2", "eps", "amsgrad"),
    "rmsprop": ("alpha", "eps", "momentum", "centered"),
}
"""Optimizers, and the settings of each beside learning rate and weight decay."""

DECAYS = ("none", "inverse", "exponential", "linear", "cosine")
"""How the learning rate falls from epoch to epoch; see `Recipe.rate`."""

_ALIASES = {"lr": "learning_rate", "optimiser": "optimizer", "beta_1": "beta1", "beta_2": "beta2"}
_LEARNING_RATES = {"rmsprop": 1e-2}
_WEIGHT_DECAYS = {"adamw": 1e-2}

_BELOW_ONE = ("beta1", "beta2")
_SHARES = ("alpha", "dampening")
_NOT_NEGATIVE = ("learning_rate", "momentum", "eps", "weight_decay", "decay_rate")
_COUNTS = ("batch_size", "epochs")
_FLAGS = ("nesterov", "amsgrad", "centered")


class MissingSettingError(KeyError):
    """A module's function asks for a setting that there is none of; says which would be near."""

    def __str__(self) -> str:
        return str(self.args[0])  # a KeyError would show it in quotes


class Settings(dict[str, Value]):
    """A configuration that notes which of its settings are read: one that nobody reads is a mistake."""

    def __init__(self, given: Mapping[str, Value]) -> None:
        super().__init__(given)
        self._read: set[str] = set()

    @property
    def unread(self) -> tuple[str, ...]:
        """Settings that nobody has asked for."""
        return tuple(name for name in dict.keys(self) if name not in self._read)

    @property
    def read(self) -> tuple[str, ...]:
        """Names that somebody has asked for, whether they are set or not."""
        return tuple(self._read)

    def note(self, *names: str) -> None:
        """Count settings as read."""
        self._read.update(names)

    def __getitem__(self, name: str) -> Value:
        self.note(name)
        return super().__getitem__(name)

    def __missing__(self, name: str) -> Value:
        raise MissingSettingError(f"there is no setting {name!r}{nearest(name, self.unread)}")

    def get(self, name: str, default: Value = None) -> Value:  # type: ignore[override]  # one default, not three
        """Return a setting, or the default where it is not set."""
        self.note(name)
        return super().get(name, default)

    def pop(self, name: str, *default: Value) -> Value:  # type: ignore[override]  # see get
        """Take a setting out."""
        self.note(name)
        return super().pop(name, *default)

    def __contains__(self, name: object) -> bool:
        self.note(str(name))
        return super().__contains__(name)

    def __iter__(self) -> Iterator[str]:  # whoever walks all of them reads all of them
        self.note(*dict.keys(self))
        return super().__iter__()

    def keys(self):  # type: ignore[no-untyped-def]  # dict_keys has no public type
        """Return all names."""
        self.note(*dict.keys(self))
        return super().keys()

    def items(self):  # type: ignore[no-untyped-def]  # see keys
        """Return all names and values."""
        self.note(*dict.keys(self))
        return super().items()

    def values(self):  # type: ignore[no-untyped-def]  # see keys
        """Return all values."""
        self.note(*dict.keys(self))
        return super().values()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How a network is trained.

    Attributes
    ----------
    alpha
        Of RMSprop: how slowly its average of squared gradients moves.
    decay, decay_rate
        How the learning rate falls; see `rate`.
    """

    optimizer: str = "adam"
    learning_rate: float = 1e-3
    momentum: float = 0.0
    dampening: float = 0.0
    nesterov: bool = False
    beta1: float = 0.9
    beta2: float = 0.999
    amsgrad: bool = False
    alpha: float = 0.99
    centered: bool = False
    eps: float = 1e-8
    weight_decay: float = 0.0
    decay: str = "none"
    decay_rate: float = 0.0
    batch_size: int = 32
    epochs: int = 10

    def rate(self, epoch: int) -> float:
        """Return the learning rate of an epoch, counted from 0.

        With t the epoch, T the epochs of a full training, r the decay rate: ``inverse`` is ``1 / (1 + r t)``,
        ``exponential`` is ``exp(-r t)``, ``linear`` is ``1 - t / T``, ``cosine`` is
        ``(1 + cos(pi t / T)) / 2`` of the learning rate. A training that is cut short goes the same way,
        as far as it goes.
        """
        share = {
            "none": lambda: 1.0,
            "inverse": lambda: 1.0 / (1.0 + self.decay_rate * epoch),
            "exponential": lambda: math.exp(-self.decay_rate * epoch),
            "linear": lambda: 1.0 - epoch / self.epochs,
            "cosine": lambda: 0.5 * (1.0 + math.cos(math.pi * epoch / self.epochs)),
        }[self.decay]()
        return self.learning_rate * share

    def epochs_at(self, fidelity: float) -> int:
        """Return the epochs of a share of a full training; at least one."""
        # A whole number that rounding has lifted by 1e-16 is not one more.
        return max(1, math.ceil(fidelity * self.epochs - 1e-9))


def recipe_of(settings: Settings) -> Recipe:
    """Read the settings of the training loop.

    Raises
    ------
    TrialError
        If one of them holds what torch would refuse.
    """
    known = {field.name for field in fields(Recipe)}
    given = {
        _ALIASES.get(name, name): settings[name]
        for name in list(dict.keys(settings))
        if _ALIASES.get(name, name) in known
    }
    optimizer = _word("optimizer", given.get("optimizer", "adam"), OPTIMIZERS)
    if "decay_rate" in given:
        given.setdefault("decay", "inverse")
    defaults: dict[str, Value] = {
        "learning_rate": _LEARNING_RATES.get(optimizer, 1e-3),
        "weight_decay": _WEIGHT_DECAYS.get(optimizer, 0.0),
    }
    checked = {name: _checked(name, value) for name, value in {**defaults, **given}.items()}
    recipe = Recipe(**{**checked, "optimizer": optimizer})  # type: ignore[arg-type]  # each was checked by name
    if recipe.optimizer == "sgd" and recipe.nesterov and (recipe.momentum <= 0 or recipe.dampening != 0):
        raise rejected("nesterov needs a momentum above 0 and no dampening")
    return recipe


def idle_settings(settings: Mapping[str, Value], optimizer: str) -> tuple[str, ...]:
    """Return the settings that belong to another optimizer than the one that is used.

    Examples
    --------
    >>> idle_settings({"momentum": 0.9, "eps": 1e-8}, "adam")
    ('momentum',)
    """
    others = {name for names in OPTIMIZERS.values() for name in names} - set(OPTIMIZERS[optimizer])
    return tuple(name for name in settings if _ALIASES.get(name, name) in others)


def _checked(name: str, value: Value) -> Value:
    if name == "optimizer":
        return value
    if name == "decay":
        return _word(name, value, DECAYS)
    if name in _FLAGS:
        if not isinstance(value, bool):
            raise rejected(f"{name} must be true or false, got {value!r}")
        return value
    if not is_number(value) or not math.isfinite(value):
        raise rejected(f"{name} must be a number, got {value!r}")
    return _in_range(name, value)


def _in_range(name: str, value: float) -> float:
    if name in _COUNTS:
        if value < 1 or value != int(value):
            raise rejected(f"{name} must be a whole number of at least 1, got {value!r}")
        return int(value)
    if name in _BELOW_ONE and not 0.0 <= value < 1.0:
        raise rejected(f"{name} must lie in [0, 1), got {value!r}")
    if name in _SHARES and not 0.0 <= value <= 1.0:
        raise rejected(f"{name} must lie in [0, 1], got {value!r}")
    if name in _NOT_NEGATIVE and value < 0.0:
        raise rejected(f"{name} must not be negative, got {value!r}")
    return float(value)


def _word(name: str, value: Value, allowed: Mapping[str, object] | tuple[str, ...]) -> str:
    if not isinstance(value, str) or value not in allowed:
        hint = nearest(str(value), allowed)
        raise rejected(f"{name} must be one of {', '.join(allowed)}, got {value!r}{hint}")
    return value
