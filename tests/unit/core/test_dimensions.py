"""A setting and the unit interval: there and back, and never outside."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.core.dimensions import Choice, Dimension
from auditor.core.records import ScaleName
from auditor.core.scales import Linear, Log, OneMinusLog

SHARES = st.floats(0.0, 1.0)
REAL = [
    Dimension(1e-5, 1.0, Log()),
    Dimension(0.013, 0.77, Log()),
    Dimension(0.0, 0.9999, OneMinusLog()),
    Dimension(0.9, 0.999, OneMinusLog()),
    Dimension(-1.0, 3.3333333, Linear()),
    Dimension(1000.0, 1000.5, Linear()),
    Dimension(0.1, 0.1001, Log()),
]
WHOLE = [
    Dimension(1, 100, Log(), integer=True),
    Dimension(2, 5000, Log(), integer=True),
    Dimension(0, 7, Linear(), integer=True),
    Dimension(100_000, 100_100, Linear(), integer=True),
]


@pytest.mark.parametrize("dimension", [*REAL, *WHOLE])
def test_no_draw_leaves_its_range(dimension):
    @given(SHARES)
    def check(share):
        assert dimension.low <= dimension.from_unit(share) <= dimension.high

    check()


@pytest.mark.parametrize("dimension", [*REAL, *WHOLE])
def test_a_draw_lies_where_it_was_drawn(dimension):
    @given(SHARES)
    def check(share):
        back = dimension.to_unit(dimension.from_unit(share))

        assert 0.0 <= back <= 1.0
        ends = (dimension.to_unit(dimension.low), 1.0 - dimension.to_unit(dimension.high))
        assert abs(back - share) <= max(0.011, *ends)

    check()


@pytest.mark.parametrize("dimension", WHOLE)
def test_whole_numbers_are_whole(dimension):
    assert all(isinstance(dimension.from_unit(share), int) for share in np.linspace(0, 1, 50))


def test_the_ends_of_a_whole_range_are_drawn_as_often_as_the_rest():
    sides = Dimension(1, 6, Linear(), integer=True)

    drawn = [sides.from_unit(share) for share in (np.arange(600) + 0.5) / 600]

    assert np.bincount(drawn)[1:].tolist() == [100] * 6


def test_whole_numbers_on_a_log_scale_are_drawn_in_proportion_to_one_over_their_value():
    drawn = [Dimension(1, 100, Log(), integer=True).from_unit(s) for s in np.linspace(0, 1, 20_001)]

    ones, tens = drawn.count(1), drawn.count(10)
    assert ones / tens == pytest.approx(10, rel=0.15)


def test_draws_read_like_values_that_a_person_types():
    rate = Dimension(1e-4, 1.0, Log())

    assert all(len(repr(rate.from_unit(s)).replace(".", "").strip("0")) <= 6 for s in np.linspace(0, 1, 99))
    assert rate.from_unit(0.123456) == 0.000312


def test_a_narrow_range_keeps_the_digits_it_needs():
    narrow = Dimension(1000.0, 1000.5, Linear())

    assert len({narrow.from_unit(share) for share in np.linspace(0, 1, 50)}) == 50


def test_a_value_that_is_no_number_has_no_place():
    assert np.isnan(REAL[0].to_unit("sqrt"))
    assert np.isnan(REAL[0].to_unit(None))
    assert np.isnan(Choice(("a", "b")).to_unit("c"))


def test_choices_have_equal_parts():
    three = Choice((1, 2.0, None))

    assert [three.from_unit(share) for share in (0.0, 0.33, 0.34, 0.66, 0.67, 1.0)] == [
        1,
        1,
        2.0,
        2.0,
        None,
        None,
    ]
    assert [three.to_unit(value) for value in (1, 2, None)] == pytest.approx([1 / 6, 1 / 2, 5 / 6])


def test_a_truth_value_is_not_a_number_among_choices():
    assert Choice((1, 2)).to_unit(1) == 0.25
    assert np.isnan(Choice((1, 2)).to_unit(True))


def test_the_document_says_how_a_setting_was_searched():
    record = Dimension(0.9, 0.999, OneMinusLog(), defaulted=True, warning="why").record("momentum")
    choice = Choice(("a", "b")).record("kind")

    assert (record.name, record.scale) == ("momentum", ScaleName.ONE_MINUS_LOG)
    assert (record.low, record.high, record.defaulted, record.warning) == (0.9, 0.999, True, "why")
    assert (choice.scale, choice.choices, choice.low) == (ScaleName.CHOICE, ("a", "b"), None)


@pytest.mark.parametrize(
    ("dimension", "side", "ends"),
    [
        (Dimension(0.01, 1.0, Log()), "high", (0.01, 10.0)),
        (Dimension(0.01, 1.0, Log()), "low", (0.001, 1.0)),
        (Dimension(0.0, 1.0, Linear(), bounds=(0.0, 1.2)), "high", (0.0, 1.2)),
        (Dimension(0.9, 0.99, OneMinusLog()), "high", (0.9, 0.99684)),
        (Dimension(0.5, 0.99, OneMinusLog()), "low", (0.0, 0.99)),
        (Dimension(4, 16, Log(), integer=True), "high", (4, 32)),
    ],
)
def test_a_range_grows_on_its_own_scale_and_within_its_bounds(dimension, side, ends):
    longer = dimension.towards(side, reason="it fell")

    assert (longer.low, longer.high) == pytest.approx(ends, rel=1e-3)
    assert longer.declared == (dimension.low, dimension.high)
    assert longer.grown == "it fell"
    assert (side in longer.walls) == (longer.high == longer.bounds[1])


def test_a_range_that_cannot_grow_stays_what_it_is():
    full = Dimension(0.0, 1.0, Linear(), bounds=(0.0, 1.0))

    assert full.towards("high", reason="it fell") is full
