"""Promises of ``ports.Describe``, over every implementation, wherever its worker is."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from auditor.core.records import TrainerFacts, TrainerSpec
from auditor.errors import TrainerError
from auditor.executors.inline import InlineExecutor
from auditor.executors.pool import PoolExecutor
from auditor.ports import Describe
from auditor.wiring import WorkerDescribe
from tests import workloads
from tests.fakes import FixedFacts

PORT = Describe
IMPLEMENTATIONS = (WorkerDescribe, FixedFacts)

RIDGE = TrainerSpec(kind="sklearn", entry="sklearn.linear_model:Ridge")
GONE = TrainerSpec(kind="sklearn", entry="sklearn.linear_model:Rigde")
REFUSED = {
    GONE.entry: "there is no such estimator",
    "alhpa": "there is no such setting",
    "log_loss": "a regressor gives no probabilities",
}


@pytest.fixture(scope="module", params=["inline", "pool", "fake"])
def describe(request: pytest.FixtureRequest) -> Iterator[Describe]:
    if request.param == "fake":
        yield FixedFacts(TrainerFacts(classifier=False, curve=None, defaults={"alpha": 1.0}), REFUSED)
    elif request.param == "inline":
        yield WorkerDescribe(InlineExecutor(workloads.obey))
    else:
        with closing(PoolExecutor(workloads.obey, 1, libraries=["auditor.trainers.describe"])) as pool:
            yield WorkerDescribe(pool)


def test_a_trainer_says_what_it_is_and_the_same_again(describe: Describe) -> None:
    facts = describe(RIDGE, {"alpha": 0.5}, "squared_error")

    assert facts.classifier is False
    assert facts.defaults["alpha"] == 1.0
    assert describe(RIDGE, {"alpha": 0.5}, "squared_error") == facts


@pytest.mark.parametrize(
    ("trainer", "config", "metric"),
    [
        (GONE, {"alpha": 0.5}, "squared_error"),
        (RIDGE, {"alhpa": 0.5}, "squared_error"),
        (RIDGE, {"alpha": 0.5}, "log_loss"),
    ],
    ids=["no such trainer", "no such setting", "not what the metric needs"],
)
def test_what_cannot_be_is_one_line_that_names_the_trainer(
    describe: Describe, trainer: TrainerSpec, config: dict[str, float], metric: str
) -> None:
    with pytest.raises(TrainerError) as refused:
        describe(trainer, config, metric)

    assert trainer.entry.partition(":")[2] in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_trainer_that_was_refused_stops_no_other(describe: Describe) -> None:
    with pytest.raises(TrainerError):
        describe(GONE, {}, "squared_error")

    assert describe(RIDGE, {}, "squared_error").classifier is False
