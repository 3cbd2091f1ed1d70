"""Facts to the terminal: tables for people, JSON for programs."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.core.document import audit_to_json, record_to_json
from auditor.core.records import Audit, AuditSummary, Call, Capture, Estimate
from auditor.core.wording import Ruler, shown

if TYPE_CHECKING:
    from rich.console import Console

    from auditor.audit import Outcome

MARKS = {Call.STALE: "▲ stale", Call.FRESH: "● fresh", Call.UNDECIDED: "◆ undecided", None: "– failed"}
"""Each call has a word and a shape; colour never stands alone."""

_COLOURS = {Call.STALE: "bold red", Call.FRESH: "green", Call.UNDECIDED: "yellow", None: "magenta"}


def print_outcome(outcome: "Outcome", *, root: Path, json: bool) -> None:
    """Print what a finished audit says, and where its page lies."""
    if json:
        print(audit_to_json(outcome.audit), end="")
        return
    print_verdict(outcome.audit)
    print(f"\nreport: {root / outcome.page}")


def print_verdict(audit: Audit) -> None:
    """Print the call, the headline and the sentence."""
    console = _console()
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
            finding.sentence
            + (f" (good values crowd the {finding.at_edge} edge)" if finding.at_edge else ""),
        )
        for finding in audit.settings
    ]
    print()
    _print_table(("setting", "production", "recommended", "call", "because"), rows)


def print_status(latest: Sequence[AuditSummary], *, now: datetime, json: bool) -> None:
    """Print a row for every model."""
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
            _date(summary.finished_at or summary.started_at),
            _gain(summary),
            ", ".join(summary.stale_settings) or "–",
            _due(summary.next_due, now=now),
            str(summary.id),
        )
        for summary in latest
    ]
    _print_table(("model", "call", "audited", "gain", "stale settings", "next due", "audit"), rows)


def print_log(summaries: Sequence[AuditSummary], *, json: bool) -> None:
    """Print a row for every audit, newest first."""
    if json:
        print(record_to_json(tuple(summaries), tuple[AuditSummary, ...], indent=2))
        return
    if not summaries:
        print("no audits yet; `auditor run NAME` audits a schedule")
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
    _print_table(("audit", "started", "model", "call", "gain", "verdict"), rows)


def print_capture(capture: Capture, *, json: bool) -> None:
    """Print what was recorded of production."""
    if json:
        print(record_to_json(capture, indent=2))
        return
    print(f"captured {capture.model!r} as capture {capture.id}")
    rows = [(each.name, shown(each.value), each.raw, each.origin) for each in capture.settings]
    _print_table(("setting", "value", "as found", "from"), rows)


def _evidence(audit: Audit) -> list[str]:
    spent = audit.spent
    lines = [
        "",
        f"audit {audit.id} of {audit.model}, {_date(audit.finished_at)}",
        f"trainings: {spent.search_trials} to search, {spent.confirm_trials} to confirm, "
        f"{spent.attribute_trials} to attribute, {spent.failed_trials} of them failed; "
        f"{spent.training_seconds:.0f} s in all",
    ]
    if audit.confirmation is not None:
        lines.append(f"because: {audit.confirmation.reason}")
    lines.append(f"next audit: {_due(audit.next_audit.due, now=None)} ({audit.next_audit.reason})")
    lines.append(f"again: {audit.provenance.command}")
    return lines


def _state(summary: AuditSummary) -> str:
    if summary.state == "running":
        return "… not finished"
    return MARKS[summary.call]


def _gain(summary: AuditSummary) -> str:
    gain: Estimate | None = summary.gain
    if gain is None:
        return "–"
    ruler = Ruler(production_loss=0.0, unit=summary.unit, confidence=0.95)
    return f"{ruler.amount(gain.estimate, width=gain.high - gain.low)} {summary.unit}"


def _due(due: datetime | None, *, now: datetime | None) -> str:
    if due is None:
        return "by hand"
    return f"{_date(due)}{' OVERDUE' if now is not None and due < now else ''}"


def _date(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}Z"


def _print_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(*heads, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    _console().print(table)


def _console() -> "Console":
    from rich.console import Console

    console = Console()
    # Not on a terminal, nothing is cut at an imagined width.
    return console if console.is_terminal else Console(width=200, soft_wrap=True)
