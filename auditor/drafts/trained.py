"""What is to be trained, as a draft has to know it: an estimator by its path or its file, or a network.

User code is only ever looked at where it may run: through ``call``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from auditor.core.records import Config
from auditor.drafts.columns import ColumnFacts, Roles
from auditor.drafts.drafting import Given, module_name, module_text, proposed_estimator
from auditor.drafts.models import ModelFacts, look_at_file, look_at_path
from auditor.drafts.networks import (
    NetworkFacts,
    defaults_of,
    facts_of_network,
    fixed_lines,
    layers_of,
    look_at_checkpoint,
    module_file,
    network_text,
    optimizer_named,
    owned,
    trainer_lines,
)
from auditor.drafts.writing import Line
from auditor.errors import DeclarationError


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """A module that is to be written beside ``schedules/``."""

    file: str
    text: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """What is trained.

    Attributes
    ----------
    lines
        ``[trainer]``.
    module
        One that has to be written for the workers, or None.
    because
        What was proposed, and why.
    network
        What a checkpoint says of it, where it is a network from one.
    optimizer
        Of a network.
    """

    model: ModelFacts
    lines: tuple[Line, ...]
    module: Module | None = None
    because: tuple[str, ...] = ()
    network: NetworkFacts | None = None
    optimizer: str | None = None

    @property
    def origin(self) -> tuple[Line, ...]:
        """What ``[production]`` says beside ``from``: which settings, where not all can be had from there."""
        if self.network is None or not self.network.apart:
            return ()
        why = f"not {', '.join(self.network.apart)}: see trainer.fixed"
        return (Line("only", self.network.agreed, why),)

    def model_of(self, production: Config) -> ModelFacts:
        """Return what the model says of itself, once it is known what production runs."""
        if self.optimizer is None:
            return self.model
        optimizer = str(production.get("optimizer", self.optimizer))
        return replace(self.model, settings=owned(production, optimizer))

    def fixed(self, production: Config) -> tuple[Line, ...]:
        """Return ``[trainer.fixed]``, once it is known what production's settings say."""
        return fixed_lines(self.network, self.optimizer, production) if self.optimizer else ()


def trained(
    asked: Given, roles: Roles, columns: Sequence[ColumnFacts], *, call: Callable[..., Any]
) -> Trained:
    """Return what is trained, having looked at it in a worker process.

    Raises
    ------
    AuditorError
        If it is missing, cannot be opened or built, or does not go with the rows.
    """
    if asked.module and asked.estimator:
        raise DeclarationError(
            f"--module {asked.module} builds a network, and --estimator {asked.estimator} is none: name one "
            "of them"
        )
    if asked.network:
        return _network(asked, roles, columns, call)
    if asked.estimator is not None:
        return _estimator(call(look_at_path, asked.estimator), asked.estimator)
    kind, _, rest = (asked.origin or "").partition(":")
    if kind in ("joblib", "skops"):
        return _of_file(asked, columns, call(look_at_file, kind, rest))
    proposed = proposed_estimator(columns, str(roles.target.column))
    why = f"trainer   {proposed}: suits this target; --estimator names yours"
    return _estimator(call(look_at_path, proposed), proposed, why)


def _estimator(model: ModelFacts, path: str, *because: str) -> Trained:
    return Trained(model=model, lines=(Line("estimator", path),), because=because)


def _of_file(asked: Given, columns: Sequence[ColumnFacts], model: ModelFacts) -> Trained:
    origin = str(asked.origin)
    lacking = [name for name in model.features or () if name not in {one.name for one in columns}]
    if lacking:
        raise DeclarationError(
            f"{asked.data} lacks {', '.join(lacking)}, which the model in {origin.partition(':')[2]} was "
            "trained on; name the rows it is trained on, or what is trained now with --estimator"
        )
    if model.path is not None:
        return _estimator(model, model.path)
    name = module_name(asked.name)
    module = Module(
        file=f"{name}.py", text=module_text(origin), says="gives the untrained model to the workers"
    )
    return Trained(model=model, lines=(Line("estimator", f"{name}:build"),), module=module)


def _network(asked: Given, roles: Roles, columns: Sequence[ColumnFacts], call: Callable[..., Any]) -> Trained:
    kind, _, rest = (asked.origin or "").partition(":")
    found: NetworkFacts | None = call(look_at_checkpoint, rest) if kind == "torch" else None
    optimizer = optimizer_named(found, asked.settings)
    settings = defaults_of(optimizer, asked.settings) if asked.origin is None else {}
    model = facts_of_network(settings, optimizer, columns, str(roles.target.column))
    module, because = (None, ()) if asked.module else _drafted_module(asked.name, found)
    path = asked.module or f"{module_file(asked.name).removesuffix('.py')}:build"
    return Trained(
        model=model,
        lines=trainer_lines(model, path),
        module=module,
        because=because,
        network=found,
        optimizer=optimizer,
    )


def _drafted_module(name: str, found: NetworkFacts | None) -> tuple[Module, tuple[str, ...]]:
    file = module_file(name)
    known = found is not None and layers_of(found.tensors) is not None
    says = (
        "builds the network by the checkpoint's tensors; what stands between layers is a guess: put in yours"
        if known
        else "is to build your network: a checkpoint does not hold its code. Write build(), or name yours "
        "with --module package.module:function"
    )
    why = "read off the tensors, with ReLU between them" if known else "yours to write"
    return Module(file=file, text=network_text(name, found), says=says), (f"network   {file}: {why}",)
