"""What a person reads when the database or a disk fails them: one line, with the next step."""

import resource
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from auditor.errors import StorageError
from auditor.storage import database
from auditor.storage.ledger import SqlLedger
from auditor.storage.vault import FileVault
from tests.examples import NOON, a_capture, a_result, a_snapshot


def refusal(url: str) -> str:
    with pytest.raises(StorageError) as caught:
        SqlLedger(url)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    assert f"there is no folder '{tmp_path}/nowhere': create it" in refusal(
        f"sqlite:///{tmp_path}/nowhere/a.db"
    )


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    path.write_text("these are notes, not a database\n" * 100)

    assert "not a database; move the file away" in refusal(f"sqlite:///{path}")
    assert path.read_text().startswith("these are notes")


def test_a_truncated_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    SqlLedger(f"sqlite:///{path}").close()
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    assert "restore it from a backup" in refusal(f"sqlite:///{path}")


def test_a_read_only_database_is_read_and_not_written(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    writable = SqlLedger(f"sqlite:///{path}")
    kept = writable.add_capture(a_capture())
    writable.close()
    ledger = SqlLedger(f"sqlite:///file:{path}?mode=ro&uri=true")

    with pytest.raises(StorageError, match="readonly database; make the file and its folder writable"):
        ledger.add_capture(a_capture())

    assert ledger.captures("churn") == (kept,)
    ledger.close()


def test_a_database_that_is_written_to_for_too_long_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    ledger = SqlLedger(f"sqlite:///{tmp_path}/a.db")
    other = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(StorageError, match="locked; another process has been writing"):
        ledger.add_capture(a_capture())

    assert ledger.captures("churn") == ()
    other.close()
    assert ledger.add_capture(a_capture()).id == 1
    ledger.close()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("auditor.db", "is no database URL, got 'auditor.db'; allowed: sqlite:///file.db or postgresql://"),
        ("postgresql://me@host:port/db", "got one that is hidden here, as it may hold a password"),
        ("sqlite+nothing:///a.db", "allowed: sqlite:///file.db"),
        ("mysql://host/db", "kind 'mysql'; allowed: sqlite:///file.db or postgresql://"),
    ],
)
def test_a_url_of_another_kind_is_refused(url: str, expected: str) -> None:
    assert expected in refusal(url)


def test_sqlite_on_a_network_disk_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/vda / ext4 rw 0 0\nhost:/x {tmp_path}/my\\040share nfs4 rw 0 0\n")
    monkeypatch.setattr(database, "_MOUNTS", mounts)

    assert "on a network disk (nfs4)" in refusal(f"sqlite:///{tmp_path}/my share/a.db")

    SqlLedger(f"sqlite:///{tmp_path}/a.db").close()


def test_a_server_that_does_not_answer_is_named_without_the_password() -> None:
    pytest.importorskip("psycopg")

    message = refusal("postgresql://me:secret@127.0.0.1:1/db")

    assert "check that the server runs" in message
    assert "secret" not in message


@pytest.mark.postgres
def test_a_user_who_may_not_write_is_told(postgres_url: str) -> None:
    import psycopg
    from sqlalchemy import make_url

    SqlLedger(postgres_url).close()
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS reader")
        connection.execute("CREATE ROLE reader LOGIN")
        connection.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader")
    ledger = SqlLedger(make_url(postgres_url).set(username="reader").render_as_string(hide_password=False))

    with pytest.raises(StorageError, match=r"permission denied .*; grant this user the right to write"):
        ledger.add_capture(a_capture())

    assert ledger.captures("churn") == ()
    ledger.close()
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("DROP OWNED BY reader")
        connection.execute("DROP ROLE reader")


@pytest.mark.postgres
def test_short_names_of_postgresql_are_understood(postgres_url: str) -> None:
    ledger = SqlLedger(postgres_url.replace("postgresql://", "postgres://"))

    assert ledger.captures("churn") == ()
    ledger.close()


APPEND_UNTIL_FULL = """
import sys
from auditor.errors import StorageError
from auditor.storage.ledger import SqlLedger
from tests.examples import a_result
ledger = SqlLedger(sys.argv[1])
try:
    for start in range(0, 7000, 7):
        ledger.append(int(sys.argv[2]), [a_result(start + number, rows=500) for number in range(7)])
except StorageError as error:
    print(error)
"""


def _small_files() -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, 500_000))


def test_a_full_disk_leaves_whole_batches(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/a.db"
    ledger = SqlLedger(url)
    audit = ledger.begin(
        model="churn",
        plan_digest="p" * 64,
        capture=ledger.add_capture(a_capture()),
        snapshot=a_snapshot(),
        seed=1,
        now=NOON,
    )

    process = subprocess.run(
        [sys.executable, "-c", APPEND_UNTIL_FULL, url, str(audit.id)],
        preexec_fn=_small_files,
        capture_output=True,
        text=True,
        check=True,
    )

    assert "disk" in process.stdout
    assert "run the same command again" in process.stdout
    count = len(ledger.history(audit.id))
    assert count > 0
    assert count % 7 == 0
    ledger.append(audit.id, [a_result(count)])
    ledger.close()


VERIFY = """
import sys
from pathlib import Path
from auditor.errors import StorageError
from auditor.storage.vault import FileVault
try:
    FileVault(Path(sys.argv[1])).verify(sys.argv[2])
except StorageError as error:
    print(error)
"""


def test_a_disk_that_is_full_while_a_frame_is_made_leaves_no_part_of_it(tmp_path: Path) -> None:
    vault = FileVault(tmp_path / "vault")
    pq.write_table(pa.table({"zeros": np.zeros(200_000)}), tmp_path / "rows.parquet", compression="zstd")
    snapshot = vault.file(str(tmp_path / "rows.parquet"), source="rows", time=None, taken_at=NOON)

    process = subprocess.run(
        [sys.executable, "-c", VERIFY, vault.folder, snapshot.digest],
        preexec_fn=_small_files,
        capture_output=True,
        text=True,
        check=True,
    )

    assert "raise the limit, then run the same command again" in process.stdout
    assert list((tmp_path / "vault" / "frames").iterdir()) == []
    vault.verify(snapshot.digest)
