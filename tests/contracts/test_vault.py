"""What every vault promises: in a folder, at a URL of a file system, on a real S3 server, and the fake."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from auditor.core.records import Snapshot
from auditor.errors import SnapshotError
from auditor.ports import Vault
from auditor.settings import copies_of, is_url
from auditor.storage.checkpoints import checkpoint_file, file_checkpoint
from auditor.storage.nearby import Nearby, snapshot_key
from auditor.storage.remote import Remote
from auditor.storage.remote_vault import RemoteVault
from auditor.storage.stock import Copied, Stock
from auditor.storage.vault import FileVault, open_frame, snapshot_path
from tests.fakes import MemoryVault

NOON = datetime(2026, 3, 15, 12, tzinfo=UTC)

PORT = Vault
IMPLEMENTATIONS = (FileVault, RemoteVault, MemoryVault)
KINDS = ("folder", "local://", "s3://")
WITH_THE_FAKE = pytest.mark.parametrize("place", [*KINDS, "memory"], indirect=True)

Open = Callable[[str], Vault]
"""Opens the vault as the machine of that name sees it."""


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where the vault is."""
    if request.param == "s3://":
        return str(request.getfixturevalue("s3_url"))
    if request.param == "memory":
        return "memory"
    return f"local://{tmp_path}/far" if request.param == "local://" else str(tmp_path / "near")


@pytest.fixture
def machine(place: str, tmp_path: Path) -> Open:
    shared = MemoryVault()

    def opened(name: str) -> Vault:
        if place == "memory":
            return shared
        return RemoteVault(place, tmp_path / name) if is_url(place) else FileVault(Path(place))

    return opened


