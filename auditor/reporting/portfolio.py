"""From summaries to the index: every model in a row, and which settings tend to go stale. Pure."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from auditor.core.records import AuditSummary, Call
from auditor.core.wording import counted
from auditor.reporting.charts.sparkline import sparkline
from auditor.reporting.charts.svg import Svg, Words, shortened
from auditor.reporting.list_page import Cell, Choice, Grid, GridRow, Heading, IndexPage, Link, ModelRow
from auditor.reporting.listing import (
    LONGEST,
    MOST_ROWS,
    RECENT,
    gain_words,
    mark_in_list,
    measured,
    stem_of,
    yard_of,
)
from auditor.reporting.marks import mark_of
from auditor.reporting.numbers import NOTHING, date_text, moment_text
from auditor.reporting.past import streak_of
from auditor.reporting.spells import Spells, settings_of, spells_of

_URGENCY = {Call.STALE: 0, None: 1, Call.UNDECIDED: 2, Call.FRESH: 3}
"""Models that need a hand come first."""

_MOST_SETTINGS, _MOST_MODELS = 24, 12
"""Of the grid: settings that went stale most often, and the models in which they did."""

ORDERS = {"index": "Call", "by-name": "Model", "by-gain": "Best gain", "by-due": "Next due"}
"""Pages that list the models, each in another order: the stem, and the column that it goes by."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One model as the index sees it.

    Attributes
    ----------
    audits
        Newest first; at least one.
    """

    audits: tuple[AuditSummary, ...]
    as_of: datetime

    @property
    def model(self) -> str:
        """Its name."""
        return self.audits[0].model

    @property
    def newest(self) -> AuditSummary:
        """The newest audit that has finished; where none has, the one that runs."""
        return next((summary for summary in self.audits if summary.state != "running"), self.audits[0])

    @property
    def call(self) -> Call | None:
        """The call of that audit; None if it failed or runs."""
        return self.newest.call

    @property
    def overdue(self) -> bool:
        """Whether the next audit should have begun."""
        return self.newest.next_due is not None and self.newest.next_due < self.as_of


def standings(audits: Sequence[AuditSummary], *, as_of: datetime) -> tuple[Standing, ...]:
    """Return every model, those that need a hand first.

    Parameters
    ----------
    audits
        The newest of each model, a model's newest first.
    """
    by_model: dict[str, list[AuditSummary]] = {}
    for summary in audits:
        by_model.setdefault(summary.model, []).append(summary)
    found = [Standing(tuple(mine), as_of) for mine in by_model.values()]
    return tuple(sorted(found, key=lambda one: (_URGENCY[one.call], not one.overdue, one.model)))


def index_pages(
    models: Sequence[Standing],
    *,
    folders: Mapping[str, str],
    pages: Mapping[str, Collection[str]],
) -> dict[str, IndexPage]:
    """Return the pages that list every model, by their stems: in every order, as many as it takes.

    Parameters
    ----------
    models
        As ``standings`` returned them; at least one.
    folders, pages
        Of each model: its folder beside the index, and the stems of the pages in it.
    """
    grid = _settings_by_model(models)
    rows = {one.model: _model_row(one, folders[one.model], pages.get(one.model, ())) for one in models}
    parts = math.ceil(len(models) / MOST_ROWS)
    found = {}
    for order in ORDERS:
        ranked = sorted(models, key=_RANKS[order])
        for part in range(1, parts + 1):
            shown = ranked[(part - 1) * MOST_ROWS : part * MOST_ROWS]
            found[_stem(order, part)] = IndexPage(
                title=f"{_tally(models)} - auditor",
                favicon=mark_of(models[0].call).favicon,
                as_of=moment_text(models[0].as_of),
                lead=_tally(models),
                choices=_choices(shown),
                head=_head(order),
                rows=tuple(rows[one.model] for one in shown),
                parts=_parts(order, part, parts),
                grid=grid,
            )
    return found


def _gain_rank(one: Standing) -> tuple[float, str]:
    gain = one.newest.gain
    return (-gain.estimate * yard_of(one.newest).factor if gain else math.inf, one.model)


def _due_rank(one: Standing) -> tuple[bool, float, str]:
    due = one.newest.next_due
    return (due is None, due.timestamp() if due else 0.0, one.model)


_RANKS = {
    "index": lambda one: (_URGENCY[one.call], not one.overdue, one.model),
    "by-name": lambda one: (one.model.casefold(), one.model),
    "by-gain": _gain_rank,
    "by-due": _due_rank,
}


def _stem(order: str, part: int) -> str:
    return order if part == 1 else f"{order}-{part}"


def _parts(order: str, part: int, parts: int) -> tuple[Link, ...]:
    if parts == 1:
        return ()
    return tuple(
        Link(text=f"page {one}", to="" if one == part else f"{_stem(order, one)}.html")
        for one in range(1, parts + 1)
    )


def _head(order: str) -> tuple[Heading, ...]:
    columns = ("Model", "Call", "Since", "Best gain", "Over time", "Last audit", "Next due")
    stems = {column: stem for stem, column in ORDERS.items()}
    upwards = {"by-gain": "descending"}
    return tuple(
        Heading(text=column, order=upwards.get(order, "ascending"))
        if stems.get(column) == order
        else Heading(text=column, to=f"{stems[column]}.html" if column in stems else "")
        for column in columns
    )


def _choices(shown: Sequence[Standing]) -> tuple[Choice, ...]:
    """Return what rows can be narrowed down to; nothing where all of them are of one kind."""
    calls = [(sum(one.call is call for one in shown), call) for call in _URGENCY]
    kinds = [
        Choice(key=mark_of(call).css, text=f"{count} {mark_of(call).word}", mark=mark_of(call))
        for count, call in calls
        if count
    ]
    late = sum(one.overdue for one in shown)
    kinds += [Choice(key="overdue", text=f"{late} overdue", mark=None)] if late else []
    return (Choice(key="all", text=f"all {len(shown)}", mark=None), *kinds) if len(kinds) > 1 else ()


def _tally(models: Sequence[Standing]) -> str:
    counts = [(sum(one.call is call for one in models), mark_of(call).word) for call in _URGENCY]
    found = [f"{count} {word}" for count, word in counts if count]
    return f"{counted(len(models), 'model')}: {', '.join(found)}"


def _model_row(one: Standing, folder: str, pages: Collection[str]) -> ModelRow:
    newest, streak = one.newest, streak_of(one.audits, cut=len(one.audits) >= RECENT)
    gain, ends, unit = gain_words(newest)
    return ModelRow(
        model=one.model,
        history=f"{folder}/index.html" if pages else "",
        mark=mark_in_list(newest),
        state=newest.state,
        headline=shortened(newest.headline, LONGEST),
        link=f"{folder}/{stem_of(newest)}.html" if stem_of(newest) in pages else "",
        since=streak.since_words if streak and newest.call else NOTHING,
        gain=gain,
        ends=ends,
        unit=unit,
        last=date_text(newest.started_at),
        due=date_text(newest.next_due) if newest.next_due else "by hand",
        overdue=one.overdue,
        sparkline=_line_of_gains(one.audits, f"g{newest.id}"),
    )


def _line_of_gains(mine: Sequence[AuditSummary], key: str) -> Svg | None:
    found = measured(mine)
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


# ---------------------------------------------------------------- what tends to go stale


def _settings_by_model(models: Sequence[Standing]) -> Grid | None:
    """Return which settings went stale, in which models, and after how long; None where none did."""
    found = {
        (name, one.model): spells
        for one in models
        for name in settings_of(one.audits)
        if (spells := spells_of(one.audits, name)).audits
    }
    often: dict[str, int] = {}
    hit: dict[str, int] = {}
    for (name, model), spells in found.items():
        often[name] = often.get(name, 0) + spells.stale
        hit[model] = hit.get(model, 0) + spells.stale
    names = sorted((name for name in often if often[name]), key=lambda name: (-often[name], name))
    worst = sorted((model for model in hit if hit[model]), key=lambda model: (-hit[model], model))
    if not names:
        return None
    shown = worst[:_MOST_MODELS]
    rows = [
        GridRow(
            name=name,
            note="",
            cells=(
                _overall([spells for (other, _), spells in found.items() if other == name]),
                *(_fared(found.get((name, model))) for model in shown),
            ),
        )
        for name in names[:_MOST_SETTINGS]
    ]
    return Grid(
        caption=f"Over the newest {RECENT} audits of every model",
        corner="Setting",
        head=(Link(text="all models"), *(Link(text=model) for model in shown)),
        rows=tuple(rows),
        css="by-model",
        note="Each shape is what the newest audit called the setting. Times are from the first audit that "
        "found it fresh to the first that found it stale; several stale audits in a row are one time."
        + _left_out(len(names) - _MOST_SETTINGS, len(worst) - len(shown)),
    )


def _left_out(names: int, models: int) -> str:
    left = [counted(count, noun) for count, noun in ((names, "setting"), (models, "model")) if count > 0]
    return f" Not shown: {' and '.join(left)} that went stale less often." if left else ""


def _overall(every: Sequence[Spells]) -> Cell:
    hit = sum(spells.stale > 0 for spells in every)
    return Cell(
        text=f"stale in {hit} of {counted(len(every), 'model')}",
        note=_after([days for spells in every for days in spells.days]),
    )


def _fared(spells: Spells | None) -> Cell:
    if spells is None:
        return Cell()
    mark = mark_of(spells.now) if spells.now else None
    if not spells.stale:
        return Cell(mark=mark, text=f"never in {spells.audits}")
    times = "once" if spells.stale == 1 else f"{spells.stale} times"
    return Cell(mark=mark, text=f"{times} in {spells.audits}", note=_after(spells.days))


def _after(days: Sequence[float]) -> str:
    if not days:
        return ""
    typical = median(days)
    return f"after {counted(max(1, round(typical)), 'day')}" + (" typically" if len(days) > 1 else "")
