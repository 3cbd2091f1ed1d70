"""The walk of a panda: what an audit does that carries one live model on.

``audit.py`` opens the audit and records what comes of it. All state is in the newest audit's document and in
the vault: a turn follows from them, from fresh rows and from the seed, and from nothing else.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from auditor.core.carrying import carried, left_out, refuse_no_panda, why_not
from auditor.core.metrics import metric_named
from auditor.core.records import (
    Audit,
    Capture,
    LeftOut,
    OpenAudit,
    Plan,
    SearchRecord,
    Start,
    TrainerFacts,
    Turn,
    config_key,
)
from auditor.core.space import Space
from auditor.core.strategies.panda import Panda
from auditor.core.trails import Words, panda_record, production_loss_of
from auditor.core.verdict import margin_in_words
from auditor.core.wording import Ruler
from auditor.errors import TrainerError
from auditor.ports import Tools
from auditor.runner import Runner
from auditor.stages.snapshot import FEWEST_TURN_ROWS, lay_out_turns
from auditor.stages.triage import triage
from auditor.stages.turns import Footing, begin, take_turn, why_lost
from auditor.stages.verdict import Circumstances, conclude_turns, recorded

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
    footing = Footing(
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
    start = life.start if life is not None else begin(footing, production)
    turns = list(life.turns) if life is not None else []
    for place in range(layout.turns):
        turn = take_turn(footing, strategy, start, turns, place=place)
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
