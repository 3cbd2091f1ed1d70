"""What the turns of a panda say of each setting: stale, fresh, or not yet known.

A setting that a nudge has moved *challenges* production: from then on, every other turn puts it back to
production's value in one twin, and compares. The rows that chose the nudge count for nothing; the turns that
put it back, on fresh rows each, are the evidence (``anytime``). A challenge ends when the setting is back at
production's value for good. There will be many, over settings and months, so the n-th has to reach more
than the first: the levels add up to one minus the confidence, whatever happens and however long it goes on.

A twin lives for one turn, and what is good for one turn can be bad in the long run: a smaller learning rate
calms a model at once and cripples it later [1]_. So nothing is called stale unless the live model also leads
one that was carried on over the same turns with production's settings all along, by the margin.

That a setting is *fresh* takes evidence too: in each direction, against a value at least a tenth of its axis
away, that it gains less than the margin. Where a turn is too short to show all of a gain, the lead shows it:
a setting that alone makes the live model lead by the margin is not fresh, and is stale once its evidence
suffices that it gains at all.

References
----------
.. [1] Wu, Ren, Liao and Grosse (2018), "Understanding short-horizon bias in stochastic meta-optimization",
   ICLR.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from auditor.core.anytime import Contrast, evidence_above, mean_of
from auditor.core.defaults import same
from auditor.core.dimensions import Choice
from auditor.core.records import Call, Config, Side, Turn, Value
from auditor.core.space import Space

ZETA = 2.612375
"""The sum of ``n ** -1.5`` over all n: the n-th challenge may err with a chance of that share."""

LEAST_PROBE = 0.1
"""Of an axis: a value nearer to production's says nothing about a setting being fresh."""

FRESH_FOR = 60
"""Turns after which an exclusion has to be shown anew."""

LEAD_TURNS = 10
"""The newest turns over which the live model must lead production by the margin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """A setting away from production's value, and the turns that put it back to compare.

    Attributes
    ----------
    place
        Among all challenges since the start, counted from 1.
    began, ended
        The turn that moved the setting, and the one that brought it back for good; None while it is on.
    turns, contrasts
        Of the turns that put it back: their numbers, and what production's value cost in each.
    """

    setting: str
    place: int
    began: int
    ended: int | None = None
    turns: tuple[int, ...] = ()
    contrasts: tuple[Contrast, ...] = ()

    def needed(self, confidence: float) -> float:
        """Return the evidence that it has to reach."""
        return needed(self.place, confidence)

    def evidence(self) -> tuple[float, ...]:
        """Return the evidence after each of its turns."""
        return tuple(evidence_above(self.contrasts[:count]) for count in range(1, len(self.contrasts) + 1))

    def is_won(self, confidence: float) -> int | None:
        """Return the turn at which the evidence sufficed, or None."""
        bar = self.needed(confidence)
        return next(
            (turn for turn, found in zip(self.turns, self.evidence(), strict=True) if found >= bar), None
        )


def needed(place: int, confidence: float) -> float:
    """Return the evidence that the challenge at a place has to reach.

    Examples
    --------
    >>> [round(needed(place, 0.95)) for place in (1, 2, 10)]
    [52, 148, 1652]
    """
    return float(ZETA * place**1.5 / (1.0 - confidence))


def challenges_of(turns: Sequence[Turn], production: Config, names: Sequence[str]) -> tuple[Challenge, ...]:
    """Return every challenge since the start, oldest first."""
    done: list[Challenge] = []
    running: dict[str, _Running] = {}
    for turn in turns:
        now = running.get(turn.setting)
        home = same(turn.tried, production.get(turn.setting))
        if now is not None and home and turn.gain is not None:
            now.turns.append(turn.number)
            now.contrasts.append(Contrast(-turn.gain, turn.rows_scored))
        for name in names:
            moved = not same(turn.config.get(name), production.get(name))
            if moved and name not in running:
                running[name] = _Running(len(done) + len(running) + 1, turn.number)
            elif not moved and name in running:
                done.append(running.pop(name).as_challenge(name, ended=turn.number))
    on = [each.as_challenge(name, ended=None) for name, each in running.items()]
    return tuple(sorted((*done, *on), key=lambda each: each.place))


@dataclass(slots=True)
class _Running:
    place: int
    began: int
    turns: list[int] = field(default_factory=list)
    contrasts: list[Contrast] = field(default_factory=list)

    def as_challenge(self, setting: str, *, ended: int | None) -> Challenge:
        return Challenge(
            setting=setting,
            place=self.place,
            began=self.began,
            ended=ended,
            turns=tuple(self.turns),
            contrasts=tuple(self.contrasts),
        )


def lead_of(turns: Sequence[Turn], production: Config, names: Sequence[str]) -> tuple[Contrast, ...]:
    """Return the lead of the live model over production's, turn by turn since they last parted.

    Of the unchanged twin, which is the live model as the turns before have left it: the turn's own choice
    is no part of it.
    """
    found: list[Contrast] = []
    apart = False
    for turn in turns:
        if apart:
            found.append(Contrast(turn.production_loss - turn.loss, turn.rows_scored))
        apart = not is_production(turn.config, production, names)
        if not apart:
            found.clear()
    return tuple(found)


def is_production(config: Config, production: Config, names: Sequence[str]) -> bool:
    """Return whether a configuration holds production's values of the given settings."""
    return all(same(config.get(name), production.get(name)) for name in names)


def margin_of(turns: Sequence[Turn]) -> float:
    """Return the mean margin over the newest turns, in units of loss."""
    newest = [turn.margin for turn in turns[-LEAD_TURNS:]]
    return math.fsum(newest) / len(newest) if newest else 0.0


