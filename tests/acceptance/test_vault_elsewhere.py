"""A vault on a real S3 server: whole audits, workers of a cluster that share no folder with anybody."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from auditor.core.records import Fold, Job, Layout, Part, Proposal, Round, TrainerSpec, Trial
from auditor.executors.dask import DaskExecutor
from auditor.files import digest_of_file
from auditor.storage.remote_vault import RemoteVault
from auditor.worker import bring, perform
from tests.acceptance.conftest import Project
from tests.acceptance.test_bad_input import SCHEDULE, assert_said, rows
from tests.clusters import Cluster
from tests.fakes import NOON
from tests.s3 import KEYS

pytestmark = pytest.mark.slow


def test_workers_that_share_no_folder_fetch_each_snapshot_once(
    s3_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "rows.parquet"
    x = np.random.default_rng(0).standard_normal(400)
    pd.DataFrame({"x": x, "y": x + 1.0}).to_parquet(path)
    snapshot = RemoteVault(s3_url, tmp_path / "ours").file(str(path), source="rows", time=None, taken_at=NOON)
    jobs = [
        Job(
            trial=Trial(
                id=number,
                proposal=Proposal(
                    config={"alpha": float(number)}, round=Round.COARSE, fold=Fold(Part.SEARCH, 0)
                ),
                seed=0,
            ),
            trainer=TrainerSpec(kind="sklearn", entry="sklearn.linear_model:Ridge"),
            layout=Layout(digest=snapshot.digest, target="y", seed=0),
            metric="squared_error",
            vault=s3_url,
            timeout_seconds=60.0,
            memory_bytes=2 * 1024**3,
        )
        for number in range(4)
    ]
    here = [perform(job).loss for job in jobs]
    monkeypatch.setenv("AUDITOR_VAULT_CACHE", str(tmp_path / "theirs"))
    cluster = Cluster()
    try:
        cluster.start_scheduler()
        cluster.start_worker()
        cluster.wait_for_workers()
        with closing(DaskExecutor(cluster.address, perform, ready=bring)) as executor:
            there = sorted(executor.run(jobs), key=lambda result: result.trial.id)
    finally:
        cluster.stop()

    assert [result.loss for result in there] == here
    assert [each.stem for each in tmp_path.glob("theirs/*/??/*.parquet")] == [snapshot.digest]


def test_an_audit_on_s3_finds_what_one_in_a_folder_does(
    s3_url: str, project: Project, tmp_path: Path
) -> None:
    project.rows(rows())
    project.write("schedules/m.toml", SCHEDULE)
    elsewhere = {"AUDITOR_VAULT": s3_url, "AUDITOR_VAULT_CACHE": str(tmp_path / "cache")}
    apart = {"AUDITOR_DATABASE_URL": "sqlite:///apart.db", "AUDITOR_REPORTS": "apart"}

    ours = project.run("run", "m", "--seed", "1", "--json", **apart)
    theirs = project.run("run", "m", "--seed", "1", "--json", **elsewhere)

    found, wanted = ([ran.code, ran.facts["call"], ran.facts["settings"]] for ran in (theirs, ours))
    assert found == wanted
    secret = KEYS[1]
    assert secret not in theirs.out + theirs.err
    with closing(sqlite3.connect(project.folder / "auditor.db")) as ledger:
        assert not any(secret in line for line in ledger.iterdump())
    assert not [
        page for page in project.folder.rglob("*") if page.is_file() and secret.encode() in page.read_bytes()
    ]

    for copy in tmp_path.glob("cache/*/*/*.*"):
        copy.unlink()
    doctor = json.loads(project.run("doctor", "--json", **elsewhere).out)
    backup = project.run("backup", "copy", "--json", **elsewhere).facts
    pruned = project.run("prune", "--dry-run", "--json", **elsewhere).facts

    assert not [each for each in doctor if each["what"] == "vault" and each["wrong"]]
    assert (backup["snapshots"], backup["new"]) == (1, 1)
    assert pruned["snapshots"] == []
    (copied,) = (project.folder / "copy" / "vault").glob("??/*.parquet")
    assert digest_of_file(copied) == copied.stem


def test_keys_that_are_refused_are_told_of_in_one_line(s3_url: str, project: Project) -> None:
    project.rows(rows())
    project.write("schedules/m.toml", SCHEDULE)

    ran = project.run("run", "m", AUDITOR_VAULT=s3_url, AWS_SECRET_ACCESS_KEY="another")  # noqa: S106

    assert_said(ran, f"the vault {s3_url!r}: PermissionError: ...")
    assert "check the address, the keys in the environment and the network" in ran.err
