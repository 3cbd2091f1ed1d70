"""What moved in the data."""

import enum
from dataclasses import dataclass, field
from datetime import datetime

from auditor.core.records.causes import Change


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
        Whether both speak for it: the distance matters, and it is not chance. Where only the first does, it
        cannot be told whether the column moved.
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

    @property
    def untold(self) -> bool:
        """Whether the distance matters, but may be chance: the column neither moved nor held."""
        return not self.moved and self.beyond_chance >= self.threshold


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
        Every column that both snapshots have, target, time and group apart: those that moved first, then
        those of which it cannot be told, then by distance.
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
