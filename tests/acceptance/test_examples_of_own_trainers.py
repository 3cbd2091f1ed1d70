"""The examples of trainers of one's own, audited through the command line as a user would."""

import json
import math
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.acceptance.conftest import Project

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


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("Rscript") is None, reason="needs R, as of Debian's r-base-core")
def test_a_training_in_r_is_ready_to_be_audited(project: Project) -> None:
    example = replace(project, folder=project.folder / "command")
    shutil.copytree(EXAMPLES / "command", example.folder)

    ready = example.run("check", "late_in_r", "--json")
    refused = example.folder / "schedules" / "late_in_r.toml"
    refused.write_text(refused.read_text().replace("penalty = 3e4", "penalty = -1.0").replace("1e-2", "-2"))
    refused.write_text(refused.read_text().replace('"log"', '"linear"'))

    assert ready.code == 0, ready.err
    assert 0.65 < ready.facts[0]["loss"] < math.log(2)  # a penalty so strong leaves little but the base rate
    assert "penalty must not be below 0, got -1" in example.run("check", "late_in_r").err
