"""Which order is taken next, by a daemon or by hand, and how one is taken: statements, run by the queue."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, case, exists, or_, select
from sqlmodel import SQLModel

from auditor.core.document import record_to_json
from auditor.core.records import BY_HAND, Asked, Occasion, Order, Why, digest_of
from auditor.errors import BusyError
from auditor.storage.fencing import ORDERS
from auditor.storage.lines import Cells
from auditor.storage.orders import insert_order, seconds_now

_SCHEDULES = SQLModel.metadata.tables["schedule"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """An audit that somebody wants to carry out by hand.

    Attributes
    ----------
    key
        Of the order, where none is there that fits.
    """

    schedule: str
    model: str
    asked: Asked
    key: str = field(default_factory=lambda: f"{BY_HAND}{uuid4().hex}")

    def fits(self, order: Order) -> bool:
        """Return whether an order is this very wish: left by an earlier command, or asking for the same."""
        same = (order.schedule, order.model) == (self.schedule, self.model)
        return same and (order.by_hand or order.asked == self.asked)


def mark_of(order: Order) -> str:
    """Return what tells an order, as it was taken this time, from all others."""
    return digest_of(f"{order.id} {order.token} {order.key}")


def busy(order: Order) -> BusyError:
    """Return the error that says who audits a model."""
    who = "`auditor run`" if order.by_hand else "a daemon"
    return BusyError(
        f"another process is auditing {order.model!r}: order {order.id}, taken by {who}; wait until it is "
        f"done, or end it with `auditor cancel {order.id}`"
    )


def next_waiting(connection: Connection) -> Any:
    """Return the condition for the order that a daemon takes next.

    Nobody audits its model, and its schedule is not paused. What somebody asked for goes first, then what has
    been waiting longest.
    """
    other, wanted = ORDERS.alias(), ORDERS.alias()
    busy_now = exists().where(other.c.state == "running", other.c.model == wanted.c.model)
    paused = exists().where(_SCHEDULES.c.name == wanted.c.schedule, _SCHEDULES.c.paused)
    following = (
        select(wanted.c.id)
        .where(
            wanted.c.state == "queued",
            wanted.c.not_before <= seconds_now(connection),
            ~busy_now,
            ~paused,
        )
        .order_by(case((wanted.c.why == "request", 0), else_=1), wanted.c.not_before, wanted.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return (ORDERS.c.id == following.scalar_subquery()) & (ORDERS.c.state == "queued")


def taken(which: Any, *, owner: str, lease_ends: Any, asked: Asked | None) -> Any:
    """Return the statement that gives orders to an owner, with a token that nobody else has."""
    values = {"asked": record_to_json(asked)} if asked is not None else {}
    return (
        ORDERS.update()
        .where(which)
        .values(
            state="running",
            owner=owner,
            token=ORDERS.c.token + 1,
            attempts=ORDERS.c.attempts + 1,
            lease_ends=lease_ends,
            reason="",
            **values,
        )
        .returning(*ORDERS.c)
    )


def running_of(connection: Connection, model: str) -> Cells | None:
    """Return the order that runs of a model, locked; ``ended`` says whether its lease has."""
    ended = (ORDERS.c.lease_ends < seconds_now(connection)).label("ended")
    which = (ORDERS.c.model == model) & (ORDERS.c.state == "running")
    row = (
        connection.execute(ORDERS.select().add_columns(ended).where(which).with_for_update())
        .mappings()
        .first()
    )
    return None if row is None else dict(row)


def waiting_for(connection: Connection, wish: Wish) -> int | None:
    """Return the order that waits and fits a wish, what an earlier command left before all others."""
    left = ORDERS.c.key.startswith(BY_HAND, autoescape=True)
    fits = or_(left, ORDERS.c.asked == record_to_json(wish.asked))
    which = (ORDERS.c.state == "queued") & (ORDERS.c.schedule == wish.schedule) & fits
    which &= ORDERS.c.model == wish.model
    first = select(ORDERS.c.id).where(which).order_by(case((left, 0), else_=1), ORDERS.c.id).limit(1)
    found: int | None = connection.execute(first.with_for_update(skip_locked=True)).scalar()
    return found


def ordered_for(connection: Connection, wish: Wish, *, now: datetime) -> int:
    """Order a wish, and return the number of the order."""
    occasion = Occasion(why=Why.REQUEST, said="asked for by hand", due=now)
    insert_order(
        connection,
        key=wish.key,
        schedule=wish.schedule,
        model=wish.model,
        occasion=occasion,
        asked=wish.asked,
        now=now,
    )
    return int(connection.execute(select(ORDERS.c.id).where(ORDERS.c.key == wish.key)).scalar_one())
