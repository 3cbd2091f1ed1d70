"""How a call looks: its word, its shape, its colour and its favicon."""

import functools
from urllib.parse import quote

from auditor.core.records import Call
from auditor.reporting.charts.svg import badge, outline
from auditor.reporting.page import Mark

_COLOURS = {Call.STALE: "#b8420b", Call.FRESH: "#00705a", Call.UNDECIDED: "#6a4fa3", None: "#5b6470"}
"""Dark enough for text on white (contrast above 4.5), and apart for every kind of colour vision."""


@functools.cache
def mark_of(call: Call | None) -> Mark:
    """Return how a call is shown; None is an audit that failed."""
    word = call.value if call else "failed"
    return Mark(word=word, css=word, icon=badge(call), favicon=_favicon(call))


def _favicon(call: Call | None) -> str:
    drawn = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-6 -6 12 12">'
        f'<path fill="{_COLOURS[call]}" d="{outline(call)}"/></svg>'
    )
    return "data:image/svg+xml," + quote(drawn, safe="")
