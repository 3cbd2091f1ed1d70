"""Transfer: where earlier audits of the model found good points, and whom they left undecided."""

from collections.abc import Iterator
from dataclasses import dataclass

from auditor.core.records import Audit, Config, OpenAudit, Policy
from auditor.core.repeated import done_before
from auditor.core.space import Space
from auditor.core.transfer import Known, carried_over, fitted, good_points, weight_of
from auditor.ports import Ledger

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


def transfer(opened: OpenAudit, *, policy: Policy, space: Space, ledger: Ledger) -> Transfer:
    """Read what was good before this audit began; the same whenever it is resumed."""
    production = opened.capture.config
    audits = list(_earlier(opened, ledger))
    known = (
        Known(config, weight_of(opened.started_at - audit.finished_at))
        for audit in audits
        for point in good_points(audit)
        if (config := fitted(point, space=space, production=production)) is not None
    )
    last = audits[0] if audits else None
    carried = last and carried_over(
        last, production=production, capture=opened.capture.id, metric=policy.metric, space=space
    )
    return Transfer(tuple(known), carried or None)


def _earlier(opened: OpenAudit, ledger: Ledger) -> Iterator[Audit]:
    """Yield the last finished audits of the model that began before this one, newest first."""
    done = done_before(ledger.summaries(opened.model), opened)
    for summary in reversed(done[-LAST:]):
        audit = ledger.audit(summary.id)
        if audit is not None:
            yield audit
