"""One audit, from what production runs to what the report says. Read this file first.

``run_audit`` calls the stages in the order they happen. Each stage is one module in
``stages/``; each name on the left of ``=`` is a frozen record; nothing else passes between
stages. Every training is recorded before the next lot starts, so that an audit which is
interrupted goes on where it stopped and ends with the same findings.
"""

from dataclasses import dataclass, replace
from functools import partial

from auditor.core.records import (
    Audit,
    Call,
    Capture,
    Config,
    History,
    Layout,
    OpenAudit,
    Plan,
    Result,
    SearchRecord,
    TrainerFacts,
    config_key,
    digest_of,
)
from auditor.core.space import Space, build_space
from auditor.core.strategies.caviar import Caviar
from auditor.core.strategies.finalists import finalists, screened
from auditor.core.transfer import Known, seated
from auditor.errors import AuditorError, AwayError, DeclarationError, SnapshotError, TrainerError
from auditor.panda import (
    SEARCH_NEEDS,
    Means,
    Prospect,
    carry_on,
    chosen,
    means_of,
    no_times,
    prospect,
    refuse_no_panda,
)
from auditor.ports import Assignment, Tools
from auditor.replicates import Replicates
from auditor.runner import Runner
from auditor.stages.attribute import attribute
from auditor.stages.canary import canary
from auditor.stages.capture import current
from auditor.stages.confirm import confirm
from auditor.stages.explain import explain
from auditor.stages.held import held
from auditor.stages.pace import pace
from auditor.stages.repeated import look_back, repeated
from auditor.stages.report import report
from auditor.stages.scan import Scan, scan
from auditor.stages.search import measure, search
from auditor.stages.snapshot import lay_out, take_snapshot
from auditor.stages.transfer import transfer
from auditor.stages.triage import triage
from auditor.stages.verdict import Circumstances, Evidence, conclude, failed, recorded

FINALISTS = 2
"""Challengers that are confirmed (statistics, section 2)."""

RUNGS = (1 / 9, 1 / 3, 1.0)
"""Shares of a full training at which hopeless trials are cut, for trainers with a learning curve."""


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
    if reason is None:
        return _walk(
            opened,
            assignment,
            space=space,
            facts=facts,
            no_panda=ahead.no_panda,
            resumed=resumed,
            tools=tools,
        )
    around = partial(_around, opened, assignment, resumed=resumed, tools=tools)
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
    strategy, reason = chosen(_means(production, plan, tools), no_panda=None)
    return reason if strategy == "panda" else None


def _walk(
    opened: OpenAudit,
    assignment: Assignment,
    *,
    space: Space,
    facts: TrainerFacts,
    no_panda: str | None,
    resumed: bool,
    tools: Tools,
) -> Audit:
    plan, production = assignment.plan, opened.capture.config
    layout, partition = lay_out(plan, opened.snapshot, seed=opened.seed, facts=facts, tools=tools)
    runner = Runner(audit_id=opened.id, plan=plan, layout=layout, tools=tools)
    past = transfer(opened, plan=plan, space=space, partition=partition, tools=tools)
    strategy = _strategy(plan, space, production=production, facts=facts, known=past.known)
    earlier = look_back(opened, plan.policy, tools)

    drift = triage(plan, opened, tools)
    history = search(strategy, runner=runner, seed=opened.seed)
    replayed = canary(opened, runner=runner)
    best = finalists(history, FINALISTS, production=production)
    _refuse_no_challenger(best, history)
    _refuse_no_margin(plan, history[0])
    replicates = Replicates(
        runner=runner, layout=layout, partition=partition, metric=plan.policy.metric, seed=opened.seed
    )
    confirmation = confirm(
        seated(best, past.carried, seats=FINALISTS),
        carried=past.carried,
        production=production,
        policy=plan.policy,
        replicates=replicates,
        to_the_end=earlier.to_the_end(plan.policy),
    )
    blame, lines = None, Scan()
    if confirmation.call is Call.STALE:
        blame = attribute(
            confirmation, production=production, units=space.units, policy=plan.policy, replicates=replicates
        )
        lines = scan(
            confirmation,
            blame=blame,
            production=production,
            space=strategy.box(history),
            policy=plan.policy,
            budget=plan.budget,
            replicates=replicates,
        )
    explanation = explain(confirmation, opened=opened, canary=replayed, replicates=replicates)
    kept = held(opened, confirmation, replicates=replicates)

    evidence = Evidence(
        search=_searched(strategy, history, _why_caviar(_means(history[0], plan, tools), plan, no_panda)),
        confirmation=confirmation,
        blame=blame,
        edges=strategy.edges(history),
        ranges=lines.ranges,
        notes=(*space.warnings, *lines.notes, *_scored_once(layout)),
        drift=drift,
        layout=layout,
        canary=replayed,
        cause=explanation.cause,
        retrain_gain=explanation.retrain_gain,
        held=kept,
    )
    around = _around(opened, assignment, resumed=resumed, tools=tools)
    audit = conclude(
        evidence,
        around,
        runner.history,
        search_rows=partition.search.size,
        confirm_rows=partition.confirm.size,
    )
    audit = pace(audit, plan, tools)
    return repeated(audit, earlier, plan=plan, replicates=replicates, tools=tools)


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


