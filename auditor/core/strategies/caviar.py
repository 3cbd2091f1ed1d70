"""Caviar: spawn many, keep the fittest.

The search goes through five phases, and which one it is in follows from the history alone:

1. **Production**, alone and in full: does it train, and how long does that take?
2. **Coarse**: draws from the whole space, started at the lowest rung; the better ones go on to the next.
   A few good points of earlier audits are among them. Where the loss falls all the way to an edge, the box
   grows, and the new strip is drawn from in the same way, at most twice (``growing``).
3. **Fine**: draws from the region of the best few, through the same rungs.
4. **Resplits**: the leading challengers and production again, on other splits of the same rows.
5. Nothing more.

Production runs in every batch, so a batch is only ever compared with itself: gains, not losses, are
compared across batches. It is never eliminated, and counts towards no share of survivors.

The numbers are those of statistics, section 2: 60 % of the draws coarse and 40 % around the best few,
the top six on three resplits.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from auditor.core.records import (
    Config,
    Fold,
    History,
    Part,
    Proposal,
    Result,
    Round,
    config_key,
)
from auditor.core.space import Sampler, Space
from auditor.core.strategies.finalists import leading
from auditor.core.strategies.growing import Growth, edges_of, growth_climbs, growth_of, spread_of
from auditor.core.strategies.halving import IN_FULL, Ladder, next_rung, scored, standing, within_noise
from auditor.core.strategies.histories import (
    fidelity_of,
    first_loss,
    of_round,
    ranking,
    rivals,
)
from auditor.core.transfer import Known, admitted

COARSE_SHARE = 0.6
"""Share of the draws that are made from the whole space."""

FEWEST_DRAWS = 6
"""Challengers that are tried however slow production is."""

LEAST_GOOD, MOST_GOOD = 3, 5
"""The fine round draws around the best three, and up to two more that are within noise of the best."""

GROWN_SHARE, LEAST_GROWN = 0.25, 4
"""A strip is drawn from with this share of the coarse draws' number, and this many at least. They are taken
from the fine draws, which keep three."""

RESPLITS = ((6, 3), (4, 3), (4, 2), (2, 2), (2, 1))
"""Challengers and resplits, from what is wanted to the least that will do when time is short."""

OVERTIME = 1.5
"""The resplits may take the search to this many times its time before they are cut back."""

KEPT = 0.5
"""Share of a rung that goes on, for planning: halving within noise saved about half the work
(performance, section 3)."""


_SEARCH_FOLD = Fold(Part.SEARCH, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caviar:
    """Train many side by side: draw wide, keep what cannot be told from the best, then draw closer.

    Attributes
    ----------
    production
        The configuration that is compared with, always.
    trials
        Configurations to try, production not counted; fewer when production is slow.
    ladder
        The rungs that every round goes through.
    seconds
        Wall time of the search. When it is used up, what was found so far goes to the resplits.
    workers
        Trials run at once.
    sampler
        Of the coarse draws: ``latin`` or ``random``.
    known
        Good points of earlier audits, the newest first; some of them take the place of coarse draws.
    """

    space: Space
    production: Config
    trials: int
    seconds: float
    ladder: Ladder = IN_FULL
    workers: int = 1
    sampler: str = Sampler.LATIN
    known: tuple[Known, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a search of nothing."""
        if self.trials < 1 or self.workers < 1:
            raise ValueError(f"needs a trial and a worker, got {self.trials!r} and {self.workers!r}")

    def next_batch(self, history: History, rng: np.random.Generator) -> tuple[Proposal, ...]:
        """Return the runs to do next, all on one fold and at one fidelity; an empty batch ends the search."""
        if not history:
            return (Proposal(config=self.production, round=Round.PRODUCTION, fold=_SEARCH_FOLD),)
        if not scored(history[0]):
            return ()
        if not of_round(Round.RESPLIT, history) and self._elapsed(history) < self.seconds:
            batch = self._draw(history, rng)
            if batch:
                return batch
        return self._resplit(history)

    def challengers(self, history: History) -> int:
        """Return how many configurations the search tries: ``trials``, or what production's own time allows.

        Never fewer than six, unless ``trials`` is.
        """
        if not history or history[0].seconds <= 0.0:
            return self.trials
        climb = sum(rung * KEPT**number for number, rung in enumerate(self.ladder.rungs))
        # Production runs once in full, and then on every rung of both rounds.
        trainings = self.seconds * self.workers / history[0].seconds - 1.0 - 2.0 * sum(self.ladder.rungs)
        return min(self.trials, max(FEWEST_DRAWS, math.floor(trainings / climb)))

    def planned(self, history: History) -> int:
        """Return about how many runs the search will take in all, those of the history included."""
        coarse, fine = self._draw_counts(history)
        challengers, resplits = self._resplit_size(_before_resplits(history))
        again = resplits * (1 + min(challengers, self.trials))
        rounds = self._expected(Round.COARSE, coarse, history) + self._expected(Round.FINE, fine, history)
        rounds += len(of_round(Round.GROW, history))
        return max(1 + rounds + again, len(history))

    def growth(self, history: History) -> Growth:
        """Return the box that a history has led to."""
        known = frozenset(config_key(point.config) for point in self.known)
        return growth_of(self.space, history, production=self.production, known=known)

    def box(self, history: History) -> Space:
        """Return the space that was searched, grown as far as it was drawn from."""
        return self.growth(history).searched

    def edges(self, history: History) -> dict[str, str]:
        """Return where the optimum leans on an end of the box, by setting: ``low``, ``high``, ``stability``.

        Told from draws alone that were placed before anything was known.
        """
        known = frozenset(config_key(point.config) for point in self.known)
        drawn = [result for phase in (Round.COARSE, Round.GROW) for result in of_round(phase, history)]
        return edges_of(self.box(history), spread_of(drawn, production=self.production, known=known))

    def transferred(self, history: History) -> int:
        """Return how many good points of earlier audits were tried again."""
        known = {config_key(point.config) for point in self.known}
        return len(known & {result.key for result in of_round(Round.COARSE, history)})

    def _draw(self, history: History, rng: np.random.Generator) -> tuple[Proposal, ...]:
        """Return the next batch of the coarse round, of a growth or of the fine round, while one goes on."""
        coarse, fine = of_round(Round.COARSE, history), of_round(Round.FINE, history)
        if fine:
            return self._next_rung(fine, Round.FINE)
        if coarse:
            batch = self._next_rung(coarse, Round.COARSE)
        else:
            batch = self._batch(self._coarse_draws(history, rng), Round.COARSE, fidelity=self.ladder.rungs[0])
        if batch:
            return batch
        growth = self.growth(history)
        return self._grow(growth, history, rng) or self._batch(
            self._fine_draws(growth.searched, history, rng), Round.FINE, fidelity=self.ladder.rungs[0]
        )

    def _grow(self, growth: Growth, history: History, rng: np.random.Generator) -> tuple[Proposal, ...]:
        """Return the next rung of a growth, or draws from the strip by which the box grows now."""
        climbs = growth_climbs(history, self.production)
        batch = self._next_rung(climbs[-1], Round.GROW) if climbs else ()
        if batch or growth.drawn:
            return batch
        each = max(2, self._strip_draws(history) // len(growth.strips))
        drawn: list[Config] = []
        for strip in growth.strips:
            avoid = [*(result.config for result in history), *drawn]
            drawn += strip.draws(each, rng, base=self.production, sampler=self.sampler, avoid=avoid)
        return self._batch(drawn, Round.GROW, fidelity=self.ladder.rungs[0])

    def _strip_draws(self, history: History) -> int:
        return max(LEAST_GROWN, round(GROWN_SHARE * COARSE_SHARE * self.challengers(history)))

    def _next_rung(self, done: Sequence[Result], phase: Round) -> tuple[Proposal, ...]:
        """Return what goes on to the next rung, or nothing from the last one."""
        reached = _top_rung(done)
        if fidelity_of(reached[0]) == self.ladder.rungs[-1]:
            return ()
        rung = rivals(reached, self.production)
        kept, fidelity = next_rung(rung, self.ladder, at_least=LEAST_GOOD)
        return self._batch([result.config for result in kept], phase, fidelity=fidelity)

    def _coarse_draws(self, history: History, rng: np.random.Generator) -> Sequence[Config]:
        """Return good points of earlier audits, and new configurations from the whole space."""
        coarse, _ = self._draw_counts(history)
        known = admitted(self.known, coarse)
        avoid = [*(result.config for result in history), *known]
        fresh = self.space.draws(
            coarse - len(known), rng, base=self.production, sampler=self.sampler, avoid=avoid
        )
        return (*known, *fresh)

    def _fine_draws(self, box: Space, history: History, rng: np.random.Generator) -> Sequence[Config]:
        """Return new configurations around the best of the coarse round."""
        _, fine = self._draw_counts(history)
        if not fine:
            return ()
        tried = [result.config for result in history]
        return box.draws_around(self._good(history), fine, rng, base=self.production, avoid=tried)

    def _good(self, history: History) -> list[Config]:
        """Return the best few configurations of the coarse round, production among them where it is.

        Where the box grew, those of the coarse round and of its strips, by what each gained in its own batch.
        """
        grown = of_round(Round.GROW, history)
        if grown:
            wide = [*of_round(Round.COARSE, history), *grown]
            order = ranking(wide, production=self.production, first=first_loss(history))
            return [config for _, _, config in order[:LEAST_GOOD]]
        ranked = standing(_top_rung(of_round(Round.COARSE, history)))
        if not ranked:
            return [self.production]
        near = [result for result in ranked[LEAST_GOOD:MOST_GOOD] if within_noise(result, ranked[0])]
        return [result.config for result in (*ranked[:LEAST_GOOD], *near)]

    def _resplit(self, history: History) -> tuple[Proposal, ...]:
        """Return the leading challengers and production, on the next split of the search part."""
        before = _before_resplits(history)
        challengers, resplits = self._resplit_size(before)
        again = of_round(Round.RESPLIT, history)
        number = 1 + len({result.trial.proposal.fold.index for result in again})
        if number > resplits:
            return ()
        if not again:
            leaders = leading(before, production=self.production)[:challengers]
        else:  # One that failed on a resplit cannot be a finalist any more.
            last = [result for result in again if result.trial.proposal.fold.index == number - 1]
            leaders = tuple(result.config for result in rivals(last, self.production) if scored(result))
        return self._batch(leaders, Round.RESPLIT, fold=Fold(Part.SEARCH, number))

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
        fine = draws - coarse
        strips = {result.key for result in of_round(Round.GROW, history)}
        return coarse, max(min(fine, LEAST_GOOD), fine - max(0, len(strips) - 1))

    def _resplit_size(self, before: History) -> tuple[int, int]:
        """Return how many challengers are run again, on how many resplits, as time allows."""
        full = [result.seconds for result in before if scored(result) and fidelity_of(result) == 1.0]
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
        done = of_round(phase, history)
        over = of_round(Round.RESPLIT, history) or (phase is Round.COARSE and of_round(Round.FINE, history))
        if over or not draws:
            return len(done)
        reached = max((fidelity_of(result) for result in done), default=0.0)
        total = len(done)
        size = sum(fidelity_of(result) == reached for result in done) - 1
        for rung in self.ladder.rungs:
            if rung > reached:
                size = min(size, max(LEAST_GOOD, math.ceil(KEPT * size))) if size >= 0 else draws
                total += 1 + size
        return total


def _before_resplits(history: History) -> list[Result]:
    return [result for result in history if result.trial.proposal.round is not Round.RESPLIT]


def _top_rung(results: Sequence[Result]) -> list[Result]:
    """Return the results at the highest fidelity that was reached."""
    highest = max((fidelity_of(result) for result in results), default=1.0)
    return [result for result in results if fidelity_of(result) == highest]
