"""Strategies decide what to try next: the batch that follows from the history."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from auditor.core.records import History, Proposal


class Strategy(Protocol):
    """Decide the next batch of runs.

    A strategy has no memory: all it knows is the history it is handed, and its only chance is the
    generator it is handed. The same two arguments give the same batch, which is why an interrupted
    audit resumes by reading its history.
    """

    def next_batch(self, history: History, rng: np.random.Generator) -> Sequence[Proposal]:
        """Return the runs to do next, all on one fold and at one fidelity; an empty batch ends the search.

        The first batch is production alone, at full fidelity.
        """

    def planned(self, history: History) -> int:
        """Return about how many runs the search will take in all, those of the history included."""
