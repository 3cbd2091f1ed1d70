"""What the pages that list audits share: the name of a page, a gain in a cell, gains over time. Pure."""

from collections.abc import Sequence
from datetime import datetime

from auditor.core.records import AuditSummary, Estimate
from auditor.reporting.marks import mark_of
from auditor.reporting.numbers import NOTHING, Yardstick, date_text, plain, yardstick
from auditor.reporting.page import Mark

MOST_ROWS = 200
"""Audits, or models, listed on a page."""

RECENT = 24
"""Audits of each model that the index and the charts over time look back on: two years of monthly ones."""

MOST_POINTS = 12
"""Audits drawn in a chart over time, or in a grid."""

LONGEST = 100
"""Characters of a headline in a listing; its page has it whole."""


def stem_of(summary: AuditSummary) -> str:
    """Return the name, without its ending, of the files of an audit: ``2026-11-22-184``."""
    return page_stem(summary.started_at, summary.id)


def page_stem(started_at: datetime, audit_id: int) -> str:
    """Return the same name from what it is made of."""
    return f"{date_text(started_at)}-{audit_id}"


def mark_in_list(summary: AuditSummary) -> Mark | None:
    """Return an audit's call as it is shown; None while it runs."""
    return None if summary.state == "running" else mark_of(summary.call)


def gain_words(summary: AuditSummary) -> tuple[str, str, str]:
    """Return a gain, its interval, and what both are measured in."""
    if summary.gain is None:
        return NOTHING, "", ""
    yard = yard_of(summary)
    return (
        yard.number(summary.gain),
        yard.ends(summary.gain),
        f"of {summary.unit}" if yard.suffix else summary.unit,
    )


def yard_of(summary: AuditSummary) -> Yardstick:
    """Return a share of what production lost at that audit, or units of loss where that is not known."""
    return yardstick(summary.production_loss, summary.unit)


def measured(audits: Sequence[AuditSummary]) -> list[tuple[AuditSummary, Yardstick, Estimate]]:
    """Return the audits that have a gain, newest first, all in shares or all in units of loss."""
    found = [(one, yard_of(one), one.gain) for one in audits if one.gain is not None][:MOST_POINTS]
    if all(yard.suffix for _, yard, _ in found):
        return found
    return [(one, plain(one.unit), gain) for one, _, gain in found]
