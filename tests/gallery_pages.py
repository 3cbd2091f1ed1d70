"""The pages of ``reports/gallery/``: one of each kind, from hand-written records."""

from datetime import datetime, timedelta

from auditor.core.records import Backtest, Call, Config, Estimate, Margin, Policy, Replay, digest_of
from auditor.reporting.render import render_audit, render_backtest, render_history, render_index
from tests.gallery import FLIGHTS, NIGHT, back_from, everything, failed, fresh, stale, undecided
from tests.panda_life import panda

_MONTH = timedelta(days=30)

_REPLAYED = (
    (Call.FRESH, 0.0, 0.0, -0.0012),
    (Call.FRESH, 0.0, 0.0, 0.0009),
    (Call.UNDECIDED, 0.0, 0.0, -0.0021),
    (Call.STALE, 0.0096, 0.0034, 0.0088),
    (Call.FRESH, 0.0104, 0.0036, 0.0061),
    (Call.FRESH, 0.0087, 0.0035, 0.0093),
    (Call.FRESH, 0.0111, 0.0041, 0.0058),
    (Call.STALE, 0.0163, 0.0044, 0.0149),
    (Call.FRESH, 0.0171, 0.0043, 0.0122),
    (Call.FRESH, 0.0158, 0.0046, 0.0166),
)
"""Of each audit of the past: its call, what following them had gained since (and half its interval), and what
re-tuning every time had."""


def backtest() -> Backtest:
    """Return ten months of flights, in which the settings went stale twice."""
    first = NIGHT - 11 * _MONTH
    return Backtest(
        model="flight-delays",
        schedule="schedules/flight-delays.toml",
        command="auditor backtest flight-delays --every '30 days'",
        metric="log_loss",
        unit="log-loss",
        policy=Policy(metric="log_loss", margin=Margin(0.01, relative=True)),
        every=_MONTH,
        first=first - 3 * _MONTH,
        last=NIGHT,
        rows=412_300,
        production=FLIGHTS,
        replays=tuple(_replay(place, first) for place in range(len(_REPLAYED))),
        never_loss=0.4512,
        followed_gain=Estimate(0.0089, 0.0071, 0.0107),
        retuned_gain=Estimate(0.0081, 0.0059, 0.0103),
        changes_followed=2,
        changes_retuned=10,
        trainings=904,
        headline="2 of 10 audits would have called the settings stale",
        sentence="Following the audits would have lowered log-loss by 2.0 % (1.6 % to 2.4 %) on the rows "
        "that came after each, with two changes; re-tuning every time by 1.8 % (1.3 % to 2.3 %), with ten.",
        finished_at=NIGHT + timedelta(hours=2),
        snapshot_digest=digest_of("flights"),
        schedule_digest=digest_of("schedule"),
        notes=("Labels that come late are not allowed for.",),
    )


def _replay(place: int, first: datetime) -> Replay:
    call, gain, half, retuned = _REPLAYED[place]
    date = first + place * _MONTH
    return Replay(
        date=date,
        until=date + _MONTH,
        call=call,
        headline={
            Call.STALE: "1 of 5 settings has gone stale",
            Call.FRESH: "All 5 settings hold",
            Call.UNDECIDED: "Cannot tell: about 31 more trainings would decide",
        }[call],
        stale_settings=("learning_rate",) if call is Call.STALE else (),
        changed=("learning_rate",) if call is Call.STALE else (),
        followed=_rate(0.1 if place < 3 else 0.06 if place < 7 else 0.035),
        retuned=_rate((0.11, 0.09, 0.14, 0.07, 0.05, 0.06, 0.045, 0.04, 0.03, 0.033)[place]),
        window_rows=36_000 + 412 * place,
        scored_rows=12_100 + 97 * place,
        never_loss=round(0.446 + 0.0011 * place, 4),
        followed_gain=Estimate(gain, gain - half, gain + half),
        retuned_gain=Estimate(retuned, retuned - 0.0044, retuned + 0.0044),
    )


def _rate(value: float) -> Config:
    return {**FLIGHTS, "learning_rate": value}


def pages() -> dict[str, str]:
    """Return the gallery: file names and their texts."""
    audits = {
        "stale": stale(),
        "fresh": fresh(),
        "undecided": undecided(),
        "failed": failed(),
        "panda": panda(),
    }
    rendered = {name: render_audit(audit, back_from(audit)) for name, audit in audits.items()}
    rendered["backtest"] = render_backtest(backtest(), listed=True)
    rendered["history"] = render_history(back_from(stale()), pages=())
    folders = {one.model: one.model for one in everything()}
    as_of = NIGHT + timedelta(minutes=13)
    listed = render_index(everything(), as_of=as_of, folders=folders, pages={})
    return {f"{name}.html": text for name, text in {**rendered, **listed}.items()}
