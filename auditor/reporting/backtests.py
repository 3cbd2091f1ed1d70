"""From a backtest to its page: every fact in words, in the order a reader wants them. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from auditor.core.records import Backtest, Call, Estimate, Replay
from auditor.core.wording import counted
from auditor.reporting.charts.intervals import Bar, Line, evidence
from auditor.reporting.charts.svg import Words
from auditor.reporting.charts.trails import Trail, trails
from auditor.reporting.marks import mark_of
from auditor.reporting.numbers import (
    NOTHING,
    Yardstick,
    as_sentence,
    date_text,
    literal,
    loss_text,
    margin_text,
    moment_text,
    setting_text,
    span_text,
    yardstick,
)
from auditor.reporting.page import BacktestPage, Fact, Figure, Table, Tile

_FOLLOWED, _RETUNED, _NEVER = "following the audits", "re-tuned every time", "never re-tuned"


def backtest_page(backtest: Backtest, *, listed: bool) -> BacktestPage:
    """Return the page of a backtest.

    Parameters
    ----------
    listed
        Whether the model has audits of its own, with listings to link to.
    """
    yard = yardstick(backtest.never_loss, backtest.unit)
    stale = any(replay.call is Call.STALE for replay in backtest.replays)
    figures = (_period_gains(backtest, yard), _gains_so_far(backtest, yard))
    return BacktestPage(
        title=f"BACKTEST: {backtest.model} - {backtest.headline}",
        favicon=mark_of(Call.STALE if stale else Call.FRESH).favicon,
        model=backtest.model,
        listed=listed,
        when=f"backtest of {date_text(backtest.finished_at)}",
        headline=backtest.headline,
        sentence=backtest.sentence,
        tiles=_tiles(backtest, yard),
        figures=tuple(figure for figure in figures if figure is not None),
        dates=_dates(backtest, yard),
        settings=_settings(backtest),
        how=_how(backtest),
        notes=backtest.notes,
        provenance=_provenance(backtest),
    )


def _tiles(backtest: Backtest, yard: Yardstick) -> tuple[Tile, ...]:
    replays = backtest.replays
    stale = sum(replay.call is Call.STALE for replay in replays)
    return (
        _gain_tile(_FOLLOWED, backtest.followed_gain, yard, changes=backtest.changes_followed),
        _gain_tile(_RETUNED, backtest.retuned_gain, yard, changes=backtest.changes_retuned),
        Tile(name="Called stale", value=f"{stale} of {len(replays)}", detail="audits of what was known then"),
    )


def _gain_tile(policy: str, gain: Estimate | None, yard: Yardstick, *, changes: int) -> Tile:
    detail = f"settings changed {'once' if changes == 1 else counted(changes, 'time')}"
    if gain is not None:
        detail = f"{yard.ends(gain)}; {detail}"
    return Tile(name=f"Gain, {policy}", value=NOTHING if gain is None else yard.number(gain), detail=detail)


# ---------------------------------------------------------------- figures


@dataclass(frozen=True, slots=True)
class _Days:
    """How days are written along an axis."""

    form: str
    words: str


def _days(backtest: Backtest) -> _Days:
    """Return days without their year where all are of one year."""
    if backtest.replays[0].date.year == backtest.replays[-1].until.year:
        return _Days("%m-%d", "month-day")
    return _Days("%y-%m-%d", "year-month-day")


def _period_gains(backtest: Backtest, yard: Yardstick) -> Figure | None:
    """Return the gain of following the audits, period by period; None if fewer than two were scored."""
    days = _days(backtest)
    drawn = [(one, one.followed_gain) for one in backtest.replays if one.followed_gain is not None]
    if len(drawn) < 2:
        return None
    bars = [
        Bar(
            name=one.date.strftime(days.form), estimate=yard.scaled(gain), text=yard.full(gain), call=one.call
        )
        for one, gain in drawn
    ]
    said = "; ".join(f"{date_text(one.date)} {yard.full(gain)}" for one, gain in drawn)
    return Figure(
        title="What following the audits gained, period by period",
        caption=f"On the rows of the {span_text(backtest.every)} after each audit, with its interval; "
        "the shape is what the audit said.",
        svg=evidence(
            bars,
            lines=[Line(value=0.0, name="no gain", css="zero")],
            x_title=f"audit of, {days.words}",
            y_title=f"gain, {yard.noun}",
            words=Words(key="periods", title="Gain of following, period by period", description=f"{said}."),
        ),
        table=Table(
            caption=f"Gain over {_NEVER}, {yard.noun}",
            head=("Audit of", "Said", _FOLLOWED.capitalize(), "Interval", _RETUNED.capitalize(), "Interval"),
            rows=tuple(
                (
                    date_text(one.date),
                    mark_of(one.call).word,
                    yard.number(gain),
                    yard.ends(gain),
                    *_number_and_ends(one.retuned_gain, yard),
                )
                for one, gain in drawn
            ),
            numeric=(False, False, True, True, True, True),
        ),
    )


def _number_and_ends(gain: Estimate | None, yard: Yardstick) -> tuple[str, str]:
    return (NOTHING, NOTHING) if gain is None else (yard.number(gain), yard.ends(gain))


def _gains_so_far(backtest: Backtest, yard: Yardstick) -> Figure | None:
    """Return the mean gain of both policies up to each date; None if fewer than two dates have both."""
    days = _days(backtest)
    scored = [one for one in backtest.replays if one.followed_gain and one.retuned_gain]
    if len(scored) < 2:
        return None
    rows = [one.scored_rows for one in scored]
    followed = _so_far([one.followed_gain.estimate for one in scored if one.followed_gain], rows)
    retuned = _so_far([one.retuned_gain.estimate for one in scored if one.retuned_gain], rows)
    width = max(abs(value) for value in (*followed, *retuned)) / 10.0
    ends = [(_FOLLOWED, followed, "challenger"), (_RETUNED, retuned, "other")]
    drawn = [
        Trail(
            name=name.split(" the ")[0].split(" every ")[0],
            text=yard.amount(values[-1], width=width),
            values=[value * yard.factor for value in values],
            css=css,
        )
        for name, values, css in ends
    ]
    said = "; ".join(f"{name} ends at {yard.amount(values[-1], width=width)}" for name, values, _ in ends)
    return Figure(
        title="The gain so far",
        caption=f"Mean over all rows from the first audit to the end of each period, over {_NEVER}.",
        svg=trails(
            drawn,
            places=[one.until.strftime(days.form) for one in scored],
            level="never",
            x_title=f"end of the period, {days.words}",
            y_title=f"gain so far, {yard.noun}",
            words=Words(key="so-far", title="Gain so far of both policies", description=f"{said}."),
        ),
        table=Table(
            caption=f"Gain so far over {_NEVER}, {yard.noun}",
            head=("To", _FOLLOWED.capitalize(), _RETUNED.capitalize()),
            rows=tuple(
                (date_text(one.until), yard.amount(first, width=width), yard.amount(second, width=width))
                for one, first, second in zip(scored, followed, retuned, strict=True)
            ),
            numeric=(False, True, True),
        ),
    )


def _so_far(gains: Sequence[float], rows: Sequence[int]) -> list[float]:
    """Return the running mean over rows.

    Examples
    --------
    >>> _so_far([0.0, 0.3], [100, 200])
    [0.0, 0.2]
    """
    sums = accumulate(gain * count for gain, count in zip(gains, rows, strict=True))
    return [total / count for total, count in zip(sums, accumulate(rows), strict=True)]


# ---------------------------------------------------------------- tables


def _dates(backtest: Backtest, yard: Yardstick) -> Table:
    return Table(
        caption=f"What each audit would have said, and what came of it; gains in {yard.noun}",
        head=("Audit of", "Said", "Stale settings", "Rows", f"Loss, {_NEVER}", "Gain, followed",
              "Gain, re-tuned", "In its words"),
        rows=tuple(_date_row(replay, yard) for replay in backtest.replays),
        numeric=(False, False, False, True, True, True, True, False),
    )  # fmt: skip


def _date_row(replay: Replay, yard: Yardstick) -> tuple[str, ...]:
    words = as_sentence(replay.headline)
    return (
        date_text(replay.date),
        mark_of(replay.call).word,
        ", ".join(replay.stale_settings) or NOTHING,
        f"{replay.window_rows:,}",
        loss_text(replay.never_loss),
        _number_and_ends(replay.followed_gain, yard)[0],
        _number_and_ends(replay.retuned_gain, yard)[0],
        f"{words} {as_sentence(replay.note)}".strip(),
    )


def _settings(backtest: Backtest) -> Table:
    """Return what each policy ran from each date on."""
    names = tuple(dict.fromkeys(name for replay in backtest.replays for name in replay.retuned))
    start = tuple(setting_text(backtest.production.get(name)) for name in names)
    rows = [("start", _NEVER, *start)]
    for replay in backtest.replays:
        for policy, config in ((_FOLLOWED, replay.followed), (_RETUNED, replay.retuned)):
            values = (setting_text(config[name]) if name in config else NOTHING for name in names)
            rows.append((date_text(replay.date), policy, *values))
    return Table(
        caption="The settings that each policy ran from each date on",
        head=("From", "Policy", *names),
        rows=tuple(rows),
        numeric=(False, False, *(True for _ in names)),
    )


def _how(backtest: Backtest) -> tuple[str, ...]:
    confidence = f"{backtest.policy.confidence * 100:.3g} %"
    margin = margin_text(backtest.policy.margin, backtest.unit)
    return (
        f"At each date, the whole audit was run on the rows of before that date, by a margin of {margin} at "
        f"{confidence} confidence. No training saw a row of its own date or later.",
        "Then the settings of each policy were fitted on those same rows, twice with different seeds, and "
        "scored on the rows of the period that followed. All policies retrain at every date; only their "
        "settings differ.",
        f"Intervals hold the true value with {confidence}. They allow for luck of the rows and of the "
        "trainings in these periods, and say nothing of what other times would have brought.",
    )


def _provenance(backtest: Backtest) -> tuple[Fact, ...]:
    start = ", ".join(f"{name} = {literal(value)}" for name, value in backtest.production.items())
    return (
        Fact(name="Command", value=backtest.command, code=True),
        Fact(name="Settings of the start", value=start, code=True),
        Fact(
            name="History",
            value=f"{backtest.rows:,} rows, {date_text(backtest.first)} to {date_text(backtest.last)}",
        ),
        Fact(name="Snapshot", value=backtest.snapshot_digest, code=True),
        Fact(name="Schedule", value=backtest.schedule_digest, code=True),
        Fact(name="Trainings", value=f"{backtest.trainings:,}"),
        Fact(name="Finished", value=moment_text(backtest.finished_at)),
    )
