"""What was learned of a source the last time: which of its row groups went into which chunks.

Only a hint, and checked whenever it is used: a chunk is taken again where all rows that decided on it are the
same row groups, in the same order, and where the vault still has it.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import accumulate

import pyarrow as pa

from auditor.core.addresses import without_secrets
from auditor.core.chunks import Chunk
from auditor.core.records import DataSpec

_FORMAT = 2
"""Of 1, chunks that were taken again kept the place that they had in an older table."""


@dataclass(frozen=True, slots=True)
class Known:
    """A chunk, from which row of the source on it was cut, and what its target is like.

    Attributes
    ----------
    first
        The target's first value, in words.
    alike
        Whether all its values are that one.
    """

    start: int
    chunk: Chunk
    first: str
    alike: bool


@dataclass(frozen=True, slots=True)
class Origin:
    """The row groups of a source, by digest, with their rows; and the chunks that were cut out of them."""

    groups: tuple[tuple[str, int], ...]
    chunks: tuple[Known, ...]


def name_of(spec: DataSpec, schema: pa.Schema, most: int) -> str:
    """Return under which name it is remembered how a source was cut: what a chunk's bytes depend on."""
    facts = (
        _FORMAT,
        pa.__version__,
        most,
        without_secrets(spec.source),
        (spec.target, spec.time, spec.group, spec.drop),
        schema.to_string(show_schema_metadata=False),
    )
    return hashlib.sha256(repr(facts).encode()).hexdigest()


def written(origin: Origin) -> bytes:
    """Return what is remembered, as it is kept."""
    body = json.dumps(asdict(origin), separators=(",", ":"))
    return f"{hashlib.sha256(body.encode()).hexdigest()}\n{body}\n".encode()


def read(content: bytes | None) -> Origin | None:
    """Return what is remembered; None if that is nothing, or was damaged."""
    if content is None:
        return None
    digest, _, body = content.decode(errors="replace").rstrip("\n").partition("\n")
    if hashlib.sha256(body.encode()).hexdigest() != digest:
        return None
    found = json.loads(body)
    return Origin(
        groups=tuple((str(digest), int(rows)) for digest, rows in found["groups"]),
        chunks=tuple(Known(**{**each, "chunk": Chunk(**each["chunk"])}) for each in found["chunks"]),
    )


@dataclass(frozen=True, slots=True)
class _Run:
    """Rows that are those of the last time: from one row to before another, so many rows further on then."""

    low: int
    high: int
    shift: int


class Recalled:
    """The chunks of the last time, by the rows of the source as it is now.

    Parameters
    ----------
    origin
        What is remembered.
    groups
        The row groups as they are now, by digest, with their rows.
    holds
        Whether a chunk is still there; it is kept from now on.
    """

    def __init__(
        self, origin: Origin | None, groups: Sequence[tuple[str, int]], holds: Callable[[Chunk], bool]
    ) -> None:
        self._runs = () if origin is None else _runs(origin.groups, groups)
        self._chunks = {} if origin is None else {known.start: known for known in origin.chunks}
        self._holds = holds

    def at(self, row: int, *, decided_by: int, end: int) -> Known | None:
        """Return the chunk that begins at a row, if the rows that decide on it are the same and all taken."""
        run = next((run for run in self._runs if run.low <= row < run.high), None)
        if run is None or row + decided_by > min(run.high, end):
            return None
        known = self._chunks.get(row + run.shift)
        if known is None or not self._holds(known.chunk):
            return None
        return replace(known, start=row)  # where it begins now: this is remembered for the next time


def _runs(then: Sequence[tuple[str, int]], now: Sequence[tuple[str, int]]) -> tuple[_Run, ...]:
    places: dict[str, int] = {}
    for place, (digest, _) in enumerate(then):
        places.setdefault(digest, place)
    starts = [0, *accumulate(rows for _, rows in then)]
    runs: list[_Run] = []
    row, expected = 0, 0
    for digest, rows in now:
        follows = expected < len(then) and then[expected][0] == digest
        if follows or digest in places:
            place = expected if follows else places[digest]
            expected = place + 1
            shift = starts[place] - row
            if runs and (runs[-1].high, runs[-1].shift) == (row, shift):
                runs[-1] = _Run(runs[-1].low, row + rows, shift)
            else:
                runs.append(_Run(row, row + rows, shift))
        row += rows
    return tuple(runs)
