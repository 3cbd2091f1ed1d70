"""Orders to rows and back."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, literal_column

from auditor.core.document import record_to_json
from auditor.core.records import Asked, Occasion, OrderState
from auditor.storage.events import note
from auditor.storage.fencing import ORDERS
from auditor.storage.lines import NOW


def seconds_now(connection: Connection) -> Any:
    """Return the expression for the present moment by the database's clock, in seconds since 1970."""
    return literal_column(NOW[connection.dialect.name])


def inserting(connection: Connection, table: Any) -> Any:
    """Return an INSERT that knows ON CONFLICT, which both databases spell alike."""
    return insert_of(connection.dialect.name)(table)


def insert_of(dialect: str) -> Any:
    """Return the function that makes such an INSERT for a database; the other's is not even imported."""
    if dialect == "sqlite":
        from sqlalchemy.dialects.sqlite import insert

        return insert
    from sqlalchemy.dialects.postgresql import insert as insert_into_postgresql

    return insert_into_postgresql


def insert_order(
    connection: Connection,
    *,
    key: str,
    schedule: str,
    model: str,
    occasion: Occasion,
    asked: Asked,
    now: datetime,
    state: OrderState = OrderState.QUEUED,
) -> bool:
    """Add an order in a transaction, and say so in an event; return False where its key is known."""
    ended = None if state is OrderState.QUEUED else now
    cells = {
        "key": key,
        "schedule": schedule,
        "model": model,
        "state": state.value,
        "why": occasion.why.value,
        "said": occasion.said,
        "due": occasion.due,
        "missed": occasion.missed,
        "first_missed": occasion.first_missed,
        "asked": record_to_json(asked),
        "ordered_at": now,
        "not_before": 0.0,
        "attempts": 0,
        "token": 0,
        "ended_at": ended,
        "reason": "",
    }
    adding = inserting(connection, ORDERS).values(**cells)
    new = connection.execute(
        adding.on_conflict_do_nothing(index_elements=["key"]).returning(ORDERS.c.id)
    ).scalar()
    if new is None:
        return False
    action = "order_queued" if state is OrderState.QUEUED else f"order_{state.value}"
    facts = {"why": occasion.why.value, "due": occasion.due.isoformat(), "missed": occasion.missed}
    note(connection, action, at=now, schedule=schedule, order_id=new, facts=facts)
    return True
