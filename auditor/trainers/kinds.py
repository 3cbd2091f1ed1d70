"""The kinds of trainer there are, by the word in ``[trainer]``.

A kind's module is imported when a job asks for it: no worker pays for libraries that it does without.
"""

from importlib import import_module
from typing import cast

from auditor.trainers.training import Kind

KINDS = {
    "sklearn": "auditor.trainers.estimators",
    "python": "auditor.trainers.python",
    "torch": "auditor.trainers.networks.kind",
    "command": "auditor.trainers.command",
}
"""The module of each kind. It keeps the promises of `Kind`."""


def kind_named(name: str) -> Kind:
    """Return a kind of trainer.

    Raises
    ------
    ValueError
        If there is none of that name: schedules are checked before they get here.
    """
    if name not in KINDS:
        raise ValueError(f"there is no trainer of kind {name!r}")
    return cast("Kind", import_module(KINDS[name]))
