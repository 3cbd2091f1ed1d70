"""Panda: babysit one model: carry it on, nudge one setting at a time, keep what is better.

Each turn carries the live model on twice over the same fresh rows, in the same order, from the same
checkpoint: once unchanged and once with one setting changed. So a nudge is judged against its twin, and not
against a model that has simply seen fewer rows. What happens next follows from the turns so far alone:

- Every setting has its turn, on its own scale: a nudge that was kept goes on in the same direction with a
  longer step, one that was not turns round, and after both directions failed the step shrinks. A nudge that
  was much worse turns round at once: the setting matters, and its other direction is the likeliest gain.
- A nudge is kept when it was better by more than its standard error, and by a quarter of the margin. It then
  challenges production, and while that is open most turns put the setting back in one twin (``challenges``).
  It goes back for good when over these turns it has not been better on the mean, or has been shown to gain
  less than the margin.
- A model that has become worse than the one it was made from, by more than noise and by the margin, is
  dropped, and the turn goes on from the one before.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from auditor.core.anytime import Contrast, mean_of
from auditor.core.challenges import Challenge, challenges_of, direction_of, is_ahead_by, sides_of
from auditor.core.defaults import same
from auditor.core.dimensions import Choice, Dimension
from auditor.core.records import Config, Estimate, Kept, Move, Turn, Value
from auditor.core.space import Space

FIRST_STEP, SHORTEST_STEP, LONGEST_STEP = 0.2, 0.16, 0.4
"""Of a setting's axis. On the default range of a learning rate, two decades, a fifth is a factor of 2.5."""

GROW, SHRINK = 1.5, 0.7

KEEP_ERRORS = 1.0
"""Standard errors by which a nudge must be better to be kept: of those that change nothing, one in six is."""

KEEP_MARGIN = 0.25
"""Of the margin, by which it must be better as well. A setting that hardly matters moves twins that saw the
same rows in the same order by next to nothing, and its error by less: its challenges would go on for turns
over what nobody would redeploy for, and raise what every later one has to reach."""

NOISE_ERRORS = 3.0
"""Standard errors beyond which a model has become worse: about once in 740 turns by luck."""

AT_ONCE = 4.0
"""So many times what keeps a nudge is much worse: its setting is turned round in the next turn."""

HASTE = 2.0
"""Turns by which a setting's other direction comes earlier, for each time what keeps a nudge that its first
was worse. In worlds of 8 to 12 settings that were made to choose it, the spoiled one was found within
20 turns in 88 to 98 % of lives instead of 42 to 70 (``benchmarks/panda.py``)."""

BACKS = 4
"""While a challenge is open, so many turns of five put its setting back; one goes on nudging."""

LEAST_ROOM = 0.05
"""Of an axis: nearer to its end, there is no nudge towards it."""

INERT_TURNS = 2
"""A setting whose nudges changed not one loss so many times is not heeded by the training."""


