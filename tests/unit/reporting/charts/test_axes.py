import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from auditor.reporting.charts.axes import Axis, category_axis, linear_axis, log_axis, one_minus_log_axis


def labels(axis: Axis) -> list[str]:
    return [tick.label for tick in axis.ticks]


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (1e-5, 1e-1, ["1e-5", "0.0001", "0.001", "0.01", "0.1"]),
        (8, 512, ["10", "30", "100", "300"]),
        (4, 40, ["5", "10", "20"]),
        (1e-12, 1.0, ["1e-12", "1e-9", "1e-6", "0.001", "1"]),
    ],
)
def test_log_ticks_are_decades_or_a_finer_set_where_decades_are_too_few(
    low: float, high: float, expected: list[str]
) -> None:
    assert labels(log_axis(low, high)) == expected


def test_one_minus_log_ticks_are_nines() -> None:
    assert labels(one_minus_log_axis(0.5, 0.9999)) == ["0.9", "0.99", "0.999", "0.9999"]


def test_one_minus_log_ticks_are_finer_on_a_short_axis() -> None:
    assert labels(one_minus_log_axis(0.8, 0.95)) == ["0.8", "0.9", "0.95"]


def test_linear_ticks_are_round_and_alike() -> None:
    assert labels(linear_axis(-0.7, 1.3)) == ["\N{MINUS SIGN}0.5", "0.0", "0.5", "1.0"]


def test_whole_numbers_get_no_ticks_between_them() -> None:
    assert labels(linear_axis(1, 4, integer=True)) == ["1", "2", "3", "4"]


def test_equal_ratios_are_equal_steps_on_a_log_axis() -> None:
    axis = log_axis(0.01, 100)

    assert axis.share(0.1) == pytest.approx(0.25)
    assert axis.share(1) == pytest.approx(0.5)


def test_doubling_the_window_is_the_same_step_everywhere_on_a_one_minus_log_axis() -> None:
    axis = one_minus_log_axis(0.5, 0.9999)

    assert axis.share(0.95) - axis.share(0.9) == pytest.approx(axis.share(0.9995) - axis.share(0.999))


def test_categories_stand_in_the_middle_of_equal_places() -> None:
    axis = category_axis(["a", "b", "c", "d"])

    assert [axis.share(place) for place in range(4)] == [0.125, 0.375, 0.625, 0.875]


@given(st.floats(-1e12, 1e12), st.floats(-1e12, 1e12))
@example(0.0, 5e-324)
@example(1e-301, 1e-301)
@example(-1e-295, 1e-300)
def test_any_linear_axis_has_a_length_and_few_ticks_within_it(one: float, other: float) -> None:
    axis = linear_axis(min(one, other), max(one, other))

    assert axis.low < axis.high
    assert 1 <= len(axis.ticks) <= 8
    assert all(-1e-6 <= axis.share(tick.value) <= 1 + 1e-6 for tick in axis.ticks)


@given(st.floats(1e-12, 1e12), st.floats(1e-12, 1e12))
def test_any_log_axis_has_ticks_within_it_in_order(one: float, other: float) -> None:
    axis = log_axis(min(one, other), max(one, other))
    shares = [axis.share(tick.value) for tick in axis.ticks]

    assert shares == sorted(shares)
    assert all(-1e-6 <= share <= 1 + 1e-6 for share in shares)


@given(st.floats(0, 0.999999), st.floats(0, 0.999999))
def test_any_one_minus_log_axis_has_ticks_within_it_in_order(one: float, other: float) -> None:
    axis = one_minus_log_axis(min(one, other), max(one, other))
    shares = [axis.share(tick.value) for tick in axis.ticks]

    assert shares == sorted(shares)
    assert all(-1e-6 <= share <= 1 + 1e-6 for share in shares)
