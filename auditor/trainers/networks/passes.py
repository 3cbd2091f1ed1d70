"""A pass over the epochs that several networks go through together; each leaves it when it is done."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import torch

from auditor.trainers.failing import TrialError
from auditor.trainers.networks.candidates import Candidate, Ground, losses_of
from auditor.trainers.networks.engines import Engine
from auditor.trainers.networks.solo import ran_away
from auditor.trainers.training import Trained

R = TypeVar("R")


def in_one_pass(
    rows: Sequence[R], begin: Callable[[Sequence[R]], "Pass | None"]
) -> tuple[Trained | TrialError | None, ...]:
    """Train networks in one pass, and return what came of each; where a GPU has no room for them, in two.

    Parameters
    ----------
    begin
        Makes a pass of some of them; None where each has to be trained by itself.
    """
    try:
        begun = begin(rows)
        return (None,) * len(rows) if begun is None else begun.run()
    except torch.OutOfMemoryError:
        if len(rows) == 1:
            raise
    # Outside of the except: the error holds what it happened in, and with it the memory.
    torch.cuda.empty_cache()
    half = len(rows) // 2
    return in_one_pass(rows[:half], begin) + in_one_pass(rows[half:], begin)


class Pass:
    """One pass over the epochs; networks leave it as they are done or run away."""

    def __init__(self, candidates: Sequence[Candidate], ground: Ground, engine: Engine) -> None:
        self._rows, self._ground, self._engine = dict(enumerate(candidates)), ground, engine
        self._found: dict[int, Trained | TrialError] = {}
        for candidate in candidates:
            candidate.curve.clear()  # of a pass that there was no room for

    def run(self) -> tuple[Trained | TrialError, ...]:
        """Train until every network is done."""
        epoch = 0
        with torch.no_grad():
            while self._rows:
                rates = [row.recipe.rate(epoch) for row in self._rows.values()]
                self._engine.learn(epoch, rates)
                epoch += 1
                self._look(epoch)
        return tuple(self._found[place] for place in sorted(self._found))

    def _look(self, epoch: int) -> None:
        """Note the losses after an epoch, and part with those that are done."""
        staying = []
        finite = self._engine.finite()
        done = [row.epochs == epoch for row in self._rows.values()]
        outputs = self._engine.outputs() if self._ground.watched or any(done) else None
        losses = self._losses(outputs, finite) if outputs is not None and self._ground.watched else {}
        for number, (place, row) in enumerate(self._rows.items()):
            if not finite[number]:
                self._found[place] = ran_away(epoch)
                continue
            if number in losses:
                row.note(epoch, losses[number])
            if outputs is not None and done[number]:
                self._found[place] = _finished(row, self._ground, outputs[number])
            else:
                staying.append(number)
        if 0 < len(staying) < len(self._rows):
            self._engine.keep(staying)
        places = list(self._rows)
        self._rows = {places[number]: self._rows[places[number]] for number in staying}

    def _losses(self, outputs: torch.Tensor, finite: Sequence[bool]) -> dict[int, float]:
        """Return the losses of the networks that have not run away: scorers refuse what is no number."""
        sound = [number for number, found in enumerate(finite) if found]
        return dict(zip(sound, losses_of(self._ground, outputs[sound]), strict=True)) if sound else {}


def _finished(candidate: Candidate, ground: Ground, outputs: torch.Tensor) -> Trained | TrialError:
    try:
        return candidate.finish(ground, outputs)
    except TrialError as error:  # of one network: the others go on
        return error
