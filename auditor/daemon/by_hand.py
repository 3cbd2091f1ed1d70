"""`auditor run`: carries out an order itself, with the same lease, fence and heart as the daemon's.

So a model is audited once at a time, whoever audits it and on whatever machine; and what a command
leaves undone is gone on with by the same command, or by a daemon.
"""

import uuid
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from auditor.audit import Outcome, run_audit
from auditor.core.asking import with_asked
from auditor.core.records import Asked, Fence, Order, OrderState, Plan
from auditor.daemon.heart import BEATS_PER_LEASE, Heart
from auditor.daemon.orders import AGAIN_SECONDS, LATER_SECONDS, assignment_of, decided, end_of
from auditor.errors import AuditorError, AwayError, EarlyError, FencedError, StorageError, one_line
from auditor.settings import Settings
from auditor.storage.queue import LEASE_SECONDS
from auditor.storage.taking import Wish, mark_of
from auditor.wiring import SystemClock, only_one, open_queue, open_schedules, open_tools

if TYPE_CHECKING:
    from auditor.ports import Progress
    from auditor.storage.queue import SqlQueue


def audit_by_hand(declared: Plan, asked: Asked, settings: Settings, progress: "Progress") -> Outcome:
    """Audit a model now, and write down in the queue what came of it.

    Raises
    ------
    BusyError
        If it is being audited, here or elsewhere.
    FencedError
        If the audit was cancelled, or somebody else has taken it over.
    AuditorError
        If it cannot be carried out.
    """
    plan = with_asked(declared, asked)
    with only_one(settings, plan.model) as held, closing(open_queue(settings)) as queue:
        wish = Wish(schedule=plan.name, model=plan.model, asked=asked)
        # Whoever held the lock before is gone: the lease of its order need not be waited for.
        order = queue.take(wish, owner=uuid.uuid4().hex, dead=held.before)
        held.note(mark_of(order))
        fence = Fence(order.id, order.token)
        with Heart(queue, fence, every_seconds=LEASE_SECONDS / BEATS_PER_LEASE) as heart:
            try:
                outcome = decided(order.audit_id, settings) or _audit(plan, order, settings, progress)
            except BaseException as error:
                if heart.lost:
                    raise FencedError(
                        f"order {order.id} was cancelled, or taken over by another process; nothing more is "
                        "written"
                    ) from error
                with suppress(StorageError):  # its lease ends by itself
                    _let_go(error, order, settings, queue)
                raise
        state, reason = end_of(outcome.audit)
        queue.settle(fence, state, reason=reason)
        with suppress(StorageError):  # the verdict stands; a daemon reckons again when the slot comes
            open_schedules(queue).reckon(declared, now=SystemClock().now())
        return outcome


def _audit(plan: Plan, order: Order, settings: Settings, progress: "Progress") -> Outcome:
    assignment = assignment_of(order, plan, occasion=None if order.by_hand else order.occasion)
    fence = Fence(order.id, order.token)
    with open_tools(settings, workers=plan.budget.workers, progress=progress, fence=fence) as tools:
        return run_audit(assignment, tools)


def _let_go(trouble: BaseException, order: Order, settings: Settings, queue: "SqlQueue") -> None:
    """Give back an order that did not come to its end; what cannot be done at all is not wanted any more."""
    fence = Fence(order.id, order.token)
    if isinstance(trouble, KeyboardInterrupt):
        reason = f"interrupted by hand; `auditor run {order.schedule}` goes on with it"
        queue.release(fence, reason=reason, counted=False)
    elif isinstance(trouble, AwayError):
        queue.release(fence, reason=str(trouble), counted=False, delay_seconds=AGAIN_SECONDS)
    elif isinstance(trouble, EarlyError) and not order.by_hand:
        queue.release(fence, reason=str(trouble), counted=False, delay_seconds=LATER_SECONDS)
    elif isinstance(trouble, AuditorError):
        now = queue.held_order(fence)
        failed = None if now is None else decided(now.audit_id, settings)
        if failed is not None:
            state, reason = end_of(failed.audit)
            queue.settle(fence, state, reason=reason)
        elif order.by_hand:
            queue.settle(fence, OrderState.CANCELLED, reason=str(trouble))
        else:
            queue.release(fence, reason=str(trouble), counted=True)
    else:
        queue.release(fence, reason=one_line(trouble), counted=True)
