"""Where in a text a value stands, and how another one is written in its place."""

from collections.abc import Mapping
from dataclasses import dataclass

from auditor.core.records import Value
from auditor.errors import CaptureError


@dataclass(frozen=True, slots=True)
class Span:
    """The characters of one value: ``text[start:end]``."""

    start: int
    end: int


def replaced(text: str, written: Mapping[Span, str]) -> str:
    """Return a text with other characters in some places.

    Examples
    --------
    >>> replaced("a: 1, b: 2", {Span(9, 10): "20", Span(3, 4): "10"})
    'a: 10, b: 20'
    """
    for span in sorted(written, key=lambda span: span.start, reverse=True):
        text = text[: span.start] + written[span] + text[span.end :]
    return text


def as_text(value: Value) -> str:
    """Return a value as a text that is read as that value wherever settings are read.

    Examples
    --------
    >>> as_text(None), as_text(True), as_text(1e-05), as_text("adam")
    ('None', 'True', '1e-05', 'adam')
    """
    return value if isinstance(value, str) else repr(value)


def by_hand(origin: str, name: str, why: str) -> CaptureError:
    """Return the error of a setting that cannot be edited safely."""
    return CaptureError(f"{origin}: {name!r} {why}; change it there by hand, then run the same command again")
