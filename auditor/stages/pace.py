"""Pace: when to look again, from what this model's audits found so far."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from auditor.core.cadence import Past, days_of_labels, hazard_of, rows_to_decide
from auditor.core.due import next_audit
from auditor.core.records import Audit, AuditSummary, Capture, Plan, config_key
from auditor.ports import Tools


def pace(audit: Audit, plan: Plan, tools: Tools) -> Audit:
    """Return an audit with its next due moment, where the schedule leaves that to what audits find."""
    if not plan.when.auto:
        return audit
    due = next_audit(
        plan.when,
        after=audit.finished_at,
        hazard=hazard_of(_past(audit, tools)),
        label_days=_label_days(audit),
    )
    return replace(audit, next_audit=due)


def _past(audit: Audit, tools: Tools) -> tuple[Past, ...]:
    """Return the model's finished audits, oldest first; of several on the same rows the first.

    Looking at the same rows again later tells nothing of the time between.
    """
    settings = _settings_since(tools.ledger.captures(audit.model))
    done = [
        each for each in tools.ledger.summaries(audit.model) if each.state == "done" and each.id < audit.id
    ]
    first: dict[str, AuditSummary] = {}
    for each in (*reversed(done), audit.summary):
        first.setdefault(each.snapshot, each)
    return tuple(
        Past(
            at=each.started_at,
            call=each.call,
            settings=settings[each.capture][0],
            since=settings[each.capture][1],
        )
        for each in first.values()
        if each.call is not None and each.capture in settings
    )


def _settings_since(captures: Sequence[Capture]) -> Mapping[int, tuple[str, datetime]]:
    """Return, by capture, a text for its settings and since when they are what they are.

    Settings that were changed and changed back have another text than before.
    """
    found: dict[int, tuple[str, datetime]] = {}
    running: tuple[str, datetime] | None = None
    for capture in captures:
        key = config_key(capture.config)
        if running is None or running[0] != key:
            running = (key, capture.captured_at)
        found[capture.id] = (f"{key} since {running[1]}", running[1])
    return found


def _label_days(audit: Audit) -> float | None:
    """Return in how many days enough new rows come to decide an audit, or None where nobody knows.

    In rows that come in time order the newest ones confirm, so that all new rows do.
    """
    snapshot, confirmation = audit.snapshot, audit.confirmation
    if snapshot is None or confirmation is None or snapshot.first is None or snapshot.last is None:
        return None
    last = confirmation.finalists[confirmation.winner].looks[-1]
    needed = rows_to_decide(last, margin=confirmation.margin, confirm_rows=audit.confirm_rows)
    return days_of_labels(needed, first=snapshot.first, last=snapshot.last, in_all=snapshot.rows)
