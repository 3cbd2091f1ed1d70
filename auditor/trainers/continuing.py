"""Estimators that are carried on from a checkpoint: those that learn by ``partial_fit``.

A live model begins with the plain ``fit`` of production. Carried on, its last step makes as many passes over
the fresh rows as that fit took, with the settings of the turn; the steps before it stay as they were fitted.
Chance follows the seed of the turn, so that twins see the same rows in the same order.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.base import is_classifier

from auditor.core.records import Config
from auditor.trainers.curves import by_epoch, last_step
from auditor.trainers.estimator_files import load, save
from auditor.trainers.failing import rejected
from auditor.trainers.rows import Rows
from auditor.trainers.sklearn import build
from auditor.trainers.training import Carry, Task, Trained, one_thread

_STRUCTURE = {
    "hidden_layer_sizes": "a checkpoint cannot carry another number of hidden units",
    "activation": "the weights were learned for another activation",
    "solver": "the state of one optimiser is nothing to another",
    "fit_intercept": "a checkpoint has an intercept or has none",
    "n_components": "a checkpoint cannot carry another number of components",
    "warm_start": "it says how fit begins, not how training goes on",
    "class_weight": "the live model keeps the weights of the classes",
}
"""What a checkpoint fixes, by the setting's own name."""

_FITS_ONLY = frozenset(
    {
        "max_iter", "n_iter", "tol", "n_iter_no_change", "early_stopping", "validation_fraction", "max_fun",
        "random_state", "n_jobs", "verbose",
    }
)  # fmt: skip
"""What fit heeds and partial_fit does not: how many passes there are is decided by the turn."""

_OPTIMISER = {
    "learning_rate_init": ("learning_rate_init", "learning_rate"),
    "momentum": ("momentum",),
    "nesterovs_momentum": ("nesterov",),
    "beta_1": ("beta_1",),
    "beta_2": ("beta_2",),
    "epsilon": ("epsilon",),
    "power_t": ("power_t",),
}
"""Settings of a multi-layer perceptron that its optimiser has copied, and what they are called there."""


def continues(estimator: Any) -> bool:
    """Return whether an estimator can go on from a checkpoint."""
    return hasattr(last_step(estimator), "partial_fit")


def uncarried(estimator: Any) -> Mapping[str, str]:
    """Return the settings that going on from a checkpoint cannot change, each with the reason."""
    last = last_step(estimator)
    prefix = "" if last is estimator else f"{estimator.steps[-1][0]}__"
    found = {}
    for name in estimator.get_params(deep=True):
        own = name.removeprefix(prefix)
        if not name.startswith(prefix) or "__" in own:
            found[name] = "the steps before the last stay as they were fitted"
        elif own in _FITS_ONLY:
            found[name] = "a turn decides itself how long it trains"
        elif own in _STRUCTURE:
            found[name] = _STRUCTURE[own]
    return found


def carried_on(task: Task, carry: Carry) -> Trained:
    """Begin a live model, carry it on, or score it as it is."""
    if carry.resume is None:
        return _begun(task, carry.leave)
    estimator = load(carry.resume, entry=task.trainer.entry)
    with one_thread(task.trainer.entry):
        done = None if carry.leave is None else _carry_on(estimator, task)
        losses = task.judge.losses(estimator)
    if carry.leave is not None:
        save(estimator, carry.leave, entry=task.trainer.entry)
    return Trained(losses, done)


def _begun(task: Task, leave: Path | None) -> Trained:
    estimator = build(task.trainer, task.config, seed=task.seed)
    with one_thread(task.trainer.entry):
        estimator.fit(task.rows.features, task.rows.target)
        losses = task.judge.losses(estimator)
    if leave is not None:
        save(estimator, leave, entry=task.trainer.entry)
    done = getattr(last_step(estimator), "n_iter_", None)
    return Trained(losses, int(done) if isinstance(done, int | np.integer) else None)


def _carry_on(estimator: Any, task: Task) -> int:
    """Make the passes of a turn over its rows, and return how many they were."""
    last = last_step(estimator)
    fixed = uncarried(estimator)
    wanted = {name: value for name, value in task.config.items() if name not in fixed}
    try:
        estimator.set_params(**wanted)
    except ValueError as error:
        raise rejected(str(error)) from error
    before = last.get_params(deep=False)
    rows = task.rows
    if last is not estimator:
        rows = Rows(estimator[:-1].transform(rows.features), rows.target)
    if "random_state" in before:
        last.set_params(random_state=np.random.RandomState(task.seed % 2**32))
    last.set_params(**{name: value for name, value in by_epoch(last, rows).items() if name != "random_state"})
    _tell_optimiser(last, {name.rpartition("__")[2]: value for name, value in wanted.items()})
    passes = task.extent.horizon or 1
    _refuse_new_classes(last, rows)
    for _ in range(passes):
        last.partial_fit(rows.features, rows.target)
    lent = ("random_state", "early_stopping", "class_weight")
    last.set_params(**{name: before[name] for name in lent if name in before})
    return passes


def _tell_optimiser(last: Any, wanted: Config) -> None:
    """Hand settings to the optimiser of a perceptron, which copied them when the model began."""
    optimiser = getattr(last, "_optimizer", None)
    for name, value in wanted.items():
        for attribute in _OPTIMISER.get(name, ()):
            if optimiser is not None and hasattr(optimiser, attribute):
                setattr(optimiser, attribute, value)


def _refuse_new_classes(last: Any, rows: Rows) -> None:
    known = getattr(last, "classes_", None)
    if known is None or not is_classifier(last):
        return
    new = np.setdiff1d(np.unique(rows.target), known)
    if new.size:
        raise rejected(
            f"the class {new[0]!s} was not among the rows that the live model began with; capture production "
            "again to begin a new one"
        )
