"""Check: everything an audit needs, tried once, without an audit."""

from dataclasses import dataclass

from auditor.core.due import next_audit
from auditor.core.records import (
    Config,
    Fold,
    Job,
    NextAudit,
    Part,
    Plan,
    Proposal,
    Round,
    Trial,
)
from auditor.core.slots import Progress, due_slots
from auditor.core.space import build_space
from auditor.errors import TrainerError
from auditor.panda import no_times, refuse_no_panda, why_not
from auditor.ports import Tools
from auditor.stages.capture import look
from auditor.stages.snapshot import lay_out, take_snapshot

_LOOK_BACK = 5
"""Audits among which the newest one that has ended is looked for."""

CONFIRMING = 36
RESPLITS = 21
"""Most trainings that confirming takes (12 replicates of 3), and that choosing finalists does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a check found.

    Attributes
    ----------
    loss
        Of production, trained once on the search part.
    seconds
        That this training took.
    cost_seconds
        About what a whole audit would take, on the declared workers.
    warnings
        Of the search space.
    """

    name: str
    production: Config
    rows: int
    columns: int
    loss: float
    seconds: float
    cost_seconds: float
    trainings: int
    due: NextAudit
    warnings: tuple[str, ...]


def check(plan: Plan, tools: Tools) -> Checked:
    """Read production, open the data, train production once; record nothing.

    Raises
    ------
    AuditorError
        With the first thing that would keep an audit from being carried out.
    """
    capture = look(plan, tools)
    space = build_space(capture.config, plan.search, path=plan.path)
    facts = tools.describe(plan.trainer, capture.config, plan.policy.metric)
    refuse_no_panda(plan, why_not(plan, space, facts))
    snapshot = take_snapshot(plan, tools)
    refuse_no_panda(plan, no_times(plan, snapshot))
    layout, _ = lay_out(plan, snapshot, seed=0, facts=facts, tools=tools)
    proposal = Proposal(config=capture.config, round=Round.PRODUCTION, fold=Fold(Part.SEARCH, 0))
    job = Job(
        trial=Trial(id=0, proposal=proposal, seed=0),
        trainer=plan.trainer,
        layout=layout,
        metric=plan.policy.metric,
        vault=tools.vault.folder,
        timeout_seconds=plan.budget.trial_timeout.total_seconds(),
        memory_bytes=plan.budget.trial_memory,
    )
    (result,) = tools.executor.run([job])
    if result.failure is not None or result.loss is None:
        raise TrainerError(f"production itself does not train: {result.failure and result.failure.message}")
    trainings = 1 + plan.budget.trials + RESPLITS + CONFIRMING
    return Checked(
        name=plan.name,
        production=capture.config,
        rows=snapshot.rows,
        columns=len(snapshot.columns),
        loss=result.loss,
        seconds=result.seconds,
        cost_seconds=trainings * result.seconds / plan.budget.workers,
        trainings=trainings,
        due=_due(plan, tools),
        warnings=space.warnings,
    )


def _due(plan: Plan, tools: Tools) -> NextAudit:
    """Return when the daemon audits it next, as the daemon reckons it."""
    now = tools.clock.now()
    ended = (each for each in tools.ledger.summaries(plan.model, _LOOK_BACK) if each.finished_at is not None)
    newest = next(ended, None)
    last, planned = (newest.finished_at, newest.next_due) if newest is not None else (None, None)
    slots = due_slots(plan.when, Progress(cursor=now, last_audit=last, planned=planned), now=now)
    if slots.due is None:
        return NextAudit(due=slots.following, reason=slots.reason)
    later = next_audit(plan.when, after=now).reason
    return NextAudit(
        due=now,
        reason=f"{slots.due_reason or slots.reason}, so a daemon begins at once; from then on: {later}",
    )
