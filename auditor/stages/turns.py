"""Turns: one live model, begun once and carried on, on rows that no turn before has seen.

Every training is recorded before the next one starts, and leaves its model in the vault; what a turn decides
follows from what is recorded. So a turn that is interrupted anywhere goes on where it stopped.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from auditor.core.challenges import is_production
from auditor.core.metrics import metric_named
from auditor.core.records import (
    Config,
    Estimate,
    Fold,
    IntArray,
    Kept,
    Layout,
    OpenAudit,
    Part,
    Policy,
    Proposal,
    Result,
    Round,
    Start,
    Turn,
)
from auditor.core.splits import FoldRows, Partition, rows_of
from auditor.core.strategies.panda import Nudge, Panda, has_become_worse, setback_of
from auditor.core.twins import paired_gain
from auditor.core.units import jackknife_units
from auditor.errors import SnapshotError, TrainerError
from auditor.ports import Vault
from auditor.runner import Runner, key_of

UNCHANGED, NUDGED, PRODUCTION, LIVE, BEFORE = range(5)
"""Which model a training of a turn is, as ``Fold.half``: the two twins, the one that is carried on with
production's settings all along, and two that are only scored: the live one, and the one it was made from."""

_NUDGE, _TRAIN = 7, 8
"""Last in the keys of random streams: what is nudged, and with which seed the twins train."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Footing:
    """What the turns of one audit stand on.

    Attributes
    ----------
    times
        Shape (rows,): when each row is from; None when that is not a time.
    """

    runner: Runner
    opened: OpenAudit
    layout: Layout
    partition: Partition
    policy: Policy
    times: npt.NDArray[Any] | None = None


def begin(footing: Footing, production: Config) -> Start:
    """Train production in full on the oldest rows, as the live model begins.

    Raises
    ------
    TrainerError
        If production itself does not train.
    """
    fold = Fold(Part.START, 0)
    result = _trained(
        footing, [Proposal(config=production, round=Round.START, fold=fold)], seed=_seed(footing, 0)
    )[0]
    loss, checkpoint = _whole(result, "production itself does not train")
    return Start(
        audit_id=footing.opened.id,
        at=footing.opened.started_at,
        rows_fitted=int(_rows(footing, fold).fit.size),
        loss=loss,
        iterations=result.iterations,
        checkpoint=checkpoint,
        seconds=result.seconds,
    )


def take_turn(
    footing: Footing, strategy: Panda, start: Start, turns: Sequence[Turn], *, place: int
) -> Turn | None:
    """Carry the live model on by one turn; None when there is no setting left to nudge.

    Parameters
    ----------
    turns
        All since the start.
    place
        Of the turn within this audit, from 0.

    Raises
    ------
    TrainerError
        If the live model, or the one with production's settings, cannot be carried on.
    """
    footing.runner.horizon = start.iterations
    number = len(turns) + 1
    past = _Past(start, turns, strategy.production)
    parent, setback, lost = _reviewed(footing, past, place=place)
    live = past.config(parent)
    nudge = strategy.next_nudge(turns, live, np.random.default_rng([footing.opened.seed, number, _NUDGE]))
    if nudge is None:
        return None
    twins = _carried(footing, past, strategy, nudge, parent=parent, place=place, number=number)
    turn = _turn(footing, strategy, turns, nudge, twins, parent=parent, setback=setback, place=place)
    return replace(turn, lost=lost)


def why_lost(start: Start, turns: Sequence[Turn], vault: Vault) -> str | None:
    """Return why no model of a life can be gone on with any more, or None when one can."""
    number, lost = _intact(start, turns, vault)
    return lost if number is None else None


def _intact(start: Start, turns: Sequence[Turn], vault: Vault) -> tuple[int | None, str | None]:
    """Return the newest turn whose checkpoints are whole, of the newest one and those it was made from.

    The second is what is wrong with the newest of all; None where nothing is.
    """
    number, lost = len(turns), None
    while True:
        turn = turns[number - 1] if number else None
        digests = (start.checkpoint,) if turn is None else (turn.checkpoint, turn.production_checkpoint)
        troubles = [vault.checkpoint_trouble(digest) for digest in dict.fromkeys(digests)]
        trouble = next((each for each in troubles if each is not None), None)
        if trouble is None:
            return number, lost
        lost = lost or trouble
        if turn is None:
            return None, lost
        number = turn.parent


@dataclass(frozen=True, slots=True)
class _Past:
    """The turns so far, by number; 0 is the start."""

    start: Start
    turns: Sequence[Turn]
    production: Config

    def config(self, number: int) -> Config:
        return self.turns[number - 1].config if number else self.production

    def checkpoint(self, number: int) -> str:
        return self.turns[number - 1].checkpoint if number else self.start.checkpoint

    def production_checkpoint(self, number: int) -> str:
        return self.turns[number - 1].production_checkpoint if number else self.start.checkpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class _Twins:
    """What a turn trained; ``production`` is ``unchanged`` while the two are the same."""

    live: Config
    changed: Config
    unchanged: Result
    nudged: Result
    production: Result


def _reviewed(footing: Footing, past: _Past, *, place: int) -> tuple[int, Estimate | None, str | None]:
    """Return the turn whose model is carried on.

    Beside it by how much the newest one is worse than its parent, and why an older one had to be taken
    for the newest.
    """
    newest, lost = _intact(past.start, past.turns, footing.runner.tools.vault)
    if newest is None:
        raise SnapshotError(f"no model of the turns before is left: {lost}")
    if newest == 0:
        return 0, None, lost
    parent = past.turns[newest - 1].parent
    results = _trained(
        footing,
        [
            Proposal(
                config=past.config(number),
                round=Round.REVIEW,
                fold=Fold(Part.TURN, place, role),
                resume_from=past.checkpoint(number),
            )
            for role, number in ((LIVE, newest), (BEFORE, parent))
        ],
        seed=_seed(footing, len(past.turns) + 1),
    )
    live, before = results
    if before.losses is None:
        return newest, None, lost
    if live.losses is None:  # it predicts what is no number any more
        return parent, None, lost
    setback = setback_of(*_compared(footing, live, before, place=place))
    margin = footing.policy.margin.in_loss(before.loss or 0.0)
    return (parent if has_become_worse(setback, margin) else newest), setback, lost


def _carried(
    footing: Footing,
    past: _Past,
    strategy: Panda,
    nudge: Nudge,
    *,
    parent: int,
    place: int,
    number: int,
) -> _Twins:
    live = past.config(parent)
    changed = {**live, nudge.setting: nudge.tried}
    apart = not is_production(live, strategy.production, strategy.names)
    wanted = [(UNCHANGED, live, past.checkpoint(parent)), (NUDGED, changed, past.checkpoint(parent))]
    if apart:
        wanted.append((PRODUCTION, strategy.production, past.production_checkpoint(parent)))
    results = _trained(
        footing,
        [
            Proposal(
                config=config,
                round=Round.TURN,
                fold=Fold(Part.TURN, place, role),
                resume_from=checkpoint,
            )
            for role, config, checkpoint in wanted
        ],
        seed=_seed(footing, number),
    )
    return _Twins(
        live=live,
        changed=changed,
        unchanged=results[0],
        nudged=results[1],
        production=results[2] if apart else results[0],
    )


def _turn(
    footing: Footing,
    strategy: Panda,
    turns: Sequence[Turn],
    nudge: Nudge,
    twins: _Twins,
    *,
    parent: int,
    setback: Estimate | None,
    place: int,
) -> Turn:
    rows = _rows(footing, Fold(Part.TURN, place))
    loss, checkpoint = _whole(twins.unchanged, "the live model cannot be carried on")
    production_loss, home = _whole(
        twins.production, "the model with production's settings cannot be carried on"
    )
    margin = footing.policy.margin.in_loss(production_loss)
    gain, error, kept = None, None, Kept.UNCHANGED
    if twins.nudged.losses is not None:
        gain, error = _compared(footing, twins.unchanged, twins.nudged, place=place)
        kept = strategy.keeps(nudge, turns, gain, error, int(rows.score.size), margin=margin)
    config = twins.changed if kept is Kept.NUDGED else twins.live
    if kept is Kept.NUDGED:
        _, checkpoint = _whole(twins.nudged, "the changed twin left no model")
    first, last = _span(footing, rows)
    trained = {id(each): each for each in (twins.unchanged, twins.nudged, twins.production)}.values()
    return Turn(
        number=len(turns) + 1,
        audit_id=footing.opened.id,
        at=footing.opened.started_at,
        parent=parent,
        rows_fitted=int(rows.fit.size),
        rows_scored=int(rows.score.size),
        move=nudge.move,
        setting=nudge.setting,
        value=nudge.value,
        tried=nudge.tried,
        step=nudge.step,
        loss=loss,
        tried_loss=twins.nudged.loss,
        production_loss=production_loss,
        gain=gain,
        error=error,
        margin=margin,
        kept=kept,
        config=config,
        checkpoint=checkpoint,
        # Back at production's settings, the two are one model again.
        production_checkpoint=checkpoint
        if is_production(config, strategy.production, strategy.names)
        else home,
        seconds=sum(result.seconds for result in trained),
        first=first,
        last=last,
        setback=setback,
        failure=twins.nudged.failure.message if twins.nudged.failure else None,
    )


def _trained(footing: Footing, proposals: Sequence[Proposal], *, seed: int) -> list[Result]:
    """Return the results of some proposals, trained unless they were already: all of a lot, or none."""
    runner = footing.runner
    keys = [key_of(each.config, each.fold) for each in proposals]
    if any(key not in runner.done() for key in keys):
        runner.run(proposals, seeds=[seed] * len(proposals), stage="turn")
    done = runner.done()
    results = [done[key] for key in keys]
    if any(
        one.trial.proposal.resume_from != each.resume_from
        for one, each in zip(results, proposals, strict=True)
    ):
        raise SnapshotError("checkpoints in the vault came or went while a turn was interrupted")
    return results


def _whole(result: Result, problem: str) -> tuple[float, str]:
    """Return the loss and the checkpoint of a training that the turn cannot do without."""
    if result.loss is None or result.checkpoint is None:
        failure = result.failure
        raise TrainerError(f"{problem} ({failure.kind}): {failure.message}" if failure else problem)
    return result.loss, result.checkpoint


def _compared(footing: Footing, ours: Result, theirs: Result, *, place: int) -> tuple[float, float]:
    clusters = _rows(footing, Fold(Part.TURN, place)).clusters
    if not metric_named(footing.policy.metric).per_row:
        clusters = np.unique(jackknife_units(clusters))
    if ours.losses is None or theirs.losses is None:
        raise ValueError("only models with losses can be compared")
    return paired_gain(ours.losses, theirs.losses, clusters)


def _rows(footing: Footing, fold: Fold) -> FoldRows:
    return rows_of(footing.partition, Fold(fold.part, fold.index), footing.layout)


def _span(footing: Footing, rows: FoldRows) -> tuple[datetime | None, datetime | None]:
    """Return the oldest and the newest time of a turn's rows."""
    if footing.times is None:
        return None, None
    both: IntArray = np.concatenate([rows.fit, rows.score])
    times = footing.times[both].astype("datetime64[us]")
    first, last = (moment.item().replace(tzinfo=UTC) for moment in (times.min(), times.max()))
    return first, last


def _seed(footing: Footing, number: int) -> int:
    return int(np.random.default_rng([footing.opened.seed, number, _TRAIN]).integers(2**31))
