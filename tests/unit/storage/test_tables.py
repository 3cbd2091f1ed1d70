from datetime import UTC, datetime

import pytest
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel

import auditor.storage.queue_tables  # noqa: F401  # with the others it fills the metadata
from auditor.storage.tables import Moment, Words

SQLITE, POSTGRES = sqlite.dialect(), postgresql.dialect()
NOON = datetime(2026, 3, 15, 12, tzinfo=UTC)


def test_every_table_says_what_it_is_for() -> None:
    ours = SQLModel.metadata.tables

    assert {"capture", "snapshot", "audit", "trial", "trial_losses", "outcome", "outbox"} < set(ours)
    assert {"application", "schedule", "queue", "event", "instance"} < set(ours)
    assert all(table.comment for table in ours.values())


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a time zone"):
        Moment().process_bind_param(NOON.replace(tzinfo=None), SQLITE)


def test_a_moment_comes_back_in_utc_from_both_databases() -> None:
    moment = Moment()

    for dialect in (SQLITE, POSTGRES):
        kept = moment.process_bind_param(NOON, dialect)
        back = moment.process_result_value(kept, dialect)
        assert back == NOON
        assert back.tzinfo is UTC


def test_no_moment_stays_none() -> None:
    assert Moment().process_bind_param(None, SQLITE) is None
    assert Moment().process_result_value(None, SQLITE) is None


def test_words_that_a_database_would_refuse_are_escaped() -> None:
    words = Words()

    assert words.process_bind_param("tab\t, ü, \N{GRINNING FACE}", POSTGRES) == "tab\t, ü, \N{GRINNING FACE}"
    assert words.process_bind_param("nul \0, lone \udc80", POSTGRES) == "nul \\x00, lone \\udc80"
    assert words.process_bind_param(None, POSTGRES) is None
