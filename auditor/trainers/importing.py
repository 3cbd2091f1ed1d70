"""``"package.module:name"`` → the object, or one clear line about what is missing.

User code lives in the folder the audit is run from, so that folder is importable.
"""

import difflib
import importlib
import pkgutil
import sys
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

from auditor.errors import TrainerError, one_line


def import_object(path: str) -> Any:
    """Return the object at an import path.

    Parameters
    ----------
    path
        ``package.module:name``; the name may have dots: ``shop.churn:Models.forest``.

    Raises
    ------
    TrainerError
        If the path is malformed, the module is missing or fails to import, or has no such name.

    Examples
    --------
    >>> import_object("math:sqrt")(9.0)
    3.0
    >>> import_object("math:sqrrt")
    Traceback (most recent call last):
    ...
    auditor.errors.TrainerError: 'math:sqrrt': module 'math' has no 'sqrrt'; did you mean 'sqrt'?
    """
    module_name, colon, name = path.partition(":")
    if not (colon and module_name and name):
        raise TrainerError(f"{path!r} is not an import path; {_rewritten(path)}")
    found: Any = _module(path, module_name)
    owner = f"module {module_name!r}"
    for part in name.split("."):
        if not hasattr(found, part):
            raise TrainerError(f"{path!r}: {owner} has no {part!r}{nearest(part, _names(found))}")
        found, owner = getattr(found, part), repr(part)
    return found


def nearest(name: str, names: Iterable[str]) -> str:
    """Return a question that names the nearest of some names, or nothing if none is near.

    Examples
    --------
    >>> nearest("learning_rat", ["max_iter", "learning_rate"])
    "; did you mean 'learning_rate'?"
    """
    near = difflib.get_close_matches(name, list(names), n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def _module(path: str, name: str) -> ModuleType:
    here = str(Path.cwd())
    if "" not in sys.path and here not in sys.path:
        sys.path.insert(0, here)
    if name not in sys.modules:
        importlib.invalidate_caches()
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        missing = error.name or ""
        if name != missing and not name.startswith(f"{missing}."):
            raise TrainerError(f"{path!r}: {name} cannot be imported: {one_line(error)}") from error
        hint = nearest(missing.rpartition(".")[2], _siblings(missing))
        where = "in the current folder or among the installed packages"
        raise TrainerError(f"{path!r}: there is no module {missing!r} {where}{hint}") from error
    except (Exception, SystemExit) as error:  # user code runs as it is imported, and may raise anything
        raise TrainerError(f"{path!r}: {name} cannot be imported: {one_line(error)}") from error


def _siblings(module_name: str) -> Iterable[str]:
    """Return the names of the modules that lie where a missing one was looked for."""
    package = module_name.rpartition(".")[0]
    folders = getattr(sys.modules.get(package), "__path__", None) if package else None
    return [module.name for module in pkgutil.iter_modules(folders)]


def _names(owner: Any) -> list[str]:
    """Return the public names of a module or class, and those it only loads when asked."""
    return [name for name in {*dir(owner), *getattr(owner, "__all__", ())} if not name.startswith("_")]


def _rewritten(path: str) -> str:
    """Return how to write a path that lacks its colon."""
    module_name, dot, name = path.strip(":").rpartition(".")
    if ":" not in path and dot:
        return f"did you mean {f'{module_name}:{name}'!r}?"
    return "write it as 'package.module:name'"
