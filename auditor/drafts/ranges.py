"""What a drafted schedule searches: the ranges of the literature, with production's value inside.

Settings that matter most (`Range.first`) are searched; the others are written as comments: every searched
setting costs trials, and with the default thirty a box of more than five or six dimensions is looked at
thinly (Probst, Boulesteix and Bischl 2019 find most of what tuning gains in one to three settings).
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from auditor.core.defaults import completed, is_number, known, same, short_name
from auditor.core.places import without_place
from auditor.core.records import Config, DimensionSpec, ScaleName, Value
from auditor.core.scales import scale_named
from auditor.drafts.tables import OPTIMISERS, TABLES, Range


def table_of(owner: str) -> Mapping[str, Range]:
    """Return the ranges of an estimator or an optimiser by its class; empty where it is not known.

    Examples
    --------
    >>> table_of("LGBMClassifier")["num_leaves"].spec.high
    1024
    >>> table_of("AdamW")["lr"].spec.low
    1e-05
    """
    short = owner.lower()
    siblings = "adam" if "adam" in short else short
    return TABLES.get(owner) or OPTIMISERS.get(siblings, {})


def range_of(owner: str, name: str, value: Value, siblings: Config) -> Range | None:
    """Return what a setting is searched over around production's value; None for one that is not searched.

    Parameters
    ----------
    owner
        Class of the estimator or step that has the setting.
    name
        As production spells it: ``model__C``.
    siblings
        The other settings of the same estimator, by their own short names.
    """
    own = without_place(name).rpartition("__")[2]
    found = table_of(owner).get(own)
    if found is None:
        return None if table_of(owner) else _generic(name, value)
    if not all(siblings.get(other) in values for other, values in found.needs.items()):
        return None
    return _reaching(found, name, value)


def _generic(name: str, value: Value) -> Range | None:
    """Return the default of a setting that no table has, where one is known by its name alone."""
    if known(name, value) is None or short_name(name) in _SELDOM:
        return None
    return Range(spec=completed(name, value, DimensionSpec()), source="ours", first=True)


_SELDOM = frozenset({"max_iter", "n_estimators", "epochs", "num_boost_round", "num_iterations", "criterion"})
"""Settings whose names alone say too little to search them in an estimator that no table has."""


def _reaching(found: Range, name: str, value: Value) -> Range | None:
    """Return a range with production's value in it; a ladder where that has no place on the scale."""
    if found.spec.choices is not None:
        inside = any(same(value, choice) for choice in found.spec.choices)
        if inside:
            return found
        return replace(found, spec=replace(found.spec, choices=(value, *found.spec.choices)))
    if not _fits(found.spec, value, name):
        ladder = known(name, value)
        if ladder is None or not ladder.choices:
            return None
        spec = DimensionSpec(scale=ScaleName.CHOICE, choices=ladder.choices)
        return replace(found, spec=spec, source="ladder")
    return replace(found, spec=_widened(found.spec, name, float(value)))  # type: ignore[arg-type] # a number


def _fits(spec: DimensionSpec, value: Value, name: str) -> bool:
    """Return whether a value has a place on the scale of a range, and means what the range means."""
    if not is_number(value) or spec.scale is None:
        return False
    if spec.integer and value != int(value):
        return False
    # max_features = 5 is five columns, not the share 5.0.
    if not spec.integer and isinstance(value, int) and short_name(name) in ("max_features", "max_samples"):
        return False
    if spec.scale is ScaleName.LOG:
        return value > 0
    return spec.scale is not ScaleName.ONE_MINUS_LOG or 0 <= value < 1


def _widened(spec: DimensionSpec, name: str, value: float) -> DimensionSpec:
    """Return the range, drawn out to what the defaults around production reach where that lies outside.

    An end on which production sits would keep the search from looking beyond it.
    """
    low, high = spec.low, spec.high
    if low is None or high is None:  # the tables give both
        raise ValueError(f"{name}: a range needs two ends")
    if low < value < high:
        return spec
    around = completed(name, int(value) if spec.integer else value, DimensionSpec())
    default = known(name, int(value) if spec.integer else value)
    if default is None or default.scale is ScaleName.CHOICE or around.low is None or around.high is None:
        around = replace(spec, low=min(low, value), high=max(high, value))
    ends = (min(low, around.low or low), max(high, around.high or high))
    tidy = scale_named(spec.scale or ScaleName.LINEAR).tidy
    return replace(spec, low=min(tidy(ends[0]), value), high=max(tidy(ends[1]), value))


def searched(
    settings: Mapping[str, tuple[str, Value]], siblings: Mapping[str, Config]
) -> Iterator[tuple[str, Range]]:
    """Yield every setting that can be searched and its range, those that matter most first.

    Parameters
    ----------
    settings
        Owner and value by name.
    siblings
        The settings of each owner by their short names, by the name's prefix.
    """
    found = [
        (name, reached)
        for name, (owner, value) in settings.items()
        if (reached := range_of(owner, name, value, siblings.get(name.rpartition("__")[0], {}))) is not None
    ]
    yield from (pair for pair in found if pair[1].first)
    yield from (pair for pair in found if not pair[1].first)
