from datetime import UTC, datetime
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest

from auditor.core.cells import PIECE
from auditor.core.records import ColumnKind
from auditor.storage.arrow_cells import cells_of_arrow

DAY = datetime(1970, 1, 2, tzinfo=UTC)


def read(array):
    cells = cells_of_arrow(array)
    return cells.kind, np.concatenate(list(cells.pieces())).tolist(), cells.words


@pytest.mark.parametrize("kind", [pa.int8(), pa.int64(), pa.uint16(), pa.float32(), pa.float64()])
def test_numbers_are_floats_and_gaps_are_nan(kind):
    found, values, words = read(pa.array([1, None, 3], kind))

    assert (found, words) == (ColumnKind.NUMERIC, ())
    assert (values[0], values[2]) == (1.0, 3.0)
    assert np.isnan(values[1])


def test_categories_are_codes_and_gaps_are_minus_one():
    array = pa.array(["b", None, "a", "b"]).dictionary_encode()

    assert read(array) == (ColumnKind.CATEGORICAL, [0, -1, 1, 0], ("b", "a"))
    assert read(pa.array(["b", None, "a", "b"])) == read(array)


def test_truth_values_are_categories():
    assert read(pa.array([True, None, False])) == (ColumnKind.CATEGORICAL, [1, -1, 0], ("False", "True"))


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_moments_are_seconds(unit):
    kind, values, _ = read(pa.array([DAY, None], pa.timestamp(unit, "UTC")))

    assert (kind, values[0]) == (ColumnKind.MOMENT, 86_400.0)
    assert np.isnan(values[1])


def test_anything_else_is_read_as_text():
    assert read(pa.array([Decimal("1.5"), None]))[1:] == ([0, -1], ("1.5",))


def test_a_long_column_comes_in_pieces():
    cells = cells_of_arrow(pa.array(np.arange(PIECE + 3)))

    assert [piece.size for piece in cells.pieces()] == [PIECE, 3]
    assert cells.rows == PIECE + 3


def test_numbers_without_gaps_are_the_bytes_of_the_file():
    array = pa.array(np.arange(10.0))

    (piece,) = cells_of_arrow(array).pieces()

    assert np.shares_memory(piece, array.to_numpy())
