"""``auditor apply`` on real files and a real ledger; the audit is a prepared one."""

import json
import os
import sys
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

import pytest

from auditor import cli
from auditor.core.records import Call, CapturedSetting
from auditor.storage.ledger import SqlLedger
from tests.examples import NOON, a_capture, a_snapshot, an_audit
from tests.registries import point, register

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


def prepare(
    *,
    origin="json:params.json#/model",
    production=FROM_JSON,
    call=Call.STALE,
    runs=MappingProxyType({"rate": 1.0, "depth": 4}),
    change=("rate", 1.0, 0.1),
):
    """Lay out a project in which audit 1 recommends a change: to lower rate from 1 to 0.1."""
    Path("schedules").mkdir()
    Path("schedules/churn.toml").write_text(SCHEDULE.format(production=production))
    Path("params.json").write_text(PARAMS)
    settings = tuple(
        CapturedSetting(name=name, raw=str(value), value=value, origin=origin) for name, value in runs.items()
    )
    with closing(SqlLedger("sqlite:///auditor.db")) as ledger:
        capture = ledger.add_capture(replace(a_capture(), settings=settings))
        snapshot = a_snapshot()
        opened = ledger.begin(
            model="churn", plan_digest="p", capture=capture, snapshot=snapshot, seed=1, now=NOON
        )
        audit = an_audit(opened.id, snapshot=snapshot)
        name, now, then = change
        rate = replace(audit.settings[0], name=name, production=now, recommended=then)
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

    prepare(origin="joblib:model.joblib", production='from = "joblib:model.joblib"\ntrusted = true')
    joblib.dump({"rate": 1.0, "depth": 4}, "model.joblib")
    before = Path("model.joblib").read_bytes()

    ran = apply("--yes")

    assert ran.code == 2
    assert "joblib:model.joblib cannot be edited: train the model anew with these values" in ran.err
    assert "(rate = 0.1); then `auditor capture churn`" in ran.err
    assert Path("model.joblib").read_bytes() == before


def test_a_part_of_a_list_in_a_variable_is_said_to_be_changed_where_it_is_set(apply, monkeypatch):
    origin, sizes = "env:MODEL", {"sizes[0]": 100, "sizes[1]": 50}
    prepare(origin=origin, production=f'from = "{origin}"', runs=sizes, change=("sizes[1]", 50, 60))
    monkeypatch.setenv("MODEL", '{"sizes": [100, 50]}')

    ran = apply("--yes", "--env-file", ".env")

    assert ran.code == 2
    assert ran.err.strip().splitlines() == [
        "auditor: env:MODEL cannot be edited: give the variable a JSON object with these values where this "
        "process is started from (sizes[1] = 60); then `auditor capture churn`"
    ]


def test_a_file_of_variables_that_sets_nothing_of_the_change_is_refused(apply):
    prepare()

    ran = apply("--yes", "--env-file", "nope.env")

    assert ran.code == 2
    assert "--env-file nope.env sets nothing of this change, which is written in json:params.json" in ran.err
    assert Path("params.json").read_text() == PARAMS


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


def test_what_is_applied_already_is_not_captured_again(apply):
    prepare()
    apply("--yes")
    before = ledger_facts()

    again = apply("--yes")

    assert again.code == 0
    assert "was applied on" in again.out
    assert "nothing to do. `auditor apply 1 --undo` takes it back" in again.out
    assert ledger_facts() == before
    assert json.loads(apply("--yes", "--json").out) | {"files": 0, "changes": 0} == {
        "audit": 1,
        "files": 0,
        "changes": 0,
        "undo": False,
        "written": False,
        "applied": True,
        "capture": before[0].id,
    }


LISTS = {
    "json": '{"sizes": [100,\n  50], "depth": 4}\n',
    "toml": "sizes = [\n  100,\n  50,  # second\n]\ndepth = 4\n",
    "yaml": "sizes:\n  - 100\n  - 50  # second\ndepth: 4\n",
}


@pytest.mark.parametrize("kind", LISTS)
def test_a_part_of_a_list_is_changed_where_it_stands_and_put_back(apply, kind):
    prepare(
        origin=f"{kind}:params.{kind}",
        production=f'from = "{kind}:params.{kind}"',
        runs={"sizes[0]": 100, "sizes[1]": 50, "depth": 4},
        change=("sizes[1]", 50, 20),
    )
    path = Path(f"params.{kind}")
    path.write_text(LISTS[kind])

    applied = apply("--yes")

    assert applied.code == 0, applied.err
    assert path.read_text() == LISTS[kind].replace("50", "20")
    assert ledger_facts()[0].config == {"sizes[0]": 100, "sizes[1]": 20, "depth": 4}
    assert apply("--undo", "--yes").code == 0
    assert path.read_text() == LISTS[kind]


def test_a_registered_version_is_tagged_and_nothing_of_it_written_over(apply, monkeypatch, mlflow_address):
    from mlflow import MlflowClient

    import auditor

    monkeypatch.setenv("MLFLOW_TRACKING_URI", mlflow_address)
    client, model = MlflowClient(), "applied"
    version = register(mlflow_address, model, {"rate": "1.0", "depth": "4", "sizes": "(100, 50)"})
    point(mlflow_address, model, "champion", version)
    prepare(
        origin=f"mlflow:models:/{model}@champion (version {version})",
        production=f'from = "mlflow:models:/{model}@champion"',
        runs={"rate": 1.0, "depth": 4, "sizes[0]": 100, "sizes[1]": 50},
    )

    shown = apply()
    untouched = client.get_model_version(model, version).tags
    applied = apply("--yes")

    assert f'+++ mlflow:models:/{model}/{version} tags\n+auditor.audit-1 = {{"rate": 0.1}}\n' in shown.out
    assert untouched == {}
    assert applied.code == 0, applied.err
    assert client.get_model_version(model, version).tags == {"auditor.audit-1": '{"rate": 0.1}'}
    run = client.get_run(client.get_model_version(model, version).run_id)
    assert run.data.params["rate"] == "1.0"
    capture, _ = ledger_facts()
    assert capture.config == {"rate": 0.1, "depth": 4, "sizes[0]": 100, "sizes[1]": 50}
    origins = {setting.name: setting.origin for setting in capture.settings}
    assert origins["rate"] == f"mlflow:models:/{model}@champion (version {version}, tag of audit 1)"
    assert auditor.production("churn") == {"rate": 0.1, "depth": 4, "sizes": (100, 50)}

    back = apply("--undo", "--yes")

    assert back.code == 0, back.err
    assert client.get_model_version(model, version).tags == {}
    assert ledger_facts()[0].config["rate"] == 1.0


def test_a_version_that_was_trained_with_the_new_values_has_no_tag_to_take_back(
    apply, monkeypatch, mlflow_address
):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", mlflow_address)
    first = register(mlflow_address, "retrained", {"rate": "1.0", "depth": "4"})
    point(mlflow_address, "retrained", "champion", first)
    prepare(
        origin=f"mlflow:models:/retrained@champion (version {first})",
        production='from = "mlflow:models:/retrained@champion"',
    )
    apply("--yes")
    second = register(mlflow_address, "retrained", {"rate": "0.1", "depth": "4"})
    point(mlflow_address, "retrained", "champion", second)

    back = apply("--undo")

    assert back.code == 2
    assert f"mlflow:models:/retrained/{second} has no tag 'auditor.audit-1'" in back.err
    assert "train with the former values, register the version" in back.err


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
