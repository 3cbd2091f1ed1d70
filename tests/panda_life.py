"""A hand-written panda for the gallery: one live model over four weeks, a bad day, a stale learning rate.

No model is trained: losses are a bowl around the best values plus chance; what is nudged, kept
and said comes from the product's own functions.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

import numpy as np

from auditor.core.dimensions import Dimension
from auditor.core.records import (
    Audit,
    Config,
    DimensionRecord,
    Estimate,
    Kept,
    LeftOut,
    ScaleName,
    SearchRecord,
    Spent,
    Start,
    Turn,
    digest_of,
)
from auditor.core.scales import Log
from auditor.core.space import Space
from auditor.core.strategies.panda import Nudge, Panda, has_become_worse, setback_of
from auditor.core.trails import (
    Words,
    call_of,
    findings_of,
    headline_of,
    panda_record,
    production_loss_of,
    sentence_of,
)
from auditor.core.wording import Ruler
from tests.gallery import NIGHT, fresh

DAYS, BAD_DAY = 28, 17
PRODUCTION: Config = {"eta0": 0.01, "alpha": 1e-4, "momentum": 0.9, "hidden_layer_sizes": 64}
BEST = {"eta0": 0.06, "alpha": 1e-4}
SPACE = Space({"eta0": Dimension(1e-3, 1.0, Log()), "alpha": Dimension(1e-6, 1e-2, Log())})
LOSS, MARGIN = 0.4, 0.004

TEXT = """\
model = "clicks"

[production]
from = "json:serving/params.json#/model"

[data]
source = "s3://shop/clicks/latest.parquet"
target = "clicked"
time = "at"

[trainer]
estimator = "sklearn.neural_network:MLPClassifier"

[budget]
strategy = "panda"

[when]
every = "1 day"
"""


@cache
def panda() -> Audit:
    """Return the newest audit of a panda: turn 28, in which nothing special happened."""
    strategy = Panda(space=SPACE, production=PRODUCTION, names=tuple(SPACE.names))
    turns: list[Turn] = []
    for day in range(1, DAYS + 1):
        turns.append(_turn(strategy, turns, day))
    started = NIGHT - timedelta(days=DAYS)
    start = Start(
        audit_id=300,
        at=started,
        rows_fitted=48_210,
        loss=0.4021,
        iterations=12,
        checkpoint=digest_of("start"),
        seconds=181.0,
    )
    loss = production_loss_of(turns, strategy)
    words = Words(Ruler(production_loss=loss, unit="log-loss", confidence=0.95), "1 % of log-loss")
    record = panda_record(
        strategy,
        start,
        turns,
        live=turns[-1].config,
        left_out=(
            LeftOut("hidden_layer_sizes", "a checkpoint cannot carry another number of hidden units"),
            LeftOut("momentum", "it is not searched"),
        ),
        words=words,
    )
    base = fresh()
    return replace(
        base,
        id=300 + DAYS - 1,
        model="clicks",
        call=call_of(record),
        headline=headline_of(record),
        sentence=sentence_of(record, words),
        started_at=NIGHT,
        finished_at=NIGHT + timedelta(minutes=2),
        search_rows=4_120,
        confirm_rows=2_810,
        gain=record.lead,
        settings=findings_of(record),
        confirmation=None,
        attribution=None,
        search=SearchRecord(
            strategy="panda",
            reason=("the schedule asks for it: one live model, carried on turn by turn"),
            space=(
                DimensionRecord(
                    name="eta0",
                    scale=ScaleName.LOG,
                    low=1e-3,
                    high=1.0,
                    integer=False,
                    choices=None,
                    defaulted=False,
                ),
                DimensionRecord(
                    name="alpha",
                    scale=ScaleName.LOG,
                    low=1e-6,
                    high=1e-2,
                    integer=False,
                    choices=None,
                    defaulted=True,
                ),
            ),
            rungs=(1.0,),
            screened=0.0,
            trials=(),
        ),
        spent=Spent(
            search_trials=5,
            confirm_trials=0,
            attribute_trials=0,
            failed_trials=0,
            training_seconds=93.0,
            wall_seconds=61.0,
        ),
        provenance=replace(
            base.provenance,
            schedule="schedules/clicks.toml",
            schedule_digest=digest_of(TEXT),
            schedule_text=TEXT,
            snapshot_digest=digest_of("clicks"),
            command="auditor run clicks --seed 184",
        ),
        repeated=None,
        change=None,
        cause=None,
        canary=None,
        retrain_gain=None,
        drift=None,
        notes=(),
        panda=record,
    )


def _turn(strategy: Panda, turns: list[Turn], day: int) -> Turn:
    before = {turn.number: turn for turn in turns}
    parent = day - 1
    setback = None
    if day > 1:
        worse = MARGIN * (1.9 if day == BAD_DAY + 1 else 0.4 * (_chance(day, 1) - 0.6))
        setback = setback_of(worse, 0.0011)
        if has_become_worse(setback, MARGIN):
            parent = before[day - 1].parent
    live = before[parent].config if parent else PRODUCTION
    nudge = strategy.next_nudge(turns, live, np.random.default_rng([7, day]))
    assert nudge is not None
    changed = {**live, nudge.setting: nudge.tried}
    error = MARGIN * (0.45 + 0.2 * _chance(day, 2))
    gain = _excess(live) - _excess(changed) + error * 2.2 * (_chance(day, 3) - 0.5)
    kept = strategy.keeps(nudge, turns, gain, error, 2_810, margin=MARGIN)
    bad = 0.9 * MARGIN if day == BAD_DAY else 0.0
    loss = LOSS - 2.4 * MARGIN + _excess(live) + 0.8 * MARGIN * (_chance(day, 4) - 0.5) + bad
    lead = _excess(PRODUCTION) - _excess(live) + MARGIN * (_chance(day, 5) - 0.5)
    return _record(nudge, day, parent, kept, live, changed, (loss, gain, error, lead), setback)


def _record(
    nudge: Nudge,
    day: int,
    parent: int,
    kept: Kept,
    live: Config,
    changed: Config,
    told: tuple[float, float, float, float],
    setback: Estimate | None,
) -> Turn:
    loss, gain, error, lead = told
    at: datetime = NIGHT - timedelta(days=DAYS - day)
    apart = dict(live) != dict(PRODUCTION)
    return Turn(
        number=day,
        audit_id=300 + day - 1,
        at=at,
        parent=parent,
        rows_fitted=4_120,
        rows_scored=2_810,
        move=nudge.move,
        setting=nudge.setting,
        value=nudge.value,
        tried=nudge.tried,
        step=nudge.step,
        loss=loss,
        tried_loss=loss - gain,
        production_loss=loss + (lead if apart else 0.0),
        gain=gain,
        error=error,
        margin=MARGIN,
        kept=kept,
        config=changed if kept is Kept.NUDGED else live,
        checkpoint=digest_of(f"live {day}"),
        production_checkpoint=digest_of(f"production {day}"),
        seconds=46.0,
        first=at - timedelta(hours=30),
        last=at - timedelta(hours=6),
        setback=setback,
    )


def _chance(*keys: int) -> float:
    """Return a number in [0, 1) that looks drawn and is the same everywhere."""
    return int(digest_of(f"panda {keys}")[:12], 16) / 16**12


def _excess(config: Config) -> float:
    """Return how much worse a configuration is than the best, in loss."""
    far = SPACE.to_unit(config) - SPACE.to_unit({**PRODUCTION, **BEST})
    return float(MARGIN * (3.0 / 0.26**2) * np.sum(far**2))
