"""The walk of a panda: what an audit does that carries one live model on, and whether there should be one.

``audit.py`` opens the audit and records what comes of it. All state is in the newest audit's document and in
the vault: a turn follows from them, from fresh rows and from the seed, and from nothing else.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from auditor.core.metrics import metric_named
from auditor.core.records import (
    Audit,
    Capture,
    Environment,
    LeftOut,
    OpenAudit,
    Plan,
    Result,
    SearchRecord,
    Snapshot,
    Start,
    TrainerFacts,
    Turn,
    config_key,
)
from auditor.core.space import Space
from auditor.core.strategies.caviar import FEWEST_DRAWS
from auditor.core.strategies.panda import Panda
from auditor.core.trails import Words, panda_record, production_loss_of
from auditor.core.verdict import margin_in_words
from auditor.core.wording import Ruler
from auditor.errors import DeclarationError, TrainerError
from auditor.ports import Tools
from auditor.runner import Runner
from auditor.stages.snapshot import FEWEST_TURN_ROWS, lay_out_turns
from auditor.stages.triage import triage
from auditor.stages.turns import Ground, begin, take_turn, why_lost
from auditor.stages.verdict import Circumstances, conclude_turns, recorded

SEARCH_NEEDS = 1 + FEWEST_DRAWS + 2 + 6
"""Full trainings that the smallest search worth its name takes: production, draws, production again in both
rounds, and two challengers on two further splits. Confirming has its own share beside it."""

ROOM_SHARE = 0.8
"""Of a machine's memory, for trainings; the rest is for the system, the rows and who serves the model."""

