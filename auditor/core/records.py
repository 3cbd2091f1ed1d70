"""The records that pass between stages, and the document that an audit ends in.

Everything here is a frozen value: no clock, no disk, no vendor. ``Audit`` is what the
ledger keeps, what the JSON twin prints and what the page shows; the other records are
what one stage hands to the next.

Losses are the one currency: **lower is better**, everywhere. A metric of which more is
better (AUC, F1, accuracy) is turned into ``1 - metric`` once, where it is computed, so
that a gain is always ``loss(production) - loss(challenger)`` and positive when the
challenger is better.
"""

import enum
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

SCHEMA_VERSION = 1
"""Version of the JSON twin; raised when a field changes its meaning or goes away."""

Value: TypeAlias = bool | int | float | str | None
"""What one setting may hold."""

Config: TypeAlias = Mapping[str, Value]
"""A configuration: a value for every setting."""

if TYPE_CHECKING:
    FloatArray: TypeAlias = npt.NDArray[np.float64]
    IntArray: TypeAlias = npt.NDArray[np.int64]
else:  # commands that only list what was found do without numpy, which costs 0.1 s to import
    FloatArray = IntArray = Any


def config_key(config: Config) -> str:
    """Return the same text for equal configurations, whatever the order of their settings.

    Examples
    --------
    >>> config_key({"b": 1, "a": 0.5})
    '{"a":0.5,"b":1}'
    """
    return json.dumps(dict(config), sort_keys=True, separators=(",", ":"))


# ---------------------------------------------------------------- what a schedule declares


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductionSpec:
    """Where production's settings live.

    Attributes
    ----------
    inline
        Settings written into the schedule itself.
    origin
        ``kind:rest`` of a source outside the schedule (``json:params.json#/model``), or None.
        With both, inline settings override those of the origin.
    """

    inline: Config = field(default_factory=dict)
    origin: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSpec:
    """Where fresh rows come from, and which of them an audit looks at.

    Attributes
    ----------
    source
        A path or URL of a CSV or Parquet file, an SQLAlchemy URL, or ``package.module:function``.
    query
        SQL, for an SQLAlchemy URL only.
    target, time, group
        Column names. ``time`` orders the rows; rows of one ``group`` never straddle a split.
    drop
        Columns that are not features.
    window
        Only rows within this span before the newest one; needs ``time``.
    rows
        At most this many rows: the newest ones with ``time``, else a random draw.
    """

    source: str
    target: str
    query: str | None = None
    time: str | None = None
    group: str | None = None
    drop: tuple[str, ...] = ()
    window: timedelta | None = None
    rows: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainerSpec:
    """How a configuration is trained.

    Attributes
    ----------
    kind
        ``sklearn``.
    estimator
        Import path of an estimator class, or of a function that returns an estimator:
        ``sklearn.ensemble:HistGradientBoostingClassifier``.
    fixed
        Settings that production has and the audit leaves alone.
    """

    kind: str
    estimator: str
    fixed: Config = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainerFacts:
    """What a trainer says of itself before anything is run.

    Attributes
    ----------
    classifier
        Whether it predicts class labels; None if it does not say.
    curve
        How its learning curve is had (``staged``, ``warm``, ``epochs``), or None if it has none.
    defaults
        Its plain settings, at the values it has when none is given.
    """

    classifier: bool | None
    curve: str | None
    defaults: Config


class ScaleName(enum.StrEnum):
    """The axes a setting can be walked on."""

    LINEAR = "linear"
    LOG = "log"
    ONE_MINUS_LOG = "one-minus-log"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True, kw_only=True)
