"""The examples, run as their READMEs say."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
FOLDERS = sorted(path.name for path in EXAMPLES.iterdir() if path.is_dir())
STALE = {
    "sklearn_pipeline": ("biopsies", "model__C"),
    "lightgbm_boosting": ("friedman", "learning_rate"),
    "own_loop": ("diabetes", "rate"),
}
"""By folder: the schedule, and the setting that was planted in it to be stale."""


def laid_out(project, name):
    """Copy an example to where it can be run without leaving anything behind."""
    folder = project.folder / name
    shutil.copytree(EXAMPLES / name, folder, ignore=shutil.ignore_patterns("__pycache__", "vault", "reports"))
    return replace(project, folder=folder)


@pytest.mark.slow
@pytest.mark.parametrize("name", STALE)
def test_an_example_finds_what_was_planted(project, name):
    if name == "lightgbm_boosting" and os.environ.get("CI") != "true":
        pytest.importorskip("lightgbm")
    schedule, planted = STALE[name]
    example = laid_out(project, name)

    ran = example.run("run", schedule, "--trials", "8", "--seed", "1", "--json")

    assert ran.code == 1, ran.err
    stale = [one for one in ran.facts["settings"] if one["call"] == "stale"]
    # Others may be stale as well: only the planted one was made so, but none was tuned.
    assert max(stale, key=lambda one: one["effect"]["estimate"])["name"] == planted


@pytest.mark.slow
def test_a_network_of_the_torch_example_trains(project):
    ran = laid_out(project, "torch_module").run("check", "digits")

    assert ran.code == 0, ran.err
    assert "digits: ready" in ran.out


@pytest.mark.slow
def test_the_life_of_a_registered_model_from_a_stale_setting_to_the_next_champion(project):
    if os.environ.get("CI") != "true":
        pytest.importorskip("mlflow")
    example = laid_out(project, "mlflow_registry")
    where = {
        "MLFLOW_TRACKING_URI": f"sqlite:///{example.folder}/mlflow.db",
        "MLFLOW_DISABLE_TELEMETRY": "true",
    }

    def train():
        command = [sys.executable, "train.py"]
        done = subprocess.run(
            command, cwd=example.folder, env=example.environment(**where), capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert train() == "version 1: {'n_neighbors': 150, 'weights': 'uniform'}\n"
    ran = example.run("run", "digits", "--trials", "6", "--seed", "1", "--json", **where)
    assert ran.code == 1, ran.err
    advised = {one["name"]: one["recommended"] for one in ran.facts["settings"]}
    assert advised["n_neighbors"] < 150
    assert example.run("apply", "1", "--yes", **where).code == 0

    assert train() == f"version 2: {advised}\n"


@pytest.mark.parametrize("name", FOLDERS)
def test_every_example_says_how_it_is_run(name):
    said = (EXAMPLES / name / "README.md").read_text()
    schedules = {path.stem for path in (EXAMPLES / name / "schedules").glob("*.toml")}

    assert f"cd examples/{name}" in said
    assert set(re.findall(r"^auditor run ([\w-]+)", said, re.MULTILINE)) == schedules
