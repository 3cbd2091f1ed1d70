"""Captures killed while they file a snapshot in chunks: the vault is whole, and the next one is as if not."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow


def test_whenever_a_capture_is_killed_the_vault_is_whole_and_the_next_one_is_what_it_would_have_been(
    tmp_path: Path,
) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "tests.filing", str(tmp_path)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert ran.returncode == 0, ran.stderr
    whole, *kills = map(json.loads, ran.stdout.splitlines())
    first, second = whole["told"]

    assert first != second
    assert len(kills) == 5
    assert len({len(killed["left"]["files"]) for killed in kills}) > 2, "at moments that differ"
    assert any(killed["left"]["files"] != killed["then"]["files"] for killed in kills)
    for killed in kills:
        assert killed["code"] == -signal.SIGKILL, killed["at"]
        assert killed["left"]["told"] == [first], "what was not filed is not told of"
        assert set(killed["left"]["whole"]) <= {first, second}
        assert killed["then"]["told"] == [first, second], killed["at"]
        assert killed["left"]["damaged"] == killed["then"]["damaged"] == []
        assert set(whole["files"]) <= set(killed["then"]["files"])
        assert killed["tidied"] == [], "nothing is left behind for good"
