"""Which classes implement which port: found by their shape, because nothing but that makes one of them.

A port is a protocol of ``auditor/ports.py`` or of the web side's ``http/facts.py``. A class implements it if
it has all of its members, with the parameters in the port's order under the port's names; further ones need
defaults.
"""

import functools
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from types import ModuleType

import auditor

PORTS = ("auditor.ports", "auditor.http.facts")

FAKES = "tests.fakes"
"""Where the fakes are that stand in for an implementation."""

_NOT_IMPORTED = ("auditor.__main__", "auditor.storage.migrations", "auditor.trainers.networks._native")


def path_of(kind: type) -> str:
    """Return where a class is, as suites name it."""
    return f"{kind.__module__}.{kind.__qualname__}"


def ports() -> tuple[type, ...]:
    """Return every port."""
    return tuple(kind for name in PORTS for kind in _own(importlib.import_module(name)) if _is_port(kind))


@functools.cache
def candidates() -> tuple[type, ...]:
    """Return every class of the package and of the fakes that is no protocol."""
    found = {path_of(kind): kind for module in _modules() for kind in _own(module)}
    return tuple(kind for _, kind in sorted(found.items()) if not _is_port(kind))


def implements(kind: type, port: type) -> bool:
    """Return whether a class has the shape of a port."""
    return all(_like(kind, name, getattr(port, name)) for name in _members(port))


def _modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(auditor.__path__, "auditor."):
        if not found.name.startswith(_NOT_IMPORTED):
            yield importlib.import_module(found.name)
    yield importlib.import_module(FAKES)


def _own(module: ModuleType) -> Iterator[type]:
    return (
        kind for kind in vars(module).values() if inspect.isclass(kind) and kind.__module__ == module.__name__
    )


def _is_port(kind: type) -> bool:
    return bool(getattr(kind, "_is_protocol", False))


def _members(port: type) -> tuple[str, ...]:
    return tuple(name for name in vars(port) if name == "__call__" or not name.startswith("_"))


def _like(kind: type, name: str, wanted: object) -> bool:
    there = inspect.getattr_static(kind, name, None)
    if not inspect.isfunction(wanted):  # a property: an attribute will do
        return there is not None or any(
            name in vars(each).get("__annotations__", {}) for each in kind.__mro__
        )
    if not inspect.isfunction(there) or inspect.iscoroutinefunction(there):
        return False
    asked, taken = (list(inspect.signature(each).parameters.values()) for each in (wanted, there))
    alike = [one.name for one in taken[: len(asked)]] == [one.name for one in asked]
    return alike and all(more.default is not more.empty for more in taken[len(asked) :])
