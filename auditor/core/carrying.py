"""Whether one live model can be carried on, and which of its settings turns may change."""

from auditor.core.records import LeftOut, Plan, Snapshot, TrainerFacts
from auditor.core.space import Space
from auditor.errors import DeclarationError


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
