"""Why production went stale: the cause, the canary, and what changed."""

import enum
from dataclasses import dataclass

from auditor.core.records.evidence import Estimate


class CauseCall(enum.StrEnum):
    """Why settings went stale (statistics, section 5)."""

    DATA = "data"  #: right for the older rows at the same training size, and no longer for the fresh ones
    SIZE = "size"  #: the gain is due to the number of rows that are trained on, not to what they hold
    NEVER_TUNED = "never tuned"  #: the challenger was better on the older rows already
    BOTH = "both"  #: better on the older rows already, and more so on the fresh ones
    ENVIRONMENT = "environment"  #: code or environment changed what the same training gives
    UNDETERMINED = "undetermined"  #: the evidence does not tell; this is not "no cause"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """The older rows that fresh ones are compared with.

    Attributes
    ----------
    audit_id
        The audit that they were the fresh rows of; None when they were captured with production.
    first_row
        Rows of the fresh snapshot before this one may be among the older rows too, and are left out.
    """

    digest: str
    rows: int
    audit_id: int | None
    first_row: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Why settings went stale: the same challenger against production, on older rows and on fresh ones.

    Attributes
    ----------
    sentence
        The cause in words, with the reason when it is undetermined.
    certain
        Whether the evidence passed its bounds; if not, the call is what the estimates point to.
    reference
        The older rows; None when there are none.
    gain_then, gain_now
        Gain of the challenger over production on the older and on the fresh rows, at equal training size.
    difference
        ``gain_now`` minus ``gain_then``: how much of the gain came with the fresh rows.
    gain_full
        At the larger one's own training size, where the two snapshots differ in size by a quarter or more.
    fitted_rows
        Rows that the trainings behind ``gain_then`` and ``gain_now`` were fitted on.
    fitted_rows_full
        Rows that those behind ``gain_full`` were fitted on.
    next_step
        What to do so that the next audit can tell, in a clause, or None.
    """

    call: CauseCall
    sentence: str
    certain: bool = True
    reference: Reference | None = None
    gain_then: Estimate | None = None
    gain_now: Estimate | None = None
    difference: Estimate | None = None
    gain_full: Estimate | None = None
    fitted_rows: int | None = None
    fitted_rows_full: int | None = None
    next_step: str | None = None


class CanaryCall(enum.StrEnum):
    """Whether a stored training still comes out as it did."""

    SAME = "same"
    CHANGED = "changed"  #: code or environment changed the outcome
    UNKNOWN = "unknown"  #: there was nothing to compare with


@dataclass(frozen=True, slots=True, kw_only=True)
class Canary:
    """A stored training of production, run again with its seed on its rows.

    Attributes
    ----------
    reason
        One sentence that says why the call is what it is.
    audit_id
        The audit that stored the training, or None when there is none yet.
    expected, found
        Mean loss, as stored (over the replays) and as found now; None where there is none.
    tolerance
        How far apart they may be: luck of a nondeterministic training, or rounding.
    replays
        How often the stored training was run, the first time included.
    deterministic
        Whether the replays agreed to the bit; None when unknown.
    """

    call: CanaryCall
    reason: str
    audit_id: int | None = None
    expected: float | None = None
    found: float | None = None
    tolerance: float | None = None
    replays: int = 0
    deterministic: bool | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """Something that differs between the capture and now."""

    what: str
    then: str
    now: str
