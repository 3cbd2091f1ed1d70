"""Repeated: what this audit adds to the model's earlier ones, on rows that none of them looked at.

Evidence adds up only if nothing is counted twice. In rows that come in time order, new rows are
those after the newest row that any earlier audit looked at, to search or to confirm. Rows without
an order are told by what is in them: the rows of earlier snapshots are recognised by a hash of
their features, one old snapshot in memory at a time. Where that cannot be told, the audit counts
for nothing beyond itself, and says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from auditor.core.comparison import PASSES, look, plan_looks
from auditor.core.detector import p_value_of
from auditor.core.metrics import POOLED, metric_named
from auditor.core.records import (
    Audit,
    AuditSummary,
    Capture,
    Confirmation,
    Finalist,
    Fold,
    OpenAudit,
    Plan,
    Policy,
    Repeat,
    Repeated,
    config_key,
)
from auditor.core.repeated import Contribution, Place, add_up, done_before, done_over
from auditor.core.shortages import FEWEST_GROUPS, FEWEST_ROWS
from auditor.core.splits import rows_of, time_blocks
from auditor.core.variance import Replicate, decorrelation_time, difference
from auditor.errors import SnapshotError
from auditor.ports import Tools
from auditor.replicates import Replicates

_CYCLE = timedelta(days=31)
"""Audits of other models that are weighed together are no older than this, or than the interval of audits."""

_ALIKE = 0.01
"""Where more than this share of a snapshot's rows have a twin in it, no row can be told by its features."""

_MIN_BLOCK = 2.0
"""Blocks of new rows must be this many decorrelation times long (statistics, section 2)."""

_Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """The model's finished audits before this one.

    Attributes
    ----------
    audits
        Oldest first.
    last
        What was added up until the newest of them, if it was on the same settings by the same metric.
    repeats
        Number of an earlier audit of the same rows, seed and plan, which this one does over; then ``audits``
        are those before that one, so that it ends as that one did.
    """

    audits: tuple[AuditSummary, ...]
    last: Repeated | None
    repeats: int | None

    def to_the_end(self, policy: Policy) -> bool:
        """Whether *stale* may be called at the last look only: not in the first audit of a model."""
        return bool(self.audits) and policy.repeat is not Repeat.ALONE


def look_back(opened: OpenAudit, policy: Policy, tools: Tools) -> Earlier:
    """Return the model's finished audits before an open one."""
    summaries = tools.ledger.summaries(opened.model)
    audits = done_before(summaries, opened)
    last = tools.ledger.audit(audits[-1].id) if audits else None
    goes_on = last is not None and _goes_on(last, opened.capture, policy)
    return Earlier(
        audits=audits,
        last=last.repeated if last is not None and goes_on else None,
        repeats=done_over(summaries, opened),
    )


def repeated(audit: Audit, earlier: Earlier, *, plan: Plan, replicates: Replicates, tools: Tools) -> Audit:
    """Return a finished audit with what it adds to the earlier ones, and what they say together."""
    confirmation, call = audit.confirmation, audit.call
    if confirmation is None or call is None:
        return audit
    rows = _Rows(audit=audit, plan=plan, replicates=replicates, tools=tools)
    found = add_up(
        _contribution(confirmation, earlier, rows),
        Place(
            number=len(earlier.audits) + 1,
            to_the_end=earlier.to_the_end(plan.policy),
            before=earlier.last,
            call=call,
            worth=_estimate(confirmation) >= confirmation.margin,
            others=_other_models(audit, plan, tools) if plan.policy.repeat is Repeat.FLEET else {},
            every_days=_days_between(audit, plan),
        ),
        plan.policy,
    )
    return replace(audit, repeated=found)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    """What the evidence is taken from."""

    audit: Audit
    plan: Plan
    replicates: Replicates
    tools: Tools


def _goes_on(last: Audit, capture: Capture, policy: Policy) -> bool:
    """Whether evidence on the last audit's settings is evidence on these: same values, same metric."""
    same_settings = config_key(last.capture.config) == config_key(capture.config)
    return same_settings and last.metric == policy.metric


def _estimate(confirmation: Confirmation) -> float:
    return confirmation.finalists[confirmation.winner].looks[-1].gain.estimate


def _days_between(audit: Audit, plan: Plan) -> float | None:
    if plan.when.every is not None:
        return plan.when.every.total_seconds() / 86_400
    due = audit.next_audit.due
    return None if due is None else max(1.0, (due - audit.finished_at).total_seconds() / 86_400)


