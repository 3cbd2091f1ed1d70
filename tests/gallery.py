"""Hand-written records behind ``reports/gallery/``: a stale, a fresh, an undecided and a failed audit.

No model is trained and no library draws a number here, so that no upgrade moves a page; all
chance is ``_chance``, a hash of integers. What the product says in words of its own (headlines, sentences,
reasons) comes from ``auditor.core``, so that the gallery says it as today's product does.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise

from auditor.core.cadence import Hazard
from auditor.core.drift import assumption
from auditor.core.drift import headline as drift_headline
from auditor.core.due import next_audit
from auditor.core.records import (
    Attribution,
    Audit,
    AuditSummary,
    Budget,
    Call,
    Canary,
    CanaryCall,
    Capture,
    CapturedSetting,
    Carried,
    Cause,
    CauseCall,
    Change,
    CodeVersion,
    Column,
    ColumnDrift,
    ColumnKind,
    Confirmation,
    CurvePoint,
    DimensionRecord,
    Drift,
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
    Occasion,
    Overlay,
    Policy,
    Provenance,
    Reference,
    Repeat,
    Repeated,
    Round,
    ScaleName,
    SearchRecord,
    SettingLine,
    SmallestChange,
    Snapshot,
    Spent,
    TrialRecord,
    Value,
    When,
    Why,
    digest_of,
)
from auditor.core.verdict import margin_in_words
from auditor.core.wording import Ruler, headline, sentence

NIGHT = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)

EPOCHS = 27
"""Of a full training of the churn model."""

KEPT_AS_IT_IS = "the confirmed change keeps it; no other value of it was confirmed by itself"


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
    replace(
        _dimension("momentum", ScaleName.ONE_MINUS_LOG, 0.5, 0.999),
        declared_low=0.5,
        declared_high=0.95,
        grown="the loss fell all the way to its high end, twice",
    ),
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
    began = [_as_declared(one) for one in space]
    for number in range(wide):
        run(Round.COARSE, _draw(began, number), 0.333)
    run(Round.PRODUCTION, production)
    ranked = sorted(trials[1 : wide + 1], key=lambda one: one.loss or 0.0)
    for survivor in ranked[: wide // 2]:
        run(Round.COARSE, survivor.config)
    for number in range(6 if began != list(space) else 0):
        run(Round.GROW, _draw([_strip(one) for one in space], number))
    for number in range(near):
        run(Round.FINE, _draw_near(space, challenger, number))
    run(Round.FINE, challenger)
    for number in range(6):
        run(Round.RESPLIT, challenger if number % 2 else production)
    return tuple(trials)


def _as_declared(dimension: DimensionRecord) -> DimensionRecord:
    """Return a setting with the range that its search began with."""
    if dimension.declared_low is None or dimension.declared_high is None:
        return dimension
    return _ranged(dimension, dimension.declared_low, dimension.declared_high)


def _strip(dimension: DimensionRecord) -> DimensionRecord:
    """Return a setting with only the part of its range by which it grew upwards, if it grew."""
    if dimension.declared_high is None:
        return dimension
    return _ranged(dimension, dimension.declared_high, dimension.high)


def _ranged(dimension: DimensionRecord, low: float, high: float | None) -> DimensionRecord:
    return replace(dimension, low=low, high=high, declared_low=None, declared_high=None, grown=None)


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
        snapshot=digest_of("then"),
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


# ---------------------------------------------------------------- what moved


def _bells(then: tuple[float, float], now: tuple[float, float], *, ends: tuple[float, float]) -> Overlay:
    """Return two bell-like distributions, each a middle and a width, over 24 bins between two ends."""
    low, high = ends
    edges = [round(low + (high - low) * place / 24, 6) for place in range(25)]
    middles = [(one + other) / 2 for one, other in pairwise(edges)]

    def shares(middle: float, width: float) -> tuple[float, ...]:
        heights = [1 / (1 + ((here - middle) / width) ** 2) ** 3 for here in middles]
        return tuple(round(height / sum(heights), 6) for height in heights)

    return Overlay(edges=tuple(edges), then=shares(*then), now=shares(*now))


def _column(
    name: str,
    distance: float,
    sentence: str,
    *,
    moved: bool = False,
    kind: ColumnKind = ColumnKind.NUMERIC,
    p_value: float = 1e-9,
    overlay: Overlay | None = None,
) -> ColumnDrift:
    return ColumnDrift(
        name=name,
        kind=kind,
        distance=distance,
        chance=0.0012,
        threshold=0.1,
        shift=round(distance / 2, 3),
        p_value=p_value,
        moved=moved,
        sentence=sentence,
        overlay=overlay or Overlay(),
    )


_PLANS = Overlay(
    categories=("basic", "plus", "student", "family"),
    then=(0.581, 0.302, 0.117, 0.0),
    now=(0.402, 0.31, 0.106, 0.182),
)

_MOVED = (
    _column(
        "sessions_per_week",
        0.6134,
        "above 9: 18 % then, 41 % now",
        moved=True,
        overlay=_bells((6.0, 3.2), (9.1, 3.9), ends=(0.0, 21.0)),
    ),
    replace(
        _column(
            "plan",
            0.4471,
            "family: 0 % then, 18 % now",
            moved=True,
            kind=ColumnKind.CATEGORICAL,
            overlay=_PLANS,
        ),
        new_categories=("family",),
        new_count=1,
        new_share=0.182,
    ),
    replace(
        _column(
            "days_since_login",
            0.2018,
            "above 12: 31 % then, 19 % now",
            moved=True,
            overlay=_bells((9.5, 7.0), (6.1, 5.6), ends=(0.0, 33.0)),
        ),
        missing_then=0.002,
        missing_now=0.031,
    ),
    _column(
        "signed_up",
        0.1562,
        "2026-03-02 or later: 22 % then, 37 % now",
        moved=True,
        kind=ColumnKind.MOMENT,
        overlay=_bells((1.7625e9, 9e6), (1.7685e9, 1.1e7), ends=(1.735e9, 1.795e9)),
    ),
)

_HELD = (
    _column("discount", 0.0413, "0.2 or more: 9.1 % then, 13 % now", p_value=3.1e-7),
    _column("support_calls", 0.0118, "2 or more: 7.2 % then, 8.4 % now", p_value=0.004),
    _column("age", 0.0031, "above 34: 52 % then, 54 % now", p_value=0.12),
    _column("country", 0.0022, "NL: 6.1 % then, 6.8 % now", p_value=0.31, kind=ColumnKind.CATEGORICAL),
    _column("tenure_days", 0.0016, "above 410: 49 % then, 50 % now", p_value=0.44),
    _column("device", 0.0009, "tablet: 3.9 % then, 3.6 % now", p_value=0.71, kind=ColumnKind.CATEGORICAL),
)


def _drift(moved: Sequence[ColumnDrift], held: Sequence[ColumnDrift], *, rows: tuple[int, int]) -> Drift:
    drift = Drift(
        reference=digest_of("then"),
        rows_then=rows[0],
        rows_now=rows[1],
        headline="",
        assumes=assumption(rows[0], ordered=True),
        columns=(*moved, *held),
        target=_column("left", 0.0087, "1: 21 % then, 24 % now", p_value=0.002, kind=ColumnKind.CATEGORICAL),
        first_then=NIGHT - timedelta(days=280),
        last_then=NIGHT - timedelta(days=188),
        first_now=NIGHT - timedelta(days=89, hours=5),
        last_now=NIGHT - timedelta(hours=7),
    )
    return replace(drift, headline=drift_headline(drift))


# ---------------------------------------------------------------- four audits


def _cause(ruler: Ruler) -> Cause:
    then, now = Estimate(0.0008, -0.0014, 0.003), Estimate(0.0092, 0.0049, 0.0135)
    difference = Estimate(0.0084, 0.0036, 0.0132)
    return Cause(
        call=CauseCall.DATA,
        sentence="The data moved. Fitted on 12,748 rows each, the same change gains "
        f"{ruler.interval(then)} on the older rows and {ruler.interval(now)} on the fresh ones: the "
        f"difference is {ruler.interval(difference)}.",
        reference=Reference(digest=digest_of("then"), rows=31_870, audit_id=None),
        gain_then=then,
        gain_now=now,
        difference=difference,
        gain_full=Estimate(0.0099, 0.0052, 0.0146),
        fitted_rows=12_748,
        fitted_rows_full=19_284,
    )


def _repeated(second: Finalist) -> Repeated:
    return Repeated(
        policy=Repeat.EVIDENCE,
        number=6,
        to_the_end=True,
        counted=True,
        reason="it brings 24,105 confirming rows that no earlier audit looked at",
        new_rows=24_105,
        p_value=0.0012,
        e_value=14.4,
        detector=163.0,
        alarm_at=100.0,
        alarm=True,
        audits=3,
        sentence="Alarm. Evidence over 3 audits of these settings: 163, alarm at 100. Evidence over 2 audits "
        "since on the challenger left undecided before: 6.4, and 20 would show that it is better.",
        promise="While no other settings are better, a false alarm comes on average no more often than once "
        "in 100 audits: at one every 79 days, once in 22 years, and within any one year with a chance of at "
        "most 4.6 in 100.",
        carried=(Carried(config=second.config, audits=2, e_value=6.4, shown=False),),
    )


@cache
def stale() -> Audit:
    """Return an audit of a small network: two of six settings stale, one of them at the edge of its range.

    Every conditional fact is in it: cause, canary, drift, retraining, ranges, growth, repeated audits.
    """
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
            _look(2, 6, (0.0094, 0.0004, 0.0184), (3.18, -2.01)),
            _look(3, 8, (0.0101, 0.0029, 0.0173), (3.9, -2.58)),
            _look(4, 12, (0.0099, 0.0052, 0.0146), (4.36, -2.85)),
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
            _look(4, 12, (0.0047, -0.0002, 0.0096), (2.2, -0.6)),
        ),
        excluded=False,
        carried=True,
    )
    ruler = Ruler(production_loss=0.3412, unit="log-loss", confidence=0.95)
    share = replace(ruler, confidence=0.9875)
    effects = {
        "learning_rate": Estimate(0.0058, 0.0032, 0.0084),
        "momentum": Estimate(0.0036, 0.0011, 0.0061),
        "hidden_units": Estimate(0.0007, -0.0013, 0.0027),
        "dropout": Estimate(-0.0002, -0.0017, 0.0013),
    }
    said: dict[str, tuple[Call, Value, str]] = {
        "learning_rate": (Call.STALE, 0.0016, f"carries {share.interval(effects['learning_rate'])}"),
        "momentum": (Call.STALE, 0.97, f"carries {share.interval(effects['momentum'])}"),
        "dropout": (
            Call.FRESH,
            0.1,
            f"its share, {share.interval(effects['dropout'])}, is below the margin",
        ),
        "hidden_units": (
            Call.FRESH,
            64,
            f"its share, {share.interval(effects['hidden_units'])}, is below the margin",
        ),
        "layers": (Call.FRESH, 3, KEPT_AS_IT_IS),
        "activation": (Call.FRESH, "relu", KEPT_AS_IT_IS),
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

[when]
every = "auto"
"""
    ranges = {
        "learning_rate": ((0.0011, 0.0024), (0.0009, 0.0032)),
        "momentum": ((0.952, 0.984), (0.961, 0.979)),
    }
    findings = tuple(
        Finding(
            name=name,
            production=CHURN[name],
            recommended=recommended,
            call=call,
            sentence=said_of,
            effect=effects.get(name),
            range=ranges[name][0] if name in ranges else None,
            safe_range=ranges[name][1] if name in ranges else None,
            at_edge={"dropout": "low", "learning_rate": "stability"}.get(name),
        )
        for name, (call, recommended, said_of) in said.items()
    )
    confirmation = Confirmation(
        call=Call.STALE,
        finalists=(winner, second),
        winner=0,
        reason="the evidence for a gain passed its boundary at look 4 of 4",
        margin=0.003412,
        production_loss=0.3412,
        p_value=0.0012,
    )
    change = SmallestChange(
        settings=("learning_rate", "momentum"), kept=Estimate(0.95, 0.91, 0.99), shown=True
    )
    snapshot = _snapshot("data/churn.parquet", 48_210, 89)
    policy = Policy(metric="log_loss", margin=Margin(0.01, relative=True))
    finished = NIGHT + timedelta(minutes=15, seconds=48)
    return Audit(
        id=184,
        model="churn",
        call=Call.STALE,
        headline=headline(confirmation, findings, rows=1_000),
        sentence=sentence(
            confirmation,
            findings,
            ruler=ruler,
            margin=margin_in_words(policy.margin, unit="log-loss"),
            snapshot=snapshot,
            kept=0.95,
            change=change,
        ),
        started_at=NIGHT,
        finished_at=finished,
        metric="log_loss",
        unit="log-loss",
        policy=policy,
        capture=_capture("churn", CHURN, "json:serving/params.json#/model"),
        snapshot=snapshot,
        search_rows=24_105,
        confirm_rows=24_105,
        gain=winner.looks[-1].gain,
        confidence=0.95,
        setting_confidence=0.9875,
        settings=findings,
        groups=(),
        either_of=(),
        confirmation=confirmation,
        attribution=Attribution(
            method="shapley",
            effects=tuple(Effect(name=name, effect=effect) for name, effect in effects.items()),
        ),
        search=SearchRecord(
            strategy="caviar",
            reason="one training of production takes 12 s, so 39 challengers side by side fit the budget of "
            "20 min",
            space=CHURN_SPACE,
            rungs=(0.333, 1.0),
            screened=0.117,
            trials=tuple(trials),
            transferred=3,
        ),
        budget=Budget(strategy="auto", trials=60),
        spent=Spent(
            search_trials=len(trials),
            confirm_trials=24,
            attribute_trials=32,
            failed_trials=3,
            training_seconds=1791.0,
            wall_seconds=948.0,
            scan_trials=26,
            explain_trials=14,
        ),
        environment_changes=(
            Change("torch", "2.11.0", "2.13.0"),
            Change("CPU", "AMD EPYC 7B13", "AMD EPYC 9B14"),
        ),
        code_changes=(Change("git commit", "4f2c91a", "b07d5e3+"),),
        next_audit=next_audit(When(auto=True), after=finished, hazard=Hazard(times=2, months=14.2)),
        provenance=_provenance("churn", text),
        notes=("Two rows with a missing target were left out.",),
        drift=_drift(_MOVED, _HELD, rows=(31_870, 48_210)),
        repeated=_repeated(second),
        change=change,
        cause=_cause(ruler),
        canary=Canary(
            call=CanaryCall.SAME,
            reason="The training of production that audit 33 stored, run again with its seed on its rows, "
            "gives a loss within the luck of 4 runs.",
            audit_id=33,
            expected=0.34093,
            found=0.34117,
            tolerance=0.0009,
            replays=4,
            deterministic=False,
        ),
        retrain_gain=Estimate(0.0041, 0.0022, 0.006),
        occasion=Occasion(
            why=Why.SLOT,
            said="due since 2026-11-22 06:00 UTC",
            due=NIGHT,
            missed=1,
            first_missed=NIGHT - timedelta(days=11),
        ),
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
    confirmation = Confirmation(
        call=Call.FRESH,
        finalists=(winner,),
        winner=0,
        reason="every challenger's gain is shown to be below the margin",
        margin=0.004482,
        production_loss=0.4482,
        p_value=0.52,
    )
    findings = tuple(
        Finding(
            name=name,
            production=value,
            recommended=value,
            call=Call.FRESH,
            sentence=f"holds at {value}: no change within the search's reach is worth the margin",
        )
        for name, value in FLIGHTS.items()
    )
    snapshot = _snapshot("data/flights.parquet", 61_440, 89)
    return replace(
        base,
        id=183,
        model="flight-delays",
        call=Call.FRESH,
        headline=headline(confirmation, findings, rows=1_000),
        sentence=sentence(
            confirmation,
            findings,
            ruler=Ruler(production_loss=0.4482, unit="log-loss", confidence=0.95),
            margin=margin_in_words(base.policy.margin, unit="log-loss"),
            snapshot=snapshot,
            kept=1.0,
        ),
        started_at=NIGHT - timedelta(hours=3),
        finished_at=NIGHT - timedelta(hours=2, minutes=51),
        capture=_capture("flight-delays", FLIGHTS, "inline"),
        snapshot=snapshot,
        search_rows=30_720,
        confirm_rows=30_720,
        gain=winner.looks[-1].gain,
        setting_confidence=0.95,
        settings=findings,
        confirmation=confirmation,
        attribution=None,
        search=SearchRecord(
            strategy="caviar",
            reason="one training of production takes 9 s, so 36 challengers side by side fit the budget of "
            "20 min",
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
        drift=_drift((), _HELD, rows=(58_902, 61_440)),
        repeated=Repeated(
            policy=Repeat.EVIDENCE,
            number=7,
            to_the_end=True,
            counted=True,
            reason="it brings 30,720 confirming rows that no earlier audit looked at",
            new_rows=30_720,
            p_value=0.52,
            e_value=0.7,
            detector=1.1,
            alarm_at=100.0,
            alarm=False,
            audits=7,
            sentence="Evidence over 7 audits of these settings: 1.1, alarm at 100.",
            promise="While no other settings are better, a false alarm comes on average no more often than "
            "once in 100 audits: at one every 90 days, once in 25 years, and within any one year with a "
            "chance of at most 4.1 in 100.",
        ),
        change=None,
        cause=None,
        canary=Canary(
            call=CanaryCall.SAME,
            reason="The training of production that audit 46 stored, run again with its seed on its rows, "
            "gives the same losses.",
            audit_id=46,
            expected=0.44871,
            found=0.44871,
            tolerance=0.0,
            replays=2,
            deterministic=True,
        ),
        retrain_gain=Estimate(0.0012, -0.0003, 0.0027),
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
    confirmation = Confirmation(
        call=Call.UNDECIDED,
        finalists=(winner,),
        winner=0,
        reason="the planned runs are used up and the interval still holds both 0 and the margin",
        margin=0.005428,
        production_loss=0.2714,
        p_value=0.11,
        more_rows=4_100,
    )
    findings = tuple(
        Finding(
            name=name,
            production=value,
            recommended=value,
            call=Call.UNDECIDED,
            sentence="the evidence does not yet tell whether a change would be worth the margin",
            at_edge="low" if name == "l1_ratio" else None,
        )
        for name, value in ENERGY.items()
    )
    policy = Policy(metric="squared_error", margin=Margin(0.02, relative=True))
    snapshot = _snapshot("data/energy.csv", 2_400, 99)
    return replace(
        fresh(),
        id=182,
        model="energy-demand",
        call=Call.UNDECIDED,
        headline=headline(confirmation, findings, rows=1_000),
        sentence=sentence(
            confirmation,
            findings,
            ruler=Ruler(production_loss=0.2714, unit="squared error", confidence=0.95),
            margin=margin_in_words(policy.margin, unit="squared error"),
            snapshot=snapshot,
            kept=1.0,
        ),
        started_at=NIGHT - timedelta(hours=6),
        finished_at=NIGHT - timedelta(hours=5, minutes=57),
        metric="squared_error",
        unit="squared error",
        policy=policy,
        capture=_capture("energy-demand", ENERGY, "joblib:serving/energy.joblib"),
        snapshot=snapshot,
        search_rows=1_200,
        confirm_rows=1_200,
        gain=winner.looks[-1].gain,
        settings=findings,
        confirmation=confirmation,
        search=SearchRecord(
            strategy="caviar",
            reason="one training of production takes 0.2 s, so 29 challengers side by side fit the budget of "
            "20 min",
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
        drift=None,
        repeated=None,
        canary=None,
        retrain_gain=None,
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
        drift=None,
        repeated=None,
        canary=None,
        retrain_gain=None,
        occasion=None,
        error=error,
    )


# ---------------------------------------------------------------- the past


_PORTFOLIO: Mapping[str, tuple[str, float, tuple[str, ...], Mapping[str, Value]]] = {
    "churn": ("log-loss", 0.0034, ("learning_rate", "momentum"), CHURN),
    "flight-delays": ("log-loss", 0.0045, ("learning_rate",), FLIGHTS),
    "energy-demand": ("squared error", 0.0054, ("alpha",), ENERGY),
    "fraud": ("1 - AUC", 0.004, ("max_depth",), {"max_depth": 6, "learning_rate": 0.3, "subsample": 0.8}),
    "recommendations": ("1 - AUC", 0.004, ("learning_rate",), {"learning_rate": 0.05, "dropout": 0.2}),
    "pricing": ("absolute error", 0.4, ("alpha",), {"alpha": 0.01}),
    "spam": ("log-loss", 0.002, ("C",), {"C": 1.0}),
}
"""Of each model: unit, margin, the settings that go stale, what production runs."""

_LONG_AGO = {"learning_rate": 0.001, "max_depth": 4}
"""What production ran of a setting until it first went stale and was changed."""


def _past(model: str, calls: str, gains: Sequence[float], *, first_id: int, every: int) -> list[AuditSummary]:
    """Return a model's audits, oldest first: one letter a call, ``x`` for a failed one."""
    unit, margin, names, production = _PORTFOLIO[model]
    changed_at = calls.find("sf") + 1
    summaries = []
    for place, (letter, gain) in enumerate(zip(calls, gains, strict=True)):
        call = {"s": Call.STALE, "f": Call.FRESH, "u": Call.UNDECIDED, "x": None}[letter]
        started = NIGHT - timedelta(days=every * (len(calls) - place), hours=place)
        half = margin * (0.6 + 0.3 * _chance(first_id, place))
        stale = names[: 1 + (place == len(calls) - 1)] if call is Call.STALE else ()
        ran = dict(production)
        ran |= {name: _LONG_AGO[name] for name in _LONG_AGO if name in ran and place < changed_at}
        summaries.append(
            AuditSummary(
                id=first_id + 7 * place,
                model=model,
                state="done" if call else "failed",
                started_at=started,
                finished_at=started + timedelta(minutes=11),
                call=call,
                headline={
                    Call.STALE: f"{' and '.join(stale)} {'have' if len(stale) > 1 else 'has'} gone stale",
                    Call.FRESH: "All settings hold",
                    Call.UNDECIDED: "Cannot tell: about 28 more trainings would decide",
                    None: "The audit failed: the source did not answer",
                }[call],
                gain=Estimate(gain, gain - half, gain + half) if call else None,
                unit=unit,
                margin=margin if call else None,
                production_loss=100.0 * margin if call else None,
                stale_settings=stale,
                settings=_lines(ran, stale, names, Estimate(gain, gain - half, gain + half), call),
                next_due=started + timedelta(days=every),
                next_reason=f"every {every} days, as the schedule says",
            )
        )
    return summaries


def _lines(
    ran: Mapping[str, Value], stale: Sequence[str], names: Sequence[str], gain: Estimate, call: Call | None
) -> tuple[SettingLine, ...]:
    """Return what an audit says of every setting: the first that goes stale carries most of the gain."""
    if call is None:
        return ()
    shares = dict(zip(names, (0.7, 0.3), strict=False))
    return tuple(
        SettingLine(
            name=name,
            call=Call.STALE
            if name in stale
            else (Call.UNDECIDED if call is Call.UNDECIDED and name in names else Call.FRESH),
            production=value,
            recommended=value,
            effect=Estimate(*(shares[name] * part for part in (gain.estimate, gain.low, gain.high)))
            if name in shares
            else None,
        )
        for name, value in ran.items()
    )


@cache
def past() -> tuple[AuditSummary, ...]:
    """Return what the ledger knows of seven models before the four audits above, newest first."""
    models = [
        *_past(
            "churn",
            "ffusfffus",
            (0.0009, 0.0012, 0.0028, 0.0065, 0.0002, 0.0004, 0.0006, 0.0031, 0.0072),
            first_id=12,
            every=90,
        ),
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


def back_from(audit: Audit) -> tuple[AuditSummary, ...]:
    """Return the audits of one audit's model, newest first, from that one on back."""
    mine = [one for one in past() if one.model == audit.model and one.started_at < audit.started_at]
    return (audit.summary, *mine)


def everything() -> tuple[AuditSummary, ...]:
    """Return the whole ledger, the four audits above included: by model, a model's newest first."""
    audits = [*past(), *(audit.summary for audit in (stale(), fresh(), undecided(), failed()))]
    return tuple(
        one
        for model in sorted({one.model for one in audits})
        for one in sorted(audits, key=lambda one: one.started_at, reverse=True)
        if one.model == model
    )


def searched_again(audit: Audit, *, trials: int) -> Audit:
    """Return the churn audit with a search of at least so many trials, all with curves."""
    assert audit.search is not None
    near = trials // 4
    wide = 2 * (trials - near) // 3
    many = _searched(CHURN_SPACE, CHURN, CHURN_CHALLENGER, floor=0.3308, curved=True, wide=wide, near=near)
    return replace(audit, search=replace(audit.search, trials=many))
