"""Hand-written records behind ``reports/gallery/``: a stale, a fresh, an undecided and a failed audit.

No model is trained and no library draws a number here, so that no upgrade moves a page; all
chance is ``_chance``, a hash of integers.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

from auditor.core.records import (
    Attribution,
    Audit,
    AuditSummary,
    Budget,
    Call,
    Capture,
    CapturedSetting,
    Change,
    CodeVersion,
    Column,
    Confirmation,
    CurvePoint,
    DimensionRecord,
    Effect,
    Environment,
    Estimate,
    Failure,
    FailureKind,
    Finalist,
    Finding,
    Look,
    Margin,
    NextAudit,
    Policy,
    Provenance,
    Round,
    ScaleName,
    SearchRecord,
    Snapshot,
    Spent,
    TrialRecord,
    Value,
    digest_of,
)
from auditor.reporting.past import with_audit
from auditor.reporting.render import render_audit, render_index

NIGHT = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)

EPOCHS = 27
"""Of a full training of the churn model."""


def _chance(*keys: int) -> float:
    """Return a number in [0, 1) that looks drawn and is the same everywhere."""
    mixed = 0x9E3779B97F4A7C15
    for key in keys:
        mixed = ((mixed ^ (key + 1)) * 0xBF58476D1CE4E5B9) % 2**64
        mixed ^= mixed >> 31
    return (mixed * 0x94D049BB133111EB % 2**64) / 2**64


def _dimension(
    name: str, scale: ScaleName, low: float, high: float, *, integer: bool = False
) -> DimensionRecord:
    return DimensionRecord(
        name=name, scale=scale, low=low, high=high, integer=integer, choices=None, defaulted=False
    )


def _choice(name: str, *choices: Value) -> DimensionRecord:
    return DimensionRecord(
        name=name,
        scale=ScaleName.CHOICE,
        low=None,
        high=None,
        integer=False,
        choices=choices,
        defaulted=False,
    )


CHURN_SPACE = (
    replace(
        _dimension("learning_rate", ScaleName.LOG, 1e-5, 0.1),
    ),
    _dimension("momentum", ScaleName.ONE_MINUS_LOG, 0.5, 0.999),
    replace(_dimension("dropout", ScaleName.LINEAR, 0.0, 0.6), defaulted=True),
    _dimension("hidden_units", ScaleName.LOG, 8, 512, integer=True),
    replace(
        _dimension("layers", ScaleName.LINEAR, 1, 6, integer=True),
        warning="six values on a linear scale; a wider range would want a log scale",
    ),
    _choice("activation", "relu", "gelu", "tanh"),
)

CHURN: Mapping[str, Value] = {
    "learning_rate": 0.0003,
    "momentum": 0.9,
    "dropout": 0.1,
    "hidden_units": 64,
    "layers": 3,
    "activation": "relu",
}

CHURN_CHALLENGER: Mapping[str, Value] = CHURN | {
    "learning_rate": 0.0016,
    "momentum": 0.97,
    "dropout": 0.14,
    "hidden_units": 96,
}

FLIGHTS_SPACE = (
    _dimension("learning_rate", ScaleName.LOG, 1e-3, 1.0),
    _dimension("max_leaf_nodes", ScaleName.LOG, 4, 256, integer=True),
    _dimension("min_samples_leaf", ScaleName.LOG, 5, 200, integer=True),
    _dimension("l2_regularization", ScaleName.LINEAR, 0.0, 5.0),
    _choice("max_features", 0.5, 0.75, 1.0),
)

FLIGHTS: Mapping[str, Value] = {
    "learning_rate": 0.1,
    "max_leaf_nodes": 31,
    "min_samples_leaf": 20,
    "l2_regularization": 1.0,
    "max_features": 1.0,
}

FLIGHTS_CHALLENGER: Mapping[str, Value] = FLIGHTS | {"learning_rate": 0.08, "min_samples_leaf": 34}

ENERGY_SPACE = (
    _dimension("alpha", ScaleName.LOG, 1e-4, 100.0),
    _dimension("l1_ratio", ScaleName.LINEAR, 0.0, 1.0),
    _choice("fit_intercept", True, False),
)

ENERGY: Mapping[str, Value] = {"alpha": 1.0, "l1_ratio": 0.5, "fit_intercept": True}

ENERGY_CHALLENGER: Mapping[str, Value] = ENERGY | {"alpha": 0.12, "l1_ratio": 0.2}


# ---------------------------------------------------------------- searches


def _unit(dimension: DimensionRecord, value: Value) -> float:
    """Return how far along its range a value lies, straight enough for a made-up loss."""
    if dimension.choices is not None:
        return dimension.choices.index(value) / max(1, len(dimension.choices) - 1)
    low, high, here = float(dimension.low or 0), float(dimension.high or 0), float(value or 0)
    if dimension.scale is ScaleName.LOG:
        return _ratio(low, here) / _ratio(low, high)
    if dimension.scale is ScaleName.ONE_MINUS_LOG:
        return _ratio(1 - high, 1 - here) / _ratio(1 - high, 1 - low)
    return (here - low) / (high - low)


@cache
def _ratio(low: float, high: float) -> float:
    """Return how many times ``low`` doubles up to ``high``, to a thousandth, by exact halving."""
    steps, here = 0, high
    while here > low:
        here, steps = here * 0.99, steps + 1
    return steps / 69


def _value(dimension: DimensionRecord, share: float) -> Value:
    if dimension.choices is not None:
        return dimension.choices[min(int(share * len(dimension.choices)), len(dimension.choices) - 1)]
    low, high = float(dimension.low or 0), float(dimension.high or 0)
    if dimension.scale is ScaleName.LOG:
        value = low * (high / low) ** share
    elif dimension.scale is ScaleName.ONE_MINUS_LOG:
        value = 1 - (1 - low) * ((1 - high) / (1 - low)) ** share
    else:
        value = low + share * (high - low)
    return round(value) if dimension.integer else float(f"{value:.3g}")


def _draw(space: Sequence[DimensionRecord], number: int) -> dict[str, Value]:
    return {one.name: _value(one, _chance(number, place)) for place, one in enumerate(space)}


def _draw_near(
    space: Sequence[DimensionRecord], center: Mapping[str, Value], number: int
) -> dict[str, Value]:
    drawn = {}
    for place, one in enumerate(space):
        share = _share(one, center[one.name]) + 0.28 * (_chance(number, place, 7) - 0.5)
        drawn[one.name] = _value(one, min(max(share, 0.0), 1.0))
    return drawn


def _share(dimension: DimensionRecord, value: Value) -> float:
    share = _unit(dimension, value)
    return 1 - share if dimension.scale is ScaleName.ONE_MINUS_LOG else share


def _loss(
    space: Sequence[DimensionRecord], config: Mapping[str, Value], best: Mapping[str, Value], *, floor: float
) -> float:
    weights = (1.6, 0.5, 0.16, 0.24, 0.1, 0.06)
    away = [(_share(one, config[one.name]) - _share(one, best[one.name])) ** 2 for one in space]
    return floor * (1 + sum(weight * square for weight, square in zip(weights, away, strict=False)))


Measure = Callable[[Mapping[str, Value], int], float]


def _curve(final: float, fidelity: float, number: int) -> tuple[CurvePoint, ...]:
    speed = 3 + 4 * _chance(number, 99)
    start = 0.62 + 0.12 * _chance(number, 98)
    points = []
    for step in range(1, round(EPOCHS * fidelity) + 1):
        left = (1 - step / EPOCHS) ** speed
        noise = 0.004 * (_chance(number, step) - 0.5)
        points.append(CurvePoint(step, round(final + (start - final) * left + noise, 5)))
    return tuple(points)


def _trial(
    number: int,
    round_: Round,
    config: Mapping[str, Value],
    measure: Measure,
    *,
    fidelity: float,
    curved: bool,
) -> TrialRecord:
    final = measure(config, number)
    curve = _curve(final, fidelity, number) if curved else ()
    return TrialRecord(
        id=number,
        round=round_,
        config=dict(config),
        fold="search 0.0" if round_ is not Round.RESPLIT else f"search {1 + number % 3}.0",
        fidelity=fidelity,
        seed=184,
        loss=curve[-1].loss if curve else round(final, 5),
        seconds=round(1.2 + 11 * fidelity * (0.8 + 0.5 * _chance(number, 5)), 2),
        curve=curve,
    )


def _searched(
    space: Sequence[DimensionRecord],
    production: Mapping[str, Value],
    challenger: Mapping[str, Value],
    *,
    floor: float,
    curved: bool,
    wide: int,
    near: int,
) -> tuple[TrialRecord, ...]:
    """Return a coarse round at a third of a training, its survivors in full, a fine round, and resplits."""

    def measure(config: Mapping[str, Value], number: int) -> float:
        return _loss(space, config, challenger, floor=floor) + 0.006 * floor * (_chance(number, 3) - 0.5)

    def run(round_: Round, config: Mapping[str, Value], fidelity: float = 1.0) -> None:
        trials.append(
            _trial(
                len(trials),
                round_,
                config,
                measure,
                fidelity=fidelity,
                curved=curved and round_ is not Round.RESPLIT,
            )
        )

    trials: list[TrialRecord] = []
    run(Round.PRODUCTION, production, 0.333)
    for number in range(wide):
        run(Round.COARSE, _draw(space, number), 0.333)
    run(Round.PRODUCTION, production)
    ranked = sorted(trials[1 : wide + 1], key=lambda one: one.loss or 0.0)
    for survivor in ranked[: wide // 2]:
        run(Round.COARSE, survivor.config)
    for number in range(near):
        run(Round.FINE, _draw_near(space, challenger, number))
    run(Round.FINE, challenger)
    for number in range(6):
        run(Round.RESPLIT, challenger if number % 2 else production)
    return tuple(trials)


def _failed(trial: TrialRecord, kind: FailureKind, message: str) -> TrialRecord:
    return replace(trial, loss=None, curve=trial.curve[:4], failure=Failure(kind, message))


# ---------------------------------------------------------------- evidence


def _look(number: int, replicates: int, gain: tuple[float, float, float], z: tuple[float, float]) -> Look:
    estimate = Estimate(*gain)
    return Look(
        number=number,
        replicates=replicates,
        gain=estimate,
        standard_error=round((estimate.high - estimate.low) / 5, 6),
        degrees_of_freedom=11.4 + 2 * number,
        z_stale=z[0],
        z_fresh=z[1],
        boundary_stale=(3.92, 3.2, 2.77, 2.26)[number - 1],
        boundary_fresh=(3.4, 2.78, 2.4, 1.96)[number - 1],
    )


def _capture(model: str, config: Mapping[str, Value], origin: str) -> Capture:
    return Capture(
        id=12,
        model=model,
        settings=tuple(
            CapturedSetting(name=name, raw=str(value), value=value, origin=origin)
            for name, value in config.items()
        ),
        environment=Environment(
            python="3.11.9",
            platform="Linux 6.8 x86_64",
            cpu="AMD EPYC 7B13",
            cores=8,
            memory_bytes=34_359_738_368,
            gpu=None,
            driver=None,
            blas="openblas 0.3.27",
            packages={"torch": "2.11.0", "scikit-learn": "1.8.0"},
        ),
        code=CodeVersion(trainer="shop.churn:build", digest=digest_of("then"), commit="4f2c91a"),
        captured_at=datetime(2026, 5, 20, 14, 3, tzinfo=UTC),
    )


def _snapshot(source: str, rows: int, days: int) -> Snapshot:
    return Snapshot(
        digest=digest_of(source),
        rows=rows,
        bytes=rows * 212,
        columns=tuple(Column(f"x{place}", "double") for place in range(23)),
        source=source,
        taken_at=NIGHT,
        first=NIGHT - timedelta(days=days, hours=5),
        last=NIGHT - timedelta(hours=7),
    )


def _provenance(name: str, text: str) -> Provenance:
    return Provenance(
        schedule=f"schedules/{name}.toml",
        schedule_digest=digest_of(text),
        schedule_text=text,
        snapshot_digest=digest_of(name),
        seed=184,
        versions={
            "auditor": "0.1.0",
            "python": "3.11.9",
            "numpy": "2.3.1",
            "scikit-learn": "1.9.1",
            "torch": "2.13.0",
        },
        command=f"auditor run {name} --seed 184",
    )


@cache
def stale() -> Audit:
    """Return an audit of a small network: two of six settings stale, one of them at the edge of its range."""
    trials = list(
        _searched(CHURN_SPACE, CHURN, CHURN_CHALLENGER, floor=0.3308, curved=True, wide=24, near=15)
    )
    hottest = sorted(trials[1:25], key=lambda one: -float(one.config["learning_rate"] or 0))[:2]
    for trial in hottest:
        trials[trial.id] = _failed(
            trial, FailureKind.DIVERGED, "the loss was not a finite number after epoch 4"
        )
    trials[45] = _failed(trials[45], FailureKind.TIMEOUT, "no result within 5 min")
    winner = Finalist(
        config=dict(CHURN_CHALLENGER),
        search_gain=0.0137,
        looks=(
            _look(1, 4, (0.0108, -0.0021, 0.0237), (2.71, -1.55)),
            _look(2, 6, (0.0094, 0.0009, 0.0179), (3.18, -2.01)),
            _look(3, 8, (0.0099, 0.0052, 0.0146), (4.36, -2.85)),
        ),
        excluded=False,
    )
    second = Finalist(
        config={**CHURN, "learning_rate": 0.0009, "dropout": 0.21},
        search_gain=0.0088,
        looks=(
            _look(1, 4, (0.0051, -0.0068, 0.017), (1.4, -0.46)),
            _look(2, 6, (0.0049, -0.0031, 0.0129), (1.9, -0.61)),
            _look(3, 8, (0.0046, -0.0013, 0.0105), (2.1, -0.6)),
        ),
        excluded=False,
    )
    effects = {
        "learning_rate": Estimate(0.0071, 0.0041, 0.0101),
        "momentum": Estimate(0.0043, 0.0016, 0.007),
        "hidden_units": Estimate(0.0006, -0.0014, 0.0026),
        "dropout": Estimate(-0.0002, -0.0017, 0.0013),
    }
    said = {
        "learning_rate": (Call.STALE, 0.0016, "carries 2.1 % of log-loss (98.8 % interval 1.2 % to 3.0 %)"),
        "momentum": (Call.STALE, 0.97, "carries 1.3 % of log-loss (98.8 % interval 0.5 % to 2.1 %)"),
        "dropout": (
            Call.FRESH,
            0.1,
            "its share, −0.1 % of log-loss (98.8 % interval −0.5 % to 0.4 %), is below the margin",
        ),
        "hidden_units": (
            Call.FRESH,
            64,
            "its share, 0.2 % of log-loss (98.8 % interval −0.4 % to 0.8 %), is below the margin",
        ),
        "layers": (Call.FRESH, 3, "the confirmed change leaves it as it is"),
        "activation": (Call.FRESH, "relu", "the confirmed change leaves it as it is"),
    }
    text = """\
