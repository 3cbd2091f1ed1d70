"""What a torch checkpoint says of the network that production trained, and a module that builds it again.

A checkpoint holds tensors and the optimizer's settings; the class that gave the tensors their shapes is code,
which it does not hold. Where the tensors are those of linear layers behind one another, a module that builds
them is written; of any other network, one that says what is missing, with its tensors listed.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from auditor.core.places import without_place
from auditor.core.records import Config, Value
from auditor.drafts.columns import ColumnFacts, is_classes
from auditor.drafts.models import ModelFacts, SettingFacts
from auditor.drafts.ranges import table_of
from auditor.drafts.writing import Line
from auditor.errors import CaptureError, DeclarationError, printable

Shapes = tuple[tuple[str, tuple[int, ...]], ...]
"""Names and shapes of tensors, in the order of the checkpoint."""

OPTIMIZERS: Mapping[str, frozenset[str]] = {
    "sgd": frozenset({"momentum", "dampening", "nesterov"}),
    "adam": frozenset({"betas", "eps", "amsgrad"}),
    "rmsprop": frozenset({"alpha", "centered", "momentum"}),
}
"""Settings by which an optimizer is known; a checkpoint does not hold its name."""

_LOOP: Config = {"epochs": 10, "batch_size": 32}
"""What no optimizer knows of a training, and auditor's own values for it."""

_LR = "learning_rate"

_LISTED = 40
"""Tensors that a drafted module lists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkFacts:
    """What a checkpoint says of a network.

    Attributes
    ----------
    optimizer
        As the trainer calls it, or None where the place that was named is none.
    agreed
        Settings that all groups of the network's parameters share.
    apart
        Settings that differ between groups of the network's parameters, with their values by group.
    tensors
        Of the network; empty where it is not in the checkpoint.
    """

    path: str
    optimizer: str | None
    agreed: tuple[str, ...] = ()
    apart: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)
    tensors: Shapes = ()


def look_at_checkpoint(rest: str) -> NetworkFacts:
    """Return what a checkpoint says of the network that was trained. Runs in a worker process.

    Parameters
    ----------
    rest
        ``path#key/key``, as after ``torch:``.

    Raises
    ------
    CaptureError
        If it cannot be opened without unpickling it, or was trained with an optimizer that the trainer lacks.
    """
    from auditor.sources.checkpoints import is_optimizer, open_checkpoint, part_of, settings_of_groups

    path, _, pointer = rest.partition("#")
    origin = f"torch:{rest}"
    held = open_checkpoint(path, origin)
    place: Any = part_of(held, pointer, origin)
    if not is_optimizer(place):
        return NetworkFacts(path=path, optimizer=None, tensors=_shapes(held))
    groups = place["param_groups"]
    found = settings_of_groups(place)
    names = dict.fromkeys(name.rpartition(".")[0] for name in found if "." in name)
    by_group = [_by_name(group, names) for group in groups]
    return NetworkFacts(
        path=path,
        optimizer=_optimizer(groups[0], origin),
        agreed=tuple(_by_name(groups[0], [name for name in found if "." not in name])),
        apart={name: tuple(group[name] for group in by_group) for name in by_group[0]},
        tensors=_shapes(held),
    )


def _by_name(group: Mapping[str, Any], names: Iterable[str]) -> Config:
    """Return some settings of a group, with Adam's pair of averages as two."""
    found: dict[str, Value] = {}
    for name in names:
        if name == "betas":
            found["beta1"], found["beta2"] = group[name]
        else:
            found[name] = group.get(name)
    return found


def _optimizer(group: Mapping[str, object], origin: str) -> str:
    if "momentum_decay" not in group:  # NAdam's, which has all that Adam has but amsgrad in some releases
        for name, own in OPTIMIZERS.items():
            if own <= set(group):
                return "adamw" if name == "adam" and group.get("decoupled_weight_decay") else name
    known = ", ".join(sorted(name for name in group if name not in ("params", "param_names")))
    raise CaptureError(
        f"{origin}: its optimizer is none of sgd, adam, adamw, rmsprop, by its settings ({known}); audit "
        'your own loop instead: [trainer] kind = "python"'
    )


def _shapes(held: object) -> Shapes:
    """Return the tensors of the first network's state that a checkpoint holds; empty where there is none."""
    if not isinstance(held, Mapping):
        return ()
    for place in (held, *held.values()):
        if isinstance(place, Mapping) and place and all(hasattr(one, "shape") for one in place.values()):
            return tuple((str(name), tuple(one.shape)) for name, one in place.items())
    return ()


def layers_of(tensors: Shapes) -> tuple[int, ...] | None:
    """Return the widths of linear layers behind one another, inputs first; None for any other network.

    Examples
    --------
    >>> layers_of((("0.weight", (16, 4)), ("0.bias", (16,)), ("2.weight", (3, 16)), ("2.bias", (3,))))
    (4, 16, 3)
    >>> layers_of((("conv.weight", (8, 3, 3, 3)), ("conv.bias", (8,)))) is None
    True
    """
    weights = [shape for name, shape in tensors if re.search(r"(^|\.)weight$", name)]
    biases = [shape for name, shape in tensors if re.search(r"(^|\.)bias$", name)]
    if not weights or any(len(shape) != 2 for shape in weights):
        return None
    if biases != [shape[:1] for shape in weights] or len(tensors) != 2 * len(weights):
        return None
    joined = all(one[0] == other[1] for one, other in pairwise(weights))
    return (weights[0][1], *(shape[0] for shape in weights)) if joined else None


