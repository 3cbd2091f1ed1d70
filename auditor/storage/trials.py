"""Trials and their losses on their way into the database and out: plain SQL, handed to the driver as it is.

Most lots are small. To map them takes four times as long as to write them, and to compile the statements of
one process takes as long as to write a whole search of thirty: here neither happens.
"""

from collections.abc import Sequence

from sqlalchemy import Connection

from auditor.core.records import Result
from auditor.storage.database import spelt
from auditor.storage.rows import ColumnValue, losses_cells, result_of_cells, trial_cells
from auditor.storage.tables import LossesRow, TrialRow


def _insertion(row: type[TrialRow] | type[LossesRow]) -> str:
    names = tuple(row.model_fields)
    columns, values = ", ".join(f'"{name}"' for name in names), ", ".join(f":{name}" for name in names)
    return f"INSERT INTO {row.__tablename__} ({columns}) VALUES ({values})"  # noqa: S608 - our own names


_STATE = "SELECT state FROM audit WHERE id = :audit_id"
_ADD_TRIALS, _ADD_LOSSES = _insertion(TrialRow), _insertion(LossesRow)
_TRIALS = (
    "SELECT trial.*, trial_losses.data FROM trial LEFT JOIN trial_losses USING (audit_id, number) "
    "WHERE audit_id = :audit_id ORDER BY number"
)


Cells = tuple[list[dict[str, ColumnValue]], list[dict[str, ColumnValue]]]
"""Rows of trials, and rows of their losses."""


def cells_of(audit_id: int, results: Sequence[Result]) -> Cells:
    """Return a lot as it is written: made before the transaction, for to pack losses takes time."""
    return [trial_cells(audit_id, result) for result in results], losses_cells(audit_id, results)


def state_of(connection: Connection, audit_id: int) -> str | None:
    """Return the state of an audit, None without one; nobody else closes it before the transaction ends."""
    alone = "" if connection.dialect.name == "sqlite" else " FOR UPDATE"  # SQLite has one writer at a time
    found = connection.exec_driver_sql(spelt(_STATE + alone, connection), {"audit_id": audit_id})
    state: str | None = found.scalar()
    return state


def add_trials(connection: Connection, lot: Cells) -> None:
    """Write a lot of trials, and the losses that were kept of them."""
    trials, losses = lot
    connection.exec_driver_sql(spelt(_ADD_TRIALS, connection), trials)
    if losses:
        connection.exec_driver_sql(spelt(_ADD_LOSSES, connection), losses)


def trials_of(connection: Connection, audit_id: int) -> tuple[Result, ...]:
    """Return every result of an audit in trial order, losses included."""
    found = connection.exec_driver_sql(spelt(_TRIALS, connection), {"audit_id": audit_id})
    return tuple(result_of_cells(row._asdict()) for row in found)
