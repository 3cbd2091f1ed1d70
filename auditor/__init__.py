"""Tells when the hyperparameters of models in production have gone stale, with the evidence.

On a schedule, ``auditor`` takes what production runs, searches a little around it on fresh data,
confirms what it found on rows that the search never saw, and reports which settings are
*stale*, *fresh* or *undecided*. ``auditor.audit.run_audit`` is the walk; read it first.

From Python, a deploy job records what it ships::

    import auditor

    auditor.capture("flight-delays", {"learning_rate": 0.1}, data=rows)
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from auditor.interface import capture as capture

__all__ = ["capture"]


def __getattr__(name: str) -> object:
    """Import the Python interface when it is first used: ``import auditor`` alone loads no library."""
    if name == "capture":
        from auditor.interface import capture

        return capture
    raise AttributeError(f"module 'auditor' has no attribute {name!r}")