def optimizer_named(found: NetworkFacts | None, settings: Config) -> str:
    """Return the optimizer that production is trained with: as asked for, as a checkpoint shows, or Adam."""
    asked = settings.get("optimizer")
    return str(asked) if asked is not None else (found and found.optimizer) or "adam"


def defaults_of(optimizer: str, settings: Config) -> Config:
    """Return an optimizer's own values for what it reads and nobody set, under the trainer's names.

    Raises
    ------
    DeclarationError
        If the trainer has no such optimizer.
    """
    from auditor.trainers.networks.recipes import OPTIMIZERS as SETTINGS
    from auditor.trainers.networks.recipes import Settings, recipe_of

    if optimizer not in SETTINGS:
        raise DeclarationError(
            f"--set optimizer={optimizer}: there is no such optimizer; there are: {', '.join(SETTINGS)}"
        )
    recipe = recipe_of(Settings({"optimizer": optimizer}))
    names = ("learning_rate", *SETTINGS[optimizer], "weight_decay")
    set_ones = {_LR if name == "lr" else name for name in settings}
    return {name: getattr(recipe, name) for name in names if name not in set_ones}


def facts_of_network(
    settings: Config, optimizer: str, columns: Sequence[ColumnFacts], target: str
) -> ModelFacts:
    """Return what is known of a network before it is trained, as `facts_of` says it of an estimator."""
    (facts,) = (column for column in columns if column.name == target)
    return ModelFacts(
        path=None,
        kind=f"the optimizer {optimizer}",
        classifier=is_classes(facts),
        probabilities=True,
        takes_text=True,  # the trainer encodes it
        settings=owned(settings, optimizer),
    )


def owned(settings: Config, optimizer: str) -> tuple[SettingFacts, ...]:
    """Return settings with whose they are: the optimizer's, or the network's own."""
    table = table_of(optimizer)
    return tuple(
        SettingFacts(name=name, value=value, owner=optimizer if without_place(name) in table else "")
        for name, value in settings.items()
    )


def trainer_lines(model: ModelFacts, module: str) -> tuple[Line, ...]:
    """Return ``[trainer]`` for a network."""
    loss = "cross_entropy" if model.classifier else "mse"
    return (
        Line("kind", "torch", "the training loop is auditor's"),
        Line("module", module, "builds production's network, untrained"),
        Line("loss", loss, "or binary_cross_entropy, mse, mae, huber, an import path of your own"),
    )


def fixed_lines(found: NetworkFacts | None, optimizer: str, production: Config) -> tuple[Line, ...]:
    """Return what is held fixed: what production's settings do not say of its training."""
    if found is not None and found.optimizer is not None:
        lines = [Line("optimizer", optimizer, f"by its settings in {found.path}")]
    else:
        lines = [Line("optimizer", optimizer, "NOBODY SAID: put in what production is trained with")]
    for name, values in ({} if found is None else found.apart).items():
        others = ", ".join(str(value) for value in values[1:])
        lines.append(Line(name, values[0], f"other parameters have {others}; auditor's loop has one for all"))
    lines += [
        Line(name, value, "NOBODY SAID: put in how production is trained") for name, value in _LOOP.items()
    ]
    return tuple(line for line in lines if line.key not in production)


def network_text(name: str, found: NetworkFacts | None) -> str:
    """Return a module that builds production's network where its tensors say how, or says what is missing."""
    widths = layers_of(found.tensors) if found else None
    if found is None or widths is None:
        return _missing(name, found)
    inner = ", ".join(str(width) for width in widths[1:-1])
    sizes = f"(inputs, {inner}, outputs)" if inner else "(inputs, outputs)"
    return f'''"""The network that production trains, untrained, for the workers. Yours to change.

Its layers are those of the tensors in {_path(found)}. What stands between them is in no checkpoint:
ReLU is a guess. A width that is to be searched is read from the settings: settings["hidden_units"].
"""

from torch import nn


def build(settings, inputs, outputs):
    """Return the network for so many columns in and so many values out; its weights are not trained."""
    widths = {sizes}
    layers = []
    for wide, following in zip(widths, widths[1:]):
        layers += [nn.Linear(wide, following), nn.ReLU()]
    return nn.Sequential(*layers[:-1])
'''


def _missing(name: str, found: NetworkFacts | None) -> str:
    tensors = found.tensors if found else ()
    listed = [f"#   {printable(one)}  {' x '.join(map(str, shape)) or 'a number'}" for one, shape in tensors]
    more = [f"#   ... and {len(listed) - _LISTED} more"] if len(listed) > _LISTED else []
    head = [f"# The tensors in {_path(found)}:"] if found and tensors else []
    shown = "\n".join([*head, *listed[:_LISTED], *more])
    return f'''"""The network that production trains, untrained, for the workers. Yours to write.

A checkpoint holds its tensors and not its code.
"""

{shown}


def build(settings, inputs, outputs):
    """Return a torch.nn.Module for so many columns in and so many values out; do not load its weights."""
    raise NotImplementedError(
        "build() in {module_file(name)} has to return production's network; it is yours to write"
    )
'''.replace('"""\n\n\n\n\ndef', '"""\n\n\ndef')


def _path(found: NetworkFacts) -> str:
    return printable(found.path).replace('"', "'").replace("\\", "/")


def module_file(name: str) -> str:
    """Return the file of the module that builds the network of a schedule.

    Examples
    --------
    >>> module_file("late-flights.2")
    'late_flights_2_network.py'
    """
    plain = re.sub(r"\W", "_", name)
    return f"{'_' if plain[0].isdigit() else ''}{plain}_network.py"