model = "churn"

[production]
from = "json:serving/params.json#/model"

[data]
source = "data/churn.parquet"
target = "left"
time   = "day"
window = "90 days"

[policy]
metric = "log_loss"
margin = "1%"
"""
    return Audit(
        id=184,
        model="churn",
        call=Call.STALE,
        headline="2 of 6 settings have gone stale",
        sentence="Changing learning_rate and momentum lowers the loss by 2.9 "
        "% of log-loss (95 % interval 1.5 % to "
        "4.3 %), against production's values retrained on the same "
        "rows (48,210 rows, 2026-08-24 to 2026-11-21); "
        "the margin is 1 % of log-loss.",
        started_at=NIGHT,
        finished_at=NIGHT + timedelta(minutes=12, seconds=31),
        metric="log_loss",
        unit="log-loss",
        policy=Policy(metric="log_loss", margin=Margin(0.01, relative=True)),
        capture=_capture("churn", CHURN, "json:serving/params.json#/model"),
        snapshot=_snapshot("data/churn.parquet", 48_210, 89),
        search_rows=24_105,
        confirm_rows=24_105,
        gain=winner.looks[-1].gain,
        confidence=0.95,
        setting_confidence=0.9875,
        settings=tuple(
            Finding(
                name=name,
                production=CHURN[name],
                recommended=recommended,
                call=call,
                sentence=sentence,
                effect=effects.get(name),
                range=(0.0011, 0.0032) if name == "learning_rate" else None,
                at_edge="low" if name == "dropout" else None,
            )
            for name, (call, recommended, sentence) in said.items()
        ),
        groups=(),
        either_of=(),
        confirmation=Confirmation(
            call=Call.STALE,
            finalists=(winner, second),
            winner=0,
            reason="a gain above zero was confirmed at look 2 of 3, and it is worth the margin",
            margin=0.003412,
            production_loss=0.3412,
            p_value=0.0012,
        ),
        attribution=Attribution(
            method="shapley",
            effects=tuple(Effect(name=name, effect=effect) for name, effect in effects.items()),
        ),
        search=SearchRecord(
            strategy="caviar",
            reason="one full training takes 12 s, so 20 min on 2 workers afford "
            "coarse, fine and confirming rounds",
            space=CHURN_SPACE,
            rungs=(0.333, 1.0),
            screened=0.117,
            trials=tuple(trials),
        ),
        budget=Budget(strategy="auto", trials=60),
        spent=Spent(
            search_trials=len(trials),
            confirm_trials=24,
            attribute_trials=32,
            failed_trials=3,
            training_seconds=1389.0,
            wall_seconds=751.0,
        ),
        environment_changes=(
            Change("torch", "2.11.0", "2.13.0"),
            Change("CPU", "AMD EPYC 7B13", "AMD EPYC 9B14"),
        ),
        code_changes=(Change("git commit", "4f2c91a", "b07d5e3+"),),
        next_audit=NextAudit(due=NIGHT + timedelta(days=90), reason="the schedule says every 90 days"),
        provenance=_provenance("churn", text),
        notes=("Two rows with a missing target were left out.",),
    )


@cache
def fresh() -> Audit:
    """Return an audit of boosted trees, without learning curves, that found nothing worth the margin."""
    trials = _searched(
        FLIGHTS_SPACE, FLIGHTS, FLIGHTS_CHALLENGER, floor=0.4461, curved=False, wide=24, near=12
    )
    winner = Finalist(
        config=dict(FLIGHTS_CHALLENGER),
        search_gain=0.0024,
        looks=(
            _look(1, 4, (0.0009, -0.0031, 0.0049), (1.02, 3.1)),
            _look(2, 6, (0.0004, -0.0018, 0.0026), (0.61, 3.62)),
        ),
        excluded=True,
    )
    text = """\
