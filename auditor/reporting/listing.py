"""From summaries to the two listings: every model in a row, and one model's history. Pure."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from auditor.core.records import AuditSummary, Call, Estimate
from auditor.core.wording import listed
from auditor.reporting.charts.intervals import Bar, Line, evidence
from auditor.reporting.charts.sparkline import sparkline
from auditor.reporting.charts.svg import Svg, Words, shortened
from auditor.reporting.marks import mark_of
from auditor.reporting.numbers import (
    NOTHING,
    Yardstick,
    count_text,
    date_text,
    moment_text,
    plain,
    yardstick,
)
from auditor.reporting.page import AuditRow, Figure, HistoryPage, IndexPage, Mark, ModelRow, Table
from auditor.reporting.past import streak_of

MOST_ROWS = 200
"""Audits listed on a page; `auditor log NAME` has the others."""

_MOST_POINTS = 12
"""Audits drawn in a chart over time."""

_LONGEST = 100
"""Characters of a headline in a listing; its page has it whole."""

_URGENCY = {Call.STALE: 0, None: 1, Call.UNDECIDED: 2, Call.FRESH: 3}
"""Models that need a hand come first."""


def stem_of(summary: AuditSummary) -> str:
    """Return the name, without its ending, of the files of an audit: ``2026-11-22-184``."""
    return page_stem(summary.started_at, summary.id)


def page_stem(started_at: datetime, audit_id: int) -> str:
    """Return the same name from what it is made of."""
    return f"{date_text(started_at)}-{audit_id}"


# ---------------------------------------------------------------- one model


def history_page(audits: Sequence[AuditSummary], *, pages: Collection[str]) -> HistoryPage:
    """Return a model's history.

    Parameters
    ----------
    audits
        Of one model, newest first; at least one.
    pages
        Stems of the pages that exist; only these are linked.
    """
    newest, streak = audits[0], streak_of(audits)
    call = streak.call if streak else None
    lead = f"{count_text(len(audits), 'audit')} on record."
    if streak:
        word = mark_of(call).word.capitalize()
        lead = f"{word} since {date_text(streak.since)}, {count_text(streak.audits, 'audit')} running. {lead}"
    hidden = len(audits) - MOST_ROWS
    return HistoryPage(
        title=f"{mark_of(call).word.upper()}: {newest.model} - history",
        favicon=mark_of(call).favicon,
        model=newest.model,
        lead=lead,
        chart=_gains(audits),
        rows=tuple(_audit_row(summary, pages) for summary in audits[:MOST_ROWS]),
        more=f"{count_text(hidden, 'older audit')}: `auditor log`." if hidden > 0 else "",
    )


def _audit_row(summary: AuditSummary, pages: Collection[str]) -> AuditRow:
    gain, ends, unit = _gain_words(summary)
    return AuditRow(
        when=moment_text(summary.started_at),
        link=f"{stem_of(summary)}.html" if stem_of(summary) in pages else "",
        mark=_mark(summary),
        state=summary.state,
        headline=shortened(summary.headline, _LONGEST),
        gain=gain,
        ends=ends,
        unit=unit,
        stale=", ".join(summary.stale_settings) or NOTHING,
    )


def _mark(summary: AuditSummary) -> Mark | None:
    return None if summary.state == "running" else mark_of(summary.call)


def _gain_words(summary: AuditSummary) -> tuple[str, str, str]:
    """Return a gain, its interval, and what both are measured in."""
    if summary.gain is None:
        return NOTHING, "", ""
    yard = _yard(summary)
    return (
        yard.number(summary.gain),
        yard.ends(summary.gain),
        f"of {summary.unit}" if yard.suffix else summary.unit,
    )


def _yard(summary: AuditSummary) -> Yardstick:
    """Return a share of what production lost at that audit, or units of loss where that is not known."""
    return yardstick(summary.production_loss, summary.unit)


def _measured(audits: Sequence[AuditSummary]) -> list[tuple[AuditSummary, Yardstick, Estimate]]:
    """Return the audits that have a gain, newest first, all in shares or all in units of loss."""
    found = [(one, _yard(one), one.gain) for one in audits if one.gain is not None][:_MOST_POINTS]
    if all(yard.suffix for _, yard, _ in found):
        return found
    return [(one, plain(one.unit), gain) for one, _, gain in found]


def _gains(audits: Sequence[AuditSummary]) -> Figure | None:
    """Return the gains of the newest audits over time; None with fewer than two, or in several units."""
    drawn = _measured(audits[:_MOST_POINTS])[::-1]
    if len(drawn) < 2 or len({one.unit for one, _, _ in drawn}) > 1:
        return None
    newest, yard, _ = drawn[-1]
    bars = [
        Bar(name=f"{one.started_at:%m-%d}", estimate=own.scaled(gain), text=own.full(gain), call=one.call)
        for one, own, gain in drawn
    ]
    lines = [Line(value=0.0, name="no gain", css="zero")]
    if newest.margin is not None:
        lines.append(Line(value=newest.margin * yard.factor, name="margin", css="margin"))
    said = [f"{date_text(one.started_at)} {own.full(gain)}" for one, own, gain in drawn]
    words = Words(key="gains", title="Gains over time", description="; ".join(said) + ".")
    return Figure(
        title="The best gain found, audit by audit",
        caption=f"With its interval, in {yard.noun}; the margin is that of the newest audit.",
        svg=evidence(bars, lines=lines, x_title="month-day", y_title=f"gain, {yard.noun}", words=words),
        table=Table(
            caption=f"Gain at each audit, {yard.noun}",
            head=("Day", "Gain", "Interval", "Call"),
            rows=tuple(
                (date_text(one.started_at), own.number(gain), own.ends(gain), mark_of(one.call).word)
                for one, own, gain in drawn
            ),
            numeric=(False, True, True, False),
        ),
    )


# ---------------------------------------------------------------- every model


def index_page(
    audits: Sequence[AuditSummary],
    *,
    as_of: datetime,
    folders: Mapping[str, str],
    pages: Mapping[str, Collection[str]],
) -> IndexPage:
    """Return every model in one row.

    Parameters
    ----------
    audits
        Of all models, newest first.
    as_of
        What counts as overdue, and is written on the page.
    folders, pages
        Of each model: its folder beside the index, and the stems of the pages in it.
    """
    by_model: dict[str, list[AuditSummary]] = {}
    for summary in audits:
        by_model.setdefault(summary.model, []).append(summary)
    ranked = sorted(by_model.items(), key=lambda item: (_URGENCY[_standing(item[1])], item[0]))
    rows = [
        _model_row(mine, as_of=as_of, folder=folders[model], pages=pages.get(model, ()), key=f"m{place}")
        for place, (model, mine) in enumerate(ranked)
    ]
    calls = [_standing(mine) for _, mine in ranked]
    worst = min(calls, key=lambda call: _URGENCY[call], default=None)
    return IndexPage(
        title=f"{_tally(calls)} - auditor",
        favicon=mark_of(worst).favicon,
        as_of=moment_text(as_of),
        lead=_tally(calls),
        rows=tuple(rows),
        prone=_prone(by_model),
    )


def _standing(mine: Sequence[AuditSummary]) -> Call | None:
    """Return the call of the newest audit that has finished; None if that one failed."""
    finished = [summary for summary in mine if summary.state != "running"]
    return finished[0].call if finished else None


def _tally(calls: Sequence[Call | None]) -> str:
    counts = [(sum(call is one for call in calls), mark_of(one).word) for one in _URGENCY]
    found = [f"{count} {word}" for count, word in counts if count]
    return f"{count_text(len(calls), 'model')}: {', '.join(found)}"


def _model_row(
    mine: Sequence[AuditSummary], *, as_of: datetime, folder: str, pages: Collection[str], key: str
) -> ModelRow:
    finished = [summary for summary in mine if summary.state != "running"]
    newest = finished[0] if finished else mine[0]
    streak = streak_of(mine)
    gain, ends, unit = _gain_words(newest)
    due = newest.next_due
    return ModelRow(
        model=newest.model,
        history=f"{folder}/index.html" if pages else "",
        mark=_mark(newest),
        state=newest.state,
        headline=shortened(newest.headline, _LONGEST),
        link=f"{folder}/{stem_of(newest)}.html" if stem_of(newest) in pages else "",
        since=date_text(streak.since) if streak and newest.call else NOTHING,
        gain=gain,
        ends=ends,
        unit=unit,
        last=date_text(newest.started_at),
        due=date_text(due) if due else "by hand",
        overdue=due is not None and due < as_of,
        sparkline=_line_of_gains(mine, key),
    )


def _line_of_gains(mine: Sequence[AuditSummary], key: str) -> Svg | None:
    found = _measured(mine)
    shown = [own.scaled(gain).estimate for one, own, gain in found if one.unit == found[0][0].unit][::-1]
    if len(shown) < 2:
        return None
    newest, yard, _ = found[0]
    said = ", ".join(f"{gain:.3g}" for gain in shown)
    words = Words(
        key=key,
        title=f"Gains of the last {len(shown)} audits",
        description=f"Oldest first, {yard.noun}: {said}.",
    )
    return sparkline(shown, call=newest.call, words=words)


def _prone(by_model: Mapping[str, Sequence[AuditSummary]]) -> Table | None:
    """Return which settings tend to go stale, over the whole portfolio."""
    found: dict[str, dict[str, int]] = {}
    for model, mine in by_model.items():
        for name in (name for summary in mine for name in summary.stale_settings):
            found.setdefault(name, {}).setdefault(model, 0)
            found[name][model] += 1
    if not found:
        return None
    ranked = sorted(found.items(), key=lambda item: (-sum(item[1].values()), item[0]))[:20]
    return Table(
        caption="Over all audits on record",
        head=("Setting", "Audits that called it stale", "Models"),
        rows=tuple((name, str(sum(models.values())), listed(sorted(models))) for name, models in ranked),
        numeric=(False, True, False),
    )
