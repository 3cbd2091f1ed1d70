"""The queue of audits that are wanted, on SQLite or PostgreSQL.

The promise: an order runs at least once, and ends in exactly one verdict. Whoever takes an order holds
a lease on it, by the database's clock, and a token that every later write must name. A lease that nobody
renews ends, and the order goes back; after ``MOST_ATTEMPTS`` of that it is put into quarantine, because
it may be what kills the process. Each change and the event that tells of it are one transaction.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, and_, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel

from auditor.core.records import Asked, Event, Fence, Occasion, Order, OrderState, Value
from auditor.errors import BusyError
from auditor.storage.database import explained, for_writing
from auditor.storage.events import EVENTS, event_of_cells, note
from auditor.storage.fencing import ORDERS, held
from auditor.storage.lines import order_of_cells
from auditor.storage.orders import insert_order, seconds_now
from auditor.storage.schema import open_current
from auditor.storage.taking import (
    Wish,
    busy,
    mark_of,
    next_waiting,
    ordered_for,
    running_of,
    taken,
    waiting_for,
)

if TYPE_CHECKING:  # the ports need numpy, which `auditor status` does not: 0.1 s
    from auditor.ports import Clock

LEASE_SECONDS = 60.0
"""How long an order is held without a sign of life."""

LONGEST_LEASE_SECONDS = 3600.0
"""The most that a daemon may ask for; a lease that ends later than this was taken before the clock was set
back."""

MOST_ATTEMPTS = 3

BACK_OFF_SECONDS = (60.0, 300.0)
"""Before the second and the third attempt."""

_AUDITS = SQLModel.metadata.tables["audit"]


class SqlQueue:
    """A queue in an SQL database, which is made or migrated when it is opened.

    Parameters
    ----------
    url
        As of the ledger.
    clock
        For what people read; leases go by the database's own clock.
    lease_seconds, attempts, back_off_seconds
        As the constants say; others in tests.

    Raises
    ------
    StorageError
        If the database cannot be opened, and by every method when it cannot be reached.
    """

    def __init__(
        self,
        url: str,
        clock: "Clock",
        *,
        lease_seconds: float = LEASE_SECONDS,
        attempts: int = MOST_ATTEMPTS,
        back_off_seconds: Sequence[float] = BACK_OFF_SECONDS,
    ) -> None:
        self._engine = open_current(url, self)
        self._writer = for_writing(self._engine)
        self._clock = clock
        self._lease = lease_seconds
        self._attempts, self._back_off = attempts, tuple(back_off_seconds)

    def close(self) -> None:
        """Close all connections; the queue opens new ones when it is used again."""
        self._engine.dispose()

    def order(self, *, key: str, schedule: str, model: str, occasion: Occasion, asked: Asked) -> bool:
        """Want an audit; return False where one of the same key is known already."""
        with self.writing() as connection:
            return insert_order(
                connection,
                key=key,
                schedule=schedule,
                model=model,
                occasion=occasion,
                asked=asked,
                now=self._clock.now(),
            )

    def claim(self, owner: str) -> Order | None:
        """Take the next order whose model nobody is auditing; None where there is none.

        What somebody asked for goes first, then what has been waiting longest.
        """
        with suppress(IntegrityError), self.writing() as connection:
            return self._taken(connection, next_waiting(connection), owner=owner)
        return None  # another daemon took one of the same model at this moment

    def take(self, wish: Wish, *, owner: str, dead: str = "") -> Order:
        """Take an audit that somebody carries out by hand; nobody else takes it meanwhile.

        It goes on with what an earlier command left, or takes what waits for the daemon where that asks for
        the same; else it is an order of its own.

        Parameters
        ----------
        dead
            `mark_of` an order whose process is known to be gone: its lease is not waited for.

        Raises
        ------
        BusyError
            If the model is being audited.
        """
        with suppress(IntegrityError), self.writing() as connection:
            which = self._freed(connection, wish, dead=dead) or waiting_for(connection, wish)
            which = which or ordered_for(connection, wish, now=self._clock.now())
            order = self._taken(connection, ORDERS.c.id == which, owner=owner, asked=wish.asked)
            if order is not None:
                return order
        raise BusyError(
            f"another process began an audit of {wish.model!r} at this moment; `auditor status` shows it"
        )

    def renew(self, fence: Fence) -> bool:
        """Hold an order for another lease; return False if it is not held any more."""
        with self.writing(at_once=False) as connection:
            ends = seconds_now(connection) + self._lease
            return (
                connection.execute(ORDERS.update().where(held(fence)).values(lease_ends=ends)).rowcount == 1
            )

    def held_order(self, fence: Fence) -> Order | None:
        """Return an order as it is now, or None if it is not held any more."""
        with self.reading() as connection:
            row = connection.execute(ORDERS.select().where(held(fence))).mappings().first()
            return None if row is None else order_of_cells(dict(row))

    def settle(self, fence: Fence, state: OrderState, *, reason: str = "") -> bool:
        """End an order that is held, for good; return False if it is not held any more."""
        with self.writing() as connection:
            return self._end(connection, held(fence), state, reason=reason) == 1

    def release(self, fence: Fence, *, reason: str, counted: bool, delay_seconds: float = 0.0) -> bool:
        """Give an order back that is held; return False if it is not held any more.

        Parameters
        ----------
        counted
            Whether the attempt counts towards quarantine: not when the database was away, the model was
            being audited by hand, or the daemon was told to stop.
        delay_seconds
            How long to wait at least before the next attempt, where it is not counted.
        """
        with self.writing() as connection:
            found = (
                connection.execute(ORDERS.select().where(held(fence)).with_for_update()).mappings().first()
            )
            if found is None:
                return False
            self._give_back(connection, found, reason=reason, counted=counted, delay=delay_seconds)
            return True

    def reap(self) -> int:
        """Give back the orders whose lease has ended, and return how many they were.

        A lease that ends later than any could, because the clock was set back, is cut. Others may hold
        longer ones than this process would take: those are left alone.
        """
        with self.reading() as connection:
            if not connection.scalar(select(ORDERS.c.id).where(ORDERS.c.state == "running").limit(1)):
                return 0
        with self.writing() as connection:
            now = seconds_now(connection)
            running = ORDERS.c.state == "running"
            beyond = ORDERS.c.lease_ends > now + LONGEST_LEASE_SECONDS
            connection.execute(
                ORDERS.update()
                .where(running, beyond)
                .values(lease_ends=now + max(self._lease, LEASE_SECONDS))
            )
            ended = ORDERS.select().where(running, ORDERS.c.lease_ends < now)
            rows = connection.execute(ended.with_for_update(skip_locked=True)).mappings().all()
            for row in rows:
                self._note(connection, "lease_ended", row, {"attempt": row["attempts"]})
                reason = f"its process was not heard of for {self._lease:g} s"
                # The first time at once: a machine that died is no reason to think ill of the audit.
                self._give_back(connection, row, reason=reason, counted=True, at_once=row["attempts"] == 1)
            return len(rows)

    def cancel(self, *, order_id: int | None = None, schedule: str | None = None, reason: str) -> int:
        """End orders that are queued or running, and return how many they were.

        A process that is at one of them is refused its next write, and stops.
        """
        which = ORDERS.c.schedule == schedule if order_id is None else ORDERS.c.id == order_id
        with self.writing() as connection:
            return self._end(
                connection,
                and_(which, ORDERS.c.state.in_(("queued", "running"))),
                OrderState.CANCELLED,
                reason=reason,
            )

    def orders(
        self,
        *,
        states: Sequence[OrderState] = (),
        schedule: str | None = None,
        limit: int | None = None,
    ) -> tuple[Order, ...]:
        """Return orders, newest first."""
        wanted = ORDERS.select().order_by(ORDERS.c.id.desc()).limit(limit)
        if states:
            wanted = wanted.where(ORDERS.c.state.in_([state.value for state in states]))
        if schedule is not None:
            wanted = wanted.where(or_(ORDERS.c.schedule == schedule, ORDERS.c.model == schedule))
        with self.reading() as connection:
            return tuple(order_of_cells(dict(row)) for row in connection.execute(wanted).mappings())

    def of_key(self, key: str) -> Order | None:
        """Return the order of a key, or None."""
        with self.reading() as connection:
            row = connection.execute(ORDERS.select().where(ORDERS.c.key == key)).mappings().first()
            return None if row is None else order_of_cells(dict(row))

    def newest_ended(self) -> dict[str, int]:
        """Return, by schedule, its newest order that ended in a verdict."""
        ended = ORDERS.c.state.in_(("done", "failed"))
        newest = select(ORDERS.c.schedule, func.max(ORDERS.c.id)).where(ended).group_by(ORDERS.c.schedule)
        with self.reading() as connection:
            return {row[0]: row[1] for row in connection.execute(newest)}

    def depth(self) -> dict[OrderState, int]:
        """Return how many orders are in each state."""
        counted = select(ORDERS.c.state, func.count()).group_by(ORDERS.c.state)
        with self.reading() as connection:
            return {OrderState(state): count for state, count in connection.execute(counted)}

    def events(self, *, after: int = 0, action: str | None = None, limit: int = 1000) -> tuple[Event, ...]:
        """Return what happened, oldest first."""
        wanted = EVENTS.select().where(EVENTS.c.id > after).order_by(EVENTS.c.id).limit(limit)
        if action is not None:
            wanted = wanted.where(EVENTS.c.action == action)
        with self.reading() as connection:
            return tuple(event_of_cells(dict(row)) for row in connection.execute(wanted).mappings())

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Read in one transaction."""
        with explained(self._engine.url), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self, *, at_once: bool = True) -> Iterator[Connection]:
        """Write in one transaction, whole or not at all.

        Raises
        ------
        IntegrityError
            If another daemon did the same at this moment.
        """
        engine = self._writer if at_once else for_writing(self._engine, at_once=False)
        refused: IntegrityError | None = None
        with explained(self._engine.url):
            try:
                with engine.begin() as connection:
                    yield connection
            except IntegrityError as error:
                refused = error
        if refused is not None:
            raise refused

    def _freed(self, connection: Connection, wish: Wish, *, dead: str) -> int | None:
        """Take the model from a process that is gone; return its order if that is the very wish."""
        row = running_of(connection, wish.model)
        if row is None:
            return None
        order = order_of_cells(row)
        if not (row["ended"] or mark_of(order) == dead):
            raise busy(order)
        if wish.fits(order):
            return order.id
        self._give_back(connection, row, reason="its process ended", counted=True)
        return None

    def _taken(
        self, connection: Connection, which: Any, *, owner: str, asked: Asked | None = None
    ) -> Order | None:
        """Take an order: from now on its lease and its token are the owner's."""
        taking = taken(which, owner=owner, lease_ends=seconds_now(connection) + self._lease, asked=asked)
        started = func.coalesce(ORDERS.c.started_at, self._clock.now())
        row = connection.execute(taking.values(started_at=started)).mappings().first()
        if row is None:
            return None
        facts: dict[str, Value] = {"attempt": row["attempts"], "daemon": owner}
        self._note(connection, "order_started", row, facts)
        return order_of_cells(dict(row))

    def _end(self, connection: Connection, which: Any, state: OrderState, *, reason: str) -> int:
        """End orders: no lease, no owner, an event each; an audit that has not ended is closed."""
        rows = connection.execute(ORDERS.select().where(which).with_for_update()).mappings().all()
        for row in rows:
            ended = {"state": state.value, "reason": reason, "ended_at": self._clock.now()}
            connection.execute(
                ORDERS.update().where(ORDERS.c.id == row["id"]).values(**ended, owner=None, lease_ends=None)
            )
            if state in (OrderState.CANCELLED, OrderState.QUARANTINED):
                self._close_audit(connection, row["audit_id"], reason)
            facts: dict[str, Value] = {"state": state.value, "reason": reason, "attempts": row["attempts"]}
            self._note(connection, f"order_{state.value}", row, facts)
        return len(rows)

    def _give_back(
        self,
        connection: Connection,
        row: Any,
        *,
        reason: str,
        counted: bool,
        delay: float = 0.0,
        at_once: bool = False,
    ) -> None:
        attempts = row["attempts"] - (not counted)
        if counted and attempts >= self._attempts:
            said = f"given up after {attempts} attempts; the last one: {reason}"
            self._end(connection, ORDERS.c.id == row["id"], OrderState.QUARANTINED, reason=said)
            return
        wait = self._back_off[min(attempts, len(self._back_off)) - 1] if counted else delay
        wait = 0.0 if at_once else wait
        connection.execute(
            ORDERS.update()
            .where(ORDERS.c.id == row["id"])
            .values(
                state="queued",
                owner=None,
                lease_ends=None,
                attempts=attempts,
                reason=reason,
                # Without a wait it keeps its place: a younger one must not go on with its audit.
                not_before=seconds_now(connection) + wait if wait else row["not_before"],
            )
        )
        facts: dict[str, Value] = {"reason": reason, "attempts": attempts, "wait_seconds": wait}
        self._note(connection, "order_released", row, facts)

    def _close_audit(self, connection: Connection, audit_id: int | None, reason: str) -> None:
        """Close an audit that has begun and will not be gone on with."""
        if audit_id is not None:
            connection.execute(
                _AUDITS.update()
                .where(_AUDITS.c.id == audit_id, _AUDITS.c.state == "running")
                .values(state="abandoned", reason=reason, finished_at=self._clock.now())
            )

    def _note(self, connection: Connection, action: str, row: Any, facts: dict[str, Value]) -> None:
        note(
            connection,
            action,
            at=self._clock.now(),
            schedule=row["schedule"],
            order_id=row["id"],
            audit_id=row["audit_id"],
            facts=facts,
        )
