"""How far the audits are that run now."""

from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlmodel import SQLModel

import auditor.storage.tables  # noqa: F401  # fills the metadata
from auditor.storage.fencing import ORDERS

if TYPE_CHECKING:
    from auditor.storage.queue import SqlQueue

_TRIALS = SQLModel.metadata.tables["trial"]


def trained(queue: "SqlQueue") -> dict[int, int]:
    """Return, by audit, how many trainings are recorded of those that run."""
    running = select(ORDERS.c.audit_id).where(ORDERS.c.state == "running")
    counted = select(_TRIALS.c.audit_id, func.count()).where(_TRIALS.c.audit_id.in_(running))
    with queue.reading() as connection:
        return {row[0]: row[1] for row in connection.execute(counted.group_by(_TRIALS.c.audit_id))}
