"""The nearest word to one that was mistyped."""

import difflib
from collections.abc import Iterable, Sequence


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that a mistyped one most likely meant, or None.

    Examples
    --------
    >>> nearest("margn", ["metric", "margin", "confidence"])
    'margin'
    """
    found = difflib.get_close_matches(word, list(known), n=1)
    return found[0] if found else None


def one_of(given: object, allowed: Sequence[str]) -> str:
    """Return a word if it is among those allowed.

    Raises
    ------
    ValueError
        If it is not; the allowed words are listed and the nearest suggested.
    """
    if isinstance(given, str) and given in allowed:
        return given
    near = nearest(given, allowed) if isinstance(given, str) else None
    hint = f"; did you mean {near!r}?" if near else ""
    listed = (
        f"one of {', '.join(map(repr, allowed))}" if len(allowed) > 1 else f"{allowed[0]!r}, the only one yet"
    )
    raise ValueError(f"must be {listed}, got {given!r}{hint}")
