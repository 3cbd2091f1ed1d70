"""What confirming found: looks, finalists, effects, findings, and the search before them."""

import enum
from dataclasses import dataclass

from auditor.core.records.plans import ScaleName
from auditor.core.records.trials import CurvePoint, Failure, Round
from auditor.core.records.values import Config, Value


class Call(enum.StrEnum):
    """The three things an audit may say."""

    FRESH = "fresh"  #: a gain worth having was looked for, and excluded
    STALE = "stale"  #: a gain worth having was found, and confirmed
    UNDECIDED = "undecided"  #: the data cannot tell; this is not a pass


@dataclass(frozen=True, slots=True)
class Estimate:
    """An estimate with its confidence interval, both ends included, in units of loss."""

    estimate: float
    low: float
    high: float

    def __post_init__(self) -> None:
        """Refuse an interval that is none; ``not <=`` refuses NaN as well."""
        if not self.low <= self.high:
            raise ValueError(f"an interval needs low <= high, got [{self.low!r}, {self.high!r}]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The evidence on one finalist at one planned look.

    Attributes
    ----------
    number
        Counted from 1 over the planned looks.
    replicates
        Paired trainings seen so far.
    gain
        Estimate with the repeated confidence interval at this look.
    standard_error, degrees_of_freedom
        Of the gain, by the two-way variance.
    z_stale, z_fresh
        Evidence for a gain above 0, and for a gain below the margin, as normal deviates.
    boundary_stale, boundary_fresh
        What each must reach at this look.
    example_variance, replicate_variance
        The parts of the squared standard error: the one that only more rows shrink, and the one that
        more paired trainings shrink.
    skewness
        Of the gain, for the luck of the rows: above 0 where few rows hold much of it. Evidence and interval
        allow for it (`skewness` in the core).
    """

    number: int
    replicates: int
    gain: Estimate
    standard_error: float
    degrees_of_freedom: float
    z_stale: float
    z_fresh: float
    boundary_stale: float
    boundary_fresh: float
    example_variance: float = 0.0
    replicate_variance: float = 0.0
    skewness: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Finalist:
    """A challenger that was confirmed, and the evidence on it at every look it lived to see.

    Attributes
    ----------
    search_gain
        What the search promised: the winner's curse is the difference from ``looks[-1].gain``.
    excluded
        Whether a gain of the margin was excluded for it.
    carried
        Whether the seat was its own before the search began: an earlier audit left it undecided.
    """

    config: Config
    search_gain: float | None
    looks: tuple[Look, ...]
    excluded: bool
    carried: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """What confirming ended in.

    Attributes
    ----------
    call
        For the configuration as a whole.
    winner
        Index into ``finalists`` of the one that the gain is quoted for.
    reason
        One clause that says why the call is what it is.
    margin
        In units of loss.
    production_loss
        Mean loss of production over the confirming replicates.
    p_value
        Sequential p-value of "no finalist is better", in (0, 1].
    more_replicates
        When undecided: about how many more paired trainings would decide, or None if no number of
        trainings would (the rows are too few) or none is needed.
    more_rows
        When undecided because rows are too few: about how many confirming rows would decide.
    failed
        Finalists that left the race because they failed to train where production did not.
    """

    call: Call
    finalists: tuple[Finalist, ...]
    winner: int
    reason: str
    margin: float
    production_loss: float
    p_value: float
    more_replicates: int | None = None
    more_rows: int | None = None
    failed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """The part of the gain that one changed setting carries, from real re-runs."""

    name: str
    effect: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """A gain shared out over the settings that changed.

    Attributes
    ----------
    method
        ``shapley``, or ``one-at-a-time`` (with leave-one-back).
    effects
        One per changed setting, largest first.
    groups
        Settings that carry the gain only together.
    either_of
        Settings any one of which would do.
    """

    method: str
    effects: tuple[Effect, ...] = ()
    groups: tuple[tuple[str, ...], ...] = ()
    either_of: tuple[tuple[str, ...], ...] = ()


FARTHEST = 2.0
"""The interval of a share is cut where it is this far from its estimate: by then it says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallestChange:
    """The fewest settings whose change keeps most of a confirmed gain.

    Attributes
    ----------
    settings
        What to change, in the order of the space; the other changed settings stay at production's values.
    kept
        Share of the whole gain that this keeps, 1 for all of it, with its interval. The interval holds
        for every choice of settings at once, because this one was chosen for its estimate. An end that is 2
        from the estimate was cut there: these rows do not bound the share.
    shown
        Whether the interval excludes that less than nine tenths are kept. When it does not, the share is
        an estimate only.
    """

    settings: tuple[str, ...]
    kept: Estimate
    shown: bool

    @property
    def bounded(self) -> bool:
        """Whether both ends of the interval were found."""
        return max(self.kept.high - self.kept.estimate, self.kept.estimate - self.kept.low) < FARTHEST


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What an audit says of one setting.

    Attributes
    ----------
    recommended
        The value to change to; production's own where nothing is to be changed.
    effect
        None where nothing was attributed (no gain to share out).
    range
        Values that may be as good as the recommended one, when they were scanned: the hull of those that
        are not shown to be worse.
    safe_range
        Values that are shown to lose less than the margin against the recommended one, when they were
        scanned. None when no other value was shown to.
    at_edge
        ``low`` or ``high`` when the loss still falls, or good values crowd, towards that end of the searched
        box; ``stability`` when they lean on an end beyond or near which trainings fail or diverge, so that
        there is nothing to be had there; else None.
    sentence
        The finding in words.
    """

    name: str
    production: Value
    recommended: Value
    call: Call
    sentence: str
    effect: Estimate | None = None
    range: tuple[float, float] | None = None
    safe_range: tuple[float, float] | None = None
    at_edge: str | None = None
    searched: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class DimensionRecord:
    """One searched setting, as it was searched.

    Attributes
    ----------
    low, high
        The ends of the box in which the search ended.
    defaulted
        Whether the range was made around production's value rather than declared.
    declared_low, declared_high
        The ends that the search began with, where the box grew; else None.
    grown
        Why it grew, in a clause, or None if it did not.
    """

    name: str
    scale: ScaleName
    low: float | None
    high: float | None
    integer: bool
    choices: tuple[Value, ...] | None
    defaulted: bool
    warning: str | None = None
    declared_low: float | None = None
    declared_high: float | None = None
    grown: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialRecord:
    """A trial as the document keeps it: without its per-row losses."""

    id: int
    round: Round
    config: Config
    fold: str
    fidelity: float
    seed: int
    loss: float | None
    seconds: float
    failure: Failure | None = None
    curve: tuple[CurvePoint, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRecord:
    """The search as it was run.

    Attributes
    ----------
    reason
        Why this strategy.
    screened
        Share of the space that was screened with 95 % assurance: ``1 - 0.05 ** (1 / draws)`` over the draws
        that do not depend on earlier results (statistics, section 2).
    transferred
        How many of the coarse draws were good points of earlier audits, tried again; they count for nothing
        in ``screened``.
    """

    strategy: str
    reason: str
    space: tuple[DimensionRecord, ...]
    rungs: tuple[float, ...]
    screened: float
    trials: tuple[TrialRecord, ...]
    transferred: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What an audit cost.

    Attributes
    ----------
    training_seconds
        Summed over trials.
    wall_seconds
        From start to finish, interruptions not counted twice; None if unknown.
    """

    search_trials: int
    confirm_trials: int
    attribute_trials: int
    failed_trials: int
    training_seconds: float
    wall_seconds: float | None
    scan_trials: int = 0
    explain_trials: int = 0
