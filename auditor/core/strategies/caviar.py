"""Caviar: spawn many, keep the fittest.

The search goes through five phases, and which one it is in follows from the history alone:

1. **Production**, alone and in full: does it train, and how long does that take?
2. **Coarse**: draws from the whole space, started at the lowest rung; the better ones go on to the next.
3. **Fine**: draws from the region of the best few, through the same rungs.
4. **Resplits**: the leading challengers and production again, on other splits of the same rows.
5. Nothing more.

Production runs in every batch, so a batch is only ever compared with itself: gains, not losses, are
compared across batches. It is never eliminated, and counts towards no share of survivors.

The numbers are those of statistics, section 2: 60 % of the draws coarse and 40 % around the best few,
the top six on three resplits.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from auditor.core.records import (
    Config,
    FailureKind,
    Fold,
    History,
    Part,
    Proposal,
    Result,
    Round,
    config_key,
)
from auditor.core.space import Sampler, Space
from auditor.core.strategies.halving import loss_of, scored, standing, survivors, within_noise

COARSE_SHARE = 0.6
"""Share of the draws that are made from the whole space."""

FEWEST_DRAWS = 6
"""Challengers that are tried however slow production is."""

LEAST_GOOD, MOST_GOOD = 3, 5
"""The fine round draws around the best three, and up to two more that are within noise of the best."""

RESPLITS = ((6, 3), (4, 3), (4, 2), (2, 2), (2, 1))
"""Challengers and resplits, from what is wanted to the least that will do when time is short."""

OVERTIME = 1.5
"""The resplits may take the search to this many times its time before they are cut back."""

KEPT = 0.5
"""Share of a rung that goes on, for planning: halving within noise saved about half the work
(performance, section 3)."""

CROWD = 2 / 3
"""When more than this share of a rung goes on, it goes to a full training at once: halving is not worth
its price. In a simulation whose noise hid most differences, a search took the work of 57 full trainings
instead of 66, against 54 without any rungs, and promised as much."""

MISSED = 0.05
"""One minus the assurance with which the space was screened."""

_SEARCH_FOLD = Fold(Part.SEARCH, 0)
_UNSEEN = (FailureKind.TIMEOUT, FailureKind.MEMORY, FailureKind.CRASH, FailureKind.ERROR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caviar:
    """Train many side by side: draw wide, keep what cannot be told from the best, then draw closer.

    Attributes
    ----------
    production
        The configuration that is compared with, always.
    trials
        Configurations to try, production not counted; fewer when production is slow.
    rungs
        Ascending shares of a full training, the last of them 1. Just ``(1.0,)`` for a trainer
        without a learning curve.
    seconds
        Wall time of the search. When it is used up, what was found so far goes to the resplits.
    workers
        Trials run at once.
    sampler
        Of the coarse draws: ``sobol`` or ``random``.
    """

    space: Space
    production: Config
    trials: int
    seconds: float
    rungs: tuple[float, ...] = (1.0,)
    workers: int = 1
    sampler: str = Sampler.SOBOL

    def __post_init__(self) -> None:
        """Refuse rungs that do not lead up to a full training."""
        ascending = list(self.rungs) == sorted(set(self.rungs))
        if not (ascending and self.rungs and self.rungs[0] > 0.0 and self.rungs[-1] == 1.0):
            raise ValueError(f"rungs must ascend within (0, 1] and end in 1, got {self.rungs!r}")
        if self.trials < 1 or self.workers < 1:
            raise ValueError(f"needs a trial and a worker, got {self.trials!r} and {self.workers!r}")

    def next_batch(self, history: History, rng: np.random.Generator) -> tuple[Proposal, ...]:
        """Return the runs to do next, all on one fold and at one fidelity; an empty batch ends the search."""
        if not history:
            return (Proposal(config=self.production, round=Round.PRODUCTION, fold=_SEARCH_FOLD),)
        if not scored(history[0]):
            return ()
        if not _of(Round.RESPLIT, history) and self._elapsed(history) < self.seconds:
            wide = () if _of(Round.FINE, history) else self._climb(Round.COARSE, history, rng)
            batch = wide or self._climb(Round.FINE, history, rng)
            if batch:
                return batch
        return self._resplit(history)

    def challengers(self, history: History) -> int:
        """Return how many configurations the search tries: ``trials``, or what production's own time allows.

        Never fewer than six, unless ``trials`` is.
        """
        if not history or history[0].seconds <= 0.0:
            return self.trials
        climb = sum(rung * KEPT**number for number, rung in enumerate(self.rungs))
        # Production runs once in full, and then on every rung of both rounds.
        trainings = self.seconds * self.workers / history[0].seconds - 1.0 - 2.0 * sum(self.rungs)
        return min(self.trials, max(FEWEST_DRAWS, math.floor(trainings / climb)))

    def planned(self, history: History) -> int:
        """Return about how many runs the search will take in all, those of the history included."""
        coarse, fine = self._draw_counts(history)
        challengers, resplits = self._resplit_size(_before_resplits(history))
        again = resplits * (1 + min(challengers, self.trials))
        rounds = self._expected(Round.COARSE, coarse, history) + self._expected(Round.FINE, fine, history)
        return max(1 + rounds + again, len(history))

    def _climb(self, phase: Round, history: History, rng: np.random.Generator) -> tuple[Proposal, ...]:
        """Return the next rung of a round, or nothing when the round is over."""
        done = _of(phase, history)
        if not done:
            return self._batch(self._draws(phase, history, rng), phase, fidelity=self.rungs[0])
        reached = _top_rung(done)
        if _fidelity(reached[0]) == self.rungs[-1]:
            return ()
        rung = _challengers(reached, self.production)
        kept = survivors(rung, at_least=LEAST_GOOD)
        above = self.rungs[self.rungs.index(_fidelity(reached[0])) + 1]
        # What can hardly be told apart here will hardly be on the next rung: no need to pay for both.
        fidelity = 1.0 if len(kept) > CROWD * len(rung) else above
        return self._batch([result.config for result in kept], phase, fidelity=fidelity)

    def _draws(self, phase: Round, history: History, rng: np.random.Generator) -> Sequence[Config]:
        """Return new configurations: from the whole space, or around the best of the coarse round."""
        coarse, fine = self._draw_counts(history)
        tried = [result.config for result in history]
        if phase is Round.COARSE:
            return self.space.draws(coarse, rng, base=self.production, sampler=self.sampler, avoid=tried)
        if not fine:
            return ()
        good = self._good(history)
        return self.space.draws_around(good, fine, rng, base=self.production, avoid=tried)

    def _good(self, history: History) -> list[Config]:
        """Return the best few configurations of the coarse round, production among them where it is."""
        ranked = standing(_top_rung(_of(Round.COARSE, history)))
        if not ranked:
            return [self.production]
        near = [result for result in ranked[LEAST_GOOD:MOST_GOOD] if within_noise(result, ranked[0])]
        return [result.config for result in (*ranked[:LEAST_GOOD], *near)]

    def _resplit(self, history: History) -> tuple[Proposal, ...]:
        """Return the leading challengers and production, on the next split of the search part."""
        before = _before_resplits(history)
        challengers, resplits = self._resplit_size(before)
        again = _of(Round.RESPLIT, history)
        number = 1 + len({result.trial.proposal.fold.index for result in again})
        if number > resplits:
            return ()
        # One that failed on a resplit cannot be a finalist any more.
        failed = {config_key(result.config) for result in again if not scored(result)}
        leaders = leading(before, production=self.production)[:challengers]
        left = [config for config in leaders if config_key(config) not in failed]
        return self._batch(left, Round.RESPLIT, fold=Fold(Part.SEARCH, number))

    def _batch(
        self,
        configs: Sequence[Config],
        phase: Round,
        *,
        fold: Fold = _SEARCH_FOLD,
        fidelity: float = 1.0,
    ) -> tuple[Proposal, ...]:
        """Return a batch that production leads, or nothing when there is nothing to compare it with."""
        together = (self.production, *configs) if configs else ()
        return tuple(
            Proposal(config=config, round=phase, fold=fold, fidelity=fidelity) for config in together
        )

    def _draw_counts(self, history: History) -> tuple[int, int]:
        """Return how many draws the coarse and the fine round make."""
        draws = self.challengers(history)
        coarse = max(1, round(COARSE_SHARE * draws))
        return coarse, draws - coarse

    def _resplit_size(self, before: History) -> tuple[int, int]:
        """Return how many challengers are run again, on how many resplits, as time allows."""
        full = [result.seconds for result in before if scored(result) and _fidelity(result) == 1.0]
        each = sum(full) / len(full) / self.workers if full else 0.0
        left = OVERTIME * self.seconds - self._elapsed(before)
        for challengers, resplits in RESPLITS:
            if (challengers + 1) * resplits * each <= left:
                return challengers, resplits
        return RESPLITS[-1]

    def _elapsed(self, history: History) -> float:
        """Return about how long the search has taken: from the history, so that resuming changes nothing."""
        return sum(result.seconds for result in history) / self.workers

    def _expected(self, phase: Round, draws: int, history: History) -> int:
        """Return about how many runs a round takes: those it had, and those to come."""
        done = _of(phase, history)
        over = _of(Round.RESPLIT, history) or (phase is Round.COARSE and _of(Round.FINE, history))
        if over or not draws:
            return len(done)
        reached = max((_fidelity(result) for result in done), default=0.0)
        total = len(done)
        size = sum(_fidelity(result) == reached for result in done) - 1
        for rung in self.rungs:
            if rung > reached:
                size = min(size, max(LEAST_GOOD, math.ceil(KEPT * size))) if size >= 0 else draws
                total += 1 + size
        return total


def leading(history: History, *, production: Config) -> tuple[Config, ...]:
    """Return the challengers of the coarse and the fine round, best first.

    Those that were trained furthest come first, and among these those that gained most over production in
    their own batch.
    """
    first = history[0].loss if history else None
    searched = [result for phase in (Round.COARSE, Round.FINE) for result in _of(phase, history)]
    bars = {_batch_of(result): loss_of(result) for result in _ours(searched, production) if scored(result)}
    furthest: dict[str, tuple[float, float, Config]] = {}
    for result in filter(scored, _challengers(searched, production)):
        gain = bars.get(_batch_of(result), first or 0.0) - loss_of(result)
        found = (_fidelity(result), gain, result.config)
        key = config_key(result.config)
        if key not in furthest or furthest[key][0] < found[0]:
            furthest[key] = found
    ranked = sorted(furthest.values(), key=lambda found: (found[0], found[1]), reverse=True)
    return tuple(config for _, _, config in ranked)


def finalists(history: History, count: int, *, production: Config) -> tuple[tuple[Config, float], ...]:
    """Return the challengers to confirm and the gain that the search promises for each, best first.

    Even challengers that lost to production are confirmed, because *fresh* needs evidence too. Only those
    count that were scored on every resplit that production was scored on.

    Returns
    -------
    tuple
        At most ``count`` pairs of a configuration and its gain: the mean over the resplits of
        loss(production) minus loss(configuration). Empty when every challenger failed.
    """
    again = [result for result in _of(Round.RESPLIT, history) if scored(result)]
    bars = {result.trial.proposal.fold: loss_of(result) for result in _ours(again, production)}
    gains: dict[str, list[float]] = {}
    configs: dict[str, Config] = {}
    for result in _challengers(again, production):
        fold = result.trial.proposal.fold
        if fold in bars:
            key = config_key(result.config)
            configs.setdefault(key, result.config)
            gains.setdefault(key, []).append(bars[fold] - loss_of(result))
    whole = [(configs[key], sum(own) / len(own)) for key, own in gains.items() if len(own) == len(bars)]
    return tuple(sorted(whole, key=lambda pair: pair[1], reverse=True)[:count])


def screened(history: History) -> float:
    """Return the share of the space that the search screened, with 95 % assurance.

    Any region that is larger would have been hit by one of the n coarse draws, which do not depend on earlier
    results: ``1 - 0.05 ** (1 / n)`` (statistics, section 2). A draw counts when the trainer gave an answer,
    be it a divergence; not when it ran out of time or memory.
    """
    coarse = _of(Round.COARSE, history)
    if not coarse:
        return 0.0
    start = min(_fidelity(result) for result in coarse)
    draws = [result for result in _challengers(coarse, history[0].config) if _fidelity(result) == start]
    seen = sum(result.failure is None or result.failure.kind not in _UNSEEN for result in draws)
    return 1.0 - MISSED ** (1.0 / seen) if seen else 0.0


def _of(phase: Round, history: Iterable[Result]) -> list[Result]:
    return [result for result in history if result.trial.proposal.round is phase]


def _before_resplits(history: History) -> list[Result]:
    return [result for result in history if result.trial.proposal.round is not Round.RESPLIT]


def _ours(results: Iterable[Result], production: Config) -> list[Result]:
    """Return production's own results."""
    key = config_key(production)
    return [result for result in results if config_key(result.config) == key]


def _challengers(results: Iterable[Result], production: Config) -> list[Result]:
    """Return the results of everything but production."""
    key = config_key(production)
    return [result for result in results if config_key(result.config) != key]


def _top_rung(results: Sequence[Result]) -> list[Result]:
    """Return the results at the highest fidelity that was reached."""
    highest = max((_fidelity(result) for result in results), default=1.0)
    return [result for result in results if _fidelity(result) == highest]


def _fidelity(result: Result) -> float:
    return result.trial.proposal.fidelity


def _batch_of(result: Result) -> tuple[Round, float]:
    """Return what results have in common that may be compared with each other."""
    return result.trial.proposal.round, result.trial.proposal.fidelity
