"""All dates of a backtest together: totals, and what they come to in words."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from auditor.backtest.afterwards import Act
from auditor.backtest.scene import BacktestAssignment, Scene
from auditor.core.hindsight import changed, in_words, mean_loss, total_gain
from auditor.core.metrics import metric_named
from auditor.core.records import Audit, Backtest, Capture, Config
from auditor.core.wording import Ruler

_NOTES = (
    "Every row is taken to be known in full at its own time; labels that come late are not allowed for.",
    "A row says nothing of when it was corrected: the past is replayed as it is on record today.",
)


def record(assignment: BacktestAssignment, acts: Sequence[Act], *, scene: Scene) -> Backtest:
    """Return what is recorded of a backtest whose dates were all played."""
    plan, replays = assignment.plan, tuple(act.replay for act in acts)
    history, unit = scene.history, metric_named(plan.policy.metric).unit
    if history.first is None or history.last is None:
        raise ValueError("a history without dates was replayed")
    confidence = plan.policy.confidence
    never = mean_loss([act.never for act in acts])
    followed = total_gain([act.followed for act in acts if act.followed], confidence=confidence)
    retuned = total_gain([act.retuned for act in acts if act.retuned], confidence=confidence)
    ruler = Ruler(production_loss=never or 0.0, unit=unit, confidence=confidence)
    headline, sentence = in_words(
        followed, retuned, replays=replays, every=in_days(assignment.every), ruler=ruler
    )
    return Backtest(
        model=plan.model,
        schedule=plan.name,
        command=assignment.command,
        metric=plan.policy.metric,
        unit=unit,
        policy=plan.policy,
        every=assignment.every,
        first=history.first,
        last=history.last,
        rows=history.rows,
        production=scene.start.config,
        replays=replays,
        never_loss=never,
        followed_gain=followed,
        retuned_gain=retuned,
        changes_followed=_changes(scene.start.config, [replay.followed for replay in replays]),
        changes_retuned=_changes(scene.start.config, [replay.retuned for replay in replays]),
        trainings=len(scene.runner.history) + sum(_trainings(act.audit) for act in acts if act.audit),
        headline=headline,
        sentence=sentence,
        finished_at=scene.tools.clock.now(),
        snapshot_digest=history.digest,
        schedule_digest=plan.digest,
        notes=_notes(scene.start, replays[0].date),
    )


def _changes(start: Config, configs: Sequence[Config]) -> int:
    return sum(bool(changed(one, other)) for one, other in zip([start, *configs], configs, strict=False))


def _trainings(audit: Audit) -> int:
    spent = audit.spent
    return (
        spent.search_trials
        + spent.confirm_trials
        + spent.attribute_trials
        + spent.scan_trials
        + spent.explain_trials
    )


def _notes(start: Capture, date: datetime) -> tuple[str, ...]:
    if start.captured_at <= date:
        return _NOTES
    stand_in = (
        f"Production's settings of {date:%Y-%m-%d} are not on record; those of now stand in for them. If "
        "they were tuned on later rows, never re-tuning looks better here than it was."
    )
    return (stand_in, *_NOTES)


def in_days(span: timedelta) -> str:
    """Return a span in words.

    Examples
    --------
    >>> in_days(timedelta(days=30)), in_days(timedelta(hours=36))
    ('30 days', '36 h')
    """
    if span % timedelta(days=1):
        return f"{span / timedelta(hours=1):.3g} h"
    return "day" if span == timedelta(days=1) else f"{span.days} days"
