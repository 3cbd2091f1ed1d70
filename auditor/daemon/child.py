"""``python -m auditor.daemon.child``: carries out one order, and says in the queue what came of it.

Started by the daemon only. It calls ``run_audit`` as the command line does; its ledger refuses to write
once the order is not held any more.
"""

import contextlib
import json
import logging
import os
import select
import signal
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from threading import Event
from typing import TYPE_CHECKING, Any, cast

from auditor.core.records import Audit, Fence, Order, Plan, Result
from auditor.daemon.children import AWAY
from auditor.errors import (
    AuditorError,
    AwayError,
    BusyError,
    EarlyError,
    FencedError,
    StorageError,
    one_line,
)
from auditor.executors.isolation import die_with
from auditor.logs import set_up_logging
from auditor.settings import Settings
from auditor.wiring import only_one, open_queue, open_tools

if TYPE_CHECKING:
    from auditor.ports import Ledger, Tools
    from auditor.storage.queue import SqlQueue

logger = logging.getLogger(__name__)


class Drained(KeyboardInterrupt):
    """The daemon is to stop: the running lot is recorded, and no other is begun."""


@dataclass(frozen=True, slots=True)
class Work:
    """What the daemon asks of this process."""

    fence: Fence
    plan: Plan
    lease_seconds: float


def main() -> int:
    """Carry out the order that standard input names."""
    given = json.loads(sys.stdin.buffer.readline())
    _die_with_the_daemon()
    set_up_logging(as_json=given["json"])
    from auditor.declarations import parse_plan

    work = Work(
        fence=Fence(given["order"], given["token"]),
        plan=parse_plan(given["text"], given["path"]),
        lease_seconds=given["lease_seconds"],
    )
    stop = Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # left out where the daemon runs in the background
    settings = Settings.here()
    try:
        with closing(open_queue(settings, lease_seconds=work.lease_seconds)) as queue:
            carry_out(work, settings, queue, stop=stop)
    except StorageError as error:
        _log(logging.ERROR, "order_away", work, str(error))
        return AWAY
    return 0


def carry_out(work: Work, settings: Settings, queue: "SqlQueue", *, stop: Event) -> None:
    """Carry out an order and write down what came of it.

    Raises
    ------
    StorageError
        If the database cannot be reached to say so.
    """
    from auditor.daemon.heart import BEATS_PER_LEASE, Heart

    order = queue.held_order(work.fence)
    if order is None:
        return
    audit, trouble = None, None
    with Heart(queue, work.fence, every_seconds=work.lease_seconds / BEATS_PER_LEASE) as heart:
        try:
            audit = _audit(order, work, settings, stop=stop)
        except (Exception, KeyboardInterrupt) as error:  # whatever it was, the queue must know
            trouble = error
    if audit is not None:
        _settle(audit, work, queue)
    elif heart.lost or isinstance(trouble, FencedError):
        _log(logging.WARNING, "order_lost", work, "taken over or cancelled; nothing more is written")
    elif trouble is not None:
        _give_back(trouble, work, settings, queue)


def _audit(order: Order, work: Work, settings: Settings, *, stop: Event) -> Audit:
    """Run the audit of an order, or publish it again where it has its verdict already."""
    from auditor.audit import run_audit
    from auditor.core.asking import with_asked
    from auditor.daemon.orders import assignment_of, decided
    from auditor.progress import silent
    from auditor.storage.taking import mark_of

    plan = with_asked(work.plan, order.asked)
    with only_one(settings, plan.model) as held:
        held.note(mark_of(order))
        found = decided(order.audit_id, settings)
        if found is not None:
            return found.audit
        with open_tools(settings, workers=plan.budget.workers, progress=silent(), fence=work.fence) as tools:
            assignment = assignment_of(order, plan, occasion=order.occasion)
            return run_audit(assignment, _draining(tools, stop)).audit


def _settle(audit: Audit, work: Work, queue: "SqlQueue") -> None:
    from auditor.daemon.orders import end_of

    failed = audit.error is not None
    state, reason = end_of(audit)
    queue.settle(work.fence, state, reason=reason)
    said = f"audit {audit.id} of {audit.model!r}: {audit.error or audit.headline}"
    _log(
        logging.ERROR if failed else logging.INFO,
        "audit_failed" if failed else "audit_done",
        work,
        said,
        audit_id=audit.id,
        call=audit.call.value if audit.call else None,
    )


def _give_back(trouble: BaseException, work: Work, settings: Settings, queue: "SqlQueue") -> None:
    """Give an order back that did not come to its end; one whose audit has failed for good is settled."""
    if isinstance(trouble, Drained):
        queue.release(work.fence, reason="the daemon was told to stop", counted=False)
        _log(logging.INFO, "order_drained", work, "the running lot is recorded; another daemon goes on")
    elif isinstance(trouble, AwayError | BusyError):
        from auditor.daemon.orders import AGAIN_SECONDS

        queue.release(work.fence, reason=str(trouble), counted=False, delay_seconds=AGAIN_SECONDS)
        _log(logging.WARNING, "order_put_off", work, str(trouble))
    elif isinstance(trouble, EarlyError):  # no day is lost: the turn is taken when its rows have come
        from auditor.daemon.orders import LATER_SECONDS

        queue.release(work.fence, reason=str(trouble), counted=False, delay_seconds=LATER_SECONDS)
        _log(logging.INFO, "order_put_off", work, str(trouble))
    elif isinstance(trouble, AuditorError):
        from auditor.daemon.orders import decided

        order = queue.held_order(work.fence)
        failed = None if order is None else decided(order.audit_id, settings)
        if failed is not None:
            _settle(failed.audit, work, queue)
            return
        _log(logging.ERROR, "order_failed", work, str(trouble))
        queue.release(work.fence, reason=str(trouble), counted=True)
    else:
        logger.error("a bug of ours", exc_info=trouble, extra=_facts("order_failed", work))
        queue.release(work.fence, reason=one_line(trouble), counted=True)


@dataclass(frozen=True, slots=True)
class _DrainingLedger:
    """A ledger after whose next lot the audit stops, once the daemon is to stop."""

    ledger: "Ledger"
    stop: Event

    def __getattr__(self, name: str) -> Any:
        return getattr(self.ledger, name)

    def append(self, audit_id: int, results: Sequence[Result]) -> None:
        """Write a lot, and stop there if the daemon is to stop.

        Raises
        ------
        Drained
            If it is.
        """
        self.ledger.append(audit_id, results)
        if self.stop.is_set():
            raise Drained


def _draining(tools: "Tools", stop: Event) -> "Tools":
    return replace(tools, ledger=cast("Ledger", _DrainingLedger(tools.ledger, stop)))


def _die_with_the_daemon() -> None:
    """End when the daemon does, however it ends: its end of our input closes then."""
    pipe = sys.stdin.fileno()
    die_with(pipe)
    poll = select.poll()
    poll.register(pipe, select.POLLIN | select.POLLHUP)
    if poll.poll(0):  # it is gone already
        with contextlib.suppress(ProcessLookupError):
            os.killpg(os.getpid(), signal.SIGKILL)


def _facts(action: str, work: Work, **more: object) -> dict[str, object]:
    return {"action": action, "order": work.fence.order_id, "schedule": work.plan.name, **more}


def _log(level: int, action: str, work: Work, said: str, **more: object) -> None:
    logger.log(level, "%s", said, extra=_facts(action, work, **more))


if __name__ == "__main__":
    sys.exit(main())
