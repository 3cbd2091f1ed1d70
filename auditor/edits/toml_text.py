"""Values in a TOML text: tomlkit keeps its comments and its layout."""

from collections.abc import Mapping
from typing import Any

from auditor.core.places import place_in_list
from auditor.core.records import Value
from auditor.edits.spans import as_text, by_hand


def edited_toml(text: str, path: tuple[str, ...], changes: Mapping[str, Value], *, origin: str) -> str:
    """Return a TOML text with other values for some keys of the table at a path.

    Raises
    ------
    CaptureError
        If a key is not there.
    """
    import tomlkit

    document = tomlkit.parse(text)
    table: Any = document
    for part in path:
        table = table[int(part)] if isinstance(table, list) else table[part]
    for name, value in changes.items():
        holder, key = _place(table, name)
        if holder is None:
            raise by_hand(origin, name, "is not written there")
        holder[key] = _written(holder[key], value)
    return tomlkit.dumps(document)


def _place(table: Any, name: str) -> tuple[Any, Any]:
    """Return what holds a setting, and its key or its place there; None for one that is not there."""
    if name in table:
        return table, name
    whole, place = place_in_list(name) or (name, 0)
    held = table.get(whole)
    return (held, place) if isinstance(held, list) and place < len(held) else (None, name)


def _written(old: object, value: Value) -> object:
    # TOML has no word for None; schedules read this text as it.
    if value is None or (isinstance(old, str) and not isinstance(value, str)):
        return as_text(value)
    return value
