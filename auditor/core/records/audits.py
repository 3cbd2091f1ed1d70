"""An audit as a whole: how it began, what it ended in, what it says of the next one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from auditor.core.records.applications import Held
from auditor.core.records.captures import Capture
from auditor.core.records.causes import Canary, Cause, Change
from auditor.core.records.drift import Drift
from auditor.core.records.evidence import (
    Attribution,
    Call,
    Confirmation,
    Estimate,
    Finding,
    SearchRecord,
    SmallestChange,
    Spent,
)
from auditor.core.records.orders import Occasion
from auditor.core.records.plans import Budget, Policy, Repeat, TrainerSpec
from auditor.core.records.rows import Layout, Snapshot
from auditor.core.records.turns import PandaRecord
from auditor.core.records.values import Config, Value

SCHEMA_VERSION = 1
"""Version of the JSON twin; raised when a field changes its meaning or goes away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NextAudit:
    """When to look again, and why.

    Attributes
    ----------
    hazard
        Chance per month that fresh settings go stale, as estimated from this model's audits; None unless
        the interval follows from it.
    times_stale, months
        What the estimate stands on: how often the settings went stale, in how many months of being watched.
    interval_days
        From this audit to the next.
    limit
        What kept the interval from being what the hazard asks for: ``shortest`` (a week), ``longest`` (a
        year) or ``labels`` (not enough new rows before), else None.
    """

    due: datetime | None
    reason: str
    hazard: float | None = None
    times_stale: int | None = None
    months: float | None = None
    interval_days: float | None = None
    limit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """A challenger that an earlier audit left undecided, and what has been added up on it since.

    Attributes
    ----------
    audits
        Later audits that tested it on rows no audit had looked at before.
    e_value
        Product of their evidence that it is better than production: 1 says nothing.
    shown
        Whether the product reached ``1 / (1 - confidence)``, which a challenger that is no better does
        with a chance of at most ``1 - confidence``, however many audits follow.
    """

    config: Config
    audits: int
    e_value: float
    shown: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeated:
    """What this audit adds to the model's earlier ones. Its own call is not touched by it.

    Attributes
    ----------
    policy
        How the audits are read together.
    number
        This audit's place among the finished audits of the model, counted from 1.
    to_the_end
        Whether confirming could stop early for *fresh* and for futility only: evidence for *stale* that stops
        at its first crossing is too weak to add up. The first audit of a model may stop for either.
    counted
        Whether this audit's evidence was added; if not, ``reason`` says why.
    new_rows
        Confirming rows that no earlier audit of this model had looked at; the evidence rests on them alone.
    p_value
        Of "no challenger is better", on the new rows, with an allowance for how many were tried; None when
        not counted.
    e_value
        The evidence it amounts to; 1 says nothing, 0 speaks for fresh.
    detector
        Evidence over all counted audits of these settings. None under ``alone`` and ``fleet``.
    alarm_at
        What the detector must reach.
    alarm
        Whether this model is to be re-tuned, by its policy: the promise of ``promise`` is about this.
    audits
        Audits counted since production's settings last changed, this one included.
    models
        Under ``fleet``, how many models' newest audits were weighed together; else 1.
    sentence
        The state of the evidence in words.
    promise
        What is promised about false alarms, in words.
    carried
        Challengers that earlier audits left undecided.
    """

    policy: Repeat
    number: int
    to_the_end: bool
    counted: bool
    reason: str
    new_rows: int
    p_value: float | None
    e_value: float
    detector: float | None
    alarm_at: float
    alarm: bool
    audits: int
    models: int = 1
    sentence: str = ""
    promise: str = ""
    carried: tuple[Carried, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """What it takes to get the same findings again.

    Attributes
    ----------
    layout, trainer
        How rows were set aside and what was trained: with them a later audit can run a stored training
        again. None in audits of before this was kept.
    """

    schedule: str
    schedule_digest: str
    schedule_text: str
    snapshot_digest: str
    seed: int
    versions: Mapping[str, str]
    command: str
    layout: Layout | None = None
    trainer: TrainerSpec | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """One audit, whole: what the ledger keeps, the twin prints and the page shows.

    Attributes
    ----------
    call, headline, sentence
        The verdict, in one word, in a heading, in one sentence.
    unit
        What a loss is measured in, for people: ``log-loss``, ``1 - AUC``.
    gain
        Of the confirmed challenger over production retrained on the same rows, in ``unit``; None when
        the audit failed.
    confidence
        Of the verdict; ``setting_confidence`` is per setting, after correction for how many were changed.
    repeated
        What it adds to the model's earlier audits; None when the audit failed.
    change
        The fewest settings to change; None unless stale, and when all of them have to be.
    cause
        Why it went stale; None unless stale.
    canary
        Whether code or environment changed what a stored training gives.
    retrain_gain
        What retraining alone would have given: loss of production's settings fitted on the reference rows
        minus their loss fitted on the fresh ones, both scored on the confirming rows; None without
        reference rows. It is no part of ``gain``, whose production is retrained.
    drift
        What moved in the data since production was tuned, or None when its rows are not known.
    occasion
        What the daemon ran it for, and the due slots it stands for; None when it was run by hand.
    held
        Whether what an earlier audit recommended, and production runs since, still pays; None where nothing
        was applied.
    error
        Why the audit failed, or None.
    panda
        The live model over its turns, when the strategy is ``panda``: then nothing was confirmed beside it,
        and ``gain`` is its lead over production.
    """

    id: int
    model: str
    call: Call | None
    headline: str
    sentence: str
    started_at: datetime
    finished_at: datetime
    metric: str
    unit: str
    policy: Policy
    capture: Capture
    snapshot: Snapshot | None
    search_rows: int
    confirm_rows: int
    gain: Estimate | None
    confidence: float
    setting_confidence: float
    settings: tuple[Finding, ...]
    groups: tuple[tuple[str, ...], ...]
    either_of: tuple[tuple[str, ...], ...]
    confirmation: Confirmation | None
    attribution: Attribution | None
    search: SearchRecord | None
    budget: Budget
    spent: Spent
    environment_changes: tuple[Change, ...]
    code_changes: tuple[Change, ...]
    next_audit: NextAudit
    provenance: Provenance
    notes: tuple[str, ...] = ()
    drift: Drift | None = None
    repeated: Repeated | None = None
    change: SmallestChange | None = None
    cause: Cause | None = None
    canary: Canary | None = None
    retrain_gain: Estimate | None = None
    occasion: Occasion | None = None
    held: Held | None = None
    error: str | None = None
    panda: PandaRecord | None = None
    schema_version: int = SCHEMA_VERSION

    @property
    def summary(self) -> "AuditSummary":
        """The audit in one line."""
        evidence = self.confirmation or self.panda
        return AuditSummary(
            id=self.id,
            model=self.model,
            state="failed" if self.error is not None else "done",
            started_at=self.started_at,
            finished_at=self.finished_at,
            call=self.call,
            headline=self.headline,
            gain=self.gain,
            unit=self.unit,
            margin=evidence.margin if evidence else None,
            production_loss=evidence.production_loss if evidence else None,
            stale_settings=tuple(found.name for found in self.settings if found.call is Call.STALE),
            settings=tuple(
                SettingLine(
                    name=found.name,
                    call=found.call,
                    production=found.production,
                    recommended=found.recommended,
                    effect=found.effect,
                )
                for found in self.settings
            ),
            next_due=self.next_audit.due,
            next_reason=self.next_audit.reason,
            capture=self.capture.id,
            seed=self.provenance.seed,
            snapshot=self.provenance.snapshot_digest,
            newest=self.snapshot.last if self.snapshot else None,
            repeat=self.repeated.policy if self.repeated else None,
            p_value=self.repeated.p_value if self.repeated else None,
            detector=self.repeated.detector if self.repeated else None,
            alarm=self.repeated.alarm if self.repeated else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingLine:
    """What an audit says of one setting, in one line: for listings over many audits."""

    name: str
    call: Call
    production: Value
    recommended: Value
    effect: Estimate | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditSummary:
    """An audit in one line, for listings.

    Attributes
    ----------
    state
        ``running`` (begun and not finished), ``done`` or ``failed``.
    settings
        What it says of each; empty for audits of before this was kept.
    capture, seed, snapshot, newest, plan_digest
        What it stands on: the number of its capture, its seed, the digest of its rows, the newest time
        among them, and the digest of what was asked, as in `OpenAudit`. The ledger knows that last one; the
        audit itself leaves it empty.
    repeat, p_value, detector, alarm
        As in its `Repeated`; None unless it is done.
    """

    id: int
    model: str
    state: str
    started_at: datetime
    finished_at: datetime | None
    call: Call | None
    headline: str
    gain: Estimate | None
    unit: str
    margin: float | None
    production_loss: float | None
    stale_settings: tuple[str, ...]
    next_due: datetime | None
    settings: tuple[SettingLine, ...] = ()
    next_reason: str = ""
    capture: int = 0
    seed: int = 0
    snapshot: str = ""
    newest: datetime | None = None
    plan_digest: str = ""
    repeat: Repeat | None = None
    p_value: float | None = None
    detector: float | None = None
    alarm: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAudit:
    """An audit that has begun: everything that must be the same when it is resumed."""

    id: int
    model: str
    plan_digest: str
    capture: Capture
    snapshot: Snapshot
    seed: int
    started_at: datetime
