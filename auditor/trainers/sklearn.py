"""Estimators with scikit-learn's interface: built, set, seeded.

A schedule names a class, or a function without arguments that returns an estimator or a
pipeline. Whatever keeps scikit-learn's promises (``get_params``, ``set_params``, ``fit``,
``predict``) is an estimator here: xgboost and lightgbm pass through the same door.
"""

from collections.abc import Mapping
from typing import Any

from sklearn.base import clone

from auditor.core.places import put_together
from auditor.core.records import TrainerSpec, Value
from auditor.errors import TrainerError, one_line
from auditor.trainers.failing import rejected
from auditor.trainers.importing import import_object, nearest

_LARGEST_SEED = 2**31 - 1
"""scikit-learn takes seeds below 2**32; lightgbm and others read a signed 32-bit integer."""


def blank(trainer: TrainerSpec) -> Any:
    """Return the trainer's estimator as it is when no setting is given.

    Raises
    ------
    TrainerError
        If there is none at the import path, or it cannot be built.
    """
    found = import_object(trainer.entry)
    try:
        # A ready-made estimator must not be trained in place: the next trial would find it fitted.
        estimator = clone(found) if _is_estimator(found) and not isinstance(found, type) else found()
    except (Exception, SystemExit) as error:
        raise TrainerError(f"{trainer.entry!r} cannot be built: {one_line(error)}") from error
    if not _is_estimator(estimator) or isinstance(estimator, type):
        raise TrainerError(
            f"{trainer.entry!r} gives {type(estimator).__name__!r}, which is not an estimator: it needs "
            "fit, predict, get_params and set_params"
        )
    return estimator


def build(trainer: TrainerSpec, config: Mapping[str, Value], *, seed: int) -> Any:
    """Return an unfitted estimator with its settings and its seed.

    Parameters
    ----------
    config
        Settings by name, ``step__setting`` within pipelines; they override ``trainer.fixed``.
    seed
        Given to every ``random_state``, of any step, that nobody has fixed.

    Raises
    ------
    TrainerError
        As `blank`.
    TrialError
        If the estimator refuses a setting.
    """
    estimator = blank(trainer)
    try:
        settings = put_together({**trainer.fixed, **config})
    except ValueError as error:
        raise rejected(str(error)) from error
    try:
        estimator.set_params(**settings)
    except Exception as error:
        unknown = _unknown(estimator, settings)
        raise rejected(unknown or one_line(error)) from error
    estimator.set_params(**_running(estimator, settings, seed))
    return estimator


def parameters(estimator: Any) -> dict[str, Any]:
    """Return every parameter of an estimator and of its steps, by name."""
    found: dict[str, Any] = estimator.get_params(deep=True)
    return found


def _unknown(estimator: Any, settings: Mapping[str, object]) -> str | None:
    """Return which setting an estimator does not have, and the nearest that it has."""
    known = parameters(estimator)
    for name in settings:
        if name not in known:
            plain = [other for other, value in known.items() if not hasattr(value, "fit")]
            kind = type(estimator).__name__
            return f"{kind} has no setting {name!r}{nearest(name, plain)}"
    return None


def _running(estimator: Any, settings: Mapping[str, object], seed: int) -> dict[str, int]:
    """Return what a trial decides, not the user: chance follows its seed, and it has one thread."""
    decided: dict[str, int] = {}
    for name, value in parameters(estimator).items():
        last = name.rpartition("__")[2]
        if last == "random_state" and value is None and name not in settings:
            decided[name] = seed % _LARGEST_SEED
        if last == "n_jobs":
            decided[name] = 1
    return decided


def _is_estimator(found: Any) -> bool:
    return all(hasattr(found, name) for name in ("fit", "predict", "get_params", "set_params"))
