"""Files on another machine: whole or not at all, and whatever goes wrong in one line."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from auditor.errors import DeclarationError, SnapshotError, StorageError
from auditor.files import digest_of_file
from auditor.storage.nearby import KEPT, Nearby, snapshot_key
from auditor.storage.remote import Remote
from auditor.storage.stock import Stock
from auditor.storage.vault import snapshot_path

EPOCH = datetime(1970, 1, 2, tzinfo=UTC)


@pytest.fixture
def remote(tmp_path: Path) -> Remote:
    return Remote(f"local://{tmp_path}/far")


def a_file(tmp_path: Path, text: str = "rows") -> Path:
    path = tmp_path / "a-file"
    path.write_text(text)
    return path


def test_a_file_is_there_under_its_key(remote: Remote, tmp_path: Path) -> None:
    remote.upload(a_file(tmp_path), "ab/x.parquet")

    (there,) = remote.files()
    assert (there.key, there.bytes) == ("ab/x.parquet", 4)
    assert remote.look("ab/x.parquet") == there
    assert remote.look("ab/y.parquet") is None


def test_what_was_filed_lately_is_left_and_what_was_filed_long_ago_is_filed_anew(
    remote: Remote, tmp_path: Path
) -> None:
    there, path = tmp_path / "far" / "x", a_file(tmp_path)
    remote.upload(path, "x")
    os.utime(there, (1e6, 1e6))

    remote.upload(path, "x", unless_since=EPOCH)
    left = there.stat().st_mtime
    remote.upload(path, "x", unless_since=datetime(2026, 1, 1, tzinfo=UTC))

    assert left == 1e6
    assert there.stat().st_mtime > 1e6


def test_an_upload_that_is_cut_short_is_never_seen(
    remote: Remote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection breaks after half of the bytes."""
    path = a_file(tmp_path, "all of it")

    def breaks(files: object, source: str, target: str, **_: object) -> None:
        Path(target).write_text("all o")
        raise ConnectionResetError("connection reset by peer")

    monkeypatch.setattr("fsspec.implementations.local.LocalFileSystem.put_file", breaks)
    with pytest.raises(StorageError, match="connection reset by peer; check the address, the keys"):
        remote.upload(path, "ab/x.parquet")

    assert remote.files() == ()


def test_what_a_killed_upload_left_is_no_snapshot_and_goes(remote: Remote, tmp_path: Path) -> None:
    stock, digest = Stock(tmp_path / "copies", remote.url), "ab" * 32
    remote.upload(a_file(tmp_path), f"{snapshot_key(digest)}.123456.part")

    assert stock.snapshots() == ()
    assert stock.drop_parts(before=EPOCH) == 0
    assert stock.drop_parts(before=datetime.max.replace(tzinfo=UTC)) == 4
    assert remote.files() == ()


def test_what_is_fetched_is_checked_before_it_is_there(remote: Remote, tmp_path: Path) -> None:
    path, target = a_file(tmp_path), tmp_path / "copies" / "x"
    remote.upload(path, "x")

    with pytest.raises(SnapshotError, match=r"abababababab in the vault .* is not the bytes that were filed"):
        remote.fetch("x", "ab" * 32, target)
    assert not target.exists()

    remote.fetch("x", digest_of_file(path), target)
    assert target.read_text() == "rows"
    assert [each.name for each in target.parent.iterdir()] == ["x"]


def test_what_is_not_there_is_told_of(remote: Remote, tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match="is not in the vault 'local://"):
        remote.fetch(snapshot_key("ab" * 32), "ab" * 32, tmp_path / "x")


def test_a_copy_is_fetched_once_and_forgotten_when_nobody_asks(remote: Remote, tmp_path: Path) -> None:
    digests = []
    for text in ("one", "two"):
        path = a_file(tmp_path, text)
        digests.append(digest_of_file(path))
        remote.upload(path, snapshot_key(digests[-1]))
    here = Nearby(tmp_path / "copies", remote.url)
    first, second = (snapshot_path(here.folder, digest) for digest in digests)

    here.bring_snapshot(digests[0])
    first.write_text("fetched")
    here.bring_snapshot(digests[0])
    assert first.read_text() == "fetched"

    old = first.stat().st_mtime - KEPT.total_seconds() - 60
    os.utime(first, (old, old))
    here.bring_snapshot(digests[1])
    assert (first.exists(), second.read_text()) == (False, "two")


def test_a_vault_in_its_folder_is_not_fetched(tmp_path: Path) -> None:
    here = Nearby(tmp_path)

    here.bring_snapshot("ab" * 32)
    here.send_snapshot("ab" * 32, now=EPOCH + timedelta(days=1))

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("https://example.org/vault", "'https' keeps no files; allowed: a folder, or a URL such as s3://"),
        ("memory://vault", "'memory' keeps no files"),
        ("nonsense://vault", "AUDITOR_VAULT is 'nonsense://vault': ValueError: Protocol not known: nonsense"),
    ],
)
def test_where_no_file_can_be_kept_is_refused(url: str, says: str) -> None:
    with pytest.raises(DeclarationError) as refused:
        Remote(url)

    assert says in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_doctor_leaves_nothing_behind(remote: Remote) -> None:
    remote.probe()

    assert remote.files() == ()
