"""A panda's error rates: a hundred days of nothing, and how soon a setting gone stale is found.

The strategy and the evidence are the auditor's own functions; only the trainings are left out: a twin's loss
is a bowl around the best values plus luck of the rows and luck of the training. Units are margins.

The strategy's constants were chosen on the first worlds, so a second set of other worlds and other seeds is
reported on beside them, which nothing was chosen on. In which order settings are turned round was chosen
later, on a third set, because of what the second had shown; a fourth was looked at only afterwards.

Beside what is found it is said what can be. One who knows the law of the luck, how much is gained, and in
which setting, looks once, on the twentieth turn: no valid procedure that compares twins of one turn finds
more. Another knows all that, but not which setting it is, and in which direction: he tries what is
likeliest, turn by turn.

Beside it, in the same worlds, what one gets by looking every day at the mean of all differences so far with
an ordinary t-test at 95 %, per setting and direction.

Run: ``nice python -m benchmarks.panda [--lives 400] [--json benchmarks/results/panda.json]``
"""

import argparse
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from scipy.stats import norm
from scipy.stats import t as student

from auditor.core.challenges import calls_of, is_production
from auditor.core.dimensions import Dimension
from auditor.core.records import Call, Config, FloatArray, IntArray, Kept, Turn
from auditor.core.scales import Linear
from auditor.core.space import Space
from auditor.core.strategies.panda import Nudge, Panda
from benchmarks.tables import print_table

