"""One date of the past: its audit, what the policies decided, and what that cost afterwards."""

from dataclasses import replace
from datetime import datetime

from auditor.audit import run_audit
from auditor.backtest.afterwards import Act, scored
from auditor.backtest.scene import Scene
from auditor.backtest.stand_ins import OnDate, Then
from auditor.core.hindsight import advised, best_found, changed
from auditor.core.records import Audit, Config, ProductionSpec, Replay, digest_of
from auditor.errors import AuditorError, AwayError
from auditor.ports import Assignment


def play(number: int, date: datetime, *, of: int, before: Act | None, scene: Scene) -> Act:
    """Audit at one date, let the policies decide, and score them on the rows that came afterwards."""
    production = scene.start.config
    running = before.replay.followed if before else production
    best = before.replay.retuned if before else production
    prefix = f"{date:%Y-%m-%d} ({number + 1} of {of})"
    scene = replace(scene, tools=replace(scene.tools, progress=OnDate(scene.tools.progress, prefix)))
    audit, problem = _audited(number, date, running=running, scene=scene)
    followed = advised(audit, running) if audit else running
    retuned = best_found(audit, best) if audit else best
    replay = Replay(
        date=date,
        until=date + scene.assignment.every,
        call=audit.call if audit else None,
        headline=audit.error or audit.headline if audit else problem,
        stale_settings=audit.summary.stale_settings if audit else (),
        changed=changed(running, followed),
        followed=dict(followed),
        retuned=dict(retuned),
        window_rows=audit.snapshot.rows if audit and audit.snapshot else 0,
        scored_rows=0,
    )
    return scored(number, Act(replay=replay, audit=audit), scene=scene)


def _audited(number: int, date: datetime, *, running: Config, scene: Scene) -> tuple[Audit | None, str]:
    """Return the audit of one date, failed or not, or why there is none."""
    found = _on_record(date, scene)
    if found is not None:
        return found, ""
    plan = replace(
        scene.plan,
        production=ProductionSpec(inline=running),
        data=replace(scene.plan.data, until=date),
        digest=digest_of(f"{scene.plan.digest} {number}"),
    )
    tools = replace(scene.tools, clock=Then(date))
    assignment = Assignment(plan=plan, command=scene.assignment.command, seed=number + 1)
    try:
        return run_audit(assignment, tools).audit, ""
    except AwayError:
        raise
    except AuditorError as error:
        return _on_record(date, scene), str(error)


def _on_record(date: datetime, scene: Scene) -> Audit | None:
    """Return the audit of a date that was finished, or failed, before."""
    numbers = [
        summary.id
        for summary in scene.tools.ledger.summaries(scene.plan.model)
        if summary.started_at == date and summary.state in ("done", "failed")
    ]
    return scene.tools.ledger.audit(numbers[0]) if numbers else None
