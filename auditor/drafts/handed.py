"""A model that Python code hands over: what it says of itself, and where workers find it."""

import functools
from dataclasses import replace
from pathlib import Path
from typing import Any

from auditor.core.records import Value
from auditor.drafts.drafting import Given, module_name, module_text
from auditor.drafts.models import ModelFacts, facts_of, look_at_path, public_path
from auditor.errors import TrainerError, one_line
from auditor.files import write_text


def facts_of_model(model: object, asked: Given, project: Path) -> tuple[ModelFacts, Given]:
    """Return what the model says of itself, and where production's settings are to be read from."""
    if isinstance(model, str):
        facts = look_at_path(model)
        return facts, replace(asked, settings={**_plain(facts), **asked.settings})
    if isinstance(model, type) or (callable(model) and not hasattr(model, "get_params")):
        return facts_of_model(_path_of(model), asked, project)
    if not hasattr(model, "get_params"):
        raise TrainerError(
            f"a {type(model).__name__} is no model to audit: give an estimator, its class, a function that "
            "returns one, or an import path"
        )
    path = public_path(model)
    if path is not None:
        _path_of(type(model))
        facts = facts_of(model, path)
        return facts, replace(asked, settings={**_plain(facts), **asked.settings})
    saved = _save(model, project / f"{asked.name}.joblib")
    write_text(project / f"{module_name(asked.name)}.py", module_text(f"joblib:{saved}"))
    return facts_of(model, None), replace(asked, origin=f"joblib:{saved}")


def _plain(facts: ModelFacts) -> dict[str, Value]:
    """Return the settings that make the model what it is; chance and threads are the auditor's to decide."""
    decided = ("random_state", "n_jobs", "verbose", "warm_start")
    return {one.name: one.value for one in facts.settings if one.name.rpartition("__")[2] not in decided}


def _path_of(given: Any) -> str:
    """Return the import path of a class or a function.

    Raises
    ------
    TrainerError
        If a worker process could not import it.
    """
    if isinstance(given, functools.partial):
        raise TrainerError("a functools.partial has no import path; write a function in a module instead")
    module, name = getattr(given, "__module__", None), getattr(given, "__qualname__", "")
    if name.endswith("<lambda>"):
        raise TrainerError(
            "a lambda cannot be trained: worker processes import what they train; write it as a function in "
            "a module (a .py file), and pass that"
        )
    if module in (None, "__main__"):
        raise TrainerError(
            f"{name!r} is defined in the notebook itself, where worker processes cannot import it; "
            "put it into a module (a .py file beside the notebook), and pass it from there"
        )
    if "<locals>" in name:
        raise TrainerError(f"{module}:{name} is defined inside a function; move it to the top of its module")
    return f"{module}:{name}"


def _save(model: Any, path: Path) -> Path:
    """Save an untrained copy of a model that holds others, where workers find it."""
    import joblib
    from sklearn.base import clone

    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        joblib.dump(clone(model), path)
    except Exception as error:  # pickling may raise anything
        raise TrainerError(
            f"the {type(model).__name__} cannot be saved for the worker processes: {one_line(error)}; "
            "lambdas and functions of the notebook itself must lie in a module (a .py file)"
        ) from error
    if b"__main__" in path.read_bytes():
        raise TrainerError(
            f"the {type(model).__name__} holds something that is defined in the notebook itself, where "
            "worker processes cannot import it; put that into a module (a .py file beside the notebook)"
        )
    return path
