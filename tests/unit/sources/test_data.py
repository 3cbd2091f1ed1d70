import gzip
import hashlib
import sqlite3
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.core.records import DataSpec
from auditor.errors import DataError, EarlyError
from auditor.sources import LocalSources, separated
from auditor.sources.tables import ROW_GROUP
from tests.deliveries import files_of, frame_of

SOURCES = LocalSources(lambda function, *args, **_: function(*args))

ROWS = pd.DataFrame(
    {
        "day": pd.to_datetime(["2024-01-03", "2024-01-01", "2024-01-02", "2024-01-04"]),
        "plane": ["b", "a", "b", "c"],
        "miles": [3.5, 1.0, 2.0, np.nan],
        "late": [1, 0, 1, 0],
    }
)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def path_of(source: str, **options: Any) -> Path:
    return Path(SOURCES.fetch(DataSpec(**{"source": source, "target": "late"} | options), "."))


def rows_of(source: str, **options: Any) -> pd.DataFrame:
    return frame_of(path_of(source, **options))


def complaint(source: str, **options: Any) -> str:
    with pytest.raises(DataError) as caught:
        path_of(source, **options)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def database(path: str = "shop.db") -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE flights (day TEXT, plane TEXT, miles REAL, late INTEGER)")
    rows = ROWS.assign(day=ROWS["day"].dt.strftime("%Y-%m-%d")).itertuples(index=False)
    connection.executemany("INSERT INTO flights VALUES (?, ?, ?, ?)", [tuple(row) for row in rows])
    connection.commit()
    connection.close()


def written(kind: str) -> dict[str, Any]:
    """Write the same rows in one of the ways they may come, and return where they are."""
    if kind == "sql":
        database()
        return {"source": "sqlite:///shop.db", "query": "SELECT * FROM flights"}
    ROWS.to_parquet("rows.parquet")
    ROWS.to_csv("rows.csv", index=False)
    ROWS.to_csv("rows.csv.gz", index=False)
    ROWS.to_csv("rows.tsv", index=False, sep="\t")
    Path("rows").mkdir(exist_ok=True)
    ROWS[:2].to_parquet("rows/a.parquet")
    ROWS[2:].to_parquet("rows/b.parquet")
    Path("shop_rows.py").write_text(
        "import pandas\n\n"
        "def fresh():\n    return pandas.read_parquet('rows.parquet').set_index([[9, 8, 7, 6]])\n"
    )
    return {
        "folder": {"source": "rows"},
        "url": {"source": Path("rows.parquet").absolute().as_uri()},
        "function": {"source": "shop_rows:fresh"},
    }.get(kind, {"source": f"rows.{kind}"})


KINDS = ("csv", "csv.gz", "tsv", "parquet", "folder", "url", "sql", "function")


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_rows_come_from_everywhere_in_time_order(kind):
    frame = rows_of(**written(kind), time="day")

    assert list(frame.columns) == ["day", "plane", "miles", "late"]
    assert list(frame["day"]) == list(pd.date_range("2024-01-01", periods=4, tz="UTC"))
    assert list(frame["plane"]) == ["a", "b", "b", "c"]
    assert list(frame["plane"].cat.categories) == ["a", "b", "c"]
    assert frame["miles"].tolist()[:3] == [1.0, 2.0, 3.5]
    assert np.isnan(frame["miles"].iloc[3])
    assert frame["late"].tolist() == [0, 1, 1, 0]
    assert frame["late"].dtype == "int64"


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_rows_make_the_same_bytes(kind):
    digests = {
        hashlib.sha256(path_of(**written(each), time="day").read_bytes()).hexdigest()
        for each in ("csv", kind)
    }

    assert len(digests) == 1


def test_only_the_rows_are_left_in_the_folder(here):
    into = here / "into"
    into.mkdir()
    written("csv")

    path = SOURCES.fetch(DataSpec(source="rows.csv", target="late"), str(into))

    assert [str(each) for each in into.iterdir()] == [path]


def test_dropped_columns_are_gone():
    assert list(rows_of(**written("csv"), drop=("miles",)).columns) == ["day", "plane", "late"]


def test_without_a_time_column_the_order_of_the_source_is_kept():
    assert rows_of(**written("csv"))["late"].tolist() == [1, 0, 1, 0]


def test_rows_without_a_time_are_left_out():
    Path("rows.csv").write_text("day,x,late\n2024-01-02,1,0\n,2,1\n2024-01-01,3,1\n")

    assert rows_of("rows.csv", time="day")["x"].tolist() == [3, 1]


def test_equal_times_keep_the_order_of_the_source():
    Path("rows.csv").write_text("day,x,late\n2,1,0\n1,2,1\n2,3,1\n1,4,0\n2,5,0\n")

    assert rows_of("rows.csv", time="day")["x"].tolist() == [2, 4, 1, 3, 5]


