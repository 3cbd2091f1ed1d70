"""Trials on a cluster that loses what it is made of."""

import importlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import cast

import psutil
import pytest

from auditor.core.records import FailureKind, Job, Result
from auditor.errors import ClusterError
from auditor.executors import slot as slots
from auditor.executors.dask import DaskExecutor
from tests import workloads
from tests.clusters import Cluster
from tests.integration.test_pool import gone, wait_for
from tests.workloads import job

pytestmark = pytest.mark.slow


@pytest.fixture
def doomed() -> Iterator[Cluster]:
    cluster = Cluster()
    cluster.start_scheduler()
    cluster.start_worker()
    cluster.start_worker()
    cluster.wait_for_workers()
    yield cluster
    cluster.stop()


def everything(results: Iterator[Result], jobs: int) -> None:
    found = list(results)
    assert sorted(result.trial.id for result in found) == list(range(jobs))
    assert [result.failure for result in found if result.failure is not None] == []


def test_deadlines_memory_limits_and_crashes_cost_one_trial_each(cluster: Cluster) -> None:
    jobs = [
        job(0),
        job(1, segfault=1),
        job(2, hang=30, timeout_seconds=0.5),
        job(3, eat=2000),
        job(4, exit=0),
        job(5),
    ]

    with closing(DaskExecutor(cluster.address, workloads.obey)) as executor:
        results = sorted(executor.run(jobs), key=lambda result: result.trial.id)

    kinds = [result.failure and result.failure.kind for result in results]
    crash, timeout, memory = FailureKind.CRASH, FailureKind.TIMEOUT, FailureKind.MEMORY
    assert kinds == [None, crash, timeout, memory, crash, None]


def test_a_worker_that_dies_loses_no_trial(doomed: Cluster) -> None:
    with closing(DaskExecutor(doomed.address, workloads.obey)) as executor:
        results = executor.run([job(number, sleep=0.1) for number in range(30)])
        first = next(results)

        doomed.kill_worker()

        everything(iter([first, *results]), 30)


def test_a_scheduler_that_dies_loses_no_trial_when_another_takes_its_place(doomed: Cluster) -> None:
    with closing(DaskExecutor(doomed.address, workloads.obey)) as executor:
        results = executor.run([job(number, sleep=0.1) for number in range(30)])
        first = next(results)

        doomed.kill_scheduler()
        doomed.start_scheduler()
        doomed.start_worker()

        everything(iter([first, *results]), 30)


def test_a_scheduler_that_stays_away_is_an_error_that_leaves_the_audit_open(doomed: Cluster) -> None:
    with closing(DaskExecutor(doomed.address, workloads.obey, patience_seconds=1.0)) as executor:
        results = executor.run([job(number, sleep=0.1) for number in range(30)])
        next(results)

        doomed.kill_scheduler()

        with pytest.raises(ClusterError, match=r"^no Dask scheduler answers at tcp://127.0.0.1:\d+"):
            list(results)


def test_a_cluster_without_workers_is_an_error_that_says_how_to_start_one(
    doomed: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("auditor.executors.dask.ARRIVAL_SECONDS", 5.0)
    doomed.kill_worker()
    doomed.kill_worker()

    with pytest.raises(ClusterError, match=r"has no worker; start one: `dask worker tcp://"):
        DaskExecutor(doomed.address, workloads.obey)


def test_a_slot_ends_with_the_worker_that_it_stands_beside(doomed: Cluster, tmp_path: Path) -> None:
    with closing(DaskExecutor(doomed.address, workloads.obey)) as executor:
        told = tmp_path / "pid"
        endless = job(1, announce=str(told), sleep=600, timeout_seconds=600.0)
        results = executor.run([job(0), endless, job(2)])
        next(results)
        trial = wait_for(told)
        assert psutil.pid_exists(trial)

        doomed.kill_worker()
        doomed.kill_worker()

        assert gone(trial)


def in_a_slot(*lot: Job) -> list[Result]:
    return slots.unpack(lot, slots.run_lot(workloads.obey, slots.pack(lot)))


def test_what_came_of_a_lot_is_told_in_its_order() -> None:
    lot = [job(number) for number in (7, 3, 5)]
    try:
        results = in_a_slot(*lot)
    finally:
        slots.leave()

    assert [(result.trial, result.loss) for result in results] == [(one.trial, one.trial.id) for one in lot]


class Unknown:
    """A class that whoever opens a message does not have."""

    def __reduce__(self) -> tuple[object, ...]:
        return importlib.import_module, ("nowhere_to_be_found",)


def test_a_lot_that_a_slot_cannot_open_is_said_at_once_and_the_slot_goes_on() -> None:
    try:
        with pytest.raises(ImportError, match="nowhere_to_be_found"):
            in_a_slot(cast("Job", Unknown()))
        (result,) = in_a_slot(job(4))
    finally:
        slots.leave()

    assert result.loss == 4


def test_a_slot_that_is_killed_is_started_again_by_the_next_lot() -> None:
    try:
        (first,) = in_a_slot(job(1))
        with pytest.raises((EOFError, OSError)):
            in_a_slot(job(2, sleep=0.01), job(3, signal_slot=1))

        (again,) = in_a_slot(job(4))
    finally:
        slots.leave()

    assert (first.loss, again.loss) == (1.0, 4.0)


def test_no_secret_of_ours_reaches_the_processes_of_a_slot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDITOR_TOKEN", "s3cret")
    monkeypatch.setenv("SHOP_PASSWORD", "mine")
    try:
        slots.leave()
        in_a_slot(job(1, spy=str(tmp_path / "seen")))
    finally:
        slots.leave()

    seen = (tmp_path / "seen").read_text()
    assert "SHOP_PASSWORD" in seen
    assert "AUDITOR_" not in seen
