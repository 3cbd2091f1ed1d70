"""Days on which clocks change, against an oracle: ``benchmarks/slots.py`` takes every zone."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from benchmarks import slots

ZONES = ["America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "America/Havana", "Europe/Dublin"]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("half_hour", [(0, 0), (0, 30), (1, 30), (2, 0), (2, 30)])
def test_nothing_is_lost_or_doubled_where_clocks_change(zone, half_hour):
    hour, minute = half_hour
    wanted = list(slots.oracle(ZoneInfo(zone), hour, minute))
    ends = wanted[0] - timedelta(minutes=1), wanted[-1] + timedelta(minutes=1)

    kept = Counter(slots.walk(zone, f"{minute} {hour} * * *", *ends, seed=hour))

    assert kept == Counter(wanted)


def test_the_oracle_knows_the_two_odd_days():
    new_york = list(slots.oracle(ZoneInfo("America/New_York"), 2, 30))
    twice = list(slots.oracle(ZoneInfo("America/New_York"), 1, 30))

    assert datetime(2026, 3, 8, 7, 0, tzinfo=UTC) in new_york, "02:30 is jumped over: kept at 03:00 EDT"
    assert datetime(2026, 11, 1, 5, 30, tzinfo=UTC) in twice, "01:30 EDT"
    assert datetime(2026, 11, 1, 6, 30, tzinfo=UTC) not in twice, "not 01:30 EST"
