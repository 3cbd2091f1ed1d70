from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from auditor.core.records import AuditSummary, Call, SettingLine, Value
from auditor.reporting.spells import call_of, settings_of, spells_of
from tests.gallery import past

CALLS = {"f": Call.FRESH, "s": Call.STALE, "u": Call.UNDECIDED}


def audits(calls: str, values: Sequence[Value] | None = None) -> list[AuditSummary]:
    """Return audits ten days apart, newest first; one letter a call, ``x`` for one that failed."""
    return [
        replace(
            past()[0],
            id=place,
            started_at=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=10 * place),
            call=CALLS.get(letter),
            stale_settings=("rate",) if letter == "s" else (),
            settings=(
                SettingLine(
                    name="rate",
                    call=CALLS[letter],
                    production=values[place] if values else 0.1,
                    recommended=0.1,
                    effect=None,
                ),
            )
            if letter in CALLS
            else (),
        )
        for place, letter in enumerate(calls)
    ][::-1]


@pytest.mark.parametrize(
    ("calls", "stale", "days"),
    [
        ("fff", 0, ()),
        ("ffs", 1, (20.0,)),
        ("ffsss", 1, (20.0,)),
        ("ffsffss", 2, (20.0, 20.0)),
        ("sff", 1, ()),
        ("fusu", 1, (20.0,)),
        ("fsus", 1, (10.0,)),
        ("fxxs", 1, (30.0,)),
        ("", 0, ()),
    ],
)
def test_times_of_being_stale_are_counted_and_timed(calls: str, stale: int, days: tuple[float, ...]) -> None:
    spells = spells_of(audits(calls), "rate")

    assert (spells.stale, spells.days) == (stale, days)


def test_a_value_that_production_was_given_begins_anew() -> None:
    spells = spells_of(audits("ffsfs", [1, 1, 1, 2, 2]), "rate")

    assert (spells.stale, spells.days) == (2, (20.0, 10.0))
    assert spells_of(audits("fs", [1, 2]), "rate").days == ()


def test_the_newest_call_counts_and_a_failed_audit_makes_none() -> None:
    assert spells_of(audits("fsx"), "rate").now is Call.STALE
    assert spells_of(audits("fsx"), "rate").audits == 2
    assert spells_of(audits("xx"), "rate").now is None


def test_an_audit_of_before_settings_were_kept_tells_what_was_stale_and_nothing_else() -> None:
    old = replace(audits("s")[0], settings=())

    assert call_of(old, "rate") is Call.STALE
    assert call_of(old, "depth") is None
    assert settings_of([old]) == ("rate",)
