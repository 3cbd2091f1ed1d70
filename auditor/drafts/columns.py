"""What each column of a data set is likely to be: the target, the time, a group, no feature at all.

Proposed from names and contents, each with its reason, for the owner to confirm. Pure.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

CLASSES = 20
"""A whole-number target of at most so many values is taken for class labels ..."""

ROWS_PER_CLASS = 10
"""... where every class has at least so many rows on average."""

_FEWEST_GROUPS = 20
_REPEATS = 1.5
_MOST_CATEGORIES = 255
"""What scikit-learn's histogram boosting takes at most."""

_TARGETS = (
    frozenset({"target", "label", "labels", "y", "class", "outcome", "response", "dependent"}),
    frozenset(
        {
            "churn", "churned", "default", "defaulted", "fraud", "fraudulent", "late", "delayed", "converted",
            "conversion", "clicked", "click", "survived", "cancelled", "canceled", "returned", "bought",
            "purchased", "subscribed",
            "price", "sales", "revenue", "demand", "salary", "income", "quality",
            "diagnosis", "risk", "rating", "medv", "charges", "consumption", "load", "attrition",
            "readmitted",
        }
    ),
)  # fmt: skip
_TIMES = (
    frozenset({"ts", "timestamp", "time", "datetime", "date", "day", "moment", "event_time", "dt"}),
    frozenset({"created", "updated", "observed", "recorded", "month", "week", "hour", "at", "on"}),
)
_TIME_NUMBERS = frozenset({"ts", "timestamp", "time", "epoch", "unixtime", "unix_time"})
_ENTITIES = frozenset(
    {
        "customer", "user", "patient", "subject", "account", "client", "household", "member", "person",
        "device", "machine", "vehicle", "visitor", "session", "driver", "employee", "student", "tail",
    }
)  # fmt: skip
_IDENTIFIERS = frozenset({"id", "uuid", "guid", "key", "index", "rownumber", "number", "code"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnFacts:
    """What was seen of one column.

    Attributes
    ----------
    kind
        ``number``, ``integer``, ``bool``, ``text``, ``time``, or ``other`` for what cannot be learned from.
    distinct
        Different values, missing ones not counted.
    """

    name: str
    kind: str
    rows: int
    distinct: int
    missing: int = 0

    @property
    def unique(self) -> bool:
        """Whether it tells every row apart."""
        return self.rows > 1 and self.distinct == self.rows - self.missing and self.missing < self.rows / 2

    @property
    def words(self) -> tuple[str, ...]:
        """The words of its name, in lower case."""
        apart = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", self.name)
        return tuple(word for word in re.split(r"[^a-z0-9]+", apart.lower()) if word)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A column, or none, and why."""

    column: str | None
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """What the columns of a data set are proposed to be.

    Attributes
    ----------
    sure
        Whether the target's name says that it is one; if not, it is merely the last column.
    drop
        Columns that are no features, with the reason of each.
    """

    target: Proposal
    sure: bool
    time: Proposal
    group: Proposal
    drop: tuple[Proposal, ...]


def propose_roles(
    columns: Sequence[ColumnFacts], *, target: str | None = None, time: str | None = None
) -> Roles:
    """Return what columns are likely to be.

    Parameters
    ----------
    target, time
        What is known already; the others are proposed around them. An empty time means that there is none.

    Examples
    --------
    >>> facts = [ColumnFacts(name="day", kind="time", rows=900, distinct=90),
    ...          ColumnFacts(name="calls", kind="integer", rows=900, distinct=40),
    ...          ColumnFacts(name="churned", kind="bool", rows=900, distinct=2)]
    >>> roles = propose_roles(facts)
    >>> roles.target.column, roles.time.column, roles.group.column
    ('churned', 'day', None)
    """
    chosen = Proposal(target, "as asked for") if target else _target(columns, time)
    others = [column for column in columns if column.name != chosen.column]
    when = _time(others) if time is None else Proposal(time or None, "as asked for")
    rest = [column for column in others if column.name != when.column]
    group = _group(rest, timed=when.column is not None)
    drop = tuple(_no_feature(column) for column in rest if column.name != group.column)
    return Roles(
        target=chosen,
        sure=target is not None or _points(chosen.column, columns) > 0,
        time=when,
        group=group,
        drop=tuple(proposal for proposal in drop if proposal.column is not None),
    )


def is_classes(column: ColumnFacts) -> bool:
    """Return whether a target holds class labels rather than amounts."""
    if column.kind in ("text", "bool"):
        return True
    few = column.distinct <= CLASSES and column.rows >= ROWS_PER_CLASS * column.distinct
    return few and (column.kind == "integer" or column.distinct == 2)


def _points(name: str | None, columns: Sequence[ColumnFacts]) -> int:
    found = [column for column in columns if column.name == name]
    return _named(found[0], _TARGETS) if found else 0


def _named(column: ColumnFacts, ranks: Sequence[frozenset[str]]) -> int:
    """Return how clearly a name says what a column is: words of the first rank, and alone, say most."""
    for place, words in enumerate(ranks):
        rank = 2 * (len(ranks) - place)
        if "_".join(column.words) in words:
            return rank + 1
        if words & set(column.words):
            return rank
    return 0


def _target(columns: Sequence[ColumnFacts], time: str | None) -> Proposal:
    fit = [column for column in columns if column.name != time and _may_be_target(column)]
    if not fit:
        return Proposal(None, "no column has values that could be predicted")
    # Of equals the last: that is where most tables have it.
    best = max(enumerate(fit), key=lambda pair: (_named(pair[1], _TARGETS), pair[0]))[1]
    passed = _passed_over(columns, than=best)
    if _named(best, _TARGETS):
        return Proposal(best.name, f"its name says so{passed}")
    if passed:
        return Proposal(best.name, f"the last column that could be{passed}")
    return Proposal(best.name, "no name says what is predicted; it is the last column that could be")


def _passed_over(columns: Sequence[ColumnFacts], *, than: ColumnFacts) -> str:
    """Return words on a column that is named more like a target, but has rows without a value."""
    holed = [column for column in columns if column.missing and column.kind not in ("time", "other")]
    named = max(holed, key=lambda column: _named(column, _TARGETS), default=than)
    if _named(named, _TARGETS) <= _named(than, _TARGETS):
        return ""
    rows = f"{named.missing:,} of {named.rows:,} rows"
    return f"; {named.name} is named like a target, but has no value in {rows}: leave them out, or fill them"


def _may_be_target(column: ColumnFacts) -> bool:
    if column.kind in ("time", "other") or column.distinct < 2 or column.missing:
        return False
    if column.kind == "text":
        return column.distinct <= max(CLASSES, column.rows // 50)
    return not (column.unique and _IDENTIFIERS & set(column.words))


def _time(columns: Sequence[ColumnFacts]) -> Proposal:
    dated = [column for column in columns if column.kind == "time" and column.distinct > 1]
    if dated:
        best = max(dated, key=lambda column: (_named(column, _TIMES), column.distinct))
        why = "it holds dates" if len(dated) == 1 else f"of {len(dated)} columns of dates, by its name"
        return Proposal(best.name, why)
    for column in columns:
        if column.kind in ("integer", "number") and "_".join(column.words) in _TIME_NUMBERS:
            return Proposal(column.name, "its name says so, and its numbers have an order")
    return Proposal(None, "no column holds dates: rows are taken to be exchangeable")


def _group(columns: Sequence[ColumnFacts], *, timed: bool) -> Proposal:
    for column in columns:
        if column.kind not in ("text", "integer") or column.missing or not _ENTITIES & set(column.words):
            continue
        repeated = column.distinct >= _FEWEST_GROUPS and column.rows >= _REPEATS * column.distinct
        if repeated and not timed:
            per = column.rows / column.distinct
            return Proposal(
                column.name, f"{per:.1f} rows each; rows of one {column.words[0]} must not straddle a split"
            )
    return Proposal(None, "")


def _no_feature(column: ColumnFacts) -> Proposal:
    if column.kind == "other":
        return Proposal(column.name, "holds what cannot be learned from")
    if column.kind == "time":
        return Proposal(column.name, "dates beside the time column")
    if column.unique and column.kind in ("text", "integer") and _IDENTIFIERS & set(column.words):
        return Proposal(column.name, "tells every row apart")
    if column.kind == "text" and column.distinct > _MOST_CATEGORIES:
        return Proposal(column.name, f"text with {column.distinct:,} different values")
    return Proposal(None, "")