def test_a_window_reaches_back_from_the_newest_row():
    days = pd.date_range("2020-01-01", periods=100, freq="D")
    pd.DataFrame({"day": days, "x": range(100), "late": [0, 1] * 50}).to_parquet("rows.parquet")

    assert rows_of("rows.parquet", time="day", window=timedelta(days=30))["x"].tolist() == list(
        range(70, 100)
    )


def test_a_stretch_of_time_holds_its_beginning_and_not_its_end():
    first, third, fourth = (datetime(2024, 1, day, tzinfo=UTC) for day in (1, 3, 4))

    assert rows_of(**written("csv"), time="day", since=first, until=third)["plane"].tolist() == ["a", "b"]
    assert len(rows_of(**written("csv"), time="day", until=fourth, window=timedelta(days=3))) == 3
    assert rows_of(**written("csv"), time="day", since=third)["plane"].tolist() == ["b", "c"]
    assert "has no rows since" in complaint(
        **written("csv"), time="day", since=datetime(2025, 1, 1, tzinfo=UTC)
    )


def test_with_fewer_rows_than_a_turn_takes_it_is_too_early():
    third = datetime(2024, 1, 3, tzinfo=UTC)
    early = {**written("csv"), "time": "day", "since": third, "fewest": 3}

    with pytest.raises(EarlyError, match=r"has 2 rows since 2024-01-03 .* and a turn takes 3 at least"):
        rows_of(**early)
    with pytest.raises(EarlyError, match="has no rows since"):
        rows_of(**{**early, "since": datetime(2025, 1, 1, tzinfo=UTC)})
    assert len(rows_of(**{**early, "fewest": 2})) == 2


def test_rows_that_are_only_scored_may_be_all_alike():
    lone = datetime(2024, 1, 4, tzinfo=UTC)

    assert rows_of(**written("csv"), time="day", since=lone)["late"].tolist() == [0]
    assert "there is nothing to predict" in complaint(
        **written("csv"), time="day", until=datetime(2024, 1, 2, tzinfo=UTC)
    )


def test_numbers_have_no_past():
    Path("rows.csv").write_text("day,x,late\n1,1,0\n2,2,1\n")

    assert "(data.time) holds numbers" in complaint(
        "rows.csv", time="day", until=datetime(2025, 1, 1, tzinfo=UTC)
    )


def test_zones_are_told_apart():
    Path("rows.csv").write_text("day,x,late\n2024-01-01T12:00:00+02:00,1,0\n2024-01-01T11:00:00Z,2,1\n")

    frame = rows_of("rows.csv", time="day")

    assert frame["day"].astype(str).tolist() == ["2024-01-01 10:00:00+00:00", "2024-01-01 11:00:00+00:00"]


def test_at_most_so_many_rows_are_the_newest_ones():
    assert rows_of(**written("csv"), time="day", rows=2)["plane"].tolist() == ["b", "c"]


def test_at_most_so_many_rows_without_time_are_a_draw_in_order():
    pd.DataFrame({"x": range(1000), "late": [0, 1] * 500}).to_parquet("rows.parquet")

    drawn = rows_of("rows.parquet", rows=100)["x"].to_numpy()

    assert len(set(drawn)) == 100
    assert (np.diff(drawn) > 0).all()
    assert drawn.mean() == pytest.approx(500, abs=120)
    assert (rows_of("rows.parquet", rows=100)["x"] == drawn).all()


def test_text_is_categories_in_every_chunk():
    words = np.resize(["z", "b", "q"], ROW_GROUP + 1)
    words[-1] = "a"
    pd.DataFrame({"word": words, "late": np.arange(ROW_GROUP + 1) % 2}).to_parquet("rows.parquet")

    frame = rows_of("rows.parquet")

    assert sorted(frame["word"].cat.categories) == ["a", "b", "q", "z"]
    assert (frame["word"] == words).all()


def test_long_files_come_in_chunks():
    pd.DataFrame({"x": np.arange(ROW_GROUP + 1), "late": np.arange(ROW_GROUP + 1) % 2}).to_parquet(
        "rows.parquet"
    )

    files = files_of(path_of("rows.parquet"))

    assert [pq.read_metadata(file).num_rows for file in files] == [ROW_GROUP, 1]


def test_the_kind_of_a_csv_column_follows_from_all_of_its_values(monkeypatch):
    monkeypatch.setattr(separated, "AT_ONCE", 1_000)  # bytes: the last rows are far from the first
    lines = [f"{number},{number % 2}" for number in range(1_000)]
    Path("rows.csv").write_text("\n".join(["x,late", *lines, "1.5,0", ",1"]))

    frame = rows_of("rows.csv")

    assert frame["x"].dtype == "float64"
    assert frame["x"].iloc[-2] == 1.5


