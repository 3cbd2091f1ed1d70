"""A document's text with other settings in it, whatever language it is written in. Pure."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from auditor.core.defaults import same
from auditor.core.places import place_in_list
from auditor.core.records import Value
from auditor.edits import env_text, json_text, yaml_text
from auditor.edits.spans import by_hand, replaced
from auditor.edits.toml_text import edited_toml
from auditor.errors import CaptureError
from auditor.sources.documents import parse_document, place_in
from auditor.sources.texts import read_value

KINDS = ("json", "toml", "yaml")


def edited(kind: str, text: str, pointer: str, changes: Mapping[str, Value], *, origin: str) -> str:
    r"""Return a text with other values for some settings, and everything else as it was.

    Parameters
    ----------
    kind
        ``json``, ``toml`` or ``yaml``.
    pointer
        JSON pointer of the object that holds the settings; empty for the whole.
    origin
        As the user wrote it, for messages.

    Raises
    ------
    CaptureError
        If a setting is not written there, or not so that it can be changed safely.

    Examples
    --------
    >>> edited("yaml", "lr: 0.1  # steps\n", "", {"lr": 1e-05}, origin="yaml:params.yaml")
    'lr: 1.0e-05  # steps\n'
    """
    path = tuple(unquote(part).replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:])
    if kind == "toml":
        new = edited_toml(text, path, changes, origin=origin)
    else:
        language = {"json": json_text, "yaml": yaml_text}[kind]
        found = language.places(text, path, origin)
        for name in changes:
            if name not in found:
                raise by_hand(origin, name, "is not written there as a plain value")
        new = replaced(
            text,
            {
                found[name]: language.written(text[found[name].start : found[name].end], value)
                for name, value in changes.items()
            },
        )
    _must_differ_only_so(kind, text, new, pointer, changes, origin=origin)
    return new


def edited_env(text: str, changes: Mapping[str, Value], *, origin: str) -> str:
    """Return a file of environment variables with other values for some of them.

    Raises
    ------
    CaptureError
        If a variable is not set there.
    """
    found = env_text.places(text)
    for name, value in changes.items():
        if name not in found:
            raise by_hand(origin, name, "is not set there")
        if isinstance(value, str) and any(mark in value for mark in "\"'\n$`\\"):
            raise by_hand(origin, name, f"is to hold {value!r}, which needs care in a shell")
    return replaced(
        text,
        {
            found[name]: env_text.written(text[found[name].start : found[name].end], value)
            for name, value in changes.items()
        },
    )


def _must_differ_only_so(
    kind: str, old: str, new: str, pointer: str, changes: Mapping[str, Value], *, origin: str
) -> None:
    """Read both texts, and refuse an edit that changed anything else, or not what it should."""
    before, after = (_apart(parse_document(kind, text, origin=origin)) for text in (old, new))
    was, now = (place_in(tree, pointer, origin=origin) for tree in (before, after))
    if not isinstance(was, dict) or not isinstance(now, dict):
        raise CaptureError(f"{origin}: must lead to an object with settings by name")
    for name, value in changes.items():
        given = _held(now, name)
        held = read_value(given) if isinstance(given, str) else given
        if not (same(held, value) or given == value):
            raise by_hand(origin, name, f"would be read as {given!r} when {value!r} is written")
        _forget(was, name)
        _forget(now, name)
    if before != after:
        raise CaptureError(
            f"{origin}: the settings cannot be changed without changing other things that refer to them; "
            "change them by hand, then run the same command again"
        )


def _held(settings: Mapping[str, Any], name: str) -> Any:
    if name in settings:
        return settings[name]
    whole, place = place_in_list(name) or (name, 0)
    return settings[whole][place]


def _forget(settings: dict[str, Any], name: str) -> None:
    """Blank what was to change, so that the rest can be compared."""
    whole, place = place_in_list(name) or (name, 0)
    if name in settings:
        settings[name] = None
    else:
        settings[whole][place] = None


def _apart(tree: object) -> object:
    """Return a tree in which nothing is there twice: a YAML alias is the very object it refers to."""
    if isinstance(tree, dict):
        return {key: _apart(value) for key, value in tree.items()}
    return [_apart(value) for value in tree] if isinstance(tree, list) else tree
