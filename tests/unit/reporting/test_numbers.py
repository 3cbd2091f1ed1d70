import math
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.core.records import Estimate, Margin
from auditor.reporting.numbers import (
    GAP,
    bytes_text,
    digits_for,
    duration_text,
    fixed,
    literal,
    loss_text,
    margin_text,
    moment_text,
    plain,
    setting_text,
    yardstick,
)

FLOATS = st.floats(allow_nan=False, allow_infinity=False)


def test_a_gain_is_a_share_of_production_s_loss_with_the_digits_its_interval_supports() -> None:
    yard = yardstick(0.3412, "log-loss")

    assert yard.full(Estimate(0.0099, 0.0052, 0.0146)) == f"2.9{GAP}% (1.5 to 4.3{GAP}%)"


@pytest.mark.parametrize("loss", [None, 0.0, -1.2, math.nan, math.inf])
def test_without_a_sensible_base_a_gain_is_in_units_of_loss(loss: float | None) -> None:
    assert yardstick(loss, "1 - AUC") == plain("1 - AUC")


def test_a_wide_interval_takes_digits_away() -> None:
    yard = plain("squared error")

    assert yard.number(Estimate(12.3456, 12.3, 12.4)) == "12.346"
    assert yard.number(Estimate(12.3456, -50.0, 80.0)) == "12"


def test_an_unbounded_interval_is_said_to_be_one() -> None:
    assert plain("loss").ends(Estimate(0.1, -math.inf, math.inf)) == "unbounded to unbounded"


@given(FLOATS, st.integers(0, 8))
def test_no_number_is_a_negative_zero(value: float, digits: int) -> None:
    text = fixed(value, digits)

    assert text.strip("\N{MINUS SIGN}0.") or not text.startswith("\N{MINUS SIGN}")


@given(FLOATS)
def test_digits_stay_within_bounds_whatever_the_width(width: float) -> None:
    assert 0 <= digits_for(width) <= 8


@given(FLOATS)
def test_a_literal_float_reads_back_as_itself(value: float) -> None:
    assert float(literal(value)) == value


def test_literals_are_what_a_schedule_holds() -> None:
    assert [literal(value) for value in (True, 'a "b"', 31, 1e-5)] == ["true", '"a \\"b\\""', "31", "1e-5"]


def test_a_setting_that_is_no_number_or_no_finite_one_is_still_text() -> None:
    assert [setting_text(value) for value in (math.inf, math.nan, None, False, "x")] == [
        "inf",
        "nan",
        "none",
        "false",
        "x",
    ]


def test_a_lost_trial_has_no_loss() -> None:
    assert loss_text(None) == loss_text(math.nan) == "\N{EN DASH}"


def test_moments_are_shown_in_utc_with_their_zone() -> None:
    paris = timezone(timedelta(hours=1))

    assert moment_text(datetime(2026, 11, 22, 0, 30, tzinfo=paris)) == "2026-11-21 23:30 UTC"
    assert moment_text(datetime(2026, 11, 22, 6, 0, tzinfo=UTC)) == "2026-11-22 06:00 UTC"


def test_margins_are_shown_as_declared() -> None:
    assert margin_text(Margin(0.01, True), "log-loss") == f"1{GAP}%"
    assert margin_text(Margin(0.004, False), "1 - AUC") == "0.004 1 - AUC"


@pytest.mark.parametrize(("size", "text"), [(212, "212 B"), (48_000, "48 kB"), (5_200_000_000, "5.2 GB")])
def test_sizes_have_two_digits(size: int, text: str) -> None:
    assert bytes_text(size).replace(GAP, " ") == text


@given(st.floats(0, 1e8))
def test_every_duration_has_a_unit(seconds: float) -> None:
    assert duration_text(seconds)[-1] in "snhd"
