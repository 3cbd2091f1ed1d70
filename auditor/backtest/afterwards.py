"""What each policy lost on the rows that came after a date."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from auditor.backtest.scene import SEED, Scene, layout_of
from auditor.core.hindsight import Losses, Period, mean_loss, period_gain
from auditor.core.records import Audit, Config, Part, Plan, Replay, Round, Snapshot, config_key
from auditor.core.splits import set_aside
from auditor.errors import DataError
from auditor.replicates import Replicates
from auditor.runner import Ground
from auditor.stages.snapshot import take_snapshot

FEWEST_SCORED = 20
"""A period with fewer rows is not scored: its blocks would be one or two rows each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """A date that was played: what is recorded of it, and what the totals are made of."""

    replay: Replay
    audit: Audit | None
    never: Losses = field(default_factory=dict)
    followed: Period | None = None
    retuned: Period | None = None


def scored(number: int, act: Act, *, scene: Scene) -> Act:
    """Return a date with what each policy lost on the rows that came afterwards."""
    replay = act.replay
    if act.audit is None or act.audit.snapshot is None:
        return act
    try:
        later = take_snapshot(_period(replay, scene), scene.tools)
    except DataError as error:
        return replace(
            act, replay=replace(replay, note=f"the rows that came later cannot be scored: {error}")
        )
    if later.rows < FEWEST_SCORED:
        note = f"only {later.rows} rows came later, and {FEWEST_SCORED} are needed"
        return replace(act, replay=replace(replay, scored_rows=later.rows, note=note))
    configs = (scene.start.config, replay.followed, replay.retuned)
    losses = _trained(number, configs, window=act.audit.snapshot, later=later, scene=scene)
    if len(losses[0]) < 2:
        note = "production's settings fail to train on the rows of before"
        return replace(act, replay=replace(replay, scored_rows=later.rows, note=note))
    return _weighed(act, losses, rows=later.rows, confidence=scene.plan.policy.confidence)


def _period(replay: Replay, scene: Scene) -> Plan:
    data = replace(scene.plan.data, since=replay.date, until=replay.until, window=None, rows=None)
    return replace(scene.plan, data=data)


def _trained(
    number: int, configs: Sequence[Config], *, window: Snapshot, later: Snapshot, scene: Scene
) -> tuple[Losses, ...]:
    """Fit on the rows of before a date, twice with different seeds, and score on the rows of after it."""
    plan, tools = scene.plan, scene.tools
    for snapshot in (window, later):
        tools.vault.verify(snapshot.digest)
    layout = replace(layout_of(plan, later.digest, classes=scene.classes), confirm_share=1.0)
    groups = None if plan.data.group is None else tools.vault.read(later.digest, [plan.data.group])
    runner = scene.runner
    runner.tools = tools
    runner.grounds[Part.NOW] = Ground(
        layout=layout, fit_on=layout_of(plan, window.digest, classes=scene.classes)
    )
    replicates = Replicates(
        runner=runner,
        layout=layout,
        partition=set_aside(
            layout, rows=later.rows, groups=None if groups is None else groups[plan.data.group or ""]
        ),
        metric=plan.policy.metric,
        seed=SEED,
        part=Part.NOW,
    )
    passes = range(number, number + 1)
    different = {config_key(config): config for config in configs}
    replicates.train(list(different.values()), passes=passes, purpose=Round.CONFIRM)
    return tuple(replicates.losses(config, passes=passes) for config in configs)


def _weighed(act: Act, losses: Sequence[Losses], *, rows: int, confidence: float) -> Act:
    never, *others = losses
    followed, retuned = (period_gain(never, policy) for policy in others)
    failed = [name for name, gain in (("followed", followed), ("re-tuned", retuned)) if gain is None]
    replay = replace(
        act.replay,
        scored_rows=rows,
        never_loss=mean_loss([never]),
        followed_gain=followed.interval(confidence) if followed else None,
        retuned_gain=retuned.interval(confidence) if retuned else None,
        note=f"the {' and the '.join(failed)} settings fail to train" if failed else "",
    )
    return replace(act, replay=replay, never=never, followed=followed, retuned=retuned)
