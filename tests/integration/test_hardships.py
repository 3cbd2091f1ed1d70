"""``benchmarks/hardships.py`` takes ten minutes, root and libfaketime; here, that it is whole and was run."""

import json

from benchmarks.hardships import RESULT, SCENARIOS


def test_what_was_seen_of_every_hardship_is_written_down():
    seen = json.loads(RESULT.read_text())

    assert seen.keys() == SCENARIOS.keys()
    assert seen["clock_jumps"]["slots_doubled"] == 0
    assert seen["two_daemons"]["gone_on_with_after_seconds"] < 75.0
    assert seen["database_full"]["verdicts"] == seen["reports_read_only"]["verdicts"] == 1
