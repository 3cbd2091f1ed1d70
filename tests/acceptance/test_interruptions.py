"""Pull the plug at any moment: nothing decided is lost, and the end is the same."""

import os
import signal
import subprocess
from pathlib import Path

import psutil
import pytest

from tests.acceptance.conftest import HELD, NEIGHBOURS, PATIENCE, Project, wait_until

pytestmark = pytest.mark.slow

RUN = ("run", "waves", "--seed", "11", "--json")


def prepared(folder: Path, waves) -> Project:
    project = Project(folder)
    project.rows(waves(1500, noise=1.0, seed=1))
    project.write("held.py", HELD)
    schedule = NEIGHBOURS.format(neighbours=3, margin="2%")
    schedule = schedule.replace("sklearn.neighbors:KNeighborsRegressor", "held:Held")
    project.write("schedules/waves.toml", schedule)
    return project


def findings(facts):
    """What an audit found: everything but when, how long, and under which number."""
    trials = [{**trial, "seconds": 0} for trial in facts["search"]["trials"]]
    kept = ("call", "headline", "gain", "settings", "confirmation", "attribution", "groups")
    return {**{key: facts[key] for key in kept}, "trials": trials}


def underway(project: Project, *arguments: str, trainings: int = 30) -> subprocess.Popen[str]:
    """Start an audit, and return once it waits in the middle: after so many trainings."""
    project.hold(trainings)
    process = project.start("run", "waves", *arguments)
    wait_until(lambda: project.waits or process.poll() is not None)
    assert process.poll() is None, process.communicate()[1]
    return process


def started_by(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """Return what a process has started: its workers at least."""
    started = psutil.Process(process.pid).children(recursive=True)
    assert started
    return started


def gone(processes: list[psutil.Process]) -> bool:
    """Wait until processes have ended, and return True; one that nobody has buried yet has ended."""

    def ended(one: psutil.Process) -> bool:
        try:
            return one.status() == psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return True

    wait_until(lambda: all(ended(one) for one in processes))
    return True


@pytest.mark.parametrize("trainings", [1, 30, 80])  # as the search begins, in its middle, near the end
def test_an_audit_killed_at_any_moment_resumes_and_ends_with_the_same_findings(
    tmp_path, waves, undisturbed, trainings
):
    project = prepared(tmp_path, waves)
    process = underway(project, "--seed", "11", trainings=trainings)
    process.kill()
    process.communicate(timeout=PATIENCE)
    project.let_go()

    ran = project.run(*RUN)

    assert ran.code == 1, ran.err
    assert ran.facts["id"] == 1, "it went on with the audit that was interrupted"
    assert findings(ran.facts) == undisturbed


def test_ctrl_c_says_how_to_go_on_and_leaves_no_process_behind(tmp_path, waves, undisturbed):
    project = prepared(tmp_path, waves)
    process = underway(project, "--seed", "11")
    children = started_by(process)
    os.kill(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=PATIENCE)

    assert process.returncode == 130
    assert said.strip().splitlines()[-1].startswith("auditor: interrupted")
    assert "Traceback" not in said
    assert gone(children)
    project.let_go()
    assert findings(project.run(*RUN).facts) == undisturbed


def test_workers_do_not_outlive_a_killed_command(tmp_path, waves):
    process = underway(prepared(tmp_path, waves))
    children = started_by(process)
    process.kill()
    process.communicate(timeout=PATIENCE)

    assert gone(children)


def test_two_audits_of_one_model_do_not_run_at_once(tmp_path, waves, undisturbed):
    project = prepared(tmp_path, waves)
    first = underway(project, "--seed", "11", trainings=1)

    second = project.run("run", "waves")
    project.let_go()
    out, _ = first.communicate(timeout=PATIENCE)

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
    # The workers of a cluster have no project folder to import from.
    project.write("schedules/waves.toml", NEIGHBOURS.format(neighbours=3, margin="2%"))

    spread = project.run(*RUN, AUDITOR_EXECUTOR=f"dask://127.0.0.1:{cluster.port}")

    assert findings(spread.facts) == undisturbed, spread.err
