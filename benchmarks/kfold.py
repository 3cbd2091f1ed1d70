"""What people do with Optuna to find out whether a re-tune pays: k-fold scores, then a t-test over the folds.

Candidates come from Optuna's random or TPE sampler; each is scored by 5-fold cross-validation, and so is
production. What is then made of the scores is a `Design`:

``all``
    Every candidate is tested against production on the folds that scored it, at the level divided by the
    number of candidates (Bonferroni), which is what allows for having picked the best. With repeats, every
    candidate is scored on that many shuffles of the folds.
``finals``
    The best one to three candidates are scored again on other shuffles of the same rows, and tested there at
    the level divided by their number. The rows helped to choose them, which no division allows for.

*Stale* is said by the rule of the auditor (lower bound above 0, estimate at least the margin), or strictly
(lower bound above the margin). The variance over folds is the plain one of a paired t, or corrected for
the overlap of the fits (Nadeau and Bengio, 2003).
"""

import functools
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from time import process_time
from typing import TYPE_CHECKING, Any

import numpy as np

from auditor.core.records import Config, config_key

if TYPE_CHECKING:  # what judges needs neither pandas nor scikit-learn
    import pandas as pd

    from benchmarks.beds import Bed

FOLDS = 5
LEVEL = 0.05
SAMPLERS = ("random", "TPE")
CANDIDATES = (5, 8, 12, 20, 30)
"""How many are tried; 30 as by the auditor."""

REPEATS = (1, 2, 3)
"""Shuffles on which every candidate is scored, where all of them are tested."""

FINALS = (1, 2, 4)
"""Shuffles on which finalists are scored again."""

SEATS = (1, 2, 3)


@dataclass(frozen=True, order=True)
class Design:
    """One way to go about it.

    Attributes
    ----------
    repeats
        Of all candidates in ``all``, of the finalists alone in ``finals``.
    tested
        How many candidates are tested against production.
    """

    way: str
    sampler: str
    candidates: int
    repeats: int
    tested: int
    strict: bool
    corrected: bool

    def __str__(self) -> str:
        """Return it in words."""
        rule = "low > margin" if self.strict else "low > 0, estimate >= margin"
        test = "Nadeau-Bengio t" if self.corrected else "paired t"
        tested = "all tested" if self.way == "all" else f"best {self.tested} tested again"
        again = f"{FOLDS} folds x {self.repeats}"
        return f"{self.candidates} by {self.sampler}, {tested} on {again}, {test}, {rule}"


def designs() -> tuple[Design, ...]:
    """Return every design that is tried."""
    common = tuple(itertools.product(SAMPLERS, CANDIDATES, (False, True), (False, True)))
    every = [
        Design("all", sampler, count, repeats, count, strict, corrected)
        for (sampler, count, strict, corrected), repeats in itertools.product(common, REPEATS)
    ]
    some = [
        Design("finals", sampler, count, repeats, seats, strict, corrected)
        for (sampler, count, strict, corrected), repeats, seats in itertools.product(common, FINALS, SEATS)
    ]
    return (*every, *some)


@dataclass(frozen=True)
class Scores:
    """Everything the designs look at on one data set, and what it cost.

    Attributes
    ----------
    drawn
        By sampler, the keys of the candidates in the order in which they were drawn; with repeats.
    folds
        By key, the mean loss on each fold, shuffle after shuffle.
    seconds
        Processor time of one training, scored.
    """

    drawn: Mapping[str, Sequence[str]]
    folds: Mapping[str, Sequence[float]]
    seconds: float


@dataclass(frozen=True)
class Said:
    """What a design says of one data set: of which candidate, its gain, and the trainings it took."""

    stale: bool
    key: str
    gain: float
    low: float
    fits: int


