"""``auditor apply`` on real files and a real ledger; the audit is a prepared one."""

import json
import os
import sys
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from auditor import cli
from auditor.core.records import Call, CapturedSetting
from auditor.storage.ledger import SqlLedger
from tests.examples import NOON, a_capture, a_snapshot, an_audit

SCHEDULE = """\
model = "churn"

[production]        # what runs
{production}

[data]
source = "rows.csv"
target = "y"

[trainer]
estimator = "sklearn.linear_model:Ridge"
"""
PARAMS = '{\n  "model": {\n    "rate": 1.0,\n    "depth": 4\n  }\n}\n'
FROM_JSON = 'from = "json:params.json#/model"'


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


@pytest.fixture
def apply(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AUDITOR_EXECUTOR", "inline")

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["auditor", "apply", "1", *arguments])
        with pytest.raises(SystemExit) as left:
            cli.main()
        said = capsys.readouterr()
        return Ran(int(left.value.code or 0), said.out, said.err)

    return run


def prepare(*, origin="json:params.json#/model", production=FROM_JSON, call=Call.STALE):
    """Lay out a project in which audit 1 recommends to lower rate from 1 to 0.1."""
    Path("schedules").mkdir()
    Path("schedules/churn.toml").write_text(SCHEDULE.format(production=production))
    Path("params.json").write_text(PARAMS)
    settings = tuple(
        CapturedSetting(name=name, raw=str(value), value=value, origin=origin)
        for name, value in (("rate", 1.0), ("depth", 4))
    )
    with closing(SqlLedger("sqlite:///auditor.db")) as ledger:
        capture = ledger.add_capture(replace(a_capture(), settings=settings))
        snapshot = a_snapshot()
        opened = ledger.begin(
            model="churn", plan_digest="p", capture=capture, snapshot=snapshot, seed=1, now=NOON
        )
        audit = an_audit(opened.id, snapshot=snapshot)
        rate = replace(audit.settings[0], name="rate", production=1.0, recommended=0.1)
        provenance = replace(audit.provenance, schedule="schedules/churn.toml")
        ledger.finish(replace(audit, capture=capture, settings=(rate,), provenance=provenance, call=call))


def ledger_facts():
    with closing(SqlLedger("sqlite:///auditor.db")) as ledger:
        return ledger.latest_capture("churn"), ledger.applications("churn")


def test_a_change_is_shown_and_not_written_unasked(apply):
    prepare()

    ran = apply()

    assert ran.code == 0
    assert '-    "rate": 1.0,\n+    "rate": 0.1,\n' in ran.out
    assert "nothing is written; `auditor apply 1 --yes` writes it" in ran.out
    assert Path("params.json").read_text() == PARAMS
    assert ledger_facts()[1] == ()


def test_a_change_is_written_captured_and_recorded_and_taken_back(apply):
    prepare()

    applied = apply("--yes")

    assert applied.code == 0, applied.err
    assert Path("params.json").read_text() == PARAMS.replace("1.0", "0.1")
    capture, (application,) = ledger_facts()
    assert capture.config == {"rate": 0.1, "depth": 4}
    assert capture.snapshot == a_snapshot().digest
    assert (application.audit, application.capture, application.back) == (1, capture.id, False)

    back = apply("--undo", "--yes")

    assert back.code == 0, back.err
    assert Path("params.json").read_text() == PARAMS
    capture, (_, undone) = ledger_facts()
    assert capture.config == {"rate": 1.0, "depth": 4}
    assert undone.back
    assert "is not applied" in apply("--undo").err


def test_the_schedule_itself_is_edited_where_production_is_written_there(apply):
    prepare(origin="schedule", production="rate  = 1.0    # as deployed\ndepth = 4")

    ran = apply("--yes")

    assert ran.code == 0, ran.err
    text = Path("schedules/churn.toml").read_text()
    assert text == SCHEDULE.format(production="rate  = 0.1    # as deployed\ndepth = 4")
    assert ledger_facts()[0].config == {"rate": 0.1, "depth": 4}