class DimensionSpec:
    """One ``[search.NAME]`` table, as declared; ``None`` where the default is to be used.

    Attributes
    ----------
    only_if
        The setting exists only where each named setting holds one of the given values.
    """

    scale: ScaleName | None = None
    low: float | None = None
    high: float | None = None
    integer: bool | None = None
    choices: tuple[Value, ...] | None = None
    only_if: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Margin:
    """The smallest gain worth a redeployment.

    Attributes
    ----------
    value
        Above 0. A share of production's loss when ``relative`` (0.01 for 1 %), else loss units.
    """

    value: float
    relative: bool

    def in_loss(self, production_loss: float) -> float:
        """Return the margin in units of loss."""
        return self.value * abs(production_loss) if self.relative else self.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What counts as stale; fixed before the data is seen."""

    metric: str
    margin: Margin
    confidence: float = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What one audit may spend.

    Attributes
    ----------
    strategy
        ``auto`` or ``caviar``.
    trials
        Configurations the search tries, production not counted.
    time
        Wall time for searching; confirming has its own bounded share.
    workers
        Trials run at once.
    trial_timeout, trial_memory
        Limits of one trial; memory in bytes.
    """

    strategy: str = "auto"
    trials: int = 30
    time: timedelta = timedelta(minutes=20)
    workers: int = 2
    trial_timeout: timedelta = timedelta(minutes=5)
    trial_memory: int = 4 * 1024**3


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """When the model is due to be audited again.

    Attributes
    ----------
    every, cron
        At most one of them. ``cron`` is read in ``timezone`` (IANA name).
    data_drift
        Population stability index that brings an audit forward, or None.
    environment, code, production
        Whether a change of each brings an audit forward.
    """

    every: timedelta | None = None
    cron: str | None = None
    timezone: str = "UTC"
    data_drift: float | None = None
    environment: bool = False
    code: bool = False
    production: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One schedule file, parsed and checked.

    Attributes
    ----------
    name
        The file's stem.
    text, digest
        The file as it was read, and its SHA-256.
    """

    name: str
    model: str
    production: ProductionSpec
    data: DataSpec
    trainer: TrainerSpec
    search: Mapping[str, DimensionSpec]
    policy: Policy
    budget: Budget
    when: When
    path: str
    text: str
    digest: str


# ---------------------------------------------------------------- what production runs


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


# ---------------------------------------------------------------- rows


@dataclass(frozen=True, slots=True)
class Column:
    """A column's name and its type, as Arrow names it."""

    name: str
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Rows frozen at a moment, filed in the vault under the digest of their bytes.

    Attributes
    ----------
    digest
        SHA-256 of the Parquet file.
    first, last
        Oldest and newest time, when the data has a time column.
    """

    digest: str
    rows: int
    bytes: int
    columns: tuple[Column, ...]
    source: str
    taken_at: datetime
    first: datetime | None = None
    last: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How the rows of a snapshot are set aside, by name: a worker finds the same rows from it.

    Attributes
    ----------
    seed
        Of the audit; two audits of one snapshot split it differently.
    classes
        Whether the target is a class label, so that random splits are stratified by it.
    confirm_share, validation_share, subsample
        Of all rows, set aside to confirm; of the search part, to validate on; of the rows left
        to fit on in each confirming replicate, drawn at random. See statistics, section 2.
    """

    digest: str
    target: str
    seed: int
    time: str | None = None
    group: str | None = None
    drop: tuple[str, ...] = ()
    classes: bool = False
    confirm_share: float = 0.5
    validation_share: float = 0.3
    subsample: float = 0.8

    @property
    def not_features(self) -> tuple[str, ...]:
        """Columns that the trainer must not see as features."""
        extra = [name for name in (self.time, self.group) if name is not None]
        return (self.target, *extra, *self.drop)


class Part(enum.StrEnum):
    """The two parts of a snapshot that never mix."""

    SEARCH = "search"
    CONFIRM = "confirm"


@dataclass(frozen=True, slots=True, order=True)
class Fold:
    """Which rows to fit on and which to score on, by name.

    Attributes
    ----------
    index
        In the search part: 0 for the split of the search, 1... for later resplits.
        In the confirm part: the pass.
    half
        Within a confirming pass, 0 or 1.
    """

    part: Part
    index: int
    half: int = 0


# ---------------------------------------------------------------- trials


class Round(enum.StrEnum):
    """Why a trial was run."""

    PRODUCTION = "production"
    COARSE = "coarse"
    FINE = "fine"
    RESPLIT = "resplit"
    CONFIRM = "confirm"
    ATTRIBUTE = "attribute"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A run that a strategy asks for.

    Attributes
    ----------
    fidelity
        Share of a full training, in (0, 1]; 1 is how production trains.
    """

    config: Config
    round: Round
    fold: Fold
    fidelity: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One run of the trainer: a proposal with a number and a seed.

    Attributes
    ----------
    id
        Counted from 0 within the audit.
    horizon
        Iterations that production's own full training took, where the trainer reported them;
        fidelities of a trainer that stops early are shares of it.
    """

    id: int
    proposal: Proposal
    seed: int
    horizon: int | None = None


