"""Canary: run a stored training of production again, to tell whether code or environment changed it.

After the search, so that production's own training is the first of every audit. The first audit on
a capture keeps that training for later ones, run again until it is known how far luck moves it.
"""

from collections.abc import Sequence
from dataclasses import replace

from auditor.core.canary import compare, registered, replays_in_doubt, replays_missing, unknown
from auditor.core.records import Canary, Fold, OpenAudit, Part, Proposal, Result, Round, Trial
from auditor.errors import SnapshotError
from auditor.ports import Tools
from auditor.runner import Ground, Runner

_STAGE = "canary"


def canary(opened: OpenAudit, *, runner: Runner) -> Canary:
    """Run production's training of the earliest audit on this capture again, and compare.

    The search must have begun. What was run before an interruption is not run again.
    """
    earliest = _earliest(opened, runner.tools)
    if earliest is None:
        return registered(_register(runner))
    return _compared(earliest, runner)


def _earliest(opened: OpenAudit, tools: Tools) -> int | None:
    """Return the first finished audit that stands on the same capture, or None."""
    numbers = (
        summary.id
        for summary in tools.ledger.summaries(opened.model)
        if summary.state == "done" and summary.capture == opened.capture.id and summary.id != opened.id
    )
    return min(numbers, default=None)


def _register(runner: Runner) -> Sequence[Result]:
    while missing := replays_missing(kept := _runs(runner.history)):
        _repeat(kept[0].trial, times=missing, runner=runner)
    return kept


def _compared(audit_id: int, runner: Runner) -> Canary:
    tools = runner.tools
    audit, stored = tools.ledger.audit(audit_id), _runs(tools.ledger.history(audit_id))
    layout = None if audit is None else audit.provenance.layout
    if audit is None or layout is None or not stored:
        reason = f"Audit {audit_id} kept no training of production that could be run again."
        return unknown(reason, audit_id=audit_id)
    first = stored[0].trial
    runner.grounds[Part.CANARY] = Ground(layout=layout, trainer=audit.provenance.trainer, metric=audit.metric)
    if not _replays(runner.history):
        try:
            tools.vault.verify(layout.digest)
        except SnapshotError as error:
            return unknown(f"The rows of audit {audit_id} cannot be read: {error}.", audit_id=audit_id)
        _repeat(first, times=1, runner=runner)
    while missing := replays_in_doubt(stored, _replays(runner.history)):
        _repeat(first, times=missing, runner=runner)
    return compare(stored, _replays(runner.history), audit_id=audit_id)


def _repeat(first: Trial, *, times: int, runner: Runner) -> None:
    """Run a training again, with its seed."""
    so_far = len(_replays(runner.history))
    proposals: list[Proposal] = [
        replace(first.proposal, round=Round.CANARY, fold=Fold(Part.CANARY, so_far + more))
        for more in range(times)
    ]
    runner.run(proposals, seeds=[first.seed] * times, stage=_STAGE)


def _runs(history: Sequence[Result]) -> list[Result]:
    """Return production's first full training in an audit's search, and its replays."""
    first = next((result for result in history if _is_production(result)), None)
    return [] if first is None else [first, *_replays(history)]


def _is_production(result: Result) -> bool:
    proposal = result.trial.proposal
    whole = proposal.round is Round.PRODUCTION and proposal.fidelity == 1.0
    return whole and proposal.fold == Fold(Part.SEARCH, 0) and result.failure is None


def _replays(history: Sequence[Result]) -> list[Result]:
    return [result for result in history if result.trial.proposal.fold.part is Part.CANARY]
