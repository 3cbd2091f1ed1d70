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

What stands in for the present is in ``stand_ins``, what all dates share in ``scene``; one date is ``dates``,
what came after it ``afterwards``, and all of them together ``whole``.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from auditor.backtest.afterwards import Act
from auditor.backtest.dates import play
from auditor.backtest.scene import BacktestAssignment, set_scene
from auditor.backtest.whole import record
from auditor.core.hindsight import replay_dates
from auditor.core.records import Backtest, Capture, Plan, Snapshot
from auditor.errors import AuditorError, DataError, DeclarationError
from auditor.ports import Tools
from auditor.stages.capture import look
from auditor.stages.snapshot import take_snapshot

__all__ = ["BacktestAssignment", "run_backtest"]


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
    scene = set_scene(assignment, history, start=start, past=past)
    acts: list[Act] = []
    for number, date in enumerate(dates):
        before = acts[-1] if acts else None
        acts.append(play(number, date, of=len(dates), before=before, scene=scene))
    _refuse_no_audit(acts)
    return record(assignment, acts, scene=scene)


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


def _refuse_no_audit(acts: Sequence[Act]) -> None:
    if all(act.audit is None or act.audit.error is not None for act in acts):
        raise AuditorError(f"no audit could be carried out at any date; the first: {acts[0].replay.headline}")
