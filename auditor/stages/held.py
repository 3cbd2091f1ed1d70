"""Held: whether what an earlier audit recommended, and production runs since, still pays.

The former values are trained beside production's in the first confirming passes, on the same rows and
seeds, and scored on the rows that are newer than any that the recommending audit looked at: on those it
looked at, its own luck would be counted again.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from auditor.core.boundaries import deviate_of
from auditor.core.held import former, in_words, standing
from auditor.core.metrics import metric_named
from auditor.core.records import Application, Confirmation, Estimate, Fold, Held, OpenAudit, Round
from auditor.core.shortages import FEWEST_ROWS
from auditor.core.splits import rows_of
from auditor.core.variance import Replicate, difference, two_way
from auditor.core.wording import Ruler
from auditor.replicates import Replicates

PASSES = range(2)
"""Passes the former values are trained in: 4 trainings, whose partners were confirmed."""


def held(opened: OpenAudit, confirmation: Confirmation, *, replicates: Replicates) -> Held | None:
    """Measure what the last application is worth now; None where production does not run one.

    Needs production in the first confirming passes, which `confirm` has trained.
    """
    ledger = replicates.runner.tools.ledger
    applied = standing(ledger.applications(opened.model), capture=opened.capture.id)
    if applied is None:
        return None
    newer = _newer(applied, opened, replicates)
    worth = _worth(applied, opened, newer, replicates) if newer is not None else None
    rows = 0 if newer is None else int(np.count_nonzero(newer))
    ruler = Ruler(
        production_loss=confirmation.production_loss,
        unit=metric_named(replicates.metric).unit,
        confidence=replicates.runner.plan.policy.confidence,
    )
    said = in_words(applied.audit, applied.applied_at, applied.changes, worth, rows=rows, ruler=ruler)
    return Held(
        audit=applied.audit,
        applied_at=applied.applied_at,
        changes=applied.changes,
        worth=worth,
        rows=rows,
        sentence=said,
    )


def _newer(applied: Application, opened: OpenAudit, replicates: Replicates) -> npt.NDArray[np.bool_] | None:
    """Return for each confirming row whether the recommending audit cannot have seen it; None if unknown."""
    tools, layout = replicates.runner.tools, replicates.layout
    recommending = tools.ledger.audit(applied.audit)
    last = recommending.snapshot.last if recommending and recommending.snapshot else None
    by_row = metric_named(replicates.metric).per_row and layout.units is None
    if layout.time is None or last is None or not by_row:
        return None
    times = tools.vault.read(opened.snapshot.digest, [layout.time])[layout.time]
    newer = _after(times, last)
    mask: npt.NDArray[np.bool_] = newer[replicates.partition.confirm]
    return mask if np.count_nonzero(mask) >= FEWEST_ROWS else None


def _after(times: npt.NDArray[Any], moment: datetime) -> npt.NDArray[np.bool_]:
    import pandas as pd

    aware = pd.to_datetime(pd.Series(times), utc=True)
    return (aware > moment).to_numpy()


def _worth(
    applied: Application, opened: OpenAudit, newer: npt.NDArray[np.bool_], replicates: Replicates
) -> Estimate | None:
    production = opened.capture.config
    before = former(production, applied.changes)
    replicates.train([before, production], passes=PASSES, purpose=Round.EXPLAIN)
    theirs, ours = (replicates.losses(config, passes=PASSES) for config in (before, production))
    kept = dict(zip(replicates.partition.confirm.tolist(), newer.tolist(), strict=True))
    gains = [
        gain
        for fold in theirs
        if fold in ours
        and (gain := _on(difference(theirs[fold], ours[fold]), fold, kept, replicates)) is not None
    ]
    if len(gains) < 2:
        return None
    confidence = replicates.runner.plan.policy.confidence
    return two_way(gains).interval(deviate_of((1.0 - confidence) / 2.0))


def _on(gain: Replicate, fold: Fold, kept: Mapping[int, bool], replicates: Replicates) -> Replicate | None:
    """Return the part of a replicate that stands on the kept rows; None where it scored none of them."""
    scored = rows_of(replicates.partition, fold, replicates.layout).score
    mask = np.array([kept.get(int(row), False) for row in scored])
    return Replicate(gain.clusters[mask], gain.values[mask]) if mask.any() else None
