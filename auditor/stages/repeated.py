"""Repeated: what this audit adds to the model's earlier ones, on rows that none of them looked at.

Evidence adds up only if nothing is counted twice (`unseen`). Where that cannot be told, the audit counts for
nothing beyond itself, and says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np

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
from auditor.ports import Tools
from auditor.replicates import Replicates
from auditor.unseen import Mask, Rows, unseen

_CYCLE = timedelta(days=31)
"""Audits of other models that are weighed together are no older than this, or than the interval of audits."""

_MIN_BLOCK = 2.0
"""Blocks of new rows must be this many decorrelation times long (statistics, section 2)."""


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
    rows = Rows(audit=audit, plan=plan, replicates=replicates, tools=tools)
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


def _contribution(confirmation: Confirmation, earlier: Earlier, rows: Rows) -> Contribution:
    policy = rows.plan.policy
    if policy.repeat is Repeat.ALONE:
        return _nothing("the schedule says that every audit stands for itself")
    if earlier.repeats is not None:
        return _nothing(f"it does audit {earlier.repeats} over, on the same rows")
    new, unknown = unseen(earlier.audits, rows)
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


def _too_few(new: Mask, replicates: Replicates) -> str | None:
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


def _not_by_row(new: Mask, replicates: Replicates) -> str | None:
    """Return why some of the rows cannot be weighed without the others, or None."""
    known = metric_named(replicates.metric)
    by_row = known.per_row and known.name not in POOLED and replicates.layout.units is None
    if by_row or bool(new.all()):
        return None
    return f"some of its rows were looked at before, and {known.unit} cannot be told for the others alone"


def _gains(confirmation: Confirmation, new: Mask, rows: Rows) -> Mapping[int, Sequence[Replicate]]:
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


def _restricted(gain: Replicate, new: Mask, *, fold: Fold, replicates: Replicates) -> Replicate:
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
