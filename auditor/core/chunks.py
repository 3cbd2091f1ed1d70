"""A snapshot in chunks: a list of Parquet files, each filed under the digest of its bytes.

A table that grew shares its old chunks with the snapshots before it, so that only new rows are written.
The list is what the snapshot is filed under: its digest follows from all of the rows.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Chunk:
    """Consecutive rows of a snapshot: one Parquet file of one row group."""

    digest: str
    rows: int
    bytes: int


def listing(chunks: Sequence[Chunk]) -> bytes:
    """Return the list of a snapshot's chunks, as it is filed; equal chunks give equal bytes."""
    rows = [[chunk.digest, chunk.rows, chunk.bytes] for chunk in chunks]
    return json.dumps({"chunks": rows}, separators=(",", ":")).encode() + b"\n"


def chunks_of(content: bytes) -> tuple[Chunk, ...]:
    """Return the chunks that a list names.

    Raises
    ------
    ValueError
        If it is no list of chunks.

    Examples
    --------
    >>> chunks_of(listing([Chunk("ab" * 32, 5, 100)])) == (Chunk("ab" * 32, 5, 100),)
    True
    """
    try:
        found = tuple(
            Chunk(str(digest), int(rows), int(size)) for digest, rows, size in json.loads(content)["chunks"]
        )
    except (TypeError, KeyError) as error:
        raise ValueError(f"no list of chunks: {error}") from error
    if not found or any(len(chunk.digest) != 64 or not chunk.digest.isalnum() for chunk in found):
        raise ValueError("no list of chunks")
    return found