model = "flight-delays"

[data]
source = "data/flights.parquet"
target = "late"
time = "date"
window = "90 days"
"""
    base = stale()
    return replace(
        base,
        id=183,
        model="flight-delays",
        call=Call.FRESH,
        headline="All 5 settings hold",
        sentence="No change that this search could find is worth the margin "
        "of 1 % of log-loss: the best challenger "
        "gains 0.09 % of log-loss (95 % interval −0.40 % to 0.58 %), "
        "against production's values retrained on the "
        "same rows (61,440 rows, 2026-08-24 to 2026-11-21).",
        started_at=NIGHT - timedelta(hours=3),
        finished_at=NIGHT - timedelta(hours=2, minutes=51),
        capture=_capture("flight-delays", FLIGHTS, "inline"),
        snapshot=_snapshot("data/flights.parquet", 61_440, 89),
        search_rows=30_720,
        confirm_rows=30_720,
        gain=winner.looks[-1].gain,
        setting_confidence=0.95,
        settings=tuple(
            Finding(
                name=name,
                production=value,
                recommended=value,
                call=Call.FRESH,
                sentence=f"{value} holds: no change within the search's reach is worth the margin",
            )
            for name, value in FLIGHTS.items()
        ),
        confirmation=Confirmation(
            call=Call.FRESH,
            finalists=(winner,),
            winner=0,
            reason="a gain of the margin was excluded for every finalist at look 2 of 3",
            margin=0.00448,
            production_loss=0.4482,
            p_value=0.52,
        ),
        attribution=None,
        search=SearchRecord(
            strategy="caviar",
            reason="one full training takes 9 s, so 20 min on 2 workers afford "
            "coarse, fine and confirming rounds",
            space=FLIGHTS_SPACE,
            rungs=(0.333, 1.0),
            screened=0.117,
            trials=trials,
        ),
        spent=Spent(
            search_trials=len(trials),
            confirm_trials=12,
            attribute_trials=0,
            failed_trials=0,
            training_seconds=812.0,
            wall_seconds=523.0,
        ),
        environment_changes=(),
        code_changes=(),
        next_audit=NextAudit(due=NIGHT + timedelta(days=90), reason="the schedule says every 90 days"),
        provenance=_provenance("flight-delays", text),
        notes=(),
    )


@cache
def undecided() -> Audit:
    """Return an audit of a regression on too few rows: the interval spans both zero and the margin."""
    trials = _searched(ENERGY_SPACE, ENERGY, ENERGY_CHALLENGER, floor=0.262, curved=False, wide=20, near=9)
    winner = Finalist(
        config=dict(ENERGY_CHALLENGER),
        search_gain=0.0192,
        looks=(
            _look(1, 4, (0.0121, -0.0142, 0.0384), (1.51, -0.71)),
            _look(2, 6, (0.0086, -0.0101, 0.0273), (1.44, -0.42)),
            _look(3, 8, (0.0079, -0.0076, 0.0234), (1.62, -0.4)),
            _look(4, 12, (0.0074, -0.0052, 0.02), (1.77, -0.36)),
        ),
        excluded=False,
    )
    text = """\
