import hashlib
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from auditor.core.records import Column, Snapshot
from auditor.errors import SnapshotError, StorageError
from auditor.storage.vault import FileVault, open_frame

NOON = datetime(2026, 3, 15, 12, tzinfo=UTC)
TIMES = pd.date_range("2026-01-01 10:00:00.123456", periods=6, freq="D")


def some_rows() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "price": [0.1, 1 / 3, -0.0, 5e-324, np.inf, 2.0],
            "count": pd.array([1, 2, 3, 4, 5, 2**62], dtype="int64"),
            "gaps": [1.0, np.nan, 3.0, np.nan, 5.0, 6.0],
            "flag": [True, False, True, True, False, False],
            "city": pd.Categorical(["a", "b", "a", None, "c", "b"], categories=["c", "a", "b", "unused"]),
            "name": ["x", "", "ünï", "\N{GRINNING FACE}", "y", "z"],
            "when": TIMES.tz_localize("Europe/Paris"),
        }
    )


def written(folder: Path, frame: pd.DataFrame | None = None, *, name: str = "rows.parquet") -> Path:
    path = folder / name
    table = pa.Table.from_pandas(some_rows() if frame is None else frame, preserve_index=False)
    pq.write_table(table, path, compression="zstd", row_group_size=4)
    return path


def filed(tmp_path: Path, frame: pd.DataFrame | None = None, *, time: str | None = None) -> Snapshot:
    vault = FileVault(tmp_path / "vault")
    return vault.file(str(written(tmp_path, frame)), source="rows.csv", time=time, taken_at=NOON)


def parquet_of(tmp_path: Path, snapshot: Snapshot) -> Path:
    return tmp_path / "vault" / snapshot.digest[:2] / f"{snapshot.digest}.parquet"


def frame_of(tmp_path: Path, snapshot: Snapshot) -> Path:
    return tmp_path / "vault" / "frames" / f"{snapshot.digest}.arrow"


def test_a_snapshot_is_filed_under_the_digest_of_its_bytes(tmp_path: Path) -> None:
    content = written(tmp_path).read_bytes()

    snapshot = filed(tmp_path)

    assert snapshot.digest == hashlib.sha256(content).hexdigest()
    assert snapshot.bytes == len(content)
    assert parquet_of(tmp_path, snapshot).read_bytes() == content


def test_a_snapshot_tells_what_is_in_it(tmp_path: Path) -> None:
    snapshot = filed(tmp_path)

    assert snapshot.rows == 6
    assert snapshot.columns[:2] == (Column("price", "double"), Column("count", "int64"))
    assert [column.name for column in snapshot.columns] == list(some_rows())
    assert (snapshot.source, snapshot.taken_at) == ("rows.csv", NOON)
    assert (snapshot.first, snapshot.last) == (None, None)


def test_the_file_is_moved_and_nothing_else_is_left_behind(tmp_path: Path) -> None:
    snapshot = filed(tmp_path)

    files = [path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file()]
    assert files == [parquet_of(tmp_path, snapshot).relative_to(tmp_path)]


@pytest.mark.parametrize(
    ("times", "first", "last"),
    [
        (TIMES, "2026-01-01T10:00:00.123456+00:00", "2026-01-06T10:00:00.123456+00:00"),
        (
            TIMES.tz_localize("America/New_York"),
            "2026-01-01T15:00:00.123456+00:00",
            "2026-01-06T15:00:00.123456+00:00",
        ),
        (TIMES.as_unit("ns") + pd.Timedelta(1, "ns"), "2026-01-01T10:00:00.123456+00:00", None),
        (list(TIMES.date), "2026-01-01T00:00:00+00:00", "2026-01-06T00:00:00+00:00"),
        ([pd.NaT, *TIMES[1:]], "2026-01-02T10:00:00.123456+00:00", "2026-01-06T10:00:00.123456+00:00"),
    ],
    ids=["without a zone", "with a zone", "nanoseconds", "dates", "one missing"],
)
def test_the_window_is_that_of_the_time_column_in_utc(
    tmp_path: Path, times: object, first: str, last: str | None
) -> None:
    snapshot = filed(tmp_path, pd.DataFrame({"when": times}), time="when")

    assert snapshot.first == datetime.fromisoformat(first)
    assert snapshot.first.utcoffset() == timedelta(0)
    assert last is None or snapshot.last == datetime.fromisoformat(last)


