"""The command line as a process, where its output has somewhere else to go."""

import os
import subprocess
import sys
from contextlib import closing
from dataclasses import replace

import pytest

from auditor.storage.ledger import SqlLedger
from tests.examples import NOON, a_capture, a_snapshot, an_audit

AUDITOR = [sys.executable, "-m", "auditor"]


@pytest.fixture
def project(tmp_path):
    """A folder with a ledger of one stale audit."""
    with closing(SqlLedger(f"sqlite:///{tmp_path}/auditor.db")) as ledger:
        opened = ledger.begin(
            model="churn",
            plan_digest="p",
            capture=ledger.add_capture(a_capture()),
            snapshot=a_snapshot(),
            seed=1,
            now=NOON,
        )
        ledger.finish(replace(an_audit(opened.id), sentence="stale. " * 100_000))
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("command", [("show", "1"), ("show", "1", "--json")], ids=["table", "json"])
def test_a_reader_that_leaves_early_is_no_error(project, command):
    with subprocess.Popen(
        [*AUDITOR, *command], cwd=project, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        process.stdout.read(10)
        process.stdout.close()
        said = process.stderr.read()

    assert (said, process.returncode) == (b"", 0)


@pytest.mark.slow
@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")  # noqa: PTH110
def test_output_that_finds_no_space_is_one_line_and_never_a_verdict(project):
    with open("/dev/full", "w") as full:  # noqa: PTH123
        ran = subprocess.run(
            [*AUDITOR, "show", "1"], cwd=project, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )

    assert ran.returncode == 2
    assert ran.stderr.startswith("auditor: no space left on device; ")
    assert ran.stderr.count("\n") == 1


@pytest.mark.slow
def test_the_exit_code_reaches_the_shell(project):
    ran = subprocess.run([*AUDITOR, "status"], cwd=project, capture_output=True, text=True, check=False)

    assert (ran.returncode, ran.stderr) == (1, "")
    assert "▲ stale" in ran.stdout
