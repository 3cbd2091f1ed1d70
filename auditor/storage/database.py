"""How a database is reached, and what its errors mean to the person who reads them.

SQLite and PostgreSQL, by the same code. SQLite is set up so that nothing is lost or refused when
several processes write: write-ahead log, a busy timeout of 30 s, commits on the disk before they
return, and **BEGIN IMMEDIATE** for writes. With SQLite's deferred BEGIN a transaction that
reads before it writes is refused at once when another has written meanwhile, whatever the timeout
(900 of 1 200 concurrent ones, measured).
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.pool import ConnectionPoolEntry

from auditor.errors import StorageError

BUSY_SECONDS = 30
"""How long a writer waits for another before it gives up."""

_ALLOWED = "allowed: sqlite:///file.db or postgresql://user@host/database"
_NETWORK_DISKS = ("nfs", "cifs", "smb", "afs", "fuse.sshfs", "fuse.glusterfs", "ceph", "fuse.ceph")
_MOUNTS = Path("/proc/self/mounts")
_PRAGMAS = ("journal_mode=WAL", "foreign_keys=ON")
_SYNCHRONOUS = "auditor_synchronous"
_VALUE = re.compile(r":(\w+)")

_NEXT_STEPS = {
    "unable to open": "make the file and its folder readable and writable, or set AUDITOR_DATABASE_URL",
    "readonly": "make the file and its folder writable",
    "read-only": "make the database writable",
    "permission denied": "grant this user the right to write to it",
    "disk is full": "free some space, then run the same command again",
    "no space left": "free some space, then run the same command again",
    "disk i/o error": "check the disk and its free space, then run the same command again",
    "not a database": "move the file away, or set AUDITOR_DATABASE_URL to another",
    "malformed": "the file is damaged: restore it from a backup",
    "locked": f"another process has been writing for {BUSY_SECONDS} s; run the same command again",
    "connect": "check that the server runs, and AUDITOR_DATABASE_URL",
}


def open_engine(url: str) -> Engine:
    """Return an engine for a database URL; nothing is opened yet.

    Parameters
    ----------
    url
        ``sqlite:///file``, or ``postgresql://...`` (also ``postgres://``), for which psycopg is used.

    Raises
    ------
    StorageError
        If the URL is none, names another kind of database, or the driver is not installed.
    """
    address = _address(url)
    options = {"timeout": BUSY_SECONDS} if _is_sqlite(address) else {}
    try:
        engine = create_engine(address, connect_args=options, pool_pre_ping=not _is_sqlite(address))
    except ModuleNotFoundError as error:
        raise StorageError(
            f"{_shown(address)} needs the module {error.name!r}; run `pip install 'auditor[postgres]'`"
        ) from error
    except ArgumentError as error:
        raise StorageError(f"AUDITOR_DATABASE_URL: {error}; {_ALLOWED}") from error
    if _is_sqlite(address):
        _refuse_network_disk(address)
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def is_still_to_be_made(url: str) -> bool:
    """Return whether a URL names a SQLite file that is not there, in a folder that is."""
    address = _address(url)
    if not _is_sqlite(address):
        return False
    file = Path(address.database or "")
    return file.parent.is_dir() and not file.exists()


def folder_of(url: str) -> Path | None:
    """Return the folder that a SQLite file lies in; None for a server's database."""
    address = _address(url)
    return Path(address.database or "").absolute().parent if _is_sqlite(address) else None


def for_writing(engine: Engine, *, at_once: bool = True) -> Engine:
    """Return the same engine whose transactions take the write lock when they begin.

    Parameters
    ----------
    at_once
        Whether SQLite waits for the disk at each commit (4 ms on a laptop). If not, the system writes
        when it likes to, within seconds: a process that dies loses nothing, a power cut may lose the
        last commits, each of them whole, and the next commit that waits takes them along.
    """
    return engine.execution_options(**{_SYNCHRONOUS: "FULL" if at_once else "NORMAL"})


def spelt(statement: str, connection: Connection) -> str:
    """Return a statement whose values are marked as ``:name`` with the marks of a connection's driver."""
    return statement if connection.dialect.name == "sqlite" else _VALUE.sub(r"%(\1)s", statement)


