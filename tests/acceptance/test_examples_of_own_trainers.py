"""The examples of trainers of one's own, audited through the command line as a user would."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.mark.slow
def test_a_training_in_shell_and_awk_is_audited(tmp_path: Path) -> None:
    folder = tmp_path / "command"
    shutil.copytree(EXAMPLES / "command", folder)
    command = [sys.executable, "-m", "auditor", "run", "late", "--trials", "8", "--seed", "1", "--json"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AUDITOR_")}

    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300)

    assert done.returncode == 1, done.stderr
    audit = json.loads(done.stdout)
    calls = {setting["name"]: setting["call"] for setting in audit["settings"]}
    assert calls["learning_rate"] == "stale"
