"""What every vault promises of a snapshot in chunks: of a table that grew only what is new is stored."""

# ruff: noqa: F811  # fixtures are named as what they are
import errno
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from auditor.core.chunks import Chunk, chunks_of, listing
from auditor.core.records import Snapshot
from auditor.errors import SnapshotError
from auditor.settings import is_url
from auditor.sources.delivery import write_chunk
from auditor.storage.chunks import chunk_path, list_path
from auditor.storage.nearby import Nearby, chunk_key, list_key
from auditor.storage.remote import Remote
from auditor.storage.stock import Copied, Stock
from auditor.storage.vault import FileVault, open_frame
from tests.contracts.test_vault import NOON, Open, machine, place, rows_file, stock_of  # noqa: F401  # fixtures

LATER = datetime.now(UTC) + timedelta(hours=1)  # noqa: TID251  # the clocks of file systems are real
AN_HOUR_AGO = LATER - timedelta(hours=2)


def a_list(folder: Path, *starts: int, remember: bytes = b"") -> str:
    """Write chunks of five rows each, beside a list of them, as sources do."""
    folder.mkdir(exist_ok=True)
    chunks = []
    for start in starts:
        words = pa.array([f"w{(start - row) % 7}" for row in range(5)]).dictionary_encode()
        days = pa.array(np.arange(start, start + 5).astype("datetime64[D]").astype("datetime64[us]"))
        table = pa.table({"x": np.arange(start, start + 5, dtype=float), "word": words, "when": days})
        chunks.append(write_chunk(table, folder))
    if remember:
        (folder / f"{'ab' * 32}.memory").write_bytes(remember)
    path = folder / "rows.json"
    path.write_bytes(listing(chunks))
    return str(path)


def filed(vault: FileVault, path: str) -> Snapshot:
    return vault.file(path, source="rows", time="when", taken_at=NOON)


def test_a_snapshot_in_chunks_is_read_on_another_machine(machine: Open, tmp_path: Path) -> None:
    snapshot = filed(machine("ours"), a_list(tmp_path / "new", 0, 5, 10))
    there = machine("theirs")

    there.verify(snapshot.digest)

    assert (snapshot.rows, snapshot.first) == (15, datetime(1970, 1, 1, tzinfo=UTC))
    assert snapshot.last == datetime(1970, 1, 15, tzinfo=UTC)
    assert [column.name for column in there.columns(snapshot.digest)] == ["x", "word", "when"]
    assert there.read(snapshot.digest, ["x"])["x"].tolist() == list(range(15))
    assert list(there.scan(snapshot.digest, "word").words) == [f"w{number}" for number in range(7)]
    assert sorted(path.suffix for path in Path(there.path(snapshot.digest)).iterdir()) == [".parquet"] * 3


def test_only_new_chunks_are_handed_over_and_the_others_have_to_be_there(
    machine: Open,
    place: str,
    tmp_path: Path,
) -> None:
    ours, theirs = machine("ours"), machine("theirs")
    filed(ours, a_list(tmp_path / "new", 0, 5))
    path = a_list(tmp_path / "grown", 0, 5, 10)
    old = chunks_of(Path(path).read_bytes())[:2]
    for chunk in old:
        (tmp_path / "grown" / f"{chunk.digest}.parquet").unlink()

    held = [theirs.holds(chunk) for chunk in (*old, Chunk("cd" * 32, 5, 100))]
    grown = filed(theirs, path)

    assert held == [True, True, False]
    machine("others").verify(grown.digest)
    missing = a_list(tmp_path / "missing", 0, 20)
    (tmp_path / "missing" / f"{chunks_of(Path(missing).read_bytes())[1].digest}.parquet").unlink()
    with pytest.raises(SnapshotError, match="run the same command again"):
        filed(theirs, missing)
    assert len(stock_of(place, tmp_path).snapshots()) == 2


