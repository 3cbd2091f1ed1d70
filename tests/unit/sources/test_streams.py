"""Rows that are written a chunk at a time are those that are written all at once, to the byte."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.core.records import DataSpec
from auditor.errors import DataError
from auditor.sources import delivery, streams
from auditor.sources.delivery import deliver_table
from auditor.sources.files import write_file_rows
from auditor.sources.streams import write_streamed
from auditor.sources.tables import prepared
from tests.deliveries import files_of, frame_of

GROUP = 8
"""Rows of a row group here, so that a few dozen rows make several."""

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def small_row_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (streams, delivery):
        monkeypatch.setattr(module, "ROW_GROUP", GROUP)


def days(numbers: list[int | None]) -> pa.Array:
    moments = [None if number is None else EPOCH + timedelta(days=number) for number in numbers]
    return pa.array(moments, pa.timestamp("us", tz="UTC"))


@st.composite
def sources(draw: st.DrawFn) -> pa.Table:
    """Rows with gaps, text, flags and a time, in the order of their times more often than not."""
    rows = draw(st.integers(1, 40))
    column = st.lists(
        st.one_of(st.none(), st.sampled_from([0.0, 1.5, float("nan"), -2.0])), min_size=rows, max_size=rows
    )
    words = st.lists(st.one_of(st.none(), st.sampled_from(["b", "a", "", "ü"])), min_size=rows, max_size=rows)
    values = st.one_of(
        st.sampled_from([1.0, 2.0]), st.just(None) if draw(st.integers(0, 9)) == 0 else st.just(3.0)
    )
    target = st.lists(values, min_size=rows, max_size=rows)
    times = draw(st.lists(st.integers(0, 20), min_size=rows, max_size=rows))
    ordered = sorted(times) if draw(st.integers(0, 3)) else times
    gaps: list[int | None] = [None if draw(st.integers(0, 9)) == 0 else each for each in ordered]
    return pa.table(
        {
            "x": pa.array(draw(column), pa.float64()),
            "city": pa.array(draw(words), pa.string()),
            "when": days(gaps),
            "day": pa.array(gaps, pa.int64()),
            "flag": pa.array([number % 3 == 0 for number in range(rows)]),
            "y": pa.array(draw(target), pa.float64()),
        }
    )


specs = st.builds(
    DataSpec,
    source=st.just("rows.parquet"),
    target=st.just("y"),
    time=st.sampled_from([None, "when", "day"]),
    group=st.sampled_from([None, "city"]),
    drop=st.sampled_from([(), ("flag",)]),
    window=st.sampled_from([None, timedelta(days=5)]),
    rows=st.sampled_from([None, 1, 9, 100]),
    since=st.sampled_from([None, EPOCH + timedelta(days=4)]),
    until=st.sampled_from([None, EPOCH + timedelta(days=15)]),
)


def told(write: object) -> bytes | str:
    try:
        path = write()  # type: ignore[operator]
    except DataError as error:
        return str(error)
    return "" if path is None else b"".join(each.read_bytes() for each in files_of(Path(path)))


@given(table=sources(), spec=specs, files=st.integers(1, 3))
def test_the_same_rows_and_the_same_bytes(
    tmp_path_factory: pytest.TempPathFactory, table: pa.Table, spec: DataSpec, files: int
) -> None:
    folder = tmp_path_factory.mktemp("rows")
    cuts = np.linspace(0, table.num_rows, files + 1).astype(int)
    for number, (first, end) in enumerate(pairwise(cuts)):
        pq.write_table(table.slice(first, end - first), folder / f"{number}.parquet", row_group_size=5)
    into = tmp_path_factory.mktemp("into")

    whole = told(lambda: deliver_table(prepared(table, spec), spec, str(into)))
    streamed = told(lambda: write_streamed(ds.dataset(folder, format="parquet"), spec, str(into)))

    assert streamed in (whole, "")


def test_rows_in_the_order_of_their_times_are_streamed(tmp_path: Path) -> None:
    table = pa.table({"x": pa.array(range(20)), "when": days([*range(19), None]), "y": pa.array(range(20))})
    pq.write_table(table, tmp_path / "rows.parquet")
    spec = DataSpec(source="rows.parquet", target="y", time="when", rows=9)
    dataset = ds.dataset(tmp_path / "rows.parquet", format="parquet")

    path = write_streamed(dataset, spec, str(tmp_path))

    assert path is not None
    assert len(files_of(Path(path))) == 2
    assert frame_of(Path(path))["x"].tolist() == list(range(10, 19))


@pytest.mark.parametrize(
    "times", [[2, 1, 3], ["2026-01-01", "2026-01-02", "2026-01-03"]], ids=["unordered", "text"]
)
def test_rows_that_have_to_be_sorted_or_read_are_left_to_who_holds_all_of_them(
    tmp_path: Path, times: list[object]
) -> None:
    pq.write_table(pa.table({"x": [1, 2, 3], "when": times, "y": [1, 2, 3]}), tmp_path / "rows.parquet")
    spec = DataSpec(source="rows.parquet", target="y", time="when")

    assert (
        write_streamed(ds.dataset(tmp_path / "rows.parquet", format="parquet"), spec, str(tmp_path)) is None
    )


def test_the_folders_of_a_partitioned_source_are_a_column(tmp_path: Path) -> None:
    for year in (2024, 2025):
        (tmp_path / "rows" / f"year={year}").mkdir(parents=True)
        pq.write_table(
            pa.table({"x": [1.0, 2.0], "y": [1, 2]}), tmp_path / "rows" / f"year={year}" / "a.parquet"
        )
    spec = DataSpec(source=str(tmp_path / "rows"), target="y")

    streamed = told(lambda: write_file_rows(spec.source, spec, str(tmp_path)))
    whole = told(lambda: deliver_table(prepared(pq.read_table(tmp_path / "rows"), spec), spec, str(tmp_path)))

    assert streamed == whole
    assert pq.read_table(tmp_path / "rows.parquet")["year"].to_pylist() == [2024, 2024, 2025, 2025]