def test_values_of_a_csv_file_are_read_as_what_they_are():
    Path("rows.csv").write_text('a,b,c,d,late\n1,true,"x, y",,0\nNA,false,z,,1\n')

    frame = rows_of("rows.csv")

    assert frame["b"].tolist() == [True, False]
    assert frame["c"].tolist() == ["x, y", "z"]
    assert frame["a"].isna().tolist() == [False, True]
    assert frame["d"].isna().all()


def test_categories_and_decimals_become_what_can_be_learned_from():
    table = pa.table(
        {
            "kind": pa.array(["b", "a", "b"]).dictionary_encode(),
            "price": pa.array([1, 2, None], pa.decimal128(5, 2)),
            "late": [True, False, True],
        }
    )
    pq.write_table(table, "rows.parquet")

    frame = rows_of("rows.parquet")

    assert frame["kind"].tolist() == ["b", "a", "b"]
    assert frame["price"].dtype == "float64"
    assert frame["late"].dtype == "bool"


@given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from(["x", "y"])), min_size=2, max_size=12))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_time_order_is_a_stable_sort(rows):
    frame = pd.DataFrame({"t": [t for t, _ in rows], "word": [w for _, w in rows], "late": range(len(rows))})
    frame.to_parquet("rows.parquet")

    found = rows_of("rows.parquet", time="t")

    assert found["late"].tolist() == frame.sort_values("t", kind="stable")["late"].tolist()


# ---------------------------------------------------------------- what can be wrong


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("rows.csv", b"", "is empty"),
        ("rows.csv", b" \n", "is empty"),
        ("rows.csv", b"x,late\n", "has no rows, only the columns x, late"),
        ("rows.csv", b"x,late\n1,0\n2", "cut short"),
        ("rows.csv", b"x,late\n1,0,7\n", "cut short"),
        ("rows.csv", b"x,late\n\xff,0\n1,1\n", "is not UTF-8 text; save it as UTF-8"),
        ("rows.csv", b"x,x,late\n1,2,0\n1,2,1\n", "several columns are called x"),
        ("rows.csv", b"late\n1\n0\n", "has no column to learn from"),
        ("rows.csv.gz", gzip.compress(b"x,late\n1,0\n" * 50, mtime=0)[:20], "is cut short"),
        ("rows.csv.gz", b"x,late\n1,0\n", "damaged"),
        ("rows.parquet", b"x,late\n1,0\n", "damaged"),
        ("rows.parquet", b"PAR1" + b"\0" * 40, "damaged"),
        ("rows.xlsx", b"PK", "must be a folder of Parquet files, or end in one of .csv, .csv.gz"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_says_why(here, name, content, said):
    (here / name).write_bytes(content)

    message = complaint(name)

    assert message.startswith(f"{name}: ")
    assert said in message


def test_half_a_parquet_file_is_told(here):
    written("parquet")
    whole = (here / "rows.parquet").read_bytes()
    (here / "rows.parquet").write_bytes(whole[: len(whole) // 2])

    assert "cut short" in complaint("rows.parquet")


@pytest.mark.parametrize("name", ["rows.csv", "rows.parquet", "rows", "sqlite:///absent.db"])
def test_what_is_not_there_is_told(here, name):
    query = {"query": "SELECT 1"} if "://" in name else {}

    assert "no such file" in complaint(name, **query)
    assert not (here / "absent.db").exists()


def test_a_folder_without_rows_is_told(here):
    (here / "rows").mkdir()

    assert "rows: " in complaint("rows")


def test_an_unknown_protocol_is_told():
    assert "nosuch://host/rows.csv" in complaint("nosuch://host/rows.csv")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"target": "lat"}, "(data.target); there are: day, plane, miles, late; did you mean 'late'?"),
        ({"time": "dya"}, "has no column 'dya' (data.time)"),
        ({"group": "plain"}, "did you mean 'plane'?"),
        ({"drop": ("mile",)}, "has no column 'mile' (data.drop)"),
        ({"drop": ("miles", "plane"), "time": "day"}, "has no column to learn from"),
        ({"time": "plane"}, "column 'plane' (data.time) holds 'b', which is no date (4 of 4 rows)"),
        ({"time": "late", "target": "miles", "window": timedelta(1)}, "data.window needs dates"),
        ({"target": "miles"}, "1 of 4 rows have no value in column 'miles' (data.target)"),
        ({"time": "day", "rows": 1}, "column 'late' (data.target) holds 0 in every row"),
        ({"target": "plane", "group": "miles"}, "1 of 4 rows have no value in column 'miles' (data.group)"),
    ],
)  # fmt: skip
def test_a_wrong_column_is_told(options, said):
    assert said in complaint(**written("csv"), **options)


