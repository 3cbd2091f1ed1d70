"""The walk of caviar: what an audit does that searches among many, from the first lot to the verdict.

``audit.py`` opens the audit and records what comes of it. The stages are called in the order they happen;
each name on the left of ``=`` is a frozen record.
"""

from collections.abc import Callable

from auditor.core.means import means_of, why_caviar
from auditor.core.records import (
    Audit,
    Call,
    Config,
    History,
    Layout,
    OpenAudit,
    Plan,
    Result,
    SearchRecord,
    TrainerFacts,
    config_key,
)
from auditor.core.space import Space
from auditor.core.strategies.caviar import Caviar
from auditor.core.strategies.finalists import finalists, screened
from auditor.core.strategies.halving import Ladder
from auditor.core.strategies.ladders import ladder_for, thinned
from auditor.core.transfer import Known, seated
from auditor.errors import DeclarationError, TrainerError
from auditor.ports import Tools
from auditor.replicates import Replicates
from auditor.runner import Runner
from auditor.stages.attribute import attribute
from auditor.stages.canary import canary
from auditor.stages.confirm import confirm
from auditor.stages.explain import explain
from auditor.stages.held import held
from auditor.stages.pace import pace
from auditor.stages.repeated import look_back, repeated
from auditor.stages.scan import Scan, scan
from auditor.stages.search import search
from auditor.stages.snapshot import lay_out
from auditor.stages.transfer import transfer
from auditor.stages.triage import triage
from auditor.stages.verdict import Circumstances, Evidence, conclude, recorded

FINALISTS = 2
"""Challengers that are confirmed (statistics, section 2)."""


def search_among(
    plan: Plan,
    opened: OpenAudit,
    around: Callable[[], Circumstances],
    *,
    space: Space,
    facts: TrainerFacts,
    no_panda: str | None,
    tools: Tools,
) -> Audit:
    """Search among many configurations, confirm the best of them, and return the audit of it.

    Parameters
    ----------
    around
        Gives what surrounds the audit when it ends.
    no_panda
        Why no live model can be carried on instead; None when one could.

    Raises
    ------
    AuditorError
        If it cannot be carried out; every training until then is recorded.
    """
    production = opened.capture.config
    layout, partition = lay_out(plan, opened.snapshot, seed=opened.seed, facts=facts, tools=tools)
    layout = thinned(layout, facts, partition)
    runner = Runner(audit_id=opened.id, plan=plan, layout=layout, tools=tools)
    past = transfer(opened, plan=plan, space=space, partition=partition, tools=tools)
    ladder = ladder_for(facts, layout, partition)
    strategy = _strategy(plan, space, production=production, ladder=ladder, known=past.known)
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

    means = means_of(history[0], plan, tools.sources.environment())
    evidence = Evidence(
        search=_searched(strategy, history, why_caviar(means, plan, no_panda)),
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
    audit = conclude(
        evidence,
        around(),
        runner.history,
        search_rows=partition.search.size,
        confirm_rows=partition.confirm.size,
    )
    audit = pace(audit, plan, tools)
    return repeated(audit, earlier, plan=plan, replicates=replicates, tools=tools)


def _strategy(
    plan: Plan,
    space: Space,
    *,
    production: Config,
    ladder: Ladder,
    known: tuple[Known, ...],
) -> Caviar:
    return Caviar(
        space=space,
        production=production,
        trials=plan.budget.trials,
        ladder=ladder,
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


def _searched(strategy: Caviar, history: History, why: str) -> SearchRecord:
    return SearchRecord(
        strategy="caviar",
        reason=(
            f"one training of production takes {history[0].seconds:.2g} s, so {strategy.challengers(history)}"
            f" challengers side by side fit the budget of {strategy.seconds / 60:g} min{why}"
        ),
        space=strategy.box(history).records(),
        rungs=strategy.ladder.rungs,
        screened=screened(history, known={config_key(point.config) for point in strategy.known}),
        transferred=strategy.transferred(history),
        trials=tuple(recorded(result) for result in history),
    )
