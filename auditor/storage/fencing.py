"""The fence: whoever has lost an order writes nothing more for it.

A lease ends while a process is stopped, swapped out or cut off, and the process does not know. So each of
its writes names the token with which it took the order, in the same transaction: when somebody has taken
the order since, no row has that token any more, and the whole transaction is undone.
"""

from typing import Any

from sqlalchemy import Connection
from sqlmodel import SQLModel

import auditor.storage.queue_tables  # noqa: F401  # fills the metadata
from auditor.core.records import Fence
from auditor.errors import FencedError

ORDERS = SQLModel.metadata.tables["queue"]


def held(fence: Fence) -> Any:
    """Return the condition that a row of the queue is still held with a fence's token."""
    return (ORDERS.c.id == fence.order_id) & (ORDERS.c.token == fence.token) & (ORDERS.c.state == "running")


def keep_out(connection: Connection, fence: Fence | None, *, audit_id: int | None = None) -> None:
    """Undo a transaction whose order is not held any more; note which audit the order became.

    The row is written to, so that nobody can take the order before this transaction ends.

    Raises
    ------
    FencedError
        If somebody else has taken the order, or it was cancelled.
    """
    if fence is None:
        return
    known = ORDERS.c.audit_id if audit_id is None else audit_id
    found = connection.execute(ORDERS.update().where(held(fence)).values(audit_id=known))
    if found.rowcount != 1:
        raise FencedError(
            f"order {fence.order_id} was taken over by another process, or cancelled; nothing more is written"
        )
