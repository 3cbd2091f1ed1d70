"""Hand-written records for tests: every field filled, with the values that are easiest to lose."""

import math
from datetime import UTC, datetime, timedelta

import numpy as np

from auditor.core.records import (
    Attribution,
    Audit,
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
    Config,
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
    Fold,
    Look,
    Margin,
    NextAudit,
    OpenAudit,
    Part,
    Policy,
    Proposal,
    Provenance,
    Reference,
    Repeat,
    Repeated,
    Result,
    Round,
    ScaleName,
    SearchRecord,
    Snapshot,
    Spent,
    Trial,
    TrialRecord,
)

NOON = datetime(2026, 3, 15, 12, 0, 0, 123456, tzinfo=UTC)

AWKWARD: Config = {
    "flag": True,
    "count": 1,
    "rate": 1.0,
    "tiny": 5e-324,
    "third": 1 / 3,
    "huge": 2**70,
    "text": "1.0",
    "nan": "nan",
    "none": None,
    "missing": -math.inf,
    "empty": "",
    "ünïcode \x00 '\"": "\ud800 \N{GRINNING FACE}",
}


def a_snapshot(digest: str = "d" * 64) -> Snapshot:
    return Snapshot(
        digest=digest,
        rows=1000,
        bytes=5_000_000_000,
        columns=(Column("age", "int64"), Column("city", "dictionary<values=string>")),
        source="rows.parquet",
        taken_at=NOON,
        first=NOON - timedelta(days=30),
        last=NOON - timedelta(microseconds=1),
    )


def a_capture(model: str = "churn", **changes: object) -> Capture:
    fields: dict[str, object] = {
        "model": model,
        "settings": tuple(
            CapturedSetting(name=name, raw=repr(value), value=value, origin="json:params.json#/model")
            for name, value in AWKWARD.items()
        ),
        "environment": Environment(
            python="3.11.9",
            platform="Linux",
            cpu="Xeon",
            cores=2,
            memory_bytes=2**37,
            gpu=None,
            driver=None,
            blas="openblas",
            packages={"scikit-learn": "1.9.1", "numpy": "2.0"},
        ),
        "code": CodeVersion(trainer="shop:train", digest="c" * 64, commit="abc123+"),
        "captured_at": NOON,
        "snapshot": "e" * 64,
    }
    return Capture(**{**fields, **changes})  # type: ignore[arg-type]  # keys are field names


def an_open_audit() -> OpenAudit:
    return OpenAudit(
        id=3,
        model="churn",
        plan_digest="p" * 64,
        capture=a_capture(id=7),
        snapshot=a_snapshot(),
        seed=2**62,
        started_at=NOON,
    )


def a_result(number: int, *, rows: int = 5, config: Config | None = None) -> Result:
    losses = np.random.default_rng(number).standard_normal(rows)
    proposal = Proposal(
        config={"rate": 0.1, "depth": number} if config is None else config,
        round=Round.FINE,
        fold=Fold(Part.CONFIRM, index=3, half=1),
        fidelity=1 / 3,
    )
    return Result(
        trial=Trial(id=number, proposal=proposal, seed=2**62 + number, horizon=100),
        loss=float(losses.mean()),
        losses=losses,
        seconds=1.25,
        iterations=33,
        curve=(CurvePoint(10, 0.5), CurvePoint(20, 0.1 + 0.2)),
    )


def a_failed_result(number: int) -> Result:
    proposal = Proposal(config=AWKWARD, round=Round.COARSE, fold=Fold(Part.SEARCH, index=0))
    return Result(
        trial=Trial(id=number, proposal=proposal, seed=0),
        seconds=0.5,
        failure=Failure(FailureKind.DIVERGED, "the loss was nan after 3 steps"),
    )


