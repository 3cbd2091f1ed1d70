import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from auditor.drafts.looking import look_at_data
from auditor.errors import DataError


def test_a_column_that_holds_nothing_is_looked_at_like_any_other(tmp_path):
    pq.write_table(pa.table({"gone": pa.nulls(3), "x": [1, 2, 2]}), tmp_path / "rows.parquet")

    gone, x = look_at_data(str(tmp_path / "rows.parquet"), None, call=None)

    assert (gone.distinct, gone.missing) == (0, 3)
    assert (x.distinct, x.missing) == (2, 0)


def test_columns_of_one_name_are_told_of_before_a_schedule_is_drafted(tmp_path):
    (tmp_path / "rows.csv").write_text("a,a,y\n1,2,3\n")

    with pytest.raises(DataError, match="several columns are called a; give each its own name"):
        look_at_data(str(tmp_path / "rows.csv"), None, call=None)


def test_categories_of_pandas_are_counted_as_the_texts_they_stand_for(tmp_path):
    kinds = pa.array(["a", "b", "a", None]).dictionary_encode()
    pq.write_table(pa.table({"kind": kinds, "x": [1, 2, 2, 3]}), tmp_path / "rows.parquet")

    kind, _ = look_at_data(str(tmp_path / "rows.parquet"), None, call=None)

    assert (kind.kind, kind.distinct, kind.missing) == ("text", 2, 1)
