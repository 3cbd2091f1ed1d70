"""Tells when the hyperparameters of models in production have gone stale, with the evidence.

On a schedule, ``auditor`` takes what production runs, searches a little around it on fresh data,
confirms what it found on rows that the search never saw, and reports which settings are
*stale*, *fresh* or *undecided*. ``run_audit`` in ``auditor/audit.py`` is the
walk; read it first.

From Python, a deploy job records what it ships::

    import auditor

    auditor.capture("flight-delays", {"learning_rate": 0.1}, data=rows)

a training follows what an audit recommended, once that is applied::

    settings = auditor.production("flight-delays")

and a notebook asks whether a model's settings still hold on fresh rows::

    auditor.audit(HistGradientBoostingClassifier(learning_rate=0.1), rows, target="late", time="ts")
"""

import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from auditor.interface import capture as capture
    from auditor.interface import production as production
    from auditor.notebook import AuditResult as AuditResult
    from auditor.notebook import audit as audit

__all__ = ["AuditResult", "audit", "capture", "production"]


def __getattr__(name: str) -> object:
    """Import the Python interface when it is first used: ``import auditor`` alone loads no library."""
    if name in ("capture", "production"):
        return getattr(importlib.import_module("auditor.interface"), name)
    if name == "AuditResult":
        return getattr(importlib.import_module("auditor.notebook"), name)
    raise AttributeError(f"module 'auditor' has no attribute {name!r}")


class _Package(ModuleType):
    """The package, whose ``audit`` is the function to call, also once the module of that name is loaded."""

    @property
    def audit(self) -> object:
        """The function that audits from Python."""
        return importlib.import_module("auditor.notebook").audit

    @audit.setter
    def audit(self, module: Any) -> None:
        """Take no notice: importing ``auditor.audit`` would put the module here."""


sys.modules[__name__].__class__ = _Package