class FailureKind(enum.StrEnum):
    """How a trial can fail. A failed trial is a result."""

    REJECTED = "rejected"  #: the trainer refused the configuration
    DIVERGED = "diverged"  #: a loss that is not a finite number
    TIMEOUT = "timeout"
    MEMORY = "memory"
    CRASH = "crash"  #: the worker process died
    ERROR = "error"  #: anything else that user code raised


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a trial has no loss."""

    kind: FailureKind
    message: str


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """A loss on the scored rows part of the way through a training.

    Attributes
    ----------
    step
        Iterations (trees, epochs) done.
    """

    step: int
    loss: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Result:
    """A trial and what came of it.

    Attributes
    ----------
    loss
        Mean loss on the scored rows; None when the trial failed.
    losses
        Shape (scored rows,) in the order of the fold's scored rows, or (jackknife units,) for a
        metric that has no per-row loss; None when the trial failed or where they were not kept.
    seconds
        Wall time of the trial in its worker.
    iterations
        Iterations that the training took, where the trainer reports them.
    """

    trial: Trial
    loss: float | None = None
    losses: FloatArray | None = None
    seconds: float = 0.0
    iterations: int | None = None
    curve: tuple[CurvePoint, ...] = ()
    failure: Failure | None = None

    @property
    def config(self) -> Config:
        """The configuration that was trained."""
        return self.trial.proposal.config


History: TypeAlias = Sequence[Result]
"""Results in trial order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A trial as it is sent to a worker: names and numbers, never data.

    Attributes
    ----------
    vault
        Where the worker finds the snapshot: a folder.
    timeout_seconds, memory_bytes
        Limits of this trial.
    """

    trial: Trial
    trainer: TrainerSpec
    layout: Layout
    metric: str
    vault: str
    timeout_seconds: float
    memory_bytes: int


# ---------------------------------------------------------------- evidence and verdict


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Finalist:
    """A challenger that was confirmed, and the evidence on it at every look it lived to see.

    Attributes
    ----------
    search_gain
        What the search promised: the winner's curse is the difference from ``looks[-1].gain``.
    excluded
        Whether a gain of the margin was excluded for it.
    """

    config: Config
    search_gain: float | None
    looks: tuple[Look, ...]
    excluded: bool


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
        Values that are as good, when they were scanned.
    at_edge
        ``low`` or ``high`` when good values crowd that edge of the searched box, else None.
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
    at_edge: str | None = None
    searched: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class DimensionRecord:
    """One searched setting, as it was searched.

    Attributes
    ----------
    defaulted
        Whether the range was made around production's value rather than declared.
    """

    name: str
    scale: ScaleName
    low: float | None
    high: float | None
    integer: bool
    choices: tuple[Value, ...] | None
    defaulted: bool
    warning: str | None = None


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
    """

    strategy: str
    reason: str
    space: tuple[DimensionRecord, ...]
    rungs: tuple[float, ...]
    screened: float
    trials: tuple[TrialRecord, ...]


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


@dataclass(frozen=True, slots=True)
class Change:
    """Something that differs between the capture and now."""

    what: str
    then: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NextAudit:
    """When to look again, and why."""

    due: datetime | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """What it takes to get the same findings again."""

    schedule: str
    schedule_digest: str
    schedule_text: str
    snapshot_digest: str
    seed: int
    versions: Mapping[str, str]
    command: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """One audit, whole: what the ledger keeps, the twin prints and the page shows.

    Attributes
    ----------
    call, headline, sentence
        The verdict, in one word, in a heading, in one sentence.
    unit
        What a loss is measured in, for people: ``log-loss``, ``1 - AUC``.
    gain
        Of the confirmed challenger over production retrained on the same rows, in ``unit``; None when
        the audit failed.
    confidence
        Of the verdict; ``setting_confidence`` is per setting, after correction for how many were changed.
    error
        Why the audit failed, or None.
    """

    id: int
    model: str
    call: Call | None
    headline: str
    sentence: str
    started_at: datetime
    finished_at: datetime
    metric: str
    unit: str
    policy: Policy
    capture: Capture
    snapshot: Snapshot | None
    search_rows: int
    confirm_rows: int
    gain: Estimate | None
    confidence: float
    setting_confidence: float
    settings: tuple[Finding, ...]
    groups: tuple[tuple[str, ...], ...]
    either_of: tuple[tuple[str, ...], ...]
    confirmation: Confirmation | None
    attribution: Attribution | None
    search: SearchRecord | None
    budget: Budget
    spent: Spent
    environment_changes: tuple[Change, ...]
    code_changes: tuple[Change, ...]
    next_audit: NextAudit
    provenance: Provenance
    notes: tuple[str, ...] = ()
    error: str | None = None
    schema_version: int = SCHEMA_VERSION

    @property
    def summary(self) -> "AuditSummary":
        """The audit in one line."""
        evidence = self.confirmation
        return AuditSummary(
            id=self.id,
            model=self.model,
            state="failed" if self.error is not None else "done",
            started_at=self.started_at,
            finished_at=self.finished_at,
            call=self.call,
            headline=self.headline,
            gain=self.gain,
            unit=self.unit,
            margin=evidence.margin if evidence else None,
            production_loss=evidence.production_loss if evidence else None,
            stale_settings=tuple(found.name for found in self.settings if found.call is Call.STALE),
            next_due=self.next_audit.due,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditSummary:
    """An audit in one line, for listings.

    Attributes
    ----------
    state
        ``running`` (begun and not finished), ``done`` or ``failed``.
    """

    id: int
    model: str
    state: str
    started_at: datetime
    finished_at: datetime | None
    call: Call | None
    headline: str
    gain: Estimate | None
    unit: str
    margin: float | None
    production_loss: float | None
    stale_settings: tuple[str, ...]
    next_due: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAudit:
    """An audit that has begun: everything that must be the same when it is resumed."""

    id: int
    model: str
    plan_digest: str
    capture: Capture
    snapshot: Snapshot
    seed: int
    started_at: datetime


def digest_of(text: str) -> str:
    """Return the SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()
