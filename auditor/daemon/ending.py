"""How an order ends: with the verdict that its audit has, if it has one already."""

from contextlib import closing

from auditor.audit import Outcome
from auditor.core.records import Audit, OrderState
from auditor.settings import Settings
from auditor.wiring import open_ledger, open_publisher

LATER_SECONDS = 1800.0
"""How long to wait for the rows of a live model's next turn; a due slot that comes first looks at once."""


def decided(audit_id: int | None, settings: Settings) -> Outcome | None:
    """Return the audit that an earlier attempt brought to its verdict, with its page as it should be."""
    if audit_id is None:
        return None
    with closing(open_ledger(settings)) as ledger:
        audit = ledger.audit(audit_id)
        if audit is None:
            return None
        return Outcome(audit, open_publisher(settings).publish(audit, ledger))


def end_of(audit: Audit) -> tuple[OrderState, str]:
    """Return what becomes of an order by its audit, and why."""
    if audit.error is not None:
        return OrderState.FAILED, audit.error
    return OrderState.DONE, audit.headline
