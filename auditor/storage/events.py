"""Events: what happened, one row each, written in the transaction of what they tell of."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlmodel import SQLModel

import auditor.storage.queue_tables  # noqa: F401  # fills the metadata
from auditor.core.document import config_from_json, config_to_json
from auditor.core.records import Event, Value

EVENTS = SQLModel.metadata.tables["event"]


def note(
    connection: Connection,
    action: str,
    *,
    at: datetime,
    schedule: str = "",
    order_id: int | None = None,
    audit_id: int | None = None,
    facts: Mapping[str, Value] | None = None,
) -> None:
    """Add an event to a transaction."""
    connection.execute(
        EVENTS.insert().values(
            at=at,
            action=action,
            schedule=schedule,
            order_id=order_id,
            audit_id=audit_id,
            facts=config_to_json(facts or {}),
        )
    )


def event_of_cells(cells: Mapping[str, Any]) -> Event:
    """Return the event that a row holds."""
    return Event(
        id=cells["id"],
        at=cells["at"],
        action=cells["action"],
        schedule=cells["schedule"],
        order_id=cells["order_id"],
        audit_id=cells["audit_id"],
        facts=config_from_json(cells["facts"]),
    )
