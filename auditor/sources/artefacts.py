"""Settings out of a user's objects: estimators on disk, functions. Runs in a worker process.

Unpickling a file and calling a function both run code that is not ours, so nothing here may be
called but through an executor.
"""

import math
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from auditor.core.records import CapturedSetting
from auditor.errors import CaptureError
from auditor.sources.importing import imported, told
from auditor.sources.texts import is_plain, setting


@dataclass(frozen=True, slots=True)
class Found:
    """The settings of an object, and the names of those that are not plain values."""

    settings: tuple[CapturedSetting, ...]
    skipped: tuple[str, ...] = ()


def settings_of_artefact(kind: str, path: str, fixed: tuple[str, ...]) -> Found:
    """Return the parameters of the estimator that a file holds, by ``get_params``.

    A pipeline's come as ``step__setting``. Nested estimators and NaN (which scikit-learn uses to
    say "missing") are left to the trainer without a word; lists, tuples and the like are skipped
    by name, because the trainer may build them otherwise.

    Parameters
    ----------
    kind
        ``joblib`` or ``skops``.
    fixed
        Names to leave out.

    Raises
    ------
    CaptureError
        If the file is missing, cut short, cannot be opened, or holds nothing with settings.
    """
    origin = f"{kind}:{path}"
    given = _parameters(open_artefact(kind, path), origin)
    kept = {name: _unboxed(value) for name, value in given.items() if name not in fixed}
    plain = {name: value for name, value in kept.items() if is_plain(value) and not _says_missing(value)}
    # Text is left text: a Python object says itself what is a number.
    settings = tuple(setting(name, value, origin=origin, as_text=True) for name, value in plain.items())
    lost = (name for name, value in kept.items() if name not in plain and not _is_built_anew(value))
    return Found(settings, tuple(lost))


def settings_of_function(path: str, fixed: tuple[str, ...]) -> Found:
    """Return the settings in the mapping that ``package.module:function`` returns.

    Raises
    ------
    CaptureError
        If it cannot be imported, raises, or returns no mapping.
    """
    origin = f"python:{path}"
    function = imported(path, error=CaptureError)
    if not callable(function):
        raise CaptureError(
            f"{origin}: must be a function that returns the settings by name, got {function!r}"
        )
    try:
        given = function()
    except Exception as error:  # whatever the user's function raises
        raise CaptureError(f"{origin}: raised {told(error)}") from error
    if not isinstance(given, Mapping):
        raise CaptureError(f"{origin}: must return a mapping of settings by name, got {type(given).__name__}")
    kept = {str(name): _unboxed(value) for name, value in given.items() if str(name) not in fixed}
    plain = {name: value for name, value in kept.items() if is_plain(value)}
    settings = tuple(setting(name, value, origin=origin) for name, value in plain.items())
    return Found(settings, tuple(name for name in kept if name not in plain))


def open_artefact(kind: str, path: str) -> object:
    """Return what a file holds.

    Raises
    ------
    CaptureError
        If the file is missing, cut short, or cannot be opened.
    """
    origin = f"{kind}:{path}"
    if not Path(path).is_file():
        raise CaptureError(f"{origin}: no file {path!r} in {str(Path.cwd())!r}")
    try:
        with warnings.catch_warnings():
            # An estimator saved by another release of scikit-learn still tells its parameters.
            warnings.simplefilter("ignore")
            return _OPENERS[kind](path)
    except Exception as error:  # unpickling may raise anything
        raise CaptureError(f"{origin}: cannot be opened, or is cut short: {told(error)}") from error


def _open_joblib(path: str) -> object:
    import joblib

    held: object = joblib.load(path)
    return held


def _open_skops(path: str) -> object:
    from skops.io import load

    # A dtype only names a kind of number; skops asks about it all the same. Other types that it
    # does not trust stay untrusted: that is what a file was saved with skops for.
    held: object = load(path, trusted=["numpy.dtype"])
    return held


def _parameters(held: object, origin: str) -> Mapping[str, Any]:
    if isinstance(held, Mapping):
        return {str(name): value for name, value in held.items()}
    if not hasattr(held, "get_params"):
        raise CaptureError(f"{origin}: must hold an estimator or a mapping, got {type(held).__name__}")
    parameters: Mapping[str, Any] = held.get_params()
    return parameters


def _says_missing(value: object) -> bool:
    return isinstance(value, float) and math.isnan(value)


def _is_built_anew(value: object) -> bool:
    """Return whether the trainer makes such a value itself: a step of a pipeline, or the list of them."""
    if isinstance(value, list | tuple):
        return any(_is_built_anew(part) for part in value)
    return hasattr(value, "get_params") or _says_missing(value)


def _unboxed(value: Any) -> object:
    """Return a NumPy scalar as Python's own number."""
    import numpy as np

    return value.item() if isinstance(value, np.generic) else value


_OPENERS: Mapping[str, Callable[[str], object]] = {"joblib": _open_joblib, "skops": _open_skops}