def disk_kind(folder: Path, mounts: str) -> str:
    r"""Return the kind of file system that a folder lies on, or an empty text if nobody can say.

    Parameters
    ----------
    folder
        Absolute.
    mounts
        The text of ``/proc/self/mounts``: device, mount point and kind on each line.

    Examples
    --------
    >>> disk_kind(Path("/srv/share/db"), "/dev/vda / ext4 rw 0 0\nhost:/x /srv/share nfs4 rw 0 0")
    'nfs4'
    """
    fields = [line.split() for line in mounts.splitlines()]
    points = {Path(found[1].replace("\\040", " ")): found[2] for found in fields if len(found) > 2}
    above = [point for point in points if folder.is_relative_to(point)]
    return points[max(above, key=lambda point: len(point.parts))] if above else ""


@contextmanager
def explained(address: URL) -> Iterator[None]:
    """Turn a database's error into one line and the next step.

    Raises
    ------
    StorageError
        If the database cannot be reached, read or written.
    ValueError
        If a constraint was broken: our bug.
    """
    try:
        yield
    except IntegrityError as error:
        raise ValueError(f"the ledger refused a row: {_first_line(error)}") from error
    except DBAPIError as error:
        if isinstance(error, ProgrammingError | DataError) and "permission" not in str(error.orig):
            raise
        raise StorageError(_explanation(address, _first_line(error))) from error


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except (ArgumentError, ValueError) as error:
        shown = "one that is hidden here, as it may hold a password" if "@" in url else repr(url)
        raise StorageError(f"AUDITOR_DATABASE_URL is no database URL, got {shown}; {_ALLOWED}") from error
    if "@" in (address.host or ""):
        raise StorageError(
            "AUDITOR_DATABASE_URL holds more than one '@' and is hidden here, as the password may be between "
            "them; write an '@' of the password as %40"
        )
    if address.drivername in ("postgres", "postgresql"):
        return address.set(drivername="postgresql+psycopg")
    if address.get_backend_name() not in ("sqlite", "postgresql"):
        raise StorageError(
            f"AUDITOR_DATABASE_URL names a database of kind {address.drivername!r}; {_ALLOWED}"
        )
    if _is_sqlite(address) and address.database in (None, "", ":memory:"):
        raise StorageError(f"AUDITOR_DATABASE_URL names no file, and findings would be lost; {_ALLOWED}")
    return address


def _refuse_network_disk(address: URL) -> None:
    """Refuse SQLite where its locks do not work: two writers would damage the file."""
    if not address.database or not _MOUNTS.is_file():
        return
    kind = disk_kind(Path(address.database).parent.resolve(), _MOUNTS.read_text(errors="replace"))
    if kind.startswith(_NETWORK_DISKS):
        raise StorageError(
            f"the ledger {_shown(address)} is on a network disk ({kind}), where SQLite loses data; "
            "set AUDITOR_DATABASE_URL to a local file or to PostgreSQL"
        )


def _is_sqlite(address: URL) -> bool:
    return address.get_backend_name() == "sqlite"


def _set_up_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # The sqlite3 module begins transactions by itself, deferred; this stops it.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    synchronous = connection.get_execution_options().get(_SYNCHRONOUS)
    if synchronous is None:
        connection.exec_driver_sql("BEGIN")
    else:
        # It stays as it is set for as long as the connection lives, and so does what is noted here.
        if connection.info.get(_SYNCHRONOUS) != synchronous:
            connection.exec_driver_sql(f"PRAGMA synchronous={synchronous}")
            connection.info[_SYNCHRONOUS] = synchronous
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _shown(address: URL) -> str:
    """Return a URL that may be printed: without its password."""
    return address.render_as_string(hide_password=True)


def _first_line(error: DBAPIError) -> str:
    lines = str(error.orig).strip().splitlines()
    return lines[0] if lines else type(error.orig).__name__


def _explanation(address: URL, problem: str) -> str:
    lowered = problem.lower()
    steps = (step for sign, step in _NEXT_STEPS.items() if sign in lowered)
    step = next(steps, "check the database, then run the same command again")
    folder = Path(address.database or "").parent
    if "unable to open" in lowered and not folder.is_dir():
        step = f"there is no folder {str(folder)!r}: create it, or set AUDITOR_DATABASE_URL"
    return f"the ledger {_shown(address)}: {problem}; {step}"
