"""What is said of a search, and of how its trials were judged."""

from dataclasses import replace

import pytest

from auditor.core.records import Audit, Layout
from auditor.reporting.details import search_section
from tests.gallery import stale

ALL = Layout(digest="d", target="y", seed=1)


def judged_on(layout: Layout | None) -> Audit:
    audit = stale()
    return replace(audit, provenance=replace(audit.provenance, layout=layout))


@pytest.mark.parametrize(
    ("layout", "what"),
    [
        (None, "a full training"),
        (ALL, "a full training"),
        (replace(ALL, thinned=True), "the rows to fit on"),
    ],
)
def test_the_page_says_of_what_the_rungs_are_shares(layout: Layout | None, what: str) -> None:
    section = search_section(judged_on(layout))

    assert section is not None
    said = next(line for line in section.lines if line.startswith("Trials were compared at"))
    assert said == f"Trials were compared at 33.3 and 100 % of {what}; only losses of one rung compare."