model = "energy-demand"

[data]
source = "data/energy.csv"
target = "load"
time = "hour"
rows = 2_400
"""
    reason = "twelve paired trainings narrow the interval no further; the confirming rows are too few"
    return replace(
        fresh(),
        id=182,
        model="energy-demand",
        call=Call.UNDECIDED,
        headline="Cannot tell: about 4,100 confirming rows would be needed",
        sentence="The best challenger gains 2.7 % of squared error (95 % interval −1.9 % to 7.4 %), against "
        "production's values retrained on the same rows (2,400 rows, "
        "2026-08-14 to 2026-11-21); the margin is 2 % of "
        "squared error. Twelve paired trainings narrow the interval "
        "no further; the confirming rows are too few.",
        started_at=NIGHT - timedelta(hours=6),
        finished_at=NIGHT - timedelta(hours=5, minutes=57),
        metric="squared_error",
        unit="squared error",
        policy=Policy(metric="squared_error", margin=Margin(0.02, relative=True)),
        capture=_capture("energy-demand", ENERGY, "joblib:serving/energy.joblib"),
        snapshot=_snapshot("data/energy.csv", 2_400, 99),
        search_rows=1_200,
        confirm_rows=1_200,
        gain=winner.looks[-1].gain,
        settings=tuple(
            Finding(
                name=name,
                production=value,
                recommended=value,
                call=Call.UNDECIDED,
                sentence="the evidence does not yet tell whether a change would be worth the margin",
                at_edge="low" if name == "l1_ratio" else None,
            )
            for name, value in ENERGY.items()
        ),
        confirmation=Confirmation(
            call=Call.UNDECIDED,
            finalists=(winner,),
            winner=0,
            reason=reason,
            margin=0.005428,
            production_loss=0.2714,
            p_value=0.11,
            more_rows=4_100,
        ),
        search=SearchRecord(
            strategy="caviar",
            reason="one full training takes 0.2 s, so the whole budget of trials is affordable",
            space=ENERGY_SPACE,
            rungs=(0.333, 1.0),
            screened=0.139,
            trials=trials,
        ),
        spent=Spent(
            search_trials=len(trials),
            confirm_trials=24,
            attribute_trials=0,
            failed_trials=0,
            training_seconds=41.0,
            wall_seconds=172.0,
        ),
        provenance=_provenance("energy-demand", text),
        notes=("Rows are scored in 12 blocks of time, so that neighbours do not count twice.",),
    )


@cache
def failed() -> Audit:
    """Return an audit that could not run: a declared column is gone."""
    error = (
        "the data lacks column 'chargeback': it has 'amount', 'charge_back', 'country' and 9 more; "
        "mend target under [data] in schedules/fraud.toml"
    )
    text = """\