@dataclass(frozen=True, slots=True)
class Nudge:
    """What the next turn changes.

    Attributes
    ----------
    value, tried
        What the unchanged and the changed twin hold.
    step
        Signed share of the axis; 0 for a choice.
    """

    move: Move
    setting: str
    value: Value
    tried: Value
    step: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Panda:
    """Carry one model on; a strategy without memory.

    Attributes
    ----------
    production
        The configuration that the model began with.
    names
        Settings that a continued training heeds, in the order of the space.
    confidence
        Of the calls; what is settled needs no more turns.
    """

    space: Space
    production: Config
    names: tuple[str, ...]
    confidence: float = 0.95

    def next_nudge(self, turns: Sequence[Turn], live: Config, rng: np.random.Generator) -> Nudge | None:
        """Return what the next turn changes, or None when no setting is left that a training heeds.

        Parameters
        ----------
        turns
            All since the start, in order.
        live
            The configuration of the model that the turn carries on.
        rng
            The only chance: which way a setting's first nudge goes.
        """
        due = self._to_put_back(turns, live)
        if due is not None:
            return self._back(due, live)
        for name in self._in_turn(turns, live):
            nudge = self._nudge(name, turns, live, rng)
            if nudge is not None:
                return nudge
        return None

    def keeps(
        self, nudge: Nudge, turns: Sequence[Turn], gain: float, error: float, rows: int, *, margin: float
    ) -> Kept:
        """Return which twin is carried on.

        Parameters
        ----------
        gain, error, rows
            Loss of the unchanged twin minus that of the changed one, its standard error, and over how many
            rows.
        margin
            In units of loss.
        """
        if not same(nudge.tried, self.production.get(nudge.setting)):
            return Kept.NUDGED if gain > _bar(error, margin) else Kept.UNCHANGED
        challenge = self._on(turns).get(nudge.setting)
        before = challenge.contrasts if challenge is not None else ()
        better = mean_of((*before, Contrast(-gain, rows))) > 0.0
        worth_it = (
            challenge is None
            or is_ahead_by(nudge.setting, turns, self.production, self.names)  # a turn may be too short
            or not self._is_too_little(challenge, nudge.value, turns)
        )
        return Kept.UNCHANGED if better and worth_it else Kept.NUDGED

    def step(self, name: str, turns: Sequence[Turn]) -> float:
        """Return how far a setting's next nudge goes, as a share of its axis."""
        length, failed = FIRST_STEP, 0
        for turn in self._nudges(name, turns):
            failed = 0 if turn.kept is Kept.NUDGED else failed + 1
            if turn.kept is Kept.NUDGED:
                length = min(LONGEST_STEP, GROW * length)
            elif failed % 2 == 0:
                length = max(SHORTEST_STEP, SHRINK * length)
        return length

    def inert(self, turns: Sequence[Turn]) -> tuple[str, ...]:
        """Return the settings whose nudges changed nothing at all."""
        return tuple(
            name
            for name in self.names
            if len(found := [t for t in turns if t.setting == name and t.gain is not None]) >= INERT_TURNS
            and all(turn.gain == 0.0 and turn.error == 0.0 for turn in found)
        )

    def _on(self, turns: Sequence[Turn]) -> dict[str, Challenge]:
        found = challenges_of(turns, self.production, self.names)
        return {each.setting: each for each in found if each.ended is None}

    def _is_too_little(self, challenge: Challenge, value: Value, turns: Sequence[Turn]) -> bool:
        """Return whether the turns since a challenge began show that it gains less than the margin."""
        sides = sides_of(
            challenge.setting,
            turns,
            space=self.space,
            production=self.production,
            confidence=self.confidence,
        )
        towards = direction_of(challenge.setting, value, self.space, self.production)
        return any(
            side.towards == towards and side.excluded is not None and side.excluded > challenge.began
            for side in sides
        )

    def _to_put_back(self, turns: Sequence[Turn], live: Config) -> str | None:
        """Return the setting that this turn puts back in one twin, or None."""
        if len(turns) >= BACKS and all(turn.move is Move.BACK for turn in turns[-BACKS:]):
            return None
        on = [
            each
            for each in self._on(turns).values()
            if not same(live.get(each.setting), self.production.get(each.setting))
            and each.is_won(self.confidence) is None
        ]
        new = [each for each in on if not each.contrasts]
        if new:
            return min(new, key=lambda each: each.place).setting
        leading = max(on, key=lambda each: each.evidence()[-1] / each.needed(self.confidence), default=None)
        return leading.setting if leading is not None else None

    def _in_turn(self, turns: Sequence[Turn], live: Config) -> list[str]:
        """Return the settings: those to be turned round at once, those never nudged, the longest waiting."""
        inert = self.inert(turns)
        last = {turn.setting: turn.number for turn in turns if turn.move is Move.NUDGE}
        heeded = [name for name in self.names if name in live and name not in inert]

        def due(name: str) -> tuple[int, float]:
            worse = self._was_worse(name, turns, live)
            if worse >= AT_ONCE:
                return 0, -worse
            return (2, last[name] - HASTE * worse) if name in last else (1, 0.0)

        return sorted(heeded, key=due)

    def _was_worse(self, name: str, turns: Sequence[Turn], live: Config) -> float:
        """Return by how much the first of two directions failed, in what keeps a nudge; else 0."""
        nudges, dimension = self._nudges(name, turns), self.space.dimensions[name]
        failed = next((n for n, turn in enumerate(reversed(nudges)) if turn.kept is Kept.NUDGED), len(nudges))
        if failed % 2 == 0 or isinstance(dimension, Choice):  # a choice has no directions
            return 0.0
        last, place = nudges[-1], dimension.to_unit(live[name])
        worse, room = -(last.gain or 0.0), place if last.step > 0.0 else 1.0 - place
        if not (worse > 0.0 and room >= LEAST_ROOM):
            return 0.0
        bar = _bar(last.error or 0.0, last.margin)
        return worse / bar if bar > 0.0 else math.inf

    def _nudge(
        self, name: str, turns: Sequence[Turn], live: Config, rng: np.random.Generator
    ) -> Nudge | None:
        own = [turn for turn in turns if turn.setting == name]
        moved = not same(live[name], self.production.get(name))
        if moved and own and own[-1].move is Move.NUDGE and own[-1].gain is not None:
            return self._back(name, live)  # what is settled is looked at every other time, too
        dimension = self.space.dimensions[name]
        if isinstance(dimension, Choice):
            others = [choice for choice in dimension.choices if not same(choice, live[name])]
            tried = others[len(self._nudges(name, turns)) % len(others)]
            return Nudge(Move.NUDGE, name, live[name], tried, 0.0)
        up = self._upwards(name, turns, rng)
        return self._stepped(dimension, name, live[name], self.step(name, turns), up=up)

    def _upwards(self, name: str, turns: Sequence[Turn], rng: np.random.Generator) -> bool:
        nudges = self._nudges(name, turns)
        if not nudges:
            return bool(rng.integers(2))
        last = nudges[-1]
        return (last.step > 0.0) == (last.kept is Kept.NUDGED)

    def _stepped(
        self, dimension: Dimension, name: str, value: Value, length: float, *, up: bool
    ) -> Nudge | None:
        place = dimension.to_unit(value)
        for sign in (1.0, -1.0) if up else (-1.0, 1.0):
            room = 1.0 - place if sign > 0.0 else place
            if not room >= LEAST_ROOM:  # a value that is no number has no room at all
                continue
            step = sign * min(length, room)
            tried: Value = dimension.from_unit(place + step)
            ours = self.production.get(name)
            if abs(dimension.to_unit(ours) - (place + step)) < LEAST_ROOM and not same(ours, value):
                tried = ours  # so near to production's value, it is that value which is to be tried
            if not same(tried, value):
                return Nudge(Move.NUDGE, name, value, tried, step)
        return None

    def _back(self, name: str, live: Config) -> Nudge:
        dimension, ours = self.space.dimensions[name], self.production.get(name)
        step = 0.0
        if isinstance(dimension, Dimension):
            step = dimension.to_unit(ours) - dimension.to_unit(live[name])
        return Nudge(Move.BACK, name, live[name], ours, step)

    def _nudges(self, name: str, turns: Sequence[Turn]) -> list[Turn]:
        return [turn for turn in turns if turn.setting == name and turn.move is Move.NUDGE]


def _bar(error: float, margin: float) -> float:
    """Return by how much a nudge must be better to be kept."""
    return max(KEEP_ERRORS * error, KEEP_MARGIN * margin)


def setback_of(worse_by: float, error: float) -> Estimate:
    """Return by how much a model is worse than the one before it, and how far luck of the rows may reach."""
    reach = NOISE_ERRORS * error
    return Estimate(worse_by, worse_by - reach, worse_by + reach)


def has_become_worse(setback: Estimate, margin: float) -> bool:
    """Return whether a model is to be dropped for the one before it: beyond noise, and by the margin.

    Beyond noise alone would not do: with many rows, the luck of one training is beyond the luck of the rows.
    """
    return setback.low > 0.0 and setback.estimate >= margin
