"""Lists as settings: ``hidden_layer_sizes = [100, 50]`` is two, ``hidden_layer_sizes[0]`` and ``[1]``.

So every part of a list has a scale, a finding and a range of its own, like any other setting; a list is put
together again where it is handed to a trainer. How long a list is, is not searched.
"""

import re
from collections.abc import Mapping, Sequence

from auditor.core.records import Value

LONGEST = 16
"""More parts than this are no setting: column names, vocabularies."""

_PLACE = re.compile(r"(.+)\[(\d+)\]")


def spread(name: str, parts: Sequence[Value]) -> dict[str, Value]:
    """Return a setting for each part of a list.

    Examples
    --------
    >>> spread("hidden_layer_sizes", [100, 50])
    {'hidden_layer_sizes[0]': 100, 'hidden_layer_sizes[1]': 50}
    """
    return {f"{name}[{place}]": part for place, part in enumerate(parts)}


def spread_all(settings: Mapping[str, Value | tuple[Value, ...]]) -> dict[str, Value]:
    """Return settings with every list among them as a setting for each of its parts."""
    spread_out: dict[str, Value] = {}
    for name, value in settings.items():
        spread_out |= spread(name, value) if isinstance(value, tuple) else {name: value}
    return spread_out


def put_together(settings: Mapping[str, Value]) -> dict[str, Value | tuple[Value, ...]]:
    """Return settings as a trainer knows them: what has places is one tuple.

    Raises
    ------
    ValueError
        If a place is missing.

    Examples
    --------
    >>> put_together({"alpha": 0.1, "sizes[1]": 50, "sizes[0]": 100})
    {'alpha': 0.1, 'sizes': (100, 50)}
    """
    whole: dict[str, Value | tuple[Value, ...]] = {}
    parts: dict[str, dict[int, Value]] = {}
    for name, value in settings.items():
        found = _PLACE.fullmatch(name)
        if found is None:
            whole[name] = value
            continue
        parts.setdefault(found.group(1), {})[int(found.group(2))] = value
        whole[found.group(1)] = ()
    for name, held in parts.items():
        if sorted(held) != list(range(len(held))):
            there = ", ".join(f"{name}[{place}]" for place in sorted(held))
            raise ValueError(f"the places of a list are counted from 0 without a gap, got {there}")
        whole[name] = tuple(held[place] for place in range(len(held)))
    return whole


def place_in_list(name: str) -> tuple[str, int] | None:
    """Return a list's name and a place in it, or None for the name of a whole setting.

    Examples
    --------
    >>> place_in_list("hidden_layer_sizes[1]"), place_in_list("alpha")
    (('hidden_layer_sizes', 1), None)
    """
    found = _PLACE.fullmatch(name)
    return (found.group(1), int(found.group(2))) if found else None


def without_place(name: str) -> str:
    """Return a setting's name without its place in a list.

    Examples
    --------
    >>> without_place("hidden_layer_sizes[1]"), without_place("alpha")
    ('hidden_layer_sizes', 'alpha')
    """
    found = place_in_list(name)
    return name if found is None else found[0]
