"""What production runs, from where it lives.

============================  =======================================================================
``from``                      reads
============================  =======================================================================
``json:path#/pointer``        an object in a JSON file; also ``toml:`` and ``yaml:``
``env:PREFIX_``               every variable of that prefix (it ends in ``_``); ``MODEL_LR`` gives ``lr``
``env:NAME#/pointer``         one variable that holds a JSON object
``joblib:path``               an estimator's ``get_params``; also ``skops:``. Opened in a worker, and
                              unpickled only where the schedule says ``trusted = true``
``python:module:function``    the mapping that a function returns. Called in a worker
``mlflow:``, ``optuna:``,     see ``vendors.py``. Asked in a worker
``torch:``, ``sql:``
============================  =======================================================================

Paths are relative to the current folder. Settings in the schedule itself override an origin's.
"""

import logging
import os
from collections.abc import Callable, Mapping
from typing import Any

from auditor.core.addresses import without_secrets
from auditor.core.places import without_place
from auditor.core.records import CapturedSetting, ProductionSpec, TrainerSpec
from auditor.errors import CaptureError
from auditor.sources.artefacts import settings_of_artefact, settings_of_function
from auditor.sources.documents import parse_document, place_in, read_document
from auditor.sources.lists import Found, gathered
from auditor.sources.texts import setting
from auditor.sources.vendors import VENDORS, settings_of_vendor

logger = logging.getLogger(__name__)

INLINE = "schedule"
"""The origin of a setting that the schedule itself gives."""

VENDOR_SECONDS = 120.0
"""How long a store may take to tell; MLflow alone takes seconds to import."""


def read_production(
    spec: ProductionSpec, trainer: TrainerSpec, *, call: Callable[..., Any]
) -> tuple[CapturedSetting, ...]:
    """Return every production setting that the trainer does not hold fixed, by name.

    Parameters
    ----------
    call
        Runs a function where user code may run, and returns what it returns.

    Raises
    ------
    CaptureError
        If the origin is missing, unreadable or has no settings.
    """
    fixed = tuple(trainer.fixed)
    found = Found(()) if spec.origin is None else _from_origin(spec, spec.origin, fixed, call)
    found = _only(found, spec)
    inline = [setting(name, value, origin=INLINE, as_text=True) for name, value in spec.inline.items()]
    settings = {one.name: one for one in (*found.settings, *inline)}
    _tell_skipped(spec.origin, [name for name in found.skipped if name not in settings])
    if not settings:
        raise CaptureError(f"{_shown(spec)}: no settings found{_there(found.skipped)}")
    return tuple(settings[name] for name in sorted(settings))


def _only(found: Found, spec: ProductionSpec) -> Found:
    """Return what the schedule asks for of what an origin holds."""
    if spec.only is None:
        return found
    there = {without_place(one.name) for one in found.settings} | {one.name for one in found.settings}
    lost = [name for name in spec.only if name not in there]
    if lost:
        listed = ", ".join(sorted({without_place(one.name) for one in found.settings})) or "none"
        raise CaptureError(f"{_shown(spec)}: production.only names {', '.join(lost)}; there are: {listed}")
    asked = tuple(one for one in found.settings if {one.name, without_place(one.name)} & set(spec.only))
    return Found(asked)


def _shown(spec: ProductionSpec) -> str:
    return without_secrets(spec.origin or "production")


def _from_origin(
    spec: ProductionSpec, origin: str, fixed: tuple[str, ...], call: Callable[..., Any]
) -> Found:
    kind, _, rest = origin.partition(":")
    found: Found
    if kind in VENDORS:
        found = call(settings_of_vendor, kind, rest, fixed, timeout_seconds=VENDOR_SECONDS)
        return found
    if kind in ("joblib", "skops"):
        found = call(settings_of_artefact, kind, rest, fixed, spec.trusted)
        return found
    if kind == "python":
        found = call(settings_of_function, rest, fixed)
        return found
    if kind == "env":
        return _from_environment(rest, fixed, origin)
    if kind in ("json", "toml", "yaml"):
        path, pointer = split_place(rest)
        return _from_tree(
            place_in(read_document(kind, path, origin=origin), pointer, origin=origin), fixed, origin
        )
    raise ValueError(f"no origin of kind {kind!r}")


def _from_environment(rest: str, fixed: tuple[str, ...], origin: str) -> Found:
    if rest.endswith("_"):
        named = {name: text for name, text in sorted(os.environ.items()) if name.startswith(rest)}
        if not named:
            raise CaptureError(f"{origin}: no environment variable starts with {rest!r}")
        return _from_tree(
            {name.removeprefix(rest).lower(): text for name, text in named.items()}, fixed, origin
        )
    name, pointer = split_place(rest)
    text = os.environ.get(name)
    if text is None:
        raise CaptureError(f"{origin}: no environment variable {name!r}; for a prefix, end it in '_'")
    return _from_tree(
        place_in(parse_document("json", text, origin=origin), pointer, origin=origin), fixed, origin
    )


def split_place(rest: str) -> tuple[str, str]:
    """Return a path and the pointer after its ``#``, which starts with ``/``.

    Examples
    --------
    >>> split_place("params.json#/models/0")
    ('params.json', '/models/0')
    """
    path, mark, pointer = rest.rpartition("#/")
    return (path, f"/{pointer}") if mark else (rest.removesuffix("#"), "")


def _from_tree(tree: object, fixed: tuple[str, ...], origin: str) -> Found:
    if not isinstance(tree, Mapping):
        kind = "a list" if isinstance(tree, list) else repr(tree)
        raise CaptureError(f"{origin}: must lead to an object with settings by name, got {kind}")
    return gathered(tree, fixed, origin=origin)


def _tell_skipped(origin: str | None, names: list[str]) -> None:
    if names:
        logger.warning(
            "%s: left to the trainer, being no plain values: %s",
            without_secrets(origin or ""),
            ", ".join(names),
            extra={"action": "settings_skipped"},
        )


def _there(skipped: tuple[str, ...]) -> str:
    return f"; there are only objects or lists: {', '.join(skipped)}" if skipped else ""
