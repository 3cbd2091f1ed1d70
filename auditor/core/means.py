"""What an audit can afford, and which strategy that comes to."""

import math
from dataclasses import dataclass

from auditor.core.records import Environment, Plan, Result
from auditor.core.strategies.caviar import FEWEST_DRAWS

SEARCH_NEEDS = 1 + FEWEST_DRAWS + 2 + 6
"""Full trainings that the smallest search worth its name takes: production, draws, production again in both
rounds, and two challengers on two further splits. Confirming has its own share beside it."""

ROOM_SHARE = 0.8
"""Of a machine's memory, for trainings; the rest is for the system, the rows and who serves the model."""


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


def why_caviar(means: Means, plan: Plan, no_panda: str | None) -> str:
    """Return what else is to be said of the choice: nothing, unless a search was too dear for the budget."""
    if plan.budget.strategy == "caviar":
        return "; the schedule asks for many side by side"
    if no_panda is None or not means.too_dear:
        return ""
    needs = f"; a search takes {SEARCH_NEEDS} trainings at least"
    return f"{needs}, and one model cannot be carried on instead: {no_panda}"
