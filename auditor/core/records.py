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


_SORTED = json.JSONEncoder(sort_keys=True, separators=(",", ":"))


def config_key(config: Config) -> str:
    """Return the same text for equal configurations, whatever the order of their settings.

    Examples
    --------
    >>> config_key({"b": 1, "a": 0.5})
    '{"a":0.5,"b":1}'
    """
    return _SORTED.encode(dict(config))


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
    since, until
        Only rows from the one moment on and before the other; need ``time``. A replay of the past asks so.
    """

    source: str
    target: str
    query: str | None = None
    time: str | None = None
    group: str | None = None
    drop: tuple[str, ...] = ()
    window: timedelta | None = None
    rows: int | None = None
    since: datetime | None = None
    until: datetime | None = None


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


class Repeat(enum.StrEnum):
    """How the audits of a model that is audited again and again are read together."""

    ALONE = "alone"  #: every audit stands for itself; false alarms add up over the year
    EVIDENCE = "evidence"  #: evidence adds up over one model's audits until it suffices for an alarm
    FLEET = "fleet"  #: the newest audits of many models are corrected for how many they are


ALARM = 100.0
"""Evidence at which a model raises an alarm: the mean number of audits between false ones, at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What counts as stale; fixed before the data is seen.

    Attributes
    ----------
    repeat
        How this model's audits are read together. The first audit of a model is the same under each.
    """

    metric: str
    margin: Margin
    confidence: float = 0.95
    repeat: Repeat = Repeat.EVIDENCE


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
    every, auto, cron
        At most one of them. With ``auto``, the interval follows from what earlier audits found.
        ``cron`` is read in ``timezone`` (IANA name).
    stale_cost
        What a month with stale settings costs, counted in audits; ``auto`` weighs one against the other.
    data_drift
        Population stability index that brings an audit forward, or None.
    environment, code, production
        Whether a change of each brings an audit forward.
    """

    every: timedelta | None = None
    auto: bool = False
    stale_cost: float = 2.0
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
    first_row
        Rows before this one are used for nothing: an older snapshot holds them too.
    fit_rows
        Models are fitted on at most about this many rows, drawn at random from those of the fold: what
        makes trainings on two snapshots equal in size. None for all of them.
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
    first_row: int = 0
    fit_rows: int | None = None

    @property
    def not_features(self) -> tuple[str, ...]:
        """Columns that the trainer must not see as features."""
        extra = [name for name in (self.time, self.group) if name is not None]
        return (self.target, *extra, *self.drop)


class Part(enum.StrEnum):
    """The two parts of a snapshot that never mix, and other rows that some stages stand on.

    All but the first two are for explaining, with layouts of their own (see ``stages/explain.py``); the
    rows that they score are never those of the search part.
    """

    SEARCH = "search"
    CONFIRM = "confirm"
    NOW = "now"  #: confirming rows that no older snapshot holds, fitted on as many rows as ``THEN``
    THEN = "then"  #: the confirm part of the reference snapshot, fitted on as many rows as ``NOW``
    THEN_WHOLE = "then whole"  #: the same at the reference's own training size
    UNRETRAINED = "unretrained"  #: confirming rows, scored by models fitted on the reference snapshot
    CANARY = "canary"  #: the split of a search, run again

    @property
    def searched(self) -> bool:
        """Whether a fold of it is a split of the search part; those of all others score the confirm part."""
        return self in (Part.SEARCH, Part.CANARY)


@dataclass(frozen=True, slots=True, order=True)
class Fold:
    """Which rows to fit on and which to score on, by name.

    Attributes
    ----------
    index
        In the search part: 0 for the split of the search, 1... for later resplits.
        In the confirm part: the pass.
        Of a canary: the number of the replay.
    half
        Within a confirming pass, 0 or 1.
    """

    part: Part
    index: int
    half: int = 0


# ---------------------------------------------------------------- trials

# What travels with every trial has no slots: with them, dataclasses take three times as long to pickle.


class Round(enum.StrEnum):
    """Why a trial was run."""

    PRODUCTION = "production"
    COARSE = "coarse"
    GROW = "grow"  #: draws from the strip by which the box grew, because its optimum lay outside
    FINE = "fine"
    RESPLIT = "resplit"
    CONFIRM = "confirm"
    ATTRIBUTE = "attribute"
    EXPLAIN = "explain"  #: production and challenger on older rows and fresh ones, to tell why
    CANARY = "canary"  #: a stored training, run again
    SCAN = "scan"  #: values along one setting's own scale, to tell the range that is as good


