"""Migrations make exactly the tables that ``tables.py`` declares, on both databases."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text
from sqlmodel import SQLModel

from auditor.core.document import audit_to_json
from auditor.core.records import Call
from auditor.errors import StorageError
from auditor.storage.database import open_engine
from auditor.storage.ledger import SqlLedger
from auditor.storage.lines import HEAD
from auditor.storage.schema import MIGRATIONS, bring_up_to_date, make_empty
from tests.examples import a_capture, an_audit


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    url = f"sqlite:///{tmp_path}/a.db"
    if request.param == "postgres":
        url = request.getfixturevalue("postgres_url")
    engine = open_engine(url)
    yield engine
    engine.dispose()


def facts(engine: Engine) -> dict[str, object]:
    """What Alembic does not compare: checks, comments, primary keys and foreign keys."""
    inspector = inspect(engine)
    return {
        table: (
            sorted((check["name"], check["sqltext"]) for check in inspector.get_check_constraints(table)),
            inspector.get_pk_constraint(table)["constrained_columns"],
            sorted((key["name"], key["constrained_columns"]) for key in inspector.get_foreign_keys(table)),
            sorted((index["name"], index["column_names"]) for index in inspector.get_indexes(table)),
            inspector.get_table_comment(table)["text"] if engine.dialect.supports_comments else None,
        )
        for table in SQLModel.metadata.tables
    }


def test_migrations_make_the_declared_tables_and_no_others(engine: Engine) -> None:
    bring_up_to_date(engine)

    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), SQLModel.metadata) == []


def test_migrations_make_the_declared_constraints(engine: Engine) -> None:
    bring_up_to_date(engine)
    migrated = facts(engine)
    with engine.begin() as connection:
        SQLModel.metadata.drop_all(connection)
        SQLModel.metadata.create_all(connection)

    assert migrated == facts(engine)


def test_the_head_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))

    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_a_migration_that_fails_leaves_nothing_behind(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE outcome (somebody_elses INTEGER)"))

    with pytest.raises(Exception, match=r"outcome.* already exists"):
        bring_up_to_date(engine)

    assert inspect(engine).get_table_names() == ["outcome"]


def test_a_database_of_a_newer_auditor_is_refused_and_left_alone(engine: Engine) -> None:
    url = engine.url.render_as_string(hide_password=False)
    SqlLedger(url).close()
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(StorageError, match=rf"schema version '9999', .* up to '{HEAD}'; upgrade auditor"):
        SqlLedger(url)

    with engine.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "9999"


def test_an_opened_ledger_is_kept_and_opened_again_without_alembic(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/a.db"
    SqlLedger(url).add_capture(a_capture())
    code = (
        "import sys; from auditor.storage.ledger import SqlLedger; "
        "print(len(SqlLedger(sys.argv[1]).captures('churn')), 'alembic' in sys.modules)"
    )

    found = subprocess.run([sys.executable, "-c", code, url], capture_output=True, text=True, check=True)

    assert found.stdout.split() == ["1", "False"]


def test_an_empty_ledger_made_without_migrations_is_one_that_was_migrated(tmp_path: Path) -> None:
    made, migrated = (f"sqlite:///{tmp_path}/{name}.db" for name in ("made", "migrated"))
    make_empty(made)
    SqlLedger(migrated).close()

    with closing(SqlLedger(made)) as ledger:
        assert ledger.add_capture(a_capture()) == ledger.latest_capture(a_capture().model)
    assert facts(open_engine(made)) == facts(open_engine(migrated))


OLDER = (
    "INSERT INTO capture VALUES (1, 'churn', '2026-03-15', NULL, '[]', '{}', '{}')",
    "INSERT INTO snapshot VALUES (:digest, 100, 1000, '[]')",
    "INSERT INTO audit (id, model, state, plan_digest, capture_id, snapshot_digest, source, taken_at, seed, "
    "started_at, finished_at, call, headline, unit, stale_settings) VALUES (1, 'churn', 'done', 'p', 1, "
    ":digest, 'rows.csv', '2026-03-15', 7, '2026-03-15', '2026-03-16', 'fresh', 'Holds', 'log-loss', '[]')",
    "INSERT INTO outcome VALUES (1, :document)",
)


def test_a_ledger_of_an_older_auditor_keeps_its_audits(engine: Engine) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for statement in OLDER:
            known = {"digest": "d" * 64, "document": audit_to_json(an_audit())}
            values = {name: value for name, value in known.items() if f":{name}" in statement}
            connection.execute(text(statement), values)

    with closing(SqlLedger(engine.url.render_as_string(hide_password=False))) as ledger:
        (summary,) = ledger.summaries()

    assert (summary.call, summary.seed, summary.snapshot) == (Call.FRESH, 7, "d" * 64)
    assert (summary.repeat, summary.p_value, summary.detector, summary.alarm) == (None, None, None, None)
    assert summary.next_reason == ""
    assert summary.settings == an_audit().summary.settings
