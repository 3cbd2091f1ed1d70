"""Promises of ``ports.Executor``, over every implementation."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import closing

import numpy as np
import pytest

from auditor.core.records import FailureKind, Result
from auditor.errors import DataError, TrainerError
from auditor.executors.dask import DaskExecutor
from auditor.executors.inline import InlineExecutor
from auditor.executors.pool import PoolExecutor
from auditor.ports import Executor
from tests import workloads
from tests.clusters import Cluster
from tests.fakes import ShuffledExecutor, StoppedExecutor
from tests.workloads import job

PORT = Executor
IMPLEMENTATIONS = (InlineExecutor, PoolExecutor, DaskExecutor, ShuffledExecutor, StoppedExecutor)

Open = Callable[[], Executor]


def opener(request: pytest.FixtureRequest) -> Open:
    """Return what opens an executor of the kind that a fixture asks for."""
    kind, workers = request.param
    if kind is PoolExecutor:
        return lambda: PoolExecutor(workloads.obey, workers, libraries=["numpy"])
    if kind is DaskExecutor:
        cluster: Cluster = request.getfixturevalue("cluster")
        return lambda: DaskExecutor(cluster.address, workloads.obey)
    if kind is StoppedExecutor:
        return lambda: StoppedExecutor(ShuffledExecutor(workloads.obey), lots=sys.maxsize)
    return lambda: (
        ShuffledExecutor(workloads.obey, seed=1) if kind is ShuffledExecutor else kind(workloads.obey)
    )


KINDS = [
    (kind, workers) for kind in IMPLEMENTATIONS for workers in ((1, 3) if kind is PoolExecutor else (1,))
]
IDS = [f"{kind.__name__} {workers}" for kind, workers in KINDS]
APART = [(PoolExecutor, 2), (DaskExecutor, 2)]
"""Those that give jobs processes of their own."""


@pytest.fixture(scope="module", params=KINDS, ids=IDS)
def executor(request: pytest.FixtureRequest) -> Iterator[Executor]:
    with closing(opener(request)()) as executor:
        yield executor


@pytest.fixture(params=KINDS, ids=IDS)
def fresh(request: pytest.FixtureRequest) -> Open:
    """Opens an executor that the test may close."""
    return opener(request)


@pytest.fixture(scope="module", params=APART, ids=["pool", "cluster"])
def apart(request: pytest.FixtureRequest) -> Iterator[Executor]:
    with closing(opener(request)()) as executor:
        yield executor


def by_id(results: Iterator[Result]) -> list[Result]:
    return sorted(results, key=lambda result: result.trial.id)


def test_every_job_gives_one_result(executor: Executor) -> None:
    jobs = [job(number) for number in range(200)]

    results = by_id(executor.run(jobs))

    assert [result.trial for result in results] == [given.trial for given in jobs]
    assert [result.loss for result in results] == [float(number) for number in range(200)]


def test_no_jobs_give_no_results(executor: Executor) -> None:
    assert list(executor.run([])) == []


def test_losses_arrive_as_they_were(executor: Executor) -> None:
    (result,) = executor.run([job(3)])

    assert result.losses is not None
    np.testing.assert_array_equal(result.losses, np.full(5, 3.0))


def test_a_result_is_the_same_whatever_ran_before_it(executor: Executor) -> None:
    jobs = [job(number) for number in range(20)]

    forwards, backwards = by_id(executor.run(jobs)), by_id(executor.run(jobs[::-1]))

    assert [result.loss for result in forwards] == [result.loss for result in backwards]


@pytest.mark.parametrize(
    ("deed", "message"),
    [({"raises": "no such\n layer"}, "ValueError: no such layer"), ({"leave": 3}, "SystemExit: 3")],
)
def test_a_job_that_raises_is_a_failure_between_others(
    executor: Executor, deed: dict[str, object], message: str
) -> None:
    first, second, third = by_id(executor.run([job(0), job(1, **deed), job(2)]))

    assert (first.loss, second.loss, third.loss) == (0.0, None, 2.0)
    assert second.failure is not None
    assert (second.failure.kind, second.failure.message) == (FailureKind.ERROR, message)


def test_the_first_result_can_be_had_before_the_last_job_ends(executor: Executor) -> None:
    results = executor.run([job(number) for number in range(50)])

    assert next(results).loss is not None


def test_a_run_that_is_left_off_does_not_disturb_the_next(executor: Executor) -> None:
    left_off = executor.run([job(number, sleep=0.01) for number in range(50)])
    next(left_off)
    left_off.close()  # type: ignore[attr-defined]

    assert [result.loss for result in by_id(executor.run([job(0), job(1)]))] == [0.0, 1.0]


def test_a_call_returns_what_the_function_returns(executor: Executor) -> None:
    assert executor.call(workloads.say, "shop", "churn") == "shop churn"


def test_a_call_raises_our_errors_as_they_are(executor: Executor) -> None:
    with pytest.raises(DataError, match=r"^no rows since Friday$"):
        executor.call(workloads.refuse, "no rows since Friday")


def test_a_call_raises_other_errors_as_a_trainer_error_of_one_line(executor: Executor) -> None:
    with pytest.raises(TrainerError, match=r"^KeyError: 'plan'$"):
        executor.call(workloads.stumble, "plan")


def test_a_call_is_possible_while_jobs_run(executor: Executor) -> None:
    results = executor.run([job(number) for number in range(10)])
    next(results)

    assert executor.call(workloads.say, "aside") == "aside"
    assert len(list(results)) == 9


def test_closing_twice_is_safe_also_while_jobs_run(fresh: Open) -> None:
    executor = fresh()
    results = executor.run([job(number, sleep=0.01) for number in range(5)])
    next(results)

    executor.close()
    executor.close()


def test_a_job_that_hangs_eats_or_ends_its_process_costs_itself_only(apart: Executor) -> None:
    deeds = ({}, {"segfault": 1}, {"hang": 30, "timeout_seconds": 0.4}, {"eat": 2000}, {"exit": 0}, {})

    results = by_id(apart.run([job(number, **deed) for number, deed in enumerate(deeds)]))

    kinds = [result.failure and result.failure.kind for result in results]
    crash, timeout, memory = FailureKind.CRASH, FailureKind.TIMEOUT, FailureKind.MEMORY
    assert kinds == [None, crash, timeout, memory, crash, None]


def test_a_call_that_hangs_or_ends_its_process_is_an_error_to_read(apart: Executor) -> None:
    with pytest.raises(TrainerError, match=r"^sleep did not end within 0\.2 s$"):
        apart.call(workloads.sleep, 30, timeout_seconds=0.2)
    with pytest.raises(TrainerError, match=r"its process ended with exit code 3$"):
        apart.call(workloads.die, 3)

    assert apart.call(workloads.say, "still", "here") == "still here"


def test_only_the_inline_executor_runs_here() -> None:
    with closing(PoolExecutor(workloads.obey, 1, libraries=["numpy"])) as pool:
        assert pool.call(workloads.process_id) != os.getpid()
    assert InlineExecutor(workloads.obey).call(workloads.process_id) == os.getpid()
