"""Brings a database to the schema of ``tables.py``, or refuses it.

A database says which schema it has in Alembic's table. Where that is the one we know, which is
almost always, Alembic is not even imported (0.1 s). A migration happens in one transaction, under
a lock, so that two processes that open an empty database together make it once.
"""

import weakref
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from auditor.errors import StorageError
from auditor.storage.database import explained, for_writing, open_engine
from auditor.storage.lines import HEAD

MIGRATIONS = Path(__file__).parent / "migrations"

_VERSION_TABLE = "alembic_version"
# Any number will do, so long as no other program locks it: the letters "audi".
_LOCK = 0x61756469


def bring_up_to_date(engine: Engine) -> None:
    """Make or migrate the tables where the database does not hold the newest schema.

    Raises
    ------
    StorageError
        If the database was written by a newer auditor.
    """
    with engine.connect() as connection:
        if _version(connection) == HEAD:
            return
    with for_writing(engine).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        if _version(connection) != HEAD:
            _migrate(connection)


def open_current(url: str, owner: object) -> Engine:
    """Return an engine for a database that is made or migrated first, where it has to be.

    Parameters
    ----------
    owner
        With it the connections are closed: SQLite tidies up as the last one is.

    Raises
    ------
    StorageError
        If the database cannot be opened, is none, or was written by a newer auditor.
    """
    engine = open_engine(url)
    weakref.finalize(owner, engine.dispose)
    try:
        with explained(engine.url):
            bring_up_to_date(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


def make_empty(url: str) -> None:
    """Make an empty database of the newest schema from the declared tables, without Alembic.

    For one that is thrown away again: `auditor status` where nothing was recorded yet must answer at once,
    and takes 0.2 s longer by way of the migrations, which make the same tables (a test proves it).
    """
    from sqlmodel import SQLModel

    import auditor.storage.queue_tables
    import auditor.storage.tables  # noqa: F401  # these two fill the metadata

    engine = open_engine(url)
    try:
        with explained(engine.url), for_writing(engine).begin() as connection:
            SQLModel.metadata.create_all(connection)
            connection.execute(text(f"CREATE TABLE {_VERSION_TABLE} (version_num VARCHAR(32) NOT NULL)"))
            connection.execute(text(f"INSERT INTO {_VERSION_TABLE} VALUES (:head)"), {"head": HEAD})  # noqa: S608  # a constant
    finally:
        engine.dispose()


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table(_VERSION_TABLE):
        return None
    found: str | None = connection.scalar(text(f"SELECT version_num FROM {_VERSION_TABLE}"))  # noqa: S608  # a constant
    return found


def _migrate(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    # Alembic reads it with configparser, to which % is special.
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    found = _version(connection)
    if found is not None and found not in known:
        raise StorageError(
            f"the ledger has schema version {found!r}, this auditor knows versions up to {HEAD!r}; "
            "upgrade auditor, or set AUDITOR_DATABASE_URL to another database"
        )
    command.upgrade(config, "head")
