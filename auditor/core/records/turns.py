"""A panda: one live model that is carried on turn by turn, and what its turns say of its settings."""

import enum
from dataclasses import dataclass
from datetime import datetime

from auditor.core.records.evidence import Call, Estimate
from auditor.core.records.values import Config, Value


class Move(enum.StrEnum):
    """What a turn changes in one of its two twins."""

    NUDGE = "nudge"  #: one setting moved, on its own scale, from where the live model has it
    BACK = "back"  #: one moved setting put back to production's value, to compare the two


class Kept(enum.StrEnum):
    """Which twin became the live model."""

    UNCHANGED = "unchanged"
    NUDGED = "nudged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """The live model as it began: production's settings, trained in full on the oldest rows.

    Attributes
    ----------
    iterations
        That the training took, where the trainer reports them; every turn takes as many.
    checkpoint
        SHA-256 of the file in the vault.
    """

    audit_id: int
    at: datetime
    rows_fitted: int
    loss: float
    iterations: int | None
    checkpoint: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One turn: the live model carried on twice on fresh rows, unchanged and with one setting changed.

    Attributes
    ----------
    number
        Counted from 1 since the start; the start is turn 0.
    parent
        The turn whose model was carried on: the one before, or an earlier one after a rollback.
    first, last
        Oldest and newest time of the turn's rows.
    value, tried
        What the unchanged and the changed twin hold for ``setting``.
    step
        From ``value`` to ``tried``, as a signed share of the setting's axis; 0 for a choice.
    loss, tried_loss
        Mean loss of the unchanged and of the changed twin on rows that neither was fitted on; None for
        one that did not train.
    production_loss
        Of a model that was carried on over the same turns with production's settings. The same as ``loss``
        while the live model has them.
    gain, error
        ``loss - tried_loss``, and the standard error of that paired difference over the rows.
    margin
        In units of loss, on this turn's rows.
    setback
        Loss of the model that came into the turn minus that of the one before it, on this turn's rows, before
        either is trained further; None where there is none before it. Beyond noise, the turn begins with a
        rollback.
    config, checkpoint
        Of the model that the turn leaves; ``production_checkpoint`` is that of ``production_loss``.
    failure
        Why a twin did not train, or None.
    lost
        Why an earlier model than the newest had to be gone on with: its checkpoint was gone. Or None.
    """

    number: int
    audit_id: int
    at: datetime
    parent: int
    rows_fitted: int
    rows_scored: int
    move: Move
    setting: str
    value: Value
    tried: Value
    step: float
    loss: float
    tried_loss: float | None
    production_loss: float
    gain: float | None
    error: float | None
    margin: float
    kept: Kept
    config: Config
    checkpoint: str
    production_checkpoint: str
    seconds: float
    first: datetime | None = None
    last: datetime | None = None
    setback: Estimate | None = None
    failure: str | None = None
    lost: str | None = None

    @property
    def rolled_back(self) -> bool:
        """Whether the turn went back to an earlier model before it began."""
        return self.parent != self.number - 1


@dataclass(frozen=True, slots=True)
class EvidencePoint:
    """The evidence on one setting after a turn that added to it.

    Attributes
    ----------
    evidence
        That the value moved to is better than production's; 1 says nothing.
    needed
        What it must reach; more for every further challenge of production.
    """

    turn: int
    evidence: float
    needed: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What is known of one direction in which a setting was moved from production's value.

    Attributes
    ----------
    towards
        ``up``, ``down``, or the other value of a choice as text.
    farthest
        The farthest value that was compared with production's.
    turns
        Comparisons that count.
    evidence, needed
        That moving that way gains less than the margin; what it must reach.
    excluded
        The turn at which it last did, or None.
    """

    towards: str
    farthest: Value
    turns: int
    evidence: float
    needed: float
    excluded: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """One setting over the turns: where it was moved, and what that says of production's value.

    Attributes
    ----------
    live
        What the live model holds.
    step
        How far the next nudge goes, as a share of the axis.
    nudges, keeps, backs
        Turns that nudged it; nudges that were kept; turns that put it back to be compared.
    evidence, needed
        Of the challenge that is on; 1 and what the next one must reach when none is.
    gain
        Of the value moved to over production's within one turn, with an interval that holds at every look;
        None until there are enough turns for one.
    stale_since
        The turn at which it became stale, or None.
    points
        The evidence over the turns; it begins anew with every challenge.
    """

    name: str
    production: Value
    live: Value
    step: float
    call: Call
    sentence: str
    nudges: int
    keeps: int
    backs: int
    evidence: float
    needed: float
    gain: Estimate | None = None
    stale_since: int | None = None
    points: tuple[EvidencePoint, ...] = ()
    sides: tuple[Side, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A setting that no turn changes, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PandaRecord:
    """One live model over its turns, the newest audit's included.

    Attributes
    ----------
    turns
        All of them since the start, oldest first; those of this audit have its number.
    trails
        One per setting that turns change, in the order of the space.
    left_out
        Settings that a checkpoint cannot carry, or that changed nothing.
    live
        The configuration of the live model now.
    lead
        Loss of the model carried on with production's settings minus that of the live one, over the turns
        since they parted: what changing the settings has gained in the long run. None until there are enough.
    margin
        In units of loss, over the same turns.
    rollbacks
        How often a turn went back to an earlier model.
    sentence, promise
        How the model fares, and what is promised about false alarms, in words.
    """

    start: Start
    turns: tuple[Turn, ...]
    trails: tuple[Trail, ...]
    live: Config
    margin: float
    production_loss: float
    nudges: int
    keeps: int
    rollbacks: int
    sentence: str
    promise: str
    lead: Estimate | None = None
    left_out: tuple[LeftOut, ...] = ()