def an_audit(audit_id: int = 1, *, model: str = "churn", snapshot: Snapshot | None = None) -> Audit:
    snapshot = snapshot or a_snapshot()
    gain = Estimate(0.02, 0.1 + 0.2 - 0.3, 0.035)
    return Audit(
        id=audit_id,
        model=model,
        call=Call.STALE,
        headline="1 of 2 settings has gone stale",
        sentence="Change rate to 0.1: the loss falls by 0.02 log-loss (0.01 to 0.035).",
        started_at=NOON,
        finished_at=NOON + timedelta(minutes=20, microseconds=7),
        metric="log_loss",
        unit="log-loss",
        policy=Policy(metric="log_loss", margin=Margin(0.01, relative=True)),
        capture=a_capture(model, id=7),
        snapshot=snapshot,
        search_rows=500,
        confirm_rows=500,
        gain=gain,
        confidence=0.95,
        setting_confidence=0.975,
        settings=(
            Finding(
                name="rate",
                production=1.0,
                recommended=1,
                call=Call.STALE,
                sentence="stale",
                effect=gain,
                range=(0.05, math.inf),
                at_edge="high",
            ),
            Finding(name="flag", production=True, recommended=True, call=Call.FRESH, sentence="holds"),
        ),
        groups=(("rate", "flag"),),
        either_of=(("a", "b"), ("c",)),
        confirmation=a_confirmation(gain),
        attribution=Attribution(
            method="shapley",
            effects=(Effect(name="rate", effect=gain),),
            groups=(("rate", "flag"),),
            either_of=(("a", "b"),),
        ),
        search=_search(),
        budget=Budget(time=timedelta(hours=1, microseconds=3)),
        spent=Spent(
            search_trials=1,
            confirm_trials=2,
            attribute_trials=3,
            failed_trials=1,
            training_seconds=12.5,
            wall_seconds=None,
        ),
        environment_changes=(Change("numpy", "1.26", "2.0"),),
        code_changes=(),
        next_audit=NextAudit(
            due=NOON + timedelta(days=14),
            reason="every 14 days",
            hazard=0.2,
            times_stale=2,
            months=9.5,
            interval_days=14.0,
            limit="labels",
        ),
        provenance=Provenance(
            schedule="churn",
            schedule_digest="a" * 64,
            schedule_text='model = "churn"\n',
            snapshot_digest=snapshot.digest,
            seed=42,
            versions={"auditor": "0.1.0"},
            command="auditor audit churn --seed 42",
        ),
        notes=("one note",),
        cause=Cause(
            call=CauseCall.SIZE,
            sentence="There is more data.",
            certain=False,
            reference=Reference(digest="e" * 64, rows=500, audit_id=None, first_row=100),
            gain_then=Estimate(-0.01, -math.inf, 0.1 + 0.2),
            gain_now=gain,
            difference=gain,
            gain_full=gain,
            fitted_rows=300,
            fitted_rows_full=600,
            next_step="more rows",
        ),
        canary=Canary(
            call=CanaryCall.CHANGED,
            reason="The training of production gives other losses.",
            audit_id=1,
            expected=1 / 3,
            found=0.1 + 0.2,
            tolerance=1e-6,
            replays=8,
            deterministic=False,
        ),
        retrain_gain=Estimate(0.01, 0.0, math.inf),
        repeated=Repeated(
            policy=Repeat.EVIDENCE,
            number=5,
            to_the_end=True,
            counted=True,
            reason="it brings 500 confirming rows that no earlier audit looked at",
            new_rows=500,
            p_value=1e-9,
            e_value=math.exp(10.0),
            detector=1 / 3,
            alarm_at=100.0,
            alarm=False,
            audits=4,
            sentence="Evidence over 4 audits of these settings: 0.3, alarm at 100.",
            promise="a false alarm comes once in 100 audits",
            carried=(Carried(config=AWKWARD, audits=2, e_value=5e-324, shown=False),),
        ),
    )


def a_confirmation(gain: Estimate, **changes: object) -> Confirmation:
    look = Look(
        number=1,
        replicates=4,
        gain=gain,
        standard_error=0.0,
        degrees_of_freedom=3.2,
        z_stale=math.inf,
        z_fresh=-math.inf,
        boundary_stale=2.1,
        boundary_fresh=2.0,
    )
    fields: dict[str, object] = {
        "call": Call.STALE,
        "finalists": (Finalist(config=AWKWARD, search_gain=None, looks=(look,), excluded=False),),
        "winner": 0,
        "reason": "the whole interval lies above 0",
        "margin": 0.01,
        "production_loss": 0.4,
        "p_value": 1e-300,
    }
    return Confirmation(**{**fields, **changes})  # type: ignore[arg-type]  # keys are field names


def _search() -> SearchRecord:
    dimension = DimensionRecord(
        name="rate",
        scale=ScaleName.LOG,
        low=1e-5,
        high=1.0,
        integer=False,
        choices=(True, 1, 1.0, "1", None),
        defaulted=True,
    )
    trial = TrialRecord(
        id=0,
        round=Round.COARSE,
        config=AWKWARD,
        fold="search 0",
        fidelity=0.5,
        seed=3,
        loss=None,
        seconds=0.1,
        failure=Failure(FailureKind.TIMEOUT, "took more than 300 s"),
        curve=(CurvePoint(1, 0.7),),
    )
    return SearchRecord(
        strategy="caviar",
        reason="trials are short",
        space=(dimension,),
        rungs=(1 / 3, 1.0),
        screened=0.9,
        trials=(trial,),
    )
