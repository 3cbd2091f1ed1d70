"""What a schedule declares."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from auditor.core.records.values import Config, Value


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
    only
        Which settings of the origin are meant; None for all of them.
    trusted
        Whether a file may run its own code when it is opened, as a pickle does; of a skops file, the
        types that it may build.
    """

    inline: Config = field(default_factory=dict)
    origin: str | None = None
    only: tuple[str, ...] | None = None
    trusted: bool | tuple[str, ...] = False


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
    fewest
        How many rows there must be since that moment: with fewer, it is too early to look at them.
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
    fewest: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainerSpec:
    """How a configuration is trained.

    Attributes
    ----------
    kind
        Who trains: a kind that ``trainers/kinds.py`` knows, such as ``sklearn``.
    entry
        What is trained: an import path (``sklearn.ensemble:HistGradientBoostingClassifier``), or a command.
    fixed
        Settings that production has and the audit leaves alone.
    options
        What only this kind asks for, as its form in ``declarations/trainers.py`` names it.
    """

    kind: str
    entry: str
    fixed: Config = field(default_factory=dict)
    options: Config = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainerFacts:
    """What a trainer says of itself before anything is run.

    Attributes
    ----------
    classifier
        Whether it predicts class labels; None if it does not say.
    curve
        How its learning curve is had (``staged``, ``warm``, ``epochs``), or None if it has none, or cannot
        stop early on it.
    defaults
        Its plain settings, at the values it has when none is given.
    by_row
        Whether a training gives a loss per scored row, or per unit of them, rather than one number.
    continues
        Whether it can go on from a checkpoint, with other settings and on other rows.
    uncarried
        Settings that going on from a checkpoint cannot change, each with the reason.
    thins
        Share of many rows on which configurations can be told apart; 1 where only all of them will do.
    """

    classifier: bool | None
    curve: str | None
    defaults: Config
    by_row: bool = True
    continues: bool = False
    uncarried: Mapping[str, str] = field(default_factory=dict)
    thins: float = 1.0


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
    grow
        Whether the search may go beyond the ends where the optimum turns out to lie there.
    """

    scale: ScaleName | None = None
    low: float | None = None
    high: float | None = None
    integer: bool | None = None
    choices: tuple[Value, ...] | None = None
    only_if: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)
    grow: bool = True


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
        ``auto``, ``caviar`` or ``panda``.
    trials
        Configurations the search tries, production not counted.
    time
        Wall time for searching; confirming has its own bounded share.
    workers
        Trials run at once.
    trial_timeout, trial_memory
        Limits of one trial; memory in bytes.
    turns
        Of a panda in one audit, at most; fewer where there are too few fresh rows.
    """

    strategy: str = "auto"
    trials: int = 30
    time: timedelta = timedelta(minutes=20)
    workers: int = 2
    trial_timeout: timedelta = timedelta(minutes=5)
    trial_memory: int = 4 * 1024**3
    turns: int = 1


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
