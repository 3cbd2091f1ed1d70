import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from auditor.core.cells import (
    PIECE,
    block_bounds,
    categorical,
    cells_of,
    count_bins,
    count_blocks,
    count_from,
    count_words,
    draw,
    is_empty,
    missing,
    numeric,
)
from auditor.core.records import ColumnKind

NUMBERS = hnp.arrays(np.float64, st.integers(1, 60), elements=st.floats(width=32))


def whole(cells):
    return np.concatenate(list(cells.pieces()))


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (np.array([1, 2], dtype=np.int8), ColumnKind.NUMERIC),
        (np.array([1.5, np.nan], dtype=np.float32), ColumnKind.NUMERIC),
        (np.array([True, False]), ColumnKind.CATEGORICAL),
        (np.array(["a", None], dtype=object), ColumnKind.CATEGORICAL),
        (np.array(["a", "b"]), ColumnKind.CATEGORICAL),
        (np.array(["2026-01-01", "NaT"], dtype="datetime64[ns]"), ColumnKind.MOMENT),
    ],
)
def test_an_array_says_what_kind_of_column_it_is(values, kind):
    cells = cells_of(values)

    assert (cells.kind, cells.rows) == (kind, 2)
    assert whole(cells).size == 2


def test_gaps_of_every_kind_are_missing():
    assert np.isnan(whole(cells_of(np.array(["2026-01-01", "NaT"], dtype="datetime64[D]")))[1])
    assert whole(cells_of(np.array(["b", None, np.nan, "a"], dtype=object))).tolist() == [1, -1, -1, 0]


def test_a_long_column_comes_in_pieces_that_add_up():
    values = np.arange(2 * PIECE + 7)

    pieces = list(numeric(values).pieces())

    assert [piece.size for piece in pieces] == [PIECE, PIECE, 7]
    assert (np.concatenate(pieces) == values).all()


@given(NUMBERS, st.integers(1, 5), st.lists(st.floats(-10, 10), max_size=5))
def test_rows_are_counted_at_cuts_as_comparing_would(values, blocks, cuts):
    blocks = min(blocks, values.size)

    counts = count_from(numeric(values), np.array(cuts), blocks=blocks).sum(axis=0)

    assert counts[0] == values.size
    assert counts[1] == np.count_nonzero(~np.isnan(values))
    assert counts[2:].tolist() == [np.count_nonzero(values >= cut) for cut in cuts]


def test_blocks_are_runs_of_consecutive_rows_across_pieces():
    rows = PIECE + 1000
    values = np.repeat([0.0, 1.0], [rows // 4, rows - rows // 4])

    counts = count_from(numeric(values), np.array([0.5]), blocks=4)

    assert counts[:, 0].tolist() == np.diff(block_bounds(rows, 4)).tolist()
    assert counts[0, 2] == 0
    assert (counts[1:, 2] == counts[1:, 0]).all()


def test_words_are_counted_and_gathered_in_bins():
    cells = categorical(np.array([0, 2, 2, -1, 1]), ["a", "b", "c"])

    assert count_words(cells).tolist() == [1, 1, 2]
    assert count_bins(cells, np.array([0, 1, 1, 2]), bins=3, blocks=1).tolist() == [[1, 3, 1]]


def test_blocks_in_which_a_word_occurs_are_counted():
    cells = categorical(np.array([0, 0, 1, -1, 1, 0]), ["a", "b", "never"])

    assert count_blocks(cells, blocks=3).tolist() == [2, 2, 0]


@pytest.mark.parametrize("kind", ColumnKind)
def test_a_column_of_gaps_is_empty(kind):
    cells = missing(3, kind=kind)

    assert is_empty(cells)
    assert (cells.rows, whole(cells).size) == (3, 3)


def test_a_column_with_one_value_is_not_empty():
    assert not is_empty(numeric(np.array([np.nan, 1.0])))
    assert not is_empty(categorical(np.array([-1, 0]), ["a"]))


def test_a_draw_of_every_row_is_all_rows():
    assert draw(numeric(np.array([3.0, np.nan, 1.0])), every=1).tolist() == [3.0, 1.0]


def test_a_draw_takes_one_row_of_each_run_at_no_fixed_distance():
    drawn = draw(numeric(np.arange(PIECE + 500)), every=24)

    assert (np.floor(drawn / 24) == np.arange(drawn.size)).all()
    assert len(set((drawn % 24).tolist())) == 24
