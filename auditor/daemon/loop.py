"""What the daemon does at every tick: look at the schedules, order what is due, carry it out.

A tick that fails costs its own time and nothing else: all that counts is in the database, and the next
tick finds it there. Everything here is called under one lock, from one timer.
"""

import logging
import signal
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic

from auditor.core.records import Order, OrderState
from auditor.core.wording import counted
from auditor.daemon.children import AWAY, Child, how_it_ended, start_child
from auditor.daemon.folder import Folder, Schedule
from auditor.errors import StorageError
from auditor.http.facts import Pulse
from auditor.ports import Clock
from auditor.storage.instances import SqlInstances
from auditor.storage.keeping import SqlSchedules, when_digest
from auditor.storage.queue import LEASE_SECONDS, SqlQueue

logger = logging.getLogger(__name__)

AGAIN_SECONDS = 60.0

_TO_STOP_SECONDS = 20.0
"""How long a process whose order was lost may take to notice by itself."""


@dataclass(slots=True, kw_only=True)
class Daemon:
    """Keeps schedules and carries out orders.

    Attributes
    ----------
    audits
        How many audits run at once.
    wake
        Called when a tick is wanted before its time: an audit has ended.
    """

    queue: SqlQueue
    instances: SqlInstances
    schedules: SqlSchedules
    folder: Folder
    clock: Clock
    version: str
    audits: int = 1
    tick_seconds: float = 15.0
    lease_seconds: float = LEASE_SECONDS
    as_json: bool = True
    wake: Callable[[], None] = lambda: None
    instance: str = field(default_factory=lambda: uuid.uuid4().hex)
    children: list[Child] = field(default_factory=list)
    draining: bool = False
    _announced: bool = False
    _ticked: float | None = None
    _trouble: str = ""
    _owed: list[tuple[Child, str, bool]] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def tick(self) -> bool:
        """Do all that is to be done now; return whether it went well."""
        with self._lock:
            try:
                self._tick()
            except StorageError as error:
                self._complain(str(error))
                return False
            except Exception:
                logger.exception("a tick failed", extra={"action": "tick_failed"})
                self._trouble = "a bug of ours; the log has it"
                return False
            if self._trouble:
                logger.info("ticking again", extra={"action": "tick_recovered"})
            self._ticked, self._trouble = monotonic(), ""
            return True

    def pulse(self) -> Pulse:
        """Return how the daemon is; never waits."""
        ticked = self._ticked
        return Pulse(
            tick_seconds=self.tick_seconds,
            tick_age_seconds=None if ticked is None else monotonic() - ticked,
            trouble=self._trouble,
            problems=dict(self.folder.problems),
            running=len(self.children),
            workers=self.audits,
            draining=self.draining,
        )

    def drain(self) -> None:
        """Begin nothing more, and let what runs finish its lot."""
        self.draining = True
        for child in tuple(self.children):
            child.ask_to_stop()

    def stop(self) -> None:
        """End what still runs at once, and give its orders back."""
        self.draining = True
        with self._lock:
            for child in self.children:
                child.kill()
                self._owe(child, "the daemon stopped", counted=False)
            self.children.clear()
            try:
                self._pay()
                self.instances.farewell(self.instance, now=self.clock.now())
            except StorageError as error:
                self._complain(str(error))  # their leases end by themselves

    def _tick(self) -> None:
        if not self._announced:
            self.folder.expect(kept.name for kept in self.schedules.known())
            self.instances.announce(
                self.instance, version=self.version, tick_seconds=self.tick_seconds, now=self.clock.now()
            )
            self._announced = True
        self.instances.tick(self.instance)
        self._keep()
        self._bury()
        self.queue.reap()
        while not self.draining and len(self.children) < self.audits:
            order = self.queue.claim(self.instance)
            if order is None:
                break
            self._begin(order)

    def _keep(self) -> None:
        """Take over what changed in the folder, and order what is due."""
        now = self.clock.now()
        changes = self.folder.look()
        for name, problem in changes.broken.items():
            logger.error("%s", problem, extra={"action": "schedule_broken", "schedule": name})
            if name:
                self.schedules.complain(name, problem, now=now)
        for name in changes.gone:
            logger.warning("%s is gone", name, extra={"action": "schedule_gone", "schedule": name})
            self.schedules.forget(name, now=now)
        due = set(self.schedules.come(now=now)) & self.folder.schedules.keys()
        wanted = due | self._changed(changes.mended)
        ordered = self.schedules.keep([self.folder.schedules[name].plan for name in wanted], now=now)
        if ordered or changes.mended:
            logger.info(
                "%s ordered, %s read",
                counted(ordered, "audit"),
                counted(len(changes.mended), "schedule"),
                extra={"action": "kept", "ordered": ordered, "read": len(changes.mended)},
            )

    def _changed(self, mended: tuple[Schedule, ...]) -> set[str]:
        """Return which of the schedules that were read are to be kept anew."""
        if not mended:
            return set()
        known = {kept.name: kept for kept in self.schedules.known()}
        digests = self.schedules.digests()
        return {
            each.plan.name
            for each in mended
            if digests.get(each.plan.name) != when_digest(each.plan.when)
            or known[each.plan.name].model != each.plan.model
            or known[each.plan.name].problem
        }

    def _begin(self, order: Order) -> None:
        schedule = self.folder.schedules.get(order.schedule)
        if schedule is None:
            self._refuse(order)
            return
        child = start_child(
            order,
            schedule,
            lease_seconds=self.lease_seconds,
            as_json=self.as_json,
            when_done=self.wake,
        )
        self.children.append(child)
        logger.info(
            "auditing %r: %s",
            order.model,
            order.occasion.said,
            extra={
                "action": "order_started",
                "order": order.id,
                "schedule": order.schedule,
                "attempt": order.attempts,
            },
        )

    def _bury(self) -> None:
        """See which audits have ended, and end those whose order was lost."""
        ended = [child for child in self.children if child.ended]
        for child in ended:
            self.children.remove(child)
            child.part()
            code = child.process.returncode
            if code == -signal.SIGTERM and self.draining:  # told to stop before it could listen
                self._owe(child, "the daemon stopped", counted=False)
            elif code:
                away = code == AWAY
                reason = "the database was away" if away else how_it_ended(code)
                self._owe(child, reason, counted=not away)
        self._pay()
        self._keep_again(ended)
        for child in self.children:
            self._watch(child)

    def _keep_again(self, ended: list[Child]) -> None:
        """Reckon anew when the schedules of audits that ended are due: an interval counts from their end."""
        names = {child.order.schedule for child in ended} & self.folder.schedules.keys()
        if names:
            plans = [self.folder.schedules[name].plan for name in names]
            self.schedules.keep(plans, now=self.clock.now())

    def _watch(self, child: Child) -> None:
        if self.queue.held_order(child.fence) is not None:
            child.lost_since = None
        elif child.lost_since is None:
            child.lost_since = monotonic()
        elif monotonic() - child.lost_since > _TO_STOP_SECONDS:
            child.kill()

    def _owe(self, child: Child, reason: str, *, counted: bool) -> None:
        self._owed.append((child, reason, counted))

    def _pay(self) -> None:
        """Give back the orders of processes that did not say what came of them; later, if that fails now."""
        while self._owed:
            child, reason, counted = self._owed[0]
            delay = 0.0 if self.draining else AGAIN_SECONDS
            if self.queue.release(child.fence, reason=reason, counted=counted, delay_seconds=delay):
                logger.warning(
                    "%s",
                    reason,
                    extra={
                        "action": "order_released",
                        "order": child.order.id,
                        "schedule": child.order.schedule,
                    },
                )
            self._owed.pop(0)

    def _refuse(self, order: Order) -> None:
        """Put off an order whose schedule cannot be read, and end one whose schedule is not there."""
        from auditor.core.records import Fence

        fence = Fence(order.id, order.token)
        problem = self.folder.problems.get(order.schedule) or self.folder.problems.get("")
        if problem:
            self.queue.release(
                fence,
                reason=f"its schedule cannot be read: {problem}",
                counted=False,
                delay_seconds=AGAIN_SECONDS,
            )
        else:
            self.queue.settle(
                fence, OrderState.CANCELLED, reason=f"there is no schedule {order.schedule!r} any more"
            )

    def _complain(self, trouble: str) -> None:
        if trouble != self._trouble:
            logger.error("%s", trouble, extra={"action": "tick_failed"})
        self._trouble = trouble