def _other_models(audit: Audit, plan: Plan, tools: Tools) -> Mapping[str, float]:
    """Return the p-value of every other model's newest audit of the cycle before this one began.

    What ended since then does not count: whether it did may depend on when this audit was resumed.
    """
    oldest = audit.started_at - max(_CYCLE, plan.when.every or _CYCLE)
    newest: dict[str, float] = {}
    for summary in tools.ledger.summaries():
        ended = summary.finished_at
        recent = ended is not None and oldest <= ended <= audit.started_at
        weighed = summary.repeat is Repeat.FLEET and summary.p_value is not None
        if recent and weighed and summary.model != audit.model and summary.p_value is not None:
            newest.setdefault(summary.model, summary.p_value)
    return newest


# ---------------------------------------------------------------- the evidence


def _contribution(confirmation: Confirmation, earlier: Earlier, rows: _Rows) -> Contribution:
    policy = rows.plan.policy
    if policy.repeat is Repeat.ALONE:
        return _nothing("the schedule says that every audit stands for itself")
    if earlier.repeats is not None:
        return _nothing(f"it does audit {earlier.repeats} over, on the same rows")
    new, unknown = _unseen(earlier.audits, rows)
    count = int(np.count_nonzero(new))
    problem = unknown or _too_few(new, rows.replicates) or _not_by_row(new, rows.replicates)
    if problem is not None:
        return _nothing(problem, new_rows=count)
    gains = _gains(confirmation, new, rows)
    alike = _alike(gains, count) if rows.replicates.partition.ordered else None
    if alike is not None:
        return _nothing(alike, new_rows=count)
    deviates = _deviates(gains, confirmation, policy=policy)
    final = p_value_of(list(deviates.values()), tried=len(confirmation.finalists) + confirmation.failed)
    return Contribution(
        p_value=final if earlier.to_the_end(policy) else confirmation.p_value,
        reason=f"it brings {count:,} confirming rows that no earlier audit looked at",
        new_rows=count,
        carried=tuple(
            (finalist.config, p_value_of([deviates[j]] if j in deviates else [], tried=1))
            for j, finalist in enumerate(confirmation.finalists)
            if finalist.carried
        ),
    )


def _nothing(reason: str, *, new_rows: int = 0) -> Contribution:
    return Contribution(p_value=None, reason=reason, new_rows=new_rows)


def _too_few(new: _Mask, replicates: Replicates) -> str | None:
    count = int(np.count_nonzero(new))
    if count < FEWEST_ROWS:
        return f"only {count} of its confirming rows are new, and {FEWEST_ROWS} are needed"
    partition = replicates.partition
    if partition.groups is None or partition.ordered:
        return None
    groups = int(np.unique(partition.groups[partition.confirm[new]]).size)
    if groups >= FEWEST_GROUPS:
        return None
    return f"only {groups} of its confirming groups are new, and {FEWEST_GROUPS} are needed"


def _not_by_row(new: _Mask, replicates: Replicates) -> str | None:
    """Return why some of the rows cannot be weighed without the others, or None."""
    known = metric_named(replicates.metric)
    by_row = known.per_row and known.name not in POOLED and replicates.layout.units is None
    if by_row or bool(new.all()):
        return None
    return f"some of its rows were looked at before, and {known.unit} cannot be told for the others alone"


def _gains(confirmation: Confirmation, new: _Mask, rows: _Rows) -> Mapping[int, Sequence[Replicate]]:
    """Return the differences on new rows of every finalist that lived to see the last look taken."""
    replicates, production = rows.replicates, rows.audit.capture.config
    last = max(finalist.looks[-1].number for finalist in confirmation.finalists)
    passes = range(PASSES[last - 1])
    ours = replicates.losses(production, passes=passes)
    found: dict[int, Sequence[Replicate]] = {}
    for j, finalist in enumerate(confirmation.finalists):
        if finalist.looks[-1].number == last:
            theirs = replicates.losses(finalist.config, passes=passes)
            found[j] = [
                _restricted(difference(ours[fold], theirs[fold]), new, fold=fold, replicates=replicates)
                for fold in ours
            ]
    return found


def _restricted(gain: Replicate, new: _Mask, *, fold: Fold, replicates: Replicates) -> Replicate:
    if bool(new.all()):
        return gain
    partition = replicates.partition
    scored = rows_of(partition, fold, replicates.layout).score
    kept = new[np.searchsorted(partition.confirm, scored)]
    # Fewer rows in time order are cut into blocks anew: two blocks out of twelve have no spread to speak of.
    clusters = time_blocks(int(np.count_nonzero(kept))) if partition.ordered else gain.clusters[kept]
    return replace(gain, clusters=clusters, values=gain.values[kept])


def _alike(gains: Mapping[int, Sequence[Replicate]], rows: int) -> str | None:
    """Return why blocks of new rows in time order are too short to count as independent, or None."""
    by_row = [each for each in gains.values() if each[0].values.size == rows]
    if not by_row:
        return None
    longest = max(decorrelation_time(np.mean([gain.values for gain in each], axis=0)) for each in by_row)
    blocks = int(by_row[0][0].clusters.max()) + 1
    if rows >= _MIN_BLOCK * longest * blocks:
        return None
    return f"its new rows are so alike (for about {longest:.0f} rows) that {rows:,} of them do not suffice"


