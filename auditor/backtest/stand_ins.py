"""What stands in for the present while the past is replayed: sources, clock, publisher and progress."""

from dataclasses import dataclass, field
from datetime import datetime

from auditor.core.records import (
    Audit,
    CapturedSetting,
    CodeVersion,
    DataSpec,
    Environment,
    ProductionSpec,
    TrainerSpec,
)
from auditor.errors import CaptureError
from auditor.ports import Ledger, Progress, Sources, Vault


@dataclass(frozen=True, slots=True)
class Replayed:
    """The sources of a replay: production is what the plan says, and code and machine are those of now."""

    real: Sources
    code_now: CodeVersion = field(kw_only=True)

    def production(self, spec: ProductionSpec, fixed: TrainerSpec) -> tuple[CapturedSetting, ...]:
        """Return the settings that the plan of the date holds, by name.

        Raises
        ------
        CaptureError
            If it holds none.
        """
        if not spec.inline:
            raise CaptureError("production: no settings found")
        return tuple(
            CapturedSetting(name=name, raw=repr(value), value=value, origin="backtest")
            for name, value in sorted(spec.inline.items())
        )

    def fetch(self, spec: DataSpec, into: str, *, held: Vault | None = None) -> str:
        """Cut rows out of the recorded history."""
        return self.real.fetch(spec, into, held=held)

    def environment(self) -> Environment:
        """Return the fingerprint of this machine."""
        return self.real.environment()

    def code(self, trainer: TrainerSpec) -> CodeVersion:
        """Return the fingerprint of the trainer's code, as it was when the replay began."""
        return self.code_now


class Unseen:
    """Publishes nothing: a replayed audit has no page."""

    def publish(self, audit: Audit, ledger: Ledger) -> str:
        """Write nothing."""
        return ""


@dataclass(frozen=True, slots=True)
class Then:
    """A clock that stands at a date."""

    date: datetime

    def now(self) -> datetime:
        """Return the date."""
        return self.date


@dataclass(frozen=True, slots=True)
class OnDate:
    """Tells how far a replay is, with its date."""

    real: Progress
    prefix: str

    def step(self, stage: str, done: int, total: int | None, note: str = "") -> None:
        """Pass it on."""
        self.real.step(f"{self.prefix}, {stage}", done, total, note)
