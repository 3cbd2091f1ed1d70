"""What is wrong, and what is unwise, in a declared search space.

``mistakes`` finds what makes a table useless; ``caution`` finds what makes it a poor way to search, with
the remedy. Both look at a table after its defaults were filled in (``defaults.completed``).
"""

import difflib
from collections.abc import Callable, Iterator, Mapping

from auditor.core.defaults import WIDE_RATIO, is_number, known, limits, same, short_name
from auditor.core.records import Config, DimensionSpec, ScaleName, Value
from auditor.core.scales import scale_named
from auditor.errors import Problem, ScaleError

_NEAR_ONE = 0.98
"""An average over at least 50 steps: from here on a line is a bad axis for it."""

_WINDOWS = 10.0
"""A range of averages is wide when its longest window is this many times its shortest."""


def mistakes(
    name: str,
    declared: DimensionSpec,
    *,
    production: Config,
    searched: Mapping[str, DimensionSpec],
) -> Iterator[Problem]:
    """Yield everything that is wrong with one completed ``[search.NAME]`` table.

    Parameters
    ----------
    production
        The configuration that the search starts from.
    searched
        Every completed table, this one included.
    """
    where = f"search.{name}"
    yield from _unknown(where, name, declared, production)
    yield from _conditions(where, name, declared, list({**production, **searched}))
    if name not in production and not declared.only_if:
        return
    check = _choice_mistakes if declared.scale is ScaleName.CHOICE else _number_mistakes
    for part, what in check(declared, production.get(name), name in production):
        yield Problem(f"{where}.{part}" if part else where, what)


def caution(name: str, declared: DimensionSpec, value: Value) -> str | None:
    """Return what is unwise about a valid numeric table, with the remedy, or None.

    Parameters
    ----------
    value
        What production holds.
    """
    low, high = declared.low, declared.high
    if low is None or high is None:
        return None
    found = [_wrong_axis(name, declared.scale, low, high), _at_end(name, low, high, value)]
    return "; ".join(line for line in found if line) or None


def holds(condition: Mapping[str, tuple[Value, ...]], config: Config) -> bool:
    """Return whether every setting that a condition names has one of the values it allows."""
    return all(
        name in config and any(same(config[name], value) for value in allowed)
        for name, allowed in condition.items()
    )


_Found = Iterator[tuple[str, str]]


def _unknown(where: str, name: str, declared: DimensionSpec, production: Config) -> Iterator[Problem]:
    """Yield a problem when production lacks a setting that it should have."""
    if name in production:
        return
    if not declared.only_if:
        yield Problem(where, f"production has no such setting; {_suggestion(name, list(production))}")
    elif holds(declared.only_if, production):
        yield Problem(where, "production has no such setting although only_if holds for it; add its value")


def _conditions(where: str, name: str, declared: DimensionSpec, settings: list[str]) -> Iterator[Problem]:
    """Yield a problem for each condition on the setting itself, or on one that does not exist."""
    for other in declared.only_if:
        if other == name:
            yield Problem(f"{where}.only_if", f"{name} cannot depend on itself")
        elif other not in settings:
            yield Problem(f"{where}.only_if.{other}", f"no such setting; {_suggestion(other, settings)}")


def _choice_mistakes(declared: DimensionSpec, value: Value, present: bool) -> _Found:
    """Yield what is wrong with a choice."""
    if declared.low is not None or declared.high is not None:
        yield "", "low and high belong to a number, choices to a choice; give one or the other"
    choices = declared.choices
    if choices is None:
        yield "choices", "missing: a choice needs the values to choose from"
        return
    if len(choices) < 2:
        yield "choices", f"at least 2 values are needed, got {list(choices)!r}"
    for number, choice in enumerate(choices):
        if any(same(choice, earlier) for earlier in choices[:number]):
            yield "choices", f"{choice!r} is given twice"
    if present and not any(same(value, choice) for choice in choices):
        yield "choices", f"production's value {value!r} is missing from {list(choices)!r}; add it"


