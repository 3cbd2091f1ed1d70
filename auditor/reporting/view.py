"""From an audit to its page: every fact in words, in the order a reader wants them. Pure."""

from collections.abc import Sequence

from auditor.core.records import (
    Audit,
    AuditSummary,
    Call,
)
from auditor.reporting.details import (
    carried_table,
    changes_table,
    confirming_lines,
    finalists_table,
    next_audit_lines,
    provenance_facts,
    search_section,
)
from auditor.reporting.figures import evidence_figures
from auditor.reporting.listing import stem_of
from auditor.reporting.marks import mark_of
from auditor.reporting.moved import moved_section
from auditor.reporting.numbers import (
    GAP,
    date_text,
    moment_text,
    yardstick,
)
from auditor.reporting.overview import advice_of, more_tiles_of, setting_row, tiles_of, together_of
from auditor.reporting.page import (
    AuditPage,
)
from auditor.reporting.panda import panda_section
from auditor.reporting.reasons import cause_section

_UNCHANGED = "Nothing that the capture recorded has changed: same machine, same libraries, same code."

_MOST_NAMED = 3
"""Stale settings named in a title before the rest are counted."""


def audit_page(audit: Audit, past: Sequence[AuditSummary], *, beside: bool = False) -> AuditPage:
    """Return the page of an audit.

    Parameters
    ----------
    past
        This model's audits, newest first, from this one on back.
    beside
        Whether its twin and its trials lie beside it, to be linked.
    """
    measured = audit.confirmation or audit.panda
    yard = yardstick(measured.production_loss if measured else None, audit.unit)
    settings = tuple(
        setting_row(finding, yard, past=past, key=f"e{place}") for place, finding in enumerate(audit.settings)
    )
    return AuditPage(
        title=page_title(audit),
        favicon=mark_of(audit.call).favicon,
        model=audit.model,
        when=moment_text(audit.started_at),
        headline=audit.headline,
        sentence=audit.sentence.replace(" %", f"{GAP}%"),
        error="" if audit.error is None or audit.error in audit.headline else audit.error,
        tiles=tiles_of(audit, past, yard),
        advice=advice_of(audit, yard),
        more=more_tiles_of(audit, yard),
        settings=settings,
        effect_unit=yard.noun if any(row.effect for row in settings) else "",
        setting_confidence=f"{audit.setting_confidence * 100:.3g}",
        ranged=any(row.as_good or row.safe for row in settings),
        traced=any(row.sparkline for row in settings),
        together=together_of(audit),
        evidence=evidence_figures(audit, yard),
        finalists=finalists_table(audit, yard),
        confirming=confirming_lines(audit, yard),
        carried=carried_table(audit),
        panda=panda_section(audit, yard),
        cause=cause_section(audit, yard),
        moved=moved_section(audit),
        search=search_section(audit),
        changes=changes_table(audit),
        no_changes="" if audit.error is not None else _UNCHANGED,
        next_audit=next_audit_lines(audit),
        provenance=provenance_facts(audit),
        beside=stem_of(audit.summary) if beside else "",
        schedule_text=audit.provenance.schedule_text,
        versions=", ".join(f"{name} {version}" for name, version in audit.provenance.versions.items()),
        notes=audit.notes,
    )


def page_title(audit: Audit) -> str:
    """Return the page's title: the call, what is stale, the model, the day."""
    stale = [finding.name for finding in audit.settings if finding.call is Call.STALE]
    named = ", ".join(stale[:_MOST_NAMED])
    named += f" and {len(stale) - _MOST_NAMED} more" if len(stale) > _MOST_NAMED else ""
    word = mark_of(audit.call).word.upper()
    parts = [named] if audit.call is Call.STALE and named else []
    return f"{word}: {' - '.join([*parts, audit.model, date_text(audit.started_at)])}"