@dataclass
class _Table:
    """Fold losses that are measured when they are first asked for."""

    bed: "Bed"
    rows: "pd.DataFrame"
    seed: int
    found: dict[str, list[float]] = field(default_factory=dict)
    seconds: float = 0.0
    fits: int = 0

    def folds(self, config: Config, shuffles: int) -> list[float]:
        """Return the mean loss on each fold of so many shuffles."""
        own = self.found.setdefault(config_key(config), [])
        for shuffle in range(len(own) // FOLDS, shuffles):
            place = np.random.default_rng([self.seed, shuffle]).permutation(len(self.rows)) % FOLDS
            for fold in range(FOLDS):
                fit, score = self.rows[place != fold], self.rows[place == fold]
                began = process_time()
                own.append(float(self.bed.losses(config, fit, score, seed=FOLDS * shuffle + fold).mean()))
                self.seconds += process_time() - began
                self.fits += 1
        return own[: FOLDS * shuffles]


def measure(bed: "Bed", rows: "pd.DataFrame", productions: Sequence[Config], *, seed: int) -> Scores:
    """Draw candidates, and score them and production on as many folds as any design asks for."""
    table = _Table(bed, rows, seed)
    drawn = {sampler: _drawn(bed, table, sampler, seed) for sampler in SAMPLERS}
    configs = {config_key(config): dict(config) for config in bed.pool}
    for key in dict.fromkeys(itertools.chain(*drawn.values())):
        table.folds(configs[key], max(REPEATS))
    for key in _finalists(drawn, table.found):
        table.folds(configs[key], 1 + max(FINALS))
    for production in productions:
        table.folds(production, 1 + max(FINALS))
    folds = {key: [round(loss, 7) for loss in losses] for key, losses in table.found.items()}
    return Scores(drawn, folds, table.seconds / table.fits)


def _drawn(bed: "Bed", table: _Table, name: str, seed: int) -> list[str]:
    """Return what a sampler draws, told of the score of each."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    samplers = optuna.samplers
    sampler = samplers.RandomSampler(seed=seed) if name == "random" else samplers.TPESampler(seed=seed)
    study = optuna.create_study(sampler=sampler)
    drawn: list[str] = []
    for _ in range(max(CANDIDATES)):
        trial = study.ask()
        config = {rung: trial.suggest_int(rung, 0, highest) for rung, highest in bed.settings.items()}
        study.tell(trial, float(np.mean(table.folds(config, 1))))
        drawn.append(config_key(config))
    return drawn


def _finalists(drawn: Mapping[str, Sequence[str]], folds: Mapping[str, Sequence[float]]) -> set[str]:
    """Return every candidate that some design scores again, whatever is in production."""
    spare = 1  # production itself may be among the best, and does not stand against itself
    return {
        key
        for own, count in itertools.product(drawn.values(), CANDIDATES)
        for key in _best(dict.fromkeys(own[:count]), folds)[: max(SEATS) + spare]
    }


def _best(keys: Any, folds: Mapping[str, Sequence[float]], shuffles: int = 1) -> list[str]:
    return sorted(keys, key=lambda key: float(np.mean(folds[key][: FOLDS * shuffles])))


def judged(scores: Scores, design: Design, production: str, *, margin: float) -> Said | None:
    """Return what a design says of one data set; None where it drew nothing but production."""
    drawn = dict.fromkeys(scores.drawn[design.sampler][: design.candidates])
    rivals = [key for key in drawn if key != production]
    if design.way == "finals":
        rivals = _best(rivals, scores.folds)[: design.tested]
    if not rivals:
        return None
    first, last = (0, design.repeats) if design.way == "all" else (1, 1 + design.repeats)
    folds = slice(FOLDS * first, FOLDS * last)
    gains = np.array(scores.folds[production][folds]) - np.array([scores.folds[key][folds] for key in rivals])
    means, lows = gains.mean(axis=1), _lows(gains, corrected=design.corrected)
    stale = lows > margin if design.strict else (lows > 0.0) & (means >= margin)
    # Of several that are stale it is the best one that would be deployed.
    place = int(np.argmax(np.where(stale, means, means - np.inf)) if stale.any() else np.argmax(means))
    return Said(
        stale=bool(stale.any()),
        key=rivals[place],
        gain=float(means[place]),
        low=float(lows[place]),
        fits=_fits(design, len(drawn), len(rivals)),
    )


def _lows(gains: np.ndarray, *, corrected: bool) -> np.ndarray:
    """Return the lower bounds of the gains, a row each, at the level divided by their number."""
    tested, count = gains.shape
    share = 1.0 / count + (1.0 / (FOLDS - 1) if corrected else 0.0)
    spread = np.sqrt(gains.var(axis=1, ddof=1) * share)
    return np.asarray(gains.mean(axis=1) - _reach(LEVEL / tested, count - 1) * spread)


@functools.cache
def _reach(level: float, degrees: int) -> float:
    """Return what a t statistic exceeds with a probability."""
    from scipy.special import stdtrit

    return float(stdtrit(degrees, 1.0 - level))


def _fits(design: Design, drawn: int, tested: int) -> int:
    """Return how many trainings it took: what was drawn twice is trained once, and so is production."""
    if design.way == "all":
        return FOLDS * design.repeats * (1 + tested)
    return FOLDS * (1 + drawn) + FOLDS * design.repeats * (1 + tested)