def test_a_time_column_of_numbers_has_no_window(tmp_path: Path) -> None:
    snapshot = filed(tmp_path, pd.DataFrame({"when": [1, 2, 3]}), time="when")

    assert (snapshot.first, snapshot.last) == (None, None)


def test_equal_rows_are_filed_once(tmp_path: Path) -> None:
    first = filed(tmp_path)
    before = parquet_of(tmp_path, first).stat()

    second = filed(tmp_path)

    after = parquet_of(tmp_path, first).stat()
    assert second == first
    assert (after.st_ino, after.st_size) == (before.st_ino, before.st_size), "not written again"
    assert after.st_mtime_ns > before.st_mtime_ns, "filed now, which keeps `auditor prune` off"
    assert not (tmp_path / "rows.parquet").exists()


def test_filing_the_same_rows_again_mends_a_damaged_snapshot(tmp_path: Path) -> None:
    snapshot = filed(tmp_path)
    parquet_of(tmp_path, snapshot).write_bytes(b"damaged")

    filed(tmp_path)

    FileVault(tmp_path / "vault").verify(snapshot.digest)


def test_what_is_no_parquet_file_is_refused_and_left_where_it_is(tmp_path: Path) -> None:
    path = written(tmp_path)
    path.write_bytes(path.read_bytes()[:-100])
    vault = FileVault(tmp_path / "vault")

    with pytest.raises(SnapshotError, match="no Parquet file, or was cut short"):
        vault.file(str(path), source="rows.csv", time=None, taken_at=NOON)

    assert path.exists()
    assert not (tmp_path / "vault").exists()


@pytest.mark.parametrize("damage", ["changed", "truncated"])
def test_a_snapshot_that_is_not_the_bytes_it_was_is_refused(tmp_path: Path, damage: str) -> None:
    snapshot = filed(tmp_path)
    path = parquet_of(tmp_path, snapshot)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content if damage == "changed" else content[:-1])

    with pytest.raises(
        SnapshotError, match=rf"snapshot {snapshot.digest[:12]} .* is not the bytes"
    ) as caught:
        FileVault(tmp_path / "vault").verify(snapshot.digest)

    assert "restore" in str(caught.value)
    with pytest.raises(SnapshotError, match="is not the bytes"):
        open_frame(str(tmp_path / "vault"), snapshot.digest)


def test_a_snapshot_that_is_gone_is_refused(tmp_path: Path) -> None:
    snapshot = filed(tmp_path)
    parquet_of(tmp_path, snapshot).unlink()

    with pytest.raises(SnapshotError, match=f"snapshot {snapshot.digest[:12]} is not in the vault"):
        FileVault(tmp_path / "vault").verify(snapshot.digest)


def test_workers_see_the_rows_as_they_were(tmp_path: Path) -> None:
    vault = FileVault(tmp_path / "vault")
    snapshot = filed(tmp_path)
    vault.verify(snapshot.digest)

    frame = open_frame(vault.folder, snapshot.digest)

    pd.testing.assert_frame_equal(frame, some_rows())


def test_numbers_and_times_are_views_of_the_file(tmp_path: Path) -> None:
    vault = FileVault(tmp_path / "vault")
    snapshot = filed(tmp_path)
    vault.verify(snapshot.digest)

    frame = open_frame(vault.folder, snapshot.digest)

    assert not frame["price"].to_numpy().flags.owndata
    assert not frame["price"].to_numpy().flags.writeable
    assert not frame["count"].to_numpy().flags.owndata


def test_what_is_selected_may_be_written_to_and_the_snapshot_stays(tmp_path: Path) -> None:
    vault = FileVault(tmp_path / "vault")
    snapshot = filed(tmp_path)
    vault.verify(snapshot.digest)
    rows = open_frame(vault.folder, snapshot.digest).iloc[[1, 3]]

    rows.loc[:, "price"] = 7.0

    pd.testing.assert_frame_equal(open_frame(vault.folder, snapshot.digest), some_rows())


