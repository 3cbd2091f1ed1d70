"""Verdict: all evidence in, the audit's document out. Decides nothing that core has not decided."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from auditor.core.changes import code_changes, environment_changes
from auditor.core.due import next_audit
from auditor.core.metrics import metric_named
from auditor.core.ranges import FlatRange
from auditor.core.records import (
    Audit,
    Canary,
    Cause,
    CodeVersion,
    Confirmation,
    Drift,
    Environment,
    Estimate,
    Finding,
    Held,
    History,
    Layout,
    Occasion,
    OpenAudit,
    PandaRecord,
    Plan,
    Provenance,
    Result,
    Round,
    SearchRecord,
    Spent,
    TrialRecord,
)
from auditor.core.trails import Words, call_of, findings_of, headline_of, sentence_of
from auditor.core.verdict import Blame, judge_settings, margin_in_words
from auditor.core.wording import Ruler, headline, sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What surrounds the evidence: who asked, of what, and when it ended.

    Attributes
    ----------
    environment, code
        As they are now; the capture holds what they were.
    finished_at
        Aware.
    wall_seconds
        None when the audit was interrupted and resumed.
    occasion
        What the daemon ran it for; None when it was run by hand.
    """

    plan: Plan
    opened: OpenAudit
    command: str
    environment: Environment
    code: CodeVersion
    finished_at: datetime
    wall_seconds: float | None
    occasion: Occasion | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the stages found.

    Attributes
    ----------
    blame
        None unless the confirmation called stale.
    edges
        Settings whose optimum leans on an end of the searched box, as ``Finding.at_edge`` says it.
    ranges
        How far settings may be moved, where that was scanned.
    drift
        What moved in the data. It is shown beside the verdict and decides nothing.
    cause
        Why it went stale; None unless it did.
    retrain_gain
        What retraining alone would have given; None where nothing older is on record.
    held
        Whether what was applied still pays; None where nothing was.
    """

    search: SearchRecord
    confirmation: Confirmation
    blame: Blame | None
    edges: Mapping[str, str]
    ranges: Mapping[str, FlatRange] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    drift: Drift | None = None
    layout: Layout | None = None
    canary: Canary | None = None
    cause: Cause | None = None
    retrain_gain: Estimate | None = None
    held: Held | None = None


def conclude(
    evidence: Evidence, around: Circumstances, history: History, *, search_rows: int, confirm_rows: int
) -> Audit:
    """Return a finished audit as its document."""
    confirmation, policy = evidence.confirmation, around.plan.policy
    unit = metric_named(policy.metric).unit
    gain = confirmation.finalists[confirmation.winner].looks[-1].gain
    effects = evidence.blame.attribution.effects if evidence.blame else ()
    per_setting = 1.0 - (1.0 - policy.confidence) / max(1, len(effects))
    ruler = Ruler(production_loss=confirmation.production_loss, unit=unit, confidence=policy.confidence)
    findings = judge_settings(
        [dimension.name for dimension in evidence.search.space],
        production=around.opened.capture.config,
        confirmation=confirmation,
        blame=evidence.blame,
        edges=evidence.edges,
        ruler=replace(ruler, confidence=per_setting),
    )
    said = sentence(
        confirmation,
        findings,
        ruler=ruler,
        margin=margin_in_words(policy.margin, unit=unit),
        snapshot=around.opened.snapshot,
        kept=evidence.blame.kept if evidence.blame else 1.0,
        change=evidence.blame.change if evidence.blame else None,
    )
    blank = _blank(around, history)
    return replace(
        blank,
        call=confirmation.call,
        headline=headline(confirmation, findings, rows=around.opened.snapshot.rows),
        sentence=said,
        search_rows=search_rows,
        confirm_rows=confirm_rows,
        gain=gain,
        setting_confidence=per_setting,
        settings=tuple(_ranged(finding, evidence.ranges) for finding in findings),
        groups=evidence.blame.attribution.groups if evidence.blame else (),
        either_of=evidence.blame.attribution.either_of if evidence.blame else (),
        confirmation=confirmation,
        attribution=evidence.blame.attribution if evidence.blame else None,
        search=evidence.search,
        notes=evidence.notes,
        change=evidence.blame.change if evidence.blame else None,
        drift=evidence.drift,
        canary=evidence.canary,
        cause=evidence.cause,
        retrain_gain=evidence.retrain_gain,
        held=evidence.held,
        provenance=replace(blank.provenance, layout=evidence.layout, trainer=around.plan.trainer),
    )


def conclude_turns(
    panda: PandaRecord,
    search: SearchRecord,
    around: Circumstances,
    history: History,
    *,
    words: Words,
    layout: Layout,
    drift: Drift | None,
    notes: tuple[str, ...],
) -> Audit:
    """Return the document of an audit that carried a live model on."""
    own = [turn for turn in panda.turns if turn.audit_id == around.opened.id]
    blank = _blank(around, history)
    return replace(
        blank,
        call=call_of(panda),
        headline=headline_of(panda),
        sentence=sentence_of(panda, words),
        search_rows=sum(turn.rows_fitted for turn in own),
        confirm_rows=sum(turn.rows_scored for turn in own),
        gain=panda.lead,
        settings=findings_of(panda),
        search=search,
        notes=notes,
        drift=drift,
        provenance=replace(blank.provenance, layout=layout, trainer=around.plan.trainer),
        panda=panda,
    )


def _ranged(finding: Finding, ranges: Mapping[str, FlatRange]) -> Finding:
    """Return a finding with the range that was scanned for it, if one was."""
    found = ranges.get(finding.name)
    return finding if found is None else replace(finding, range=found.plausible, safe_range=found.safe)


def failed(error: str, around: Circumstances, history: History) -> Audit:
    """Return the document of an audit that could not be carried out."""
    return replace(
        _blank(around, history),
        headline=f"The audit failed: {error.splitlines()[0]}",
        sentence="Nothing is said about the settings. Mend the cause and run the audit again.",
        error=error,
    )


def recorded(result: Result) -> TrialRecord:
    """Return a result as the document keeps it."""
    proposal = result.trial.proposal
    return TrialRecord(
        id=result.trial.id,
        round=proposal.round,
        config=proposal.config,
        fold=f"{proposal.fold.part} {proposal.fold.index}.{proposal.fold.half}",
        fidelity=proposal.fidelity,
        seed=result.trial.seed,
        loss=result.loss,
        seconds=result.seconds,
        failure=result.failure,
        curve=result.curve,
    )


def _blank(around: Circumstances, history: History) -> Audit:
    plan, opened = around.plan, around.opened
    return Audit(
        id=opened.id,
        model=plan.model,
        call=None,
        headline="",
        sentence="",
        started_at=opened.started_at,
        finished_at=around.finished_at,
        metric=plan.policy.metric,
        unit=metric_named(plan.policy.metric).unit,
        policy=plan.policy,
        capture=opened.capture,
        snapshot=opened.snapshot,
        search_rows=0,
        confirm_rows=0,
        gain=None,
        confidence=plan.policy.confidence,
        setting_confidence=plan.policy.confidence,
        settings=(),
        groups=(),
        either_of=(),
        confirmation=None,
        attribution=None,
        search=None,
        budget=plan.budget,
        spent=_spent(history, wall_seconds=around.wall_seconds),
        environment_changes=environment_changes(opened.capture.environment, around.environment),
        code_changes=code_changes(opened.capture.code, around.code),
        next_audit=next_audit(plan.when, after=around.finished_at),
        provenance=_provenance(around),
        occasion=around.occasion,
    )


def _spent(history: History, *, wall_seconds: float | None) -> Spent:
    rounds = [result.trial.proposal.round for result in history]
    confirming = rounds.count(Round.CONFIRM)
    attributing = rounds.count(Round.ATTRIBUTE)
    scanning = rounds.count(Round.SCAN)
    explaining = rounds.count(Round.EXPLAIN) + rounds.count(Round.CANARY)
    return Spent(
        search_trials=len(rounds) - confirming - attributing - explaining - scanning,
        confirm_trials=confirming,
        attribute_trials=attributing,
        failed_trials=sum(result.failure is not None for result in history),
        training_seconds=sum(result.seconds for result in history),
        wall_seconds=wall_seconds,
        explain_trials=explaining,
        scan_trials=scanning,
    )


def _provenance(around: Circumstances) -> Provenance:
    plan, opened = around.plan, around.opened
    return Provenance(
        schedule=plan.path,
        schedule_digest=plan.digest,
        schedule_text=plan.text,
        snapshot_digest=opened.snapshot.digest,
        seed=opened.seed,
        versions={"python": around.environment.python, **around.environment.packages},
        command=f"{around.command} --seed {opened.seed}",
    )
