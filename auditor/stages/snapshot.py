"""Snapshot: freeze fresh rows in the vault, and set aside those that will confirm."""

import tempfile
from typing import Any

import numpy.typing as npt

from auditor.core.addresses import without_secrets
from auditor.core.metrics import metric_named
from auditor.core.records import Layout, Plan, Snapshot, TrainerFacts
from auditor.core.shortages import shortage
from auditor.core.splits import Partition, set_aside
from auditor.core.units import UNITS
from auditor.errors import DataError
from auditor.ports import Tools

START_SHARE = 0.5
"""Of the first rows, the newer ones, that are left for turns when a live model begins with the older ones."""

FEWEST_TURN_ROWS = 100
"""A turn on fewer rows would be told nothing."""


def take_snapshot(plan: Plan, tools: Tools) -> Snapshot:
    """Read the window's rows and file them under the digest of their bytes.

    Raises
    ------
    DataError
        If the source is missing, empty or broken.
    """
    with tempfile.TemporaryDirectory(prefix="auditor-") as folder:
        path = tools.sources.fetch(plan.data, folder, held=tools.vault)
        return tools.vault.file(
            path, source=without_secrets(plan.data.source), time=plan.data.time, taken_at=tools.clock.now()
        )


def lay_out(
    plan: Plan, snapshot: Snapshot, *, seed: int, facts: TrainerFacts, tools: Tools
) -> tuple[Layout, Partition]:
    """Set rows aside before anything is searched.

    Raises
    ------
    DataError
        If there are too few rows, or too few of a class, to confirm anything, or text where there
        should be numbers.
    """
    tools.vault.verify(snapshot.digest)
    wanted = [plan.data.target, *([plan.data.group] if plan.data.group else [])]
    columns = tools.vault.read(snapshot.digest, wanted)
    layout = Layout(
        digest=snapshot.digest,
        target=plan.data.target,
        seed=seed,
        time=plan.data.time,
        group=plan.data.group,
        classes=_classes(plan, facts),
        units=None if facts.by_row else UNITS,
    )
    target = columns[plan.data.target]
    groups = columns[plan.data.group] if plan.data.group else None
    partition = set_aside(layout, rows=snapshot.rows, target=target, groups=groups)
    problem = _no_numbers(layout, target) or shortage(
        partition, target, classes=layout.classes, units=layout.units
    )
    if problem is not None:
        raise DataError(f"{without_secrets(plan.data.source)}: {problem}")
    return layout, partition


def lay_out_turns(
    plan: Plan, snapshot: Snapshot, *, seed: int, facts: TrainerFacts, tools: Tools, begins: bool
) -> tuple[Layout, Partition]:
    """Set rows aside for the turns of a panda: all of them, or the newer half where the live model begins.

    Raises
    ------
    DataError
        If there are too few rows for one turn, or text where there should be numbers.
    """
    tools.vault.verify(snapshot.digest)
    wanted = [plan.data.target, *([plan.data.group] if plan.data.group else [])]
    columns = tools.vault.read(snapshot.digest, wanted)
    share = START_SHARE if begins else 1.0
    fresh = round(snapshot.rows * share)
    layout = Layout(
        digest=snapshot.digest,
        target=plan.data.target,
        seed=seed,
        time=plan.data.time,
        group=plan.data.group,
        classes=_classes(plan, facts),
        confirm_share=share,
        turns=max(1, min(plan.budget.turns, fresh // FEWEST_TURN_ROWS)),
    )
    target = columns[plan.data.target]
    groups = columns[plan.data.group] if plan.data.group else None
    partition = set_aside(layout, rows=snapshot.rows, target=target, groups=groups)
    problem = _no_numbers(layout, target)
    if problem is None and fresh < FEWEST_TURN_ROWS:
        since = "" if begins else " since the last turn"
        problem = (
            f"only {fresh} fresh rows{since}, and a turn takes {FEWEST_TURN_ROWS} at least; "
            "run it again when there are more"
        )
    if problem is not None:
        raise DataError(f"{without_secrets(plan.data.source)}: {problem}")
    return layout, partition


def _no_numbers(layout: Layout, target: npt.NDArray[Any]) -> str | None:
    if layout.classes or target.dtype.kind in "biuf":
        return None
    return (
        f"column {layout.target!r} (data.target) holds {str(target[0])!r}, which is no number; the trainer "
        "or the metric is for numbers"
    )


def _classes(plan: Plan, facts: TrainerFacts) -> bool:
    declared = metric_named(plan.policy.metric).classes
    return bool(facts.classifier) if declared is None else declared
