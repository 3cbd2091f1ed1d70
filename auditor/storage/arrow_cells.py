"""A column of an Arrow file as ``core.drift`` compares it, read from the mapped file piece by piece."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from auditor.core.cells import PIECE, Cells
from auditor.core.records import ColumnKind, FloatArray

_TRUTH = ("False", "True")
_PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}


def cells_of_arrow(array: Any) -> Cells:
    """Return an Arrow array as a column: numbers, moments, or codes into words."""
    kind = array.type
    if pa.types.is_boolean(kind):
        return _of(ColumnKind.CATEGORICAL, array, _truth, _TRUTH)
    if pa.types.is_timestamp(kind):
        unit = _PER_SECOND[kind.unit]
        return _of(ColumnKind.MOMENT, array, lambda piece: _floats(piece.cast(pa.int64())) / unit)
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        return _of(ColumnKind.NUMERIC, array, _floats)
    coded = array if pa.types.is_dictionary(kind) else array.cast(pa.large_string()).dictionary_encode()
    words = tuple(map(str, coded.dictionary.to_pylist()))
    return _of(ColumnKind.CATEGORICAL, coded.indices, _codes, words)


def _of(
    kind: ColumnKind, array: Any, read: Callable[[Any], npt.NDArray[Any]], words: tuple[str, ...] = ()
) -> Cells:
    def pieces() -> Iterator[npt.NDArray[Any]]:
        for first in range(0, len(array), PIECE):
            yield read(array.slice(first, PIECE))

    return Cells(kind=kind, rows=len(array), pieces=pieces, words=words)


def _floats(piece: Any) -> FloatArray:
    """Return numbers as floats, gaps as NaN; without gaps, floats are the bytes of the file."""
    numbers: FloatArray = piece.to_numpy(zero_copy_only=False).astype(np.float64, copy=False)
    return numbers


def _truth(piece: Any) -> npt.NDArray[Any]:
    return _codes(piece.cast(pa.int8()))


def _codes(piece: Any) -> npt.NDArray[Any]:
    codes: npt.NDArray[Any] = piece.fill_null(-1).to_numpy(zero_copy_only=False)
    return codes
