"""Pull the plug at any moment: nothing decided is lost, and the end is the same."""

import os
import signal
import subprocess
import time
from pathlib import Path

import psutil
import pytest

from tests.acceptance.conftest import NEIGHBOURS, Project

pytestmark = pytest.mark.slow

RUN = ("run", "waves", "--seed", "11", "--json")


def prepared(folder: Path, waves) -> Project:
    project = Project(folder)
    project.rows(waves(1500, noise=1.0, seed=1))
    project.write("schedules/waves.toml", NEIGHBOURS.format(neighbours=3, margin="2%"))
    return project


def findings(facts):
    """What an audit found: everything but when, how long, and under which number."""
    trials = [{**trial, "seconds": 0} for trial in facts["search"]["trials"]]
    kept = ("call", "headline", "gain", "settings", "confirmation", "attribution", "groups")
    return {**{key: facts[key] for key in kept}, "trials": trials}


def stop_after(process: subprocess.Popen, lines: int, *, by: int) -> None:
    """Wait for so many lines of progress, then send a signal to the command alone."""
    seen = 0
    while process.poll() is None and seen < lines:
        seen += bool(process.stderr.readline())
    os.kill(process.pid, by)


def gone(pids, within=10.0):
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if not any(psutil.pid_exists(pid) for pid in pids):
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("lines", [1, 3, 6])
def test_an_audit_killed_at_any_moment_resumes_and_ends_with_the_same_findings(
    tmp_path, waves, undisturbed, lines
):
    project = prepared(tmp_path, waves)
    process = project.start("run", "waves", "--seed", "11")
    stop_after(process, lines, by=signal.SIGKILL)
    process.communicate(timeout=30)
    assert process.returncode == -signal.SIGKILL

    ran = project.run(*RUN)

    assert ran.code == 1, ran.err
    assert ran.facts["id"] == 1, "it went on with the audit that was interrupted"
    assert findings(ran.facts) == undisturbed


def test_ctrl_c_says_how_to_go_on_and_leaves_no_process_behind(tmp_path, waves, undisturbed):
    project = prepared(tmp_path, waves)
    process = project.start("run", "waves", "--seed", "11")
    for _ in range(2):
        process.stderr.readline()
    children = [child.pid for child in psutil.Process(process.pid).children(recursive=True)]
    os.kill(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=30)

    assert process.returncode == 130
    assert said.strip().splitlines()[-1].startswith("auditor: interrupted")
    assert "Traceback" not in said
    assert children
    assert gone(children)
    assert findings(project.run(*RUN).facts) == undisturbed


def test_workers_do_not_outlive_a_killed_command(tmp_path, waves):
    project = prepared(tmp_path, waves)
    process = project.start("run", "waves")
    for _ in range(2):
        process.stderr.readline()
    children = [child.pid for child in psutil.Process(process.pid).children(recursive=True)]
    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=30)

    assert children
    assert gone(children)


def test_two_audits_of_one_model_do_not_run_at_once(tmp_path, waves, undisturbed):
    project = prepared(tmp_path, waves)
    first = project.start("run", "waves", "--seed", "11")
    first.stderr.readline()
    project.halt(first.pid)

    second = project.run("run", "waves")
    os.kill(first.pid, signal.SIGCONT)
    out, _ = first.communicate(timeout=120)

    assert second.code == 2
    assert "another process" in second.err
    assert first.returncode == 1
    assert "STALE" in out


def test_the_number_of_workers_changes_no_finding(tmp_path, waves, undisturbed):
    project = prepared(tmp_path, waves)

    inline = project.run(*RUN, AUDITOR_EXECUTOR="inline")

    assert findings(inline.facts) == undisturbed


def test_a_cluster_changes_no_finding(tmp_path, waves, undisturbed, cluster):
    project = prepared(tmp_path, waves)

    spread = project.run(*RUN, AUDITOR_EXECUTOR=f"dask://127.0.0.1:{cluster.port}")

    assert findings(spread.facts) == undisturbed, spread.err