def is_ahead(turns: Sequence[Turn], production: Config, names: Sequence[str]) -> bool:
    """Return whether the live model leads production's by the margin, over the newest turns."""
    lead = lead_of(turns, production, names)[-LEAD_TURNS:]
    return bool(lead) and mean_of(lead) >= margin_of(turns)


def is_ahead_by(name: str, turns: Sequence[Turn], production: Config, names: Sequence[str]) -> bool:
    """Return whether the live model leads by the margin, and one setting alone makes it another."""
    others = [other for other in names if other != name]
    return is_ahead(turns, production, names) and all(
        is_production(turn.config, production, others) for turn in turns[-LEAD_TURNS:]
    )


def calls_of(
    turns: Sequence[Turn], *, space: Space, production: Config, names: Sequence[str], confidence: float
) -> Mapping[str, Call]:
    """Return what the turns say of each setting.

    Parameters
    ----------
    names
        Settings that turns change.
    confidence
        One minus the chance that any setting is ever called stale while none gains; and one minus that of
        each exclusion behind a *fresh*.
    """
    leads = is_ahead(turns, production, names)
    on = {each.setting: each for each in challenges_of(turns, production, names) if each.ended is None}
    sides = {
        name: sides_of(name, turns, space=space, production=production, confidence=confidence)
        for name in names
    }
    return {
        name: _call(
            on.get(name),
            sides[name],
            turns,
            leads=leads,
            alone=is_ahead_by(name, turns, production, names),
            confidence=confidence,
        )
        for name in names
    }


def _call(
    challenge: Challenge | None,
    sides: Sequence[Side],
    turns: Sequence[Turn],
    *,
    leads: bool,
    alone: bool,
    confidence: float,
) -> Call:
    if challenge is not None and (alone or mean_of(challenge.contrasts) >= margin_of(turns)):
        if leads and challenge.is_won(confidence) is not None:
            return Call.STALE
        if (*challenge.evidence(), 1.0)[-1] > 1.0:
            return Call.UNDECIDED  # more speaks for a gain than against it, whatever was excluded before
    return Call.FRESH if is_fresh(sides, turns) else Call.UNDECIDED


def is_fresh(sides: Sequence[Side], turns: Sequence[Turn]) -> bool:
    """Return whether a gain of the margin was excluded in every direction, not too long ago."""
    oldest = len(turns) - FRESH_FOR
    return bool(sides) and all(side.excluded is not None and side.excluded >= oldest for side in sides)


def sides_of(
    name: str, turns: Sequence[Turn], *, space: Space, production: Config, confidence: float
) -> tuple[Side, ...]:
    """Return what is known of each direction in which a setting can be moved from production's value."""
    bar = 1.0 / (1.0 - confidence)
    found = []
    for towards in directions(name, space, production):
        contrasts: list[Contrast] = []
        excluded, farthest, count = None, production.get(name), 0
        for turn, value, gain in _against_production(name, turns, production):
            if direction_of(name, value, space, production) != towards or not _is_probe(
                name, value, space, production
            ):
                continue
            count += 1
            farthest = _farther(name, value, farthest, space, production)
            contrasts.append(Contrast(turn.margin - gain, turn.rows_scored))
            if evidence_above(contrasts) >= bar:
                excluded = turn.number
                contrasts.clear()  # an exclusion holds for a while, and is then shown anew on newer rows
        found.append(
            Side(
                towards=towards,
                farthest=farthest,
                turns=count,
                evidence=evidence_above(contrasts),
                needed=bar,
                excluded=excluded,
            )
        )
    return tuple(found)


def directions(name: str, space: Space, production: Config) -> tuple[str, ...]:
    """Return the directions in which a setting can be moved from production's value."""
    dimension, value = space.dimensions[name], production.get(name)
    if isinstance(dimension, Choice):
        return tuple(str(choice) for choice in dimension.choices if not same(choice, value))
    place = dimension.to_unit(value)
    room = {"down": place, "up": 1.0 - place}
    return tuple(towards for towards, share in room.items() if share >= LEAST_PROBE / 2.0)


def _against_production(
    name: str, turns: Sequence[Turn], production: Config
) -> Iterator[tuple[Turn, Value, float]]:
    """Yield the turns that compared production's value with another, that value, and what it gained."""
    ours = production.get(name)
    for turn in turns:
        if turn.setting != name or turn.gain is None:
            continue
        if same(turn.value, ours):
            yield turn, turn.tried, turn.gain
        elif same(turn.tried, ours):
            yield turn, turn.value, -turn.gain


def direction_of(name: str, value: Value, space: Space, production: Config) -> str:
    """Return in which direction from production's value another one lies."""
    dimension = space.dimensions[name]
    if isinstance(dimension, Choice):
        return str(value)
    return "up" if dimension.to_unit(value) > dimension.to_unit(production.get(name)) else "down"


def _is_probe(name: str, value: Value, space: Space, production: Config) -> bool:
    dimension = space.dimensions[name]
    if isinstance(dimension, Choice):
        return True
    place, ours = dimension.to_unit(value), dimension.to_unit(production.get(name))
    room = 1.0 - ours if place > ours else ours
    return abs(place - ours) >= 0.9 * min(LEAST_PROBE, room)  # whole numbers and tidy values fall short


def _farther(name: str, one: Value, other: Value, space: Space, production: Config) -> Value:
    dimension, ours = space.dimensions[name], production.get(name)
    if isinstance(dimension, Choice):
        return one
    start = dimension.to_unit(ours)
    return max(one, other, key=lambda value: abs(dimension.to_unit(value) - start))
