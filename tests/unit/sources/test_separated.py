"""CSV is read piece by piece, and what its columns hold follows from all pieces."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow.parquet as pq
import pytest

from auditor.core.records import DataSpec
from auditor.errors import DataError
from auditor.sources import LocalSources, delivery, separated, streams
from auditor.sources.files import read_file
from auditor.sources.separated import kinds_of, spool, table_of
from auditor.storage.vault import FileVault, open_frame
from tests.deliveries import filed


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(separated, "AT_ONCE", 64)


def kinds(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "rows.csv"
    path.write_text(text)
    found = kinds_of(lambda: path.open("rb"), ",", "rows.csv")
    assert table_of(lambda: path.open("rb"), ",", "rows.csv").schema == found
    return [str(each) for each in found.types]


@pytest.mark.parametrize(
    ("last", "kind"),
    [("7", "int64"), ("7.5", "double"), ("NA", "int64"), ("true", "string"), ("x", "string")],
)
def test_the_last_value_has_a_say(tmp_path: Path, last: str, kind: str) -> None:
    lines = "".join(f"{number},0\n" for number in range(40))

    assert kinds(tmp_path, f"a,b\n{lines}{last},0\n")[0] == kind


def test_a_column_that_is_empty_to_its_last_piece_is_what_it_then_holds(tmp_path: Path) -> None:
    empty = "".join(f",{number},\n" for number in range(40))

    assert kinds(tmp_path, f"a,b,c\n{empty}2024-01-01,1,\n") == ["timestamp[us]", "int64", "double"]


def test_names_alone_are_columns_without_rows(tmp_path: Path) -> None:
    assert kinds(tmp_path, "a,b\n") == ["double", "double"]


def test_rows_pass_through_piece_by_piece(tmp_path: Path) -> None:
    path, into = tmp_path / "rows.csv", tmp_path / "rows.parquet"
    path.write_text("x,y\n" + "".join(f"{number},{number % 2}\n" for number in range(500)))

    spool(lambda: path.open("rb"), ",", kinds_of(lambda: path.open("rb"), ",", "rows.csv"), into)

    assert pq.read_metadata(into).num_row_groups > 20
    assert pq.read_table(into)["x"].to_pylist() == list(range(500))


def test_a_csv_file_that_grew_shares_its_chunks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (streams, delivery):
        monkeypatch.setattr(module, "ROW_GROUP", 50)
    vault, sources = FileVault(tmp_path / "vault"), LocalSources(lambda call, *given, **_: call(*given))
    spec, digests = DataSpec(source=str(tmp_path / "rows.csv"), target="y"), []
    for rows in (500, 520):
        lines = "".join(f"{number},{number % 2}\n" for number in range(rows))
        (tmp_path / "rows.csv").write_text(f"x,y\n{lines}")
        with TemporaryDirectory(dir=tmp_path) as into:
            digests.append(filed(vault, sources.fetch(spec, into, held=vault)))

    assert open_frame(vault.folder, digests[1])["x"].tolist() == list(range(520))
    assert len(list(tmp_path.glob("vault/chunks/*/*"))) == 11


@pytest.mark.parametrize(
    ("start", "said"),
    [
        (b"a;b\n1,5;2\n", "separated by semicolons, not by commas; write it with commas"),
        (b"\xef\xbb\xbfa\tb\n1\t2\n", "separated by tabs, not by commas; name it .tsv"),
        ("a,b\n1,2\n".encode("utf-16"), "is UTF-16 text; save it as UTF-8"),
        (b"\n \n", "is empty"),
    ],
)
def test_a_file_of_another_kind_is_told_by_its_beginning(tmp_path: Path, start: bytes, said: str) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes(start)

    with pytest.raises(DataError, match=said):
        kinds_of(lambda: path.open("rb"), ",", "rows.csv")


@pytest.mark.parametrize("text", ["größe,b\n1,2\n", "a,b\n1,größe\n"])
def test_text_that_is_no_utf_8_is_said_to_be_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes(text.encode("latin-1"))

    with pytest.raises(DataError, match=r"rows\.csv: is not UTF-8 text; save it as UTF-8"):
        read_file(str(path))
