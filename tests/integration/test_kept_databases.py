"""Ledgers that earlier auditors wrote come up to date with all that is in them, on both databases.

``tests/kept/0005.sql`` is the ledger of a small project, audited by the auditor whose newest migration was
0005, as ``sqlite3 auditor.db .dump`` gives it, less most of the row-by-row losses. 0002 never was the
newest. Whoever adds a migration keeps one in the same way: ``python -m tests.keep``; a test in
``tests/test_architecture.py`` sees to it.
"""

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import MetaData, create_engine, func, select

from auditor.reporting.publish import FolderPublisher
from auditor.storage.database import open_engine
from auditor.storage.ledger import SqlLedger
from auditor.storage.outbox import SqlOutbox
from auditor.storage.queue import SqlQueue
from auditor.storage.schema import MIGRATIONS
from tests.examples import a_capture, a_result, a_snapshot
from tests.fakes import NOON, FixedClock

KEPT = Path(__file__).parents[1] / "kept"
REVISIONS = tuple(sorted(path.stem for path in KEPT.glob("*.sql")))


@dataclass(frozen=True)
class Kept:
    """A database as an earlier auditor left it, and what lies in it, read without ours."""

    url: str
    rows: dict[str, list[dict[str, Any]]]


@pytest.fixture(params=REVISIONS)
def revision(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def kept(request: pytest.FixtureRequest, revision: str, tmp_path: Path) -> Kept:
    path = tmp_path / "auditor.db"
    with closing(sqlite3.connect(path)) as database:
        database.executescript((KEPT / f"{revision}.sql").read_text())
    url = f"sqlite:///{path}"
    rows = all_rows(url)
    if request.param == "postgres":
        url = request.getfixturevalue("postgres_url")
        pour(rows, url, revision)
    return Kept(url, rows)


def all_rows(url: str) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of every table, parents first."""
    engine, found = create_engine(url), MetaData()
    found.reflect(engine)
    with engine.connect() as connection:
        rows = {
            table.name: [dict(row) for row in connection.execute(select(table)).mappings()]
            for table in found.sorted_tables
        }
    engine.dispose()
    return rows


def pour(rows: dict[str, list[dict[str, Any]]], url: str, revision: str) -> None:
    """Make the schema of then in another database, and fill it with the same rows."""
    engine, config, found = open_engine(url), Config(), MetaData()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        found.reflect(connection)
        for table in found.sorted_tables:
            if rows[table.name] and table.name != "alembic_version":
                connection.execute(table.insert(), [aware(row) for row in rows[table.name]])
            if "id" in table.columns and rows[table.name]:
                counter = func.pg_get_serial_sequence(table.name, "id")
                connection.execute(select(func.setval(counter, func.max(table.c.id))).select_from(table))
    engine.dispose()


def aware(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.replace(tzinfo=UTC) if isinstance(value, datetime) else value
        for name, value in row.items()
    }


def test_what_an_earlier_auditor_wrote_is_read_shown_and_added_to(kept: Kept, tmp_path: Path) -> None:
    with closing(SqlLedger(kept.url)) as ledger:
        summaries = {summary.id: summary for summary in ledger.summaries()}
        for row in kept.rows["audit"]:
            summary, audit = summaries[row["id"]], ledger.audit(row["id"])
            assert audit is not None
            assert (summary.model, summary.call.value, summary.seed) == (
                row["model"],
                row["call"],
                row["seed"],
            )
            assert summary.started_at == row["started_at"].replace(tzinfo=UTC)
            assert (audit.headline, audit.call.value) == (row["headline"], row["call"])
            page = Path(FolderPublisher(tmp_path / "reports").publish(audit, ledger))
            assert row["headline"] in page.read_text()
        assert_trials(ledger, kept.rows)
        assert [each.id for each in ledger.captures("m")] == [
            row["id"] for row in kept.rows["capture"] if row["model"] == "m"
        ]
        assert len(ledger.applications("m")) == len(kept.rows.get("application", ()))

        number = max(summaries) + 1
        capture = ledger.add_capture(a_capture("m"))
        begun = ledger.begin(
            model="m", plan_digest="p", capture=capture, snapshot=a_snapshot(), seed=None, now=NOON
        )
        ledger.append(begun.id, [a_result(0)])
        assert (begun.id, begun.seed) == (number, number)


def assert_trials(ledger: SqlLedger, rows: dict[str, list[dict[str, Any]]]) -> None:
    outcomes = {row["audit_id"]: json.loads(row["document"]) for row in rows["outcome"]}
    for audit, document in outcomes.items():
        history = ledger.history(audit)
        wanted = [row for row in rows["trial"] if row["audit_id"] == audit]
        assert [result.trial.id for result in history] == [row["number"] for row in wanted]
        assert [result.loss for result in history] == [row["loss"] for row in wanted]
        filed = [row["number"] for row in rows["trial_losses"] if row["audit_id"] == audit]
        assert [each.trial.id for each in history if each.losses is not None] == filed
        assert document["id"] == audit


def test_news_and_orders_of_then_are_still_there(kept: Kept) -> None:
    with closing(SqlOutbox(kept.url)) as outbox, closing(SqlQueue(kept.url, FixedClock())) as queue:
        assert len(outbox.newest(10)) == len(kept.rows.get("outbox", ()))
        orders = {row["id"]: (row["schedule"], row["state"]) for row in kept.rows.get("queue", ())}
        assert {order.id: (order.schedule, order.state.value) for order in queue.orders()} == orders
        assert len(queue.events()) == len(kept.rows.get("event", ()))
