import pyarrow as pa
import pyarrow.parquet as pq

from auditor.drafts.looking import look_at_data


def test_a_column_that_holds_nothing_is_looked_at_like_any_other(tmp_path):
    pq.write_table(pa.table({"gone": pa.nulls(3), "x": [1, 2, 2]}), tmp_path / "rows.parquet")

    gone, x = look_at_data(str(tmp_path / "rows.parquet"), None, call=None)

    assert (gone.distinct, gone.missing) == (0, 3)
    assert (x.distinct, x.missing) == (2, 0)
