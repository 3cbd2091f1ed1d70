"""The records that pass between stages, and the document that an audit ends in.

Everything here is a frozen value: no clock, no disk, no vendor. ``Audit`` is what the
ledger keeps, what the JSON twin prints and what the page shows; the other records are
what one stage hands to the next.

Losses are the one currency: **lower is better**, everywhere. A metric of which more is
better (AUC, F1, accuracy) is turned into ``1 - metric`` once, where it is computed, so
that a gain is always ``loss(production) - loss(challenger)`` and positive when the
challenger is better.
"""

from auditor.core.records.audits import (
    SCHEMA_VERSION,
    Audit,
    AuditSummary,
    Carried,
    NextAudit,
    OpenAudit,
    Provenance,
    Repeated,
)
from auditor.core.records.backtests import Backtest, Replay
from auditor.core.records.captures import Capture, CapturedSetting, CodeVersion, Environment
from auditor.core.records.causes import Canary, CanaryCall, Cause, CauseCall, Change, Reference
from auditor.core.records.drift import ColumnDrift, ColumnKind, Drift, Overlay
from auditor.core.records.evidence import (
    Attribution,
    Call,
    Confirmation,
    DimensionRecord,
    Effect,
    Estimate,
    Finalist,
    Finding,
    Look,
    SearchRecord,
    SmallestChange,
    Spent,
    TrialRecord,
)
from auditor.core.records.notices import Message, News, Notice, Reason, Told
from auditor.core.records.plans import (
    ALARM,
    Budget,
    DataSpec,
    DimensionSpec,
    Margin,
    Plan,
    Policy,
    ProductionSpec,
    Repeat,
    ScaleName,
    TrainerFacts,
    TrainerSpec,
    When,
)
from auditor.core.records.rows import Column, Fold, Layout, Part, Snapshot
from auditor.core.records.trials import (
    CurvePoint,
    Failure,
    FailureKind,
    History,
    Job,
    Proposal,
    Result,
    Round,
    Trial,
)
from auditor.core.records.values import Config, FloatArray, IntArray, Value, config_key, digest_of

__all__ = [
    "ALARM",
    "SCHEMA_VERSION",
    "Attribution",
    "Audit",
    "AuditSummary",
    "Backtest",
    "Budget",
    "Call",
    "Canary",
    "CanaryCall",
    "Capture",
    "CapturedSetting",
    "Carried",
    "Cause",
    "CauseCall",
    "Change",
    "CodeVersion",
    "Column",
    "ColumnDrift",
    "ColumnKind",
    "Config",
    "Confirmation",
    "CurvePoint",
    "DataSpec",
    "DimensionRecord",
    "DimensionSpec",
    "Drift",
    "Effect",
    "Environment",
    "Estimate",
    "Failure",
    "FailureKind",
    "Finalist",
    "Finding",
    "FloatArray",
    "Fold",
    "History",
    "IntArray",
    "Job",
    "Layout",
    "Look",
    "Margin",
    "Message",
    "News",
    "NextAudit",
    "Notice",
    "OpenAudit",
    "Overlay",
    "Part",
    "Plan",
    "Policy",
    "ProductionSpec",
    "Proposal",
    "Provenance",
    "Reason",
    "Reference",
    "Repeat",
    "Repeated",
    "Replay",
    "Result",
    "Round",
    "ScaleName",
    "SearchRecord",
    "SmallestChange",
    "Snapshot",
    "Spent",
    "Told",
    "TrainerFacts",
    "TrainerSpec",
    "Trial",
    "TrialRecord",
    "Value",
    "When",
    "config_key",
    "digest_of",
]
