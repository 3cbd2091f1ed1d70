"""A frame is the same whether a snapshot is turned at once or a column at a time."""

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from auditor.storage.frames import make_frame
from tests.unit.storage.test_vault import some_rows


def test_a_column_at_a_time_gives_the_same_bytes(tmp_path: Path) -> None:
    rows = some_rows().assign(**{"count.of": 1})
    table = pa.Table.from_pandas(rows, preserve_index=False)
    pq.write_table(table, tmp_path / "rows.parquet", row_group_size=4)

    make_frame([tmp_path / "rows.parquet"], tmp_path / "at-once.arrow")
    make_frame([tmp_path / "rows.parquet"], tmp_path / "by-column.arrow", at_once=0)

    assert (tmp_path / "at-once.arrow").read_bytes() == (tmp_path / "by-column.arrow").read_bytes()
    with pa.memory_map(str(tmp_path / "by-column.arrow")) as mapped:
        pd.testing.assert_frame_equal(pa.ipc.open_file(mapped).read_all().to_pandas(), rows)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "at-once.arrow",
        "by-column.arrow",
        "rows.parquet",
    ]
