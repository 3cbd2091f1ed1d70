"""Settings out of a user's objects: estimators on disk, functions. Runs in a worker process.

Unpickling a file and calling a function both run code that is not ours, so nothing here may be
called but through an executor.
"""

import math
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from auditor.errors import CaptureError
from auditor.sources.importing import imported, told
from auditor.sources.lists import Found, gathered


def settings_of_artefact(
    kind: str, path: str, fixed: tuple[str, ...], trusted: bool | tuple[str, ...] = False
) -> Found:
    """Return the parameters of the estimator that a file holds, by ``get_params``.

    A pipeline's come as ``step__setting``. Nested estimators and NaN (which scikit-learn uses to
    say "missing") are left to the trainer without a word; whatever else is neither a plain value nor a
    short list of them is skipped by name.

    Parameters
    ----------
    kind
        ``joblib`` or ``skops``.
    fixed
        Names to leave out.
    trusted
        See `open_artefact`.

    Raises
    ------
    CaptureError
        If the file is missing, not trusted, cut short, cannot be opened, or holds nothing with settings.
    """
    origin = f"{kind}:{path}"
    given = _parameters(open_artefact(kind, path, trusted), origin)
    own = {name: value for name, value in given.items() if not _is_built_anew(value)}
    # Text is left text: a Python object says itself what is a number.
    return gathered(own, fixed, origin=origin, as_text=True)


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
    return gathered(given, fixed, origin=origin)


def open_artefact(kind: str, path: str, trusted: bool | tuple[str, ...]) -> object:
    """Return what a file holds.

    Parameters
    ----------
    trusted
        Whether the file may run whatever code it holds; of a skops file, the types that it may build beside
        those that skops knows.

    Raises
    ------
    CaptureError
        If the file is missing, not trusted, cut short, or cannot be opened.
    """
    origin = f"{kind}:{path}"
    if not Path(path).is_file():
        raise CaptureError(f"{origin}: no file {path!r} in {str(Path.cwd())!r}")
    try:
        with warnings.catch_warnings():
            # An estimator saved by another release of scikit-learn still tells its parameters.
            warnings.simplefilter("ignore")
            return _OPENERS[kind](path, trusted)
    except CaptureError:
        raise
    except Exception as error:  # unpickling may raise anything
        raise CaptureError(f"{origin}: cannot be opened, or is cut short: {told(error)}") from error


def _open_joblib(path: str, trusted: bool | tuple[str, ...]) -> object:
    import joblib

    if trusted is not True:
        raise CaptureError(
            f"joblib:{path}: to open a pickle is to run the code that it holds; if you would, say "
            "trusted = true under [production], or save the model with skops, which runs none"
        )

    held: object = joblib.load(path)
    return held


def _open_skops(path: str, trusted: bool | tuple[str, ...]) -> object:
    from skops.io import get_untrusted_types, load

    unknown = [name for name in get_untrusted_types(file=path) if name not in _HARMLESS]
    named = unknown if trusted is True else list(trusted or ())
    strange = sorted(set(unknown) - set(named))
    if strange:
        listed = ", ".join(f'"{name}"' for name in strange)
        raise CaptureError(
            f"skops:{path}: builds {', '.join(strange)}, which skops does not know; if you would run that "
            f"code, say trusted = [{listed}] under [production]"
        )
    held: object = load(path, trusted=[*_HARMLESS, *named])
    return held


_HARMLESS = ("numpy.dtype",)
"""A dtype only names a kind of number; skops asks about it all the same."""


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


_OPENERS: Mapping[str, Callable[[str, bool | tuple[str, ...]], object]] = {
    "joblib": _open_joblib,
    "skops": _open_skops,
}