def rows_file(folder: Path, *, rows: int = 6) -> str:
    path = folder / f"rows-{os.urandom(3).hex()}.parquet"
    frame = pd.DataFrame(
        {
            "x": np.arange(rows, dtype=float),
            "city": pd.Categorical(["a", "b"] * (rows // 2)),
            "when": pd.date_range("2026-01-01", periods=rows, freq="D", tz="UTC"),
        }
    )
    frame.to_parquet(path, index=False)
    return str(path)


def filed(vault: Vault, tmp_path: Path) -> Snapshot:
    if isinstance(vault, MemoryVault):
        path = tmp_path / "rows.npz"
        when = np.arange("2026-01-01", "2026-01-07", dtype="datetime64[D]").astype("datetime64[us]")
        np.savez(path, x=np.arange(6.0), city=np.array(["a", "b"] * 3), when=when)
        return vault.file(str(path), source="rows", time="when", taken_at=NOON)
    return vault.file(rows_file(tmp_path), source="rows.csv", time="when", taken_at=NOON)


def stock_of(place: str, tmp_path: Path) -> Stock:
    return Stock(tmp_path / "ours", place) if is_url(place) else Stock(Path(place))


@WITH_THE_FAKE
def test_what_is_filed_is_read_on_another_machine(machine: Open, tmp_path: Path) -> None:
    snapshot = filed(machine("ours"), tmp_path)
    there = machine("theirs")

    there.verify(snapshot.digest)

    assert snapshot.rows == 6
    assert (snapshot.first, snapshot.last) == (
        datetime(2026, 1, 1, tzinfo=UTC),
        datetime(2026, 1, 6, tzinfo=UTC),
    )
    assert list(there.read(snapshot.digest, ["x"])["x"]) == [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]
    assert [column.name for column in there.columns(snapshot.digest)] == ["x", "city", "when"]
    assert there.scan(snapshot.digest, "x").rows == 6


def test_a_snapshots_file_can_be_read_by_others(machine: Open, tmp_path: Path) -> None:
    snapshot = filed(machine("ours"), tmp_path)

    assert Path(machine("theirs").path(snapshot.digest)).stat().st_size == snapshot.bytes


def test_the_file_is_taken_over_and_the_same_rows_are_filed_once(
    machine: Open, place: str, tmp_path: Path
) -> None:
    first = filed(machine("ours"), tmp_path)
    again = filed(machine("theirs"), tmp_path)

    assert first == again
    assert list(tmp_path.glob("rows-*")) == []
    assert stock_of(place, tmp_path).snapshots() == (first.digest,)


def test_what_is_no_parquet_file_is_refused(machine: Open, place: str, tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    path.write_text("no rows")

    with pytest.raises(SnapshotError, match="no Parquet file"):
        machine("ours").file(str(path), source="rows", time=None, taken_at=NOON)

    assert stock_of(place, tmp_path).snapshots() == ()


@WITH_THE_FAKE
@pytest.mark.parametrize("ask", ["verify", "read", "columns", "scan"])
def test_a_snapshot_that_is_not_there_is_told_of(machine: Open, ask: str) -> None:
    vault, gone = machine("ours"), "ab" * 32
    asked = {
        "verify": lambda: vault.verify(gone),
        "read": lambda: vault.read(gone, ["x"]),
        "columns": lambda: vault.columns(gone),
        "scan": lambda: vault.scan(gone, "x"),
    }

    with pytest.raises(SnapshotError, match=r"abababababab.* is not in the vault"):
        asked[ask]()


def test_bytes_that_were_changed_are_found_out(machine: Open, place: str, tmp_path: Path) -> None:
    snapshot = filed(machine("ours"), tmp_path)
    damage(place, snapshot.digest, tmp_path)

    with pytest.raises(SnapshotError, match="not the bytes that were filed"):
        machine("theirs").verify(snapshot.digest)


@WITH_THE_FAKE
def test_a_column_that_is_not_there_is_told_of(machine: Open, tmp_path: Path) -> None:
    vault = machine("ours")
    snapshot = filed(vault, tmp_path)
    vault.verify(snapshot.digest)

    with pytest.raises(SnapshotError, match="has no column 'y'"):
        vault.scan(snapshot.digest, "y")


def test_a_worker_elsewhere_opens_the_rows(machine: Open, place: str, tmp_path: Path) -> None:
    snapshot = filed(machine("ours"), tmp_path)
    vault = machine("ours").folder
    here = Nearby(copies_of(vault, tmp_path / "cache"), vault) if is_url(vault) else Nearby(Path(vault))

    here.bring_snapshot(snapshot.digest)
    frame = open_frame(str(here.folder), snapshot.digest)

    assert list(frame["city"]) == ["a", "b"] * 3
    assert vault == (place if is_url(place) else str(Path(place)))


def test_what_is_dropped_is_gone_and_what_was_filed_since_is_not(
    machine: Open, place: str, tmp_path: Path
) -> None:
    snapshot, stock = filed(machine("ours"), tmp_path), stock_of(place, tmp_path)
    now = datetime.now(UTC)  # noqa: TID251  # the clocks of file systems are real

    kept = stock.drop_snapshots([snapshot.digest], before=now - timedelta(hours=1))
    freed = stock.drop_snapshots([snapshot.digest], before=now + timedelta(hours=1))

    assert (kept, stock.snapshots()) == (0, ())
    assert freed >= snapshot.bytes
    with pytest.raises(SnapshotError, match="is not in the vault"):
        machine("theirs").verify(snapshot.digest)


def test_a_snapshot_is_copied_out_by_its_digest(machine: Open, place: str, tmp_path: Path) -> None:
    snapshot, stock = filed(machine("ours"), tmp_path), stock_of(place, tmp_path)

    wanted = (snapshot.digest, "ab" * 32)  # the other one was pruned
    copied = [stock.copy(wanted, (), tmp_path / "copy") for _ in range(2)]

    assert copied == [Copied(snapshots=1, checkpoints=0, new=new) for new in (1, 0)]
    FileVault(tmp_path / "copy").verify(snapshot.digest)


def damage(place: str, digest: str, tmp_path: Path) -> None:
    """Change a byte of a snapshot where it lies."""
    if not is_url(place):
        path = snapshot_path(Path(place), digest)
        path.write_bytes(path.read_bytes()[:-1] + b"x")
        return
    other = tmp_path / "other.parquet"
    other.write_bytes(b"x" * 100)
    Remote(place).upload(other, snapshot_key(digest))


def test_a_checkpoint_that_is_whole_can_be_gone_on_from_and_one_that_is_gone_or_damaged_cannot(
    place, machine, tmp_path
):
    here, there = machine("here"), machine("there")
    folder = Path(place) if not is_url(place) else tmp_path / "here"
    path = tmp_path / "weights"
    path.write_bytes(b"weights")
    digest = file_checkpoint(str(folder), path)
    Nearby(folder, place if is_url(place) else "").send_checkpoint(digest)

    assert here.checkpoint_trouble(digest) is None
    assert there.checkpoint_trouble(digest) is None
    checkpoint_file(str(folder), digest).write_bytes(b"others")
    trouble = here.checkpoint_trouble(digest)
    assert trouble is None if is_url(place) else "is not the bytes that were filed" in str(trouble)
    assert "is not in the vault" in str(here.checkpoint_trouble("0" * 64))
