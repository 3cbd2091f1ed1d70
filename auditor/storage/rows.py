"""Records to rows and back: pure, and the only place that knows both.

Batches are written as plain mappings of column to value, which SQLAlchemy sends in one go.
"""

import zlib
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from auditor.core.document import (
    config_from_json,
    config_to_json,
    curve_from_json,
    curve_to_json,
    record_from_json,
    record_to_json,
)
from auditor.core.records import (
    Application,
    AuditSummary,
    Capture,
    CapturedSetting,
    CodeVersion,
    Column,
    Environment,
    Failure,
    FailureKind,
    FloatArray,
    Fold,
    OpenAudit,
    Part,
    Proposal,
    Result,
    Round,
    SettingChange,
    SettingLine,
    Snapshot,
    Trial,
)
from auditor.storage.tables import ApplicationRow, AuditRow, CaptureRow, SnapshotRow, acceptable

ColumnValue: TypeAlias = int | float | str | bytes | None
"""What a cell of a batch may hold."""

_OWN = (Part.SEARCH, Part.CONFIRM)
"""Parts that a trial's row names as they are; for the others it says which of the two they score."""

_LOSS_TYPE = "<f8"
# Losses are mostly noise: higher levels of zlib take four times as long as 1 to save another 1 %. Level 0
# only wraps them: for a few it is not worth the time, 6 µs a kilobyte.
_FEW_LOSSES = 4096


def row_of_capture(capture: Capture) -> CaptureRow:
    """Return the row of a capture that has no number yet."""
    return CaptureRow(
        model=capture.model,
        captured_at=capture.captured_at,
        snapshot=capture.snapshot,
        settings=record_to_json(capture.settings, tuple[CapturedSetting, ...]),
        environment=record_to_json(capture.environment),
        code=record_to_json(capture.code),
    )


def capture_of_row(row: CaptureRow) -> Capture:
    """Return the capture that a row holds."""
    return Capture(
        model=row.model,
        settings=record_from_json(row.settings, tuple[CapturedSetting, ...]),
        environment=record_from_json(row.environment, Environment),
        code=record_from_json(row.code, CodeVersion),
        captured_at=row.captured_at,
        snapshot=row.snapshot,
        id=row.id or 0,
    )


def row_of_application(application: Application) -> ApplicationRow:
    """Return the row of an application that has no number yet."""
    return ApplicationRow(
        audit_id=application.audit,
        model=application.model,
        capture_id=application.capture,
        applied_at=application.applied_at,
        back=application.back,
        changes=record_to_json(application.changes, tuple[SettingChange, ...]),
    )


def application_of_row(row: ApplicationRow) -> Application:
    """Return the application that a row holds."""
    return Application(
        id=row.id or 0,
        audit=row.audit_id,
        model=row.model,
        capture=row.capture_id,
        applied_at=row.applied_at,
        back=row.back,
        changes=record_from_json(row.changes, tuple[SettingChange, ...]),
    )


def row_of_snapshot(snapshot: Snapshot) -> SnapshotRow:
    """Return what is true of a snapshot whoever took it; the audit's row holds the rest."""
    return SnapshotRow(
        digest=snapshot.digest,
        rows=snapshot.rows,
        bytes=snapshot.bytes,
        columns=record_to_json(snapshot.columns, tuple[Column, ...]),
    )


def row_of_beginning(audit: OpenAudit) -> AuditRow:
    """Return the row of an audit that begins and has no number yet."""
    return AuditRow(
        model=audit.model,
        state="running",
        plan_digest=audit.plan_digest,
        capture_id=audit.capture.id,
        snapshot_digest=audit.snapshot.digest,
        source=audit.snapshot.source,
        taken_at=audit.snapshot.taken_at,
        first_time=audit.snapshot.first,
        last_time=audit.snapshot.last,
        seed=audit.seed,
        started_at=audit.started_at,
    )


def open_audit_of_rows(audit: AuditRow, capture: CaptureRow, snapshot: SnapshotRow) -> OpenAudit:
    """Return an audit as it began."""
    return OpenAudit(
        id=audit.id or 0,
        model=audit.model,
        plan_digest=audit.plan_digest,
        capture=capture_of_row(capture),
        snapshot=Snapshot(
            digest=snapshot.digest,
            rows=snapshot.rows,
            bytes=snapshot.bytes,
            columns=record_from_json(snapshot.columns, tuple[Column, ...]),
            source=audit.source,
            taken_at=audit.taken_at,
            first=audit.first_time,
            last=audit.last_time,
        ),
        seed=audit.seed,
        started_at=audit.started_at,
    )