model = "fraud"

[data]
source = "postgresql://warehouse/fraud"
query = "select * from charges"
target = "chargeback"
"""
    return replace(
        fresh(),
        id=181,
        model="fraud",
        unit="1 - AUC",
        metric="auc",
        call=None,
        headline=f"The audit failed: {error}",
        sentence="Nothing is said about the settings. Mend the cause and run the audit again.",
        started_at=NIGHT - timedelta(hours=9),
        finished_at=NIGHT - timedelta(hours=9) + timedelta(seconds=4),
        capture=_capture("fraud", FLIGHTS, "inline"),
        snapshot=None,
        search_rows=0,
        confirm_rows=0,
        gain=None,
        settings=(),
        confirmation=None,
        search=None,
        spent=Spent(
            search_trials=0,
            confirm_trials=0,
            attribute_trials=0,
            failed_trials=0,
            training_seconds=0.0,
            wall_seconds=3.8,
        ),
        next_audit=NextAudit(due=NIGHT + timedelta(days=21), reason="the schedule says every 30 days"),
        provenance=_provenance("fraud", text),
        notes=(),
        error=error,
    )


# ---------------------------------------------------------------- the past


_PORTFOLIO = {
    "churn": ("log-loss", 0.0034, "learning_rate"),
    "flight-delays": ("log-loss", 0.0045, "learning_rate"),
    "energy-demand": ("squared error", 0.0054, "alpha"),
    "fraud": ("1 - AUC", 0.004, "max_depth"),
    "recommendations": ("1 - AUC", 0.004, "learning_rate"),
    "pricing": ("absolute error", 0.4, "alpha"),
    "spam": ("log-loss", 0.002, "C"),
}
"""Of each model: unit, margin, the setting that goes stale."""


def _past(model: str, calls: str, gains: Sequence[float], *, first_id: int, every: int) -> list[AuditSummary]:
    """Return a model's audits, oldest first: one letter a call, ``x`` for a failed one."""
    unit, margin, names = _PORTFOLIO[model]
    summaries = []
    for place, (letter, gain) in enumerate(zip(calls, gains, strict=True)):
        call = {"s": Call.STALE, "f": Call.FRESH, "u": Call.UNDECIDED, "x": None}[letter]
        started = NIGHT - timedelta(days=every * (len(calls) - place), hours=place)
        half = margin * (0.6 + 0.3 * _chance(first_id, place))
        summaries.append(
            AuditSummary(
                id=first_id + 7 * place,
                model=model,
                state="done" if call else "failed",
                started_at=started,
                finished_at=started + timedelta(minutes=11),
                call=call,
                headline={
                    Call.STALE: f"{names} has gone stale",
                    Call.FRESH: "All settings hold",
                    Call.UNDECIDED: "Cannot tell: 14 more trainings would decide",
                    None: "The audit failed: the source did not answer",
                }[call],
                gain=Estimate(gain, gain - half, gain + half) if call else None,
                unit=unit,
                margin=margin if call else None,
                production_loss=100.0 * margin if call else None,
                stale_settings=(names,) if call is Call.STALE else (),
                next_due=started + timedelta(days=every),
            )
        )
    return summaries


