"""Scan: values along each responsible setting's own scale, to tell the range that is as good."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from auditor.core.defaults import is_number
from auditor.core.dimensions import Dimension
from auditor.core.ranges import FlatRange, flat_range, scan_values
from auditor.core.records import Budget, Config, Confirmation, Policy, Round
from auditor.core.space import Space
from auditor.core.variance import Replicate
from auditor.core.verdict import Blame
from auditor.core.wording import listed
from auditor.replicates import HALVES, Replicates, folds

PASSES = range(2)
"""Passes that every value is trained in: 4 paired trainings each (statistics, section 4)."""

MOST = 2
"""Settings that are scanned: those with the largest effects."""

SHARE = 0.5
"""A scan may take this share of the search's time."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What the scan found.

    Attributes
    ----------
    ranges
        By setting.
    notes
        What was left out, and why.
    """

    ranges: Mapping[str, FlatRange] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def scan(
    confirmation: Confirmation,
    *,
    blame: Blame,
    production: Config,
    space: Space,
    policy: Policy,
    budget: Budget,
    replicates: Replicates,
) -> Scan:
    """Re-run the recommended configuration with one setting moved along its scale, and tell the flat range.

    Of the settings that are recommended to change, the numbers with the two largest effects are scanned,
    one after the other, as far as the time of the budget allows.
    """
    recommended = _recommended(confirmation, blame, production)
    lines = {
        name: scan_values(dimension, value)
        for name, dimension, value in _scannable(blame, recommended, space)[:MOST]
    }
    affordable = _affordable(lines, budget=budget, production=production, replicates=replicates)
    ranges = {
        name: found
        for name in affordable
        if (found := _range(name, lines[name], recommended, confirmation, policy, replicates)) is not None
    }
    return Scan(ranges, _left_out([name for name in lines if name not in affordable], budget))


def _recommended(confirmation: Confirmation, blame: Blame, production: Config) -> Config:
    """Return production with the settings to change at the challenger's values."""
    challenger = confirmation.finalists[confirmation.winner].config
    names = [*production, *(name for name in challenger if name not in production)]
    sources = {name: (challenger if name in blame.recommended else production) for name in names}
    return {name: source[name] for name, source in sources.items() if name in source}


def _scannable(blame: Blame, recommended: Config, space: Space) -> list[tuple[str, Dimension, float]]:
    """Return the settings to change that are numbers, by effect, largest first."""
    ranked = [effect.name for effect in blame.attribution.effects if effect.name in blame.moved]
    heads = [*ranked, *(name for name in blame.moved if name not in ranked)]
    found = []
    for name in (name for head in heads for name in (head, *blame.bundles.get(head, ()))):
        dimension, value = space.dimensions.get(name), recommended.get(name)
        if isinstance(dimension, Dimension) and is_number(value):
            found.append((name, dimension, value))
    return found


def _affordable(
    lines: Mapping[str, Sequence[float]], *, budget: Budget, production: Config, replicates: Replicates
) -> list[str]:
    """Return the settings whose scan fits the time, in the order given."""
    each = replicates.seconds(production)
    left = SHARE * budget.time.total_seconds() * budget.workers
    kept = []
    for name, values in lines.items():
        left -= each * (len(values) - 1) * HALVES * len(PASSES)
        if left < 0.0:
            break
        kept.append(name)
    return kept


def _range(
    name: str,
    values: Sequence[float],
    recommended: Config,
    confirmation: Confirmation,
    policy: Policy,
    replicates: Replicates,
) -> FlatRange | None:
    """Train one line of values, and return its ranges; None when too few replicates survived."""
    line: dict[float, Config] = {value: {**recommended, name: value} for value in values}
    replicates.train(list(line.values()), passes=PASSES, purpose=Round.SCAN)
    losses = {value: replicates.losses(config, passes=PASSES) for value, config in line.items()}
    at = next(value for value in values if value == recommended[name])
    ours = [fold for fold in folds(PASSES) if fold in losses[at]]
    if len(ours) < 2:
        return None
    paired: dict[float, list[Replicate]] = {
        value: [found[fold] for fold in ours] if found.keys() >= set(ours) else []
        for value, found in losses.items()
    }
    return flat_range(paired, recommended=at, confidence=policy.confidence, margin=confirmation.margin)


def _left_out(names: Sequence[str], budget: Budget) -> tuple[str, ...]:
    if not names:
        return ()
    minutes = SHARE * budget.time.total_seconds() / 60
    return (
        f"the range around {listed(names)} was not scanned: it would take longer than {minutes:g} min, half "
        "of budget.time",
    )
