"""Workers killed and stopped at random, on both databases: the short form of ``benchmarks/chaos.py``."""

import pytest

from benchmarks.chaos import storm

pytestmark = pytest.mark.slow

ORDERS = 10


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_no_audit_is_lost_and_none_doubled_under_kill_9_and_sigstop(kind, tmp_path, request):
    url = f"sqlite:///{tmp_path}/a.db"
    if kind == "postgres":
        url = request.getfixturevalue("postgres_url")

    came = storm(url, orders=ORDERS, workers=2, lease=1.5, calm_seconds=1.0, seed=7)

    assert came.kills + came.stops > 0
    every = ORDERS + came.more_by_hand
    assert (came.done, came.verdicts, came.doubled_verdicts) == (every, every, 0)
    assert came.lost_trials == 0
    assert came.notices == ORDERS
