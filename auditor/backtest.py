"""Backtest: audits that were never run, at regular dates of the past, and what they would have been worth.

At each date the product's own audit (``audit.py``) is run on the rows of before that date, in a ledger
of its own; then three policies are trained on these rows and scored on those of the next period:

never
    the settings of the start, never changed
followed
    the settings that each audit advised, whenever it called stale
retuned
    the best configuration that each search found, whatever the evidence

No training sees a row of its own date or later, because each date has its own snapshot, cut before it.
Every audit and every training is recorded as it is done, so that a backtest which is interrupted goes on
where it stopped.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from auditor.audit import run_audit
from auditor.core.hindsight import (
    Losses,
    Period,
    advised,
    best_found,
    changed,
    in_words,
    mean_loss,
    period_gain,
    replay_dates,
    total_gain,
)
from auditor.core.metrics import metric_named
from auditor.core.records import (
    Audit,
    Backtest,
    Capture,
    CapturedSetting,
    CodeVersion,
    Config,
    DataSpec,
    Environment,
    Layout,
    Part,
    Plan,
    ProductionSpec,
    Repeat,
    Replay,
    Round,
    Snapshot,
    TrainerSpec,
    config_key,
    digest_of,
)
from auditor.core.splits import set_aside
from auditor.core.wording import Ruler
from auditor.errors import AuditorError, AwayError, DataError, DeclarationError
from auditor.ports import Assignment, Ledger, Progress, Sources, Tools
from auditor.replicates import Replicates
from auditor.runner import Ground, Runner
from auditor.stages.capture import look
from auditor.stages.snapshot import take_snapshot

_SEED = 1
"""Of the trainings of the policies; the audits have the numbers of their dates."""

FEWEST_SCORED = 20
"""A period with fewer rows is not scored: its blocks would be one or two rows each."""

_NOTES = (
    "Every row is taken to be known in full at its own time; labels that come late are not allowed for.",
    "A row says nothing of when it was corrected: the past is replayed as it is on record today.",
)


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


def run_backtest(assignment: BacktestAssignment, present: Tools, past: Tools) -> Backtest:
    """Replay history, or go on with a replay that was interrupted.

    Parameters
    ----------
    present
        The tools of real audits. Production is looked up with them; nothing is written.
    past
        The same with a ledger and a vault that hold nothing but replays.

    Raises
    ------
    DeclarationError
        If the schedule names no time column.
    DataError
        If there is too little history.
    AuditorError
        If no audit could be carried out at any date; the first one's error.
    """
    plan = assignment.plan
    if plan.data.time is None:
        raise DeclarationError(
            f"{plan.path}: data.time  a backtest needs to know when each row came to be; "
            "name the column that says it"
        )
    history = take_snapshot(replace(plan, data=replace(plan.data, window=None, rows=None)), past)
    dates = _dates(assignment, history)
    start = _at_start(plan, dates[0], present)
    scene = _set(assignment, history, start=start, past=past)
    acts: list[_Act] = []
    for number, date in enumerate(dates):
        before = acts[-1] if acts else None
        acts.append(_play(number, date, of=len(dates), before=before, scene=scene))
    _refuse_no_audit(acts)
    return _record(assignment, acts, scene=scene)


def _dates(assignment: BacktestAssignment, history: Snapshot) -> tuple[datetime, ...]:
    data = assignment.plan.data
    if history.first is None or history.last is None:
        raise DataError(
            f"{data.source}: a backtest needs dates, and column {data.time!r} (data.time) holds numbers"
        )
    return replay_dates(
        history.first, history.last, every=assignment.every, window=data.window, start=assignment.start
    )


def _at_start(plan: Plan, date: datetime, present: Tools) -> Capture:
    """Return what ran in production at a date as far as it is on record, else what runs now."""
    earlier = [each for each in present.ledger.captures(plan.model) if each.captured_at <= date]
    return earlier[-1] if earlier else look(plan, present)


# ---------------------------------------------------------------- the stage that the past is played on


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scene:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Act:
    """A date that was played: what is recorded of it, and what the totals are made of."""

    replay: Replay
    audit: Audit | None
    never: Losses = field(default_factory=dict)
    followed: Period | None = None
    retuned: Period | None = None


def _set(assignment: BacktestAssignment, history: Snapshot, *, start: Capture, past: Tools) -> _Scene:
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
    tools = replace(past, sources=_Replayed(past.sources, code_now=code), publisher=_Unseen())
    runner = Runner(
        audit_id=_open_scores(own, history, start=start, tools=tools),
        plan=own,
        layout=_layout(own, history.digest, classes=classes),
        tools=tools,
    )
    return _Scene(
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
        seed=_SEED,
        now=tools.clock.now(),
    ).id


@dataclass(frozen=True, slots=True)
class _Replayed:
    """The sources of a replay: production is what the plan says, and code and machine are those of now."""

    real: Sources
    code_now: CodeVersion = field(kw_only=True)

    def production(self, spec: ProductionSpec, fixed: TrainerSpec) -> tuple[CapturedSetting, ...]:
        """Return the settings that the plan of the date holds."""
        return tuple(
            CapturedSetting(name=name, raw=repr(value), value=value, origin="backtest")
            for name, value in spec.inline.items()
        )

    def fetch(self, spec: DataSpec, into: str) -> str:
        """Cut rows out of the recorded history."""
        return self.real.fetch(spec, into)

    def environment(self) -> Environment:
        """Return the fingerprint of this machine."""
        return self.real.environment()

    def code(self, trainer: TrainerSpec) -> CodeVersion:
        """Return the fingerprint of the trainer's code, as it was when the replay began."""
        return self.code_now


