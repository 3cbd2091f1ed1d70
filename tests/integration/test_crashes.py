"""A crash before and after some commits: ``benchmarks/crashes.py`` takes them all."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow


def test_whichever_commit_it_dies_at_the_end_is_the_same():
    ran = subprocess.run(
        [sys.executable, "-m", "benchmarks.crashes", "--points", "1", "8", "-2"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=580,
        check=False,
    )

    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout)
    assert found["crashes"] == 6
    assert (found["other_findings"], found["not_one_verdict"], found["not_one_event"]) == (0, 0, 0)
