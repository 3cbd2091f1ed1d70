"""One audit, from what production runs to what the report says. Read this file first.

``run_audit`` opens an audit, or the one that was interrupted, and has it carried out: ``caviar.py`` searches
among many configurations, ``panda.py`` carries one live model on. Each calls the stages in the order they
happen; each stage is one module in ``stages/``, and nothing but frozen records passes between them. Every
training is recorded before the next lot starts, so that an audit which is interrupted goes on where it
stopped and ends with the same findings.
"""

from dataclasses import dataclass, replace
from functools import partial

from auditor.caviar import search_among
from auditor.core.carrying import no_times, refuse_no_panda
from auditor.core.means import chosen, means_of
from auditor.core.records import (
    Audit,
    Capture,
    OpenAudit,
    Plan,
    TrainerFacts,
    config_key,
    digest_of,
)
from auditor.core.space import Space, build_space
from auditor.errors import AuditorError, AwayError, SnapshotError
from auditor.panda import Prospect, carry_on, prospect
from auditor.ports import Assignment, Tools
from auditor.runner import Runner
from auditor.stages.capture import current
from auditor.stages.pace import pace
from auditor.stages.report import report
from auditor.stages.search import measure
from auditor.stages.snapshot import lay_out, take_snapshot
from auditor.stages.verdict import Circumstances, failed

_CLOSED = "This audit cannot be gone on with and is closed: the same command begins a new one, on fresh rows"
"""Left open it would be tried again and again, and nobody would look at the model any more."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A finished audit, and where its page lies."""

    audit: Audit
    page: str


def run_audit(assignment: Assignment, tools: Tools) -> Outcome:
    """Audit one model now, or go on with its audit that was interrupted.

    Raises
    ------
    AuditorError
        If the audit cannot be carried out. Once it has begun, its failure is recorded and
        published before the error is raised.
    """
    plan = assignment.plan
    capture = current(plan, tools)
    space = build_space(capture.config, plan.search, path=plan.path)
    facts = tools.describe(plan.trainer, capture.config, plan.policy.metric)
    ahead = prospect(plan, space, facts, capture, tools)
    opened, resumed = _open(assignment, capture, ahead, tools)
    try:
        audit = _decided(
            opened, assignment, space=space, facts=facts, ahead=ahead, resumed=resumed, tools=tools
        )
    except AwayError:
        raise  # what is not there now can be later: the audit stays open
    except AuditorError as error:
        if isinstance(error, SnapshotError):
            error.args = (f"{error}. {_CLOSED}",)
        around = _around(opened, assignment, resumed=resumed, tools=tools)
        broken = failed(str(error), around, tools.ledger.history(opened.id))
        report(pace(broken, plan, tools), tools)
        raise
    return Outcome(audit, report(audit, tools))


def _decided(
    opened: OpenAudit,
    assignment: Assignment,
    *,
    space: Space,
    facts: TrainerFacts,
    ahead: Prospect,
    resumed: bool,
    tools: Tools,
) -> Audit:
    """Carry one live model on, or search among many: as the schedule says, or as the budget allows."""
    plan = assignment.plan
    ahead = replace(ahead, no_panda=ahead.no_panda or no_times(plan, opened.snapshot))
    reason = _for_panda(opened, plan, ahead, facts=facts, tools=tools)
    around = partial(_around, opened, assignment, resumed=resumed, tools=tools)
    if reason is None:
        return search_among(
            plan, opened, around, space=space, facts=facts, no_panda=ahead.no_panda, tools=tools
        )
    audit = carry_on(plan, opened, around, space=space, facts=facts, ahead=ahead, reason=reason, tools=tools)
    return pace(audit, plan, tools)


def _for_panda(
    opened: OpenAudit,
    plan: Plan,
    ahead: Prospect,
    *,
    facts: TrainerFacts,
    tools: Tools,
) -> str | None:
    """Return why one model is carried on, or None when many are to be trained."""
    if plan.budget.strategy == "panda":
        return "the schedule asks for one live model, carried on turn by turn"
    if plan.budget.strategy == "caviar" or ahead.no_panda is not None:
        return None
    if ahead.life is not None:
        return f"audit {ahead.life.audit} carried this model on, and this one goes on with it"
    layout, _ = lay_out(plan, opened.snapshot, seed=opened.seed, facts=facts, tools=tools)
    runner = Runner(audit_id=opened.id, plan=plan, layout=layout, tools=tools)
    production = measure(opened.capture.config, runner=runner, seed=opened.seed)
    strategy, reason = chosen(means_of(production, plan, tools.sources.environment()), no_panda=None)
    return reason if strategy == "panda" else None


def _open(assignment: Assignment, capture: Capture, ahead: Prospect, tools: Tools) -> tuple[OpenAudit, bool]:
    """Return the interrupted audit of the same plan, code, production and seed, or begin a new one."""
    life = ahead.life
    plan, code = assignment.plan, tools.sources.code(assignment.plan.trainer)
    # A live model is gone on with on the rows after its last turn: those of another, or of none, will not do.
    since = "" if life is None else f" after audit {life.audit}"
    asked = digest_of(f"{plan.digest} {code.digest} {config_key(capture.config)}{since}")
    unfinished = tools.ledger.unfinished(plan.model)
    if unfinished is not None:
        same_seed = assignment.seed in (None, unfinished.seed)
        if unfinished.plan_digest == asked and same_seed:
            return unfinished, True
        reason = "the schedule, the code, production or the seed changed since it began"
        tools.ledger.abandon(unfinished.id, reason, tools.clock.now())
    snapshot = take_snapshot(plan if life is None else life.plan, tools)
    refuse_no_panda(plan, no_times(plan, snapshot))
    opened = tools.ledger.begin(
        model=plan.model,
        plan_digest=asked,
        capture=capture,
        snapshot=snapshot,
        seed=assignment.seed,
        now=tools.clock.now(),
    )
    return opened, False


def _around(opened: OpenAudit, assignment: Assignment, *, resumed: bool, tools: Tools) -> Circumstances:
    now = tools.clock.now()
    return Circumstances(
        plan=assignment.plan,
        opened=opened,
        command=assignment.command,
        environment=tools.sources.environment(),
        code=tools.sources.code(assignment.plan.trainer),
        finished_at=now,
        wall_seconds=None if resumed else (now - opened.started_at).total_seconds(),
        occasion=assignment.occasion,
    )
