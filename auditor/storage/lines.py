"""Rows to the records of listings: pure, and without a database's library, which takes longest to import.

Both `ledger` and `glance` turn rows into records here.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from auditor.core.document import record_from_json
from auditor.core.records import (
    Asked,
    AuditSummary,
    Call,
    Estimate,
    Instance,
    KeptSchedule,
    Occasion,
    Order,
    OrderState,
    Repeat,
    SettingLine,
    Why,
)

if TYPE_CHECKING:
    from auditor.storage.tables import AuditRow

Cells = Mapping[str, Any]
"""A row by column."""

HEAD = "0009"
"""The schema: the newest file in ``migrations/versions``."""

NOW = {
    "sqlite": "((julianday('now') - 2440587.5) * 86400.0)",
    "postgresql": "(extract(epoch from clock_timestamp()))::double precision",
}
"""Seconds since 1970 by the database's clock."""


def summary_of_row(row: "AuditRow") -> AuditSummary:
    """Return the line that an audit's row holds."""
    return AuditSummary(
        id=row.id or 0,
        model=row.model,
        state=row.state,
        started_at=row.started_at,
        finished_at=row.finished_at,
        call=Call(row.call) if row.call else None,
        headline=row.headline,
        gain=_gain(row),
        unit=row.unit,
        margin=row.margin,
        production_loss=row.production_loss,
        stale_settings=record_from_json(row.stale_settings, tuple[str, ...]),
        next_due=row.next_due,
        next_reason=row.next_reason or "",
        capture=row.capture_id,
        seed=row.seed,
        snapshot=row.snapshot_digest,
        newest=row.last_time,
        plan_digest=row.plan_digest,
        repeat=Repeat(row.repeat) if row.repeat else None,
        p_value=row.p_value,
        detector=row.detector,
        alarm=row.alarm,
        settings=record_from_json(row.settings, tuple[SettingLine, ...]) if row.settings else (),
    )


def order_of_cells(cells: Cells) -> Order:
    """Return the order that a row holds."""
    return Order(
        id=cells["id"],
        key=cells["key"],
        schedule=cells["schedule"],
        model=cells["model"],
        occasion=Occasion(
            why=Why(cells["why"]),
            said=cells["said"],
            due=cells["due"],
            missed=cells["missed"],
            first_missed=cells["first_missed"],
        ),
        asked=record_from_json(cells["asked"], Asked),
        state=OrderState(cells["state"]),
        attempts=cells["attempts"],
        token=cells["token"],
        ordered_at=cells["ordered_at"],
        started_at=cells["started_at"],
        ended_at=cells["ended_at"],
        audit_id=cells["audit_id"],
        reason=cells["reason"],
    )


def schedule_of_cells(cells: Cells) -> KeptSchedule:
    """Return the schedule that a row holds."""
    return KeptSchedule(
        name=cells["name"],
        model=cells["model"],
        cursor=cells["cursor"],
        last_slot=cells["last_slot"],
        next_due=cells["next_due"],
        next_reason=cells["next_reason"],
        paused=bool(cells["paused"]),
        problem=cells["problem"],
    )


def instance_of_cells(cells: Cells) -> Instance:
    """Return the daemon that a row holds, with ``silent_seconds`` beside its columns."""
    return Instance(
        id=cells["id"],
        started_at=cells["started_at"],
        version=cells["version"],
        tick_seconds=cells["tick_seconds"],
        silent_seconds=cells["silent_seconds"],
        stopped=bool(cells["stopped"]),
    )


def _gain(row: "AuditRow") -> Estimate | None:
    if row.gain_estimate is None or row.gain_low is None or row.gain_high is None:
        return None
    return Estimate(row.gain_estimate, row.gain_low, row.gain_high)
