"""Records to rows and back: pure, and the only place that knows both.

Batches are written as plain mappings of column to value, which SQLAlchemy sends in one go.
"""

import zlib
from collections.abc import Sequence
from typing import TypeAlias

from auditor.core.document import (
    config_from_json,
    config_to_json,
    curve_from_json,
    curve_to_json,
    record_from_json,
    record_to_json,
)
from auditor.core.records import (
    AuditSummary,
    Call,
    Capture,
    CapturedSetting,
    CodeVersion,
    Column,
    Environment,
    Estimate,
    Failure,
    FailureKind,
    FloatArray,
    Fold,
    OpenAudit,
    Part,
    Proposal,
    Result,
    Round,
    Snapshot,
    Trial,
)
from auditor.storage.tables import AuditRow, CaptureRow, SnapshotRow, TrialRow

ColumnValue: TypeAlias = int | float | str | bytes | None
"""What a cell of a batch may hold."""

_LOSS_TYPE = "<f8"
# Losses are mostly noise: higher levels of zlib take four times as long to save another 1 %.
_LOSS_LEVEL = 1


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
        "part": proposal.fold.part.value,
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
        "failure_message": failure.message if failure else None,
    }


def losses_cells(audit_id: int, results: Sequence[Result]) -> list[dict[str, ColumnValue]]:
    """Return the rows of the losses that were kept."""
    return [
        {"audit_id": audit_id, "number": result.trial.id, "data": _packed(result.losses)}
        for result in results
        if result.losses is not None
    ]


def result_of_row(row: TrialRow, losses: bytes | None) -> Result:
    """Return a trial and what came of it, losses bit for bit."""
    return Result(
        trial=Trial(id=row.number, proposal=_proposal(row), seed=row.seed, horizon=row.horizon),
        loss=row.loss,
        losses=None if losses is None else _unpacked(losses),
        seconds=row.seconds,
        iterations=row.iterations,
        curve=curve_from_json(row.curve),
        failure=_failure(row),
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
    row.next_due = summary.next_due


def summary_of_row(row: AuditRow) -> AuditSummary:
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
    )


def _proposal(row: TrialRow) -> Proposal:
    return Proposal(
        config=config_from_json(row.config),
        round=Round(row.round),
        fold=Fold(Part(row.part), row.index, row.half),
        fidelity=row.fidelity,
    )


def _failure(row: TrialRow) -> Failure | None:
    if row.failure_kind is None or row.failure_message is None:
        return None
    return Failure(FailureKind(row.failure_kind), row.failure_message)


def _gain(row: AuditRow) -> Estimate | None:
    if row.gain_estimate is None or row.gain_low is None or row.gain_high is None:
        return None
    return Estimate(row.gain_estimate, row.gain_low, row.gain_high)


def _packed(losses: FloatArray) -> bytes:
    return zlib.compress(losses.astype(_LOSS_TYPE, copy=False).tobytes(), _LOSS_LEVEL)


def _unpacked(data: bytes) -> FloatArray:
    import numpy as np  # 0.1 s, which commands that only list audits need not pay

    return np.frombuffer(zlib.decompress(data), _LOSS_TYPE).astype(np.float64)
