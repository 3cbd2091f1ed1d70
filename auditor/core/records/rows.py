"""Rows in the vault, and which of them a trial may see."""

import enum
from dataclasses import dataclass
from datetime import datetime


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
    units
        The confirm part is cut into so many units of about equal size, and each confirming training scores
        one of them: for trainers that give one number, of which several on the same rows could not be told
        from luck of these rows. None where each scored row has a loss.
    turns
        The confirm part is cut, in time order, into the rows of so many turns of a panda.
    thinned
        Whether a fidelity below 1 is a share of the rows to fit on, trained on in full, rather than a share
        of a training on all of them.
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
    units: int | None = None
    turns: int = 1
    thinned: bool = False

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
    START = "start"  #: the oldest rows, which the live model of a panda begins with
    TURN = "turn"  #: fresh rows that a live model is carried on with, and scored on

    @property
    def searched(self) -> bool:
        """Whether a fold of it is a split of the search part; those of all others score the confirm part."""
        return self in (Part.SEARCH, Part.CANARY)

    @property
    def carried(self) -> bool:
        """Whether a fold of it belongs to a panda: neither search nor confirmation."""
        return self in (Part.START, Part.TURN)


@dataclass(frozen=True, slots=True, order=True)
class Fold:
    """Which rows to fit on and which to score on, by name.

    Attributes
    ----------
    index
        In the search part: 0 for the split of the search, 1... for later resplits.
        In the confirm part: the pass.
        Of a canary: the number of the replay.
        Of a panda: the place of the turn within its audit.
    half
        Within a confirming pass, 0 or 1.
        Of a panda: which twin; see ``stages/turns.py``.
    """

    part: Part
    index: int
    half: int = 0