def _strategy(
    plan: Plan, space: Space, *, production: Config, facts: TrainerFacts, known: tuple[Known, ...]
) -> Caviar:
    return Caviar(
        space=space,
        production=production,
        trials=plan.budget.trials,
        rungs=RUNGS if facts.curve is not None else (1.0,),
        seconds=plan.budget.time.total_seconds(),
        workers=plan.budget.workers,
        known=known,
    )


def _refuse_no_challenger(best: tuple[tuple[Config, float], ...], history: History) -> None:
    if best:
        return
    failures = [result.failure for result in history if result.failure is not None]
    why = f"; the first failure: {failures[0].message}" if failures else ""
    raise TrainerError(
        "production and at least one challenger must train on every split of the search part: "
        f"{len(failures)} of {len(history)} trials failed{why}"
    )


def _refuse_no_margin(plan: Plan, production: Result) -> None:
    margin = plan.policy.margin.in_loss(production.loss or 0.0)
    if margin <= 0.0:
        raise DeclarationError(
            f"{plan.path}: policy.margin  {plan.policy.margin.value * 100:g}% of production's loss is "
            f"{margin:g}, and a margin must be above 0; give it as a number in units of loss"
        )


def _scored_once(layout: Layout) -> tuple[str, ...]:
    """Return what it costs that a trainer gives one number, if this one does."""
    if layout.units is None:
        return ()
    early = (
        " Whether neighbouring rows are alike in time cannot be checked without them." if layout.time else ""
    )
    return (
        "The trainer gives one number a training, so configurations cannot be paired row by row: each "
        f"confirming training scored one of {layout.units} parts of the confirming rows, and each part "
        "counts as one value. The interval is wider than one from predictions or losses per row "
        f"(trainer.gives) would be: it takes more rows to decide.{early}",
    )


def _means(production: Result, plan: Plan, tools: Tools) -> Means:
    return means_of(production, plan, tools.sources.environment())


def _why_caviar(means: Means, plan: Plan, no_panda: str | None) -> str:
    """Return what else is to be said of the choice: nothing, unless a search was too dear for the budget."""
    if plan.budget.strategy == "caviar":
        return "; the schedule asks for many side by side"
    if no_panda is None or not means.too_dear:
        return ""
    needs = f"; a search takes {SEARCH_NEEDS} trainings at least"
    return f"{needs}, and one model cannot be carried on instead: {no_panda}"


def _searched(strategy: Caviar, history: History, why: str) -> SearchRecord:
    return SearchRecord(
        strategy="caviar",
        reason=(
            f"one training of production takes {history[0].seconds:.2g} s, so {strategy.challengers(history)}"
            f" challengers side by side fit the budget of {strategy.seconds / 60:g} min{why}"
        ),
        space=strategy.box(history).records(),
        rungs=strategy.rungs,
        screened=screened(history, known={config_key(point.config) for point in strategy.known}),
        transferred=strategy.transferred(history),
        trials=tuple(recorded(result) for result in history),
    )


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
