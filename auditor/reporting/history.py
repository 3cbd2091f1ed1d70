"""From summaries to the pages of one model: its newest audits, and those of a month. Pure."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from itertools import groupby

from auditor.core.records import AuditSummary, Call, SettingLine
from auditor.core.wording import counted, listed
from auditor.reporting.charts.intervals import Bar, Line, evidence
from auditor.reporting.charts.svg import Words, shortened
from auditor.reporting.list_page import AuditRow, Cell, Grid, GridRow, HistoryPage, Link, Year
from auditor.reporting.listing import (
    LONGEST,
    MOST_POINTS,
    MOST_ROWS,
    gain_words,
    mark_in_list,
    measured,
    stem_of,
    yard_of,
)
from auditor.reporting.marks import mark_of
from auditor.reporting.numbers import NOTHING, date_text, moment_text, setting_text
from auditor.reporting.page import Figure, Table, Tile
from auditor.reporting.past import Streak, streak_of
from auditor.reporting.spells import call_of, line_of, settings_of, spells_of

_MOST_SETTINGS = 60
"""Lines of the grid; the pages of the audits have them all."""


def history_page(
    audits: Sequence[AuditSummary],
    *,
    pages: Collection[str],
    months: Sequence[str] = (),
    backtest: str = "",
) -> HistoryPage:
    """Return a model's history.

    Parameters
    ----------
    audits
        Of one model, newest first, at most `MOST_ROWS` of them; at least one.
    pages
        Stems of the pages that exist; only these are linked.
    months
        Stems of the months' pages that exist, newest first: ``2026-11``, ``2026-11-2``.
    backtest
        The page of its newest backtest; empty without one.
    """
    newest, streak = audits[0], streak_of(audits, cut=len(audits) >= MOST_ROWS)
    call = streak.call if streak else None
    return HistoryPage(
        title=f"{mark_of(call).word.upper()}: {newest.model} - history",
        favicon=mark_of(call).favicon,
        model=newest.model,
        month="",
        lead=_lead(newest, streak),
        tiles=_tiles(audits, streak),
        chart=_gains(audits),
        grid=_settings_by_audit(audits, pages),
        rows_title="Audits, newest first",
        rows=tuple(_audit_row(summary, pages) for summary in audits[:MOST_ROWS]),
        parts=(),
        years=_years(months) if len(audits) >= MOST_ROWS else (),
        backtest=backtest,
    )


def month_stem(moment: datetime, part: int = 1) -> str:
    """Return the name, without its ending, of a month's page; a busy month has several.

    Examples
    --------
    >>> month_stem(datetime(2026, 11, 22, tzinfo=UTC)), month_stem(datetime(2026, 11, 22, tzinfo=UTC), 2)
    ('2026-11', '2026-11-part-2')
    """
    stem = moment.astimezone(UTC).strftime("%Y-%m")
    return stem if part == 1 else f"{stem}-part-{part}"


def month_of(moment: datetime) -> tuple[datetime, datetime]:
    """Return when the month of a moment begins and ends, in UTC.

    Examples
    --------
    >>> [end.isoformat()[:10] for end in month_of(datetime(2026, 12, 31, 23, tzinfo=UTC))]
    ['2026-12-01', '2027-01-01']
    """
    first = moment.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    after = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
    return first, after


def month_pages(audits: Sequence[AuditSummary]) -> tuple[tuple[AuditSummary, ...], ...]:
    """Return the audits of a month page by page, so that a full page never changes again.

    Parameters
    ----------
    audits
        Of one month, newest first.
    """
    oldest_first = audits[::-1]
    return tuple(
        tuple(oldest_first[start : start + MOST_ROWS][::-1])
        for start in range(0, len(oldest_first), MOST_ROWS)
    )


def month_page(
    audits: Sequence[AuditSummary], *, part: int, parts: int, pages: Collection[str]
) -> HistoryPage:
    """Return one page of a month.

    Parameters
    ----------
    audits
        Of this page, newest first; at least one.
    part, parts
        Which page it is, counted from 1, and of how many.
    """
    newest = audits[0]
    month = newest.started_at.astimezone(UTC).strftime("%Y-%m")
    of = f", page {part} of {parts}" if parts > 1 else ""
    called = [summary.call for summary in audits if summary.state != "running"]
    tally = [(called.count(call), mark_of(call).word) for call in (*Call, None)]
    counts = listed([f"{count} {word}" for count, word in tally if count]) if called else "none finished yet"
    return HistoryPage(
        title=f"{month}{of}: {newest.model} - history",
        favicon=mark_of(newest.call).favicon,
        model=newest.model,
        month=month,
        lead=f"{counted(len(audits), 'audit')}{of}: {counts}.",
        tiles=(),
        chart=None,
        grid=_settings_by_audit(audits, pages),
        rows_title="Audits, newest first",
        rows=tuple(_audit_row(summary, pages) for summary in audits),
        parts=tuple(
            Link(text=f"page {one}", to="" if one == part else f"{month_stem(newest.started_at, one)}.html")
            for one in range(1, parts + 1)
        )
        if parts > 1
        else (),
        years=(),
        backtest="",
    )


def _lead(newest: AuditSummary, streak: Streak | None) -> str:
    if streak is None:
        return f"No audit has come to a call yet. {newest.headline}"
    running = f"{streak.since_text}."
    return f"{running} {_stopped(newest.headline)}" if newest.headline else running


def _stopped(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _tiles(audits: Sequence[AuditSummary], streak: Streak | None) -> tuple[Tile, ...]:
    newest = audits[0]
    finished = next((summary for summary in audits if summary.state != "running"), None)
    tiles = []
    if finished is not None:
        mark = mark_of(finished.call)
        on = f"the audit of {date_text(finished.started_at)}"
        tiles.append(Tile(name="Call", value=mark.word, detail=on, mark=mark))
    if streak is not None:
        tiles.append(
            Tile(
                name=streak.name,
                value=streak.since_words,
                detail=f"{streak.audits_text}{_was(streak.before)}" if streak.audits > 1 else streak.news,
            )
        )
    gained = next((summary for summary in audits if summary.gain is not None), None)
    if gained is not None:
        gain, ends, unit = gain_words(gained)
        tiles.append(Tile(name="Best gain, newest", value=gain, detail=f"{ends} {unit}"))
    due = newest.next_due or (finished.next_due if finished else None)
    why = newest.next_reason or (finished.next_reason if finished else "")
    tiles.append(Tile(name="Next audit", value=date_text(due) if due else "by hand", detail=why))
    return tuple(tiles)


def _was(before: AuditSummary | None) -> str:
    return f"; {mark_of(before.call).word} on {date_text(before.started_at)}" if before else ""


def _audit_row(summary: AuditSummary, pages: Collection[str]) -> AuditRow:
    gain, ends, unit = gain_words(summary)
    return AuditRow(
        when=moment_text(summary.started_at),
        link=_page_of(summary, pages),
        mark=mark_in_list(summary),
        state=summary.state,
        headline=shortened(summary.headline, LONGEST),
        gain=gain,
        ends=ends,
        unit=unit,
        stale=", ".join(summary.stale_settings) or NOTHING,
    )


def _page_of(summary: AuditSummary, pages: Collection[str]) -> str:
    return f"{stem_of(summary)}.html" if stem_of(summary) in pages else ""


def _years(months: Sequence[str]) -> tuple[Year, ...]:
    return tuple(
        Year(
            name=year,
            months=tuple(
                Link(text=stem[5:].replace("-part-", " page "), to=f"{stem}.html") for stem in stems
            ),
        )
        for year, stems in groupby(months, key=lambda stem: stem[:4])
    )


# ---------------------------------------------------------------- over time


def _gains(audits: Sequence[AuditSummary]) -> Figure | None:
    """Return the gains of the newest audits over time; None with fewer than two, or in several units."""
    drawn = measured(audits[:MOST_POINTS])[::-1]
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
    span = f"{date_text(drawn[0][0].started_at)} to {date_text(newest.started_at)}"
    return Figure(
        title="The best gain found, audit by audit",
        caption=f"With its interval, in {yard.noun}; the margin is that of the newest audit.",
        svg=evidence(bars, lines=lines, x_title=span, y_title=f"gain, {yard.noun}", words=words),
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


def _settings_by_audit(audits: Sequence[AuditSummary], pages: Collection[str]) -> Grid | None:
    """Return what the newest audits said of every setting; None where none said anything."""
    drawn = [summary for summary in audits if summary.state != "running"][:MOST_POINTS]
    names = settings_of(drawn)
    if not names:
        return None
    rows = [
        GridRow(
            name=name,
            note=_how_often(audits, name),
            cells=tuple(
                _cell(one, before, name) for one, before in zip(drawn, [*drawn[1:], None], strict=True)
            ),
        )
        for name in names[:_MOST_SETTINGS]
    ]
    more = len(names) - _MOST_SETTINGS
    return Grid(
        caption="What each audit said of every setting, newest first",
        corner="Setting",
        head=tuple(
            Link(text=date_text(summary.started_at), to=_page_of(summary, pages)) for summary in drawn
        ),
        rows=tuple(rows),
        css="by-audit",
        note="Numbers are the part of the gain that the setting carries; an arrow is a value that production "
        "was given since the audit before." + (f" {counted(more, 'setting')} more." if more > 0 else ""),
    )


def _how_often(audits: Sequence[AuditSummary], name: str) -> str:
    spells = spells_of(audits, name)
    newest = next((line for summary in audits if (line := line_of(summary, name))), None)
    value = f"{setting_text(newest.production)} in production" if newest else ""
    often = f"stale {counted(spells.stale, 'time')} in {counted(spells.audits, 'audit')}"
    return "; ".join(part for part in (value, often if spells.stale else "") if part)


def _cell(summary: AuditSummary, before: AuditSummary | None, name: str) -> Cell:
    call, line = call_of(summary, name), line_of(summary, name)
    if call is None:
        return Cell(note=summary.state if summary.call is None else "")
    earlier = line_of(before, name) if before else None
    changed = line and earlier and line.production != earlier.production
    return Cell(
        mark=mark_of(call),
        text=_effect(summary, line),
        note=f"\N{RIGHTWARDS ARROW} {setting_text(line.production)}" if line and changed else "",
    )


def _effect(summary: AuditSummary, line: SettingLine | None) -> str:
    return yard_of(summary).number(line.effect) if line and line.effect else ""
