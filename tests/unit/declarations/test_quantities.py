from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.declarations.quantities import parse_bytes, parse_margin, parse_span


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("90 days", timedelta(days=90)),
        ("1 day", timedelta(days=1)),
        ("12 h", timedelta(hours=12)),
        ("30 min", timedelta(minutes=30)),
        ("2 weeks", timedelta(weeks=2)),
        ("1.5 hours", timedelta(minutes=90)),
        ("45s", timedelta(seconds=45)),
        (" 10 Minutes ", timedelta(minutes=10)),
    ],
)
def test_a_span_is_read_as_people_write_it(text, span):
    assert parse_span(text) == span


@pytest.mark.parametrize("text", ["", "90", "days", "-1 day", "0 h", "5 m", "1 year", "1 h 30 min", 90, None])
def test_what_is_no_span_is_refused(text):
    with pytest.raises(ValueError, match="must be"):
        parse_span(text)


@given(st.integers(1, 36_525))
def test_days_are_days(days):
    assert parse_span(f"{days} days") == timedelta(days=days)


@given(st.integers(1, 4096), st.sampled_from(["B", "KB", "MB", "GB", "TB"]))
def test_a_binary_prefix_says_the_same_as_a_plain_one(size, unit):
    assert parse_bytes(f"{size} {unit}") == parse_bytes(
        f"{size}{unit.replace('B', 'iB') if len(unit) > 1 else unit}"
    )


@given(st.floats(0.01, 99.99))
def test_a_share_is_a_hundredth_of_its_per_cent(share):
    margin = parse_margin(f"{share:.6f}%")

    assert margin.relative
    assert margin.value == pytest.approx(share / 100, abs=1e-8)
