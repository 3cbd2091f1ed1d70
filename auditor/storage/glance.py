"""What `auditor status` reads of a SQLite ledger, by Python's own driver: SQLAlchemy takes 0.3 s to import.

The tables are those of ``tables`` and ``queue_tables``: columns are read by name, and by the type that the
database declares. Where anything is not as expected (PostgreSQL, another schema, a damaged file) there is no
glance, and whoever asked goes the long way, which migrates or explains. A contract test holds both to
the same answers.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote

from auditor.core.records import AuditSummary, Instance, KeptSchedule, Order
from auditor.storage.lines import (
    HEAD,
    NOW,
    instance_of_cells,
    order_of_cells,
    schedule_of_cells,
    summary_of_row,
)
from auditor.storage.streaks import APPLIED, SINCE, asked_of, recommended_by

if TYPE_CHECKING:
    from auditor.storage.tables import AuditRow

_PREFIX = "sqlite:///"

_LATEST = """
WITH RECURSIVE names(name) AS (
    SELECT min(model) FROM audit
    UNION ALL
    SELECT (SELECT min(model) FROM audit WHERE model > names.name) FROM names WHERE names.name IS NOT NULL
)
SELECT audit.* FROM names JOIN audit ON audit.id = coalesce((
    SELECT id FROM audit AS other WHERE other.model = names.name AND other.state IN ('done', 'failed')
    ORDER BY other.id DESC LIMIT 1
), (
    SELECT id FROM audit AS other WHERE other.model = names.name AND other.state = 'running'
    ORDER BY other.id DESC LIMIT 1
))
"""
"""As ``newest`` has them, for one audit of each model: one that runs only where none has ended."""

_OPEN = "SELECT * FROM queue WHERE state IN ('running', 'queued', 'quarantined') ORDER BY id DESC"
_ENDED = "SELECT schedule, max(id) AS newest FROM queue WHERE state IN ('done', 'failed') GROUP BY schedule"
_TRAINED = """
SELECT audit_id, count(*) AS trained FROM trial
WHERE audit_id IN (SELECT audit_id FROM queue WHERE state = 'running') GROUP BY audit_id
"""
_INSTANCES = f"SELECT *, {NOW['sqlite']} - last_tick AS silent_seconds FROM instance ORDER BY started_at DESC"  # noqa: S608  # a constant


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """What there is to see, all of one moment.

    Attributes
    ----------
    models
        The newest audit of every model that has ended, by model; one that runs, where none has.
    since
        By model, since when its newest call has held.
    applied
        By model, when what its newest audit recommends was put into production.
    orders
        Those that run, wait, or are in quarantine, newest first.
    newest_ended
        By schedule, the newest order that ended in a verdict.
    trained
        By audit, how many trainings are recorded of those that run.
    """

    models: tuple[AuditSummary, ...] = ()
    since: dict[str, datetime] = field(default_factory=dict)
    applied: dict[str, datetime] = field(default_factory=dict)
    daemons: tuple[Instance, ...] = ()
    orders: tuple[Order, ...] = ()
    newest_ended: dict[str, int]
    trained: dict[int, int] = field(default_factory=dict)
    schedules: tuple[KeptSchedule, ...] = ()


def glance(url: str) -> Glance | None:
    """Return what there is to see, or None where it has to be read the long way."""
    if not url.startswith(_PREFIX) or "?" in url or "%" in url:
        return None
    file = Path(url.removeprefix(_PREFIX))
    if not file.exists() and file.parent.is_dir():
        return Glance(newest_ended={})  # nothing was recorded yet, and reading makes no database
    try:
        with _opened(file) as connection:
            return _seen(connection)
    except (sqlite3.Error, ValueError, KeyError):
        return None


@contextmanager
def _opened(file: Path) -> Iterator[sqlite3.Connection]:
    sqlite3.register_converter("DATETIME", _moment)
    sqlite3.register_converter("BOOLEAN", _truth)
    address = f"file:{quote(str(file))}?mode=rw"  # not made where it is not
    types = sqlite3.PARSE_DECLTYPES
    with closing(sqlite3.connect(address, uri=True, detect_types=types, isolation_level=None)) as connection:
        connection.row_factory = sqlite3.Row
        yield connection


def _seen(connection: sqlite3.Connection) -> Glance | None:
    connection.execute("BEGIN")
    version = connection.execute("SELECT version_num FROM alembic_version").fetchall()
    if [row[0] for row in version] != [HEAD]:
        return None
    models = [summary_of_row(_row(row)) for row in connection.execute(_LATEST)]
    return Glance(
        models=tuple(sorted(models, key=lambda summary: summary.model)),
        since={
            model: connection.execute(SINCE, given).fetchone()["started_at"]
            for model, given in asked_of(models).items()
        },
        applied={
            model: row["applied_at"]
            for model, given in recommended_by(models).items()
            for row in connection.execute(APPLIED, given)
        },
        daemons=tuple(instance_of_cells(dict(row)) for row in connection.execute(_INSTANCES)),
        orders=tuple(order_of_cells(dict(row)) for row in connection.execute(_OPEN)),
        newest_ended={row["schedule"]: row["newest"] for row in connection.execute(_ENDED)},
        trained={row["audit_id"]: row["trained"] for row in connection.execute(_TRAINED)},
        schedules=tuple(
            schedule_of_cells(dict(row)) for row in connection.execute("SELECT * FROM schedule ORDER BY name")
        ),
    )


def _row(row: sqlite3.Row) -> "AuditRow":
    """Return a row whose columns are attributes, as the table's own class has them."""
    found: Any = SimpleNamespace(**dict(row))
    return cast("AuditRow", found)


def _moment(text: bytes) -> datetime:
    return datetime.fromisoformat(text.decode()).replace(tzinfo=UTC)


def _truth(text: bytes) -> bool:
    return text == b"1"
