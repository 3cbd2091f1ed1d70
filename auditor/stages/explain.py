"""Explain: why settings went stale, and what retraining alone would have given.

Production and the confirmed challenger are trained on older rows, those that production was tuned on or
the earliest ones that an audit of it saw, and on fresh ones, at equal training size and on rows that
the two do not share. What the gains then and now mean is decided in ``core/cause.py``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from auditor.core.boundaries import deviate_of
from auditor.core.cause import GREW, Square, blame_environment, find_cause, undetermined
from auditor.core.changes import code_changes, environment_changes
from auditor.core.metrics import POOLED, metric_named
from auditor.core.overlap import first_new_row, held_among
from auditor.core.records import (
    Call,
    Canary,
    CanaryCall,
    Cause,
    Config,
    Confirmation,
    Estimate,
    Layout,
    OpenAudit,
    Part,
    Reference,
    Round,
)
from auditor.core.shortages import FEWEST_ROWS, shortage
from auditor.core.splits import Partition, rows_of, set_aside
from auditor.core.variance import Replicate, TwoWay, can_be_told, difference, two_way
from auditor.core.wording import Ruler, listed
from auditor.errors import SnapshotError
from auditor.ports import Tools
from auditor.replicates import Replicates, folds
from auditor.runner import Ground

PASSES = range(3)
"""Passes that each cell of the two by two is trained in: 6 paired trainings each."""

RETRAIN_PASSES = range(2)
"""Passes in which production is fitted on the older rows: 4 trainings, whose partners were confirmed."""

_SUBSAMPLE = 0.8
"""A reference with fewer rows than are fitted on now is fitted on this share of it, so that what luck
in the rows does is seen (as ``Layout.subsample``)."""

_Arrays = Mapping[str, npt.NDArray[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What can be said beyond the verdict.

    Attributes
    ----------
    cause
        None unless stale.
    retrain_gain
        None where there are no older rows to compare with.
    """

    cause: Cause | None
    retrain_gain: Estimate | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    """Rows of one snapshot, set aside."""

    layout: Layout
    partition: Partition
    target: npt.NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Older:
    """The reference, the fresh rows that it does not hold, and which of its rows are searched on now."""

    reference: Reference
    then: _Rows
    now: _Rows
    searched: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Absent:
    """Why there is nothing to compare with, and what would mend it."""

    reason: str
    next_step: str | None = None
    reference: Reference | None = None


def explain(
    confirmation: Confirmation, *, opened: OpenAudit, canary: Canary, replicates: Replicates
) -> Explanation:
    """Say why settings went stale, if they did, and what retraining alone would have given.

    Needs production in the first confirming passes, which `confirm` has trained.
    """
    production = opened.capture.config
    older = _older(opened, replicates)
    gain = None
    if isinstance(older, _Older):
        gain = _retrain_gain(production, older=older, replicates=replicates)
    if confirmation.call is not Call.STALE:
        return Explanation(cause=None, retrain_gain=gain)
    cause = (
        undetermined(older.reason, reference=older.reference, next_step=older.next_step)
        if isinstance(older, _Absent)
        else _cause(confirmation, production=production, older=older, replicates=replicates)
    )
    changes = _changes(opened, replicates) if canary.call is CanaryCall.CHANGED else ()
    return Explanation(cause=blame_environment(cause, canary, changes=changes), retrain_gain=gain)


# ---------------------------------------------------------------- older rows


def _older(opened: OpenAudit, replicates: Replicates) -> _Older | _Absent:
    tools, layout = replicates.runner.tools, replicates.layout
    digest = tools.ledger.reference(opened.capture)
    if digest is None:
        return _Absent(
            reason="no rows from when production was tuned are on record",
            next_step=(
                "the rows of this audit are kept for the next one; "
                f"`auditor capture {replicates.runner.plan.name}` files those that production is tuned on"
            ),
        )
    if digest == opened.snapshot.digest:
        return _Absent(reason="the fresh rows are the oldest on record for these settings")
    try:
        tools.vault.verify(digest)
    except SnapshotError as error:
        return _Absent(reason=f"the older rows cannot be read ({error})")
    missing = _missing_columns(opened, digest, replicates)
    if missing:
        return _Absent(reason=f"older and fresh rows do not have the same columns ({listed(missing)})")
    fresh, older, ordered = (
        _identity(opened.snapshot.digest, layout, tools),
        _identity(digest, layout, tools),
        layout.time is not None,
    )
    first = first_new_row(fresh, older, ordered=ordered)
    then = _rows(replace(layout, digest=digest), tools)
    reference = Reference(
        digest=digest, rows=then.target.size, audit_id=_audit_of(opened, digest, tools), first_row=first or 0
    )
    if first is None:
        return _Absent(
            reason="fresh rows cannot be told from older ones, because too many of them are alike",
            next_step="name the column with the time of each row (data.time)",
            reference=reference,
        )
    return _Older(
        reference=reference,
        then=then,
        now=_rows(replace(layout, first_row=first), tools),
        searched=held_among(older, fresh, rows=replicates.partition.search, ordered=ordered),
    )