def test_what_is_learned_of_a_source_is_known_on_another_machine(machine: Open, tmp_path: Path) -> None:
    assert machine("ours").recall("ab" * 32) is None

    filed(machine("ours"), a_list(tmp_path / "new", 0, 5, remember=b"learned"))

    assert machine("theirs").recall("ab" * 32) == b"learned"


def test_a_chunk_stays_while_any_snapshot_needs_it_and_goes_with_the_last(
    machine: Open,
    place: str,
    tmp_path: Path,
) -> None:
    old = filed(machine("ours"), a_list(tmp_path / "old", 0, 5))
    new = filed(machine("ours"), a_list(tmp_path / "new", 5, 10))
    stock = stock_of(place, tmp_path)

    stock.drop_snapshots([old.digest], before=LATER)

    assert stock.snapshots() == (new.digest,)
    machine("theirs").verify(new.digest)
    assert len(chunks_in(place)) == 2
    assert stock.drop_snapshots([new.digest], before=LATER) >= new.bytes
    assert chunks_in(place) == []


def test_chunks_of_a_snapshot_that_was_never_filed_go_when_they_are_old(
    machine: Open,
    place: str,
    tmp_path: Path,
) -> None:
    snapshot, stock = filed(machine("ours"), a_list(tmp_path / "new", 0, 5)), stock_of(place, tmp_path)
    if is_url(place):
        Remote(place).forget(list_key(snapshot.digest))
    else:
        list_path(Path(place), snapshot.digest).unlink()

    young = stock.drop_snapshots([], before=AN_HOUR_AGO)
    freed = stock.drop_snapshots([], before=LATER)

    assert young == 0
    assert freed >= snapshot.bytes  # a machine's own copies go too
    assert chunks_in(place) == []


def test_no_chunk_is_taken_away_while_a_list_cannot_be_read(
    machine: Open, place: str, tmp_path: Path
) -> None:
    snapshot = filed(machine("ours"), a_list(tmp_path / "new", 0, 5))
    whole = filed(machine("ours"), rows_file(tmp_path))
    stock = stock_of(place, tmp_path / "tidier")
    healthy = stock_of(place, tmp_path / "another").damaged()
    write(place, list_key(snapshot.digest), b"{}", tmp_path)

    freed = stock.drop_snapshots([whole.digest], before=LATER)

    (said,) = stock.damaged()
    assert healthy == ()
    assert "is not the bytes that were filed" in said
    assert snapshot.digest[:12] in said
    assert freed >= whole.bytes
    assert stock.snapshots() == (snapshot.digest,)
    assert len(chunks_in(place)) == 2
    stock.drop_snapshots([snapshot.digest], before=LATER)
    assert (chunks_in(place), stock.damaged()) == ([], ())


