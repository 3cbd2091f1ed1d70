"""Hindsight: at which dates the past is replayed, and what following the audits would have gained.

A backtest audits at regular dates, each time the rows of before that date, and scores what its advice was
worth on the rows of the next period, which no training of that date has seen. Three policies are carried
forward: never re-tuned (the settings of the start), following the audits, and re-tuned every time. All of
them retrain at every date, so that what is compared is the settings alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np

from auditor.core.boundaries import deviate_of
from auditor.core.records import Audit, Call, Config, Estimate, Fold, Replay, config_key
from auditor.core.variance import Replicate, difference, two_way
from auditor.core.wording import Ruler
from auditor.errors import DataError

FEWEST_PERIODS = 2
"""Fewer would be a single look at a single stretch of rows: that is `auditor run`."""

_FIRST_SHARE = 1 / 3
"""Share of the history before the first audit, where the schedule has no window."""

Losses = Mapping[Fold, Replicate]
"""A configuration's losses in the trainings of one period."""


def replay_dates(
    first: datetime,
    last: datetime,
    *,
    every: timedelta,
    window: timedelta | None = None,
    start: datetime | None = None,
) -> tuple[datetime, ...]:
    """Return the dates of the audits, oldest first; each has a whole period of later rows.

    Parameters
    ----------
    first, last
        Oldest and newest time in the history.
    window
        Span of the rows that an audit looks at; the first audit has a whole one. Without it, the first
        audit has a third of the history, and at least one period.
    start
        Date of the first audit; by default as early as there are rows enough, so that the last period ends
        with the history.

    Raises
    ------
    DataError
        If there is room for fewer than `FEWEST_PERIODS` periods.

    Examples
    --------
    >>> day = timedelta(days=1)
    >>> begin = datetime(2026, 1, 1)
    >>> dates = replay_dates(begin, begin + 100 * day, every=30 * day, window=40 * day)
    >>> [(date - begin).days for date in dates]
    [40, 70]
    """
    end = last + timedelta(microseconds=1)
    before = window or max(every, (last - first) * _FIRST_SHARE)
    if start is not None and not first < start <= last:
        raise DataError(
            f"--start must lie within the history, {first:%Y-%m-%d} to {last:%Y-%m-%d}, got {start:%Y-%m-%d}"
        )
    count = (end - (start or first + before)) // every
    if count < FEWEST_PERIODS:
        raise DataError(_too_short(first, last, every=every, before=window, start=start))
    begin = start or end - count * every
    return tuple(begin + number * every for number in range(count))


def _too_short(
    first: datetime, last: datetime, *, every: timedelta, before: timedelta | None, start: datetime | None
) -> str:
    if start is not None:
        what = f"{_days(last - start)} after --start, and {_days(FEWEST_PERIODS * every)} are needed"
    else:
        lead = every if before is None else before
        what = (
            f"{_days(last - first)}, and {_days(lead + FEWEST_PERIODS * every)} are needed: "
            f"{_days(lead)} for the first audit and {FEWEST_PERIODS} periods of {_days(every)} after it"
        )
    return f"too little history to replay: {what}; audit more often with --every, or bring older rows"


def _days(span: timedelta) -> str:
    count = span / timedelta(days=1)
    return f"{count:.0f} days" if count >= 2 else f"{span / timedelta(hours=1):.0f} hours"


# ---------------------------------------------------------------- policies


def advised(audit: Audit, running: Config) -> Config:
    """Return what whoever follows an audit runs from then on: its advice when stale, else no change."""
    if audit.call is not Call.STALE:
        return running
    moved = {
        found.name: found.recommended for found in audit.settings if found.recommended != found.production
    }
    return {**running, **moved}


def best_found(audit: Audit, running: Config) -> Config:
    """Return what whoever re-tunes every time runs from then on: the search's best, whatever the evidence.

    The audit's own production is a candidate like others: it stays where no challenger promised a gain.
    Without a search, what was running stays.
    """
    if audit.confirmation is None:
        return running
    promised = [
        (rival.search_gain, rival.config)
        for rival in audit.confirmation.finalists
        if rival.search_gain is not None
    ]
    gain, config = max(promised, key=lambda pair: pair[0], default=(0.0, audit.capture.config))
    return dict(config) if gain > 0.0 else audit.capture.config


