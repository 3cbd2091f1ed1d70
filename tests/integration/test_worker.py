"""What a worker runs: from a job's names to its result."""

import hashlib
from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest

from auditor.core.records import Fold, Job, Layout, Part, Proposal, Round, TrainerSpec, Trial
from auditor.errors import SnapshotError
from auditor.storage.vault import FileVault
from auditor.worker import perform


@pytest.fixture
def a_job(tmp_path):
    chance = np.random.default_rng(1)
    rows = pd.DataFrame({"x": chance.standard_normal(300)})
    rows["y"] = rows["x"] + 0.1 * chance.standard_normal(300)
    path = tmp_path / "rows.parquet"
    rows.to_parquet(path)
    vault = FileVault(tmp_path / "vault")
    snapshot = vault.file(str(path), source="rows", time=None, taken_at=datetime(2026, 3, 15, tzinfo=UTC))

    def make(digest=snapshot.digest):
        proposal = Proposal(config={"alpha": 1.0}, round=Round.PRODUCTION, fold=Fold(Part.SEARCH, 0))
        return Job(
            trial=Trial(id=0, proposal=proposal, seed=1),
            trainer=TrainerSpec(kind="sklearn", entry="sklearn.linear_model:Ridge"),
            layout=Layout(digest=digest, target="y", seed=1),
            metric="squared_error",
            vault=vault.folder,
            timeout_seconds=60.0,
            memory_bytes=2**30,
        )

    return make


def test_a_job_is_trained_on_the_rows_that_it_names(a_job):
    result = perform(a_job())

    assert result.failure is None
    assert result.loss == pytest.approx(0.01, rel=0.5)
    assert result.losses.shape == (45,)  # 30 % of the 150 rows of the search part


def test_rows_that_are_gone_are_told(a_job):
    with pytest.raises(SnapshotError):
        perform(a_job(digest=hashlib.sha256(b"other").hexdigest()))