_LOOK_BACK = 50
"""Audits with a verdict among which the newest one that carried the model on is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """A live model so far.

    Attributes
    ----------
    audit
        The number of the audit that carried it on last.
    """

    audit: int
    start: Start
    turns: tuple[Turn, ...]
    plan: Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """Whether there can be a live model, and the one that there is.

    Attributes
    ----------
    no_panda
        Why there can be none; None when there can.
    life
        The one that is gone on with; None to begin one.
    lost
        Why the one before cannot be gone on with, where one has to be begun anew.
    """

    no_panda: str | None
    life: Life | None = None
    lost: str | None = None


def prospect(plan: Plan, space: Space, facts: TrainerFacts, capture: Capture, tools: Tools) -> Prospect:
    """Return whether one model can be carried on, and the one there is.

    Raises
    ------
    DeclarationError
        If the plan asks for a live model, and there can be none.
    """
    no_panda = why_not(plan, space, facts)
    refuse_no_panda(plan, no_panda)
    life = life_so_far(plan, capture, tools) if plan.budget.strategy != "caviar" else None
    lost = None if life is None else why_lost(life.start, life.turns, tools.vault)
    if life is None or lost is None:
        return Prospect(no_panda=no_panda, life=life)
    anew = f"The live model of audit {life.audit} cannot be gone on with: {lost}. A new one was begun."
    return Prospect(no_panda=no_panda, lost=anew)


def life_so_far(plan: Plan, capture: Capture, tools: Tools) -> Life | None:
    """Return the live model of these production settings, trainer and metric; None when none was begun.

    The plan that comes with it asks for the rows after its last turn.
    """
    done = [each.id for each in tools.ledger.summaries(plan.model) if each.state == "done"]
    for number in done[:_LOOK_BACK]:
        audit = tools.ledger.audit(number)
        if audit is None or audit.panda is None or audit.snapshot is None:
            continue
        same = (
            config_key(audit.capture.config) == config_key(capture.config)
            and audit.capture.id == capture.id
            and audit.metric == plan.policy.metric
            and audit.provenance.trainer == plan.trainer
        )
        if not same or audit.snapshot.last is None:
            return None
        since = audit.snapshot.last + timedelta(microseconds=1)
        return Life(
            audit=audit.id,
            start=audit.panda.start,
            turns=audit.panda.turns,
            plan=replace(plan, data=replace(plan.data, since=since, fewest=FEWEST_TURN_ROWS)),
        )
    return None


def why_not(plan: Plan, space: Space, facts: TrainerFacts) -> str | None:
    """Return why there can be no live model of a plan, or None when there can."""
    if not facts.continues:
        return (
            "the trainer cannot go on from a checkpoint: that takes an estimator with partial_fit, the kind "
            "'torch', or a python function that takes resume_from and checkpoint_to"
        )
    if plan.data.time is None:
        return "data.time is not given, and without it fresh rows cannot be told from old ones"
    if not facts.by_row:
        return "the trainer gives one number a training, and twins are compared row by row"
    if not carried(space, facts):
        reasons = "; ".join(f"{each.name}: {each.reason}" for each in left_out(space, facts))
        return f"no searched setting can be changed from a checkpoint ({reasons})"
    return None


def no_times(plan: Plan, snapshot: Snapshot) -> str | None:
    """Return why rows cannot be told from those of the turns before, or None when they can.

    A number that counts up may start again, and what it stands for nobody knows; a date does neither.
    """
    if plan.data.time is None or snapshot.last is not None:
        return None
    return (
        f"column {plan.data.time!r} (data.time) holds numbers, and only by dates can fresh rows be told from "
        "old ones; give a column of dates, as 2025-03-31T12:30:00"
    )


def refuse_no_panda(plan: Plan, problem: str | None) -> None:
    """Raise DeclarationError where a plan asks for a live model that there cannot be."""
    if plan.budget.strategy == "panda" and problem is not None:
        raise DeclarationError(f"{plan.path}: budget.strategy 'panda' will not do: {problem}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What an audit can afford, going by the one training of production that was measured.

    Attributes
    ----------
    seconds
        That it took.
    budget_seconds, workers
        As the schedule gives them.
    abreast
        Of the workers, how many such trainings have room beside each other in this machine's memory.
    peak_bytes, machine_bytes
        Memory that its process had at most, and that of the machine; None where that is not known.
    """

    seconds: float
    budget_seconds: float
    workers: int
    abreast: int
    peak_bytes: int | None
    machine_bytes: int | None

    @property
    def trainings(self) -> int:
        """How many full trainings fit."""
        return math.floor(self.budget_seconds * self.abreast / max(1e-9, self.seconds))

    @property
    def too_dear(self) -> bool:
        """Whether even the smallest search does not fit."""
        return self.trainings < SEARCH_NEEDS

    @property
    def said(self) -> str:
        """In words: how many trainings fit, against how many a search needs."""
        on = f"{self.workers} workers" if self.workers > 1 else "one worker"
        if self.abreast < self.workers and self.peak_bytes and self.machine_bytes:
            taken, there = self.peak_bytes / 1024**3, self.machine_bytes / 1024**3
            on = f"{self.abreast} of {on} (each takes {taken:.2g} of the machine's {there:.2g} GB of memory)"
        return (
            f"one training of production takes {self.seconds:.2g} s, so {self.trainings} fit the budget of "
            f"{self.budget_seconds / 60:g} min on {on}, and the smallest search takes {SEARCH_NEEDS}"
        )


def means_of(production: Result, plan: Plan, machine: Environment) -> Means:
    """Return what an audit can afford."""
    workers, peak = plan.budget.workers, production.peak_bytes
    room = workers if not peak else math.floor(ROOM_SHARE * machine.memory_bytes / peak)
    return Means(
        seconds=production.seconds,
        budget_seconds=plan.budget.time.total_seconds(),
        workers=workers,
        abreast=max(1, min(workers, room)),
        peak_bytes=peak,
        machine_bytes=machine.memory_bytes,
    )


def chosen(means: Means, *, no_panda: str | None) -> tuple[str, str]:
    """Return which strategy ``auto`` comes to, and why."""
    if not means.too_dear:
        return "caviar", means.said
    if no_panda is not None:
        return "caviar", f"{means.said}, and one model cannot be carried on instead: {no_panda}"
    return "panda", f"{means.said}: one model is carried on"


def carried(space: Space, facts: TrainerFacts) -> tuple[str, ...]:
    """Return the settings that turns change, in the order of the space."""
    out = {each.name for each in left_out(space, facts)}
    return tuple(name for name in space.names if name not in out)


