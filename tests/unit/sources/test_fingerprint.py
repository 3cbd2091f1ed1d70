import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from auditor.core.records import TrainerSpec
from auditor.sources.fingerprint import code_version, environment, source_of


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def trainer(estimator: str) -> TrainerSpec:
    return TrainerSpec(kind="sklearn", entry=estimator)


def git(*arguments: str) -> str:
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    return subprocess.run(
        ["git", *identity, *arguments], check=True, capture_output=True, text=True
    ).stdout.strip()


def test_the_environment_is_that_of_this_process():
    found = environment()

    assert found.python == sys.version.split()[0]
    assert found.cores >= 1
    assert found.memory_bytes > 2**28
    assert found.cpu
    assert found.packages["scikit-learn"].count(".") >= 1
    assert (found.gpu is None) == (found.driver is None)


def test_a_gpu_is_told_by_its_driver(here, monkeypatch):
    program = here / "nvidia-smi"
    program.write_text("#!/bin/sh\necho 'NVIDIA H100, 550.54\nNVIDIA H100, 550.54'\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(here), prepend=":")

    found = environment()

    assert (found.gpu, found.driver) == ("NVIDIA H100, NVIDIA H100", "550.54")


def test_a_driver_that_fails_is_no_driver(here, monkeypatch):
    program = here / "nvidia-smi"
    program.write_text("#!/bin/sh\nexit 9\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(here), prepend=":")

    assert environment().gpu is None


def test_the_code_is_fingerprinted_without_being_run(here):
    package = here / "shop"
    package.mkdir()
    (package / "__init__.py").write_text("raise SystemExit('the package was run')")
    (package / "churn.py").write_text("raise SystemExit('the module was run')")

    found = code_version(trainer("shop.churn:build"))

    assert found.digest == hashlib.sha256((package / "churn.py").read_bytes()).hexdigest()
    assert "shop" not in sys.modules


def test_a_change_of_the_code_changes_its_digest(here):
    (here / "churn_model.py").write_text("depth = 1")
    before = code_version(trainer("churn_model:build"))
    (here / "churn_model.py").write_text("depth = 2")

    assert code_version(trainer("churn_model:build")).digest != before.digest


@pytest.mark.parametrize("module", ["sys", "no_such_module", "auditor.no_such_part", "json.decoder.deeper"])
def test_a_module_without_source_has_no_digest(here, module):
    assert source_of(module) is None


def test_a_package_stands_for_its_init_file():
    source = source_of("sklearn.ensemble")

    assert source is not None
    assert source.parts[-3:] == ("sklearn", "ensemble", "__init__.py")


def test_outside_git_there_is_no_commit(here, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(here.parent))

    assert code_version(trainer("json:loads")).commit is None


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_a_commit_is_marked_when_the_folder_has_changes(here):
    git("init", "--quiet")
    (here / "model.py").write_text("depth = 1")
    git("add", "model.py")
    git("commit", "--quiet", "-m", "Add the model")
    commit = git("rev-parse", "HEAD")
    (here / "auditor.db").write_text("our own file")

    assert code_version(trainer("model:build")).commit == commit

    (here / "model.py").write_text("depth = 2")

    assert code_version(trainer("model:build")).commit == f"{commit}+"