def _missing_columns(opened: OpenAudit, digest: str, replicates: Replicates) -> list[str]:
    """Return the columns that only one of the two snapshots has, of those that matter."""
    dropped = set(replicates.layout.drop)
    now = {column.name for column in opened.snapshot.columns} - dropped
    then = {column.name for column in replicates.runner.tools.vault.columns(digest)} - dropped
    return sorted(repr(name) for name in now ^ then)


def _identity(digest: str, layout: Layout, tools: Tools) -> _Arrays:
    """Return what tells the rows of a snapshot from others: their time, or all that they hold."""
    if layout.time is not None:
        return tools.vault.read(digest, [layout.time])
    names = sorted(column.name for column in tools.vault.columns(digest))
    return tools.vault.read(digest, [name for name in names if name not in layout.drop])


def _rows(layout: Layout, tools: Tools) -> _Rows:
    wanted = [layout.target, *([layout.group] if layout.group else [])]
    columns = tools.vault.read(layout.digest, wanted)
    target, groups = columns[layout.target], columns[layout.group] if layout.group else None
    partition = set_aside(layout, rows=target.size, target=target, groups=groups)
    return _Rows(layout=layout, partition=partition, target=target)


def _audit_of(opened: OpenAudit, digest: str, tools: Tools) -> int | None:
    """Return the audit whose fresh rows the reference was, or None when it was captured."""
    if opened.capture.snapshot is not None:
        return None
    return min(
        summary.id
        for summary in tools.ledger.summaries(opened.model)
        if summary.state == "done" and summary.capture == opened.capture.id and summary.snapshot == digest
    )


# ---------------------------------------------------------------- two by two


def _cause(confirmation: Confirmation, *, production: Config, older: _Older, replicates: Replicates) -> Cause:
    for rows, name in ((older.then, "older rows"), (older.now, "fresh rows that no older snapshot holds")):
        problem = shortage(rows.partition, rows.target, classes=rows.layout.classes, units=rows.layout.units)
        if problem is not None:
            return undetermined(f"{name}: {problem}", reference=older.reference)
    pair = (production, confirmation.finalists[confirmation.winner].config)
    square = _square(pair, older=older, replicates=replicates)
    if isinstance(square, str):
        return undetermined(square, reference=older.reference)
    ruler = Ruler(
        production_loss=confirmation.production_loss,
        unit=metric_named(replicates.metric).unit,
        confidence=replicates.runner.plan.policy.confidence,
    )
    return find_cause(square, margin=confirmation.margin, reference=older.reference, ruler=ruler)


def _square(pair: tuple[Config, Config], *, older: _Older, replicates: Replicates) -> Square | str:
    """Return the two by two as measured, or why it could not be."""
    sizes = {part: _fitted(rows, part) for part, rows in ((Part.THEN, older.then), (Part.NOW, older.now))}
    size = min(sizes.values())
    untouched = _untouched(older, replicates)
    cell = _cell(older.then, Part.THEN, size=size, replicates=replicates)
    then = _gain(pair, cell, passes=PASSES, among=untouched)
    now = _gain(pair, _cell(older.now, Part.NOW, size=size, replicates=replicates), passes=PASSES)
    if isinstance(then, str) or isinstance(now, str):
        return next(problem for problem in (then, now) if isinstance(problem, str))
    square = Square(then=then, now=now, rows=size, overstated=untouched is None)
    return _with_whole(square, pair, older=older, replicates=replicates)


def _with_whole(
    square: Square, pair: tuple[Config, Config], *, older: _Older, replicates: Replicates
) -> Square:
    """Return the two by two with the gain at full size, where the sizes then and now differ by much."""
    fresh = _Rows(layout=replicates.layout, partition=replicates.partition, target=older.now.target)
    now, then = _fitted(fresh, Part.CONFIRM), _fitted(older.then, Part.THEN)
    # Beyond these, the gain at equal size says nothing of the smaller side's own.
    if now >= GREW * then and square.rows * GREW >= then:
        whole = _gain(pair, replicates, passes=range(len(PASSES)))
        return square if isinstance(whole, str) else replace(square, whole=whole, whole_rows=now, grown=True)
    if then >= GREW * now and square.rows * GREW >= now:
        cell = _cell(older.then, Part.THEN_WHOLE, size=None, replicates=replicates)
        whole = _gain(pair, cell, passes=PASSES, among=_untouched(older, replicates))
        return (
            square if isinstance(whole, str) else replace(square, whole=whole, whole_rows=then, grown=False)
        )
    return square


