"""Pruning, backups and the doctor, on a real ledger and a real vault."""

import dataclasses
import json
import os
import re
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import text

from auditor.reporting.publish import FolderPublisher
from auditor.storage.chunks import list_path
from auditor.storage.ledger import SqlLedger
from auditor.storage.queue import SqlQueue
from auditor.storage.stock import Stock
from auditor.storage.vault import FileVault
from tests.contracts.test_vault_in_chunks import a_list
from tests.examples import a_capture, a_result, an_audit
from tests.fakes import NOON, FixedClock
from tests.panda_life import panda

pytestmark = pytest.mark.slow

THEN = NOON - timedelta(days=900)


def run(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "auditor", *arguments],
        cwd=folder,
        env={key: value for key, value in os.environ.items() if not key.startswith("AUDITOR_")},
        capture_output=True,
        text=True,
        check=False,
    )


def auditor(folder: Path, *arguments: str, code: int = 0) -> str:
    ran = run(folder, *arguments)
    assert ran.returncode == code, ran.stdout + ran.stderr
    return ran.stdout


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Six audits, years old, each on a capture and on rows of its own."""
    vault = FileVault(tmp_path / "vault")
    with closing(SqlLedger(f"sqlite:///{tmp_path}/auditor.db")) as ledger:
        for number in range(6):
            rows = tmp_path / "rows.parquet"
            pd.DataFrame({"a": [number, 2, 3]}).to_parquet(rows)
            snapshot = vault.file(str(rows), source="rows", time=None, taken_at=NOON)
            capture = ledger.add_capture(a_capture("churn", snapshot=None))
            begun = ledger.begin(
                model="churn", plan_digest="p", capture=capture, snapshot=snapshot, seed=1, now=THEN
            )
            ledger.append(begun.id, [a_result(0)])
            done = dataclasses.replace(
                an_audit(),
                id=begun.id,
                started_at=THEN,
                finished_at=THEN,
            )
            ledger.finish(done)
    for path in tmp_path.glob("vault/??/*.parquet"):
        os.utime(path, (NOON.timestamp(),) * 2)
    return tmp_path


def snapshots(folder: Path) -> int:
    return len(list(folder.glob("vault/??/*.parquet")))


def losses(folder: Path) -> list[int]:
    with closing(SqlLedger(f"sqlite:///{folder}/auditor.db")) as ledger:
        return [number for number in range(1, 7) if ledger.history(number)[0].losses is not None]


def test_prune_says_first_and_then_does_what_it_said(project: Path) -> None:
    dated = [f"backtest-2020-0{month}-02.{kind}" for month in (2, 3) for kind in ("html", "json")]
    for name in ("backtest.html", *dated):
        (project / "reports" / "churn").mkdir(parents=True, exist_ok=True)
        (project / "reports" / "churn" / name).write_text("a page")
    said = json.loads(auditor(project, "prune", "--newest", "2", "--days", "1", "--dry-run", "--json"))
    before = snapshots(project), losses(project)
    auditor(project, "prune", "--newest", "2", "--days", "1")

    assert (said["losses_of_audits"], len(said["snapshots"])) == ([1, 2, 3, 4], 4)
    assert said["backtests"] == ["churn/backtest-2020-02-02"]
    kept = {path.name for path in project.glob("reports/churn/backtest*")}
    assert kept == {"backtest.html", "backtest-2020-03-02.html", "backtest-2020-03-02.json"}
    assert before == (6, [1, 2, 3, 4, 5, 6])
    assert (snapshots(project), losses(project)) == (2, [5, 6])
    assert auditor(project, "report", "1", code=0).strip().endswith(".html"), "every page can be made again"


def test_prune_keeps_what_an_unordered_models_next_audit_compares_with(project: Path) -> None:
    with closing(SqlLedger(f"sqlite:///{project}/auditor.db")) as ledger:
        capture = ledger.add_capture(a_capture("churn", snapshot=None))
        with ledger._writer.begin() as connection:  # noqa: SLF001 - all audits on one capture
            one = {"capture": capture.id}
            connection.execute(text("UPDATE audit SET capture_id = :capture, last_time = NULL"), one)
    said = json.loads(auditor(project, "prune", "--newest", "2", "--days", "1", "--json"))

    assert said["snapshots"] == []
    assert losses(project) == [1, 5, 6], "the canary runs a training of the first audit again"


def test_prune_keeps_the_checkpoints_of_audits_that_stay_of_the_live_model_and_of_today(
    project: Path,
) -> None:
    names = {name: name[0] * 64 for name in ("a doomed one", "b kept", "c live", "d orphan", "e of today")}
    live = panda()
    newest = dataclasses.replace(live.panda.turns[-1], checkpoint=names["c live"])
    record = dataclasses.replace(live.panda, turns=(*live.panda.turns[:-1], newest))
    with closing(SqlLedger(f"sqlite:///{project}/auditor.db")) as ledger:
        capture = ledger.latest_capture("churn")
        snapshot = ledger.audit(1).snapshot
        for number, name in ((7, "a doomed one"), (8, "b kept"), (9, "b kept")):
            begun = ledger.begin(
                model="churn", plan_digest="p", capture=capture, snapshot=snapshot, seed=1, now=NOON
            )
            ledger.append(begun.id, [dataclasses.replace(a_result(0), checkpoint=names[name])])
            then = NOON - timedelta(days=900)
            done = dataclasses.replace(an_audit(), id=number, started_at=then, finished_at=then)
            ledger.finish(dataclasses.replace(done, panda=record) if number == 7 else done)
    for name, digest in names.items():
        path = project / "vault/checkpoints" / digest[:2] / digest
        path.parent.mkdir(parents=True)
        path.write_bytes(b"weights")
        if name != "e of today":
            os.utime(path, (NOON.timestamp(),) * 2)
    limits = ("--newest", "2", "--days", "1", "--json")
    said = json.loads(auditor(project, "prune", *limits, "--dry-run"))
    whole = len(Stock(project / "vault").checkpoints())
    auditor(project, "prune", *limits)

    assert said["checkpoints"] == [names["a doomed one"], names["d orphan"]]
    assert whole == 5
    left = list(Stock(project / "vault").checkpoints())
    assert left == [names["b kept"], names["c live"], names["e of today"]]


def linked(folder: Path) -> dict[str, list[str]]:
    """What every listing of a model links, of what lies beside it."""
    found = {
        page.name: re.findall(r'href="([^"/]+\.html)"', page.read_text()) for page in folder.glob("*.html")
    }
    return {name: links for name, links in found.items() if not re.match(r"\d{4}-\d\d-\d\d-", name)}


def test_prune_takes_old_pages_and_no_link_leads_nowhere_and_they_can_be_made_again(project: Path) -> None:
    folder = project / "reports/churn"
    with closing(SqlLedger(f"sqlite:///{project}/auditor.db")) as ledger:
        for number in range(1, 7):
            FolderPublisher(project / "reports").publish(ledger.audit(number), ledger)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    limits = ("--newest", "2", "--days", "1", "--json")
    kept = json.loads(auditor(project, "prune", *limits, "--keep-pages"))
    untouched = len(list(folder.iterdir()))
    did = json.loads(auditor(project, "prune", *limits))
    left = {path.stem for path in folder.glob("*-*-*-*.*")}
    links = linked(folder)
    auditor(project, "report", "1")

    assert (kept["pages"], did["pages"]) == ([], [1, 2, 3, 4])
    assert untouched == len(before)
    assert sorted(stem.rpartition("-")[2] for stem in left) == ["5", "6"]
    assert links
    for names in links.values():
        assert {one for one in names if re.match(r"\d{4}-\d\d-\d\d-", one)} == {
            f"{stem}.html" for stem in left
        }
    made = {path.name for path in folder.iterdir() if re.search(r"-1\.", path.name)}
    assert all((folder / name).read_bytes() == before[name] for name in made)
    assert len(made) == 3


def test_prune_leaves_a_snapshot_that_is_filed_again_at_that_moment(project: Path) -> None:
    vault, path = FileVault(project / "vault"), project / "rows.parquet"
    pd.DataFrame({"a": [0, 2, 3]}).to_parquet(path)
    stock, before = Stock(project / "vault"), NOON + timedelta(seconds=1)
    listed = stock.snapshots(before=before)
    again = vault.file(str(path), source="rows", time=None, taken_at=NOON)
    stock.drop_snapshots(listed, before=before)

    assert again.digest in listed
    assert [path.stem for path in project.glob("vault/??/*.parquet")] == [again.digest]


def test_a_backup_fits_together_and_can_be_gone_back_to(project: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    for name in ("kept", "dropped"):
        (project / "schedules").mkdir(exist_ok=True)
        (project / "schedules" / f"{name}.toml").write_text(f"model = '{name}'\n")
    first = json.loads(auditor(project, "backup", str(copy), "--json"))
    (project / "schedules/dropped.toml").unlink()
    again = json.loads(auditor(project, "backup", str(copy), "--json"))

    assert (first["snapshots"], first["new"], again["snapshots"], again["new"]) == (6, 6, 6, 0)
    assert losses(copy) == [1, 2, 3, 4, 5, 6]
    assert len(json.loads(auditor(copy, "log", "--json"))) == 6
    assert [path.name for path in copy.glob("schedules*/*")] == ["kept.toml"]


def test_a_backup_onto_the_project_itself_is_refused(project: Path) -> None:
    auditor(project, "backup", ".", code=2)

    assert losses(project) == [1, 2, 3, 4, 5, 6]


def test_a_backup_leaves_out_a_snapshot_that_was_touched_says_so_and_keeps_an_older_copy(
    project: Path, tmp_path: Path
) -> None:
    copy, fresh = tmp_path / "copy", tmp_path / "fresh"
    auditor(project, "backup", str(copy))
    path = next(project.glob("vault/??/*.parquet"))
    whole = path.read_bytes()
    path.write_bytes(whole + b"x")

    ran = run(project, "backup", str(fresh))
    again = run(project, "backup", str(copy), "--json")

    assert (ran.returncode, again.returncode) == (2, 2)
    (line,) = ran.stderr.splitlines()
    assert re.fullmatch(f"auditor: {path.stem[:12]} is not the bytes that were filed; restore .+", line)
    assert (snapshots(fresh), losses(fresh)) == (5, [1, 2, 3, 4, 5, 6])
    assert len(json.loads(again.stdout)["damaged"]) == 1
    assert (copy / "vault" / path.relative_to(project / "vault")).read_bytes() == whole


def test_a_list_of_chunks_that_cannot_be_read_keeps_chunks_and_nothing_else_from_being_tidied(
    project: Path, tmp_path: Path
) -> None:
    made = a_list(tmp_path / "new", 0, 5)
    chunked = FileVault(project / "vault").file(made, source="rows", time="when", taken_at=NOON)
    damaged = list_path(project / "vault", chunked.digest)
    damaged.write_bytes(b"{")
    for path in project.glob("vault/chunks/??/*"):
        os.utime(path, (NOON.timestamp(),) * 2)
    (project / "schedules").mkdir()

    pruned = run(project, "prune", "--newest", "2", "--days", "1", "--json")
    doctor = run(project, "doctor", "--json")

    (line,) = pruned.stderr.splitlines()
    assert pruned.returncode == doctor.returncode == 2
    assert line.startswith(
        f"auditor: snapshot {chunked.digest[:12]} in '{damaged.relative_to(project)}' is not the bytes"
    )
    assert line.endswith("; restore the file from a backup")
    assert json.loads(pruned.stdout)["damaged"] == [line.removeprefix("auditor: ")]
    assert (snapshots(project), losses(project)) == (2, [5, 6])
    assert len(list(project.glob("vault/chunks/??/*"))) == 2
    (told,) = [each for each in json.loads(doctor.stdout) if each["wrong"] and each["what"] == "vault"]
    assert chunked.digest[:12] in told["wrong"]
    assert told["mend"].startswith("restore the file from a backup")


def test_the_doctor_says_what_is_wrong_and_what_mends_it(project: Path) -> None:
    (project / "schedules").mkdir()
    (project / "schedules" / "a.toml").write_text("[production")
    (project / "reports").write_text("a file in the way")
    with (
        closing(SqlQueue(f"sqlite:///{project}/auditor.db", FixedClock())) as queue,
        queue.writing() as connection,
    ):
        connection.exec_driver_sql(
            "INSERT INTO queue (key, schedule, model, state, why, said, due, missed, asked, ordered_at, "
            "not_before, attempts, token, reason) VALUES ('k', 'a', 'a', 'quarantined', 'slot', 'because', "
            "'2026-01-01', 0, '{}', '2026-01-01', 0, 3, 3, 'it was killed')"
        )
    found = json.loads(auditor(project, "doctor", "--json", code=2))
    wrong = {each["what"]: each for each in found if each["wrong"]}

    assert {"reports", "schedules", "daemon", "queue"} <= set(wrong)
    assert {"database", "vault", "executor"} <= {each["what"] for each in found if not each["wrong"]}
    assert wrong["queue"]["mend"] == "mend that, then `auditor run a --queue`"
    assert all(each["mend"] for each in wrong.values())


def test_the_doctor_finds_nothing_wrong_with_a_healthy_project(project: Path) -> None:
    (project / "schedules").mkdir()
    (project / "schedules" / "a.toml").write_text(
        "[production]\na = 1\n[data]\nsource = 'r.csv'\ntarget = 'y'\n[trainer]\n"
        "estimator = 'sklearn.linear_model:Ridge'\n"
    )

    out = auditor(project, "doctor")

    assert "✗" not in out
    assert out.count("✓") >= 7


def test_the_doctor_leaves_nothing_behind_where_there_is_no_project(tmp_path: Path) -> None:
    found = json.loads(auditor(tmp_path, "doctor", "--json", code=2))

    (wrong,) = [each for each in found if each["wrong"]]
    assert wrong["wrong"] == "there is no folder 'schedules' here"
    assert "`auditor init NAME --data rows.csv` makes one" in wrong["mend"]
    assert list(tmp_path.iterdir()) == []
