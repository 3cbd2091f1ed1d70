"""Jobs that are done in one pass: whatever goes wrong there, each is then tried by itself."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from auditor.core.records import FailureKind, Job, Result
from auditor.executors.dask import DaskExecutor
from auditor.executors.inline import InlineExecutor
from auditor.executors.pool import PoolExecutor
from auditor.ports import Executor
from tests import workloads
from tests.workloads import job, lot


@pytest.fixture(
    scope="module",
    params=["inline", "pool of 1", "pool of 2", pytest.param("cluster", marks=pytest.mark.slow)],
)
def executor(request: pytest.FixtureRequest) -> Iterator[Executor]:
    if request.param == "inline":
        yield InlineExecutor(workloads.obey, together=workloads.obey_together)
        return
    if request.param == "cluster":
        address = request.getfixturevalue("cluster").address
        with closing(DaskExecutor(address, workloads.obey, together=workloads.obey_together)) as found:
            yield found
        return
    pool = PoolExecutor(
        workloads.obey, int(request.param[-1]), together=workloads.obey_together, libraries=["numpy"]
    )
    with closing(pool):
        yield pool


@pytest.fixture(scope="module")
def pool() -> Iterator[PoolExecutor]:
    with closing(
        PoolExecutor(workloads.obey, 2, together=workloads.obey_together, libraries=["numpy"])
    ) as pool:
        yield pool


def run(executor: Executor, jobs: list[Job]) -> list[Result]:
    found = sorted(executor.run(jobs), key=lambda result: result.trial.id)
    assert [result.trial.id for result in found] == list(range(len(jobs)))
    return found


def as_one(result: Result) -> bool:
    return result.iterations == 100


def test_jobs_of_a_lot_are_done_in_one_pass_and_the_others_by_themselves(executor: Executor) -> None:
    found = run(executor, [*lot({}, {"apart": 1}, {}, {}, {}), job(5), job(6)])

    assert [as_one(result) for result in found] == [True, False, True, True, True, False, False]
    assert [result.loss for result in found if not as_one(result)] == [1.0, 5.0, 6.0]


def test_a_job_by_itself_is_no_lot(executor: Executor) -> None:
    assert not as_one(run(executor, lot({}))[0])


def test_what_a_pass_raises_is_put_down_to_nobody(executor: Executor) -> None:
    found = run(executor, lot({}, {"as_one": "raise"}, {}))

    assert all(result.failure is None and not as_one(result) for result in found)


def test_a_job_that_fails_by_itself_fails_alone(executor: Executor) -> None:
    found = run(executor, lot({}, {"apart": 1, "raises": "no"}, {}))

    assert [result.failure is None for result in found] == [True, False, True]


def test_a_pass_that_ends_its_worker_is_done_again_job_by_job(pool: PoolExecutor) -> None:
    found = run(pool, [*lot({}, {"as_one": "die"}, {}), job(3), job(4)])

    assert all(result.failure is None and not as_one(result) for result in found)


def test_a_pass_that_hangs_is_done_again_job_by_job(pool: PoolExecutor) -> None:
    found = run(pool, lot({}, {"as_one": "hang"}, timeout_seconds=2.0))

    assert all(result.failure is None and not as_one(result) for result in found)


def test_a_pass_may_take_as_long_as_its_jobs_together(pool: PoolExecutor) -> None:
    found = run(pool, lot({}, {"as_one": "slow"}, {}, {}, timeout_seconds=1.0))

    assert all(as_one(result) for result in found)


def test_a_pass_that_eats_its_memory_is_done_again_job_by_job(pool: PoolExecutor) -> None:
    found = run(pool, lot({}, {"as_one": "eat"}, {}))

    assert all(result.failure is None and not as_one(result) for result in found)


def test_of_a_lot_that_is_done_job_by_job_the_one_that_kills_its_worker_is_blamed(pool: PoolExecutor) -> None:
    found = run(pool, lot({"as_one": "raise"}, {}, {"signal": 9}, {}))

    assert [result.failure and result.failure.kind for result in found] == [
        None,
        None,
        FailureKind.CRASH,
        None,
    ]
