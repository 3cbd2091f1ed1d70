"""What comes of an order, whoever carries it out: the audit to be run, and how the order ends by it."""

from contextlib import closing

from auditor.audit import Outcome
from auditor.core.asking import command_of
from auditor.core.records import Audit, Occasion, Order, OrderState, Plan
from auditor.ports import Assignment
from auditor.settings import Settings
from auditor.wiring import open_ledger, open_publisher

AGAIN_SECONDS = 60.0
"""How long to wait before going on with what could not be written or reached, or is audited by hand."""

LATER_SECONDS = 1800.0
"""How long to wait for the rows of a live model's next turn; a due slot that comes first looks at once."""


def assignment_of(order: Order, plan: Plan, *, occasion: Occasion | None) -> Assignment:
    """Return the audit that an order asks for."""
    return Assignment(
        plan=plan,
        command=command_of(plan.name, order.asked),
        seed=order.asked.seed,
        occasion=occasion,
    )


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