def test_facts_are_printed_for_programs(apply):
    prepare()

    facts = json.loads(apply("--json").out)

    assert facts["changes"] == [
        {"name": "rate", "before": 1.0, "after": 0.1, "origin": "json:params.json#/model"}
    ]
    assert facts["written"] is False
    assert facts["files"][0]["path"] == "params.json"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (PARAMS.replace("1.0", "0.5"), "rate is 0.5 and was 1"),
        (PARAMS.replace("4", "9"), "depth is 9 and was 4"),
        (PARAMS.replace('"depth": 4', '"deep": 4'), "deep is 4 and was absent and depth is absent and was 4"),
    ],
)
def test_production_that_moved_on_is_left_alone(apply, text, said):
    prepare()
    Path("params.json").write_text(text)

    ran = apply("--yes")

    assert ran.code == 2
    assert f"production is not what audit 1 looked at any more: {said.split(' and was ')[0]}" in ran.err
    assert "audit again (`auditor run churn`)" in ran.err
    assert Path("params.json").read_text() == text
    assert ledger_facts()[1] == ()


def test_what_was_changed_by_hand_already_is_only_recorded(apply):
    prepare()
    Path("params.json").write_text(PARAMS.replace("1.0", "0.1"))

    ran = apply("--yes")

    assert ran.code == 0, ran.err
    assert "production runs these values already" in ran.out
    assert len(ledger_facts()[1]) == 1


@pytest.mark.parametrize("call", [Call.FRESH, Call.UNDECIDED])
def test_only_a_stale_audit_is_a_ground_for_a_change(apply, call):
    prepare(call=call)

    ran = apply("--yes")

    assert ran.code == 2
    assert call.value in ran.err
    assert Path("params.json").read_text() == PARAMS


def test_an_artefact_is_never_written_over_but_what_to_do_is_said(apply):
    import joblib

    prepare(origin="joblib:model.joblib", production='from = "joblib:model.joblib"')
    joblib.dump({"rate": 1.0, "depth": 4}, "model.joblib")
    before = Path("model.joblib").read_bytes()

    ran = apply("--yes")

    assert ran.code == 2
    assert "joblib:model.joblib cannot be edited: train the model anew with these values" in ran.err
    assert "(rate = 0.1); then `auditor capture churn`" in ran.err
    assert Path("model.joblib").read_bytes() == before


def test_variables_are_changed_in_the_file_that_sets_them(apply, monkeypatch):
    prepare(origin="env:MODEL_", production='from = "env:MODEL_"')
    Path(".env").write_text("TOKEN=s3cr3t\nexport MODEL_RATE=1.0 # steps\nMODEL_DEPTH=4\n")
    Path(".env").chmod(0o600)
    monkeypatch.setenv("MODEL_RATE", "1.0")
    monkeypatch.setenv("MODEL_DEPTH", "4")

    asked = apply("--yes")
    ran = apply("--yes", "--env-file", ".env")

    assert asked.code == 2
    assert "set MODEL_RATE=0.1 there" in asked.err
    assert ran.code == 0, ran.err
    assert "s3cr3t" not in ran.out
    assert Path(".env").read_text() == "TOKEN=s3cr3t\nexport MODEL_RATE=0.1 # steps\nMODEL_DEPTH=4\n"
    assert Path(".env").stat().st_mode & 0o777 == 0o600
    assert ledger_facts()[0].config == {"rate": 0.1, "depth": 4}


@pytest.mark.skipif(os.name != "posix", reason="links")
def test_a_link_is_followed_not_replaced(apply):
    prepare()
    Path("real.json").write_text(PARAMS)
    Path("params.json").unlink()
    Path("params.json").symlink_to("real.json")

    assert apply("--yes").code == 0

    assert Path("params.json").is_symlink()
    assert '"rate": 0.1' in Path("real.json").read_text()


def test_a_number_that_is_no_audit_is_said(apply):
    Path("schedules").mkdir()

    ran = apply("--yes")

    assert ran.code == 2
    assert "no finished audit 1 in the ledger" in ran.err