CONFIDENCE = 0.95
DAYS = 100
HOME = 0.5
"""Production's value of every setting, on an axis from 0 to 1."""

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What is true, in margins.

    Attributes
    ----------
    best
        Where the best value of a setting lies, by its number; production's own for the others.
    from_day
        Since when.
    curvature
        Loss per squared distance from the best value on the axis.
    rows, training
        Standard deviation of a twin difference by luck of the rows, which a turn can see, and by that of the
        training, which it cannot.
    shape
        Of the luck: ``normal``, ``heavy`` (Student's t with 3 degrees of freedom), ``skewed`` (exponential).
    uneven
        Whether some days are much noisier than others.
    memory
        Share of a model's excess loss that survives a turn: a twin of one turn shows the rest only.
    drift_days
        How long the best values take to get there; 0 for at once. Turns are counted from their arrival.
    valley
        How far the first two settings make up for each other, as a correlation: above 0, moving the second
        gains as well where the first is spoiled.
    weekly
        Amplitude of what moving the first setting up by a fifth gains on some days of the week and costs on
        others, nothing on the mean.
    still
        Whether the second setting changes next to nothing, and luck of it less.
    calms, cripples
        What moving the first setting down by a fifth of its axis gains at once, and costs in the long run.
    """

    settings: int = 3
    best: Mapping[int, float] = field(default_factory=dict)
    from_day: int = 1
    curvature: float = 3.0 / 0.3**2
    rows: float = 0.7
    training: float = 0.7
    shape: str = "normal"
    uneven: bool = False
    memory: float = 0.0
    drift_days: int = 0
    valley: float = 0.0
    weekly: float = 0.0
    still: bool = False
    calms: float = 0.0
    cripples: float = 0.0


SPOILED = {0: 0.8}
"""Three margins from the best value, at the curvature above."""

NOTHING: Mapping[str, World] = {
    "a bowl around production": World(),
    "no setting matters": World(curvature=0.0),
    "no setting matters, six of them": World(curvature=0.0, settings=6),
    "luck of the training only": World(curvature=0.0, rows=0.1, training=1.0),
    "heavy tails": World(curvature=0.0, shape="heavy"),
    "skewed luck": World(curvature=0.0, shape="skewed"),
    "uneven days": World(curvature=0.0, uneven=True),
    "better for a turn, worse for good": World(curvature=0.0, calms=2.0, cripples=4.0),
}

SOMETHING: Mapping[str, World] = {
    "3 margins, 1 setting": World(best=SPOILED, settings=1),
    "3 margins, 3 settings": World(best=SPOILED),
    "3 margins, 6 settings": World(best=SPOILED, settings=6),
    "3 margins, two spoiled of 3": World(best={0: 0.8, 1: 0.2}),
    "3 margins, half the luck": World(best=SPOILED, rows=0.35, training=0.35),
    "3 margins, twice the luck": World(best=SPOILED, rows=1.4, training=1.4),
    "3 margins, half of it within a turn": World(best=SPOILED, memory=0.5),
    "3 margins, from day 60 on": World(best=SPOILED, from_day=60),
    "2 margins, 3 settings": World(best=SPOILED, curvature=2.0 / 0.3**2),
    "1 margin, 3 settings": World(best=SPOILED, curvature=1.0 / 0.3**2),
}

FRESH_NOTHING: Mapping[str, World] = {
    "a steep bowl around production": World(curvature=3.0 / 0.1**2, rows=0.4, training=0.5),
    "a valley of two settings": World(curvature=3.0 / 0.2**2, valley=0.8),
    "ten settings that do not matter": World(curvature=0.0, settings=10, rows=1.0, training=0.3),
    "settings that hardly move a loss": World(curvature=0.0, still=True, rows=0.2, training=0.2),
    "five times the luck": World(curvature=0.0, rows=3.5, training=3.5),
    "very heavy tails": World(curvature=0.0, shape="heavier", rows=0.5, training=1.0),
    "skewed luck on uneven days": World(curvature=0.0, shape="skewed", uneven=True, rows=1.0, training=1.0),
    "good on some weekdays, bad on others": World(curvature=0.0, weekly=2.0),
    "better for a turn, much worse for good": World(curvature=0.0, calms=1.0, cripples=6.0, memory=0.5),
}

FRESH_SOMETHING: Mapping[str, World] = {
    "3 margins, close by and steep": World(best={1: 0.62}, curvature=3.0 / 0.12**2),
    "3 margins, far away and flat": World(best={2: 0.95}, curvature=3.0 / 0.45**2),
    "3 margins, 4 settings, in a valley": World(
        best={0: 0.25}, curvature=3.0 / 0.25**2, valley=0.6, settings=4
    ),
    "3 margins, beside one that hardly matters": World(best={0: 0.2}, still=True, settings=2),
    "3 margins, luck of the rows only": World(best={0: 0.2}, rows=1.2, training=0.0),
    "3 margins, luck of the training only": World(best={0: 0.2}, rows=0.1, training=1.2),
    "3 margins, heavy tails": World(best={1: 0.75}, curvature=3.0 / 0.25**2, shape="heavy"),
    "3 margins, skewed luck on uneven days": World(
        best={1: 0.75}, curvature=3.0 / 0.25**2, shape="skewed", uneven=True
    ),
    "3 margins, reached over 10 days": World(best={0: 0.8}, from_day=15, drift_days=10),
    "3 margins, reached over 40 days": World(best={0: 0.8}, from_day=15, drift_days=40),
    "3 margins, a quarter of it after a turn": World(best={0: 0.2}, memory=0.75),
    "3 margins, 10 settings": World(best={7: 0.2}, settings=10),
}
CHOSEN_ON: Mapping[str, World] = {
    "3 margins, 8 settings": World(best={5: 0.8}, settings=8),
    "3 margins, 12 settings, flat": World(best={3: 0.15}, curvature=3.0 / 0.35**2, settings=12),
    "3 margins, 10 settings, steep": World(best={6: 0.68}, curvature=3.0 / 0.18**2, settings=10),
    "3 margins, 10 settings, luck of the rows": World(best={2: 0.8}, settings=10, rows=1.2, training=0.0),
    "3 margins, 3 settings, near": World(best={1: 0.25}, curvature=3.0 / 0.25**2),
}
"""What the order of turning round was chosen on."""

LATEST_NOTHING: Mapping[str, World] = {
    "nine steep settings": World(curvature=3.0 / 0.15**2, settings=9, rows=0.6, training=0.6),
    "twelve settings that do not matter, heavy tails": World(curvature=0.0, settings=12, shape="heavy"),
}

LATEST_SOMETHING: Mapping[str, World] = {
    "3 margins, 9 settings, heavy tails": World(best={6: 0.22}, settings=9, shape="heavy"),
    "3 margins, 14 settings": World(best={9: 0.8}, settings=14),
    "3 margins, two spoiled of 10": World(best={1: 0.75, 8: 0.25}, curvature=3.0 / 0.25**2, settings=10),
    "3 margins, 7 settings in a valley": World(
        best={0: 0.75}, curvature=3.0 / 0.25**2, valley=0.5, settings=7
    ),
    "3 margins, six tenths after a turn": World(best={0: 0.8}, memory=0.4),
}

MORE_LIVES = 5
"""Times as many are lived where any was called stale in a world of nothing."""

FRESH_SEEDS = 1_000_000
"""Lives of the second set are numbered from here."""

CHOSEN_SEEDS, LATEST_SEEDS = 5_000_000, 9_000_000
"""The same of the third and fourth."""

SOON = 20
"""Turns within which three margins should be found."""

GUESSES = 4_000
"""Lives from which it is reckoned what one finds who knows all but which setting it is."""


@dataclass(slots=True)
class Weights:
    """What a model carries on from one turn to the next: its excess loss, and how crippled it is."""

    excess: float = 0.0
    harm: float = 0.0

    def carried_on(self, config: Config, world: World, day: int) -> "Weights":
        """Return the weights after a turn with a configuration."""
        off = [config[f"s{i}"] - _best(world, i, day) for i in range(world.settings)]
        matter = [0.001 if world.still and place == 1 else 1.0 for place in range(world.settings)]
        bowl = world.curvature * sum(share * far**2 for share, far in zip(matter, off, strict=True))
        if world.valley:
            bowl += world.curvature * 2.0 * world.valley * off[0] * off[1]
        bowl -= world.weekly * math.sin(2.0 * math.pi * day / 7.0) * (config["s0"] - HOME) / 0.2
        down = max(0.0, HOME - config["s0"]) / 0.2
        return Weights(
            world.memory * self.excess + (1.0 - world.memory) * bowl,
            0.8 * self.harm + 0.2 * world.cripples * down,
        )

    def loss(self, config: Config, world: World) -> float:
        """Return the loss, without luck."""
        return 100.0 + self.excess + self.harm - world.calms * (HOME - config["s0"]) / 0.2


@dataclass(frozen=True, slots=True)
class Life:
    """A live model over its days.

    Attributes
    ----------
    stale
        The first day on which any setting was called stale, and which were; 0 for never.
    peeked
        The first day on which the daily t-test would have called one.
    calls
        On the last day.
    """

    stale: int
    named: tuple[str, ...]
    peeked: int
    calls: Mapping[str, Call]


def live(world: World, *, number: int, days: int = DAYS) -> Life:
    """Return one life in a world."""
    rng = np.random.default_rng([number, 17])
    space = Space({f"s{i}": Dimension(0.0, 1.0, Linear()) for i in range(world.settings)})
    production = dict.fromkeys(space.names, HOME)
    panda = Panda(space=space, production=production, names=space.names, confidence=CONFIDENCE)
    turns: list[Turn] = []
    ours, theirs, config = Weights(), Weights(), dict(production)
    stale, named, peeked = 0, tuple[str, ...](), 0
    calls: Mapping[str, Call] = {}
    for day in range(1, days + 1):
        nudge = panda.next_nudge(turns, config, np.random.default_rng([number, day]))
        if nudge is None:
            raise ValueError("there is always a setting to nudge here")
        changed = {**config, nudge.setting: nudge.tried}
        twins = ours.carried_on(config, world, day), ours.carried_on(changed, world, day)
        theirs = theirs.carried_on(production, world, day)
        luck = _Luck(world, rng, calm=world.still and nudge.setting == "s1")
        gain = twins[0].loss(config, world) - twins[1].loss(changed, world) + luck.of_a_difference()
        kept = panda.keeps(nudge, turns, gain, luck.error, 500, margin=1.0)
        loss = twins[0].loss(config, world)
        apart = not is_production(config, production, space.names)
        against = theirs.loss(production, world) + luck.of_a_difference() if apart else loss
        config, ours = (changed, twins[1]) if kept is Kept.NUDGED else (config, twins[0])
        if is_production(config, production, space.names):
            theirs = replace(ours)
        turns.append(_turn(nudge, day, kept, config, (loss, gain, against), luck.error))
        calls = calls_of(turns, space=space, production=production, names=space.names, confidence=CONFIDENCE)
        found = tuple(name for name, call in calls.items() if call is Call.STALE)
        if found and not stale:
            stale, named = day, found
        peeked = peeked or (day if _peeks(turns, production) else 0)
    return Life(stale, named, peeked, calls)


class _Luck:
    """The luck of one turn."""

    def __init__(self, world: World, rng: np.random.Generator, *, calm: bool = False) -> None:
        self._world, self._rng = world, rng
        self._scale = math.exp(0.7 * rng.standard_normal()) if world.uneven else 1.0
        self._scale *= 0.001 if calm else 1.0
        self.error = self._scale * world.rows

    def of_a_difference(self) -> float:
        """Return what luck adds to the difference of two models."""
        return self._scale * (self._world.rows * self._one() + self._world.training * self._one())

    def _one(self) -> float:
        if self._world.shape == "heavy":
            return float(self._rng.standard_t(3) / math.sqrt(3.0))
        if self._world.shape == "heavier":
            return float(self._rng.standard_t(2))
        if self._world.shape == "skewed":
            return float(self._rng.standard_exponential() - 1.0)
        return float(self._rng.standard_normal())


def _best(world: World, setting: int, day: int) -> float:
    if day < world.from_day:
        return HOME
    share = min(1.0, (day - world.from_day) / world.drift_days) if world.drift_days else 1.0
    return HOME + share * (world.best.get(setting, HOME) - HOME)


def _turn(
    nudge: Nudge, day: int, kept: Kept, config: Config, losses: tuple[float, float, float], error: float
) -> Turn:
    loss, gain, against = losses
    return Turn(
        number=day,
        audit_id=day,
        at=NOON,
        parent=day - 1,
        rows_fitted=500,
        rows_scored=500,
        move=nudge.move,
        setting=nudge.setting,
        value=nudge.value,
        tried=nudge.tried,
        step=nudge.step,
        loss=loss,
        tried_loss=loss - gain,
        production_loss=against,
        gain=gain,
        error=error,
        margin=1.0,
        kept=kept,
        config=config,
        checkpoint="",
        production_checkpoint="",
        seconds=0.0,
    )


def _peeks(turns: Sequence[Turn], production: Config) -> bool:
    """Return whether a t-test at 95 % over all differences of today's setting and direction says yes."""
    last = turns[-1]
    if last.value != production[last.setting]:
        return False
    alike = [
        turn.gain or 0.0
        for turn in turns
        if turn.setting == last.setting and turn.value == last.value and turn.step * last.step > 0.0
    ]
    if len(alike) < 3:
        return False
    error = float(np.std(alike, ddof=1)) / math.sqrt(len(alike))
    return float(np.mean(alike)) / error > float(student.ppf(0.95, len(alike) - 1))


def nothing(lives: int, world: World, *, days: int = DAYS, first: int = 0) -> dict[str, float]:
    """Return how often anything was called stale in a world where nothing is."""
    found = [live(world, number=first + number, days=days) for number in range(lives)]
    false = sum(life.stale > 0 for life in found)
    return {
        "lives": lives,
        "false_alarms": false / lives,
        "at_most": upper(false, lives),
        "daily_t_test": sum(life.peeked > 0 for life in found) / lives,
        "fresh_settings": _share(found, Call.FRESH),
    }


def something(lives: int, world: World, *, first: int = 0) -> dict[str, float]:
    """Return how soon what is stale was called so, from when all of it was there."""
    there = world.from_day + world.drift_days
    found = [live(world, number=first + number, days=there + 59) for number in range(lives)]
    after = [life.stale - there + 1 if life.stale >= world.from_day else math.inf for life in found]
    truth = {f"s{i}" for i in world.best} | ({"s0", "s1"} if world.valley else set())
    named = [set(life.named) for life in found if life.stale >= world.from_day]
    median = float(np.median(after))
    return {
        "lives": lives,
        "within_20": float(np.mean(np.array(after) <= SOON)),
        **knowing(world),
        "within_40": float(np.mean(np.array(after) <= 40)),
        "median_turns": max(0.0, median) if math.isfinite(median) else -1.0,
        "named_rightly": sum(each <= truth for each in named) / max(1, len(named)),
        "wrongly_fresh": sum(life.calls[f"s{i}"] is Call.FRESH for life in found for i in world.best)
        / (lives * len(world.best)),
        "early": sum(0 < life.stale < world.from_day for life in found) / lives,
    }


def knowing(world: World) -> dict[str, float]:
    """Return what those find within 20 turns, at 5 % of false alarms, who know more than a panda can.

    Both know that luck is normal, and how much of it there is. One looks once, on the twentieth turn
    (the test of Neyman and Pearson). The other does not know which setting is spoiled, and in which
    direction: he weighs all of them by what every turn has shown, tries the likeliest, and calls by the
    odds against nothing, whether nothing be a bowl around production or no bowl at all; 5 % of a
    hundred days of either reach his bar. Both take one setting to be spoiled, and the valley for a
    bowl.
    """
    gain = (1.0 - world.memory) * world.curvature * max((best - HOME) ** 2 for best in world.best.values())
    gain /= math.hypot(world.rows, world.training)
    shown = _shown(world.settings, gain)
    spoiled = _highest_odds(shown, np.arange(len(shown)), days=SOON)
    nothing = [np.zeros(len(shown)), np.full(len(shown), -gain)]
    bars = [np.quantile(_highest_odds(shown, null, days=DAYS), CONFIDENCE) for null in nothing]
    return {
        "knowing_all": float(norm.cdf(math.sqrt(SOON) * gain - norm.ppf(CONFIDENCE))),
        "knowing_not_which": float(np.mean(spoiled > max(bars))),
    }


def _shown(settings: int, gain: float) -> FloatArray:
    """Return what trying each way (columns) shows where another is the right one (rows).

    A setting has two ways. The right one gains; the other one leads three times as far up the bowl, and any
    other setting just up it.
    """
    shown = np.full((2 * settings, 2 * settings), -gain)
    for way in range(2 * settings):
        shown[way, way], shown[way, way ^ 1] = gain, -3.0 * gain
    return shown


def _highest_odds(shown: FloatArray, truth: FloatArray | IntArray, *, days: int) -> FloatArray:
    """Return the highest odds in each of many lives, as logarithms.

    Parameters
    ----------
    truth
        Whole numbers are the right ways, each of as many lives; else what every way shows.
    """
    rng, ways = np.random.default_rng([len(shown), days]), len(shown)
    bowl = shown.min(initial=0.0) / 3.0
    likely, nothing, highest = np.zeros((GUESSES, ways)), np.zeros((GUESSES, 2)), np.full(GUESSES, -np.inf)
    right = rng.integers(ways, size=GUESSES)
    for _ in range(days):
        tried = (likely + 1e-9 * rng.random(likely.shape)).argmax(axis=1)
        mean = shown[right, tried] if truth.dtype.kind == "i" else truth[tried]
        seen = (mean + rng.standard_normal(GUESSES))[:, None]
        likely += shown[:, tried].T * seen - shown[:, tried].T ** 2 / 2.0
        nothing[:, 1] += (bowl * seen - bowl**2 / 2.0)[:, 0]
        top = likely.max(axis=1)
        odds = top + np.log(np.exp(likely - top[:, None]).mean(axis=1)) - nothing.max(axis=1)
        highest = np.maximum(highest, odds)
    return highest


def upper(hits: int, tries: int) -> float:
    """Return the one-sided 95 % upper limit of a rate (Clopper and Pearson, 1934)."""
    from scipy.stats import beta

    return 1.0 if hits == tries else float(beta.ppf(0.95, hits + 1, tries - hits))


def _share(lives: Sequence[Life], call: Call) -> float:
    calls = [found for life in lives for found in life.calls.values()]
    return sum(found is call for found in calls) / max(1, len(calls))


NOTES = {
    "nothing": "",
    "something": "",
    "fresh": "no constant was chosen on these: ",
    "chosen": "the order of turning round was chosen on these: ",
    "latest": "looked at when all was chosen: ",
}
"""What is said of a set of worlds, by the first word of its name."""


def main() -> None:
    """Print the tables, and write them where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lives", type=int, default=200)
    parser.add_argument("--only", default="", help="only worlds whose name holds this word")
    parser.add_argument("--sets", default="", help="only sets whose name holds this word, such as latest")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    figures: dict[str, dict[str, dict[str, float]]] = {}
    for name, every, first in (
        ("nothing", NOTHING, 0),
        ("something", SOMETHING, 0),
        ("fresh_nothing", FRESH_NOTHING, FRESH_SEEDS),
        ("fresh_something", FRESH_SOMETHING, FRESH_SEEDS),
        ("chosen_on_something", CHOSEN_ON, CHOSEN_SEEDS),
        ("latest_nothing", LATEST_NOTHING, LATEST_SEEDS),
        ("latest_something", LATEST_SOMETHING, LATEST_SEEDS),
    ):
        worlds = {each: world for each, world in every.items() if asked.only in each and asked.sets in name}
        measure = something if name.endswith("something") else nothing
        found = {each: measure(asked.lives, world, first=first) for each, world in worlds.items()}
        for each, row in found.items():
            if row.get("false_alarms"):  # too few lives to tell a rate that is not 0
                found[each] = measure(MORE_LIVES * asked.lives, worlds[each], first=first)
        figures[name] = found
        print(f"{NOTES[name.split('_')[0]]}{asked.lives} lives each")
        _print_something(figures[name]) if measure is something else _print_nothing(figures[name])
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def _print_nothing(found: Mapping[str, Mapping[str, float]]) -> None:
    print_table(
        (f"{DAYS} days of nothing", "called stale", "a daily t-test would", "settings fresh at the end"),
        [
            (
                name,
                f"{100 * row['false_alarms']:.1f} % (≤ {100 * row['at_most']:.1f} %)",
                f"{100 * row['daily_t_test']:.0f} %",
                f"{100 * row['fresh_settings']:.0f} %",
            )
            for name, row in found.items()
        ],
    )


def _print_something(found: Mapping[str, Mapping[str, float]]) -> None:
    print_table(
        (
            "spoiled by",
            "found within 20 turns",
            "knowing all but which",
            "knowing all",
            "within 40",
            "median turns",
            "named rightly",
            "called fresh",
        ),
        [
            (
                name,
                f"{100 * row['within_20']:.0f} %",
                f"{100 * row['knowing_not_which']:.0f} %",
                f"{100 * row['knowing_all']:.0f} %",
                f"{100 * row['within_40']:.0f} %",
                f"{row['median_turns']:.0f}" if row["median_turns"] > -1.0 else "> 60",
                f"{100 * row['named_rightly']:.0f} %",
                f"{100 * row['wrongly_fresh']:.0f} %",
            )
            for name, row in found.items()
        ],
    )


if __name__ == "__main__":
    main()
