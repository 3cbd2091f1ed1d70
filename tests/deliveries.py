"""What sources hand over to the vault, read back."""

from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from auditor.core.chunks import chunks_of
from auditor.storage.vault import FileVault

NOON = datetime(2026, 3, 15, 12, tzinfo=UTC)


def frame_of(path: Path) -> pd.DataFrame:
    """Return the rows that were handed over, as workers would see them; the file or list stays."""
    if path.suffix == ".parquet":
        frame: pd.DataFrame = pq.read_table(path).to_pandas()
        return frame
    parts = [pq.read_table(file) for file in files_of(path)]
    table = pa.concat_tables(parts).unify_dictionaries().combine_chunks()
    return table.to_pandas()


def files_of(path: Path) -> list[Path]:
    """Return the Parquet files that were handed over, in the order of their rows."""
    if path.suffix == ".parquet":
        return [path]
    return [path.with_name(f"{chunk.digest}.parquet") for chunk in chunks_of(path.read_bytes())]


def filed(vault: FileVault, path: str, *, time: str | None = None) -> str:
    """File what was handed over, and return the snapshot's digest."""
    return vault.file(path, source="rows", time=time, taken_at=NOON).digest
