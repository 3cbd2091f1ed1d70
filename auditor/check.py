"""Check: everything an audit needs, tried once, without an audit."""

from dataclasses import dataclass, replace

from auditor.core.carrying import no_times, refuse_no_panda, why_not
from auditor.core.due import next_audit
from auditor.core.means import chosen, means_of
from auditor.core.records import (
    Capture,
    Config,
    Fold,
    Job,
    Layout,
    NextAudit,
    Part,
    Plan,
    Proposal,
    Result,
    Round,
    Snapshot,
    TrainerFacts,
    Trial,
)
from auditor.core.slots import Kept, due_slots
from auditor.core.space import build_space
from auditor.core.splits import Partition, rows_of
from auditor.errors import TrainerError
from auditor.ports import Tools
from auditor.stages.capture import look
from auditor.stages.snapshot import START_SHARE, lay_out, lay_out_turns, take_snapshot

_LOOK_BACK = 5
"""Audits among which the newest one that has ended is looked for."""

CONFIRMING = 36
RESPLITS = 21
"""Most trainings that confirming takes (12 replicates of 3), and that choosing finalists does."""

_DAY = 86_400.0

TWINS = 3
"""Most trainings of a turn: unchanged, with one setting changed, and with production's settings all along."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnCost:
    """What carrying one live model on costs, going by one turn of it.

    Attributes
    ----------
    rows
        That it took, to fit on and to score on.
    seconds
        Of one of its trainings, from the checkpoint that production left.
    rows_a_day
        That come, on the mean over those at hand.
    day_seconds
        About what a day costs on one worker: those rows, with all twins.
    """

    rows: int
    seconds: float
    rows_a_day: float
    day_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a check found.

    Attributes
    ----------
    loss
        Of production, trained once: on the search part, or as a live model begins.
    seconds
        That this training took.
    cost_seconds
        About what the next audit would take, on the declared workers; of a panda, the one that begins it.
    strategy
        ``caviar`` or ``panda``: what the schedule asks for, or what ``auto`` comes to here.
    reason
        Why ``auto`` comes to that; empty where the schedule says which.
    turn
        What a panda costs; None for caviar.
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
    strategy: str
    reason: str
    turn: TurnCost | None
    due: NextAudit
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Scene:
    """What a check has read."""

    plan: Plan
    tools: Tools
    capture: Capture
    snapshot: Snapshot
    facts: TrainerFacts


def check(plan: Plan, tools: Tools) -> Checked:
    """Read production, open the data, train production once; record nothing.

    Of a panda one turn is taken as well, from the checkpoint that this training leaves.

    Raises
    ------
    AuditorError
        With the first thing that would keep an audit from being carried out.
    """
    capture = look(plan, tools)
    space = build_space(capture.config, plan.search, path=plan.path)
    facts = tools.describe(plan.trainer, capture.config, plan.policy.metric)
    no_panda = why_not(plan, space, facts)
    refuse_no_panda(plan, no_panda)
    snapshot = take_snapshot(plan, tools)
    no_panda = no_panda or no_times(plan, snapshot)
    refuse_no_panda(plan, no_panda)
    scene = _Scene(plan, tools, capture, snapshot, facts)
    found = _as_panda(scene) if plan.budget.strategy == "panda" else _as_caviar(scene, no_panda)
    return replace(found, warnings=space.warnings)


def _as_caviar(scene: _Scene, no_panda: str | None) -> Checked:
    """Train production as a search does; with ``auto``, see what that comes to."""
    plan = scene.plan
    layout, _ = lay_out(plan, scene.snapshot, seed=0, facts=scene.facts, tools=scene.tools)
    production = _trained(scene, layout, Round.PRODUCTION, Part.SEARCH)
    strategy, reason = "caviar", ""
    if plan.budget.strategy == "auto":
        means = means_of(production, plan, scene.tools.sources.environment())
        strategy, reason = chosen(means, no_panda=no_panda)
    if strategy == "panda":
        return replace(_as_panda(scene), reason=reason)
    return _checked(
        scene,
        production,
        trainings=1 + plan.budget.trials + RESPLITS + CONFIRMING,
        strategy=strategy,
        reason=reason,
    )


def _as_panda(scene: _Scene) -> Checked:
    """Begin a live model and carry it on once, as a panda does."""
    plan, per_day = scene.plan, _rows_a_day(scene.snapshot)
    fresh = per_day * _days_between(plan, scene.tools)
    most = max(1, round(START_SHARE * scene.snapshot.rows / max(1.0, fresh)))
    # Cut into turns as large as they will be: how long a training takes need not go by its rows.
    as_later = replace(plan, budget=replace(plan.budget, turns=most))
    layout, partition = lay_out_turns(
        as_later, scene.snapshot, seed=0, facts=scene.facts, tools=scene.tools, begins=True
    )
    production = _trained(scene, layout, Round.START, Part.START)
    carried = _trained(scene, layout, Round.TURN, Part.TURN, after=production)
    turn = _turn_cost(carried, layout, partition, per_day=per_day)
    trainings = TWINS * min(plan.budget.turns, layout.turns)
    found = _checked(scene, production, trainings=1 + trainings, strategy="panda", reason="")
    spent = production.seconds + trainings * carried.seconds / min(TWINS, plan.budget.workers)
    return replace(found, cost_seconds=spent, turn=turn)


def _turn_cost(carried: Result, layout: Layout, partition: Partition, *, per_day: float) -> TurnCost:
    rows = rows_of(partition, carried.trial.proposal.fold, layout)
    taken = int(rows.fit.size + rows.score.size)
    return TurnCost(
        rows=taken,
        seconds=carried.seconds,
        rows_a_day=per_day,
        day_seconds=TWINS * carried.seconds * per_day / max(1, taken),
    )


def _rows_a_day(snapshot: Snapshot) -> float:
    if snapshot.first is None or snapshot.last is None:
        return float(snapshot.rows)
    return snapshot.rows / max(1.0, (snapshot.last - snapshot.first).total_seconds() / _DAY)


def _days_between(plan: Plan, tools: Tools) -> float:
    """Return from one audit to the next, in days; one where audits are run by hand."""
    now = tools.clock.now()
    due = next_audit(plan.when, after=now).due
    return 1.0 if due is None else (due - now).total_seconds() / _DAY


def _trained(
    scene: _Scene, layout: Layout, kind: Round, part: Part, *, after: Result | None = None
) -> Result:
    """Train production once, or carry it on."""
    plan = scene.plan
    proposal = Proposal(
        config=scene.capture.config,
        round=kind,
        fold=Fold(part, 0),
        resume_from=None if after is None else after.checkpoint,
    )
    job = Job(
        trial=Trial(id=0, proposal=proposal, seed=0, horizon=None if after is None else after.iterations),
        trainer=plan.trainer,
        layout=layout,
        metric=plan.policy.metric,
        vault=scene.tools.vault.folder,
        timeout_seconds=plan.budget.trial_timeout.total_seconds(),
        memory_bytes=plan.budget.trial_memory,
    )
    (result,) = scene.tools.executor.run([job])
    if result.failure is not None or result.loss is None:
        what = "production itself does not train" if after is None else "production cannot be carried on"
        raise TrainerError(f"{what}: {result.failure and result.failure.message}")
    return result


def _checked(scene: _Scene, production: Result, *, trainings: int, strategy: str, reason: str) -> Checked:
    plan = scene.plan
    return Checked(
        name=plan.name,
        production=scene.capture.config,
        rows=scene.snapshot.rows,
        columns=len(scene.snapshot.columns),
        loss=production.loss or 0.0,
        seconds=production.seconds,
        cost_seconds=trainings * production.seconds / plan.budget.workers,
        trainings=trainings,
        strategy=strategy,
        reason=reason,
        turn=None,
        due=_due(plan, scene.tools),
        warnings=(),
    )


def _due(plan: Plan, tools: Tools) -> NextAudit:
    """Return when the daemon audits it next, as the daemon reckons it."""
    now = tools.clock.now()
    ended = (each for each in tools.ledger.summaries(plan.model, _LOOK_BACK) if each.finished_at is not None)
    newest = next(ended, None)
    last, planned = (newest.finished_at, newest.next_due) if newest is not None else (None, None)
    slots = due_slots(plan.when, Kept(cursor=now, last_audit=last, planned=planned), now=now)
    if slots.due is None:
        return NextAudit(due=slots.following, reason=slots.reason)
    later = next_audit(plan.when, after=now).reason
    return NextAudit(
        due=now,
        reason=f"{slots.due_reason or slots.reason}, so a daemon begins at once; from then on: {later}",
    )
