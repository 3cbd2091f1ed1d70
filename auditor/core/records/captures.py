"""What production runs, on which machine and with which code."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from auditor.core.records.values import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class CapturedSetting:
    """One production setting: as it was found, as it was read, and where."""

    name: str
    raw: str
    value: Value
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """Fingerprint of the machine and the libraries."""

    python: str
    platform: str
    cpu: str
    cores: int
    memory_bytes: int
    gpu: str | None
    driver: str | None
    blas: str | None
    packages: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeVersion:
    """Fingerprint of the trainer's code.

    Attributes
    ----------
    digest
        SHA-256 of the source of the module that holds the trainer, or None if it has no source.
    commit
        Git commit of the folder the audit runs in, with ``+`` appended when it has changes.
    """

    trainer: str
    digest: str | None
    commit: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """What production ran at a moment. Never changed once recorded.

    Attributes
    ----------
    id
        Number in the ledger; 0 until recorded.
    snapshot
        Digest of the rows production was tuned on, if they were captured too.
    """

    model: str
    settings: tuple[CapturedSetting, ...]
    environment: Environment
    code: CodeVersion
    captured_at: datetime
    snapshot: str | None = None
    id: int = 0

    @property
    def config(self) -> dict[str, Value]:
        """The captured configuration."""
        return {setting.name: setting.value for setting in self.settings}
