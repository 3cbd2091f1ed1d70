"""The Sources port on this machine: files, databases, environment variables, user functions."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from auditor.core.records import (
    CapturedSetting,
    CodeVersion,
    DataSpec,
    Environment,
    ProductionSpec,
    TrainerSpec,
)
from auditor.ports import Vault
from auditor.sources.fingerprint import code_version, environment
from auditor.sources.production import read_production


@dataclass(frozen=True, slots=True)
class LocalSources:
    """Reads what this process can reach, and leaves user code to a worker.

    Attributes
    ----------
    call
        Runs an importable function where user code may run, with a ``timeout_seconds``, and
        returns what it returns: ``Executor.call``.
    """

    call: Callable[..., Any]

    def production(self, spec: ProductionSpec, fixed: TrainerSpec) -> tuple[CapturedSetting, ...]:
        """Return every production setting that the trainer does not hold fixed, by name.

        Raises
        ------
        CaptureError
            If the origin is missing, unreadable or has no settings.
        """
        return read_production(spec, fixed, call=self.call)

    def fetch(self, spec: DataSpec, into: str, *, held: Vault | None = None) -> str:
        """Write the rows of the window to a folder, and return the path of what the vault takes over.

        Raises
        ------
        DataError
            If the source is missing, empty, cut short, or lacks a declared column.
        """
        # Late, because pyarrow takes a quarter of a second and most commands fetch nothing.
        from auditor.sources.data import fetch_rows

        return fetch_rows(spec, into, call=self.call, held=held)

    def environment(self) -> Environment:
        """Return the fingerprint of this machine."""
        return environment()

    def code(self, trainer: TrainerSpec) -> CodeVersion:
        """Return the fingerprint of the trainer's code."""
        return code_version(trainer)
