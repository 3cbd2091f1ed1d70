"""The stage that the past is played on: history, schedule, ledger and trainings, the same at every date."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from auditor.backtest.stand_ins import Replayed, Unseen
from auditor.core.metrics import metric_named
from auditor.core.records import (
    Capture,
    Layout,
    Plan,
    Repeat,
    Snapshot,
    config_key,
    digest_of,
)
from auditor.errors import DeclarationError
from auditor.ports import Tools
from auditor.runner import Runner

SEED = 1
"""Of the trainings of the policies; the audits have the numbers of their dates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BacktestAssignment:
    """One backtest to carry out.

    Attributes
    ----------
    every
        From one audit to the next.
    start
        Date of the first audit, aware; None for as early as there are rows enough.
    command
        The command line that gets the same backtest again.
    """

    plan: Plan
    every: timedelta
    command: str
    start: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What is the same at every date.

    Attributes
    ----------
    plan
        The schedule with the recorded history as its data.
    classes
        Whether the target is a class label.
    """

    assignment: BacktestAssignment
    plan: Plan
    history: Snapshot
    start: Capture
    classes: bool
    runner: Runner
    tools: Tools


def set_scene(assignment: BacktestAssignment, history: Snapshot, *, start: Capture, past: Tools) -> Scene:
    """Return the scene, with the trainings of an interrupted replay of the very same."""
    plan, code = assignment.plan, past.sources.code(assignment.plan.trainer)
    run = digest_of(
        f"{plan.digest} {assignment.every} {assignment.start} {history.digest} {code.digest} "
        f"{config_key(start.config)}"
    )
    own = replace(
        plan,
        model=f"{plan.model} {run[:12]}",
        digest=run,
        data=replace(plan.data, source=past.vault.path(history.digest), query=None, drop=()),
        # Other models have no past here to be weighed together with.
        policy=replace(
            plan.policy, repeat=Repeat.ALONE if plan.policy.repeat is Repeat.FLEET else plan.policy.repeat
        ),
    )
    facts = past.describe(plan.trainer, start.config, plan.policy.metric)
    if not facts.by_row:
        raise DeclarationError(
            f"{plan.path}: a trainer that gives one number cannot be replayed: a backtest scores every row "
            "of a period under three configurations; let it give 'predictions' or 'losses' (trainer.gives)"
        )
    declared = metric_named(plan.policy.metric).classes
    classes = bool(facts.classifier) if declared is None else declared
    tools = replace(past, sources=Replayed(past.sources, code_now=code), publisher=Unseen())
    runner = Runner(
        audit_id=_open_scores(own, history, start=start, tools=tools),
        plan=own,
        layout=layout_of(own, history.digest, classes=classes),
        tools=tools,
    )
    return Scene(
        assignment=assignment,
        plan=own,
        history=history,
        start=start,
        classes=classes,
        runner=runner,
        tools=tools,
    )


def _open_scores(plan: Plan, history: Snapshot, *, start: Capture, tools: Tools) -> int:
    """Return the number in the ledger under which the trainings of the policies are kept; it stays open."""
    model = f"{plan.model} afterwards"
    opened = tools.ledger.unfinished(model)
    if opened is not None:
        return opened.id
    return tools.ledger.begin(
        model=model,
        plan_digest=plan.digest,
        capture=tools.ledger.add_capture(replace(start, model=model, snapshot=None, id=0)),
        snapshot=history,
        seed=SEED,
        now=tools.clock.now(),
    ).id


def layout_of(plan: Plan, digest: str, *, classes: bool) -> Layout:
    """Return how a snapshot of the replay is laid out."""
    return Layout(
        digest=digest,
        target=plan.data.target,
        seed=SEED,
        time=plan.data.time,
        group=plan.data.group,
        classes=classes,
    )
