"""A replay of the past."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from auditor.core.records.audits import SCHEMA_VERSION
from auditor.core.records.evidence import Call, Estimate
from auditor.core.records.plans import Policy
from auditor.core.records.values import Config


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """One date of a backtest: the audit of what was known then, and what its advice was worth afterwards.

    Attributes
    ----------
    date, until
        Rows before ``date`` were audited and fitted on; rows from it to ``until`` were scored.
    call
        None when the audit failed.
    headline
        The audit's, or why it failed.
    changed
        Settings that whoever follows the audits changed at this date.
    followed, retuned
        Configurations that ran from this date on: by the audits' advice; by the search's best each time.
    window_rows, scored_rows
        How many rows were audited, and how many came afterwards.
    never_loss
        Mean loss of the settings of the start, retrained at this date; None where it was not scored.
    followed_gain, retuned_gain
        Of the two policies over never re-tuning, on the rows that came afterwards; None where not scored.
    note
        Why something was not scored; empty otherwise.
    """

    date: datetime
    until: datetime
    call: Call | None
    headline: str
    stale_settings: tuple[str, ...]
    changed: tuple[str, ...]
    followed: Config
    retuned: Config
    window_rows: int
    scored_rows: int
    never_loss: float | None = None
    followed_gain: Estimate | None = None
    retuned_gain: Estimate | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """What audits at regular dates in the past would have said, and what following them would have gained.

    Attributes
    ----------
    every
        From one audit to the next.
    first, last
        Oldest and newest time in the history.
    production
        Settings at the start of the replay.
    never_loss
        Mean loss of never re-tuning, over all scored rows; None if none were scored.
    followed_gain, retuned_gain
        Mean gain over never re-tuning, over all scored rows, of following the audits and of taking the
        search's best every time. The interval allows for luck of rows and trainings, at the policy's
        confidence.
    changes_followed, changes_retuned
        How often each policy changed its settings.
    trainings
        Of all audits, and of the policies afterwards.
    notes
        What the replay takes for granted.
    """

    model: str
    schedule: str
    command: str
    metric: str
    unit: str
    policy: Policy
    every: timedelta
    first: datetime
    last: datetime
    rows: int
    production: Config
    replays: tuple[Replay, ...]
    never_loss: float | None
    followed_gain: Estimate | None
    retuned_gain: Estimate | None
    changes_followed: int
    changes_retuned: int
    trainings: int
    headline: str
    sentence: str
    finished_at: datetime
    snapshot_digest: str
    schedule_digest: str
    notes: tuple[str, ...] = ()
    schema_version: int = SCHEMA_VERSION
