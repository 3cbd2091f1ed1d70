"""What moved in the data, beside the verdict: it explains, and decides nothing. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from auditor.core.records import Audit, ColumnDrift, ColumnKind, Drift, Overlay
from auditor.core.wording import counted, listed
from auditor.reporting.charts.axes import Axis, Tick, linear_axis, short
from auditor.reporting.charts.overlay import dumbbells, histogram
from auditor.reporting.charts.svg import Svg, Words
from auditor.reporting.numbers import GAP, NOTHING, as_sentence, date_text, fixed
from auditor.reporting.page import Figure, MovedSection, Table

_MOST_DRAWN = 12
"""Columns drawn; the others are in the table."""

_MOST_ROWS = 8
"""Rows of the table under a histogram: neighbouring bins are added up."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moved_section(audit: Audit) -> MovedSection | None:
    """Return what moved between the rows of then and of now; None when those of then are not known."""
    drift = audit.drift
    if drift is None:
        return None
    everything = [drift.target, *drift.columns] if drift.target else [*drift.columns]
    apart = [column for column in everything if column.moved or column.untold]
    drawn = [column for column in apart if column.overlay.then][:_MOST_DRAWN]
    shown = {id(column) for column in drawn}
    left = [column for column in everything if id(column) not in shown]
    return MovedSection(
        headline=as_sentence(drift.headline),
        lines=(_rows_of(drift, captured=audit.capture.snapshot), _WHAT_FOR),
        assumes=as_sentence(f"about chance: {drift.assumes}") if drift.assumes else "",
        figures=tuple(_figure(column, place, drift) for place, column in enumerate(drawn)),
        others=_others(left, drift, every=not drawn),
    )


_WHAT_FOR = (
    "This is context for the verdict and no part of it: data can move and leave the settings right, and "
    "settings can go stale on data that looks the same."
)


def _rows_of(drift: Drift, *, captured: str | None) -> str:
    then = _span(drift.rows_then, drift.first_then, drift.last_then)
    now = _span(drift.rows_now, drift.first_now, drift.last_now)
    if drift.reference == captured:
        return f"Then: {then}, when production was last tuned. Now: {now}."
    stand_in = "of the first audit of these settings, as no capture filed those that production was tuned on"
    return f"Then: {then}, {stand_in}. Now: {now}."


def _span(rows: int, first: datetime | None, last: datetime | None) -> str:
    days = f", {date_text(first)} to {date_text(last)}" if first and last else ""
    return counted(rows, "row") + days


# ---------------------------------------------------------------- one column


def _figure(column: ColumnDrift, place: int, drift: Drift) -> Figure:
    what = "the target; " if column is drift.target else ""
    doubt = [f"chance is not ruled out (p {column.p_value:.2g})"] if column.untold else []
    facts = [f"{what}stability index {_index(column)}", *doubt, _where(column), *_beside(column)]
    return Figure(
        title=column.name,
        caption=as_sentence("; ".join(facts)),
        svg=_drawn(column, place),
        table=_shares(column),
    )


def _where(column: ColumnDrift) -> str:
    return column.sentence.replace(" %", f"{GAP}%").removesuffix(".")


def _index(column: ColumnDrift) -> str:
    by_chance = f", of which chance makes {fixed(column.chance, 2)}" if column.chance >= 0.005 else ""
    return fixed(column.distance, 2) + by_chance


def _beside(column: ColumnDrift) -> list[str]:
    """Return what the chart cannot show: gaps, and values that only one of the two has."""
    said = []
    if column.missing_then or column.missing_now:
        said.append(f"missing: {_percent(column.missing_then)} then, {_percent(column.missing_now)} now")
    both = (
        ("new", column.new_count, column.new_share, column.new_categories),
        ("gone", column.gone_count, column.gone_share, column.gone_categories),
    )
    for word, count, share, names in both:
        if count:
            more = f" and {count - len(names)} more" if count > len(names) else ""
            said.append(f"{word}: {listed(names) if not more else ', '.join(names)}{more}, {_percent(share)}")
    return said


def _percent(share: float) -> str:
    return f"{fixed(share * 100.0, 0 if share >= 0.0995 or share == 0.0 else 1)}{GAP}%"


def _drawn(column: ColumnDrift, place: int) -> Svg:
    words = Words(
        key=f"d{place}",
        title=f"{column.name}, then and now",
        description=f"{column.sentence}.",
    )
    if column.overlay.categories:
        return dumbbells(column.overlay, words=words)
    axis = _axis(column.overlay, column.kind)
    return histogram(column.overlay, axis=axis, x_title=column.name[:40], words=words)


def _axis(overlay: Overlay, kind: ColumnKind) -> Axis:
    low, high = overlay.edges[0], overlay.edges[-1]
    if kind is not ColumnKind.MOMENT:
        return linear_axis(low, high)
    axis = linear_axis(low, high, most=3)
    return replace(axis, ticks=tuple(Tick(tick.value, _day(tick.value)) for tick in axis.ticks))


def _day(seconds: float) -> str:
    """Return the day of a moment, or the number where no calendar reaches."""
    try:
        return date_text(_EPOCH + timedelta(seconds=seconds))
    except OverflowError:
        return short(seconds)


def _shares(column: ColumnDrift) -> Table:
    overlay = column.overlay
    bins = overlay.categories or _bins(overlay, column.kind)
    step = 1 if overlay.categories else -(-len(overlay.then) // _MOST_ROWS)
    sums = [
        (sum(overlay.then[start : start + step]), sum(overlay.now[start : start + step]))
        for start in range(0, len(overlay.then), step)
    ]
    return Table(
        caption=f"Shares of the rows by {column.name}",
        head=(column.name, "Then", "Now"),
        rows=tuple(
            (name, _percent(then), _percent(now)) for name, (then, now) in zip(bins, sums, strict=True)
        ),
        numeric=(False, True, True),
    )


def _bins(overlay: Overlay, kind: ColumnKind) -> tuple[str, ...]:
    step = -(-len(overlay.then) // _MOST_ROWS)
    starts = range(0, len(overlay.then), step)
    ends = [min(start + step, len(overlay.then)) for start in starts]
    said = _day if kind is ColumnKind.MOMENT else short
    return tuple(
        f"{said(overlay.edges[start])} to {said(overlay.edges[end])}"
        for start, end in zip(starts, ends, strict=True)
    )


# ---------------------------------------------------------------- the others


def _others(columns: Sequence[ColumnDrift], drift: Drift, *, every: bool) -> Table | None:
    rows = [_row(column, drift) for column in columns]
    rows += [(name, "only now", *([NOTHING] * 3), "a new column") for name in drift.appeared]
    rows += [(name, "only then", *([NOTHING] * 3), "the column is gone") for name in drift.gone]
    rows += [
        (one.what, "other kind", *([NOTHING] * 3), f"was {one.then}, is {one.now}") for one in drift.retyped
    ]
    if not rows:
        return None
    which = "every column" if every else "the others"
    return Table(
        caption=f"Population stability index, less what chance makes of it; corrected p-value: {which}",
        head=("Column", "Moved", "Index", "By chance", "p", "Where it differs most"),
        rows=tuple(rows),
        numeric=(False, False, True, True, True, False),
    )


def _row(column: ColumnDrift, drift: Drift) -> tuple[str, ...]:
    name = f"{column.name} (target)" if column is drift.target else column.name
    extra = "; ".join([_where(column), *_beside(column)])
    moved = "moved" if column.moved else "untold" if column.untold else "held"
    numbers = (fixed(column.distance, 3), fixed(column.chance, 3), f"{column.p_value:.2g}")
    return (name, moved, *numbers, extra)
