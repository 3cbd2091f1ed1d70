"""Of a table that grew only what is new is read and written, and the snapshot is what it would have been."""

import dataclasses
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from auditor.core.chunks import Chunk, chunks_of
from auditor.core.records import DataSpec
from auditor.errors import DataError, SnapshotError
from auditor.files import digest_of_file
from auditor.sources import delivery, groups, streams
from auditor.sources.cuts import first_cut
from auditor.sources.memory import Known, Origin, Recalled, read, written
from auditor.sources.streams import write_streamed
from auditor.storage.chunks import chunk_path
from auditor.storage.vault import FileVault, open_frame
from tests.deliveries import filed

GROUP = 8
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
SPEC = DataSpec(source="rows", target="y", time="when")


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (streams, delivery):
        monkeypatch.setattr(module, "ROW_GROUP", GROUP)


def a_part(first: int, rows: int, *, salt: int = 0) -> pa.Table:
    """Rows of consecutive days, some at the same moment, with words."""
    numbers = np.arange(first, first + rows)
    moments = [EPOCH + timedelta(days=int(each) // 2) for each in numbers]
    return pa.table(
        {
            "x": pa.array((numbers * 7919 + salt) % 101, pa.float64()),
            "city": pa.array(
                [f"c{(each + salt) % 5}" if each % 4 else None for each in numbers.tolist()], pa.string()
            ),
            "when": pa.array(moments, pa.timestamp("us", tz="UTC")),
            "y": pa.array(numbers % 3, pa.int64()),
        }
    )


def put(folder: Path, parts: list[pa.Table]) -> ds.Dataset:
    """Write each part to a file of its own, and return all of them."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for number, part in enumerate(parts):
        pq.write_table(part, folder / f"{number:03d}.parquet", row_group_size=11)
    return ds.dataset(folder, format="parquet")


def snapshot(rows: ds.Dataset, spec: DataSpec, vault: FileVault, into: Path) -> str | None:
    """File what is chosen, and return its digest; None where it has to be held as a whole."""
    shutil.rmtree(into, ignore_errors=True)
    into.mkdir()
    path = write_streamed(rows, spec, str(into), held=vault)
    return None if path is None else filed(vault, path, time=spec.time)


changes = st.lists(
    st.one_of(
        st.tuples(st.just("grow"), st.integers(1, 60)),
        st.tuples(st.just("forget the oldest"), st.just(0)),
        st.tuples(st.just("change"), st.integers(0, 5)),
        st.tuples(st.just("swap"), st.integers(0, 5)),
        st.tuples(st.just("repeat"), st.integers(0, 5)),
        st.tuples(st.just("window"), st.sampled_from([0, 20, 40])),
        st.tuples(st.just("rows"), st.sampled_from([0, 30, 70])),
        st.tuples(st.just("timeless"), st.just(0)),
        st.tuples(st.just("until"), st.sampled_from([0, 25])),
    ),
    min_size=1,
    max_size=5,
)


def changed(parts: list[pa.Table], spec: DataSpec, change: str, by: int) -> tuple[list[pa.Table], DataSpec]:
    """Return the files and what is asked of them after a change."""
    here, dated = by % len(parts), by and spec.time
    odd = parts[here].set_column(0, "x", pa.array(np.arange(parts[here].num_rows) % 7 + 0.5))
    files = {
        "grow": [*parts, a_part(sum(part.num_rows for part in parts), by)],
        "forget the oldest": parts[1:] or parts,
        "change": [*parts[:here], odd, *parts[here + 1 :]],
        "swap": [*parts[:here], *reversed(parts[here : here + 2]), *parts[here + 2 :]],
        "repeat": [*parts[: here + 1], *parts[here:]],
    }
    specs = {
        "window": dataclasses.replace(spec, window=timedelta(days=by) if dated else None),
        "rows": dataclasses.replace(spec, rows=by or None),
        "until": dataclasses.replace(spec, until=EPOCH + timedelta(days=by) if dated else None),
        "timeless": DataSpec(source="rows", target="y"),
    }
    return files.get(change, parts), specs.get(change, spec)


@dataclasses.dataclass
class Shelf:
    """Chunks and what is remembered, in memory: a vault whose disk need not be waited for."""

    chunks: dict[str, bytes] = dataclasses.field(default_factory=dict)
    remembered: dict[str, bytes] = dataclasses.field(default_factory=dict)

    def recall(self, name: str) -> bytes | None:
        return self.remembered.get(name)

    def holds(self, chunk: Chunk) -> bool:
        return chunk.digest in self.chunks

    def take(self, rows: ds.Dataset, spec: DataSpec, into: Path) -> tuple[str, pa.Table] | str | None:
        """Return the digest of what is chosen and its rows, or what is complained of."""
        shutil.rmtree(into, ignore_errors=True)
        into.mkdir()
        try:
            path = write_streamed(rows, spec, str(into), held=self)
        except DataError as error:
            return str(error)
        if path is None:
            return None
        self.remembered |= {each.stem: each.read_bytes() for each in into.glob("*.memory")}
        if path.endswith(".parquet"):
            return digest_of_file(Path(path)), pq.read_table(path)
        self.chunks |= {each.stem: each.read_bytes() for each in into.glob("*.parquet")}
        chunks = [self.chunks[each.digest] for each in chunks_of(Path(path).read_bytes())]
        table = pa.concat_tables([pq.read_table(pa.BufferReader(chunk)) for chunk in chunks])
        return digest_of_file(Path(path)), table


@settings(max_examples=min(20, settings().max_examples))
@given(start=st.integers(1, 80), then=changes)
@example(start=8, then=[("timeless", 0), ("forget the oldest", 0), ("forget the oldest", 0)])
@example(start=40, then=[("forget the oldest", 0), ("grow", 9)])
def test_whatever_becomes_of_a_table_its_snapshot_is_that_of_who_never_saw_it(
    tmp_path_factory: pytest.TempPathFactory, start: int, then: list[tuple[str, int]]
) -> None:
    folder = tmp_path_factory.mktemp("growing")
    shelf, parts, spec = Shelf(), [a_part(0, start)], SPEC
    for change, by in [("grow", 30), *then]:
        parts, spec = changed(parts, spec, change, by)
        rows = put(folder / "rows", parts)
        expected = Shelf().take(rows, spec, folder / "into")

        found = shelf.take(rows, spec, folder / "into")

        assert found == expected
        if isinstance(found, tuple) and spec in (SPEC, DataSpec(source="rows", target="y")):
            # As they are in the files: a table that is not in the order of its times is not streamed.
            assert found[1]["x"].to_pylist() == rows.to_table()["x"].to_pylist()
            assert found[1]["city"].to_pylist() == rows.to_table()["city"].to_pylist()


def chunk_files(folder: Path) -> set[str]:
    return {path.stem for path in folder.glob("chunks/*/*.parquet")}


def test_of_a_table_that_grew_only_new_row_groups_are_read_and_only_new_chunks_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault, parts = FileVault(tmp_path / "vault"), [a_part(0, 200)]
    snapshot(put(tmp_path / "rows", parts), SPEC, vault, tmp_path / "into")
    before, opened = chunk_files(tmp_path / "vault"), []
    real = groups.ParquetRows.read

    def noted(self, names, *, since=0, at_once):  # type: ignore[no-untyped-def]
        for place, table in real(self, names, since=since, at_once=at_once):
            if len(names) > 1:
                opened.append(place)
            yield place, table

    monkeypatch.setattr(groups.ParquetRows, "read", noted)
    digest = snapshot(put(tmp_path / "rows", [*parts, a_part(200, 20)]), SPEC, vault, tmp_path / "into")

    new = chunk_files(tmp_path / "vault") - before
    assert digest is not None
    assert len(before) > 25
    assert len(new) <= 20 // (GROUP // 2) + 2
    assert min(opened) >= 200 // 11 - 1, "row groups before the last chunk are not decoded"
    assert len(open_frame(vault.folder, digest)) == 220


def test_a_window_that_slides_on_shares_its_chunks_with_the_one_before(tmp_path: Path) -> None:
    vault, rows = FileVault(tmp_path / "vault"), [a_part(0, 400)]
    for until in (150, 153):
        spec = dataclasses.replace(SPEC, window=timedelta(days=100), until=EPOCH + timedelta(days=until))
        digest = snapshot(put(tmp_path / "rows", rows), spec, vault, tmp_path / "into")
        lists = [chunks_of(path.read_bytes()) for path in tmp_path.glob("vault/??/*.json")]

    shared = set(lists[0]) & set(lists[1])
    assert digest is not None
    assert len(shared) > len(lists[0]) / 2


def test_a_chunk_that_went_or_was_cut_short_is_written_again(tmp_path: Path) -> None:
    vault, rows = FileVault(tmp_path / "vault"), put(tmp_path / "rows", [a_part(0, 100)])
    digest = snapshot(rows, SPEC, vault, tmp_path / "into") or ""
    first, second, *_ = sorted(tmp_path.glob("vault/chunks/*/*"))
    first.unlink()
    second.write_bytes(second.read_bytes()[:-3])

    again = snapshot(rows, SPEC, vault, tmp_path / "into")

    assert again == digest
    vault.verify(digest)


def test_a_damaged_chunk_of_the_same_length_is_found_out_and_the_next_snapshot_mends_it(
    tmp_path: Path,
) -> None:
    vault, rows = FileVault(tmp_path / "vault"), put(tmp_path / "rows", [a_part(0, 100)])
    digest = snapshot(rows, SPEC, vault, tmp_path / "into") or ""
    path = sorted(tmp_path.glob("vault/chunks/*/*"))[2]
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    snapshot(rows, SPEC, vault, tmp_path / "into")

    with pytest.raises(SnapshotError, match=r"is not the bytes that were filed .*restore"):
        vault.verify(digest)
    snapshot(rows, SPEC, vault, tmp_path / "into")
    vault.verify(digest)


def test_a_chunk_that_goes_while_rows_are_read_leaves_no_list_behind(tmp_path: Path) -> None:
    vault, rows = FileVault(tmp_path / "vault"), put(tmp_path / "rows", [a_part(0, 100)])
    snapshot(rows, SPEC, vault, tmp_path / "into")
    rows = put(tmp_path / "rows", [a_part(0, 100), a_part(100, 9)])
    (tmp_path / "second").mkdir()
    path = write_streamed(rows, SPEC, str(tmp_path / "second"), held=vault) or ""
    chunk_path(tmp_path / "vault", chunks_of(Path(path).read_bytes())[0].digest).unlink()

    with pytest.raises(SnapshotError, match="run the same command again"):
        filed(vault, path, time="when")

    assert len(list(tmp_path.glob("vault/??/*.json"))) == 1


def test_targets_that_are_all_alike_are_refused_however_many_chunks_are_known(tmp_path: Path) -> None:
    vault = FileVault(tmp_path / "vault")
    whole = a_part(0, 100)
    varied = whole.set_column(3, "y", pa.array([1] * 90 + [2] * 10))
    snapshot(put(tmp_path / "rows", [varied]), SPEC, vault, tmp_path / "into")

    spec, rows = dataclasses.replace(SPEC, until=EPOCH + timedelta(days=40)), put(tmp_path / "rows", [varied])
    with pytest.raises(DataError, match="holds 1 in every row"):
        snapshot(rows, spec, vault, tmp_path / "into")


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe", b"no digest", b"ab\n{}"])
def test_what_is_remembered_is_a_hint_and_rubbish_is_none(content: bytes | None) -> None:
    assert read(content) is None


def test_what_is_remembered_comes_back() -> None:
    known = Known(start=0, chunk=Chunk("ab" * 32, 8, 100), first="1", alike=False)
    origin = Origin(groups=(("cd", 11),), chunks=(known,))

    assert read(written(origin)) == origin


def test_a_chunk_is_known_only_where_all_rows_that_decided_on_it_are_the_same() -> None:
    known = tuple(Known(start, Chunk(f"{start:064d}", 5, 1), "1", False) for start in (0, 5, 10))
    origin = Origin(groups=(("a", 10), ("b", 10)), chunks=known)
    recalled = Recalled(origin, [("new", 3), ("a", 10), ("other", 10)], lambda _: True)

    found = [recalled.at(row, decided_by=6, end=23) for row in (0, 3, 8, 13)]

    assert found == [None, dataclasses.replace(known[0], start=3), None, None], "where it begins now"


def test_a_cut_is_made_before_a_moment_and_never_within_one_that_is_short() -> None:
    times = np.repeat(np.arange(20), 3)
    cuts = []
    while len(times) > 10:
        cut = first_cut(times[:11], 10)
        assert 5 <= cut <= 10
        assert times[cut] != times[cut - 1]
        cuts.append(cut)
        times = times[cut:]

    assert len(set(cuts)) > 1
    assert first_cut(np.zeros(11), 10) == first_cut(None, 10) == 10
