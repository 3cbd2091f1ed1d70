"""What was done about a verdict: changes to production, and whether they held."""

from dataclasses import dataclass
from datetime import datetime

from auditor.core.records.evidence import Estimate
from auditor.core.records.values import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingChange:
    """One setting, from one value to another, where it is written down."""

    name: str
    before: Value
    after: Value
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """An audit's recommendation put into production, or taken back. Never changed once recorded.

    Attributes
    ----------
    id
        Number in the ledger; 0 until recorded.
    audit
        The audit that recommended it.
    capture
        The capture of what production ran afterwards.
    back
        Whether the former values were put back.
    """

    audit: int
    model: str
    changes: tuple[SettingChange, ...]
    capture: int
    applied_at: datetime
    back: bool = False
    id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Whether an applied recommendation still pays, as a later audit of the changed production measured.

    Attributes
    ----------
    audit, applied_at, changes
        Of the application.
    worth
        Loss of the former values minus loss of production's, on rows newer than any that the recommending
        audit looked at; None where there are too few of them, or rows have no time.
    rows
        How many rows that is.
    """

    audit: int
    applied_at: datetime
    changes: tuple[SettingChange, ...]
    worth: Estimate | None
    rows: int
    sentence: str
