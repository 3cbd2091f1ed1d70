"""What an estimator, or a file that holds one, says of itself. Runs in a worker process.

Importing a user's module and opening a pickle both run code that is not ours, so nothing here may be
called but through an executor.
"""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from auditor.core.places import spread
from auditor.core.records import Config, Value
from auditor.errors import CaptureError, TrainerError, one_line
from auditor.sources.artefacts import open_artefact
from auditor.sources.lists import parts_of, unboxed
from auditor.sources.texts import is_plain
from auditor.trainers.importing import import_object

XGBOOST_DEFAULTS: Config = {
    "learning_rate": 0.3,
    "max_depth": 6,
    "min_child_weight": 1.0,
    "subsample": 1.0,
    "colsample_bytree": 1.0,
    "colsample_bylevel": 1.0,
    "colsample_bynode": 1.0,
    "max_leaves": 0,
    "grow_policy": "depthwise",
    "reg_lambda": 1.0,
    "reg_alpha": 0.0,
    "gamma": 0.0,
    "n_estimators": 100,
}
"""What XGBoost takes where its estimators hold None (XGBoost's documentation, "XGBoost Parameters")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingFacts:
    """One plain setting of an estimator.

    Attributes
    ----------
    owner
        Class of the estimator or of the step that has it.
    open
        Whether the estimator leaves it to its library, whose default is the value.
    """

    name: str
    value: Value
    owner: str
    open: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFacts:
    """What an estimator says of itself.

    Attributes
    ----------
    path
        Import path that gives it untrained, or None where only its file does: a pipeline, for example.
    kind
        Its class.
    classifier
        None if it does not say.
    probabilities
        Whether it gives class probabilities.
    takes_text
        Whether columns of text may be handed to it, as categories.
    features
        Columns that it was trained on, where it is trained and remembers them.
    """

    path: str | None
    kind: str
    classifier: bool | None
    probabilities: bool
    takes_text: bool
    settings: tuple[SettingFacts, ...]
    features: tuple[str, ...] | None = None


def look_at_path(path: str) -> ModelFacts:
    """Return what the estimator at an import path says of itself, at its defaults.

    Raises
    ------
    TrainerError
        If there is none, or it cannot be built.
    """
    found = import_object(path)
    try:
        estimator = found if _is_estimator(found) and not isinstance(found, type) else found()
    except Exception as error:  # whatever the user's function raises
        raise TrainerError(f"{path!r} cannot be built: {one_line(error)}") from error
    if not _is_estimator(estimator):
        raise TrainerError(
            f"{path!r} gives {type(estimator).__name__!r}, which is not an estimator: it needs fit, predict, "
            "get_params and set_params"
        )
    return facts_of(estimator, path)


def look_at_file(kind: str, path: str) -> ModelFacts:
    """Return what the estimator in a file says of itself. Whoever names a pickle to draft from trusts it.

    Parameters
    ----------
    kind
        ``joblib`` or ``skops``.

    Raises
    ------
    CaptureError
        If the file is missing, cannot be opened, or holds no estimator.
    """
    held = open_artefact(kind, path, kind == "joblib")
    if not _is_estimator(held):
        raise CaptureError(
            f"{kind}:{path}: holds {type(held).__name__!r}, which is no estimator; name the one that is "
            "trained with --estimator package.module:name"
        )
    return facts_of(held, public_path(held))


def _is_estimator(found: Any) -> bool:
    return all(hasattr(found, name) for name in ("fit", "predict", "get_params", "set_params"))


def facts_of(estimator: Any, path: str | None) -> ModelFacts:
    """Return what an estimator says of itself.

    Parameters
    ----------
    path
        Import path that gives it untrained, or None where there is none.
    """
    from sklearn.base import is_classifier, is_regressor

    owners = _owners(estimator)
    classifier = True if is_classifier(estimator) else False if is_regressor(estimator) else None
    return ModelFacts(
        path=path,
        kind=type(estimator).__name__,
        classifier=classifier,
        probabilities=hasattr(estimator, "predict_proba"),
        takes_text=_takes_text(estimator),
        settings=tuple(_settings(estimator, owners)),
        features=_features(estimator),
    )


def _owners(estimator: Any) -> Mapping[str, Any]:
    """Return the estimator and its steps by the prefix of their settings."""
    found = {"": estimator}
    for name, value in estimator.get_params(deep=True).items():
        if hasattr(value, "get_params") and not isinstance(value, type):
            found[name] = value
    return found


def _settings(estimator: Any, owners: Mapping[str, Any]) -> list[SettingFacts]:
    found = []
    for name, value in estimator.get_params(deep=True).items():
        own = name.rpartition("__")[2]
        owner = type(owners.get(name.rpartition("__")[0], estimator)).__name__
        if value is None and owner.startswith("XGB") and own in XGBOOST_DEFAULTS:
            found.append(SettingFacts(name=name, value=XGBOOST_DEFAULTS[own], owner=owner, open=True))
            continue
        found += [SettingFacts(name=each, value=held, owner=owner) for each, held in _plainly(name, value)]
    return found


def _plainly(name: str, value: object) -> list[tuple[str, Value]]:
    """Return a setting with its plain value, or a setting for each part of a short list; else nothing."""
    value = unboxed(value)
    parts = parts_of(value)
    if parts is not None:
        return list(spread(name, parts).items())
    if not is_plain(value) or value != value:  # NaN says "missing" to scikit-learn
        return []
    return [(name, value)]


def _features(estimator: Any) -> tuple[str, ...] | None:
    """Return the columns that an estimator was trained on; None where it has not seen their names."""
    try:
        names = getattr(estimator, "feature_names_in_", None)
    except Exception:  # a property that its library guards with an error of its own
        return None
    return None if names is None else tuple(str(name) for name in names)


def _takes_text(estimator: Any) -> bool:
    """Return whether text may stay: some boosting reads categories, and a pipeline may encode."""
    name = type(estimator).__name__
    if name == "Pipeline" or name.startswith(("LGBM", "CatBoost")):
        return True
    return getattr(estimator, "categorical_features", None) == "from_dtype"


def public_path(estimator: Any) -> str | None:
    """Return the shortest import path of an estimator's class, or None where its settings do not make it.

    An estimator that holds others (a pipeline, a stack) is not made by its class alone, and neither is one
    with a setting that is no plain value, weights by class for example.
    """
    if _holds_more(estimator) or any(hasattr(value, "get_params") for value in _nested(estimator)):
        return None
    kind = type(estimator)
    parts = kind.__module__.split(".")
    for length in range(1, len(parts) + 1):
        module = ".".join(parts[:length])
        if any(part.startswith("_") for part in parts[:length]):
            break
        if getattr(importlib.import_module(module), kind.__name__, None) is kind:
            return f"{module}:{kind.__name__}"
    return f"{kind.__module__}:{kind.__qualname__}"


def _holds_more(estimator: Any) -> bool:
    """Return whether a setting that is no plain value differs from the class's own default."""
    given = {
        name: value
        for name, value in estimator.get_params(deep=False).items()
        if not (is_plain(unboxed(value)) or parts_of(value) is not None)
    }
    try:
        usual = type(estimator)().get_params(deep=False)
    except Exception:  # a class that needs arguments
        return bool(given)
    return any(name not in usual or repr(value) != repr(usual[name]) for name, value in given.items())


def _nested(estimator: Any) -> list[Any]:
    values = list(estimator.get_params(deep=False).values())
    inside = [part for value in values if isinstance(value, list | tuple) for part in value]
    return [*values, *inside, *(part for each in inside if isinstance(each, list | tuple) for part in each)]
