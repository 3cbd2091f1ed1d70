"""``package.module:name`` to the object. User code: only ever called in a worker process."""

import importlib
import sys
from pathlib import Path

from auditor.errors import AuditorError, printable


def imported(path: str, *, error: type[AuditorError]) -> object:
    """Return what an import path names; modules of the current folder are found, as by ``python -m``.

    Parameters
    ----------
    path
        ``package.module:name``.
    error
        What to raise: the caller knows what the object was wanted for.
    """
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    module_name, _, name = path.partition(":")
    try:
        module = importlib.import_module(module_name)
    except Exception as cause:  # whatever the user's module raises while it is imported
        raise error(f"{path!r} cannot be imported: {told(cause)}") from cause
    if not hasattr(module, name):
        raise error(f"{path!r} names nothing: module {module_name!r} has no {name!r}")
    return getattr(module, name)


def told(cause: BaseException) -> str:
    """Return an exception in one line: its kind and the first line of what it says.

    Examples
    --------
    >>> told(KeyError("lr"))
    "KeyError: 'lr'"
    >>> told(ValueError())
    'ValueError'
    """
    lines = str(cause).strip().splitlines()
    return f"{type(cause).__name__}: {printable(lines[0])}" if lines else type(cause).__name__