class _Unseen:
    """Publishes nothing: a replayed audit has no page."""

    def publish(self, audit: Audit, ledger: Ledger) -> str:
        """Write nothing."""
        return ""


@dataclass(frozen=True, slots=True)
class _Then:
    """A clock that stands at a date."""

    date: datetime

    def now(self) -> datetime:
        """Return the date."""
        return self.date


@dataclass(frozen=True, slots=True)
class _OnDate:
    """Tells how far a replay is, with its date."""

    real: Progress
    prefix: str

    def step(self, stage: str, done: int, total: int | None, note: str = "") -> None:
        """Pass it on."""
        self.real.step(f"{self.prefix}, {stage}", done, total, note)


# ---------------------------------------------------------------- one date


def _play(number: int, date: datetime, *, of: int, before: _Act | None, scene: _Scene) -> _Act:
    """Audit at one date, let the policies decide, and score them on the rows that came afterwards."""
    production = scene.start.config
    running = before.replay.followed if before else production
    best = before.replay.retuned if before else production
    prefix = f"{date:%Y-%m-%d} ({number + 1} of {of})"
    scene = replace(scene, tools=replace(scene.tools, progress=_OnDate(scene.tools.progress, prefix)))
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
    return _scored(number, _Act(replay=replay, audit=audit), scene=scene)


def _audited(number: int, date: datetime, *, running: Config, scene: _Scene) -> tuple[Audit | None, str]:
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
    tools = replace(scene.tools, clock=_Then(date))
    assignment = Assignment(plan=plan, command=scene.assignment.command, seed=number + 1)
    try:
        return run_audit(assignment, tools).audit, ""
    except AwayError:
        raise
    except AuditorError as error:
        return _on_record(date, scene), str(error)


def _on_record(date: datetime, scene: _Scene) -> Audit | None:
    """Return the audit of a date that was finished, or failed, before."""
    numbers = [
        summary.id
        for summary in scene.tools.ledger.summaries(scene.plan.model)
        if summary.started_at == date and summary.state in ("done", "failed")
    ]
    return scene.tools.ledger.audit(numbers[0]) if numbers else None


def _scored(number: int, act: _Act, *, scene: _Scene) -> _Act:
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


def _period(replay: Replay, scene: _Scene) -> Plan:
    data = replace(scene.plan.data, since=replay.date, until=replay.until, window=None, rows=None)
    return replace(scene.plan, data=data)


def _trained(
    number: int, configs: Sequence[Config], *, window: Snapshot, later: Snapshot, scene: _Scene
) -> tuple[Losses, ...]:
    """Fit on the rows of before a date, twice with different seeds, and score on the rows of after it."""
    plan, tools = scene.plan, scene.tools
    for snapshot in (window, later):
        tools.vault.verify(snapshot.digest)
    layout = replace(_layout(plan, later.digest, classes=scene.classes), confirm_share=1.0)
    groups = None if plan.data.group is None else tools.vault.read(later.digest, [plan.data.group])
    runner = scene.runner
    runner.tools = tools
    runner.grounds[Part.NOW] = Ground(
        layout=layout, fit_on=_layout(plan, window.digest, classes=scene.classes)
    )
    replicates = Replicates(
        runner=runner,
        layout=layout,
        partition=set_aside(
            layout, rows=later.rows, groups=None if groups is None else groups[plan.data.group or ""]
        ),
        metric=plan.policy.metric,
        seed=_SEED,
        part=Part.NOW,
    )
    passes = range(number, number + 1)
    different = {config_key(config): config for config in configs}
    replicates.train(list(different.values()), passes=passes, purpose=Round.CONFIRM)
    return tuple(replicates.losses(config, passes=passes) for config in configs)


def _layout(plan: Plan, digest: str, *, classes: bool) -> Layout:
    return Layout(
        digest=digest,
        target=plan.data.target,
        seed=_SEED,
        time=plan.data.time,
        group=plan.data.group,
        classes=classes,
    )


def _weighed(act: _Act, losses: Sequence[Losses], *, rows: int, confidence: float) -> _Act:
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


# ---------------------------------------------------------------- the whole


def _refuse_no_audit(acts: Sequence[_Act]) -> None:
    if all(act.audit is None or act.audit.error is not None for act in acts):
        raise AuditorError(f"no audit could be carried out at any date; the first: {acts[0].replay.headline}")


def _record(assignment: BacktestAssignment, acts: Sequence[_Act], *, scene: _Scene) -> Backtest:
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