def changed(before: Config, after: Config) -> tuple[str, ...]:
    """Return the settings in which two configurations differ."""
    names = dict.fromkeys((*before, *after))
    return tuple(
        name
        for name in names
        if config_key({name: before.get(name)}) != config_key({name: after.get(name)})
        or (name in before) != (name in after)
    )


# ---------------------------------------------------------------- gains


@dataclass(frozen=True, slots=True)
class Period:
    """The gain of one policy in one period: per paired training, a value per scored row."""

    gains: tuple[Replicate, ...]

    def interval(self, confidence: float) -> Estimate:
        """Return the mean gain, with luck of rows and of trainings; exactly 0 where nothing differs."""
        return two_way(self.gains).interval(deviate_of((1.0 - confidence) / 2.0))


def period_gain(never: Losses, policy: Losses) -> Period | None:
    """Return the gain of a policy over never re-tuning; None where fewer than two trainings survived."""
    gains = tuple(difference(never[fold], policy[fold]) for fold in never if fold in policy)
    return Period(gains) if len(gains) >= 2 else None


def total_gain(periods: Sequence[Period], *, confidence: float) -> Estimate | None:
    """Return the mean gain over all scored rows of all periods; None without any.

    Notes
    -----
    The gain of these very periods: each period's mean is weighted by its rows, and its variance is the
    two-way one, over its blocks of rows and its trainings. Periods share neither, so that variances add up;
    degrees of freedom by Satterthwaite. What another stretch of history would have given is not in it.
    """
    if not periods:
        return None
    found = [two_way(period.gains) for period in periods]
    rows = np.array([period.gains[0].values.size for period in periods], dtype=np.float64)
    weights = rows / rows.sum()
    parts = np.square(weights * [each.standard_error for each in found])
    variance = float(parts.sum())
    freedom = np.array([each.degrees_of_freedom for each in found])
    summary = replace(
        found[0],
        estimate=float(weights @ [each.estimate for each in found]),
        standard_error=variance**0.5,
        degrees_of_freedom=variance**2 / float(np.sum(parts**2 / freedom)) if variance > 0.0 else 1.0,
    )
    return summary.interval(deviate_of((1.0 - confidence) / 2.0))


def mean_loss(losses: Sequence[Losses]) -> float | None:
    """Return the mean over all rows of all periods; None without any."""
    values = [replicate.values for period in losses for replicate in period.values()]
    return float(np.mean(np.concatenate(values))) if values else None


# ---------------------------------------------------------------- words


def in_words(
    followed: Estimate | None,
    retuned: Estimate | None,
    *,
    replays: Sequence[Replay],
    every: str,
    ruler: Ruler,
) -> tuple[str, str]:
    """Return the headline and the sentence of a backtest.

    Parameters
    ----------
    every
        The interval of the audits, in words: ``30 days``.
    """
    stale = sum(replay.call is Call.STALE for replay in replays)
    times = f"{stale} of {len(replays)} audits" if stale else f"None of {len(replays)} audits"
    headline = f"{times} would have called the settings stale"
    if followed is None or retuned is None:
        return headline, "Too few periods could be scored to say what following the audits would have gained."
    first, second = (
        _worth(what, gain, ruler)
        for what, gain in (("Following the audits", followed), (f"re-tuning every {every}", retuned))
    )
    against = "on rows that came later, against never re-tuning; all of them retrain every time"
    return headline, f"{first}; {second}, {against}."


def _worth(what: str, gain: Estimate, ruler: Ruler) -> str:
    """Return what a policy would have done to the loss.

    Examples
    --------
    >>> ruler = Ruler(production_loss=0.5, unit="log-loss", confidence=0.95)
    >>> _worth("Following the audits", Estimate(0.01, 0.005, 0.015), ruler)
    'Following the audits would have lowered log-loss by 2.0 % (95 % interval 1.0 % to 3.0 %)'
    >>> _worth("Following the audits", Estimate(0.0, 0.0, 0.0), ruler)
    'Following the audits would have changed nothing'
    """
    if gain.estimate == gain.low == gain.high == 0.0:
        return f"{what} would have changed nothing"
    if gain.estimate < 0.0:
        loss = Estimate(-gain.estimate, -gain.high, -gain.low)
        return f"{what} would have raised {ruler.unit} by {ruler.interval(loss)}"
    return f"{what} would have lowered {ruler.unit} by {ruler.interval(gain)}"
