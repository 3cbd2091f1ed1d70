"""What a cluster has not been given yet, and in which lots it gets it.

A task costs a cluster about 10 ms whatever is in it, so short trials travel together; long ones by
themselves, so that the workers end together.
"""

import math
from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from auditor.core.records import Job

LOT_SECONDS = 0.5
"""How long a lot of short trials may last: long against the 10 ms that a task costs."""

SOON_SECONDS = 0.01
"""A lot that takes less is not made smaller only to share out the rest: that would be a task more."""

LARGEST_LOT = 1024

AHEAD = 2
"""Lots per thread that the cluster is given at once: the next is there when one ends."""

PARTS = 8
"""A lot that came back without results goes out again in so many: one job of it may be what broke a slot, and
to start another slot takes seconds, as a task for each job would."""


@dataclass(slots=True)
class Lot:
    """Jobs that are handed out together.

    Attributes
    ----------
    as_one
        Whether they may be done in one pass.
    """

    jobs: list[Job]
    as_one: bool = False


@dataclass(slots=True)
class Waiting:
    """The jobs that are still to be handed out.

    Attributes
    ----------
    whole
        Lots that go out as they are: those that may be done in one pass, and those that are tried again.
    jobs
        The others, put into lots by how long trials take.
    """

    whole: deque[Lot] = field(default_factory=deque)
    jobs: deque[Job] = field(default_factory=deque)

    def __bool__(self) -> bool:
        """Return whether anything is left."""
        return bool(self.whole or self.jobs)

    def add(self, lots: Sequence[Sequence[Job]]) -> None:
        """Take in jobs, those that may be done in one pass together."""
        self.whole.extend(Lot(list(lot), as_one=True) for lot in lots if len(lot) > 1)
        self.jobs.extend(lot[0] for lot in lots if len(lot) == 1)

    def take(self, *, threads: int, recent: Collection[float]) -> Lot:
        """Return the next lot, for one of so many threads; ``recent`` trials took so many seconds."""
        if self.whole:
            return self.whole.popleft()
        size = lot_size(len(self.jobs), threads=threads, recent=recent)
        return Lot([self.jobs.popleft() for _ in range(size)])

    def again(self, jobs: Sequence[Job]) -> None:
        """Take back the jobs of a lot that came to nothing: in parts, behind the other whole lots."""
        size = math.ceil(len(jobs) / PARTS)
        self.whole.extend(Lot(list(jobs[begin : begin + size])) for begin in range(0, len(jobs), size))

    def back(self, lot: Lot) -> None:
        """Take back a lot that was not even begun, as far as anybody knows."""
        if lot.as_one:
            self.whole.append(lot)
        else:
            self.jobs.extend(lot.jobs)


def lot_size(waiting: int, *, threads: int, recent: Collection[float]) -> int:
    """Return how many of the waiting jobs to send at once: several only while trials are short.

    Examples
    --------
    >>> lot_size(1000, threads=2, recent=[]), lot_size(1000, threads=2, recent=[0.1])
    (1, 5)
    >>> lot_size(1000, threads=2, recent=[0.001]), lot_size(30, threads=2, recent=[0.001])
    (250, 10)
    """
    slowest = max(1e-6, max(recent, default=math.inf))
    share = max(waiting / (AHEAD * threads), min(waiting, SOON_SECONDS / slowest))
    size: int = math.ceil(min(LARGEST_LOT, share, LOT_SECONDS / slowest))
    return max(1, size)
