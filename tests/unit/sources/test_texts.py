import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.errors import CaptureError
from auditor.sources.texts import read_value, setting


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e-4", 1e-4),
        ("0.1", 0.1),
        (".5", 0.5),
        ("1.", 1.0),
        ("-3", -3),
        (" 31 ", 31),
        ("true", True),
        ("False", False),
        ("None", None),
        ("null", None),
        ("none", "none"),
        ("adam", "adam"),
        ("0x10", "0x10"),
        ("1_000", "1_000"),
        ("007", "007"),
        ("1e", "1e"),
        ("", ""),
    ],
)
def test_a_text_is_read_as_what_it_says(text, value):
    read = read_value(text)

    assert read == value
    assert type(read) is type(value)


@given(st.integers() | st.floats(allow_nan=False))
def test_a_number_survives_being_written_down(number):
    read = read_value(repr(number))

    assert read == number
    assert type(read) is type(number)


@pytest.mark.parametrize("given", [math.nan, math.inf, "nan", "-Infinity", "inf"])
def test_a_number_that_is_not_finite_is_refused(given):
    with pytest.raises(CaptureError, match="env:MODEL_: setting 'lr' must be a finite number"):
        setting("lr", given, origin="env:MODEL_")


def test_the_raw_text_is_kept_beside_the_value():
    captured = setting("lr", "1e-4", origin="env:MODEL_")

    assert (captured.raw, captured.value, captured.origin) == ("1e-4", 1e-4, "env:MODEL_")


def test_a_text_that_is_known_to_be_one_stays_one():
    assert setting("kernel", "1", origin="schedule", as_text=True).value == "1"
