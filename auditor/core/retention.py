"""What may be thrown away, and what must stay: pure.

The verdict of an audit, its line in every listing and its page stay for good; they are small. What
grows are the losses of its trials, row by row, and the snapshots. An audit is *kept* while it is young
enough, or among the newest of its model; of the others the losses go, and the snapshots that nothing kept
needs.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """An audit, and the snapshots that it needs to be explained and gone on with.

    Attributes
    ----------
    state
        ``running``, ``done``, ``failed`` or ``abandoned``.
    at
        When it ended, or began if it has not.
    """

    id: int
    model: str
    state: str
    at: datetime
    snapshots: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How much is kept: an audit stays while either limit keeps it."""

    newest: int = 20
    younger_than: timedelta = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Doomed:
    """What goes: the losses of these audits, and these snapshots."""

    audits: tuple[int, ...]
    snapshots: tuple[str, ...]


def doomed(
    holdings: Sequence[Holding],
    *,
    pinned: Collection[int],
    needed: Collection[str],
    snapshots: Iterable[str],
    limits: Retention,
    now: datetime,
) -> Doomed:
    """Return what is to go.

    Parameters
    ----------
    pinned, needed
        Audits and snapshots that stay whatever their age: what production is compared with.
    snapshots
        All that there are.

    Notes
    -----
    What a running audit needs never goes.
    """
    kept = _kept(holdings, limits, now=now) | set(pinned)
    staying = set(needed).union(*(each.snapshots for each in holdings if each.id in kept))
    return Doomed(
        audits=tuple(each.id for each in holdings if each.id not in kept),
        snapshots=tuple(sorted(set(snapshots) - staying)),
    )


def _kept(holdings: Sequence[Holding], limits: Retention, *, now: datetime) -> set[int]:
    kept, seen = set(), dict[str, int]()
    for each in sorted(holdings, key=lambda holding: -holding.id):
        if each.state == "running":
            kept.add(each.id)
            continue
        ended = each.state in ("done", "failed")
        number = seen.get(each.model, 0)
        seen[each.model] = number + ended
        if ended and (number < limits.newest or now - each.at < limits.younger_than):
            kept.add(each.id)
    return kept
