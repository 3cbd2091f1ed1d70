"""Fakes that keep the promises of the ports, without a disk or a clock. Checked by tests/contracts."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import numpy as np

from auditor.core.records import (
    Audit,
    AuditSummary,
    Call,
    Capture,
    OpenAudit,
    Result,
    Snapshot,
)

NOON = datetime(2026, 3, 15, 12, tzinfo=UTC)


@dataclass
class FixedClock:
    """A clock that stands still until it is moved."""

    moment: datetime = NOON

    def now(self) -> datetime:
        return self.moment

    def advance(self, by: timedelta) -> None:
        self.moment += by


@dataclass
class _Kept:
    """An audit as the fake keeps it."""

    begun: OpenAudit
    summary: AuditSummary
    results: dict[int, Result] = field(default_factory=dict)
    outcome: Audit | None = None


class MemoryLedger:
    """A ledger in this process's memory."""

    def __init__(self) -> None:
        self._captures: list[Capture] = []
        self._audits: dict[int, _Kept] = {}

    def add_capture(self, capture: Capture) -> Capture:
        kept = replace(capture, id=len(self._captures) + 1)
        self._captures.append(kept)
        return kept

    def latest_capture(self, model: str) -> Capture | None:
        return max(self.captures(model), key=lambda capture: capture.id, default=None)

    def captures(self, model: str) -> tuple[Capture, ...]:
        return tuple(capture for capture in self._captures if capture.model == model)

    def begin(
        self,
        *,
        model: str,
        plan_digest: str,
        capture: Capture,
        snapshot: Snapshot,
        seed: int | None,
        now: datetime,
    ) -> OpenAudit:
        if capture not in self._captures:
            raise ValueError(f"capture {capture.id} is not in the ledger")
        number = len(self._audits) + 1
        begun = OpenAudit(
            id=number,
            model=model,
            plan_digest=plan_digest,
            capture=capture,
            snapshot=snapshot,
            seed=number if seed is None else seed,
            started_at=now,
        )
        self._audits[number] = _Kept(begun, _running_summary(begun))
        return begun

    def unfinished(self, model: str) -> OpenAudit | None:
        running = [
            kept.begun
            for kept in self._audits.values()
            if kept.begun.model == model and kept.summary.state == "running"
        ]
        return running[-1] if running else None

    def abandon(self, audit_id: int, reason: str, now: datetime) -> None:
        kept = self._running(audit_id)
        kept.summary = replace(kept.summary, state="abandoned", finished_at=now)

    def append(self, audit_id: int, results: Sequence[Result]) -> None:
        if not results:
            return
        kept = self._running(audit_id)
        numbers = [result.trial.id for result in results]
        if len(set(numbers)) < len(numbers) or kept.results.keys() & numbers:
            raise ValueError(f"a trial is written once, got {numbers}")
        kept.results |= {result.trial.id: _copied(result) for result in results}

    def history(self, audit_id: int) -> tuple[Result, ...]:
        kept = self._audits.get(audit_id)
        return tuple(_copied(kept.results[number]) for number in sorted(kept.results)) if kept else ()

    def finish(self, audit: Audit) -> None:
        kept = self._running(audit.id)
        kept.outcome = audit
        kept.summary = replace(
            kept.summary,
            state="done" if audit.error is None else "failed",
            finished_at=audit.finished_at,
            call=audit.call,
            headline=audit.headline,
            gain=audit.gain,
            unit=audit.unit,
            margin=audit.confirmation.margin if audit.confirmation else None,
            stale_settings=tuple(found.name for found in audit.settings if found.call is Call.STALE),
            next_due=audit.next_audit.due,
        )

    def audit(self, audit_id: int) -> Audit | None:
        kept = self._audits.get(audit_id)
        return kept.outcome if kept else None

    def summaries(self, model: str | None = None, limit: int | None = None) -> tuple[AuditSummary, ...]:
        found = [
            kept.summary
            for kept in reversed(self._audits.values())
            if kept.summary.state != "abandoned" and model in (None, kept.begun.model)
        ]
        return tuple(found[:limit])

    def latest(self) -> tuple[AuditSummary, ...]:
        newest = {summary.model: summary for summary in reversed(self.summaries())}
        return tuple(newest[model] for model in sorted(newest))

    def _running(self, audit_id: int) -> _Kept:
        kept = self._audits.get(audit_id)
        if kept is None or kept.summary.state != "running":
            raise ValueError(f"audit {audit_id} is not running")
        return kept


def _running_summary(begun: OpenAudit) -> AuditSummary:
    return AuditSummary(
        id=begun.id,
        model=begun.model,
        state="running",
        started_at=begun.started_at,
        finished_at=None,
        call=None,
        headline="",
        gain=None,
        unit="",
        margin=None,
        stale_settings=(),
        next_due=None,
    )


def _copied(result: Result) -> Result:
    """Return a result whose losses nobody else can change."""
    return result if result.losses is None else replace(result, losses=np.array(result.losses))