def test_a_list_on_a_bad_spot_of_a_disk_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault, stock = FileVault(tmp_path / "vault"), Stock(tmp_path / "vault")
    snapshot = filed(vault, a_list(tmp_path / "new", 0, 5))

    def bad(*_: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr("auditor.storage.stock.read_list", bad)

    assert stock.drop_snapshots([], before=LATER) == 0
    said = f"the list of snapshot {snapshot.digest[:12]} cannot be read (Input/output error); make "
    assert stock.damaged()[0].startswith(said)
    assert stock.copy([snapshot.digest], (), tmp_path / "copy").damaged == stock.damaged()


def test_a_file_that_is_moved_into_its_place_meanwhile_is_no_error(tmp_path: Path) -> None:
    vault, stock = FileVault(tmp_path / "vault"), Stock(tmp_path / "vault")
    filed(vault, a_list(tmp_path / "new", 0, 5))
    (tmp_path / "vault" / "ab").mkdir()
    (tmp_path / "vault" / "ab" / ".abab-x.part").symlink_to("moved")  # listed, and not there

    assert stock.drop_parts(before=LATER) == 0


def test_a_chunk_that_was_changed_is_found_out(machine: Open, place: str, tmp_path: Path) -> None:
    path = a_list(tmp_path / "new", 0, 5)
    chunk = chunks_of(Path(path).read_bytes())[1]
    snapshot = filed(machine("ours"), path)
    write(place, chunk_key(chunk.digest), b"x" * chunk.bytes, tmp_path)

    with pytest.raises(SnapshotError, match="not the bytes that were filed"):
        machine("theirs").verify(snapshot.digest)


def test_a_snapshot_in_chunks_is_copied_out_with_what_it_needs(
    machine: Open,
    place: str,
    tmp_path: Path,
) -> None:
    first = filed(machine("ours"), a_list(tmp_path / "new", 0, 5))
    grown = filed(machine("ours"), a_list(tmp_path / "grown", 0, 5, 10))
    stock, wanted = stock_of(place, tmp_path), (first.digest, grown.digest)

    copied = [stock.copy(wanted, (), tmp_path / "copy") for _ in range(2)]

    assert copied == [Copied(snapshots=2, checkpoints=0, new=new) for new in (2, 0)]
    for digest in wanted:
        FileVault(tmp_path / "copy").verify(digest)
    chunk = chunks_of((list_path(tmp_path / "copy", first.digest)).read_bytes())[0]
    if is_url(place):
        Remote(place).forget(chunk_key(chunk.digest))
    else:
        chunk_path(Path(place), chunk.digest).unlink()
    copied = stock.copy(wanted, (), tmp_path / "another")
    assert (copied.snapshots, len(copied.damaged)) == (0, 2)
    assert all("is not in the vault" in line for line in copied.damaged)
    assert len(stock.damaged()) == 2


def test_a_machine_that_threw_some_copies_away_fetches_those(tmp_path: Path) -> None:
    here = Nearby(tmp_path / "here", f"local://{tmp_path}/far")
    from auditor.storage.remote_vault import RemoteVault

    path = a_list(tmp_path / "new", 0, 5)
    chunk = chunks_of(Path(path).read_bytes())[0]
    snapshot = filed(RemoteVault(here.url, tmp_path / "ours"), path)
    here.bring_snapshot(snapshot.digest)
    chunk_path(here.folder, chunk.digest).unlink()
    list_path(here.folder, snapshot.digest).write_bytes(b"damaged")

    here.bring_snapshot(snapshot.digest)

    assert open_frame(str(here.folder), snapshot.digest)["x"].tolist() == list(range(10))


@pytest.mark.parametrize("place", ["folder", "local://"], indirect=True)  # S3 sets its own times
def test_a_chunk_of_long_ago_that_is_taken_again_counts_as_filed_now(
    place: str, machine: Open, tmp_path: Path
) -> None:
    path = a_list(tmp_path / "new", 0, 5)
    chunk = chunks_of(Path(path).read_bytes())[0]
    filed(machine("ours"), path)
    there = Path(place.removeprefix("local://")) / chunk_key(chunk.digest)
    os.utime(there, (1e6, 1e6))

    assert machine("theirs").holds(chunk)

    assert there.stat().st_mtime > 1e9


def test_an_object_that_is_renewed_is_the_same_and_young(s3_url: str, tmp_path: Path) -> None:
    remote = Remote(s3_url)
    write(s3_url, "chunks/ab/x.parquet", b"rows", tmp_path)

    remote.renew("chunks/ab/x.parquet")

    assert remote.read("chunks/ab/x.parquet") == b"rows"
    assert [each.key for each in remote.files("chunks")] == ["chunks/ab/x.parquet"]
    assert remote.read("chunks/ab/y.parquet") is None


def chunks_in(place: str) -> list[str]:
    """Return the keys of all chunks in a vault."""
    if is_url(place):
        return [each.key for each in Remote(place).files("chunks")]
    return [str(path) for path in Path(place).glob("chunks/*/*")]


def write(place: str, key: str, content: bytes, tmp_path: Path) -> None:
    """Put other bytes where a file of the vault lies."""
    if not is_url(place):
        (Path(place) / key).write_bytes(content)
        return
    other = tmp_path / "other"
    other.write_bytes(content)
    Remote(place).upload(other, key)