def _deviates(
    gains: Mapping[int, Sequence[Replicate]], confirmation: Confirmation, *, policy: Policy
) -> Mapping[int, float]:
    """Return the evidence for a gain of every finalist that reached the last planned look."""
    plan = plan_looks(policy.confidence, len(confirmation.finalists))
    last = len(plan.passes)
    return {
        j: look(each, number=last, plan=plan, margin=confirmation.margin).z_stale
        for j, each in gains.items()
        if _reached(confirmation.finalists[j], last)
    }


def _reached(finalist: Finalist, last: int) -> bool:
    final = finalist.looks[-1]
    return final.number == last and not finalist.excluded


# ---------------------------------------------------------------- which rows are new


def _unseen(audits: Sequence[AuditSummary], rows: _Rows) -> tuple[_Mask, str | None]:
    """Return which confirming rows no earlier audit looked at, and why that cannot be told, or None."""
    partition, digest = rows.replicates.partition, rows.replicates.layout.digest
    none = np.zeros(partition.confirm.size, dtype=np.bool_)
    if not audits:
        return ~none, None
    same = next((each.id for each in audits if each.snapshot == digest), None)
    if same is not None:
        return none, f"its rows are those of audit {same}"
    try:
        new = _later(audits, rows) if partition.ordered else _unlike(audits, rows)
    except _CannotTell as unknown:
        return none, str(unknown)
    return new[partition.confirm], None


class _CannotTell(Exception):  # noqa: N818  # no error: an answer
    """Why new rows cannot be told from old ones."""


def _later(audits: Sequence[AuditSummary], rows: _Rows) -> _Mask:
    """Return which rows are newer than all that earlier audits looked at."""
    import pandas as pd

    column, vault = rows.plan.data.time or "", rows.tools.vault
    values = vault.read(rows.replicates.layout.digest, [column])[column]
    newest = [each.newest for each in audits if each.newest is not None]
    if len(newest) == len(audits):
        times = pd.DatetimeIndex(pd.to_datetime(values, utc=True))
        # The ledger keeps microseconds: a row is newer only if it is so by a whole one.
        return np.asarray(times.floor("us") > pd.Timestamp(max(newest)), dtype=np.bool_)
    try:  # numbers that count the time, or a time column that was declared later
        ends = [vault.read(digest, [column])[column].max() for digest in {each.snapshot for each in audits}]
        return np.asarray(values > max(ends), dtype=np.bool_)
    except (SnapshotError, KeyError, TypeError) as error:
        raise _CannotTell(
            f"the rows of earlier audits are no longer kept, or have no {column!r}, so old rows cannot be "
            "told from new ones"
        ) from error


def _unlike(audits: Sequence[AuditSummary], rows: _Rows) -> _Mask:
    """Return which rows have features, or a group, that no snapshot of an earlier audit holds."""
    columns, vault = _identity(rows), rows.tools.vault
    ours = _hashes(vault.read(rows.replicates.layout.digest, columns))
    if rows.plan.data.group is None and np.unique(ours).size < (1.0 - _ALIKE) * ours.size:
        raise _CannotTell(
            "its rows have no order and many are alike, so old ones cannot be told from new ones"
        )
    new = np.ones(ours.size, dtype=np.bool_)
    for digest, number in {each.snapshot: each.id for each in audits}.items():
        try:
            new &= ~np.isin(ours, _hashes(vault.read(digest, columns)))
        except (SnapshotError, KeyError) as error:
            raise _CannotTell(
                f"the rows of audit {number} are no longer kept, or have other columns, so old rows cannot "
                "be told from new ones"
            ) from error
    return new


def _identity(rows: _Rows) -> tuple[str, ...]:
    """Return the columns that tell one row from another: the group, or all but the target.

    Not the target: a label that was corrected later does not make a new row.
    """
    data, snapshot = rows.plan.data, rows.audit.snapshot
    if data.group is not None:
        return (data.group,)
    names = [column.name for column in snapshot.columns if column.name != data.target] if snapshot else []
    if not names:
        raise _CannotTell("its rows have nothing but a target, so old ones cannot be told from new ones")
    return tuple(names)


def _hashes(columns: Mapping[str, npt.NDArray[Any]]) -> npt.NDArray[np.uint64]:
    """Return a hash of each row; equal for equal values, whether whole numbers are kept as floats or not."""
    import pandas as pd

    frame = pd.DataFrame({name: _plain(values) for name, values in columns.items()})
    return np.asarray(pd.util.hash_pandas_object(frame, index=False), dtype=np.uint64)


def _plain(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    if values.dtype.kind in "biuf":
        return values.astype(np.float64) + 0.0  # no negative zero
    return values.astype("datetime64[ns]") if values.dtype.kind == "M" else values