def trial_cells(audit_id: int, result: Result) -> dict[str, ColumnValue]:
    """Return the row of a trial, without its losses."""
    trial, failure = result.trial, result.failure
    proposal = trial.proposal
    return {
        "audit_id": audit_id,
        "number": trial.id,
        "round": proposal.round.value,
        "config": config_to_json(proposal.config),
        "part": (Part.SEARCH if proposal.fold.part.searched else Part.CONFIRM).value,
        "index": proposal.fold.index,
        "half": proposal.fold.half,
        "fidelity": proposal.fidelity,
        "seed": trial.seed,
        "horizon": trial.horizon,
        "loss": result.loss,
        "seconds": result.seconds,
        "iterations": result.iterations,
        "curve": curve_to_json(result.curve),
        "failure_kind": failure.kind.value if failure else None,
        "failure_message": acceptable(failure.message) if failure else None,
        "stands_on": None if proposal.fold.part in _OWN else proposal.fold.part.value,
        "resume_from": proposal.resume_from,
        "checkpoint": result.checkpoint,
        "peak_bytes": result.peak_bytes,
    }


def losses_cells(audit_id: int, results: Sequence[Result]) -> list[dict[str, ColumnValue]]:
    """Return the rows of the losses that were kept."""
    return [
        {"audit_id": audit_id, "number": result.trial.id, "data": _packed(result.losses)}
        for result in results
        if result.losses is not None
    ]


def result_of_cells(cells: Mapping[str, Any]) -> Result:
    """Return a trial and what came of it, losses bit for bit.

    Parameters
    ----------
    cells
        What ``trial_cells`` wrote, and ``data`` of ``losses_cells``, or None, by column.
    """
    return Result(
        trial=Trial(
            id=cells["number"], proposal=_proposal(cells), seed=cells["seed"], horizon=cells["horizon"]
        ),
        loss=cells["loss"],
        losses=None if cells["data"] is None else _unpacked(cells["data"]),
        seconds=cells["seconds"],
        iterations=cells["iterations"],
        curve=curve_from_json(cells["curve"]),
        failure=_failure(cells),
        checkpoint=cells["checkpoint"],
        peak_bytes=cells["peak_bytes"],
    )


def close_row(row: AuditRow, summary: AuditSummary) -> None:
    """Write the outcome in one line into an audit's row."""
    row.state = summary.state
    row.finished_at = summary.finished_at
    row.call = summary.call.value if summary.call else None
    row.headline = summary.headline
    if summary.gain is not None:
        row.gain_estimate = summary.gain.estimate
        row.gain_low, row.gain_high = summary.gain.low, summary.gain.high
    row.unit = summary.unit
    row.margin = summary.margin
    row.production_loss = summary.production_loss
    row.stale_settings = record_to_json(summary.stale_settings, tuple[str, ...])
    row.next_due, row.next_reason = summary.next_due, summary.next_reason
    row.repeat = summary.repeat.value if summary.repeat else None
    row.p_value, row.detector, row.alarm = summary.p_value, summary.detector, summary.alarm
    row.settings = record_to_json(summary.settings, tuple[SettingLine, ...])


def _proposal(cells: Mapping[str, Any]) -> Proposal:
    return Proposal(
        config=config_from_json(cells["config"]),
        round=Round(cells["round"]),
        fold=Fold(Part(cells["stands_on"] or cells["part"]), cells["index"], cells["half"]),
        fidelity=cells["fidelity"],
        resume_from=cells["resume_from"],
    )


def _failure(cells: Mapping[str, Any]) -> Failure | None:
    kind = cells["failure_kind"]
    return None if kind is None else Failure(FailureKind(kind), cells["failure_message"])


def _packed(losses: FloatArray) -> bytes:
    level = 0 if losses.size <= _FEW_LOSSES else 1
    return zlib.compress(losses.astype(_LOSS_TYPE, copy=False).tobytes(), level)


def _unpacked(data: bytes) -> FloatArray:
    import numpy as np  # 0.1 s, which commands that only list audits need not pay

    return np.frombuffer(zlib.decompress(data), _LOSS_TYPE).astype(np.float64)