def _fitted(rows: _Rows, part: Part) -> int:
    """Return how many rows the trainings of a part are fitted on."""
    return min(rows_of(rows.partition, fold, rows.layout).fit.size for fold in folds(PASSES, part))


def _untouched(older: _Older, replicates: Replicates) -> npt.NDArray[np.bool_] | None:
    """Return which older rows the search did not look at, or None where too few are left to score alone."""
    metric = metric_named(replicates.metric)
    untouched = ~older.searched
    left = int(np.count_nonzero(untouched[older.then.partition.confirm]))
    by_row = metric.per_row and metric.name not in POOLED and replicates.layout.units is None
    enough = left == older.then.partition.confirm.size or (by_row and left >= FEWEST_ROWS)
    return untouched if enough else None


def _cell(rows: _Rows, part: Part, *, size: int | None, replicates: Replicates) -> Replicates:
    layout = replace(rows.layout, fit_rows=size)
    replicates.runner.grounds[part] = Ground(layout=layout)
    return replace(replicates, layout=layout, partition=rows.partition, part=part)


def _gain(
    pair: tuple[Config, Config],
    replicates: Replicates,
    *,
    passes: range,
    among: npt.NDArray[np.bool_] | None = None,
) -> TwoWay | str:
    """Train what was not trained yet, and return the gain, or why there is none.

    With ``among``, on these rows of the part's snapshot alone.
    """
    replicates.train(pair, passes=passes, purpose=Round.EXPLAIN)
    ours, theirs = (replicates.losses(config, passes=passes) for config in pair)
    gains = {fold: difference(ours[fold], theirs[fold]) for fold in ours if fold in theirs}
    if among is not None:
        gains = {
            fold: _kept(gain, among[rows_of(replicates.partition, fold, replicates.layout).score])
            for fold, gain in gains.items()
        }
    if len(gains) < 2:
        where = "older" if replicates.part in (Part.THEN, Part.THEN_WHOLE) else "fresh"
        return (
            f"fewer than two trainings on the {where} rows survived, for production and challenger alike; "
            f"the first failure: {replicates.first_failure(*pair)}"
        )
    return two_way(list(gains.values()))


# ---------------------------------------------------------------- retraining alone


def _retrain_gain(production: Config, *, older: _Older, replicates: Replicates) -> Estimate | None:
    """Return what production's settings lose by being fitted on the older rows, or None if it cannot be told.

    Scored on the confirming rows that the older snapshot does not hold.
    """
    first, layout = older.reference.first_row, replicates.layout
    newer = int(np.count_nonzero(replicates.partition.confirm >= first))
    by_row = metric_named(replicates.metric).per_row and layout.units is None
    if newer < FEWEST_ROWS or (first > 0 and not by_row):
        return None
    fresh = _Rows(layout=layout, partition=replicates.partition, target=older.now.target)
    size = min(_fitted(fresh, Part.CONFIRM), round(_SUBSAMPLE * older.reference.rows))
    replicates.runner.grounds[Part.UNRETRAINED] = Ground(
        layout=layout, fit_on=replace(older.then.layout, fit_rows=size)
    )
    unretrained = replace(replicates, part=Part.UNRETRAINED)
    unretrained.train([production], passes=RETRAIN_PASSES, purpose=Round.EXPLAIN)
    before = unretrained.losses(production, passes=RETRAIN_PASSES)
    after = {
        replace(fold, part=Part.UNRETRAINED): losses
        for fold, losses in replicates.losses(production, passes=RETRAIN_PASSES).items()
    }
    gains = [
        _kept(
            difference(before[fold], after[fold]), rows_of(replicates.partition, fold, layout).score >= first
        )
        for fold in before
        if fold in after
    ]
    if not can_be_told(gains):  # new rows of one block of time are one piece of luck
        return None
    confidence = replicates.runner.plan.policy.confidence
    return two_way(gains).interval(deviate_of((1.0 - confidence) / 2.0))


def _kept(gain: Replicate, newer: npt.NDArray[np.bool_]) -> Replicate:
    """Return a replicate's newer rows; all of it where its values are no rows."""
    return gain if newer.all() else replace(gain, clusters=gain.clusters[newer], values=gain.values[newer])


def _changes(opened: OpenAudit, replicates: Replicates) -> tuple[str, ...]:
    """Return the names of what differs in environment and code since the capture."""
    sources, trainer = replicates.runner.tools.sources, replicates.runner.plan.trainer
    environment = environment_changes(opened.capture.environment, sources.environment())
    code = code_changes(opened.capture.code, sources.code(trainer))
    return tuple(change.what for change in (*environment, *code))