@pytest.mark.parametrize(
    ("columns", "options", "said"),
    [
        ({"late": [0.0, np.inf]}, {}, "holds infinite values"),
        ({"late": [0, 1], "x": [[1], [2]]}, {}, "column 'x' holds list"),
        ({"late": [0, 1], "t": [None, None]}, {"time": "t"}, "no row has a time"),
        ({"late": [0, 1], "t": [True, False]}, {"time": "t"}, "must hold dates or numbers, it holds bool"),
        ({"late": [0, 1], "t": ["2024-01-01", "01/02/24"]}, {"time": "t"}, "which is no date (1 of 2"),
    ],
)  # fmt: skip
def test_a_column_that_cannot_be_used_is_told(columns, options, said):
    pq.write_table(pa.table({"feature": [1, 2], **columns}), "rows.parquet")

    assert said in complaint("rows.parquet", **options)


# ---------------------------------------------------------------- databases and functions


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT * FROM fligths", "data.query failed: OperationalError: no such table: fligths"),
        ("SELEC", "data.query failed"),
        ("SELECT * FROM flights WHERE late > 5", "data.query gives no rows"),
        ("DELETE FROM flights", "data.query selects nothing"),
        ("SELECT late, 'a' AS x FROM flights UNION ALL SELECT late, 3 FROM flights", "mixes kinds"),
    ],
)
def test_a_query_that_fails_says_how(query, said):
    database()

    assert said in complaint("sqlite:///shop.db", query=query)


def test_a_query_changes_nothing():
    database()

    complaint("sqlite:///shop.db", query="DELETE FROM flights")

    assert len(rows_of("sqlite:///shop.db", query="SELECT * FROM flights")) == 4


def test_a_query_is_passed_on_as_it_is():
    database()

    frame = rows_of(
        "sqlite:///shop.db", query="SELECT *, ':x' AS y FROM flights WHERE plane LIKE '%b%' OR late = 0"
    )

    assert set(frame["y"]) == {":x"}


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("nosuch://ann:s3cret@host/db", "SQLAlchemy knows no such database"),
        ("oracle+nodriver://ann:s3cret@host/db", "SQLAlchemy knows no such database"),
        ("postgresql:/ann:s3cret@host", "must be an SQLAlchemy URL"),
        ("mssql+pymssql://ann:s3cret@host/db", "its driver is not installed"),
        ("postgresql+psycopg://ann:s3cret@localhost:1/db?connect_timeout=1", "data.query failed"),
    ],
)
def test_a_database_that_cannot_be_reached_is_told_without_its_password(source, said):
    message = complaint(source, query="SELECT 1")

    assert said in message
    assert "s3cret" not in message


def test_a_password_may_stand_in_the_environment(monkeypatch):
    database("secret.db")
    monkeypatch.setenv("SHOP_DATABASE", "secret.db")

    assert len(rows_of("sqlite:///${SHOP_DATABASE}", query="SELECT * FROM flights")) == 4

    monkeypatch.delenv("SHOP_DATABASE")

    assert "'SHOP_DATABASE', which is not set" in complaint("sqlite:///${SHOP_DATABASE}", query="SELECT 1")


@pytest.mark.parametrize(
    ("function", "body", "said"),
    [
        ("absent", "", "names nothing"),
        ("rows", "rows = 3", "must be a function"),
        ("rows", "def rows(): return [1]", "must return a pandas DataFrame, got list"),
        ("rows", "def rows(): raise ValueError('no licence\\nfor you')", "raised ValueError: no licence"),
        ("rows", "import pandas\ndef rows(): return pandas.DataFrame({'late': [1, 'a']})", "mixed kinds"),
        ("rows", "import pandas\ndef rows(): return pandas.DataFrame({'late': [10**25]})", "too large"),
        (
            "rows",
            "import pandas\ndef rows(): return pandas.DataFrame([[1, 2]], columns=['late', 'late'])",
            "several columns are called late; give each its own name",
        ),
        (
            "rows",
            "import pandas\ndef rows(): return pandas.DataFrame({'late': []})",
            "has no column to learn from",
        ),
        ("rows", "raise OSError('no disk')", "cannot be imported: OSError: no disk"),
    ],
)
def test_a_function_that_fails_says_how(here, monkeypatch, function, body, said):
    monkeypatch.delitem(sys.modules, "user_rows", raising=False)
    (here / "user_rows.py").write_text(body)

    assert said in complaint(f"user_rows:{function}")
