"""Facts to the terminal: tables for people, JSON for programs."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from auditor.core.document import audit_to_json, record_to_json
from auditor.core.records import ALARM, Audit, AuditSummary, Call, Capture, Estimate, Repeat
from auditor.core.wording import Ruler, in_evidence, shown

if TYPE_CHECKING:
    from auditor.audit import Outcome

MARKS = {Call.STALE: "▲ stale", Call.FRESH: "● fresh", Call.UNDECIDED: "◆ undecided", None: "– failed"}
"""Each call has a word and a shape; colour never stands alone."""

_COLOURS = {Call.STALE: "bold red", Call.FRESH: "green", Call.UNDECIDED: "yellow", None: "magenta"}

_EDGES = {
    "low": " (the loss still falls towards the low end of its range)",
    "high": " (the loss still falls towards the high end of its range)",
    "stability": " (the best values lie next to values that do not train)",
}


def print_outcome(outcome: "Outcome", *, root: Path, json: bool) -> None:
    """Print what a finished audit says, and where its page lies."""
    if json:
        print(audit_to_json(outcome.audit), end="")
        return
    print_verdict(outcome.audit)
    if outcome.audit.panda is not None:  # that a model was lost is not to be found out later
        print(*outcome.audit.notes, sep="\n", end="\n" if outcome.audit.notes else "")
    if outcome.audit.call is Call.STALE:
        there = "" if root == Path() else f"cd {root} && "
        print(
            f"\nnext:   {there}auditor apply {outcome.audit.id} (shows the change where it is written down)"
        )
    else:
        print()
    print(f"report: {root / outcome.page}")


def print_verdict(audit: Audit) -> None:
    """Print the call, the headline and the sentence."""
    from auditor.cli.terminal import open_terminal

    console = open_terminal()
    console.print(f"\n{MARKS[audit.call].upper()}", style=_COLOURS[audit.call], highlight=False)
    console.print(audit.headline, style="bold", highlight=False, markup=False)
    console.print(audit.sentence, highlight=False, markup=False)


def print_audit(audit: Audit, *, json: bool) -> None:
    """Print one audit: its verdict, every setting, the evidence and what it cost."""
    if json:
        print(audit_to_json(audit), end="")
        return
    print_verdict(audit)
    print_settings(audit)
    for line in _evidence(audit):
        print(line)


def print_settings(audit: Audit) -> None:
    """Print a row for every setting."""
    if not audit.settings:
        return
    rows = [
        (
            finding.name,
            shown(finding.production),
            shown(finding.recommended),
            MARKS[finding.call],
            finding.sentence + _EDGES.get(finding.at_edge or "", ""),
        )
        for finding in audit.settings
    ]
    print()
    print_table(("setting", "production", "recommended", "call", "because"), rows)


def print_status(
    latest: Sequence[AuditSummary],
    *,
    now: datetime,
    json: bool,
    since: Mapping[str, datetime] = MappingProxyType({}),
    told: Collection[str] = (),
) -> None:
    """Print a row for every model.

    Parameters
    ----------
    since
        By model, since when its newest call has held.
    told
        Models whose next date another table gives a reason for.
    """
    if json:
        print(record_to_json(tuple(latest), tuple[AuditSummary, ...], indent=2))
        return
    if not latest:
        print("no audits yet; `auditor check` tries your schedules, `auditor run NAME` audits one")
        return
    rows = [
        (
            summary.model,
            _state(summary),
            f"{since[summary.model]:%Y-%m-%d}" if summary.model in since else "–",
            _date(summary.finished_at or summary.started_at),
            _gain(summary),
            ", ".join(summary.stale_settings) or "–",
            _over_audits(summary),
            _due(summary.next_due, now=now),
            str(summary.id),
        )
        for summary in latest
    ]
    heads = (
        "model",
        "call",
        "since",
        "audited",
        "gain",
        "stale settings",
        "over audits",
        "next due",
        "audit",
    )
    print_table(heads, rows)
    reasons = [(summary.model, summary.next_reason) for summary in latest if summary.next_due]
    reasons = [(model, reason) for model, reason in reasons if model not in told]
    if reasons:
        print("\nwhy then:")
    for model, reason in reasons:
        print(f"  {model}: {reason}")


def print_log(summaries: Sequence[AuditSummary], *, json: bool, of: str | None = None) -> None:
    """Print a row for every audit, newest first."""
    if json:
        print(record_to_json(tuple(summaries), tuple[AuditSummary, ...], indent=2))
        return
    if not summaries:
        print(f"no audits{f' of {of!r}' if of else ''} yet; `auditor run NAME` audits a schedule")
        return
    rows = [
        (
            str(each.id),
            _date(each.started_at),
            each.model,
            _state(each),
            _gain(each),
            each.headline or "not finished",
        )
        for each in summaries
    ]
    print_table(("audit", "started", "model", "call", "gain", "verdict"), rows)


def print_capture(capture: Capture, *, json: bool) -> None:
    """Print what was recorded of production."""
    if json:
        print(record_to_json(capture, indent=2))
        return
    print(f"captured {capture.model!r} as capture {capture.id}")
    rows = [(each.name, shown(each.value), each.raw, each.origin) for each in capture.settings]
    print_table(("setting", "value", "as found", "from"), rows)


def _evidence(audit: Audit) -> list[str]:
    spent = audit.spent
    purpose = "to search" if audit.panda is None else "in turns"
    lines = [
        "",
        f"audit {audit.id} of {audit.model}, {_date(audit.finished_at)}",
        f"trainings: {spent.search_trials} {purpose}, {spent.confirm_trials} to confirm, "
        f"{spent.attribute_trials} to attribute, {spent.scan_trials} to scan ranges, "
        f"{spent.explain_trials} to explain, "
        f"{spent.failed_trials} of them failed; "
        f"{spent.training_seconds:.0f} s in all",
    ]
    if audit.confirmation is not None:
        lines.append(f"because: {audit.confirmation.reason}")
    lines += _explained(audit)
    lines += _carried_on(audit)
    if audit.repeated is not None:
        lines += [f"over audits: {audit.repeated.sentence}", f"promised: {audit.repeated.promise}"]
    lines.append(f"next audit: {_due(audit.next_audit.due, now=None)} ({audit.next_audit.reason})")
    lines.append(f"again: {audit.provenance.command}")
    return lines


def _carried_on(audit: Audit) -> list[str]:
    """Return how a live model fares, why there is one, and what its turns leave alone."""
    if audit.panda is None or audit.search is None:
        return []
    live = ", ".join(f"{name} = {shown(value)}" for name, value in audit.panda.live.items())
    return [
        f"because: {audit.search.reason}",
        f"so far: {audit.panda.sentence}",
        f"the live model holds: {live}",
        *(f"left out: {each.name}: {each.reason}" for each in audit.panda.left_out),
        f"promised: {audit.panda.promise}",
    ]


def _explained(audit: Audit) -> list[str]:
    """Return why it went stale, what retraining alone would have given, and what code and environment did."""
    lines = []
    if audit.cause is not None:
        step = f" Next: {audit.cause.next_step}." if audit.cause.next_step else ""
        lines.append(f"why: {audit.cause.sentence}{step}")
    if audit.retrain_gain is not None and audit.confirmation is not None:
        ruler = Ruler(
            production_loss=audit.confirmation.production_loss, unit=audit.unit, confidence=audit.confidence
        )
        lines.append(f"retraining alone gains: {ruler.interval(audit.retrain_gain)}")
    if audit.held is not None:
        lines.append(f"applied: {audit.held.sentence}")
    if audit.canary is not None:
        lines.append(f"code and environment: {audit.canary.reason}")
    return lines


def _state(summary: AuditSummary) -> str:
    if summary.state == "running":
        return "… not finished"
    return MARKS[summary.call]


def _over_audits(summary: AuditSummary) -> str:
    """Return what a model's audits say together: evidence, and what raises the alarm."""
    if summary.alarm is None or summary.repeat is Repeat.ALONE:
        return "–"
    evidence = "" if summary.detector is None else f"{in_evidence(summary.detector)} of {ALARM:g}"
    return f"ALARM {evidence}".strip() if summary.alarm else evidence or "no alarm"


def _gain(summary: AuditSummary) -> str:
    gain: Estimate | None = summary.gain
    if gain is None:
        return "–"
    loss = summary.production_loss or 0.0
    ruler = Ruler(production_loss=loss, unit=summary.unit, confidence=0.95)
    of = f"of {summary.unit}" if loss > 0.0 else summary.unit
    return f"{ruler.amount(gain.estimate, width=gain.high - gain.low)} {of}"


def _due(due: datetime | None, *, now: datetime | None) -> str:
    if due is None:
        return "by hand"
    return f"{_date(due)}{' OVERDUE' if now is not None and due < now else ''}"


def _date(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}Z"


def print_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows under their heads, as wide as the terminal allows."""
    from rich.table import Table
    from rich.text import Text

    from auditor.cli.terminal import open_terminal

    table = Table(*heads, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    open_terminal().print(table)