def left_out(space: Space, facts: TrainerFacts) -> tuple[LeftOut, ...]:
    """Return the searched settings that no turn changes, and why."""
    conditions = {other for dimension in space.dimensions.values() for other in dimension.only_if}
    found = []
    for name, dimension in space.dimensions.items():
        if name in facts.uncarried:
            found.append(LeftOut(name, facts.uncarried[name]))
        elif dimension.only_if or name in conditions:
            found.append(LeftOut(name, "it exists only together with another, and a turn changes one"))
    return tuple(found)


def carry_on(
    plan: Plan,
    opened: OpenAudit,
    around: Callable[[], Circumstances],
    *,
    space: Space,
    facts: TrainerFacts,
    ahead: Prospect,
    reason: str,
    tools: Tools,
) -> Audit:
    """Begin a live model or carry it on, as many turns as the plan allows, and return the audit of it.

    Parameters
    ----------
    around
        Gives what surrounds the audit when it ends.
    ahead
        The live model that there is, if there is one.
    reason
        Why this strategy.

    Raises
    ------
    AuditorError
        If it cannot be carried on; the turns before stay what they are, and no row is used up.
    """
    production, life = opened.capture.config, ahead.life
    layout, partition = lay_out_turns(
        plan, opened.snapshot, seed=opened.seed, facts=facts, tools=tools, begins=life is None
    )
    runner = Runner(audit_id=opened.id, plan=plan, layout=layout, tools=tools)
    ground = Ground(
        runner=runner,
        opened=opened,
        layout=layout,
        partition=partition,
        policy=plan.policy,
        times=_times(plan, opened, tools),
    )
    strategy = Panda(
        space=space,
        production=production,
        names=carried(space, facts),
        confidence=plan.policy.confidence,
    )
    drift = triage(plan, opened, tools)
    start = life.start if life is not None else begin(ground, production)
    turns = list(life.turns) if life is not None else []
    for place in range(layout.turns):
        turn = take_turn(ground, strategy, start, turns, place=place)
        if turn is None:
            raise TrainerError(
                "no nudge changes a single loss: going on from a checkpoint heeds none of "
                f"{', '.join(strategy.names)}; search other settings, or take the strategy 'caviar'"
            )
        turns.append(turn)
    words = _words(plan, production_loss_of(turns, strategy))
    panda = panda_record(
        strategy,
        start,
        turns,
        live=turns[-1].config,
        left_out=(*left_out(space, facts), *_inert(strategy, turns)),
        words=words,
    )
    search = SearchRecord(
        strategy="panda",
        reason=reason,
        space=space.records(),
        rungs=(1.0,),
        screened=0.0,
        trials=tuple(recorded(result) for result in runner.history),
    )
    return conclude_turns(
        panda,
        search,
        around(),
        runner.history,
        words=words,
        layout=layout,
        drift=drift,
        notes=(*space.warnings, *_went_back(turns, opened.id), *([ahead.lost] if ahead.lost else ())),
    )


def _went_back(turns: Sequence[Turn], audit_id: int) -> tuple[str, ...]:
    """Return, for each turn of an audit that had to leave out the newest models, what was wrong with them."""
    return tuple(
        f"Turn {turn.number} went back to the model of turn {turn.parent}: {turn.lost}."
        for turn in turns
        if turn.audit_id == audit_id and turn.lost is not None
    )


def _inert(strategy: Panda, turns: Sequence[Turn]) -> tuple[LeftOut, ...]:
    return tuple(
        LeftOut(name, "its nudges changed not one loss: going on from a checkpoint does not heed it")
        for name in strategy.inert(turns)
    )


def _words(plan: Plan, production_loss: float) -> Words:
    unit = metric_named(plan.policy.metric).unit
    ruler = Ruler(production_loss=production_loss, unit=unit, confidence=plan.policy.confidence)
    return Words(ruler, margin_in_words(plan.policy.margin, unit=unit))


def _times(plan: Plan, opened: OpenAudit, tools: Tools) -> npt.NDArray[Any] | None:
    """Return when each row is from, in UTC; None when the time column counts something else."""
    import pandas as pd

    column = plan.data.time
    if column is None or opened.snapshot.last is None:
        return None
    values = tools.vault.read(opened.snapshot.digest, [column])[column]
    return np.asarray(pd.DatetimeIndex(pd.to_datetime(values, utc=True)).tz_localize(None))
