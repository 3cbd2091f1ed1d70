"""Good points of earlier audits, tried again: candidates, never scores.

What an earlier audit measured was measured on older rows, and is out of date by assumption: that is why
there is another audit. What stays is where to look. So a few of the coarse draws are configurations
that earlier audits found good, trained again like any other draw, and the older they are the fewer.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from auditor.core.defaults import is_number
from auditor.core.dimensions import Choice, Dimension
from auditor.core.records import Audit, Call, Config, Value, config_key
from auditor.core.space import Space

MOST = 0.2
"""Share of the coarse draws that may be taken from earlier audits; our choice: the rest must still screen
the space, and what is carried over does not."""

HALF_LIFE = timedelta(days=180)
"""The age at which an earlier audit's points are given half as many places."""


@dataclass(frozen=True, slots=True)
class Known:
    """A configuration that an earlier audit found good.

    Attributes
    ----------
    config
        With every setting that the present search holds.
    weight
        In (0, 1]: 1 for an audit of this moment, halved with every half-life.
    """

    config: Config
    weight: float


def weight_of(age: timedelta) -> float:
    """Return what a point of this age counts for.

    Examples
    --------
    >>> weight_of(timedelta(0)), weight_of(timedelta(days=360))
    (1.0, 0.25)
    """
    return float(0.5 ** max(0.0, age / HALF_LIFE))


def admitted(known: Sequence[Known], draws: int) -> tuple[Config, ...]:
    """Return the points that take the place of coarse draws, in the order given.

    A point is admitted while fewer than ``MOST`` of the draws, times its weight, are taken: old points fill
    only the first places, and very old ones none.
    """
    taken: dict[str, Config] = {}
    for point in known:
        key = config_key(point.config)
        if len(taken) < round(MOST * draws * point.weight):
            taken.setdefault(key, point.config)
    return tuple(taken.values())


def good_points(audit: Audit) -> tuple[Config, ...]:
    """Return what an earlier audit found good: the confirmed finalists, the best one first."""
    evidence = audit.confirmation
    if evidence is None:
        return ()
    best = evidence.finalists[evidence.winner].config
    others = [finalist.config for finalist in evidence.finalists if finalist.config is not best]
    return (best, *others)


def fitted(config: Config, *, space: Space, production: Config) -> Config | None:
    """Return an earlier configuration in terms of the present search, or None where it has no place in it.

    Searched numbers are brought within their range; settings that are not searched stand at production's
    values. A point is given up when it holds a choice that is no longer offered, lacks a setting that
    is searched now, or comes to nothing but production.
    """
    settings: dict[str, Value] = dict(production)
    for name, dimension in space.dimensions.items():
        if name not in config:
            if dimension.only_if:
                settings.pop(name, None)
                continue
            return None
        place = dimension.to_unit(config[name])
        if math.isnan(place):
            return None
        settings[name] = config[name] if _held(dimension, config[name]) else dimension.from_unit(place)
    return None if config_key(settings) == config_key(production) else settings


def _held(dimension: Dimension | Choice, value: Value) -> bool:
    """Whether a value that has a place on an axis lies within its range."""
    if isinstance(dimension, Choice):
        return True
    return is_number(value) and dimension.low <= value <= dimension.high


def seated(
    best: Sequence[tuple[Config, float]], carried: Config | None, *, seats: int
) -> tuple[tuple[Config, float | None], ...]:
    """Return the finalists with the carried-over challenger among them, in the last seat unless it won one.

    Its seat was given before the search began, so it costs the others a seat and the verdict nothing.
    """
    won = {config_key(config) for config, _ in best}
    if carried is None or config_key(carried) in won:
        return tuple(best)
    return (*best[: seats - 1], (carried, None))


def carried_over(
    audit: Audit, *, production: Config, capture: int, metric: str, space: Space
) -> Config | None:
    """Return the challenger that the last audit left undecided and that this one must confirm, or None.

    It keeps its seat only while the question is the same: the same capture of production, the same
    metric, and settings that the search still holds. It is never altered to fit: the evidence is on
    exactly this configuration.
    """
    evidence = audit.confirmation
    if audit.call is not Call.UNDECIDED or evidence is None:
        return None
    if audit.capture.id != capture or audit.policy.metric != metric:
        return None
    config = evidence.finalists[evidence.winner].config
    changed = {name for name in {*config, *production} if config.get(name) != production.get(name)}
    return config if changed <= set(space.names) else None
