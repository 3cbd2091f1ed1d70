"""Trainings on a share of the rows: the same wherever they run, and never where a verdict is found."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from auditor.core.records import (
    DimensionSpec,
    Fold,
    Job,
    Layout,
    Part,
    ProductionSpec,
    Proposal,
    Round,
    ScaleName,
    TrainerSpec,
    Trial,
)
from auditor.executors.dask import DaskExecutor
from auditor.executors.inline import InlineExecutor
from auditor.executors.pool import PoolExecutor
from auditor.ports import Executor
from auditor.storage.vault import FileVault
from auditor.worker import perform
from benchmarks.in_memory import audit_rows
from tests.planted import a_plan

KERNEL = TrainerSpec(
    kind="sklearn", entry="sklearn.kernel_ridge:KernelRidge", fixed={"kernel": "rbf", "gamma": 0.3}
)
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def waves(rows: int) -> pd.DataFrame:
    rng = np.random.default_rng(4)
    frame = pd.DataFrame(rng.normal(size=(rows, 3)), columns=list("abc"))
    return frame.assign(y=np.sin(2.0 * frame["a"]) + frame["b"] + rng.normal(0.0, 0.5, rows))


@pytest.fixture(scope="module", params=["pool", pytest.param("cluster", marks=pytest.mark.slow)])
def executor(request: pytest.FixtureRequest) -> Iterator[Executor]:
    if request.param == "cluster":
        with closing(DaskExecutor(request.getfixturevalue("cluster").address, perform)) as found:
            yield found
        return
    with closing(PoolExecutor(perform, 2)) as pool:
        yield pool


def test_a_share_of_the_rows_is_the_same_rows_on_every_executor(executor: Executor, tmp_path: Path) -> None:
    path = tmp_path / "waves.parquet"
    waves(500).to_parquet(path)
    vault = FileVault(tmp_path / "vault")
    snapshot = vault.file(str(path), source=str(path), time=None, taken_at=NOON)
    vault.prepare(snapshot.digest)
    jobs = [
        Job(
            trial=Trial(
                id=number,
                proposal=Proposal(
                    config={"alpha": alpha}, round=Round.COARSE, fold=Fold(Part.SEARCH, 0), fidelity=share
                ),
                seed=1,
            ),
            trainer=KERNEL,
            layout=Layout(digest=snapshot.digest, target="y", seed=1, thinned=True),
            metric="squared_error",
            vault=vault.folder,
            timeout_seconds=60.0,
            memory_bytes=2**31,
        )
        for number, (alpha, share) in enumerate([(0.1, 1 / 9), (1.0, 1 / 9), (0.1, 1 / 3), (0.1, 1.0)])
    ]

    here, there = (
        sorted(each.run(jobs), key=lambda result: result.trial.id)
        for each in (InlineExecutor(perform), executor)
    )

    assert [result.failure for result in here] == [None] * len(jobs)
    for one, other in zip(here, there, strict=True):
        assert one.losses is not None
        assert other.losses is not None
        assert np.array_equal(one.losses, other.losses)
    assert len({result.loss for result in here}) == len(jobs)


def test_an_audit_cuts_on_a_share_of_the_rows_and_confirms_on_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auditor.core.strategies.ladders.FEWEST_THINNED", 100)
    plan = a_plan(
        trainer=KERNEL,
        production=ProductionSpec(inline={"alpha": 300.0}),
        search={"alpha": DimensionSpec(scale=ScaleName.LOG, low=1e-3, high=1e3)},
    )

    found = audit_rows(waves(700), plan, seed=1)

    trials = [result.trial.proposal for result in found.results]
    thin = [proposal for proposal in trials if proposal.fidelity < 1.0]
    assert {proposal.fidelity for proposal in thin} == {1 / 9}
    assert {proposal.round for proposal in thin} <= {Round.COARSE, Round.GROW, Round.FINE}
    assert len(thin) > 15
    rest = {proposal.round for proposal in trials if proposal.fidelity == 1.0}
    assert {Round.PRODUCTION, Round.RESPLIT, Round.CONFIRM, Round.SCAN} <= rest
    assert str(found.audit.call) == "stale"
    layout = found.audit.provenance.layout
    assert layout is not None
    assert layout.thinned