def test_a_frame_is_opened_once_per_process(tmp_path: Path) -> None:
    vault = FileVault(tmp_path / "vault")
    snapshot = filed(tmp_path)

    assert open_frame(vault.folder, snapshot.digest) is open_frame(vault.folder, snapshot.digest)


def test_a_frame_that_is_missing_is_made_from_the_snapshot(tmp_path: Path) -> None:
    snapshot = filed(tmp_path)

    frame = open_frame(str(tmp_path / "vault"), snapshot.digest)

    pd.testing.assert_frame_equal(frame, some_rows())
    assert frame_of(tmp_path, snapshot).is_file()


def test_a_damaged_frame_does_not_outlive_the_start_of_an_audit(tmp_path: Path) -> None:
    vault = FileVault(tmp_path / "vault")
    snapshot = filed(tmp_path)
    vault.verify(snapshot.digest)
    path = frame_of(tmp_path, snapshot)
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 1
    path.write_bytes(content)

    vault.verify(snapshot.digest)

    pd.testing.assert_frame_equal(open_frame(vault.folder, snapshot.digest), some_rows())


def test_a_frame_that_was_cut_short_says_what_to_delete(tmp_path: Path) -> None:
    vault = FileVault(tmp_path / "vault")
    snapshot = filed(tmp_path)
    vault.verify(snapshot.digest)
    path = frame_of(tmp_path, snapshot)
    path.write_bytes(path.read_bytes()[:-64])

    with pytest.raises(SnapshotError, match=r"frame of snapshot .* is damaged .* delete"):
        open_frame(vault.folder, snapshot.digest)


def test_columns_are_read_in_row_order(tmp_path: Path) -> None:
    vault = FileVault(tmp_path / "vault")
    snapshot = filed(tmp_path)

    columns = vault.read(snapshot.digest, ["count", "city"])

    assert list(columns) == ["count", "city"]
    assert columns["count"].tolist() == [1, 2, 3, 4, 5, 2**62]
    assert columns["city"][:3].tolist() == ["a", "b", "a"]


def test_columns_are_told_without_reading_rows(tmp_path: Path) -> None:
    snapshot = filed(tmp_path)

    assert FileVault(tmp_path / "vault").columns(snapshot.digest) == snapshot.columns
    assert not frame_of(tmp_path, snapshot).exists()


def test_columns_of_a_snapshot_that_is_gone_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match="is not in the vault"):
        FileVault(tmp_path / "vault").columns("0" * 64)


def test_a_vault_without_rows_opens(tmp_path: Path) -> None:
    snapshot = filed(tmp_path, some_rows().iloc[:0], time="when")

    assert snapshot.rows == 0
    assert (snapshot.first, snapshot.last) == (None, None)
    assert len(open_frame(str(tmp_path / "vault"), snapshot.digest)) == 0


def test_a_vault_that_cannot_be_written_says_so_and_keeps_the_rows(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    path = written(tmp_path)

    with pytest.raises(StorageError, match="one of its folders is a file: set AUDITOR_VAULT"):
        FileVault(tmp_path / "file" / "vault").file(str(path), source="x", time=None, taken_at=NOON)

    assert path.exists()


def test_the_folder_is_the_same_from_wherever_a_worker_looks(tmp_path: Path) -> None:
    before = Path.cwd()
    os.chdir(tmp_path)
    try:
        vault = FileVault(Path("vault"))
    finally:
        os.chdir(before)

    assert vault.folder == str(tmp_path / "vault")


@pytest.mark.parametrize("name", list(some_rows()))
def test_a_column_is_scanned_as_it_was_filed(tmp_path: Path, name: str) -> None:
    snapshot = filed(tmp_path)

    cells = FileVault(tmp_path / "vault").scan(snapshot.digest, name)

    (values,) = cells.pieces()
    missing = values < 0 if cells.words else np.isnan(values)
    assert cells.rows == 6
    assert missing.tolist() == some_rows()[name].isna().tolist()


def test_a_column_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    snapshot = filed(tmp_path)

    with pytest.raises(SnapshotError, match="has no column 'prize'"):
        FileVault(tmp_path / "vault").scan(snapshot.digest, "prize")