def _number_mistakes(declared: DimensionSpec, value: Value, present: bool) -> _Found:
    """Yield what is wrong with a range."""
    if declared.choices is not None:
        yield "choices", f"a {declared.scale} scale has none; leave out scale, or choices"
        return
    if present and not is_number(value):
        remedy = "None is among them without being named" if value is None else f"{value!r} among them"
        yield "", f"production holds {value!r}, which is no number; give choices instead, {remedy}"
        return
    yield from _place_mistakes(declared, value, present)
    low, high = declared.low, declared.high
    if low is None or high is None:
        return
    if not low < high:
        yield "low", f"must be below high = {high:g}, got {low:g}"
    elif is_number(value) and not low <= value <= high:
        yield "", f"production's value {value!r} lies outside [{low:g}, {high:g}]; widen the range"
    yield from _integer_mistakes(declared, value)


def _place_mistakes(declared: DimensionSpec, value: Value, present: bool) -> _Found:
    """Yield which numbers have no place on the scale, and which are missing."""
    encode = _encoder(declared.scale)
    for part, number in (("low", declared.low), ("high", declared.high)):
        if number is None:
            yield part, "missing: no default is known for this setting"
        else:
            yield from ((part, what) for what in _refusal(encode, number))
    if present and is_number(value):
        remedy = 'use scale = "linear", or choices'
        yield from (("", f"production's value: {what}; {remedy}") for what in _refusal(encode, value))


def _integer_mistakes(declared: DimensionSpec, value: Value) -> _Found:
    """Yield what is wrong with a range of whole numbers."""
    if not declared.integer:
        return
    if declared.scale is ScaleName.ONE_MINUS_LOG:
        yield "integer", "a one-minus-log scale lies between 0 and 1 and holds no whole numbers but 0"
        return
    for part, number in (("low", declared.low), ("high", declared.high)):
        if number is not None and not float(number).is_integer():
            yield part, f"must be a whole number, got {number!r}"
    if is_number(value) and not float(value).is_integer():
        yield "integer", f"production holds {value!r}, which is no whole number; set integer = false"


def _encoder(scale: ScaleName | None) -> Callable[[float], float]:
    """Return the map of a scale to its axis."""
    return scale_named(scale or ScaleName.LINEAR).encode


def _refusal(encode: Callable[[float], float], number: float) -> Iterator[str]:
    """Yield why a number has no place on a scale."""
    try:
        encode(number)
    except ScaleError as error:
        yield str(error)


def _suggestion(name: str, settings: list[str]) -> str:
    """Return the setting that was probably meant, or all there are."""
    near = difflib.get_close_matches(name, settings, n=1)
    return f"did you mean {near[0]!r}?" if near else f"it has {', '.join(settings) or 'none at all'}"


def _wrong_axis(name: str, scale: ScaleName | None, low: float, high: float) -> str | None:
    """Return the remedy for a scale that spreads draws badly over a range."""
    averages = low >= 0.0 and _NEAR_ONE < high < 1.0 and (1.0 - low) >= _WINDOWS * (1.0 - high)
    if scale is not ScaleName.ONE_MINUS_LOG and averages and (low >= 0.5 or _is_average(name)):
        return (
            f'use scale = "one-minus-log": on a {scale} scale from {low:g} to {high:g} few draws come near '
            f"{high:g}, where a small step changes most"
        )
    if scale is ScaleName.LINEAR and low > 0 and high > WIDE_RATIO * low:
        return f'use scale = "log": on a line from {low:g} to {high:g}, 9 draws in 10 lie above {high / 10:g}'
    if scale is ScaleName.LINEAR and low == 0 and _is_log(name):
        return f'use scale = "log" and a low end above 0: small values of {name} differ by ratios'
    return None


def _at_end(name: str, low: float, high: float, value: Value) -> str | None:
    """Return a line when production sits at an end of its range that is no limit of the setting."""
    smallest, largest = limits(name, value)
    for end, limit, side in ((low, smallest, "below"), (high, largest, "above")):
        if is_number(value) and value == end and end != limit:
            return f"production's value {value:g} is an end of its range: better ones {side} it go unseen"
    return None


def _is_average(name: str) -> bool:
    """Return whether a setting is known as the decay of an average, or is named like one."""
    default = known(name, 0.5)
    spelled = any(part in short_name(name) for part in ("momentum", "beta", "decay_rate", "ema", "rho"))
    return spelled or (default is not None and default.scale is ScaleName.ONE_MINUS_LOG)


def _is_log(name: str) -> bool:
    """Return whether a setting is known to be walked on a log scale."""
    default = known(name, 1)
    return default is not None and default.scale is ScaleName.LOG and not default.integer
