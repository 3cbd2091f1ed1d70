"""Transfer: where earlier audits of the model found good points, and whom they left undecided.

Only from audits whose rows are all older than the rows that will confirm now. What an earlier audit found
good it found on its own rows; were some of them to confirm it again, luck would be counted twice. Rows
without a time cannot be told to be new, so nothing is taken over for them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from auditor.core.records import Audit, Config, OpenAudit, Plan
from auditor.core.repeated import done_before
from auditor.core.space import Space
from auditor.core.splits import Partition
from auditor.core.transfer import Known, carried_over, fitted, good_points, weight_of
from auditor.ports import Ledger, Tools

LAST = 5
"""Earlier audits that are read, newest first; with monthly audits their points have nearly faded by then."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """What earlier audits leave to this one.

    Attributes
    ----------
    known
        Their good points, in terms of the present search, the newest first.
    carried
        The challenger that the last one left undecided: it has a seat among the finalists.
    """

    known: tuple[Known, ...] = ()
    carried: Config | None = None


def transfer(opened: OpenAudit, *, plan: Plan, space: Space, partition: Partition, tools: Tools) -> Transfer:
    """Read what was good before this audit began; the same whenever it is resumed."""
    production = opened.capture.config
    start = _confirming_from(opened, plan, partition=partition, tools=tools)
    if start is None:
        return Transfer()
    audits = [audit for audit in _earlier(opened, tools.ledger) if _is_older(audit, start)]
    known = (
        Known(config, weight_of(opened.started_at - audit.finished_at))
        for audit in audits
        for point in good_points(audit)
        if (config := fitted(point, space=space, production=production)) is not None
    )
    last = audits[0] if audits else None
    carried = last and carried_over(
        last, production=production, capture=opened.capture.id, metric=plan.policy.metric, space=space
    )
    return Transfer(tuple(known), carried or None)


def _confirming_from(opened: OpenAudit, plan: Plan, *, partition: Partition, tools: Tools) -> datetime | None:
    """Return the time of the oldest confirming row, in UTC; None where rows have no time."""
    import pandas as pd

    if plan.data.time is None or opened.snapshot.last is None:
        return None
    times = tools.vault.read(opened.snapshot.digest, [plan.data.time])[plan.data.time]
    moment = pd.Timestamp(times[partition.confirm[0]])
    aware = moment.tz_localize(UTC) if moment.tz is None else moment.tz_convert(UTC)
    return aware.to_pydatetime()


def _is_older(audit: Audit, start: datetime) -> bool:
    last = audit.snapshot.last if audit.snapshot else None
    return last is not None and last < start


def _earlier(opened: OpenAudit, ledger: Ledger) -> Iterator[Audit]:
    """Yield the last finished audits of the model that began before this one, newest first."""
    done = done_before(ledger.summaries(opened.model), opened)
    for summary in reversed(done[-LAST:]):
        audit = ledger.audit(summary.id)
        if audit is not None:
            yield audit