@dataclass(frozen=True, kw_only=True)  # no slots: see above
class Proposal:
    """A run that a strategy asks for.

    Attributes
    ----------
    fidelity
        Share of a full training, in (0, 1]; 1 is how production trains.
    key
        The ``config_key`` of the configuration, which is asked for many times.
    """

    config: Config
    round: Round
    fold: Fold
    fidelity: float = 1.0
    key: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Note the key."""
        object.__setattr__(self, "key", config_key(self.config))


@dataclass(frozen=True, kw_only=True)  # no slots: see above
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

    @property
    def key(self) -> str:
        """The ``config_key`` of the configuration that was trained."""
        return self.trial.proposal.key


History: TypeAlias = Sequence[Result]
"""Results in trial order."""


@dataclass(frozen=True, kw_only=True)  # no slots: see above
class Job:
    """A trial as it is sent to a worker: names and numbers, never data.

    Attributes
    ----------
    vault
        Where the worker finds the snapshot: a folder.
    timeout_seconds, memory_bytes
        Limits of this trial.
    fit_on
        Another snapshot to fit on, all of it; None to fit on the fold's own rows.
    """

    trial: Trial
    trainer: TrainerSpec
    layout: Layout
    metric: str
    vault: str
    timeout_seconds: float
    memory_bytes: int
    fit_on: Layout | None = None


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


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallestChange:
    """The fewest settings whose change keeps most of a confirmed gain.

    Attributes
    ----------
    settings
        What to change, in the order of the space; the other changed settings stay at production's values.
    kept
        Share of the whole gain that this keeps, 1 for all of it, with its interval. The interval holds
        for every choice of settings at once, because this one was chosen for its estimate.
    shown
        Whether the interval excludes that less than nine tenths are kept. When it does not, the share is
        an estimate only.
    """

    settings: tuple[str, ...]
    kept: Estimate
    shown: bool


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


# ---------------------------------------------------------------- what moved in the data


class ColumnKind(enum.StrEnum):
    """How a column's values are compared."""

    NUMERIC = "numeric"
    CATEGORICAL = "categorical"  #: text and truth values
    MOMENT = "moment"  #: dates, as seconds since 1970-01-01 UTC


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """Two distributions over the same bins, to be drawn on one axis.

    Attributes
    ----------
    edges
        Shape (bins + 1,), finite and increasing; empty when ``categories`` are given. Values beyond
        the ends are counted in the outermost bins.
    categories
        Shape (bins,): a word or a number each, and a last one for all others where there are more.
    then, now
        Shape (bins,): shares of all rows; what they lack to 1 is missing.
    """

    edges: tuple[float, ...] = ()
    categories: tuple[str, ...] = ()
    then: tuple[float, ...] = ()
    now: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnDrift:
    """How far one column lies from where it lay. Context for a verdict, never evidence for one.

    Attributes
    ----------
    distance
        Population stability index, 0 or more; "missing" is a value like others.
    chance
        What ``distance`` is on average when nothing moved, with this many rows.
    threshold
        What ``distance - chance`` must reach to matter.
    shift
        Share of rows that would have to change their bin, in [0, 1] (total variation).
    p_value
        Of "nothing moved", corrected for the number of columns (Benjamini-Hochberg).
    moved
        Whether both speak for it: the distance matters, and it is not chance.
    missing_then, missing_now
        Shares of rows.
    new_categories, gone_categories
        The commonest values that only one of the two has, at most ten each.
    new_count, gone_count
        How many such values there are in all.
    new_share, gone_share
        Shares of the rows of now, and of then, that hold such a value.
    sentence
        Where the two differ most, in words.
    """

    name: str
    kind: ColumnKind
    distance: float
    chance: float
    threshold: float
    shift: float
    p_value: float
    moved: bool
    sentence: str
    missing_then: float = 0.0
    missing_now: float = 0.0
    new_categories: tuple[str, ...] = ()
    gone_categories: tuple[str, ...] = ()
    new_count: int = 0
    gone_count: int = 0
    new_share: float = 0.0
    gone_share: float = 0.0
    overlay: Overlay = field(default_factory=Overlay)

    @property
    def beyond_chance(self) -> float:
        """The distance less what chance alone makes of it, 0 or more."""
        return max(0.0, self.distance - self.chance)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """What moved in the data between the rows production was tuned on and fresh ones.

    Attributes
    ----------
    reference
        Digest of the snapshot of then.
    headline
        What moved, in words.
    assumes
        What the p-values assume of the rows, in words.
    columns
        Every column that both snapshots have, target, time and group apart: those that moved first,
        then by distance.
    target
        None where it cannot be compared.
    appeared, gone
        Columns that only the fresh snapshot has, or only the reference.
    retyped
        Columns that hold another kind of value than they did.
    first_then, last_then, first_now, last_now
        Oldest and newest time, when the data has a time column.
    """

    reference: str
    rows_then: int
    rows_now: int
    headline: str
    assumes: str = ""
    columns: tuple[ColumnDrift, ...] = ()
    target: ColumnDrift | None = None
    appeared: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    retyped: tuple[Change, ...] = ()
    first_then: datetime | None = None
    last_then: datetime | None = None
    first_now: datetime | None = None
    last_now: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NextAudit:
    """When to look again, and why.

    Attributes
    ----------
    hazard
        Chance per month that fresh settings go stale, as estimated from this model's audits; None unless
        the interval follows from it.
    times_stale, months
        What the estimate stands on: how often the settings went stale, in how many months of being watched.
    interval_days
        From this audit to the next.
    limit
        What kept the interval from being what the hazard asks for: ``shortest`` (a week), ``longest`` (a
        year) or ``labels`` (not enough new rows before), else None.
    """

    due: datetime | None
    reason: str
    hazard: float | None = None
    times_stale: int | None = None
    months: float | None = None
    interval_days: float | None = None
    limit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """A challenger that an earlier audit left undecided, and what has been added up on it since.

    Attributes
    ----------
    audits
        Later audits that tested it on rows no audit had looked at before.
    e_value
        Product of their evidence that it is better than production: 1 says nothing.
    shown
        Whether the product reached ``1 / (1 - confidence)``, which a challenger that is no better does
        with a chance of at most ``1 - confidence``, however many audits follow.
    """

    config: Config
    audits: int
    e_value: float
    shown: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeated:
    """What this audit adds to the model's earlier ones. Its own call is not touched by it.

    Attributes
    ----------
    policy
        How the audits are read together.
    number
        This audit's place among the finished audits of the model, counted from 1.
    to_the_end
        Whether confirming could stop early for *fresh* and for futility only: evidence for *stale* that stops
        at its first crossing is too weak to add up. The first audit of a model may stop for either.
    counted
        Whether this audit's evidence was added; if not, ``reason`` says why.
    new_rows
        Confirming rows that no earlier audit of this model had looked at; the evidence rests on them alone.
    p_value
        Of "no challenger is better", on the new rows, with an allowance for how many were tried; None when
        not counted.
    e_value
        The evidence it amounts to; 1 says nothing, 0 speaks for fresh.
    detector
        Evidence over all counted audits of these settings. None under ``alone`` and ``fleet``.
    alarm_at
        What the detector must reach.
    alarm
        Whether this model is to be re-tuned, by its policy: the promise of ``promise`` is about this.
    audits
        Audits counted since production's settings last changed, this one included.
    models
        Under ``fleet``, how many models' newest audits were weighed together; else 1.
    sentence
        The state of the evidence in words.
    promise
        What is promised about false alarms, in words.
    carried
        Challengers that earlier audits left undecided.
    """

    policy: Repeat
    number: int
    to_the_end: bool
    counted: bool
    reason: str
    new_rows: int
    p_value: float | None
    e_value: float
    detector: float | None
    alarm_at: float
    alarm: bool
    audits: int
    models: int = 1
    sentence: str = ""
    promise: str = ""
    carried: tuple[Carried, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """What it takes to get the same findings again.

    Attributes
    ----------
    layout, trainer
        How rows were set aside and what was trained: with them a later audit can run a stored training
        again. None in audits of before this was kept.
    """

    schedule: str
    schedule_digest: str
    schedule_text: str
    snapshot_digest: str
    seed: int
    versions: Mapping[str, str]
    command: str
    layout: Layout | None = None
    trainer: TrainerSpec | None = None


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
    repeated
        What it adds to the model's earlier audits; None when the audit failed.
    change
        The fewest settings to change; None unless stale, and when all of them have to be.
    cause
        Why it went stale; None unless stale.
    canary
        Whether code or environment changed what a stored training gives.
    retrain_gain
        What retraining alone would have given: loss of production's settings fitted on the reference rows
        minus their loss fitted on the fresh ones, both scored on the confirming rows; None without
        reference rows. It is no part of ``gain``, whose production is retrained.
    drift
        What moved in the data since production was tuned, or None when its rows are not known.
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
    drift: Drift | None = None
    repeated: Repeated | None = None
    change: SmallestChange | None = None
    cause: Cause | None = None
    canary: Canary | None = None
    retrain_gain: Estimate | None = None
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
            next_reason=self.next_audit.reason,
            capture=self.capture.id,
            seed=self.provenance.seed,
            snapshot=self.provenance.snapshot_digest,
            newest=self.snapshot.last if self.snapshot else None,
            repeat=self.repeated.policy if self.repeated else None,
            p_value=self.repeated.p_value if self.repeated else None,
            detector=self.repeated.detector if self.repeated else None,
            alarm=self.repeated.alarm if self.repeated else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditSummary:
    """An audit in one line, for listings.

    Attributes
    ----------
    state
        ``running`` (begun and not finished), ``done`` or ``failed``.
    capture, seed, snapshot, newest
        What it stands on: the number of its capture, its seed, the digest of its rows, and the newest time
        among them.
    repeat, p_value, detector, alarm
        As in its `Repeated`; None unless it is done.
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
    next_reason: str = ""
    capture: int = 0
    seed: int = 0
    snapshot: str = ""
    newest: datetime | None = None
    repeat: Repeat | None = None
    p_value: float | None = None
    detector: float | None = None
    alarm: bool | None = None


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


# ---------------------------------------------------------------- a replay of the past


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


def digest_of(text: str) -> str:
    """Return the SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()
