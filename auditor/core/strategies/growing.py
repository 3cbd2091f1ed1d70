"""A box that grows when its optimum lies outside, and an edge that is one of stability.

Which box the search is in follows from the history: draws that were spread over the box beforehand are tested
(``core/edges.py``) once their round is over; the box grows where they say so, on the setting's own scale;
the new strip is drawn from in the same way, and tested in turn. At most twice.

Not every optimum at an edge is beyond it. Where trainings near the edge fail or diverge, as with a
learning rate that is almost too large, the edge is one of *stability*: the box stays.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from auditor.core.dimensions import Dimension
from auditor.core.edges import OUTER, falls_outwards
from auditor.core.records import Config, FloatArray, Result, Round, config_key
from auditor.core.space import Space
from auditor.core.strategies.halving import scored
from auditor.core.strategies.histories import fidelity_of, of_round, ours, ranking, rivals

_Flags = npt.NDArray[np.bool_]

MOST_GROWTHS = 2
"""How often a box may grow."""

FRAGILE = 0.15
"""An edge is one of stability when at least this share of the draws in the outer part of the axis failed,
and a larger share than elsewhere."""

STABILITY = "stability"
"""What is said of such an edge."""


@dataclass(frozen=True, slots=True)
class Growth:
    """The box that a history has led to.

    Attributes
    ----------
    before
        The box before its last growth; the same as ``box`` when it never grew.
    box
        The box now.
    drawn
        Whether the strip between them has been drawn from.
    """

    before: Space
    box: Space
    drawn: bool

    @property
    def searched(self) -> Space:
        """The box as far as it has been drawn from."""
        return self.box if self.drawn else self.before

    @property
    def strips(self) -> tuple[Space, ...]:
        """The new parts of the box, one for each setting whose range grew."""
        grown = [name for name in self.box.names if self.box.dimensions[name] != self.before.dimensions[name]]
        return tuple(self.box.strip(name, beyond=self.before) for name in grown)


@dataclass(frozen=True, slots=True)
class Spread:
    """Draws that no earlier result had placed.

    Attributes
    ----------
    best_first
        Those that have a loss.
    failed
        Those that failed at the highest fidelity they reached.
    """

    best_first: tuple[Config, ...]
    failed: tuple[Config, ...]


def growth_of(
    space: Space, history: Sequence[Result], *, production: Config, known: frozenset[str] = frozenset()
) -> Growth:
    """Return the box that the coarse round, and the draws from its strips, have led to.

    Parameters
    ----------
    space
        As it was declared.
    known
        Keys of configurations that were not drawn at random.
    """
    climbs = growth_climbs(history, production)
    found = Growth(space, space, drawn=True)
    for number in range(MOST_GROWTHS):
        seen = [*of_round(Round.COARSE, history), *(result for climb in climbs[:number] for result in climb)]
        wanted = open_edges(found.box, spread_of(seen, production=production, known=known))
        box = found.box.grown(wanted)
        if box == found.box:
            break
        found = Growth(found.box, box, drawn=number < len(climbs))
        if not found.drawn:
            break
    return found


def growth_climbs(history: Sequence[Result], production: Config) -> list[list[Result]]:
    """Return the results of every growth: each begins where production climbs no further.

    Its lowest rung does not tell: another version may have begun the search, on other rungs.
    """
    key, reached = config_key(production), 1.0
    climbs: list[list[Result]] = []
    for result in of_round(Round.GROW, history):
        if result.key == key:
            if fidelity_of(result) <= reached:
                climbs.append([])
            reached = fidelity_of(result)
        climbs[-1].append(result)
    return climbs


def spread_of(results: Sequence[Result], *, production: Config, known: frozenset[str]) -> Spread:
    """Return the draws among some results that no earlier result had placed, best first."""
    drawn = [result for result in rivals(results, production) if result.key not in known]
    furthest: dict[str, Result] = {}
    for result in sorted(drawn, key=fidelity_of):
        furthest[result.key] = result
    failed = {key: result.config for key, result in furthest.items() if not scored(result)}
    order = ranking([*ours(results, production), *drawn], production=production, first=None)
    best_first = tuple(config for _, _, config in order if config_key(config) not in failed)
    return Spread(best_first, tuple(failed.values()))


def edges_of(box: Space, spread: Spread) -> dict[str, str]:
    """Return the settings whose loss falls all the way to an end: ``low``, ``high`` or ``stability``.

    An end that is a limit of the setting itself is never one: there is nothing beyond.
    """
    found = _falling(box, spread)
    return {name: STABILITY if fragile(box, spread, name, side) else side for name, side in found.items()}


def open_edges(box: Space, spread: Spread) -> dict[str, str]:
    """Return the settings that the box should grow for, and at which end."""
    return {name: side for name, side in edges_of(box, spread).items() if side != STABILITY}


def fragile(box: Space, spread: Spread, name: str, side: str) -> bool:
    """Return whether trainings fail near one end of a setting, more often than elsewhere."""
    axis = box.names.index(name)
    broken = _distances(_places(box, spread.failed)[:, axis], side)
    whole = _distances(_places(box, spread.best_first)[:, axis], side)
    near, far = _share(broken <= OUTER, whole <= OUTER), _share(broken > OUTER, whole > OUTER)
    return near >= FRAGILE and near > far


def _falling(box: Space, spread: Spread) -> Mapping[str, str]:
    places = _places(box, spread.best_first)
    ranks = np.arange(places.shape[0], dtype=np.float64)
    ends = [
        (axis, name, side)
        for axis, (name, dimension) in enumerate(box.dimensions.items())
        if isinstance(dimension, Dimension)
        for side in ("low", "high")
        if side not in dimension.walls
    ]
    return {
        name: side
        for axis, name, side in ends
        if falls_outwards(places, ranks, axis, high=side == "high", tests=len(ends))
    }


def _places(box: Space, configs: Sequence[Config]) -> FloatArray:
    """Return where configurations lie, shape (configurations, settings)."""
    return np.array([box.to_unit(config) for config in configs]).reshape(len(configs), len(box.names))


def _distances(places: FloatArray, side: str) -> FloatArray:
    known = places[np.isfinite(places)]
    return 1.0 - known if side == "high" else known


def _share(broken: _Flags, whole: _Flags) -> float:
    """Return the share of draws that are broken, given which of the broken and of the whole ones count."""
    hits = int(np.count_nonzero(broken))
    total = hits + int(np.count_nonzero(whole))
    return hits / total if total else 0.0