@cache
def past() -> tuple[AuditSummary, ...]:
    """Return what the ledger knows of seven models before the four audits above, newest first."""
    models = [
        *_past("churn", "ffufs", (0.0002, 0.0006, 0.0031, 0.0011, 0.0072), first_id=12, every=90),
        *_past(
            "flight-delays",
            "fffuff",
            (0.0011, -0.0003, 0.0008, 0.0027, 0.0012, 0.0006),
            first_id=11,
            every=90,
        ),
        *_past("energy-demand", "fu", (0.0012, 0.0061), first_id=130, every=30),
        *_past("fraud", "ffsff", (0.0005, 0.0009, 0.0088, 0.0004, 0.0007), first_id=15, every=30),
        *_past("recommendations", "fssss", (0.001, 0.0062, 0.0081, 0.0104, 0.0131), first_id=16, every=60),
        *_past("pricing", "fff", (0.11, 0.04, 0.09), first_id=17, every=45),
        *_past("spam", "ffux", (0.0004, 0.0007, 0.0012, 0.0), first_id=18, every=20),
    ]
    late = [
        replace(one, next_due=NIGHT - timedelta(days=6)) if one.model == "pricing" else one for one in models
    ]
    return tuple(sorted(late, key=lambda one: one.started_at, reverse=True))


def pages() -> dict[str, str]:
    """Return the gallery: file names and their texts."""
    history = past()
    audits = {"stale": stale(), "fresh": fresh(), "undecided": undecided(), "failed": failed()}
    rendered = {f"{name}.html": render_audit(audit, history) for name, audit in audits.items()}
    everything = history
    for audit in audits.values():
        everything = with_audit(audit, everything)
    folders = {summary.model: summary.model for summary in everything}
    index = render_index(everything, as_of=NIGHT + timedelta(minutes=13), folders=folders, pages={})
    return {**rendered, "index.html": index}


def searched_again(audit: Audit, *, trials: int) -> Audit:
    """Return the churn audit with a search of at least so many trials, all with curves."""
    assert audit.search is not None
    near = trials // 4
    wide = 2 * (trials - near) // 3
    many = _searched(CHURN_SPACE, CHURN, CHURN_CHALLENGER, floor=0.3308, curved=True, wide=wide, near=near)
    return replace(audit, search=replace(audit.search, trials=many))
